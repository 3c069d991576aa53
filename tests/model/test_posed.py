"""Values over the grid of poses: exact at its nodes, smooth in between, points carried along by both bones."""

import numpy as np
import pytest

from hipviz.model.pose import HipPose, angles_of
from hipviz.model.posed import AXES, NODES, Moving, PoseTable, node_pose


def of_angles(pose):
    flexion, abduction, rotation = np.radians(pose.angles_deg)
    return [np.sin(flexion) * np.cos(abduction), rotation * abduction, 3.0 + np.cos(rotation)]


@pytest.fixture(scope="module")
def table():
    return PoseTable(np.array([of_angles(node_pose(node)) for node in NODES], dtype=np.float32))


def test_angles_come_back_from_the_rotation():
    for node in NODES[::17]:
        assert angles_of(node_pose(node).rotation()) == pytest.approx(node_pose(node).angles_deg)


def test_nodes_are_met_and_what_lies_between_is_smooth(table):
    for node in NODES[::7]:
        assert table.at(node_pose(node).rotation()) == pytest.approx(of_angles(node_pose(node)), abs=1e-6)
    for pose in (HipPose(51, 22, 11), HipPose(-13, -20, -33), HipPose(112, 40, 35)):
        assert table.at(pose.rotation()) == pytest.approx(of_angles(pose), abs=0.004)


def test_beyond_the_grid_it_is_followed_a_little_and_then_held(table):
    flexion = AXES[0][-1]
    at, beyond, far = (table.at(HipPose(flexion + more).rotation()) for more in (0.0, 10.0, 20.0))
    assert beyond == pytest.approx(far)
    assert np.abs(beyond - at).max() < 0.2


def test_a_table_has_a_row_for_every_node():
    with pytest.raises(ValueError, match="5 rows"):
        PoseTable(np.zeros((5, 3), dtype=np.float32))


def test_what_a_bone_carries_along_is_met_between_the_nodes_as_well():
    centre = np.array([90.0, 0.0, 0.0])
    place = np.array([[100.0, 5.0, 90.0], [150.0, -20.0, -10.0]])  # one on the pelvis, one on the femur

    def at(pose):
        return np.stack([place[0], pose.rotation() @ (place[1] - centre) + centre])

    moving = Moving.of(np.array([at(node_pose(node)) for node in NODES]), np.array([0.0, 1.0]), centre)
    for pose in (HipPose(), HipPose(37, 21, -14), HipPose(-11, 40, 33)):
        assert moving.at(pose.rotation()) == pytest.approx(at(pose), abs=1e-3)
