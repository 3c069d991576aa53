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
FAMILY, FEW_BOXES = 4, 32
"""Boxes that make one larger box, and how many need no larger ones; see `_near_pairs`."""


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
    """Return the pairs (k, 2) of faces (n, 3, 3) whose bounding boxes overlap, the smaller number first.

    Boxes are put in order along a curve that fills space (Morton 1966), so that neighbours in the list lie close;
    every four of them make a larger box, and so on. From the top down, only what overlaps is taken apart.
    """
    low, high = corners.min(axis=1), corners.max(axis=1)
    middle = low + high
    extent = float(np.ptp(middle, axis=0).max()) + 1e-12
    code = _with_gaps(((middle - middle.min(axis=0)) * (1023.0 / extent)).astype(np.int64))
    order = np.argsort(code[:, 0] | (code[:, 1] << 1) | (code[:, 2] << 2))
    levels = [(np.ascontiguousarray(low[order].T), np.ascontiguousarray(high[order].T))]
    while (count := levels[-1][0].shape[1]) > FEW_BOXES:
        missing = ((0, 0), (0, -count % FAMILY))
        children = [np.pad(levels[-1][k], missing, constant_values=(np.inf, -np.inf)[k]) for k in (0, 1)]
        levels[-1] = children[0], children[1]
        least, most = (x.reshape(3, -1, FAMILY) for x in children)
        levels.append((least.min(axis=2), most.max(axis=2)))
    i, j = np.triu_indices(levels[-1][0].shape[1])
    first, second = np.divmod(np.arange(FAMILY * FAMILY), FAMILY)
    for height in reversed(range(len(levels))):
        if height < len(levels) - 1:
            i, j = (i[:, None] * FAMILY + first).ravel(), (j[:, None] * FAMILY + second).ravel()
        keep = np.flatnonzero(i <= j if height else i < j)
        i, j = i[keep], j[keep]
        for least, most in zip(*levels[height], strict=True):
            keep = np.flatnonzero((least.take(i) <= most.take(j)) & (least.take(j) <= most.take(i)))
            i, j = i.take(keep), j.take(keep)
    i, j = order[i], order[j]
    return np.stack([np.minimum(i, j), np.maximum(i, j)], axis=1)


def _with_gaps(number: Ints) -> Ints:
    """Return numbers of ten bits with two empty bits after each."""
    for shift, bits in ((16, 0x030000FF), (8, 0x0300F00F), (4, 0x030C30C3), (2, 0x09249249)):
        number = (number | (number << shift)) & bits
    return number
