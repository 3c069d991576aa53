"""Choosing a movement, what is said about it, and filming it from the window."""

import msgspec
import pytest

from hipviz.cli.arguments import parser
from hipviz.cli.film import kept_state
from hipviz.model.errors import UsageError
from hipviz.model.pose import HipPose
from hipviz.model.state import Camera, Layer, State
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


def test_the_film_is_handed_what_the_window_shows(tmp_path):
    eye = Camera((90.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), 240.0)
    shown = State(movement="walking", side="left", camera=eye, labels=False, wording="clinical", theme="dark")
    shown = msgspec.structs.replace(shown, skin=Layer(shown=False), pose=HipPose(30.0), panel="explore")
    options = film_options(shown, tmp_path / "state.json", tmp_path / "a.mp4")
    read = kept_state(parser().parse_args(options).state)
    assert read == msgspec.structs.replace(shown, pose=None, panel="card")
    with_bones = film_options(State(specimen="/bones"), tmp_path / "state.json", tmp_path / "a.mp4")
    assert " ".join(with_bones).endswith("--specimen /bones")


@pytest.mark.parametrize(("content", "said"), [("{", "holds no state"), ('{"side": "up"}', "holds no state")])
def test_a_damaged_state_is_refused(tmp_path, content, said):
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(UsageError, match=said):
        kept_state(tmp_path / "state.json")
    with pytest.raises(UsageError, match="cannot be read"):
        kept_state(tmp_path / "none.json")


def test_cancelling_a_film_leaves_nothing(window, qtbot, tmp_path):
    window.store.update(movement="walking")
    dialog = film(window, window.store.state, tmp_path / "walk.mp4")
    qtbot.waitUntil(lambda: any(tmp_path.rglob("*walk*")), timeout=60000)
    dialog.canceled.emit()  # what its button does
    dialog.cancel()
    qtbot.waitUntil(lambda: not list(tmp_path.iterdir()), timeout=30000)
