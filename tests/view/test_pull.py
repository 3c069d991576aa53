"""Lines of pull and their levers in the picture."""

import numpy as np
import pytest

from hipviz.model.pose import ANGLES, HipPose, Posture
from hipviz.model.state import Camera, State
from hipviz.model.units import BANDS
from hipviz.view.pull import axis_line, pulls, reaching

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
    lines = {
        line.band: line for line in found(anatomy, State(band="middle", charted="abduction", pull=True), HipPose())
    }
    assert lines["middle"].foot is not None
    assert lines["anterior"].foot is None
    assert lines["posterior"].foot is None


def test_the_left_side_mirrors_the_right_one(anatomy):
    pose = HipPose(40.0, 15.0, -10.0)
    right = found(anatomy, State(pull=True), pose)
    left = found(anatomy, State(side="left", pull=True), pose)
    for one, other in zip(right, left, strict=True):
        assert (one.foot is None) == (other.foot is None)
        for place, mirrored in zip(
            (*one.line, *(one.foot or ())), (*other.line, *(other.foot or ())), strict=True
        ):
            assert mirrored == pytest.approx((SIZE[0] - place[0], place[1]), abs=1e-6)
    ends = [axis_line(anatomy, side, pose, "internal_rotation") for side in ("right", "left")]
    assert np.allclose(ends[0] * [-1, 1, 1], ends[1])


def test_a_pull_along_the_axis_has_no_lever_in_the_picture(anatomy):
    """Their shortest way would lie far off both; the bars still tell how little it turns."""
    standing = {
        line.band: line for line in found(anatomy, State(charted="internal_rotation", pull=True), HipPose())
    }
    assert standing["middle"].foot is None and abs(standing["middle"].arm_mm) < 6.0
    assert standing["posterior"].foot is not None


def test_the_axis_reaches_to_every_lever(anatomy):
    lines = found(anatomy, State(charted="internal_rotation", pull=True), HipPose())
    short = ((400.0, 300.0), (400.0, 310.0))
    start, end = reaching(short, lines)
    feet = [line.foot[0][1] for line in lines if line.foot]
    assert start[1] <= min(feet) + 1e-9 and end[1] >= max(feet) - 1e-9
    assert reaching(short, ()) == short
