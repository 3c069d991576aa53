"""Inspection of closed surfaces: watertight, genus, self-intersection, folds, plausible size.

It only finds and counts; what is done about a fault is decided by those who load or fit a mesh.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hipviz.model.crossings import self_intersections
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
