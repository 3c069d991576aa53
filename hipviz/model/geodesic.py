"""Distance along a surface: how far every vertex is from a curve that lies on it, and finer meshes to measure on.

What the distances are used for (pain zones) lives in `zones`.
"""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

SAMPLE_MM = 2.0
"""Spacing at which curves are sampled."""

FAR = 1e6


def midpoint_subdivision(faces: Ints, n_vertices: int) -> tuple[sp.csr_matrix, Ints]:
    """Return the matrix (n_fine, n_vertices) and faces of the mesh with every triangle cut into four, flat.

    The old vertices keep their numbers; the mesh may have borders.
    """
    sides = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    # An edge as one number: sorting those takes a fifth of the time of sorting pairs, and gives the same order.
    code, edge_of_side = np.unique(sides[:, 0] * n_vertices + sides[:, 1], return_inverse=True)
    edges = np.stack(np.divmod(code, n_vertices), axis=1)
    middle = n_vertices + edge_of_side.reshape(-1, 3)
    a, b, c = faces.T
    ab, bc, ca = middle.T
    fine = np.stack((a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca), axis=1).reshape(-1, 3)
    n_edges = len(edges)
    halves = sp.csr_matrix(
        (np.full(2 * n_edges, 0.5), (np.repeat(np.arange(n_edges), 2), edges.ravel())), shape=(n_edges, n_vertices)
    )
    return sp.csr_matrix(sp.vstack((sp.identity(n_vertices), halves))), fine


def resampled(points: Floats, step: float = SAMPLE_MM) -> Floats:
    """Return a polyline (k, 3 + extra columns) at even steps along its first three columns."""
    along = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1))))
    count = max(2, int(np.ceil(along[-1] / step)) + 1)
    at = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(at, along, column) for column in points.T], axis=1)


@dataclass(frozen=True, eq=False)
class Geodesy:
    """A mesh prepared for measuring along it."""

    surface: Surface
    _updates: tuple[Ints, Floats, Floats, Floats, Floats, Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Every corner of a triangle can be reached across the side opposite to it: lay that side on the x axis.
        faces = self.surface.faces
        triples = np.concatenate((faces, faces[:, [1, 2, 0]], faces[:, [2, 0, 1]]))
        triples = triples[np.argsort(triples[:, 2], kind="stable")]
        a, b, c = (self.surface.vertices[triples[:, k]] for k in range(3))
        length = np.linalg.norm(b - a, axis=1)
        x = ((c - a) * (b - a)).sum(axis=1) / length
        y = np.linalg.norm((c - a) - (x / length)[:, None] * (b - a), axis=1)
        updates = (triples, length, x, y, np.hypot(x, y), np.hypot(x - length, y))
        object.__setattr__(self, "_updates", updates)

    def offset_distance(self, curve: Floats, radius: Floats, reach: float) -> Floats:
        """Return min over the curve of (distance along the surface − radius there), (n,) mm.

        curve : (k, 3) on the surface, mm; radius : (k,) mm. Negative values lie inside the strip that a disc of
        changing radius sweeps along the curve. Vertices farther outside than `reach` hold some value above it.

        Solves the eikonal equation |∇f| = 1 by repeated planar updates of every triangle (Kimmel and Sethian,
        Computing geodesic paths on manifolds, 1998), all triangles at once. Next to the curve, where straight
        and surface distance agree, the exact value is held.
        """
        samples = np.column_stack((curve, radius))
        samples = resampled(samples) if len(samples) > 1 else samples
        vertices = self.surface.vertices
        widest = float(samples[:, 3].max())
        straight = np.full(len(vertices), FAR)
        value = np.full(len(vertices), FAR)
        for point in samples:
            way = vertices - point[:3]
            distance = np.sqrt(np.einsum("ij,ij->i", way, way))
            np.minimum(straight, distance, out=straight)
            np.minimum(value, distance - point[3], out=value)
        triples, length, *sides = self._updates
        near = straight < 2.5 * float(np.median(length))
        value[~near] = FAR
        inside = straight < widest + reach + 10.0
        chosen = inside[triples].all(axis=1) & ~near[triples[:, 2]]
        triples, length, sides = triples[chosen], length[chosen], [side[chosen] for side in sides]
        if not len(triples):
            return value
        start = np.flatnonzero(np.concatenate(([True], np.diff(triples[:, 2]) > 0)))
        targets = triples[start, 2]
        for _ in range(400):
            reached = _across(value[triples[:, 0]], value[triples[:, 1]], length, *sides)
            best = np.minimum(np.minimum.reduceat(reached, start), value[targets])
            change = float((value[targets] - best).max())
            value[targets] = best
            if change < 1e-3:
                break
        return value


def _across(
    fa: Floats, fb: Floats, length: Floats, x: Floats, y: Floats, from_a: Floats, from_b: Floats
) -> Floats:
    """Return the value at (x, y) of a front that crosses the side (0, 0)–(length, 0), fa and fb at its ends.

    from_a, from_b : how far (x, y) is from these ends.
    """
    along = np.minimum(fa + from_a, fb + from_b)
    slope = np.clip((fb - fa) / length, -0.999999, 0.999999)
    rise = np.sqrt(1.0 - slope**2)
    foot = x - y * slope / rise
    straight = (foot >= 0.0) & (foot <= length) & (np.abs(fb - fa) < length)
    return np.where(straight, np.minimum(along, fa + slope * x + rise * y), along)
