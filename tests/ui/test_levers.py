"""The panel of levers in the real window, and the button that bends the hip to where a difference is seen."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from hipviz.model.pose import HipPose
from hipviz.ui.lever_bars import spoken_ends


@pytest.fixture
def levers(window):
    window.store.update(levers=True, band="posterior")
    QTest.qWait(30)
    return window.levers.panel


def point_at(chart, share):
    """Move the pointer to a share of the chart's width."""
    view = chart.plot.viewport()
    place = QPointF(share * view.width(), view.height() / 2)
    where = view.mapToGlobal(place)
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        view, QMouseEvent(QEvent.Type.MouseMove, place, where, none, none, Qt.KeyboardModifier.NoModifier)
    )


def test_the_panel_is_closed_until_its_key_is_pressed(window):
    assert not window.levers.isVisible()
    before = window.stage.height()
    QTest.keyClick(window.stage, Qt.Key.Key_V)
    assert window.levers.isVisible()
    QTest.qWait(20)
    assert window.stage.height() < before
    assert window.stage.height() >= 300
    window.levers.panel.close_button.click()
    assert not window.levers.isVisible()
    assert not window.store.state.levers


def test_bars_follow_the_pose_and_speak(window, levers, anatomy):
    window.store.update(pose=HipPose(60.0))
    arms = anatomy.leverage.band_arms((60.0, 0.0, 0.0))
    said = levers.bars.accessibleDescription()
    assert f"{spoken_ends()[2][1]} {arms[2, 0]:.0f} mm" in said
    assert said.startswith("Anterior: ")
    assert said.count("length") == 3
    window.store.update(pose=HipPose(0.0))
    assert levers.bars.accessibleDescription() != said


def test_the_chart_reads_the_present_pose_and_the_pointer(window, levers, anatomy):
    chart = levers.chart
    window.store.update(pose=HipPose(45.0), charted="internal_rotation", along="flexion")
    arms = anatomy.leverage.band_arms((45.0, 0.0, 0.0))[2]
    assert "45°" in levers.read_out.text()
    for arm in arms:
        assert f"{abs(arm):.0f}</b>" in levers.read_out.text()
    point_at(chart, 0.4)
    assert "<b>" in levers.read_out.text()
    assert "45°" not in levers.read_out.text()
    pointed = levers.read_out.text()
    window.store.update(pose=HipPose(45.0, 20.0))  # other curves under the same pointer
    assert levers.read_out.text() != pointed
    assert levers.read_out.text()[:8] == pointed[:8]
    QApplication.sendEvent(chart.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert "45°" in levers.read_out.text()


def test_the_chart_marks_where_the_lever_turns_over(window, levers, anatomy):
    turning = anatomy.leverage.sign_change("posterior", "internal_rotation")
    assert levers.chart._turning.isVisible()
    assert levers.chart._turning_name.toPlainText() == f"{turning:.0f}°"
    levers.charted.button("length").click()
    assert window.store.state.charted == "length"
    assert not levers.chart._turning.isVisible()
    levers.along.button("abduction").click()
    assert window.store.state.along == "abduction"
    low, high = levers.chart._angles[[0, -1]]
    assert (low, high) == (-25.0, 45.0)


def test_every_control_of_the_panel_has_a_name_and_a_tip(levers):
    for button in levers.findChildren(QPushButton):
        assert button.accessibleName()
        assert button.toolTip()
    assert levers.close_button.toolTip()
    assert levers.chart.accessibleName()


def test_one_click_bends_the_hip_to_where_the_posterior_band_turns_over(window, anatomy):
    window.store.update(band="posterior")
    turning = anatomy.leverage.sign_change("posterior", "internal_rotation")
    (button,) = (
        found
        for found in window.card.findChildren(QPushButton)
        if found.isVisible() and found.text().startswith("Show it: bend the hip")
    )
    assert button.text().endswith(f"{turning:.0f}°")
    button.click()
    QTest.qWait(20)
    assert window.store.state.pose == HipPose(round(turning, 1))
    assert not window.store.state.playing
    arm = anatomy.leverage.band_arms(window.store.state.pose.angles_deg)[2, 2]
    assert abs(arm) < 0.2


def test_published_curves_stand_beside_the_models_own(window, levers, anatomy):
    window.store.update(pose=HipPose(0.0), charted="internal_rotation", along="flexion")
    assert levers.compared.text() == ""
    QTest.mouseClick(levers.published, Qt.MouseButton.LeftButton)
    assert window.store.state.published
    assert "Gait2392 −30 mm" in levers.compared.text() and "Dostal −24 mm" in levers.compared.text()
    drawn = [curve for curve in levers.chart._others.values() if curve.isVisible()]
    assert len(drawn) == 2 and all(len(curve.getData()[0]) > 50 for curve in drawn)  # of the chosen band
    window.store.update(pose=HipPose(45.0))
    assert "Gait2392 +3 mm" in levers.compared.text()
    window.store.undo()
    QTest.keyClick(window.stage, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert not window.store.state.published
    assert not any(curve.isVisible() for curve in levers.chart._others.values())


def test_where_there_is_no_room_for_both_the_chart_takes_turns_with_the_bars(window, levers):
    assert levers.bars.isVisible() and levers.chart.isVisible() and not levers.other_half.isVisible()
    window.store.update(text_scale=1.5)
    QTest.qWait(30)
    assert levers.bars.isVisible() and not levers.chart.isVisible() and levers.close_button.isVisible()
    assert levers.bars.width() >= levers.bars.minimumSizeHint().width()
    QTest.mouseClick(levers.other_half, Qt.MouseButton.LeftButton)
    assert levers.chart.isVisible() and not levers.bars.isVisible() and levers.close_button.isVisible()
    window.store.update(text_scale=1.0)
    QTest.qWait(30)
    assert levers.bars.isVisible() and levers.chart.isVisible()
