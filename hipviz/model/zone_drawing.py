"""Geometry that lies on the skin and follows it: patches cut at a line, outlines as ribbons, stipple dots.

Each piece is a sparse matrix over skin vertices with fixed faces, so that a new pose only rewrites points. Colours
and actors live in the view.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

OUTLINE_STEP_MM = 2.0
OUTLINE_SMOOTHING_MM = 5.0
OUTLINE_WIDTH_MM = 2.2
DASH_MM, GAP_MM = 9.0, 6.0
CLEAR_MM = 5.0
DOT_SPACING_MM = 7.0
DOT_RADIUS_MM = 1.5
DOT_SIDES = 10
PATCH_LIFT_MM, DOT_LIFT_MM, OUTLINE_LIFT_MM = 0.6, 0.9, 1.2


@dataclass(frozen=True, eq=False)
class SkinPatch:
    """A piece of the skin with a crisp border.

    matrix : (k, n) from skin vertices to the patch's own; faces : (m, 3) int.
    """

    matrix: sp.csr_matrix
    faces: Ints

    def points(self, vertices: Floats, normals: Floats) -> Floats:
        """Return the patch's points (k, 3), just above a skin of these vertices and normals (n, 3)."""
        return np.asarray(self.matrix @ (vertices + PATCH_LIFT_MM * normals))

    def normals(self, normals: Floats) -> Floats:
        """Return the unit normals (k, 3) that go with `points`."""
        return _unit(self.matrix @ normals)

    def mirrored(self, mate: Ints) -> SkinPatch:
        """Return the patch on the other side of the body."""
        return SkinPatch(mirrored_matrix(self.matrix, mate), np.ascontiguousarray(self.faces[:, ::-1]))


@dataclass(frozen=True, eq=False)
class Ribbon:
    """Lines of even width on the skin, solid or dashed; all lines of a zone together.

    matrix : (k, n) from skin vertices to points along the lines; before, after : (k,) neighbours along the line.
    faces : (m, 3) int over the 2k points: first all left edges, then all right edges.
    """

    matrix: sp.csr_matrix
    before: Ints
    after: Ints
    faces: Ints
    width_mm: float = OUTLINE_WIDTH_MM

    def points(self, vertices: Floats, normals: Floats) -> Floats:
        """Return the ribbon's points (2k, 3), just above a skin of these vertices and normals (n, 3)."""
        middle = self.matrix @ vertices
        up = _unit(self.matrix @ normals)
        side = _unit(np.cross(up, middle[self.after] - middle[self.before]))
        middle = middle + OUTLINE_LIFT_MM * up
        half = 0.5 * self.width_mm * side
        return np.concatenate((middle + half, middle - half))

    def mirrored(self, mate: Ints) -> Ribbon:
        """Return the ribbon on the other side of the body."""
        faces = np.ascontiguousarray(self.faces[:, ::-1])
        # Seen in the mirror left is right: the edges change places, which the flipped faces undo.
        k = len(self.before)
        swapped = np.where(faces < k, faces + k, faces - k)
        return Ribbon(mirrored_matrix(self.matrix, mate), self.before, self.after, swapped, self.width_mm)


@dataclass(frozen=True, eq=False)
class Dots:
    """Stipple on the skin: small discs.

    matrix : (k, n) from skin vertices to the centres; faces : (m, 3) int over the k · DOT_SIDES points.
    """

    matrix: sp.csr_matrix
    faces: Ints
    radius_mm: float = DOT_RADIUS_MM

    def points(self, vertices: Floats, normals: Floats) -> Floats:
        """Return the rims of the discs (k · DOT_SIDES, 3), just above a skin of these vertices and normals."""
        up = _unit(self.matrix @ normals)
        centre = self.matrix @ vertices + DOT_LIFT_MM * up
        # Any two directions across the normal will do; take the axis that is least along it.
        helper = np.eye(3)[np.abs(up).argmin(axis=1)]
        first = _unit(np.cross(up, helper))
        second = np.cross(up, first)
        angle = 2.0 * np.pi * np.arange(DOT_SIDES) / DOT_SIDES
        rim = np.cos(angle)[:, None] * first[:, None] + np.sin(angle)[:, None] * second[:, None]
        return np.asarray((centre[:, None] + self.radius_mm * rim).reshape(-1, 3))

    def mirrored(self, mate: Ints) -> Dots:
        """Return the dots on the other side of the body (the discs are built from the normal: no flip)."""
        return Dots(mirrored_matrix(self.matrix, mate), self.faces, self.radius_mm)


def mirrored_matrix(matrix: sp.csr_matrix, mate: Ints) -> sp.csr_matrix:
    """Return a matrix over skin vertices with each vertex replaced by its mirror partner."""
    # Copied, since sorting the columns reorders the values in place.
    mirrored = sp.csr_matrix((matrix.data.copy(), mate[matrix.indices], matrix.indptr), shape=matrix.shape)
    mirrored.sort_indices()
    return mirrored


def clipped(faces: Ints, level: Floats, refine: sp.csr_matrix) -> tuple[SkinPatch, Ints]:
    """Cut the part of a mesh where `level` (n_fine,) is negative.

    refine : (n_fine, n) from skin vertices to those of the mesh. Returns the patch over skin vertices and its new
    border, segments (s, 2) of patch points in the direction that has the patch on the left.
    """
    inside = level < 0.0
    count = inside[faces].sum(axis=1)
    whole = faces[count == 3]
    # Turn each cut triangle so that its lone corner (alone inside, or alone outside) comes first.
    cut = faces[(count == 1) | (count == 2)]
    lone_inside = inside[cut].sum(axis=1) == 1
    first = (inside[cut] == lone_inside[:, None]).argmax(axis=1)
    lone, right, left = np.take_along_axis(cut, (first[:, None] + np.arange(3)) % 3, axis=1).T
    crossed = np.sort(np.concatenate((np.stack((lone, right), 1), np.stack((lone, left), 1))), axis=1)
    edges, number = np.unique(crossed, axis=0, return_inverse=True)
    kept = np.flatnonzero(np.isin(np.arange(len(level)), np.concatenate((whole.ravel(), cut[inside[cut]]))))
    place = np.full(len(level), -1)
    place[kept] = np.arange(len(kept))
    p, q = len(kept) + number.reshape(2, -1)
    alone = lone_inside
    triangles = np.concatenate(
        (
            place[whole],
            np.stack((place[lone], p, q), 1)[alone],
            np.stack((p, place[right], place[left]), 1)[~alone],
            np.stack((p, place[left], q), 1)[~alone],
        )
    )
    border = np.concatenate((np.stack((p, q), 1)[alone], np.stack((q, p), 1)[~alone]))
    share = level[edges[:, 0]] / (level[edges[:, 0]] - level[edges[:, 1]])
    rows = np.repeat(np.arange(len(edges)), 2)
    crossing = sp.csr_matrix(
        (np.stack((1.0 - share, share), 1).ravel(), (rows, edges.ravel())), shape=(len(edges), len(level))
    )
    identity = sp.identity(len(level), format="csr")[kept]
    return SkinPatch(sp.csr_matrix(sp.vstack((identity, crossing)) @ refine), triangles), border


def chains(segments: Ints) -> list[Ints]:
    """Join directed segments (s, 2) into lines of point numbers; a closed line ends with its first point."""
    following = dict(segments.tolist())
    reached = set(following.values())
    starts = [start for start in following if start not in reached] + list(following)
    lines = []
    while following:
        point = next(start for start in starts if start in following)
        line = [point]
        while point in following:
            point = following.pop(point)
            line.append(point)
        lines.append(np.array(line))
    return lines


def outline_ribbon(patch: SkinPatch, border: Ints, rest: Floats, beside: Floats | None = None) -> Ribbon:
    """Return the smooth outline of a patch; `rest` (n, 3) is the skin at rest, which sets spacing and dashes.

    beside : (k,) mm, how far the patch's points are from another line. Without it the outline is solid; with it,
    dashed, and left out where it would run along or inside that other line.
    """
    points = patch.matrix @ rest
    matrices, before, after, faces = [], [], [], []
    total = 0
    for line in chains(border):
        if len(line) < 8:
            continue  # a speck, smaller than the ribbon is wide
        smooth, closed, length = _evened(points[line])
        k = smooth.shape[0]
        pick = sp.csr_matrix((np.ones(len(line)), (np.arange(len(line)), line)), shape=(len(line), len(points)))
        matrices.append(smooth @ pick @ patch.matrix)
        number = np.arange(k)
        before.append(total + (number - 1) % k if closed else total + np.maximum(number - 1, 0))
        after.append(total + (number + 1) % k if closed else total + np.minimum(number + 1, k - 1))
        start = number if closed else number[:-1]
        if beside is not None:
            periods = max(1, round(length / (DASH_MM + GAP_MM)))
            phase = (start / len(start) * periods) % 1.0
            apart = (smooth @ beside[line])[start] > CLEAR_MM
            start = start[apart & (phase < DASH_MM / (DASH_MM + GAP_MM))]
        faces.append(np.stack((total + start, total + (start + 1) % k), 1))
        total += k
    segment = np.concatenate(faces)
    a, b = segment.T
    quads = np.concatenate((np.stack((a, b + total, b), 1), np.stack((a, a + total, b + total), 1)))
    return Ribbon(sp.csr_matrix(sp.vstack(matrices)), np.concatenate(before), np.concatenate(after), quads)


def _evened(points: Floats) -> tuple[sp.csr_matrix, bool, float]:
    """Return the (k, n) matrix that evens and smooths a polyline (n, 3), whether it is closed, and its length."""
    n = len(points)
    closed = bool(np.linalg.norm(points[0] - points[-1]) < 1e-6)
    along = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    length = float(along[-1])
    k = max(8, round(length / OUTLINE_STEP_MM))
    at = np.arange(k) * length / k if closed else np.linspace(0.0, length, k)
    low = np.clip(np.searchsorted(along, at, side="right") - 1, 0, n - 2)
    share = (at - along[low]) / np.maximum(along[low + 1] - along[low], 1e-9)
    rows = np.repeat(np.arange(k), 2)
    columns = np.stack((low, low + 1), 1).ravel()
    spaced = sp.csr_matrix((np.stack((1.0 - share, share), 1).ravel(), (rows, columns)), shape=(k, n))
    step = length / k
    reach = int(np.ceil(2.5 * OUTLINE_SMOOTHING_MM / step))
    shift = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (shift * step / OUTLINE_SMOOTHING_MM) ** 2)
    neighbour = np.arange(k)[:, None] + shift
    neighbour = neighbour % k if closed else np.clip(neighbour, 0, k - 1)
    weights = np.broadcast_to(kernel / kernel.sum(), neighbour.shape)
    rows = np.repeat(np.arange(k), len(shift))
    smooth = sp.csr_matrix((weights.ravel(), (rows, neighbour.ravel())), shape=(k, k))
    return sp.csr_matrix(smooth @ spaced), closed, length


def spread_dots(fine: Surface, outer: Floats, inner: Floats) -> tuple[Ints, Floats]:
    """Spread dots evenly where `outer` is negative but `inner` is not, (n_fine,) mm both.

    Returns the corners (k, 3) of the triangles that they lie in, and their weights there (k, 3). Dart throwing,
    then a few rounds of Lloyd's relaxation over a dense cloud of candidates.
    """
    from scipy.spatial import cKDTree  # needed only when nothing is cached: the start of the window does without

    generator = np.random.default_rng(7)
    faces = fine.faces[(outer[fine.faces] < 0.0).any(axis=1) & (inner[fine.faces] > 0.0).any(axis=1)]
    a, b, c = fine.vertices[faces].transpose(1, 0, 2)
    area = 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)
    count = int(area.sum() / (DOT_SPACING_MM / 6.0) ** 2)
    chosen = generator.choice(len(faces), count, p=area / area.sum())
    u, v = generator.random((2, count))
    flip = u + v > 1.0
    u, v = np.where(flip, 1.0 - u, u), np.where(flip, 1.0 - v, v)
    weights = np.stack((1.0 - u - v, u, v), axis=1)
    margin = 0.5 * DOT_SPACING_MM
    corners = faces[chosen]
    keep = ((weights * outer[corners]).sum(1) < -margin) & ((weights * inner[corners]).sum(1) > margin)
    corners, weights = corners[keep], weights[keep]
    cloud = np.einsum("kj,kji->ki", weights, fine.vertices[corners])
    tree = cKDTree(cloud)
    free = np.ones(len(cloud), dtype=bool)
    picked = []
    for i in range(len(cloud)):
        if free[i]:
            picked.append(i)
            free[tree.query_ball_point(cloud[i], 0.92 * DOT_SPACING_MM)] = False
    dots = np.array(picked)
    for _ in range(12):
        owner = cKDTree(cloud[dots]).query(cloud)[1]
        size = np.maximum(np.bincount(owner, minlength=len(dots)), 1)
        middle = np.stack([np.bincount(owner, column, len(dots)) / size for column in cloud.T], axis=1)
        dots = np.unique(tree.query(middle)[1])
    return corners[dots], weights[dots]


def dots_at(corners: Ints, weights: Floats, refine: sp.csr_matrix) -> Dots:
    """Return the discs at places of the finer mesh as `spread_dots` gives them; `refine` as in `clipped`."""
    k = len(corners)
    rows = np.repeat(np.arange(k), 3)
    at = sp.csr_matrix((weights.ravel(), (rows, corners.ravel())), shape=(k, refine.shape[0]))
    fan = np.stack((np.zeros(DOT_SIDES - 2, int), np.arange(1, DOT_SIDES - 1), np.arange(2, DOT_SIDES)), axis=1)
    discs = (DOT_SIDES * np.arange(k))[:, None, None] + fan
    return Dots(sp.csr_matrix(at @ refine), discs.reshape(-1, 3))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12))
