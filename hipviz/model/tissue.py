"""How soft tissue gives in a pose: smooth at the bend, taut and thinner where stretched, swollen where crushed.

And lifted where bone or muscle would come through. Worked out over the poses of the table in `cushion`, once for
every body; how a thigh turns its skin lives in `thigh`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from hipviz.model.blending import smooth_step
from hipviz.model.checks import self_intersections
from hipviz.model.covering import covered
from hipviz.model.cushion import AXES
from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.units import Floats, Ints

COVER_MM = 6.0
"""Least thickness of what lies between muscle and skin."""

ASIDE_MM = 10.0
REACH_MM = 30.0
GAIN = 1.6
OVER_MM = 75.0
"""Only skin that lies so near the muscle at rest gives way: in deep bends other skin comes near it, folded."""

DEEPEST_MM = 12.0
ROUNDS = 10
SPREAD_STEPS = 18

STRAINED = (1.15, 1.9)
"""Stretch of edges from which the skin eases, and from which it does so in full."""

CRUSHED = (1.6, 4.0)
"""The same for skin that is crushed: how many times its area was."""

STRAIN_STEPS = 16
EASING_STEPS = 60

LAYER_MM = 20.0
"""Thickness of the tissue that goes with the skin."""

STRETCHES = (0.5, 3.0)
MIDLINE_MM, SWELLING_REACH_MM, EASING_REACH_MM = 2.0, 45.0, 20.0
"""How far from the midline the tissue begins to give, swells in full, and eases or thins in full."""

BALANCE_STEPS, WAY_STEPS = 24, 50
MOST_BALANCE = 0.5

FOLDED = 0.8
FOLD_STEPS = 10
UNTANGLING_ROUNDS = 20
UNTANGLING_STEPS = 8


@dataclass(frozen=True, eq=False)
class Tissue:
    """What the table is worked out from: the right half of a skin with n vertices.

    rest : the half at neutral; average : (n, n), the mean over neighbours on it.
    turned_at, skin_at : its vertices (n, 3) at a rotation as the thigh alone turns them, and smoothed.
    inside_at : points (m, 3) on all that lies inside, at a rotation.
    """

    rest: Surface
    hip_centre: Floats
    average: sp.csr_matrix
    turned_at: Callable[[Floats], Floats]
    skin_at: Callable[[Floats], Floats]
    inside_at: Callable[[Floats], Floats]

    @cached_property
    def corners(self) -> sp.csr_matrix:
        """The (n, faces) matrix of which vertex is a corner of which face."""
        return incidence(self.rest.faces, len(self.rest.vertices))

    def aside(self, reach_mm: float) -> Floats:
        """Return 0 at the midline … 1 at `reach_mm` from it, (n,): the other thigh wants its place as well."""
        return smooth_step(self.rest.vertices[:, 0], MIDLINE_MM, reach_mm)

    def normals(self, vertices: Floats) -> Floats:
        """Return outward unit normals (n, 3) of a shape of this half."""
        return vertex_normals(vertices, self.rest.faces, self.corners)

    def volume_mm3(self, vertices: Floats) -> float:
        """Return the volume of a shape of this half; a turn of the open end about the hip does not change it."""
        return Surface(vertices - self.hip_centre, self.rest.faces).volume_mm3()


def displacement_table(tissue: Tissue) -> Floats:
    """Return displacements (7, 5, 3, n, 3), mm, that keep the volume and COVER_MM between muscle and skin."""
    neutral = np.eye(3)
    apart = np.asarray(cKDTree(tissue.inside_at(neutral)).query(tissue.rest.vertices)[0])
    over = apart < OVER_MM
    faces = tissue.rest.faces
    corners = tissue.corners
    resting = corners @ _areas(tissue.rest.vertices, faces)
    fields = []
    for pose in itertools.product(*AXES):
        rotation = HipPose(*map(float, pose)).rotation()
        skin = tissue.skin_at(rotation)
        area = corners @ _areas(skin, faces)
        eased = _eased(skin, area / resting, tissue)
        area = corners @ _areas(eased, faces)
        balanced = _balanced(eased, area / resting, area, tissue)
        inside = tissue.inside_at(rotation)
        lifted = balanced + _lift(balanced, inside, tissue, over.astype(float))
        folded = _folded(area / resting, tissue)
        untangled = skin + _untangled(skin, lifted - skin, folded, tissue)
        fields.append(_covered(untangled, inside, over.astype(float), folded, tissue) - tissue.turned_at(rotation))
    return np.array(fields).reshape(*(len(axis) for axis in AXES), *fields[0].shape)


def _eased(skin: Floats, ratio: Floats, tissue: Tissue) -> Floats:
    """Let stretched skin slide and straighten, as a taut sheet does, and the bottom of creases rise.

    ratio : (n,) area around each vertex as a share of that at rest.
    """
    strain = smooth_step(_stretch(skin, tissue.rest), *STRAINED) + smooth_step(1.0 / ratio, *CRUSHED)
    strain = np.minimum(strain, 1.0) * tissue.aside(EASING_REACH_MM)
    rate = 0.6 * _smoothed(strain, STRAIN_STEPS, tissue)[:, None]
    for _ in range(EASING_STEPS):
        skin = skin + rate * (tissue.average @ skin - skin)
    return skin


def _balanced(skin: Floats, ratio: Floats, area: Floats, tissue: Tissue) -> Floats:
    """Return the skin drawn in where it is stretched and swollen where it is crushed, with the volume of rest.

    Tissue keeps its volume: a layer that is spread becomes thinner, one that is crushed becomes thicker. What is
    then still amiss in the whole is made up for in the same places.
    ratio : (n,) area around each vertex as a share of that at rest; area : (n,) of the faces around it, mm².
    """
    ways = _ways_out(skin, tissue)
    change = LAYER_MM * (1.0 / np.clip(ratio, *STRETCHES) - 1.0)
    thinner, thicker = (
        _smoothed(part * tissue.aside(reach), BALANCE_STEPS, tissue)[:, None] * ways
        for part, reach in (
            (np.minimum(change, 0.0), EASING_REACH_MM),
            (np.maximum(change, 0.0), SWELLING_REACH_MM),
        )
    )
    moved = skin + thinner + thicker
    wanted = tissue.volume_mm3(tissue.rest.vertices)
    for _ in range(3):
        lack = wanted - tissue.volume_mm3(moved)
        way = thicker if lack > 0.0 else thinner
        flow = float(area @ np.linalg.norm(way, axis=1)) / 3.0
        if not flow > 0.0:
            break
        moved = moved + min(abs(lack) / flow, MOST_BALANCE) * way
    return moved


def _ways_out(skin: Floats, tissue: Tissue) -> Floats:
    """Return unit ways (n, 3) along which skin may swell: out of a crease from both of its sides."""
    ways = _smoothed(tissue.normals(skin), WAY_STEPS, tissue)
    return np.asarray(ways / (np.linalg.norm(ways, axis=1, keepdims=True) + 1e-9))


def _smoothed(values: Floats, steps: int, tissue: Tissue) -> Floats:
    for _ in range(steps):
        values = 0.5 * (values + tissue.average @ values)
    return values


def _folded(ratio: Floats, tissue: Tissue) -> Ints:
    """Return the faces in and around folds, which alone can cut through each other.

    ratio : (n,) area around each vertex as a share of that at rest.
    """
    folded = (ratio < FOLDED).astype(float)
    for _ in range(FOLD_STEPS):
        folded = np.maximum(folded, tissue.average @ folded > 0.0)
    faces = tissue.rest.faces
    return np.asarray(faces[folded[faces].all(axis=1)])


def _caught(skin: Floats, faces: Ints, tissue: Tissue) -> Floats | None:
    """Return 1 where a skin cuts through itself among the faces … 0 farther on, (n,); None where it does not."""
    crossing = self_intersections(Surface(skin, faces)) if len(faces) else np.zeros((0, 2), np.int64)
    if not len(crossing):
        return None
    caught = np.zeros(len(skin))
    caught[faces[crossing.ravel()]] = 1.0
    for _ in range(UNTANGLING_STEPS):
        caught = np.maximum(caught, 0.5 * (caught + tissue.average @ caught))
    return caught


def _untangled(skin: Floats, give: Floats, faces: Ints, tissue: Tissue) -> Floats:
    """Return as much of displacements (n, 3) of a skin as it can take without cutting through itself."""
    for _ in range(UNTANGLING_ROUNDS):
        caught = _caught(skin + give, faces, tissue)
        if caught is None:
            break
        give = (1.0 - 0.35 * caught)[:, None] * give
    return give


def _covered(skin: Floats, inside: Floats, seen: Floats, faces: Ints, tissue: Tissue) -> Floats:
    """Return a skin that covers the points inside, where untangling has taken too much of its lift."""
    return covered(
        skin,
        inside,
        tissue.aside(EASING_REACH_MM),
        seen,
        tissue.normals,
        lambda shape: _ways_out(shape, tissue),
        lambda shape: _caught(shape, faces, tissue) is None,
    )


def _stretch(skin: Floats, rest: Surface) -> Floats:
    """Return the greatest stretch of the edges at each vertex, (n,), 1 = none: it also tells of shear."""
    found = np.zeros(len(skin))
    sides = rest.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    long, short = (np.linalg.norm(v[sides[:, 1]] - v[sides[:, 0]], axis=1) for v in (skin, rest.vertices))
    for end in sides.T:
        np.maximum.at(found, end, long / short)
    return found


def _areas(vertices: Floats, faces: Ints) -> Floats:
    a, b, c = vertices[faces].transpose(1, 0, 2)
    return np.asarray(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1))


def _lift(skin: Floats, muscle: Floats, tissue: Tissue, share: Floats) -> Floats:
    """Lift the skin along its ways out where it comes too near, spread the lift smoothly, and look again.

    share : (n,) 0…1, how far each vertex may be lifted.
    """
    tree = cKDTree(muscle)
    ways = _ways_out(skin, tissue)
    lift = np.zeros(len(skin))
    candidates = np.flatnonzero(share > 0.0)
    for _ in range(ROUNDS):
        lifted = skin[candidates] + lift[candidates, None] * ways[candidates]
        distance, nearest = map(np.asarray, tree.query(lifted, distance_upper_bound=REACH_MM))
        found = np.isfinite(distance)
        near = candidates[found]
        gap = lifted[found] - muscle[nearest[found]]
        height = (gap * ways[near]).sum(axis=1)
        aside = np.linalg.norm(gap - height[:, None] * ways[near], axis=1)
        wanted = np.zeros(len(skin))
        wanted[near] = np.where(aside < ASIDE_MM, np.clip(COVER_MM - height, 0.0, DEEPEST_MM), 0.0)
        if wanted.max() < 0.2:
            break
        spread = wanted * share
        for _ in range(SPREAD_STEPS):
            spread = 0.5 * (spread + tissue.average @ spread)
        lift = lift + GAIN * spread
    return lift[:, None] * ways
