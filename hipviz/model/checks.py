"""Inspection of closed surfaces: watertight, genus, self-intersection, folds, plausible size.

It only finds and counts; what is done about a fault is decided by those who load or fit a mesh.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

FOLD_DEG = 120.0
"""Neighbouring faces that turn by more than this (0 = flat) are called a fold."""


@dataclass(frozen=True)
class Inspection:
    """What `inspect` found; `sound` when the surface is one closed piece without holes, cuts or overlaps."""

    watertight: bool
    pieces: int
    genus: int
    self_intersections: int
    folds: int
    volume_cm3: float

    @property
    def sound(self) -> bool:
        """Whether the surface can be a bone."""
        return self.watertight and self.pieces == 1 and not self.self_intersections and self.volume_cm3 > 0


def inspect(surface: Surface) -> Inspection:
    """Return everything that this module can find out about a surface."""
    return Inspection(
        watertight=is_watertight(surface.faces),
        pieces=count_pieces(surface),
        genus=genus(surface),
        self_intersections=len(self_intersections(surface)),
        folds=int((dihedral_angles_deg(surface) > FOLD_DEG).sum()),
        volume_cm3=surface.volume_mm3() / 1000.0,
    )


def is_watertight(faces: Ints) -> bool:
    """Return whether every edge joins exactly two faces that run along it in opposite directions."""
    sides = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    directed = np.unique(sides, axis=0)
    mirrored = np.unique(sides[:, ::-1], axis=0)
    return len(directed) == len(sides) and np.array_equal(directed, mirrored)


def euler_number(surface: Surface) -> int:
    """Return vertices − edges + faces, counting only the vertices in use."""
    sides = np.sort(surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    return len(np.unique(surface.faces)) - len(np.unique(sides, axis=0)) + len(surface.faces)


def genus(surface: Surface) -> int:
    """Return the number of through-holes of a closed surface, all its pieces together."""
    return count_pieces(surface) - euler_number(surface) // 2


def count_pieces(surface: Surface) -> int:
    """Return the number of connected pieces."""
    used, faces = np.unique(surface.faces, return_inverse=True)
    sides = faces.reshape(-1, 3)[:, [0, 1, 1, 2]].reshape(-1, 2)
    graph = sp.csr_matrix((np.ones(len(sides)), sides.T), shape=(len(used), len(used)))
    from scipy.sparse.csgraph import connected_components  # with all of scipy.linalg: not for every start

    count, _ = connected_components(graph, directed=False)
    return int(count)


def faulty_vertices(surface: Surface) -> Ints:
    """Return the vertices (k,) of folded edges and of faces that cut through each other."""
    sides, order = _edges(surface)
    folded = sides[order[dihedral_angles_deg(surface) > FOLD_DEG, 0]]
    crossing = surface.faces[self_intersections(surface)]
    return np.unique(np.concatenate([folded.ravel(), crossing.ravel()]))


def dihedral_angles_deg(surface: Surface) -> Floats:
    """Return the angle (n_edges,) by which the faces on either side of each edge differ, 0 = flat."""
    pairs = _edges(surface)[1] // 3
    a, b, c = surface.vertices[surface.faces].transpose(1, 0, 2)
    normals = np.cross(b - a, c - a)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-30
    cosine = np.einsum("ij,ij->i", normals[pairs[:, 0]], normals[pairs[:, 1]])
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _edges(surface: Surface) -> tuple[Ints, Ints]:
    """Return the sides (3 m, 2) of all faces, and for each edge (n_edges, 2) which two of them run along it."""
    sides = surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    return sides, np.lexsort(np.sort(sides, axis=1).T).reshape(-1, 2)


def self_intersections(surface: Surface) -> Ints:
    """Return the pairs (k, 2) of faces that cut through each other.

    Faces that share an edge are left to `dihedral_angles_deg`; those that share one corner count when an edge of
    one, away from that corner, pierces the other.
    """
    corners = surface.vertices[surface.faces]
    pairs = _crossing_planes(surface.faces, corners, _near_pairs(corners))
    hit = np.zeros(len(pairs), dtype=bool)
    for one, other in ((0, 1), (1, 0)):
        for side in range(3):
            ends = surface.faces[pairs[:, one]][:, [side, (side + 1) % 3]]
            apart = ~(ends[:, :, None] == surface.faces[pairs[:, other]][:, None, :]).any(axis=(1, 2))
            rows = np.flatnonzero(apart & ~hit)
            start, end = surface.vertices[ends[rows]].transpose(1, 0, 2)
            hit[rows] = _pierces(start, end, corners[pairs[rows, other]])
    return np.asarray(pairs[hit])


def _crossing_planes(faces: Ints, corners: Floats, pairs: Ints) -> Ints:
    """Return those of the pairs that share no edge, and each of which reaches through the plane of the other.

    Nearly all pairs are told apart by this. A corner that both share lies in both planes and tells nothing.
    """
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    columns = np.ascontiguousarray(faces.T)
    for turn in range(2):
        plane, other = pairs.T
        same = np.zeros((3, len(pairs)), dtype=np.int8)
        for i, j in itertools.product(range(3), range(3)):
            same[j] += columns[i].take(plane) == columns[j].take(other)
        if turn == 0:
            kept = np.flatnonzero(same.sum(axis=0, dtype=np.int8) < 2)
            pairs, plane, other, same = pairs[kept], plane[kept], other[kept], same[:, kept]
        normal, start = normals[plane], corners[plane, 0]
        height = np.stack([np.einsum("ij,ij->i", normal, corners[other, j] - start) for j in range(3)])
        through = (np.where(same, np.inf, height).min(axis=0) <= 0.0) & (
            np.where(same, -np.inf, height).max(axis=0) >= 0.0
        )
        pairs = pairs[through][:, ::-1]
    return pairs


def _pierces(start: Floats, end: Floats, corners: Floats) -> np.ndarray:
    """Return whether each segment goes through its triangle (Möller and Trumbore 1997)."""
    a = corners[:, 0]
    u, v, way = corners[:, 1] - a, corners[:, 2] - a, end - start
    across = np.cross(way, v)
    determinant = np.einsum("ij,ij->i", u, across)
    safe = np.where(np.abs(determinant) > 1e-12, determinant, np.inf)
    offset = start - a
    turned = np.cross(offset, u)
    beta = np.einsum("ij,ij->i", offset, across) / safe
    gamma = np.einsum("ij,ij->i", way, turned) / safe
    share = np.einsum("ij,ij->i", v, turned) / safe
    inside = (beta >= 0) & (gamma >= 0) & (beta + gamma <= 1) & (share >= 0) & (share <= 1)
    return np.asarray(inside & np.isfinite(safe))


def _near_pairs(corners: Floats) -> Ints:
    """Return the pairs (k, 2) of faces (n, 3, 3) whose bounding boxes overlap, found on a grid of cells."""
    low, high = corners.min(axis=1), corners.max(axis=1)
    cell = 1.5 * float(np.median((high - low).max(axis=1)))
    first = np.floor((low - low.min(axis=0)) / cell).astype(np.int64)
    count = np.floor((high - low.min(axis=0)) / cell).astype(np.int64) - first + 1
    total = count.prod(axis=1)
    face = np.repeat(np.arange(len(corners)), total)
    number = np.arange(total.sum()) - np.repeat(np.cumsum(total) - total, total)
    wide, deep, _ = count[face].T
    steps = np.stack([number % wide, number // wide % deep, number // (wide * deep)], axis=1)
    extent = (first + count).max(axis=0)
    strides = np.array([extent[1] * extent[2], extent[2], 1])
    key = (first[face] + steps) @ strides
    order = np.argsort(key, kind="stable")
    key, face = key[order], face[order]
    lows, highs = np.ascontiguousarray(low.T), np.ascontiguousarray(high.T)
    found = [np.zeros((0, 2), dtype=np.int64)]
    together, shift = np.arange(len(key)), 0
    while len(together):
        shift += 1
        together = together[together < len(key) - shift]
        together = together[key[together] == key[together + shift]]
        i, j, here = face[together], face[together + shift], key[together]
        for lowest, highest in zip(lows, highs, strict=True):
            close = np.flatnonzero((lowest[i] <= highest[j]) & (lowest[j] <= highest[i]))
            i, j, here = i[close], j[close], here[close]
        # Two boxes may share many cells: the pair is taken in the one where their overlap begins.
        begins = np.maximum(first[i], first[j]) @ strides == here
        found.append(np.stack((i[begins], j[begins]), axis=1))
    return np.concatenate(found)
