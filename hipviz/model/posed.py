"""Values worked out at a grid of poses over the whole range of motion, and read off smoothly in between.

What soft tissue does in a pose may take long to work out; here it costs one product. What is worked out is the
business of its owner.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hipviz.model.blending import smooth_step
from hipviz.model.pose import HipPose, angles_of
from hipviz.model.splines import local_cubic
from hipviz.model.units import Floats

FLEXIONS_DEG = (-20.0, 0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0)
ABDUCTIONS_DEG = (-25.0, -12.0, 0.0, 15.0, 30.0, 45.0)
ROTATIONS_DEG = (-45.0, -22.0, 0.0, 20.0, 40.0)
AXES = (np.array(FLEXIONS_DEG), np.array(ABDUCTIONS_DEG), np.array(ROTATIONS_DEG))
SPLINES = tuple(local_cubic(axis) for axis in AXES)
BEYOND_DEG = 5.0
"""How far outside the grid it is followed."""

Node = tuple[int, int, int]
_COUNTS = [range(len(axis)) for axis in AXES]
NODES: tuple[Node, ...] = tuple(itertools.product(_COUNTS[0], _COUNTS[1], _COUNTS[2]))
NEUTRAL_NODE: Node = FLEXIONS_DEG.index(0.0), ABDUCTIONS_DEG.index(0.0), ROTATIONS_DEG.index(0.0)


def node_pose(node: Node) -> HipPose:
    """Return the pose at a node of the grid."""
    return HipPose(*(float(axis[n]) for axis, n in zip(AXES, node, strict=True)))


@dataclass(frozen=True, eq=False)
class PoseTable:
    """A row of values (k,) float32 for every one of NODES, in their order."""

    rows: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        if len(self.rows) != len(NODES):
            raise ValueError(f"a table of {len(self.rows)} rows for {len(NODES)} poses")

    @cached_property
    def size(self) -> int:
        """Number of values in a row."""
        return int(self.rows.shape[1])

    def at(self, rotation: Floats) -> Floats:
        """Return the values (k,) in the pose of a rotation (3, 3) made by `HipPose.rotation`.

        Between the nodes along each angle a cubic through the nearest four; only their rows are touched.
        """
        weights = np.ones(1)
        for axis, spline, angle in zip(AXES, SPLINES, angles_of(rotation), strict=True):
            within = np.clip(angle, axis[0] - BEYOND_DEG, axis[-1] + BEYOND_DEG)
            weights = np.outer(weights, spline.weights(within)).ravel()
        used = np.flatnonzero(weights)
        return (weights[used].astype(np.float32) @ self.rows[used]).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Moving:
    """Points that follow the hip: carried along by both bones, and what they differ from that in every pose.

    fixed, carried : (…, n, 3) mm, what the pelvis and what the femur carries along of each point at neutral.
    """

    fixed: Floats
    carried: Floats
    table: PoseTable

    @classmethod
    def of(cls, points: npt.NDArray[np.generic], along: Floats, centre: Floats) -> Moving:
        """Return what gives back `points` (nodes, …, n, 3) at NODES.

        along : (n,), where each lies between pelvis (0) and femur (1). centre : (3,), of the joint.
        """
        at_neutral = np.asarray(points[NODES.index(NEUTRAL_NODE)], dtype=np.float64)
        carried = smooth_step(along, 0.15, 0.85)[:, None] * (at_neutral - centre)
        rows = np.empty((len(NODES), at_neutral.size), dtype=np.float32)
        moving = cls(at_neutral - carried, carried, PoseTable(rows))
        for row, place, node in zip(rows, points, NODES, strict=True):
            row[:] = (place - moving._carried_along(node_pose(node).rotation())).ravel()
        return moving

    def at(self, rotation: Floats) -> Floats:
        """Return the points (…, n, 3), mm, in a pose."""
        return self._carried_along(rotation) + self.table.at(rotation).reshape(self.fixed.shape)

    def _carried_along(self, rotation: Floats) -> Floats:
        return np.asarray(self.fixed + self.carried @ rotation.T)
