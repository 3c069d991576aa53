"""Finding how a scanned bone lies: which bone it is, of which side, turned, shifted and scaled how.

The template is only moved and scaled here, never bent; bending is done in `fitting`. A scan may be turned any way,
and parts of it may be missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
from scipy.spatial import cKDTree

from hipviz.model.nearest import even_samples
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats, Side

SCALES = (0.70, 1.45)
"""Least and greatest size of an adult's bone relative to the shipped one."""

FAR_MM = 15.0
"""Distances beyond this count no more than this: what has no partner may lie anywhere."""

Cloud = tuple[Floats, Floats]
"""Points (k, 3), mm, and unit normals (k, 3)."""


@dataclass(frozen=True, eq=False)
class Similarity:
    """x → scale · rotation · x + shift; rotation (3, 3) proper, shift (3,) mm."""

    scale: float
    rotation: Floats
    shift: Floats

    def of(self, points: Floats) -> Floats:
        """Return points (…, 3), moved."""
        return np.asarray(self.scale * points @ self.rotation.T + self.shift)

    def back(self, points: Floats) -> Floats:
        """Return where points (…, 3) came from."""
        return np.asarray((points - self.shift) @ self.rotation / self.scale)


@dataclass(frozen=True, eq=False)
class Alignment:
    """A template laid on a scan.

    side : of the scan; a left one is mirrored (x → −x) before anything else, so all is as on the right.
    similarity : from the template's frame to that of the (mirrored) scan.
    distance_mm : mean distance of the scan to the template so moved, far ones counted as FAR_MM.
    other_side_mm : the same for the best start on the other side; infinite for a bone that has no side.
    """

    bone: str
    side: Side
    similarity: Similarity
    distance_mm: float
    other_side_mm: float = np.inf


def aligned(bone: str, template: Surface, scan: Surface, sides: Sequence[Side] = ("right", "left")) -> Alignment:
    """Return the best alignment of a right-hand `template` with a `scan` (both mm), over the sides given."""
    return _best(bone, [_Start(bone, template, scan, side) for side in sides], thorough=True)


def recognised(templates: Mapping[str, Surface], scan: Surface) -> list[Alignment]:
    """Return a quick alignment of every template with the scan, the nearest first."""
    quick = [
        _best(name, [_Start(name, template, scan, side) for side in sides_of(name)], thorough=False)
        for name, template in templates.items()
    ]
    return sorted(quick, key=lambda found: found.distance_mm)


def from_places(bone: str, template: Surface, scan: Surface, side: Side, there: Floats, here: Floats) -> Alignment:
    """Return the alignment that starts from known places: `there` on the template, `here` on the scan, (k, 3)."""
    start = _Start(bone, template, scan, side)
    mirrored = here * MIRROR if side == "left" else here
    weights = np.ones(len(here))
    similarity = _clamped(_umeyama(there, mirrored, weights), there.mean(axis=0), mirrored.mean(axis=0))
    return start.result(_refined(similarity, start.template[2000], start.scan[2000], 25, 12.0))


def sides_of(bone: str) -> tuple[Side, ...]:
    """Return the sides that a bone can be of; one in the midline looks the same in the mirror."""
    return ("right",) if bone == "sacrum" else ("right", "left")


class _Start:
    """Samples of one template and of one scan, mirrored when it is to be a left one."""

    def __init__(self, bone: str, template: Surface, scan: Surface, side: Side) -> None:
        self.bone, self.side = bone, side
        self.views = _views(bone, template)
        shown = scan.mirrored() if side == "left" else scan
        self.scan = {count: even_samples(shown, count, 3) for count in (250, 800, 2000)}
        self.template = {count: even_samples(template, count, 4) for count in (500, 1200, 2000)}

    def result(self, similarity: Similarity) -> Alignment:
        distance = _score(similarity, self.template[2000], self.scan[2000])
        return Alignment(self.bone, self.side, similarity, distance)

    def begun(self) -> list[tuple[float, Similarity]]:
        """Return all starts after a few steps, scored: the scan's main axes on those of each view, every way."""
        points = self.scan[800][0]
        here, axes, spread = _main_axes(points)
        found = []
        for view in self.views:
            there, view_axes, view_spread = _main_axes(view)
            for turn in _TURNS:
                rotation = axes @ turn @ view_axes.T
                scale = float(np.clip(spread / view_spread, *SCALES))
                start = Similarity(scale, rotation, here - scale * rotation @ there)
                start = _refined(start, self.template[500], self.scan[250], 5, 30.0, sliding=1.0)
                found.append((_score(start, self.template[500], self.scan[250]), start))
        return found


def _best(bone: str, starts: list[_Start], thorough: bool) -> Alignment:
    """Refine the best starts of every side, and return the best of all, telling the other side's as well."""
    results = []
    for start in starts:
        begun = sorted(start.begun(), key=lambda pair: pair[0])[: 8 if thorough else 4]
        again = []
        for _, similarity in begun:
            closer = _refined(similarity, start.template[1200], start.scan[800], 12, 20.0, sliding=0.3)
            again.append((_score(closer, start.template[1200], start.scan[800]), closer))
        again.sort(key=lambda pair: pair[0])
        last = [
            _refined(similarity, start.template[2000], start.scan[2000], 20 if thorough else 8, 12.0)
            for _, similarity in again[: 3 if thorough else 1]
        ]
        results.append(min((start.result(similarity) for similarity in last), key=lambda found: found.distance_mm))
    results.sort(key=lambda found: found.distance_mm)
    first = results[0]
    other = results[1].distance_mm if len(results) > 1 else np.inf
    return Alignment(bone, first.side, first.similarity, first.distance_mm, other)


def _views(bone: str, template: Surface) -> list[Floats]:
    """Return points of the template and of those parts of it that people scan alone."""
    points = even_samples(template, 1500, 5)[0]
    low, high = points[:, 2].min(), points[:, 2].max()
    share = (points[:, 2] - low) / (high - low)
    parts = {
        "femur": [share > 0.55, share < 0.45],
        "hip_bone": [share < 0.72, share > 0.4, share < 0.5],
        "sacrum": [share > 0.4],
    }
    return [points, *(points[part] for part in parts.get(bone, []))]


def _refined(
    start: Similarity, template: Cloud, scan: Cloud, rounds: int, normal_mm: float, sliding: float = 0.1
) -> Similarity:
    """Return the similarity after `rounds` of pairing both ways by place and normal, opposed normals rejected.

    normal_mm : what one unit of difference of normals counts for; sliding : weight of the distance along the
    surface (1 = points are paired as they are, less lets them slide).
    """
    now = start
    tree = cKDTree(np.hstack([template[0], normal_mm / now.scale * template[1]]))
    for _ in range(rounds):
        there, there_normals = now.back(scan[0]), scan[1] @ now.rotation
        near = np.asarray(tree.query(np.hstack([there, normal_mm / now.scale * there_normals]))[1])
        back_tree = cKDTree(np.hstack([there, normal_mm / now.scale * there_normals]))
        back = np.asarray(back_tree.query(np.hstack([template[0], normal_mm / now.scale * template[1]]))[1])
        source = np.concatenate([template[0][near], template[0]])
        source_normals = np.concatenate([template[1][near], template[1]])
        goal = np.concatenate([scan[0], scan[0][back]])
        goal_normals = np.concatenate([scan[1], scan[1][back]])
        moved = now.of(source)
        gap = np.linalg.norm(moved - goal, axis=1)
        facing = np.einsum("ij,ij->i", source_normals @ now.rotation.T, goal_normals) > 0.2
        # The way from the scan to the template counts in full; the way back counts less where the scan ends.
        reach = 2.5 * float(np.median(gap[: len(near)])) + 1.0
        weight = facing / (1.0 + (gap / reach) ** 2)
        weight[: len(near)] /= len(near)
        weight[len(near) :] *= 0.7 / len(template[0])
        if weight.sum() <= 0:
            return now
        if sliding >= 1.0:
            now = _umeyama(source, goal, weight)
        else:
            now = _stepped(now, moved, goal, goal_normals, weight, sliding)
        now = _clamped(now, source.T @ weight / weight.sum(), goal.T @ weight / weight.sum())
    return now


def best_similarity(source: Floats, goal: Floats) -> Similarity:
    """Return the similarity that brings points (k, 3) nearest to their partners (k, 3)."""
    return _umeyama(source, goal, np.ones(len(source)))


def _umeyama(source: Floats, goal: Floats, weight: Floats) -> Similarity:
    """Return the similarity that brings `source` nearest to `goal` (Umeyama 1991), never a mirror image."""
    weight = weight / weight.sum()
    a, b = weight @ source, weight @ goal
    u, size, vt = np.linalg.svd((goal - b).T @ (weight[:, None] * (source - a)))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt)) or 1.0])
    rotation = u * sign @ vt
    scale = float((size * sign).sum() / max(weight @ ((source - a) ** 2).sum(axis=1), 1e-12))
    return Similarity(scale, rotation, b - scale * rotation @ a)


def _stepped(
    now: Similarity, moved: Floats, goal: Floats, normals: Floats, weight: Floats, sliding: float
) -> Similarity:
    """Return `now` after one small turn, shift and stretch that shortens the distances along the normals."""
    middle = weight @ moved / weight.sum()
    arm = moved - middle
    gap = goal - moved
    along = np.hstack([np.cross(arm, normals), np.einsum("ij,ij->i", arm, normals)[:, None], normals])
    system = along.T @ (weight[:, None] * along)
    right = along.T @ (weight * np.einsum("ij,ij->i", gap, normals))
    for axis in range(3):
        unit = np.eye(3)[axis]
        row = np.hstack([np.cross(arm, unit), arm[:, axis, None], np.tile(unit, (len(arm), 1))])
        system += sliding * row.T @ (weight[:, None] * row)
        right += sliding * row.T @ (weight * gap[:, axis])
    step = np.linalg.lstsq(system, right, rcond=1e-12)[0]
    turn = _rotation(step[:3])
    stretch = float(np.clip(1.0 + step[3], 0.9, 1.1))
    shift = middle + step[4:] + stretch * turn @ (now.shift - middle)
    return Similarity(stretch * now.scale, turn @ now.rotation, shift)


def _clamped(found: Similarity, there: Floats, here: Floats) -> Similarity:
    """Return a similarity whose scale an adult can have, `there` still going to about `here`."""
    scale = float(np.clip(found.scale, *SCALES))
    if scale == found.scale:
        return found
    return Similarity(scale, found.rotation, here - scale * found.rotation @ there)


def _score(similarity: Similarity, template: Cloud, scan: Cloud) -> float:
    """Return the mean distance (mm) from scan to template and, at a third of the weight, back."""
    there, normals = similarity.back(scan[0]), scan[1] @ similarity.rotation
    stretch = 10.0 / similarity.scale
    tree = cKDTree(np.hstack([template[0], stretch * template[1]]))
    gap = similarity.scale * np.asarray(tree.query(np.hstack([there, stretch * normals]))[0])
    back = cKDTree(np.hstack([there, stretch * normals]))
    other = similarity.scale * np.asarray(back.query(np.hstack([template[0], stretch * template[1]]))[0])
    far = np.minimum(gap, FAR_MM).mean()
    return float(0.75 * far + 0.25 * np.minimum(other, FAR_MM).mean())


def _main_axes(points: Floats) -> tuple[Floats, Floats, float]:
    """Return the middle (3,), the main axes as columns (3, 3), right-handed, and the size of a cloud."""
    middle = points.mean(axis=0)
    _, _, vt = np.linalg.svd(points - middle, full_matrices=False)
    axes = vt.T * np.array([1.0, 1.0, np.linalg.det(vt)])
    return middle, axes, float(np.sqrt(((points - middle) ** 2).sum(axis=1).mean()))


def _rotation(turn: Floats) -> Floats:
    """Return the rotation (3, 3) about the vector `turn` (3,) by its length, radians (Rodrigues)."""
    angle = float(np.linalg.norm(turn))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = turn / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross)


def _turns() -> list[Floats]:
    """Return the 24 rotations that bring axes onto axes."""
    found = []
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            matrix = np.zeros((3, 3))
            matrix[range(3), order] = signs
            if np.linalg.det(matrix) > 0:
                found.append(matrix)
    return found


_TURNS = _turns()
