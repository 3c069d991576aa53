"""Where femur and hip bone meet: apart in every single angle, into each other at some extremes."""

import numpy as np
import pytest

from hipviz.model.impingement import Impingement
from hipviz.model.nearest import nearest_on
from hipviz.model.pose import NEUTRAL, RANGE_OF_MOTION_DEG, HipPose


@pytest.fixture(scope="module")
def pair(bones):
    return Impingement.of(bones)


def test_the_bones_are_apart_at_the_end_of_every_single_angle(pair):
    ends = np.zeros((6, 3))
    for axis, (low, high) in enumerate(RANGE_OF_MOTION_DEG.values()):
        ends[2 * axis, axis], ends[2 * axis + 1, axis] = low, high
    assert (pair.gaps_mm(ends) > 0.5).all()
    assert pair.depth_mm(NEUTRAL) == 0.0


def test_they_meet_in_deep_flexion_adduction_and_internal_rotation(pair):
    """The position of the clinical impingement test (Ganz and others 2003)."""
    shallow, deep = pair.depth_mm(HipPose(100, -10, 35)), pair.depth_mm(HipPose(120, -25, 40))
    assert 5.0 < deep < 15.0
    assert shallow < deep


def test_the_depth_is_that_of_the_meshes(bones, pair):
    pose = HipPose(120, -25, 40)
    hip_bone = bones.surface("hip_bone")
    turned = (pair.femur - pair.centre) @ pose.rotation().T + pair.centre
    nearest = nearest_on(hip_bone, turned)
    a, b, c = (hip_bone.vertices[hip_bone.faces[nearest.triangles, k]] for k in range(3))
    outside = np.einsum("ij,ij->i", turned - nearest.positions, np.cross(b - a, c - a))
    depth = nearest.distances[outside < 0.0].max()
    assert pair.depth_mm(pose) == pytest.approx(depth, abs=1.2)  # the grid rounds what lies deep inside


def test_no_poses_no_gaps(pair):
    assert pair.gaps_mm(np.zeros((0, 3))).shape == (0,)


def test_many_poses_at_once_agree_with_one_by_one(pair):
    low, high = np.array(list(RANGE_OF_MOTION_DEG.values())).T
    poses = np.random.default_rng(0).uniform(low, high, (70, 3))
    together = pair.gaps_mm(poses)
    for row in (0, 63, 64, 69):
        assert together[row] == pytest.approx(pair.gaps_mm(poses[row : row + 1])[0])
