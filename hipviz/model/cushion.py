"""How soft tissue gives in every pose of the hip: thinner where stretched, lifted where a muscle swells below.

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

from hipviz.model.blending import smooth_step
from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface, incidence
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

THINNING_STEPS = 12
THINNEST_MM = 30.0

FLEXIONS_DEG = (-20.0, 0.0, 30.0, 60.0, 90.0, 105.0, 120.0)
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
    """Displacements of the skin around the right hip.

    members : (k,) skin vertices that ever give.
    table : (7, 4, 3, k, 3) float32, mm, at the angles of AXES.
    """

    members: Ints
    table: npt.NDArray[np.float32]

    def offsets(self, rotation: Floats) -> Floats:
        """Return how far the members give, (k, 3) mm: trilinear between the poses of the table."""
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


@dataclass(frozen=True, eq=False)
class Tissue:
    """What the table is worked out from.

    rest : the skin at neutral; average : (n, n), the mean over neighbours on it.
    skin_at, muscle_at : vertices (n, 3) and (m, 3) at a rotation; normals_of : unit normals (n, 3) of vertices.
    """

    rest: Surface
    average: sp.csr_matrix
    skin_at: Callable[[Floats], Floats]
    normals_of: Callable[[Floats], Floats]
    muscle_at: Callable[[Floats], Floats]


def displacement_table(tissue: Tissue) -> Floats:
    """Return displacements (7, 4, 3, n, 3), mm, that keep the volume and COVER_MM between muscle and skin."""
    from scipy.spatial import cKDTree  # needed only when nothing is cached: the start of the window does without

    neutral = np.eye(3)
    apart = np.asarray(cKDTree(tissue.muscle_at(neutral)).query(tissue.rest.vertices)[0])
    over = apart < OVER_MM
    faces = tissue.rest.faces
    corners = incidence(faces, len(apart))
    resting = corners @ _areas(tissue.rest.vertices, faces)
    fields = []
    for pose in itertools.product(*AXES):
        rotation = HipPose(*map(float, pose)).rotation()
        skin = tissue.skin_at(rotation)
        area = corners @ _areas(skin, faces)
        thinned = skin + _thinning(skin, area / resting, area, tissue)
        # In a deep fold both sides would be lifted into each other; there the flesh hides the muscle anyway.
        open_skin = smooth_step(area / resting, 0.3, 0.8)
        lifted = thinned + _lift(thinned, tissue.muscle_at(rotation), tissue, over * open_skin)
        fields.append(lifted - skin)
    return np.array(fields).reshape(*(len(axis) for axis in AXES), *fields[0].shape)


def _thinning(skin: Floats, ratio: Floats, area: Floats, tissue: Tissue) -> Floats:
    """Draw the skin in where it is stretched, so that the body does not gain volume.

    ratio : (n,) area around each vertex as a share of that at rest; area : (n,) of the faces around it, mm².
    """
    faces = tissue.rest.faces
    stretch = np.clip(ratio - 1.0, 0.0, 0.9)
    for _ in range(THINNING_STEPS):
        stretch = 0.5 * (stretch + tissue.average @ stretch)
    way = stretch[:, None] * tissue.normals_of(skin)
    for _ in range(THINNING_STEPS):
        way = 0.5 * (way + tissue.average @ way)
    wanted = tissue.rest.volume_mm3()
    inwards = np.zeros_like(skin)
    for _ in range(3):
        surplus = Surface(skin + inwards, faces).volume_mm3() - wanted
        if surplus <= 0.0 or not (flow := float(area @ np.linalg.norm(way, axis=1)) / 3.0) > 0.0:
            break
        inwards = inwards - (surplus / flow) * way
    deepest = np.linalg.norm(inwards, axis=1).max()
    return np.asarray(inwards * min(1.0, THINNEST_MM / max(deepest, 1e-9)))


def _areas(vertices: Floats, faces: Ints) -> Floats:
    a, b, c = vertices[faces].transpose(1, 0, 2)
    return np.asarray(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1))


def _lift(skin: Floats, muscle: Floats, tissue: Tissue, share: Floats) -> Floats:
    """Lift the skin along its normals where it comes too near, spread the lift smoothly, and look again.

    share : (n,) 0…1, how far each vertex may be lifted.
    """
    from scipy.spatial import cKDTree

    tree = cKDTree(muscle)
    normals = tissue.normals_of(skin)
    lift = np.zeros(len(skin))
    candidates = np.flatnonzero(share > 0.0)
    for _ in range(ROUNDS):
        lifted = skin[candidates] + lift[candidates, None] * normals[candidates]
        distance, nearest = map(np.asarray, tree.query(lifted, distance_upper_bound=REACH_MM))
        found = np.isfinite(distance)
        near = candidates[found]
        gap = lifted[found] - muscle[nearest[found]]
        height = (gap * normals[near]).sum(axis=1)
        aside = np.linalg.norm(gap - height[:, None] * normals[near], axis=1)
        wanted = np.zeros(len(skin))
        wanted[near] = np.where(aside < ASIDE_MM, np.clip(COVER_MM - height, 0.0, DEEPEST_MM), 0.0)
        if wanted.max() < 0.2:
            break
        spread = wanted * share
        for _ in range(SPREAD_STEPS):
            spread = 0.5 * (spread + tissue.average @ spread)
        lift = lift + GAIN * spread
    return lift[:, None] * normals
