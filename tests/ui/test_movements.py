"""Choosing a movement, what is said about it, and filming it from the window."""

import pytest

from hipviz.model.state import State
from hipviz.ui.film_export import film, film_options


def test_the_library_is_in_the_menu(window):
    button = window.transport.library
    listed = {name for name in button._entries if name is not None}
    own = {band.movement for band in window.words.bands.values()}
    assert listed == set(window.words.movements) - own
    button._entries["trendelenburg"].trigger()
    state = window.store.state
    assert state.movement == "trendelenburg" and state.playing and state.view is None
    assert button._entries["trendelenburg"].isChecked()
    window.store.update(playing=False, phase=0.5)
    assert not window.note.isHidden() and not window.note.weakness.isHidden()
    assert "10°" in window.note.text.text()
    assert "does not measure strength" in window.note.text.toolTip()


def test_weakness_is_set_with_the_slider(window):
    window.store.update(movement="trendelenburg", phase=0.5)
    window.note.weakness.setValue(40)
    assert window.store.state.weakness == pytest.approx(0.4)
    window.note.leave.click()
    assert window.store.state.movement is None
    assert window.note.isHidden()


def test_a_band_goes_back_to_its_own_action(window):
    window.store.update(movement="walking")
    window.commands.by_id["band.middle"].trigger()
    assert window.store.state.movement is None


def test_the_state_becomes_options(tmp_path):
    state = State(movement="walking", side="left", view="posterior", labels=False)
    options = film_options(state, tmp_path / "a.mp4")
    assert options[:2] == ["movie", str(tmp_path / "a.mp4")]
    for words in (["--movement", "walking"], ["--side", "left"], ["--view", "posterior"], ["--no-labels"]):
        assert " ".join(words) in " ".join(options)
    from hipviz.cli.arguments import chosen_changes, parser

    changes = chosen_changes(parser().parse_args(options))
    assert changes["movement"] == "walking" and changes["side"] == "left" and changes["labels"] is False


def test_cancelling_a_film_leaves_nothing(window, qtbot, tmp_path):
    window.store.update(movement="walking")
    dialog = film(window, window.store.state, tmp_path / "walk.mp4")
    qtbot.waitUntil(lambda: any(tmp_path.rglob("*walk*")), timeout=60000)
    dialog.canceled.emit()  # what its button does
    dialog.cancel()
    qtbot.waitUntil(lambda: not list(tmp_path.iterdir()), timeout=30000)
