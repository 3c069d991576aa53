"""Turning, pushing and enlarging the picture, and the canonical views."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.hand import LEFT, NONE, arrive, band_place, place_of, press


def test_a_drag_turns_and_the_camera_is_left_alone_afterwards(window, qtbot):
    plotter, before = window.stage.plotter, window.stage.eye
    QTest.mousePress(plotter, LEFT, NONE, QPoint(300, 400))
    for step in range(1, 6):
        QTest.mouseMove(plotter, QPoint(300 + 10 * step, 400))
        QTest.qWait(5)
    QTest.mouseRelease(plotter, LEFT, NONE, QPoint(350, 400))
    own = window.store.state.camera
    assert own is not None and own != before
    assert window.around.view_link.isVisible()
    press(window, Qt.Key.Key_3)
    QTest.qWait(50)
    assert window.store.state.camera == own == window.stage.eye
    press(window, Qt.Key.Key_Home)
    assert window.store.state.camera is None
    arrive(window, qtbot)
    assert window.stage.eye == window.stage.goal(window.store.state)
    assert not window.around.view_link.isVisible()


def test_a_press_that_hardly_moves_is_a_click(window):
    plotter, place = window.stage.plotter, band_place(window, "anterior")
    QTest.mousePress(plotter, LEFT, NONE, place)
    QTest.mouseMove(plotter, place + QPoint(1, 1))
    QTest.mouseRelease(plotter, LEFT, NONE, place + QPoint(1, 1))
    assert window.store.state.band == "anterior"
    assert window.store.state.camera is None


@pytest.mark.parametrize(
    ("button", "modifier"),
    [
        (Qt.MouseButton.RightButton, NONE),
        (Qt.MouseButton.MiddleButton, NONE),
        (LEFT, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_right_middle_and_shift_drags_push(window, button, modifier):
    plotter, before = window.stage.plotter, window.stage.eye
    QTest.mousePress(plotter, button, modifier, QPoint(300, 300))
    for step in range(1, 5):
        # QTest's own mouseMove carries no modifiers.
        move(plotter, QPoint(300 + 10 * step, 300), button, modifier)
    QTest.mouseRelease(plotter, button, modifier, QPoint(340, 300))
    after = window.store.state.camera
    assert after is not None
    assert after.direction == pytest.approx(before.direction)
    assert after.focal_point != before.focal_point


def move(widget, place, button, modifier):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, widget.mapToGlobal(where), Qt.MouseButton.NoButton, button, modifier
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_enlarges_at_the_pointer(window):
    plotter, place = window.stage.plotter, band_place(window, "posterior")
    under = window.stage.pick(QPointF(place)).point
    event = QWheelEvent(
        QPointF(place),
        plotter.mapToGlobal(QPointF(place)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = window.stage.eye.half_height_mm
    QApplication.sendEvent(plotter, event)
    assert window.stage.eye.half_height_mm < before / 1.2
    moved = place_of(window, under) - place
    assert abs(moved.x()) <= 1 and abs(moved.y()) <= 1


def test_a_double_click_brings_the_place_to_the_middle(window, qtbot):
    place = band_place(window, "posterior")
    under = window.stage.pick(QPointF(place)).point
    QTest.mouseClick(window.stage.plotter, LEFT, NONE, place)
    QTest.qWait(60)
    QTest.mouseDClick(window.stage.plotter, LEFT, NONE, place)
    arrive(window, qtbot)
    window.store.update(playing=False)
    centre = place_of(window, under)
    assert abs(centre.x() - window.stage.width() / 2) <= 2
    assert abs(centre.y() - window.stage.height() / 2) <= 2


def test_views_turn_by_key_and_by_button(window, qtbot):
    press(window, Qt.Key.Key_4)
    assert window.store.state.view == "anterior"
    assert window.stage.turning, "the turn is animated"
    arrive(window, qtbot)
    assert window.stage.eye.direction == pytest.approx((0.0, 1.0, 0.0), abs=1e-6)
    QTest.mouseClick(window.around.views.button("superior"), LEFT)
    arrive(window, qtbot)
    assert window.stage.eye.direction == pytest.approx((0.0, 0.0, 1.0), abs=1e-6)
    assert window.around.views.button("superior").isChecked()
