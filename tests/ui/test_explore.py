"""The free pose in the window: the thigh dragged with the mouse, sliders, numbers, and what the bands say."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from hipviz.cli.arguments import chosen_changes, parser
from hipviz.model.pose import NEUTRAL, HipPose
from hipviz.model.state import State, posture
from hipviz.model.units import MIRROR
from hipviz.ui.command_line import snapshot_command
from hipviz.view.camera import project
from tests.ui.hand import press

LEFT, NONE, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def explorer(window):
    press(window, Qt.Key.Key_E)
    window.store.update(view="posterior")
    window.stage._turn.stop()
    window.stage._put(window.stage.goal(window.store.state))
    window.stage.plotter.repaint()
    assert window.store.state.panel == "explore"
    return window


def on_femur(window, side, along_mm=150.0):
    """Where the shaft of a femur is drawn, so far below the hip's centre."""
    anatomy, stage = window.stage._anatomy, window.stage
    now = posture(window.store.state, window.words)
    knee = anatomy.landmark("knee_centre", "right") - anatomy.hip_centre("right")
    point = anatomy.hip_centre("right") + now.of(side).rotation() @ (knee * along_mm / np.linalg.norm(knee))
    point = point * MIRROR if side == "left" else point
    x, y, _ = project(stage.eye, now.pelvis.rotation() @ point, (stage.width(), stage.height()))
    return QPoint(round(x), round(y))


def drag(window, start, end, modifier=NONE, steps=6):
    picture = window.stage.plotter
    QTest.mousePress(picture, LEFT, modifier, start)
    for step in range(1, steps + 1):
        at = start + (end - start) * step / steps
        move(picture, at, modifier)
    QTest.mouseRelease(picture, LEFT, modifier, end)


def move(picture, at, modifier):
    """A move with the button held: QTest's own knows no buttons."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    place = QPointF(at)
    event = QMouseEvent(QEvent.Type.MouseMove, place, picture.mapToGlobal(place), LEFT, LEFT, modifier)
    QGuiApplication.sendEvent(picture, event)


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_dragged_thigh_follows_the_pointer(explorer, side):
    before, eye = explorer.store.state, explorer.stage.eye
    start = on_femur(explorer, side)
    out = 90 if side == "right" else -90
    drag(explorer, start, start + QPoint(out, -25))
    state = explorer.store.state
    assert state.side == side and state.pose.abduction_deg > 15.0
    assert explorer.stage.eye == eye
    other = state.other_pose
    assert other == NEUTRAL and state.pose.internal_rotation_deg == 0.0
    # The shaft is drawn where the pointer was let go.
    there = on_femur(explorer, side)
    assert (there - start - QPoint(out, -25)).manhattanLength() < 12
    explorer.store.undo()
    assert explorer.store.state.pose == before.pose
    assert explorer.store.state.side == "right"


def test_shift_turns_the_thigh_about_itself(explorer):
    start = on_femur(explorer, "right")
    drag(explorer, start, start + QPoint(25, 0), SHIFT)
    pose = explorer.store.state.pose
    assert pose.angles_deg[:2] == (0.0, 0.0)
    # Seen from behind its near side goes outwards: the front turns in.
    assert 8.0 < pose.internal_rotation_deg <= 40.0


def test_beside_the_thigh_the_view_turns(explorer):
    pose = explorer.store.state.pose
    drag(explorer, QPoint(12, 300), QPoint(80, 300))
    assert explorer.store.state.camera is not None
    assert explorer.store.state.pose == pose


def test_the_range_stops_the_hand_and_says_so(explorer):
    told = []
    explorer.stage.pointer.told.connect(lambda text, at: told.append(text))
    start = on_femur(explorer, "right")
    drag(explorer, start, start + QPoint(300, -420), steps=12)
    assert explorer.store.state.pose.abduction_deg == pytest.approx(45.0)
    assert any("the usual end" in text for text in told) and told[-1] == ""
    panel = explorer.aside.explore.panel
    assert "45°" in panel.why.text()


def test_the_hand_shows_over_a_thigh(explorer):
    explorer.stage.pointer._last = on_femur(explorer, "right").toPointF()
    explorer.stage.pointer.look()
    assert explorer.stage.plotter.cursor().shape() == Qt.CursorShape.OpenHandCursor


@pytest.mark.parametrize("pasted", ["", "−12.5"])
def test_a_hyphen_is_typed_for_the_minus_that_is_shown(explorer, pasted):
    number = explorer.aside.explore.panel.rows["abduction"].number
    number.setFocus()
    number.selectAll()
    if pasted:
        number.lineEdit().insert(pasted)
    else:
        QTest.keyClicks(number, "-12.5")
    assert number.text().startswith("−12.5")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert explorer.store.state.pose.abduction_deg == -12.5
    assert number.text() == "−12.5°"


def test_numbers_are_typed_and_sliders_follow(explorer):
    panel = explorer.aside.explore.panel
    row = panel.rows["abduction"]
    row.number.setFocus()
    row.number.selectAll()
    QTest.keyClicks(row.number, "32.5")
    QTest.keyClick(row.number, Qt.Key.Key_Return)
    assert explorer.store.state.pose == HipPose(0.0, 32.5, 0.0)
    assert row.slider.value() == 325
    assert explorer.store.state.band is None  # no key of the number reached the window
    said = panel.effects.spoken()
    assert "Middle: 27 % shorter, helps" in said
    assert "lift out −" in panel.why.text()


def test_where_bone_meets_bone_it_says_so(explorer):
    panel = explorer.aside.explore.panel
    panel.rows["flexion"].number.setValue(110.0)
    assert "bone meets bone" not in panel.why.text()
    panel.rows["internal_rotation"].number.setValue(40.0)
    panel.rows["abduction"].number.setValue(-22.0)
    assert "bone meets bone" in panel.why.text()


def test_a_slider_dragged_is_one_step_of_undo(explorer):
    slider = explorer.aside.explore.panel.rows["flexion"].slider
    y = slider.height() // 3
    QTest.mousePress(slider, LEFT, NONE, QPoint(round(slider._place(0)), y))
    for value in (200, 400, 600):
        move(slider, QPoint(round(slider._place(value)), y), NONE)
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(round(slider._place(600)), y))
    assert explorer.store.state.pose.flexion_deg == pytest.approx(60.0, abs=2.0)
    explorer.store.undo()
    assert explorer.store.state.pose == NEUTRAL


def test_the_pelvis_drops_over_the_standing_leg(explorer):
    panel = explorer.aside.explore.panel
    explorer.store.update(band="middle")
    panel.rows["drop"].number.setValue(8.0)
    state = explorer.store.state
    assert (state.pelvis.drop_deg, state.pose.abduction_deg) == (8.0, pytest.approx(-8.0))
    assert "drop opens: by pulling, it resists" in panel.why.text()
    # Tilted backwards in standing, the hips come to the end of their extension, and the slider goes no further.
    panel.rows["tilt"].number.setValue(-50.0)
    assert panel.rows["tilt"].number.value() == pytest.approx(explorer.store.state.pelvis.tilt_deg, abs=0.06)
    assert explorer.store.state.pelvis.tilt_deg > -21.0


def test_mirror_reset_and_the_other_hip(explorer):
    explorer.store.update(pose=HipPose(40.0, 10.0, -5.0), other_pose=HipPose(5.0, 0.0, 0.0))
    body = posture(explorer.store.state, explorer.words)
    explorer.commands.trigger("side.left")
    told = explorer.store.state
    assert told.side == "left" and told.pose == HipPose(5.0, 0.0, 0.0)
    after = posture(told, explorer.words)
    assert (after.right, after.left) == (body.right, body.left)
    explorer.commands.trigger("pose.mirror")
    mirrored = posture(explorer.store.state, explorer.words)
    assert (mirrored.right, mirrored.left) == (body.left, body.right)
    explorer.commands.trigger("pose.reset")
    assert explorer.store.state.pose == explorer.store.state.other_pose == NEUTRAL


def test_the_copied_command_holds_the_same_body(explorer):
    explorer.store.update(pose=HipPose(30.0, -12.5, 5.0), other_pose=HipPose(0.0, 3.0, 0.0))
    explorer.aside.explore.panel.rows["drop"].number.setValue(-4.0)
    explorer.commands.trigger("pose.copy")
    command = QGuiApplication.clipboard().text()
    assert command == snapshot_command(explorer.store.state)
    read = State(**chosen_changes(parser().parse_args(command.split()[1:])))
    here, there = posture(explorer.store.state, explorer.words), posture(read, explorer.words)
    assert there.right.angles_deg == pytest.approx(here.right.angles_deg, abs=0.06)
    assert there.left.angles_deg == pytest.approx(here.left.angles_deg, abs=0.06)
    assert there.pelvis == here.pelvis


def test_a_band_chosen_keeps_the_pose_and_escape_puts_the_body_back(explorer):
    explorer.store.update(pose=HipPose(0.0, 20.0, 0.0))
    press(explorer, Qt.Key.Key_2)
    assert (explorer.store.state.band, explorer.store.state.pose) == ("middle", HipPose(0.0, 20.0, 0.0))
    press(explorer, Qt.Key.Key_Space)
    assert explorer.store.state.playing and explorer.store.state.pose is None
    explorer.store.update(playing=False, phase=0.5)
    assert explorer.aside.explore.panel.rows["abduction"].number.value() > 20.0
    press(explorer, Qt.Key.Key_Escape)
    state = explorer.store.state
    assert (state.panel, state.pose, state.band) == ("card", None, "middle")
    assert state.zones.shown


def test_lower_legs_are_asked_for_and_the_view_steps_back(explorer):
    explorer.store.update(camera=None)
    near = explorer.stage.goal(explorer.store.state).half_height_mm
    press(explorer, Qt.Key.Key_L, SHIFT)
    assert explorer.store.state.legs is True
    assert explorer.stage.goal(explorer.store.state).half_height_mm > 2 * near
    press(explorer, Qt.Key.Key_L, SHIFT)
    assert explorer.store.state.legs is None
    explorer.store.update(panel="card", pose=None, movement="walking")
    press(explorer, Qt.Key.Key_L, SHIFT)
    assert explorer.store.state.legs is False  # walking shows them by itself


def test_seen_from_the_side_ctrl_bends_and_nothing_else(explorer):
    explorer.store.update(view="lateral", camera=None)
    explorer.stage._turn.stop()
    explorer.stage._put(explorer.stage.goal(explorer.store.state))
    start = on_femur(explorer, "right")
    drag(explorer, start, start + QPoint(80, -70), Qt.KeyboardModifier.ControlModifier)
    pose = explorer.store.state.pose
    assert pose.flexion_deg > 15.0
    assert pose.abduction_deg == pytest.approx(0.0, abs=0.1)
