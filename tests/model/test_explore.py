"""A pose of one's own: the pelvis over the thighs, the other side, and what each band does for a movement."""

import numpy as np
import pytest

from hipviz.model.content import load_words
from hipviz.model.explore import Hold, at_limit, effects, hold_of, leading, role_of, shares_mm
from hipviz.model.movement_record import PelvisKey
from hipviz.model.pose import NEUTRAL, RANGE_OF_MOTION_DEG, HipPose, angles_of, rotations
from hipviz.model.state import State, posture
from hipviz.model.units import MIRROR

WORDS = load_words()


def directions(hold):
    """Where both thighs point in the room."""
    now = posture(State(**hold.changes), WORDS)
    room, mirror = now.pelvis.rotation(), np.diag(MIRROR)
    return room @ now.right.rotation(), room @ mirror @ now.left.rotation() @ mirror


def test_angles_are_read_back_off_a_rotation():
    rng = np.random.default_rng(2)
    low, high = np.array(list(RANGE_OF_MOTION_DEG.values())).T
    angles = rng.uniform(low, high, (200, 3))
    assert angles_of(rotations(angles)) == pytest.approx(angles, abs=1e-9)


@pytest.mark.parametrize("pelvis", [PelvisKey(15.0), PelvisKey(0.0, 8.0), PelvisKey(-8.0, -6.0)])
def test_the_pelvis_turns_over_still_thighs(pelvis):
    before = Hold(HipPose(10.0, 5.0, 3.0), HipPose(12.0, 2.0, -4.0))
    after = before.turned(pelvis)
    assert after.pelvis == pelvis
    for one, other in zip(directions(before), directions(after), strict=True):
        assert other == pytest.approx(one, abs=1e-6)
    back = after.turned(PelvisKey())
    assert back.pose.angles_deg == pytest.approx(before.pose.angles_deg, abs=1e-6)


def test_a_pelvis_that_drops_on_the_other_side_adducts_the_standing_hip():
    """Standing on the right leg: the left side drops, the right hip adducts and the left one abducts."""
    hold = Hold().turned(PelvisKey(0.0, 7.0))
    assert hold.pose.abduction_deg == pytest.approx(-7.0)
    assert hold.other_pose.abduction_deg == pytest.approx(7.0)


def test_the_pelvis_stops_where_a_hip_does():
    hold = Hold().turned(PelvisKey(-60.0))
    assert hold.pelvis.tilt_deg == pytest.approx(-20.0, abs=0.02)
    assert at_limit(HipPose(flexion_deg=-20.0)) == {"flexion": -1}
    assert at_limit(HipPose(10.0, 45.0, 0.0)) == {"abduction": 1}


def test_told_for_the_other_side_the_body_stays():
    hold = Hold(HipPose(30.0, 10.0, 5.0), HipPose(-5.0, 3.0, 0.0)).turned(PelvisKey(4.0, 3.0))
    there = posture(State(side="right", **hold.changes), WORDS)
    here = posture(State(side="left", **hold.exchanged().changes), WORDS)
    assert (here.right, here.left) == (there.right, there.left)
    assert here.pelvis.rotation() == pytest.approx(there.pelvis.rotation())


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_movement_is_taken_over_as_it_stands(side):
    state = State(movement="trendelenburg", phase=0.5, side=side)
    hold = hold_of(state, WORDS)
    held = State(side=side, **hold.changes)
    assert hold.pelvis.drop_deg > 5.0
    before, after = posture(state, WORDS), posture(held, WORDS)
    assert (after.right, after.left) == (before.right, before.left)
    assert after.pelvis.rotation() == pytest.approx(before.pelvis.rotation())


def test_a_body_that_lies_is_stood_up():
    lying = next(each for each in WORDS.movements.values() if each.position == "supine")
    assert hold_of(State(movement=lying.id, phase=0.5), WORDS).pelvis == PelvisKey()


def test_who_helps_and_who_resists(anatomy):
    """Lifting out: all help. Across the middle: all resist. Turning in: the front helps, the rear resists."""
    out = effects(anatomy.leverage, NEUTRAL, np.array([0.0, 3.0, 0.0]))
    assert [effect.role for effect in out] == ["helps"] * 3
    across = effects(anatomy.leverage, NEUTRAL, np.array([0.0, -3.0, 0.0]))
    assert [effect.role for effect in across] == ["resists"] * 3
    turning = effects(anatomy.leverage, NEUTRAL, np.array([0.0, 0.0, 1.0]))
    assert (turning[0].role, turning[2].role) == ("helps", "resists")
    assert all(effect.role == "neither" for effect in effects(anatomy.leverage, NEUTRAL, np.zeros(3)))


def test_the_lever_is_what_the_length_says(anatomy):
    """Along a movement of several angles a band shortens by its lever times the way, in radians."""
    pose, way = np.array([20.0, 10.0, 5.0]), np.array([2.0, 1.0, -1.0])
    step = 0.5 * way / np.linalg.norm(way)
    longer, shorter = anatomy.leverage.band_lengths([pose - step, pose + step])
    expected = (longer - shorter) / np.radians(1.0)
    found = [effect.arm_mm for effect in effects(anatomy.leverage, HipPose(*pose), way)]
    assert found == pytest.approx(expected, abs=0.1)
    assert role_of(4.0) == "neither" and role_of(-12.0) == "resists"


def test_the_leading_angle_names_a_movement():
    assert leading(np.array([1.0, -4.0, 2.0])) == ("abduction", -1)
    assert leading(np.array([9.0, -4.0, 2.0])) == ("flexion", 1)


def test_the_shares_of_the_angles_add_up(anatomy):
    """What each angle brings about sums to the whole change of length, in a pose of three angles."""
    pose = HipPose(50.0, 25.0, -20.0)
    length, at_rest = anatomy.leverage.band_lengths([pose.angles_deg, NEUTRAL.angles_deg])
    shares = shares_mm(anatomy.leverage, pose)
    assert shares.shape == (3, 3)
    assert shares.sum(axis=0) == pytest.approx(length - at_rest, abs=0.05)
    lifted = shares_mm(anatomy.leverage, HipPose(0.0, 30.0, 0.0))
    assert (lifted[1] < -15.0).all() and np.abs(lifted[[0, 2]]).max() == 0.0
