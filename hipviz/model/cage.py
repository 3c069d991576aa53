"""Control cages: coarse triangle meshes that Loop subdivision turns into smooth bones, and points bound to them.

Reading cages from files lives in `assets`, laying a cage onto a scanned bone in `fitting`.
"""

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from hipviz.model.nearest import nearest_on
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

BINDING_LEVEL = 3
"""Level of subdivision on which points are bound and placed: what is drawn at high detail."""

_FIRST_CORNER = np.array([1.0, 0.0, 0.0])


@dataclass(frozen=True, eq=False)
class Cage:
    """A closed control mesh.

    vertices : (n, 3) float, mm.
    faces : (m, 3) int, counter-clockwise seen from outside.
    """

    vertices: Floats
    faces: Ints
    _levels: dict[int, tuple[sp.csr_matrix, Ints]] = field(default_factory=dict, repr=False)

    def subdivided(self, levels: int) -> Surface:
        """Return the surface after `levels` steps of Loop subdivision (2 = normal, 3 = high detail)."""
        matrix, faces = self.subdivision(levels)
        return Surface(np.asarray(matrix @ self.vertices), faces)

    def subdivision(self, levels: int) -> tuple[sp.csr_matrix, Ints]:
        """Return `loop_subdivision` of this cage's faces, computed once per level."""
        if levels not in self._levels and levels > 0:
            matrix, faces = self.subdivision(levels - 1)
            step, faces = _loop_step(faces, matrix.shape[0])
            self._levels[levels] = sp.csr_matrix(step @ matrix), faces
        elif levels not in self._levels:
            self._levels[levels] = loop_subdivision(self.faces, len(self.vertices), levels)
        return self._levels[levels]

    def moved(self, vertices: Floats) -> "Cage":
        """Return the same topology over other `vertices` (n, 3), sharing the subdivision matrices."""
        return Cage(vertices, self.faces, self._levels)


def loop_subdivision(faces: Ints, n_vertices: int, levels: int) -> tuple[sp.csr_matrix, Ints]:
    """Return the (n_fine, n_vertices) matrix and the fine faces of `levels` Loop steps.

    Positions at that level are `matrix @ cage vertices`. Face f of one level has the children 4f … 4f + 3 of the
    next: the corners in order, then the middle one. Weights after C. Loop, Smooth subdivision surfaces based on
    triangles, 1987. The mesh must be closed.
    """
    matrix = sp.identity(n_vertices, format="csr")
    fine = np.asarray(faces, dtype=np.int64)
    for _ in range(levels):
        step, fine = _loop_step(fine, matrix.shape[0])
        matrix = sp.csr_matrix(step @ matrix)
    return matrix, fine


def _loop_step(faces: Ints, n: int) -> tuple[sp.csr_matrix, Ints]:
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    opposite = np.concatenate([faces[:, 2], faces[:, 0], faces[:, 1]])
    # An edge as one number: sorting those takes a fifth of the time of sorting pairs, and gives the same order.
    code, edge_of_side = np.unique(sides.min(axis=1) * n + sides.max(axis=1), return_inverse=True)
    edges = np.stack(np.divmod(code, n), axis=1)
    count = len(edges)

    # An old vertex: (1 − kβ) itself + β each of its k neighbours.
    valence = np.bincount(edges.ravel(), minlength=n)
    k = np.maximum(valence, 1)
    beta = (5 / 8 - (3 / 8 + np.cos(2 * np.pi / k) / 4) ** 2) / k
    start, end = edges.T
    rows = [np.arange(n), start, end]
    columns = [np.arange(n), end, start]
    values = [1.0 - valence * beta, beta[start], beta[end]]
    # A new vertex: 3/8 of both ends of its edge + 1/8 of the corner opposite in either face.
    new = n + np.arange(count)
    rows += [new, new, n + edge_of_side]
    columns += [start, end, opposite]
    values += [np.full(count, 3 / 8), np.full(count, 3 / 8), np.full(len(opposite), 1 / 8)]
    step = sp.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(n + count, n)
    )

    a, b, c = faces.T
    ab, bc, ca = n + edge_of_side.reshape(3, -1)
    children = [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    return step, np.stack([np.stack(child, axis=1) for child in children], axis=1).reshape(-1, 3)


@dataclass(frozen=True, eq=False)
class Binding:
    """Points bound to a cage: they keep their place on the bone whatever its level of detail and its shape.

    triangles : (k,) int, faces of the cage.
    weights : (k, 3) float, barycentric within the face (in the parameters that the 1→4 splits halve).
    """

    triangles: Ints
    weights: Floats

    def __len__(self) -> int:
        return len(self.triangles)


def bind(cage: Cage, points: Floats) -> Binding:
    """Bind `points` (k, 3) to the nearest places of the cage's level-3 surface."""
    nearest = nearest_on(cage.subdivided(BINDING_LEVEL), np.atleast_2d(points))
    return _to_cage(nearest.triangles, nearest.weights, BINDING_LEVEL)


def place(cage: Cage, binding: Binding, level: int = BINDING_LEVEL) -> Floats:
    """Return where bound points lie, (k, 3), on the surface at `level`."""
    matrix = binding_matrix(cage, binding, level)
    return np.asarray(matrix @ cage.vertices)


def binding_matrix(cage: Cage, binding: Binding, level: int = BINDING_LEVEL) -> sp.csr_matrix:
    """Return the (k, n) matrix that gives the bound points from the cage's vertices."""
    subdivision, faces = cage.subdivision(level)
    triangles, weights = _to_level(binding.triangles, binding.weights, level)
    rows = np.repeat(np.arange(len(triangles)), 3)
    corners = sp.csr_matrix(
        (weights.ravel(), (rows, faces[triangles].ravel())), shape=(len(triangles), subdivision.shape[0])
    )
    return sp.csr_matrix(corners @ subdivision)


def rebind(old: Cage, new: Cage, binding: Binding) -> Binding:
    """Return `binding` for a cage of another topology, keeping the points where they lie in space."""
    return bind(new, place(old, binding))


def _to_level(triangles: Ints, weights: Floats, level: int) -> tuple[Ints, Floats]:
    """Follow points of cage faces down into their child faces."""
    weights = np.asarray(weights, dtype=np.float64)
    for _ in range(level):
        child = np.where((weights >= 0.5).any(axis=1), weights.argmax(axis=1), 3)
        # A corner child has the corners (a, ab, ca) in the order of the face turned so that it comes first.
        turned = np.take_along_axis(weights, (child[:, None] + np.arange(3)) % 3, axis=1)
        in_corner = turned * 2.0 - _FIRST_CORNER
        in_middle = 1.0 - 2.0 * weights[:, [2, 0, 1]]
        weights = np.where(child[:, None] < 3, in_corner, in_middle)
        triangles = 4 * triangles + child
    return triangles, weights


def _to_cage(triangles: Ints, weights: Floats, level: int) -> Binding:
    """Follow points of fine faces up to the faces of the cage."""
    for _ in range(level):
        triangles, child = np.divmod(triangles, 4)
        in_corner = (weights + _FIRST_CORNER) / 2.0
        back = (np.arange(3) - child[:, None]) % 3
        from_corner = np.take_along_axis(in_corner, back, axis=1)
        from_middle = ((1.0 - weights) / 2.0)[:, [1, 2, 0]]
        weights = np.where(child[:, None] < 3, from_corner, from_middle)
    return Binding(triangles, weights)
