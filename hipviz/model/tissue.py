"""How soft tissue gives in a pose: smooth at the bend, taut and thinner where stretched, swollen where crushed.

And lifted where bone or muscle would come through. Put together for the poses of a table in `tissue_table`; how a
thigh turns its skin lives in `thigh`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from hipviz.model.blending import smooth_step
from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.thigh_contact import LEAST_WEIGHT
from hipviz.model.thigh_volume import ThighVolume
from hipviz.model.units import Floats, Ints

COVER_MM = 6.0
"""Least thickness of what lies between muscle and skin."""

ASIDE_MM = 10.0
REACH_MM = 30.0
GAIN = 1.6
OVER_MM = 75.0
"""Only skin that lies so near the muscle at rest gives way: in deep bends other skin comes near it, folded."""

DEEPEST_MM = 12.0
MOVED_MM = 0.001
"""What has been lifted no farther since is not looked at again."""

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
MIDLINE_MM, SWELLING_REACH_MM, EASING_REACH_MM = 0.5, 45.0, 6.0
"""How far from the midline the tissue begins to give, swells in full, and eases or thins in full."""

MIDLINE_SHARE = 0.25
"""What is kept on its side stays this share of its distance from the midline away from it."""

BALANCE_STEPS, WAY_STEPS = 24, 50
MOST_BALANCE = 0.5
MOST_SURPLUS = 0.015


@dataclass(frozen=True, eq=False)
class Tissue:
    """What the table is worked out from: the right half of a skin with n vertices.

    rest : the half at neutral; whole : the body at rest, whose first n vertices these are.
    follows : (n,) 0…1, how far it goes with the thigh; average : (n, n), the mean over neighbours at rest.
    turned_at, skin_at : its vertices (n, 3) at a rotation as the thigh alone turns them, and smoothed.
    met_at : the whole body, a shape of this half and a rotation given, that meets the other thigh at rest.
    inside_at : points (m, 3) on all that lies inside, at a rotation.
    """

    rest: Surface
    whole: Surface
    hip_centre: Floats
    follows: Floats
    average: sp.csr_matrix
    turned_at: Callable[[Floats], Floats]
    skin_at: Callable[[Floats], Floats]
    met_at: Callable[[Floats, Floats], Floats]
    inside_at: Callable[[Floats], Floats]

    @cached_property
    def corners(self) -> sp.csr_matrix:
        """The (n, faces) matrix of which vertex is a corner of which face."""
        return incidence(self.rest.faces, len(self.rest.vertices))

    @cached_property
    def smoothing(self) -> sp.csr_matrix:
        """The (n, n) matrix that takes each vertex half of the way to the mean of its neighbours."""
        return sp.csr_matrix(0.5 * (sp.identity(len(self.follows)) + self.average))

    @cached_property
    def _shares(self) -> dict[int, Floats]:
        return {}

    def shares_in_way(self, vertex: int) -> Floats:
        """Return how much the normal of each vertex counts in the way out of one of them, (n,); kept."""
        if vertex not in self._shares:
            share: Floats = np.zeros(len(self.follows))
            share[vertex] = 1.0
            for _ in range(WAY_STEPS):
                share = np.asarray(share @ self.smoothing)
            self._shares[vertex] = share
        return self._shares[vertex]

    @cached_property
    def thigh(self) -> ThighVolume:
        """What must not lose flesh."""
        return ThighVolume.of(self.rest, self.follows)

    def on_its_side(self, vertices: Floats) -> Floats:
        """Return a shape (n, 3) of this half with all that never meets the other thigh kept off the midline."""
        x = vertices[:, 0]
        least = MIDLINE_SHARE * self.rest.vertices[:, 0]
        kept = np.where(self.follows <= LEAST_WEIGHT, np.maximum(x, least), x)
        return np.column_stack((kept, vertices[:, 1:]))

    @cached_property
    def resting(self) -> Floats:
        """The area (n,) of the faces around each vertex at rest, mm²."""
        return np.asarray(self.corners @ _areas(self.rest.vertices, self.rest.faces))

    @cached_property
    def over(self) -> Floats:
        """1 where the skin lies over what is inside so closely that it must give way to it, else 0, (n,)."""
        apart = np.asarray(cKDTree(self.inside_at(np.eye(3))).query(self.rest.vertices)[0])
        return np.asarray((apart < OVER_MM).astype(float))

    def ratio(self, vertices: Floats) -> Floats:
        """Return the area around each vertex (n,) of a shape of this half, as a share of that at rest."""
        return np.asarray((self.corners @ _areas(vertices, self.rest.faces)) / self.resting)

    def aside(self, reach_mm: float) -> Floats:
        """Return 0 at the midline … 1 at `reach_mm` from it, (n,): the other thigh wants its place as well."""
        return smooth_step(self.rest.vertices[:, 0], MIDLINE_MM, reach_mm)

    def normals(self, vertices: Floats) -> Floats:
        """Return outward unit normals (n, 3) of a shape of this half."""
        return vertex_normals(vertices, self.rest.faces, self.corners)

    def volume_mm3(self, vertices: Floats) -> float:
        """Return the volume of a shape of this half; a turn of the open end about the hip does not change it."""
        return Surface(vertices - self.hip_centre, self.rest.faces).volume_mm3()


def eased(skin: Floats, tissue: Tissue) -> Floats:
    """Let stretched skin slide and straighten, as a taut sheet does, and the bottom of creases rise."""
    ratio = tissue.ratio(skin)
    strain = smooth_step(_stretch(skin, tissue.rest), *STRAINED) + smooth_step(1.0 / ratio, *CRUSHED)
    strain = np.minimum(strain, 1.0) * tissue.aside(EASING_REACH_MM)
    rate = 0.6 * _smoothed(strain, STRAIN_STEPS, tissue)[:, None]
    for _ in range(EASING_STEPS):
        skin = tissue.on_its_side(skin + rate * (tissue.average @ skin - skin))
    return skin


def balanced(skin: Floats, ratio: Floats, tissue: Tissue) -> Floats:
    """Return the skin drawn in where it is stretched and swollen where it is crushed, with the volume of rest.

    Tissue keeps its volume: a layer that is spread becomes thinner, one that is crushed becomes thicker. What is
    then still amiss in the whole is made up for in the same places.
    ratio : (n,) area around each vertex as a share of that at rest.
    """
    area = ratio * tissue.resting
    ways = ways_out(skin, tissue)
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


def filled(skin: Floats, angle_deg: float, tissue: Tissue) -> Floats:
    """Return the skin with the thigh grown, or shrunk, evenly to its volume at rest: muscle does not vanish.

    angle_deg : how far the thigh is turned; what is read off between two shapes holds a little less than either.
    """
    wanted = (1.0 + MOST_SURPLUS * min(angle_deg / 90.0, 1.0)) * tissue.thigh.volume_mm3(tissue.rest.vertices)
    for _ in range(2):
        lack = wanted - tissue.thigh.volume_mm3(skin)
        way = tissue.thigh.share[:, None] * tissue.normals(skin)
        area = tissue.ratio(skin) * tissue.resting / 3.0
        skin = skin + lack / float(area @ tissue.thigh.share) * way
    return skin


def lifted(skin: Floats, inside: Floats, tissue: Tissue) -> Floats:
    """Lift the skin along its ways out where it comes too near, spread the lift smoothly, and look again.

    inside : points (m, 3) on all that lies inside.
    """
    tree, ways = cKDTree(inside, balanced_tree=False), ways_out(skin, tissue)
    lift, wanted, asked_at = np.zeros((3, len(skin)))
    asked = np.flatnonzero(tissue.over > 0.0)
    for _ in range(ROUNDS):
        places = skin[asked] + lift[asked, None] * ways[asked]
        distance, nearest = map(np.asarray, tree.query(places, distance_upper_bound=REACH_MM))
        found = np.isfinite(distance)
        near = asked[found]
        gap = places[found] - inside[nearest[found]]
        height = (gap * ways[near]).sum(axis=1)
        aside = np.linalg.norm(gap - height[:, None] * ways[near], axis=1)
        wanted[asked] = 0.0
        wanted[near] = np.where(aside < ASIDE_MM, np.clip(COVER_MM - height, 0.0, DEEPEST_MM), 0.0)
        if wanted.max() < 0.2:
            break
        more = GAIN * _smoothed(wanted * tissue.over, SPREAD_STEPS, tissue)
        asked_at[asked] = lift[asked]
        lift += more
        asked = np.flatnonzero((tissue.over > 0.0) & (lift - asked_at > MOVED_MM))
    return np.asarray(skin + lift[:, None] * ways)


def ways_out(skin: Floats, tissue: Tissue) -> Floats:
    """Return unit ways (n, 3) along which skin may swell: out of a crease from both of its sides."""
    ways = _smoothed(tissue.normals(skin), WAY_STEPS, tissue)
    return np.asarray(ways / (np.linalg.norm(ways, axis=1, keepdims=True) + 1e-9))


def way_out(vertex: int, normals: Floats, tissue: Tissue) -> Floats:
    """Return the one of `ways_out` (3,) of a shape with these normals (n, 3) at one vertex."""
    way = tissue.shares_in_way(vertex) @ normals
    return np.asarray(way / (np.linalg.norm(way) + 1e-9))


def _smoothed(values: Floats, steps: int, tissue: Tissue) -> Floats:
    for _ in range(steps):
        values = tissue.smoothing @ values
    return values


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
