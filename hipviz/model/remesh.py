"""Drawing a control cage on a dense surface: few triangles, evenly shaped, small where the surface bends.

Where the dense surface comes from does not matter here; laying the cage onto a scanned bone is `fitting`.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from hipviz.model.cage import Cage
from hipviz.model.nearest import nearest_on
from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.units import Floats, Ints

LONGEST, SHORTEST = 4 / 3, 4 / 5
"""Edges beyond these multiples of the wanted length are split or collapsed (Botsch and Kobbelt 2004)."""


@dataclass(frozen=True)
class Sizing:
    """How long the edges of a cage may be.

    target_vertices : about how many vertices the cage is to have.
    shortest_mm, longest_mm : limits of edge length, whatever the curvature.
    grading : how much the wanted length may change per mm of way.
    fine_at : (k, 4) places x y z and the longest edge wanted there, mm (tips and borders that curvature misses).
    """

    target_vertices: int
    shortest_mm: float
    longest_mm: float
    grading: float = 0.45
    fine_at: tuple[tuple[float, float, float, float], ...] = ()


def remeshed(surface: Surface, sizing: Sizing, start: Surface | None = None, rounds: int = 8) -> Cage:
    """Return a cage whose vertices lie on `surface` (dense, closed).

    start : coarser surface of the same shape and topology to begin from; saves time.
    """
    lengths = edge_lengths(surface, sizing)
    begin = surface if start is None else start
    vertices, faces = begin.vertices, begin.faces
    tree = cKDTree(surface.vertices)
    for number in range(rounds):
        mesh = _Mesh(vertices, faces, lengths[tree.query(vertices)[1]])
        mesh.split_long()
        mesh.collapse_short()
        mesh.even_out_valences()
        vertices, faces = mesh.arrays()
        for _ in range(6 if number == rounds - 1 else 3):
            vertices = _evened(vertices, faces, lengths, tree)
            vertices = nearest_on(surface, vertices).positions
    return Cage(vertices, faces)


def edge_lengths(surface: Surface, sizing: Sizing) -> Floats:
    """Return the wanted edge length (n,) at every vertex of `surface`, mm.

    Lengths go with the root of the radius of curvature, which spreads the chord error evenly, times one factor
    that is searched so that the wanted lengths add up to `target_vertices`.
    """
    bend = np.sqrt(1.0 / np.maximum(_curvature(surface), 1e-4))
    corners = surface.vertices[surface.faces]
    areas = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    low, high = 0.1, 20.0
    for _ in range(18):
        factor = math.sqrt(low * high)
        lengths = _graded(surface, np.clip(factor * bend, sizing.shortest_mm, sizing.longest_mm), sizing)
        # An even triangle of side h has the area √3/4 h², and there are two triangles to a vertex.
        expected = (areas / (math.sqrt(3.0) / 4.0 * lengths[surface.faces].mean(axis=1) ** 2)).sum() / 2.0
        low, high = (factor, high) if expected > sizing.target_vertices else (low, factor)
    return lengths


def _curvature(surface: Surface, scale_mm: float = 5.0) -> Floats:
    """Return about the largest normal curvature (n,), 1/mm, from the turn of the normals over `scale_mm`."""
    vertices, normals = surface.vertices, surface.normals()
    distances, others = cKDTree(vertices).query(vertices, 40, distance_upper_bound=scale_mm)
    known = np.isfinite(distances) & (distances > 0.35 * scale_mm)
    others = np.where(known, others, 0)
    turn = np.linalg.norm(normals[others] - normals[:, None], axis=2) / np.where(known, distances, 1.0)
    same_side = np.einsum("nkj,nj->nk", normals[others], normals) > -0.2  # not through a thin plate
    turn = np.where(known & same_side, turn, np.nan)
    turn[np.isnan(turn).all(axis=1)] = 1.0 / scale_mm
    return np.asarray(np.nanpercentile(turn, 90, axis=1))


def _graded(surface: Surface, lengths: Floats, sizing: Sizing) -> Floats:
    lengths = lengths.copy()
    for x, y, z, wanted in sizing.fine_at:
        way = np.linalg.norm(surface.vertices - (x, y, z), axis=1)
        lengths = np.minimum(lengths, wanted + sizing.grading * way)
    sides = surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    way = sizing.grading * np.linalg.norm(surface.vertices[sides[:, 0]] - surface.vertices[sides[:, 1]], axis=1)
    for _ in range(40):
        before = lengths.copy()
        np.minimum.at(lengths, sides[:, 0], before[sides[:, 1]] + way)
        if np.array_equal(before, lengths):
            break
    return lengths


def _evened(vertices: Floats, faces: Ints, lengths: Floats, tree: cKDTree) -> Floats:
    """Move vertices within the surface towards the middle of their triangles, large triangles pulling more."""
    corners = vertices[faces]
    middles = corners.mean(axis=1)
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    pull = areas / lengths[tree.query(middles)[1]] ** 2
    at_corner = incidence(faces, len(vertices))
    goal = (at_corner @ (pull[:, None] * middles)) / (at_corner @ pull)[:, None]
    normals = vertex_normals(vertices, faces, at_corner)
    step = goal - vertices
    step -= np.einsum("ij,ij->i", step, normals)[:, None] * normals
    return np.asarray(vertices + 0.6 * step)


class _Mesh:
    """A closed mesh under the knife. Plain tuples: single edges are handled faster so than in small arrays."""

    def __init__(self, vertices: Floats, faces: Ints, lengths: Floats) -> None:
        self.points: list[tuple[float, ...]] = [tuple(point) for point in vertices.tolist()]
        self.lengths: list[float] = lengths.tolist()
        self.faces: dict[int, tuple[int, ...]] = dict(enumerate(map(tuple, faces.tolist())))
        self.around: list[set[int]] = [set() for _ in self.points]
        self.next_face = len(self.faces)
        for number, face in self.faces.items():
            for vertex in face:
                self.around[vertex].add(number)

    def arrays(self) -> tuple[Floats, Ints]:
        used, faces = np.unique(np.array(list(self.faces.values()), dtype=np.int64), return_inverse=True)
        return np.array([self.points[vertex] for vertex in used]), faces.reshape(-1, 3).astype(np.int64)

    def split_long(self) -> None:
        for a, b in reversed(self._edges_by_length()):
            wanted = 0.5 * (self.lengths[a] + self.lengths[b])
            if math.dist(self.points[a], self.points[b]) <= LONGEST * wanted:
                continue
            middle = len(self.points)
            self.points.append(_middle(self.points[a], self.points[b]))
            self.lengths.append(wanted)
            self.around.append(set())
            for number in self.around[a] & self.around[b]:
                face = self._remove(number)
                self._add(tuple(middle if vertex == a else vertex for vertex in face))
                self._add(tuple(middle if vertex == b else vertex for vertex in face))

    def collapse_short(self) -> None:
        for a, b in self._edges_by_length():
            shared = self.around[a] & self.around[b]
            wanted = 0.5 * (self.lengths[a] + self.lengths[b])
            if len(shared) == 2 and math.dist(self.points[a], self.points[b]) < SHORTEST * wanted:
                self._collapse(a, b, shared)

    def _collapse(self, a: int, b: int, shared: set[int]) -> None:
        """Merge b into a at their middle, unless that would fold, pinch or over-stretch the mesh."""
        near_a, near_b = self._neighbours(a), self._neighbours(b)
        both = near_a & near_b
        ring = (near_a | near_b) - {a, b}
        if len(both) != 2 or len(ring) < 3 or any(len(self.around[vertex]) <= 3 for vertex in both):
            return
        middle = _middle(self.points[a], self.points[b])
        wanted = 0.5 * (self.lengths[a] + self.lengths[b])
        if any(math.dist(middle, self.points[v]) > LONGEST * 0.5 * (wanted + self.lengths[v]) for v in ring):
            return
        for number in (self.around[a] | self.around[b]) - shared:
            face = self.faces[number]
            before = [self.points[vertex] for vertex in face]
            after = [middle if vertex in (a, b) else self.points[vertex] for vertex in face]
            if _turn(_normal(before), _normal(after)) < 0.3:
                return
        self.points[a] = middle
        for number in list(shared):
            self._remove(number)
        for number in list(self.around[b]):
            self._add(tuple(a if vertex == b else vertex for vertex in self._remove(number)))

    def even_out_valences(self) -> None:
        for a, b in self._edges_by_length():
            numbers = list(self.around[a] & self.around[b])
            if len(numbers) == 2:
                self._flip(a, b, numbers)

    def _flip(self, a: int, b: int, numbers: list[int]) -> None:
        """Turn the edge a-b inside its quadrilateral, if that brings valences nearer to six and does not fold."""
        first, second = (self.faces[number] for number in numbers)
        if first[(first.index(a) + 1) % 3] != b:
            first, second = second, first
        c = next(vertex for vertex in first if vertex not in (a, b))
        d = next(vertex for vertex in second if vertex not in (a, b))
        if c == d or d in self._neighbours(c) or min(len(self.around[a]), len(self.around[b])) < 5:
            return
        valences = [len(self.around[vertex]) - 6 for vertex in (a, b, c, d)]
        change = [-1, -1, 1, 1]
        if sum((v + s) ** 2 for v, s in zip(valences, change, strict=True)) >= sum(v * v for v in valences):
            return
        at = self.points
        before = [
            sum(pair) for pair in zip(*(_normal([at[v] for v in face]) for face in (first, second)), strict=True)
        ]
        new = ((c, a, d), (c, d, b))
        if any(_turn(tuple(before), _normal([at[vertex] for vertex in face])) < 0.6 for face in new):
            return
        for number in numbers:
            self._remove(number)
        for face in new:
            self._add(face)

    def _edges_by_length(self) -> list[tuple[int, int]]:
        edges = {
            (min(a, b), max(a, b)) for f in self.faces.values() for a, b in zip(f, f[1:] + f[:1], strict=True)
        }
        return sorted(edges, key=lambda edge: (math.dist(self.points[edge[0]], self.points[edge[1]]), edge))

    def _neighbours(self, vertex: int) -> set[int]:
        return {other for number in self.around[vertex] for other in self.faces[number]} - {vertex}

    def _add(self, face: tuple[int, ...]) -> None:
        self.faces[self.next_face] = face
        for vertex in face:
            self.around[vertex].add(self.next_face)
        self.next_face += 1

    def _remove(self, number: int) -> tuple[int, ...]:
        face = self.faces.pop(number)
        for vertex in face:
            self.around[vertex].discard(number)
        return face


def _middle(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(0.5 * (x + y) for x, y in zip(a, b, strict=True))


def _normal(corners: list[tuple[float, ...]]) -> tuple[float, ...]:
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = corners
    ux, uy, uz, vx, vy, vz = bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az
    return (uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)


def _turn(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return the cosine between two vectors, −1 when either has no length."""
    size = math.hypot(*a) * math.hypot(*b)
    return sum(x * y for x, y in zip(a, b, strict=True)) / size if size > 1e-12 else -1.0
