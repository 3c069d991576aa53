"""Playing, pausing and scrubbing in the real window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hipviz.model.state import acting_pose
from tests.ui.hand import LEFT, NONE, press


def test_space_plays_and_pauses_and_time_passes_by_the_clock(window):
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_Space)
    assert not window.store.state.playing and not window.clock.running
    window.store.update(phase=0.0)
    press(window, Qt.Key.Key_Space)
    assert window.clock.running
    QTest.qWait(900)
    press(window, Qt.Key.Key_Space)
    # 0.9 s of a movement of six seconds; a slow machine draws fewer pictures, not a slower movement.
    assert 0.1 < window.store.state.phase < 0.3


def test_nothing_runs_while_nothing_moves(window):
    QTest.qWait(300)
    drawn = []
    tag = window.stage.plotter.render_window.AddObserver("EndEvent", lambda *_: drawn.append(1))
    QTest.qWait(400)
    window.stage.plotter.render_window.RemoveObserver(tag)
    assert not drawn
    assert not window.clock.running and not window.stage._rest.isActive()


def test_a_movement_that_is_not_to_repeat_stops_at_its_end(window, qtbot):
    press(window, Qt.Key.Key_1)
    press(window, Qt.Key.Key_O)
    window.store.update(phase=0.98, speed=2.0)
    qtbot.waitUntil(lambda: not window.store.state.playing)
    assert (window.store.state.phase, window.store.state.playing) == (1.0, False)


def test_arrows_scrub_and_the_read_out_follows(window):
    press(window, Qt.Key.Key_1)
    window.store.update(phase=0.40)
    for _ in range(3):
        press(window, Qt.Key.Key_Right)
    state = window.store.state
    assert not state.playing
    assert state.phase == pytest.approx(0.46)
    assert acting_pose(state, window.words).flexion_deg == pytest.approx(45.0)
    assert "Forwards 45°, Turned in 25°" in window.transport.scrub.accessibleDescription()
    press(window, Qt.Key.Key_W)
    assert "Flexion 45°, Internal rotation 25°" in window.transport.scrub.accessibleDescription()


def test_the_scrub_bar_goes_where_it_is_clicked(window):
    press(window, Qt.Key.Key_2)
    bar = window.transport.scrub
    QTest.mouseClick(bar, LEFT, NONE, QPoint(bar.width() // 2, 17))
    assert window.store.state.phase == pytest.approx(0.5, abs=0.01)
    assert not window.store.state.playing


def test_speed_and_repeat_buttons(window):
    press(window, Qt.Key.Key_2)
    QTest.mouseClick(window.transport.speed.button("0.5"), LEFT)
    QTest.mouseClick(window.transport.loop, LEFT)
    assert (window.store.state.speed, window.store.state.loop) == (0.5, False)
    QTest.mouseClick(window.transport.start, LEFT)
    assert (window.store.state.phase, window.store.state.playing) == (0.0, False)
