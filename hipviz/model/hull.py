"""Signed distance to the convex hull of some points: what is stretched between bones, soft tissue lies on."""

from dataclasses import replace
from typing import Any

import numpy as np

from hipviz.model.cache import cached, fingerprint
from hipviz.model.distance import DistanceField
from hipviz.model.units import Floats

NEAR_MM = 15.0
SPACING_MM = 2.5
AT_ONCE = 4096
"""Nodes whose distances to all planes are in memory together."""

METHOD = "hull 1"


def hull_distance(name: str, points: Floats, grid: DistanceField) -> DistanceField:
    """Return the distance to the hull of `points` (k, 3), mm RAS, at the nodes of another field; kept on disk.

    Inside and farther away than `NEAR_MM` it is that to the farthest plane, which is enough to keep off it.
    name : whose it is, for the name of the cached file.
    """
    key = fingerprint(METHOD, points, grid.lowest, np.array(grid.shape), grid.spacing_mm)
    arrays = cached(f"distance-{name}", key, lambda: {"samples": _samples(points, grid)})
    return replace(grid, samples=np.asarray(arrays["samples"], dtype=np.float32))


def _samples(points: Floats, grid: DistanceField) -> Floats:
    """Return distance and gradient (nodes, 4) at every node of the grid."""
    from scipy.spatial import ConvexHull, cKDTree
    from trimesh.remesh import subdivide_to_size

    hull = ConvexHull(points)
    axes = [low + grid.spacing_mm * np.arange(n) for low, n in zip(grid.lowest, grid.shape, strict=True)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    ways, heights = hull.equations[:, :3].T, hull.equations[:, 3]
    blocks = np.array_split(nodes, len(nodes) // AT_ONCE + 1)
    distance = np.concatenate([(block @ ways + heights).max(axis=1) for block in blocks])
    near = np.flatnonzero((distance > 0.0) & (distance < NEAR_MM))
    divided: Any = subdivide_to_size
    spots, _ = divided(points, hull.simplices, SPACING_MM)
    away, _ = cKDTree(spots).query(nodes[near])
    distance[near] = np.maximum(distance[near], np.sqrt(np.maximum(away**2 - (0.4 * SPACING_MM) ** 2, 0.0)))
    gradient = np.stack(np.gradient(distance.reshape(grid.shape), grid.spacing_mm), axis=-1).reshape(-1, 3)
    return np.concatenate([distance[:, None], gradient], axis=1).astype(np.float32)


def nearer_of(one: DistanceField, other: DistanceField) -> DistanceField:
    """Return the distance to whichever of two bodies is nearer, of fields on the same grid."""
    nearer = other.samples[:, :1] < one.samples[:, :1]
    return replace(one, samples=np.where(nearer, other.samples, one.samples))
