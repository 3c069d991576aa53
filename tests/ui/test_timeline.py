"""One phase over and over, single pictures, and the chart over the bar."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hipviz.model.movement import span_of
from tests.ui.hand import LEFT, NONE, press

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def walking(window):
    window.store.update(movement="walking", phase=0.05)
    return window


def test_a_phase_is_repeated_by_a_click_on_its_name(walking, qtbot):
    bar = walking.transport.scrub
    walking.grab()
    number, box = max(bar._names.items())
    QTest.mouseClick(bar, LEFT, NONE, box.center().toPoint())
    state = walking.store.state
    start, end = span_of(walking.words.movements["walking"], number)
    assert state.repeated == number and state.playing and start <= state.phase < end
    walking.store.update(speed=2.0, phase=end - 0.02)
    qtbot.waitUntil(lambda: start <= walking.store.state.phase < end - 0.03, timeout=5000)
    walking.store.update(playing=False)
    press(walking, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert walking.store.state.repeated is None


def test_another_movement_ends_the_repeating(walking):
    walking.commands.trigger("repeat.phase")
    assert walking.store.state.repeated == 0
    press(walking, Qt.Key.Key_2)
    assert walking.store.state.repeated is None


def test_single_pictures_are_exact(walking):
    whole = round(30 * walking.words.movements["walking"].duration_s)
    walking.store.update(phase=0.5001)
    press(walking, Qt.Key.Key_Right, CTRL)
    first = walking.store.state.phase
    assert first * whole == pytest.approx(round(first * whole)) and 0.0 < first - 0.5001 <= 1.0 / whole + 1e-9
    for _ in range(7):
        press(walking, Qt.Key.Key_Right, CTRL)
    for _ in range(7):
        press(walking, Qt.Key.Key_Left, CTRL)
    assert walking.store.state.phase == first
    walking.store.update(phase=0.0)
    press(walking, Qt.Key.Key_Left, CTRL)
    assert walking.store.state.phase == 0.0


def test_the_chart_stands_over_the_bar_and_is_dragged_like_it(walking, qtbot):
    press(walking, Qt.Key.Key_D)
    chart = walking.curves.panel
    qtbot.waitUntil(chart.isVisible)
    QTest.qWait(30)
    bar = walking.transport.scrub
    for share in (0.0, 0.4, 1.0):
        left, right = bar.track()
        there = bar.mapToGlobal(QPoint(round(left + share * (right - left)), 0)).x()
        here = chart.mapToGlobal(QPoint(round(chart.place(share, 100.0).x()), 0)).x()
        assert abs(here - there) <= 1
    place = QPoint(round(chart.place(0.4, 100.0).x()), 40)
    QTest.mouseClick(chart, LEFT, NONE, place)
    assert walking.store.state.phase == pytest.approx(0.4, abs=0.005)
    assert "Middle" in chart.spoken() and "%" in chart.spoken()
    chart.close_button.click()
    assert not walking.store.state.curves and not walking.curves.isVisible()


def test_playing_lays_the_curves_only_once(walking, qtbot):
    walking.store.update(curves=True)
    chart = walking.curves.panel
    chart.repaint()
    picture = chart._picture
    for phase in (0.1, 0.2, 0.3):
        walking.store.update(phase=phase)
        chart.repaint()
    assert chart._picture is picture
    walking.store.update(movement="trendelenburg")
    chart.repaint()
    assert chart._picture is not picture
    walking.store.update(curves=False)
