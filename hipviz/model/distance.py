"""Signed distance to a bone and its gradient, sampled once on a grid and read off by interpolation.

How far a point is outside a bone, and which way is out, is all that soft tissue asks of a bone. What is done
with the answer (wrapping, pushing out) lives with the tissue.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hipviz.model.cache import cached, fingerprint
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Singles

_METHOD = "signed distance 3"  # change it whenever the numbers change: it is part of the cache key


@dataclass(frozen=True, eq=False)
class DistanceField:
    """Signed distance to a closed surface on a regular grid; positive outside.

    samples : (nx·ny·nz, 4) float32, distance (mm) and its gradient at every node, z running fastest.
    lowest : (3,) float, mm, position of the first node. A query beyond the grid gets the value at its border.
    """

    samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
    shape: tuple[int, int, int]
    lowest: Floats
    spacing_mm: float

    @cached_property
    def _last(self) -> Floats:
        return np.array(self.shape) - 1.0 - 1e-6

    @cached_property
    def _strides(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.array([self.shape[1] * self.shape[2], self.shape[2], 1], dtype=np.int32)

    @cached_property
    def _corners(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.array(list(np.ndindex(2, 2, 2)), dtype=np.int32) @ self._strides

    def sample(self, points: Floats) -> tuple[Floats, Floats]:
        """Return distance (n,) in mm and gradient (n, 3) at `points` (n, 3), trilinear between the nodes."""
        corners, share = self._around(points)
        values = _interpolated(self.samples.take(corners, axis=0).reshape(len(points), 32), share)
        return values[0].astype(np.float64), np.ascontiguousarray(values[1:].T, dtype=np.float64)

    def distance(self, points: Floats) -> Floats:
        """Return only the distance (n,), mm, of `sample`: it costs half as much."""
        corners, share = self._around(points)
        distance = _interpolated(self.samples.reshape(-1).take(4 * corners), share)[0]
        return np.asarray(distance, dtype=np.float64)

    def _around(self, points: Floats) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int32]], Singles]:
        """Return the eight nodes (n, 8) around each point, and how far (3, n) it lies from the first one, 0…1."""
        # This is the inner loop of every frame: few calls, points along memory.
        place = (points.T - self.lowest[:, None]) * (1.0 / self.spacing_mm)
        place = np.minimum(np.maximum(place, 0.0), self._last[:, None])
        node = place.astype(np.int32)
        first = self._strides[0] * node[0] + self._strides[1] * node[1] + node[2]
        return first[:, None] + self._corners, (place - node).astype(np.float32)

    def pushed(self, points: Floats, clearance_mm: Floats | float) -> Floats:
        """Return `points` (n, 3), those nearer than `clearance_mm` (n,) moved straight out to that distance."""
        lacking = clearance_mm - self.distance(points)
        near = np.flatnonzero(lacking > 0.0)
        result = points.copy()
        result[near] += lacking[near, None] * self.sample(points[near])[1]
        return result

    def snapped(self, points: Floats, clearance_mm: Floats | float = 0.0) -> Floats:
        """Return `points` (n, 3), inside or outside, brought to `clearance_mm` along the gradient."""
        for _ in range(6):
            distance, gradient = self.sample(points)
            steepness = np.maximum(np.einsum("ij,ij->i", gradient, gradient), 0.1)
            points = points + ((clearance_mm - distance) / steepness)[:, None] * gradient
        return points


def _interpolated(corners: Singles, share: Singles) -> Singles:
    """Return k values (k, n) at a `share` (3, n) of the way between those at eight corners (n, 8 k)."""
    values = np.ascontiguousarray(corners.T)
    for part in share:  # of the eight corners four are left, then two, then one
        near, far = values[: len(values) // 2], values[len(values) // 2 :]
        values = near + (far - near) * part
    return values


def distance_field(
    name: str, surface: Surface, low: Floats, high: Floats, spacing_mm: float = 2.0
) -> DistanceField:
    """Return the distance field of `surface` within the box `low`…`high` (3,), from the cache if it can be.

    `name` says whose it is, for the name of the cached file.
    """
    shape = tuple(int(n) for n in np.ceil((high - low) / spacing_mm).astype(int) + 1)
    key = fingerprint(_METHOD, surface.vertices, surface.faces, low, np.array(shape), spacing_mm)
    arrays = cached(f"distance-{name}", key, lambda: {"samples": _built(surface, low, shape, spacing_mm)})
    samples = np.asarray(arrays["samples"], dtype=np.float32)
    return DistanceField(samples, (shape[0], shape[1], shape[2]), low, spacing_mm)


def _built(surface: Surface, low: Floats, shape: tuple[int, ...], spacing_mm: float) -> Floats:
    """Return distance and gradient (nodes, 4) at every node of the grid.

    Nodes within a few steps of the surface ask a search tree; all others take over the nearest surface sample
    (and the side) of the nearest of those nodes, which an exact distance transform of the grid finds at once.
    """
    # Needed only when nothing is cached; a third of a second, that the start of the window can do without.
    from scipy.ndimage import binary_dilation, distance_transform_edt
    from scipy.spatial import cKDTree

    points, normals = _dense_sample(surface, low, low + spacing_mm * (np.array(shape) - 1.0))
    axes = [low[i] + spacing_mm * np.arange(shape[i]) for i in range(3)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    touched = np.zeros(shape, dtype=bool)
    cells = np.rint((points - low) / spacing_mm).astype(int)
    within = np.all((cells >= 0) & (cells < np.array(shape)), axis=1)
    touched[tuple(cells[within].T)] = True
    near = binary_dilation(touched, iterations=3)
    tree = cKDTree(points)
    distance, sample = tree.query(nodes[near])
    nearest = np.zeros(shape, dtype=np.int64)
    nearest[near] = sample
    side = np.zeros(shape)
    height = np.einsum("ij,ij->i", nodes[near] - points[sample], normals[sample])
    side[near] = np.where(height < 0.0, -1.0, 1.0)
    source = tuple(distance_transform_edt(~near, return_distances=False, return_indices=True))
    nearest, side = nearest[source], side[source]
    grid = _lengths(nodes - points[nearest])
    for axis in range(3):  # a neighbour's sample may be nearer: the transform knew the nodes, not the surface
        for step in (-3, 3, -1, 1):
            other = np.roll(nearest, step, axis=axis)
            new = np.flatnonzero(other != nearest)
            closer = _lengths(nodes.reshape(-1, 3)[new] - points[other.flat[new]])
            better = closer < grid.flat[new]
            nearest.flat[new[better]], grid.flat[new[better]] = other.flat[new[better]], closer[better]
    grid *= side
    grid[near] = _refined(np.asarray(distance), height)
    gradient = np.gradient(grid, spacing_mm)
    return np.stack([grid, *gradient], axis=-1).reshape(-1, 4).astype(np.float32)


def _lengths(ways: Floats) -> Floats:
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", ways, ways)))


def _dense_sample(surface: Surface, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return points and unit normals (k, 3), about a millimetre apart, near the box."""
    vertices, faces = surface.vertices, surface.faces
    normals = surface.normals()
    inside = np.all((vertices > low - 12.0) & (vertices < high + 12.0), axis=1)
    near = faces[inside[faces].any(axis=1)]
    edge = np.linalg.norm(vertices[near] - vertices[np.roll(near, 1, axis=1)], axis=2).max(axis=1)
    parts: list[tuple[Floats, Floats]] = [(vertices[np.unique(near)], normals[np.unique(near)])]
    steps = np.clip(np.ceil(edge / 1.4).astype(int), 1, 12)
    for n in np.unique(steps):
        chosen = near[steps == n]
        weights = np.array(
            [[i, j, n - i - j] for i in range(n + 1) for j in range(n + 1 - i) if max(i, j, n - i - j) < n]
        )
        weights = np.vstack([weights.reshape(-1, 3) / n, [[1 / 3, 1 / 3, 1 / 3]]])
        parts.append(
            (
                np.einsum("kc,fcx->fkx", weights, vertices[chosen]).reshape(-1, 3),
                np.einsum("kc,fcx->fkx", weights, normals[chosen]).reshape(-1, 3),
            )
        )
    points = np.concatenate([part[0] for part in parts])
    directions = np.concatenate([part[1] for part in parts])
    # Faces share their edges: keep one sample of each place, or the tree grows deep on duplicates.
    _, unique = np.unique(
        np.rint(points * 4.0).astype(np.int64) @ np.array([1 << 40, 1 << 20, 1]), return_index=True
    )
    points, directions = points[unique], directions[unique]
    return points, directions / (np.linalg.norm(directions, axis=1, keepdims=True) + 1e-12)


def _refined(distance: Floats, height: Floats) -> Floats:
    """Return signed distances (n,) from the `distance` to the nearest sample and the `height` over its plane.

    Close to the surface the height is the better one (a sample is rarely the foot of the perpendicular),
    farther away the distance; where both disagree much the sample lies on an edge and no plane is right.
    """
    sideways = np.sqrt(np.maximum(distance**2 - height**2, 0.0))
    far = np.maximum(np.clip((distance - 1.0) / 1.5, 0.0, 1.0), np.clip(sideways - 0.8, 0.0, 1.0))
    return np.asarray((1.0 - far) * height + far * np.where(height < 0.0, -distance, distance))
