"""The thigh taken by the hand: the grabbed point comes under the pointer, within the range of motion."""

import numpy as np
import pytest

from hipviz.model.grab import LIMITS_DEG, followed, grip, in_plane, twisted
from hipviz.model.pose import HipPose, rotations


def random_pose(rng, margin=0.15):
    low, high = LIMITS_DEG.T
    share = rng.uniform(margin, 1.0 - margin, 3)
    return HipPose(*(low + share * (high - low)))


def unit(rng):
    vector = rng.normal(size=3)
    return vector / np.linalg.norm(vector)


def away(point, origin, direction):
    offset = point - origin
    return np.linalg.norm(offset - (offset @ direction) * direction)


def test_the_point_comes_under_the_pointer_from_any_view():
    rng = np.random.default_rng(5)
    for _ in range(400):
        start, goal, sight = random_pose(rng), random_pose(rng), unit(rng)
        goal = HipPose(goal.flexion_deg, goal.abduction_deg, start.internal_rotation_deg)
        place = np.array([rng.uniform(-60, 60), rng.uniform(-60, 60), rng.uniform(-380, -120)])
        target = goal.rotation() @ place
        pose = followed(start, place, target - 900.0 * sight, sight)
        assert away(pose.rotation() @ place, target, sight) < 1.0
        assert pose.internal_rotation_deg == start.internal_rotation_deg


def test_a_drag_in_small_steps_never_flops():
    """Dragged along the projected way of a real movement, the pose follows that movement on the near side."""
    sight = np.array([0.0, -1.0, 0.0])
    place = np.array([50.0, 45.0, -330.0])
    pose = HipPose()
    for abduction in np.linspace(0.0, 40.0, 60):
        target = HipPose(0.0, abduction, 0.0).rotation() @ place
        pose = followed(pose, place, target - 900.0 * sight, sight)
        assert pose.abduction_deg == pytest.approx(abduction, abs=0.05)
        assert pose.flexion_deg == pytest.approx(0.0, abs=0.05)


def test_nothing_moves_while_the_pointer_rests():
    rng = np.random.default_rng(7)
    for _ in range(100):
        pose, sight = random_pose(rng), unit(rng)
        point = pose.rotation() @ np.array([40.0, 10.0, -250.0])
        again = followed(pose, grip(pose, point), point - 500.0 * sight, sight)
        assert again.angles_deg == pytest.approx(pose.angles_deg, abs=1e-4)


def test_beyond_the_range_the_nearest_pose_within_it_is_taken():
    sight = np.array([0.0, -1.0, 0.0])
    place = np.array([0.0, 0.0, -350.0])
    target = HipPose(0.0, 80.0, 0.0).rotation() @ place
    pose = followed(HipPose(0.0, 30.0, 0.0), place, target - 900.0 * sight, sight)
    assert pose.abduction_deg == pytest.approx(45.0)
    assert all(low <= a <= high for a, (low, high) in zip(pose.angles_deg, LIMITS_DEG, strict=True))


def test_far_from_the_body_the_thigh_points_to_the_pointer():
    sight = np.array([-1.0, 0.0, 0.0])
    place = np.array([60.0, 0.0, -350.0])
    start = HipPose()
    pose = followed(start, place, np.array([500.0, 900.0, -900.0]), sight)
    knee = pose.rotation() @ np.array([0.0, 0.0, -350.0])
    assert np.degrees(np.arctan2(knee[1], -knee[2])) == pytest.approx(45.0, abs=1.0)


@pytest.mark.parametrize("view", [(0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.6, -0.8, 0.0)])
def test_shift_turns_the_near_side_after_the_pointer(view):
    to_eye = np.array(view)
    pose = HipPose(20.0, 10.0, 0.0)
    point = pose.rotation() @ np.array([0.0, 0.0, -200.0]) + 55.0 * to_eye
    across = np.cross(pose.rotation()[:, 2], to_eye)
    across /= np.linalg.norm(across)
    moved = twisted(pose, point, to_eye, point + 20.0 * across + 300.0 * to_eye, -to_eye)
    assert moved.angles_deg[:2] == pose.angles_deg[:2]
    # A turn about the femur's upward axis carries its near side along `across`: inwards on the right.
    assert moved.internal_rotation_deg == pytest.approx(np.degrees(np.arcsin(20.0 / 60.0)), abs=2.5)
    far = twisted(pose, point, to_eye, point - 300.0 * across + 300.0 * to_eye, -to_eye)
    assert far.internal_rotation_deg == LIMITS_DEG[2][0]
    assert twisted(pose, point, to_eye, point, -to_eye).internal_rotation_deg == pytest.approx(0.0, abs=0.3)


def test_flat_a_drag_seen_from_the_side_bends_and_nothing_else():
    """However clumsily the pointer goes around the joint, the thigh swings about the line of sight alone."""
    sight = np.array([-1.0, 0.0, 0.0])
    pose, place = HipPose(0.0, 12.0, 0.0), np.array([60.0, 10.0, -280.0])
    rng = np.random.default_rng(1)
    for angle in np.linspace(0.0, 60.0, 25):
        swung = rotations([angle, 0.0, 0.0]) @ HipPose(0.0, 12.0, 0.0).rotation() @ place
        pointer = swung * rng.uniform(0.8, 1.2) - 900.0 * sight
        pose = followed(pose, place, in_plane(pose.rotation() @ place, pointer, sight), sight)
        assert pose.angles_deg == pytest.approx((angle, 12.0, 0.0), abs=0.02)
