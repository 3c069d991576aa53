"""The faces of a scan beside each other: turned alike, turned outwards, and how coarse they are.

Reading and mending as a whole lives in `scan`.
"""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, connected_components

from hipviz.model.surface import Surface
from hipviz.model.units import Ints

CRUMB_FACES = 20
"""Pieces with fewer faces stay turned as they are."""


def turned_alike(surface: Surface) -> tuple[Surface, int]:
    """Return the surface with neighbouring faces turned alike and every piece outwards; how many were turned."""
    faces = surface.faces
    n = len(faces)
    sides, one, other = _twins(surface)
    alike = np.where(sides[one, 0] == sides[other, 1], 1, 2)  # 2: both run along the edge the same way
    graph = sp.csr_matrix((alike, (one // 3, other // 3)), shape=(n, n))
    label = connected_components(graph, directed=False)[1]
    flip = np.zeros(n, dtype=bool)
    relation = graph.maximum(graph.T).tocsr()
    first, size = np.unique(label, return_index=True, return_counts=True)[1:]
    for start in first[size >= CRUMB_FACES]:
        reached, before = breadth_first_order(relation, start, directed=False)
        steps = np.asarray(relation[before[reached[1:]], reached[1:]]).ravel() > 1
        for face, parent, turn in zip(
            reached[1:].tolist(), before[reached[1:]].tolist(), steps.tolist(), strict=True
        ):
            flip[face] = flip[parent] ^ turn
    corners = surface.vertices[np.where(flip[:, None], faces[:, ::-1], faces)]
    middle = np.stack([np.bincount(label, corners.mean(axis=1)[:, i]) for i in range(3)], axis=1)
    corners = corners - (middle / np.bincount(label)[:, None])[label][:, None]
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    flip ^= (np.bincount(label, volume) < 0)[label]
    return Surface(surface.vertices, np.ascontiguousarray(np.where(flip[:, None], faces[:, ::-1], faces))), int(
        flip.sum()
    )


def outwards(surface: Surface) -> tuple[Surface, int]:
    """Return the surface turned outwards as a whole, and how many faces were turned."""
    middle = surface.vertices.mean(axis=0)
    if surface.moved(surface.vertices - middle).volume_mm3() >= 0:
        return surface, 0
    return Surface(surface.vertices, np.ascontiguousarray(surface.faces[:, ::-1])), len(surface.faces)


def coarseness_mm(surface: Surface) -> float:
    """Return how far the flat faces of a scan are about off the rounded bone that they stand for, on average.

    Two faces that differ by an angle θ, their middles d apart, stand for a curvature θ/d; flat triangles of that
    width are off it by a quarter of θ·d on average.
    """
    sides, one, other = _twins(surface)
    if not len(one):
        return 0.0
    a, b, c = surface.vertices[surface.faces].transpose(1, 0, 2)
    normals = np.cross(b - a, c - a)
    twice = np.linalg.norm(normals, axis=1)
    normals /= twice[:, None] + 1e-30
    cosine = np.einsum("ij,ij->i", normals[one // 3], normals[other // 3])
    start, end = surface.vertices[sides[one]].transpose(1, 0, 2)
    both = twice[one // 3] + twice[other // 3]
    apart = both / (np.linalg.norm(end - start, axis=1) + 1e-30) / 3.0
    return float(np.average(np.arccos(np.clip(cosine, -1.0, 1.0)) * apart / 4.0, weights=both + 1e-30))


def _twins(surface: Surface) -> tuple[Ints, Ints, Ints]:
    """Return the sides (3 m, 2) of all faces, and the numbers (k,) of those that run along the same edge."""
    sides = surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    key = np.sort(sides, axis=1) @ np.array([len(surface.vertices), 1])
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][:-1] == key[order][1:])
    return sides, order[twin], order[twin + 1]
