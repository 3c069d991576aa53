"""How far the skin must give way to the muscle that swells under it, for every pose of the hip.

Worked out once over a grid of poses and interpolated after that; the skin and the muscle themselves live in `skin`
and `gluteus_medius`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.spatial import cKDTree

from hipviz.model.pose import HipPose
from hipviz.model.units import Floats, Ints

COVER_MM = 6.0
"""Least thickness of what lies between muscle and skin."""

ASIDE_MM = 10.0
REACH_MM = 30.0
GAIN = 1.6
OVER_MM = 40.0
"""Only skin that lies so near the muscle at rest gives way: in deep bends other skin comes near it, folded."""

DEEPEST_MM = 12.0
ROUNDS = 10
SPREAD_STEPS = 18

FLEXIONS_DEG = (-20.0, 0.0, 30.0, 60.0, 90.0, 120.0)
ABDUCTIONS_DEG = (-25.0, 0.0, 25.0, 45.0)
ROTATIONS_DEG = (-45.0, 0.0, 40.0)
AXES = tuple(np.array(angles) for angles in (FLEXIONS_DEG, ABDUCTIONS_DEG, ROTATIONS_DEG))


def angles_deg(rotation: Floats) -> tuple[float, float, float]:
    """Return flexion, abduction and internal rotation, degrees, of a rotation (3, 3) by `HipPose.rotation`."""
    flexion = np.arctan2(-rotation[1, 2], rotation[2, 2])
    abduction = np.arcsin(np.clip(-rotation[0, 2], -1.0, 1.0))
    internal = np.arctan2(-rotation[0, 1], rotation[0, 0])
    return float(np.degrees(flexion)), float(np.degrees(abduction)), float(np.degrees(internal))


@dataclass(frozen=True, eq=False)
class Cushion:
    """Displacements of the skin over the right hip.

    members : (k,) skin vertices that ever give way.
    table : (6, 4, 3, k, 3) float32, mm, at the angles of AXES.
    """

    members: Ints
    table: npt.NDArray[np.float32]

    def offsets(self, rotation: Floats) -> Floats:
        """Return how far the members give way, (k, 3) mm: trilinear between the poses of the table."""
        corners, weights = [], []
        for axis, angle in zip(AXES, angles_deg(rotation), strict=True):
            low = int(np.clip(np.searchsorted(axis, angle, side="right") - 1, 0, len(axis) - 2))
            share = float(np.clip((angle - axis[low]) / (axis[low + 1] - axis[low]), 0.0, 1.0))
            corners.append((low, low + 1))
            weights.append((1.0 - share, share))
        total = np.zeros(self.table.shape[3:])
        for corner, weight in zip(itertools.product(*corners), itertools.product(*weights), strict=True):
            if (share := float(np.prod(weight))) > 0.0:
                total += share * self.table[corner]
        return total


def displacement_table(
    skin_at: Callable[[Floats], Floats],
    normals_of: Callable[[Floats], Floats],
    muscle_at: Callable[[Floats], Floats],
    average: sp.csr_matrix,
) -> Floats:
    """Return displacements (6, 4, 3, n, 3), mm, that keep COVER_MM between muscle and skin.

    skin_at, muscle_at : vertices (n, 3) and (m, 3) at a rotation. normals_of : unit normals (n, 3) of vertices.
    average : (n, n), the mean over the neighbours on the skin.
    """
    neutral = np.eye(3)
    over = cKDTree(muscle_at(neutral)).query(skin_at(neutral))[0] < OVER_MM
    poses = itertools.product(*AXES)
    fields = [
        _displacement(skin_at(rotation), normals_of, muscle_at(rotation), average, over)
        for rotation in (HipPose(*map(float, pose)).rotation() for pose in poses)
    ]
    return np.array(fields).reshape(*(len(axis) for axis in AXES), *fields[0].shape)


def _displacement(
    skin: Floats,
    normals_of: Callable[[Floats], Floats],
    muscle: Floats,
    average: sp.csr_matrix,
    over: npt.NDArray[np.bool_],
) -> Floats:
    """Lift the skin along its normals where it comes too near, spread the lift smoothly, and look again."""
    tree = cKDTree(muscle)
    normals = normals_of(skin)
    lift = np.zeros(len(skin))
    for _ in range(ROUNDS):
        lifted = skin + lift[:, None] * normals
        distance, nearest = tree.query(lifted, distance_upper_bound=REACH_MM)
        near = np.isfinite(distance) & over
        gap = lifted[near] - muscle[nearest[near]]
        height = (gap * normals[near]).sum(axis=1)
        aside = np.linalg.norm(gap - height[:, None] * normals[near], axis=1)
        wanted = np.zeros(len(skin))
        wanted[near] = np.where(aside < ASIDE_MM, np.clip(COVER_MM - height, 0.0, DEEPEST_MM), 0.0)
        if wanted.max() < 0.2:
            break
        spread = wanted
        for _ in range(SPREAD_STEPS):
            spread = 0.5 * (spread + average @ spread)
        lift = lift + GAIN * spread
    return lift[:, None] * normals
