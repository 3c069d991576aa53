"""Lines of pull and their levers in the picture."""

import numpy as np
import pytest

from hipviz.model.pose import ANGLES, HipPose, Posture
from hipviz.model.state import Camera, State
from hipviz.model.units import BANDS
from hipviz.view.pull import axis_line, pulls

SIZE = (800.0, 600.0)
BEHIND = Camera((0.0, 0.0, 60.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0), 150.0)
PX_PER_MM = SIZE[1] / 300.0


def found(anatomy, state, pose):
    return pulls(anatomy, state, anatomy.figure(Posture.one_sided(state.side, pose)), pose, BEHIND, SIZE)


@pytest.mark.parametrize("charted", ANGLES)
def test_the_lever_told_is_that_of_the_panel(anatomy, charted):
    pose = HipPose(30.0, 10.0, 5.0)
    arms = anatomy.leverage.band_arms(pose.angles_deg)[ANGLES.index(charted)]
    lines = found(anatomy, State(charted=charted, pull=True), pose)
    assert [line.band for line in lines] == list(BANDS)
    assert [line.arm_mm for line in lines] == pytest.approx(list(arms))


def test_a_lever_seen_along_its_axis_has_its_true_length(anatomy):
    """From behind one looks along the axis of abduction: the lever is not foreshortened."""
    for line in found(anatomy, State(charted="abduction", pull=True), HipPose()):
        on_axis, on_line = (np.array(place) for place in line.foot)
        drawn_mm = np.linalg.norm(on_axis - on_line) / PX_PER_MM
        grip, goal = (np.array(place) for place in line.line)
        seen = np.linalg.norm(goal - grip)
        assert drawn_mm > 25.0
        assert abs((on_line - on_axis) @ (goal - grip)) / (seen * drawn_mm * PX_PER_MM) < 0.02
        assert goal[1] < grip[1]


def test_beside_a_chosen_band_the_others_have_no_lever(anatomy):
    lines = {line.band: line for line in found(anatomy, State(band="middle", pull=True), HipPose())}
    assert lines["middle"].foot is not None
    assert lines["anterior"].foot is None
    assert lines["posterior"].foot is None


def test_the_left_side_mirrors_the_right_one(anatomy):
    pose = HipPose(40.0, 15.0, -10.0)
    right = found(anatomy, State(pull=True), pose)
    left = found(anatomy, State(side="left", pull=True), pose)
    for one, other in zip(right, left, strict=True):
        for place, mirrored in zip((*one.line, *one.foot), (*other.line, *other.foot), strict=True):
            assert mirrored == pytest.approx((SIZE[0] - place[0], place[1]), abs=1e-6)
    ends = [axis_line(anatomy, side, pose, "internal_rotation") for side in ("right", "left")]
    assert np.allclose(ends[0] * [-1, 1, 1], ends[1])
