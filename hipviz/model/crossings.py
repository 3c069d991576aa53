"""Which faces of a surface cut through each other.

Faces lie in boxes, neighbouring boxes in larger ones, and so on; from the top down only what overlaps is taken
apart. Arrays have their coordinates first, so that what is worked out for many pairs runs along memory.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import numpy.typing as npt

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

FAMILY, FEW_BOXES = 4, 32
"""Boxes that make one larger box, and how many need no larger ones."""

Levels = list[tuple[Floats, Floats]]
"""Least and most of the boxes, (dimensions, boxes) each, from those of the faces to the largest ones."""

Flags = npt.NDArray[np.bool_]


def self_intersections(surface: Surface, moved: Flags | None = None) -> Ints:
    """Return the pairs (k, 2) of faces that cut through each other; of `moved` ones (m,), where these are told.

    Faces that share an edge are left to `dihedral_angles_deg` of `checks`; those that share one corner count when
    an edge of one, away from that corner, pierces the other.
    """
    if moved is not None and not moved.any():
        return np.zeros((0, 2), np.int64)
    corners = np.ascontiguousarray(surface.vertices.T).take(surface.faces.T, axis=1).swapaxes(0, 1)
    low, high = reduce(np.minimum, corners), reduce(np.maximum, corners)
    some = np.arange(low.shape[1]) if moved is None else _within_reach(low, high, moved)
    order = some[along_curve((low + high).T[some])]
    low, high = low[:, order], high[:, order]
    if moved is not None:
        # In one more dimension what has not moved, or boxes full of it, lies side by side and does not overlap.
        place = np.arange(float(len(order)))
        low = np.vstack([low, np.where(moved[order], 0.0, place)])
        high = np.vstack([high, np.where(moved[order], len(order), place)])
    near = order[_near_pairs(_levels(low, high))]
    return np.sort(_cutting(corners, surface.faces, near), axis=1)


class Crossings:
    """Where a surface with m faces cuts through itself, asked while it is changed bit by bit.

    Faces that have not moved since they were looked at last are not looked at again.
    """

    def __init__(self, surface: Surface) -> None:
        self._shape, self._faces = surface.vertices, surface.faces
        self._known = np.zeros(len(surface.faces), bool)
        self._pairs = np.zeros((0, 2), np.int64)

    def found(self, vertices: Floats, among: Flags) -> Ints:
        """Return the pairs (k, 2) of faces that cut through each other in a shape (n, 3), both `among` these."""
        x, y, z = (vertices != self._shape).T
        a, b, c = (x | y | z).take(self._faces.T)
        moved = a | b | c | ~self._known
        still = (among & ~moved)[self._pairs].all(axis=1)
        numbers = np.flatnonzero(among)
        new = numbers[self_intersections(Surface(vertices, self._faces[numbers]), moved[numbers])]
        self._shape, self._known, self._pairs = vertices, among, np.concatenate((self._pairs[still], new))
        return self._pairs


def along_curve(places: Floats) -> Ints:
    """Return the order (n,) of places (n, 3) along a curve that fills space (Morton 1966)."""
    extent = float(np.ptp(places, axis=0).max()) + 1e-12
    code = _with_gaps(((places - places.min(axis=0)) * (1023.0 / extent)).astype(np.int64))
    return np.argsort(code[:, 0] | (code[:, 1] << 1) | (code[:, 2] << 2))


def _within_reach(low: Floats, high: Floats, moved: Flags) -> Ints:
    """Return which boxes (3, m) overlap the one around those that have moved."""
    least, most = low[:, moved].min(axis=1), high[:, moved].max(axis=1)
    return np.flatnonzero(((most >= low.T) & (least <= high.T)).all(axis=1))


def _cutting(corners: Floats, faces: Ints, pairs: Ints) -> Ints:
    """Return those of the pairs (2, k) of faces (m, 3) that cut through each other, as (k, 2).

    corners : (3, 3, m), corner, coordinate and face.
    """
    one, other = _crossing_planes(corners, faces, *pairs)
    hit = np.zeros(len(one), dtype=bool)
    same = faces[one].T[:, None] == faces[other].T
    for cutting, cut, shared in ((one, other, same.any(axis=1)), (other, one, same.any(axis=0))):
        for start, end in ((0, 1), (1, 2), (2, 0)):
            rows = np.flatnonzero(~(shared[start] | shared[end] | hit))
            a, b = corners[:, :, cutting[rows]][[start, end]]
            hit[rows] = _pierces(a, b, corners[:, :, cut[rows]])
    return np.stack([one[hit], other[hit]], axis=1)


def _crossing_planes(corners: Floats, faces: Ints, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Return those of the pairs that share no edge, and each of which reaches through the plane of the other.

    Nearly all pairs are told apart by this. A corner that both share lies in both planes and tells nothing.
    """
    a, b, c = corners
    normals = _cross(b - a, c - a)
    columns = np.ascontiguousarray(faces.T.astype(np.int32))
    for turn in range(2):
        same = columns.take(one, axis=1)[:, None] == columns.take(other, axis=1)
        shared = same.any(axis=0)
        if turn == 0:
            kept = np.flatnonzero(np.count_nonzero(shared, axis=0) < 2)
            one, other, shared = one[kept], other[kept], shared[:, kept]
        normal, start = normals.take(one, axis=1), a.take(one, axis=1)
        below, above = np.zeros((2, len(one)), bool)
        for corner, tells_nothing in zip(corners, shared, strict=True):
            height = _dot(normal, corner.take(other, axis=1) - start)
            below |= (height <= 0.0) & ~tells_nothing
            above |= (height >= 0.0) & ~tells_nothing
        through = np.flatnonzero(below & above)
        one, other = other[through], one[through]
    return one, other


def _pierces(start: Floats, end: Floats, corners: Floats) -> npt.NDArray[np.bool_]:
    """Return whether each segment (3, k) goes through its triangle (3, 3, k) (Möller and Trumbore 1997)."""
    a, b, c = corners
    u, v, way = b - a, c - a, end - start
    across = _cross(way, v)
    determinant = _dot(u, across)
    safe = np.where(np.abs(determinant) > 1e-12, determinant, np.inf)
    offset = start - a
    turned = _cross(offset, u)
    beta, gamma, share = (_dot(*both) / safe for both in ((offset, across), (way, turned), (v, turned)))
    inside = (beta >= 0) & (gamma >= 0) & (beta + gamma <= 1) & (share >= 0) & (share <= 1)
    return np.asarray(inside & np.isfinite(safe))


def _cross(a: Floats, b: Floats) -> Floats:
    return np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


def _with_gaps(number: Ints) -> Ints:
    """Return numbers of ten bits with two empty bits after each."""
    for shift, bits in ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):
        number = (number | (number << shift)) & bits
    return number


def _levels(least: Floats, most: Floats) -> Levels:
    """Return boxes (dimensions, m), filled up with empty ones; every FAMILY make a larger one, to only a few."""
    count, heights = least.shape[1], 0
    while count > FEW_BOXES * FAMILY**heights:
        heights += 1
    missing = ((0, 0), (0, -count % FAMILY**heights))
    boxes = np.pad(least, missing, constant_values=np.inf), np.pad(most, missing, constant_values=-np.inf)
    levels = [boxes]
    for _ in range(heights):
        low, high = ([bound[:, k::FAMILY] for k in range(FAMILY)] for bound in levels[-1])
        levels.append((reduce(np.minimum, low), reduce(np.maximum, high)))
    return levels


def _near_pairs(levels: Levels) -> Ints:
    """Return the pairs (2, k) of places whose boxes overlap."""
    i, j = np.triu_indices(levels[-1][0].shape[1], k=len(levels) == 1)
    for height in reversed(range(len(levels) - 1)):
        i, j = _overlapping_children(i, j, levels[height])
        keep = np.flatnonzero(i <= j if height else i < j)
        i, j = i[keep], j[keep]
    return np.stack([i, j])


def _overlapping_children(i: Ints, j: Ints, children: tuple[Floats, Floats]) -> tuple[Ints, Ints]:
    """Return which children of the boxes i overlap which of the boxes j (k,)."""
    overlap = np.ones((FAMILY, FAMILY, len(i)), bool)
    for bounds in zip(*children, strict=True):
        least, most = (np.ascontiguousarray(bound.reshape(-1, FAMILY).T) for bound in bounds)
        overlap &= least.take(i, axis=1)[:, None] <= most.take(j, axis=1)
        overlap &= least.take(j, axis=1) <= most.take(i, axis=1)[:, None]
    first, second, pair = np.unravel_index(np.flatnonzero(overlap), overlap.shape)
    return i[pair] * FAMILY + first, j[pair] * FAMILY + second
