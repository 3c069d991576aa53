"""Nearest points on triangles and on surfaces, and even samples of a surface.

Only geometry between points and triangles lives here; signed distance grids and contact live elsewhere.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

CANDIDATES = 32
"""Triangles looked at per point: those with the nearest centroids (enough where sizes change gradually)."""


def closest_weights(points: Floats, corners: Floats) -> Floats:
    """Return barycentric weights (k, 3) of the point of each triangle that is nearest to its point.

    points : (k, 3); corners : (k, 3, 3). Triangles may degenerate to segments or points.
    """
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    u, v, w = b - a, c - a, points - a
    uu, uv, vv = _dot(u, u), _dot(u, v), _dot(v, v)
    wu, wv = _dot(w, u), _dot(w, v)
    determinant = uu * vv - uv * uv
    solid = determinant > 1e-12 * uu * vv
    safe = np.where(solid, determinant, 1.0)
    beta = np.where(solid, (vv * wu - uv * wv) / safe, -1.0)
    gamma = np.where(solid, (uu * wv - uv * wu) / safe, -1.0)
    weights = np.stack([1.0 - beta - gamma, beta, gamma], axis=1)
    outside = np.flatnonzero((weights < 0.0).any(axis=1))
    if len(outside):
        weights[outside] = _on_border(points[outside], corners[outside])
    return weights


def _on_border(points: Floats, corners: Floats) -> Floats:
    """Return weights of the nearest point on the three sides of each triangle."""
    options = np.zeros((3, len(points), 3))
    distances = np.empty((3, len(points)))
    for side in range(3):
        start, end = corners[:, side], corners[:, (side + 1) % 3]
        along = end - start
        share = np.clip(_dot(points - start, along) / np.maximum(_dot(along, along), 1e-300), 0.0, 1.0)
        options[side, :, side] = 1.0 - share
        options[side, :, (side + 1) % 3] = share
        gap = start + share[:, None] * along - points
        distances[side] = _dot(gap, gap)
    return np.asarray(options[distances.argmin(axis=0), np.arange(len(points))])


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest points of a surface to k points.

    triangles : (k,) int; weights : (k, 3) barycentric; positions : (k, 3); distances : (k,) mm, unsigned.
    """

    triangles: Ints
    weights: Floats
    positions: Floats
    distances: Floats


def nearest_on(surface: Surface, points: Floats) -> Nearest:
    """Return the nearest points of `surface` to `points` (k, 3)."""
    from scipy.spatial import cKDTree  # a quarter of a second, that the start of the window can do without

    corners = surface.vertices[surface.faces]
    tree = cKDTree(corners.mean(axis=1))
    count = min(CANDIDATES, len(corners))
    pieces = [_nearest_among(corners, tree, count, block) for block in _blocks(points, 20_000)]
    triangles, weights = (np.concatenate(part) for part in zip(*pieces, strict=True))
    positions = np.einsum("ki,kij->kj", weights, corners[triangles])
    return Nearest(triangles, weights, positions, np.linalg.norm(positions - points, axis=1))


def _nearest_among(corners: Floats, tree: "cKDTree", count: int, points: Floats) -> tuple[Ints, Floats]:
    candidates = np.asarray(tree.query(points, count)[1], dtype=np.int64).reshape(len(points), count)
    repeated = np.repeat(points, count, axis=0)
    flat = candidates.ravel()
    weights = closest_weights(repeated, corners[flat])
    gaps = np.einsum("ki,kij->kj", weights, corners[flat]) - repeated
    best = _dot(gaps, gaps).reshape(-1, count).argmin(axis=1)
    rows = np.arange(len(points))
    return candidates[rows, best], weights.reshape(-1, count, 3)[rows, best]


def even_samples(surface: Surface, count: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Return about `count` points spread evenly over a surface, and the unit normals there, both (k, 3).

    Stratified by area along the list of faces, so that no part of the surface is left out by chance.
    """
    generator = np.random.default_rng(seed)
    corners = surface.vertices[surface.faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    cumulated = np.cumsum(areas)
    targets = (np.arange(count) + generator.random(count)) / count * cumulated[-1]
    triangles = np.minimum(np.searchsorted(cumulated, targets), len(areas) - 1)
    r, s = np.sqrt(generator.random(count)), generator.random(count)
    weights = np.stack([1.0 - r, r * (1.0 - s), r * s], axis=1)
    normals = np.einsum("ki,kij->kj", weights, surface.normals()[surface.faces[triangles]])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
    return np.einsum("ki,kij->kj", weights, corners[triangles]), normals


def _blocks(points: Floats, size: int) -> list[Floats]:
    return [points[start : start + size] for start in range(0, max(len(points), 1), size)]


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", a, b))
