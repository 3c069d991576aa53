"""The skin of the shipped body: its rest shape, how both thighs carry it along, and what shading needs of it.

The shape itself is drawn in `skin_sculpt`; what is felt where on it lives in `zones`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from hipviz.model.cache import cached, fingerprint
from hipviz.model.cushion import Cushion, displacement_table
from hipviz.model.errors import AssetError
from hipviz.model.ply import read_ply
from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.units import MIRROR, Floats, Ints

if TYPE_CHECKING:
    from hipviz.model.assets import Bones
    from hipviz.model.gluteus_medius import GluteusMedius

FILE = "skin.ply"
"""The right half of the skin, in the folder of the meshes."""

FADE_MM = 45.0
"""Length over which the cut ends turn transparent."""

SMOOTHING_STEPS = 14
SPREAD_STEPS = 7
"""How far beyond the blended vertices smoothing is felt: 2.5 standard deviations of SMOOTHING_STEPS lazy steps."""

METHOD = "skin 4"
"""Goes into the cache keys: change it with anything that changes weights or poses."""


def smooth_step(x: Floats, start: float, end: float) -> Floats:
    """Return 0 before `start`, 1 past `end`, and the cubic 3t²−2t³ between."""
    t = np.clip((x - start) / (end - start), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def read_half(path: Path) -> Surface:
    """Return the right half of a skin from a PLY file, mm, RAS, open at x = 0 and at its cut ends.

    Raises AssetError when the file is damaged or cannot be such a half.
    """
    half = read_ply(path)
    low, high = half.vertices.min(axis=0), half.vertices.max(axis=0)
    again = "make it anew with python -m hipviz.model.skin_sculpt, or restore the file"
    if not (high - low).max() <= 1500.0 or (high - low).max() < 200.0:
        raise AssetError(f"{path} is {(high - low).max():.3g} mm tall, which no such skin is; {again}.")
    if low[0] < -1e-2 or not (np.abs(half.vertices[:, 0]) < 1e-3).any():
        raise AssetError(f"{path} is not the right half of a body, cut at x = 0; {again}.")
    return half


def mirrored_whole(half: Surface) -> tuple[Surface, Ints]:
    """Return the whole body piece of a right half that is open at x = 0, and the mirror partner of every vertex.

    Vertices on the midline are shared (partner of themselves); the right half keeps its vertex numbers.
    """
    vertices = half.vertices.copy()
    midline = np.abs(vertices[:, 0]) < 1e-3
    vertices[midline, 0] = 0.0
    n = len(vertices)
    off = np.flatnonzero(~midline)
    partner = np.arange(n)
    partner[off] = n + np.arange(len(off))
    faces = np.concatenate((half.faces, partner[half.faces][:, ::-1]))
    return Surface(np.concatenate((vertices, vertices[off] * MIRROR)), faces), np.concatenate((partner, off))


def cotangent_laplacian(surface: Surface) -> tuple[sp.csr_matrix, Floats]:
    """Return the positive semi-definite cotangent Laplacian (n, n) and the area around each vertex (n,), mm²."""
    vertices, faces = surface.vertices, surface.faces
    n = len(vertices)
    rows, columns, values = [], [], []
    area = np.zeros(n)
    for k in range(3):
        i, j, l = faces[:, k], faces[:, (k + 1) % 3], faces[:, (k + 2) % 3]  # noqa: E741
        u, v = vertices[j] - vertices[i], vertices[l] - vertices[i]
        double_area = np.linalg.norm(np.cross(u, v), axis=1)
        cotangent = 0.5 * np.clip((u * v).sum(axis=1) / np.maximum(double_area, 1e-9), 0.0, 8.0)
        rows += [j, l]
        columns += [l, j]
        values += [cotangent, cotangent]
        area += np.bincount(i, double_area / 6.0, minlength=n)
    where = (np.concatenate(rows), np.concatenate(columns))
    weights = sp.csr_matrix((np.concatenate(values), where), shape=(n, n))
    return sp.csr_matrix(sp.diags(np.asarray(weights.sum(axis=1)).ravel()) - weights), area


def thigh_weights(surface: Surface, hip_centre: Floats) -> Floats:
    """Return how far each vertex follows the right thigh, (n,) 0…1, as smooth as the surface allows.

    Full below a line that runs from under the gluteal fold up to the upper front of the thigh, none above the
    iliac spines, on the sacrum and across the midline; between them the bilaplacian solution (least bending).
    """
    x, y, z = (surface.vertices - hip_centre * np.array([0.0, 1.0, 1.0])).T
    front = smooth_step(y, -40.0, 50.0)
    side = smooth_step(x, 112.0, 165.0)
    inner = 1.0 - smooth_step(x, 15.0, 70.0)
    full = (z < -146.0 + 40.0 * front - 55.0 * inner * (1.0 - 0.4 * front)) & (x > 0.0)
    upper = (68.0 - 2.0 * front) * (1.0 - side) + 80.0 * side
    none = (x < 5.0) | (z > upper) | ((y < -55.0) & (x < 20.0) & (z > -55.0))
    weight = np.where(full, 1.0, 0.0)
    free = np.flatnonzero(~(full | none))
    fixed = np.flatnonzero(full | none)
    laplacian, area = cotangent_laplacian(surface)
    bending = sp.csc_matrix(laplacian @ sp.diags(1.0 / area) @ laplacian + 1e-5 * laplacian)
    rows = bending[free]
    weight[free] = splu(sp.csc_matrix(rows[:, free])).solve(-(rows[:, fixed] @ weight[fixed]))
    return np.clip(weight, 0.0, 1.0)


def swing_and_twist(rotation: Floats) -> tuple[Floats, float, float]:
    """Split `rotation` (3, 3) = swing · twist, the twist about z, the long axis of the femur.

    Returns the unit axis of the swing (3,), which is horizontal, its angle and the angle of the twist, radians.
    """
    # With the twist about z, the swing alone carries z to its image: its axis is z × image.
    image = rotation[:, 2]
    across = np.array([-image[1], image[0], 0.0])
    sine = float(np.hypot(across[0], across[1]))
    swing = float(np.arctan2(sine, image[2]))
    axis = across / sine if sine > 1e-12 else np.array([1.0, 0.0, 0.0])
    first = rotation[:, 0]  # image of x = swing(cos twist, sin twist, 0); undo the swing to read the twist
    unswung = turned(first[None], axis, np.array([-swing]))[0]
    return axis, swing, float(np.arctan2(unswung[1], unswung[0]))


def turned(points: Floats, axis: Floats, angle: Floats) -> Floats:
    """Return `points` (n, 3), each turned about the unit `axis` by its own `angle` (n,), radians (Rodrigues)."""
    once = np.cross(axis, points)
    twice = np.cross(axis, once)
    return np.asarray(points + np.sin(angle)[:, None] * once + (1.0 - np.cos(angle))[:, None] * twice)


@dataclass(frozen=True, eq=False)
class Thigh:
    """What moving the right thigh needs; every array runs over the m vertices that it can move.

    members : (m,) vertex numbers; swing, twist : (m,) share of the hip's swing and twist that a vertex takes.
    from_hip : (m, 3) rest positions relative to the hip centre, mm.
    blended : numbers within `members` of the vertices that are smoothed; smoothing : (b, m) one smoothing step;
    detail : (b, 3) what smoothing takes away at rest, mm.
    """

    hip_centre: Floats
    members: Ints
    swing: Floats
    twist: Floats
    from_hip: Floats
    blended: Ints
    smoothing: sp.csr_matrix
    detail: Floats

    def offsets(self, rotation: Floats) -> Floats:
        """Return how far each member moves, (m, 3) mm, when the femur turns by `rotation`.

        Every vertex turns by its own share of swing and twist about the hip centre, which keeps volume where
        linear blending would collapse. Smoothing then spreads what remains, and the rest shape's own detail is
        put back, turned along ("delta mush", Mancewicz et al. 2014, with the known turn as its frame).
        """
        axis, swing, twist = swing_and_twist(rotation)
        b = self.blended
        points = np.concatenate((self.from_hip, self.detail))
        spin = twist * np.concatenate((self.twist, self.twist[b]))
        c, s = np.cos(spin), np.sin(spin)
        x, y, z = points.T
        spun = np.stack((c * x - s * y, s * x + c * y, z), axis=1)
        moved = turned(spun, axis, swing * np.concatenate((self.swing, self.swing[b])))
        m = len(self.members)
        position, detail = moved[:m], moved[m:]
        for _ in range(SMOOTHING_STEPS):
            position[b] = self.smoothing @ position
        position[b] += detail
        return np.asarray(position - self.from_hip)


@dataclass(frozen=True, eq=False)
class Skin:
    """The body piece from the lowest ribs to above the knees.

    rest : surface at neutral, mm, RAS; mate : (n,) number of the mirrored vertex.
    concavity : (n,) 0…1, one in the folds; fade : (n,) 0…1, zero at the cut ends.
    """

    rest: Surface
    mate: Ints
    thigh: Thigh
    concavity: Floats
    fade: Floats
    corners: sp.csr_matrix = field(repr=False)
    cushion: Cushion | None = None

    @classmethod
    def around(cls, bones: Bones, medius: GluteusMedius) -> Skin:
        """Build the shipped skin around loaded bones. Raises AssetError when its file is missing or damaged."""
        skin = cls.of(read_half(bones.folder / FILE), medius.hip_centre)
        return replace(skin, cushion=_cushion(skin, medius))

    @classmethod
    def of(cls, half: Surface, hip_centre: Floats) -> Skin:
        """Build the skin from its right half (open at x = 0) around a body with this right hip centre (3,)."""
        rest, mate = mirrored_whole(half)
        key = fingerprint(rest.vertices, rest.faces, hip_centre, METHOD)
        arrays = cached("skin-weights", key, lambda: {"weight": thigh_weights(rest, hip_centre)})
        weight = np.asarray(arrays["weight"], dtype=np.float64)
        z = rest.vertices[:, 2]
        fade = smooth_step(z.max() - z, 0.0, FADE_MM) * smooth_step(z - z.min(), 0.0, FADE_MM)
        corners = incidence(rest.faces, len(z))
        around = neighbour_average(rest)
        hollow = rest.vertices
        for _ in range(SMOOTHING_STEPS):
            hollow = 0.5 * (hollow + around @ hollow)
        depth = -((rest.vertices - hollow) * vertex_normals(rest.vertices, rest.faces, corners)).sum(axis=1)
        concavity = smooth_step(depth, 0.8, 8.0)
        return cls(
            rest=rest,
            mate=mate,
            thigh=_thigh(rest, hip_centre, weight, around),
            concavity=0.5 * (concavity + concavity[mate]),
            fade=fade,
            corners=corners,
        )

    def shape(self, rotation_right: Floats, rotation_left: Floats) -> Floats:
        """Return the vertices (n, 3), mm, RAS, with each thigh at its hip's rotation.

        Both rotations are as `HipPose.rotation` gives them, i.e. the left one as if on the right side.
        """
        vertices = self.rest.vertices.copy()
        for part in (self.thigh, self.cushion):
            if part is None:
                continue
            if not _is_rest(rotation_right):
                vertices[part.members] += part.offsets(rotation_right)
            if not _is_rest(rotation_left):
                vertices[self.mate[part.members]] += part.offsets(rotation_left) * MIRROR
        return vertices

    def normals(self, vertices: Floats) -> Floats:
        """Return outward unit normals (n, 3) of a shape of this skin."""
        return vertex_normals(vertices, self.rest.faces, self.corners)


def neighbour_average(surface: Surface) -> sp.csr_matrix:
    """Return the (n, n) matrix that averages the neighbours of each vertex; on a cut end it leaves them alone."""
    faces = surface.faces
    n = len(surface.vertices)
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    rows, columns = np.concatenate((unique, unique[:, ::-1])).T
    ones = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    border = np.zeros(n)
    border[unique[count == 1]] = 1.0
    average = sp.diags((1.0 - border) / np.asarray(ones.sum(axis=1)).ravel()) @ ones + sp.diags(border)
    return sp.csr_matrix(average)


def _thigh(rest: Surface, hip_centre: Floats, weight: Floats, around: sp.csr_matrix) -> Thigh:
    """Return the moving part of the right side."""
    step = sp.csr_matrix(0.5 * sp.identity(len(weight)) + 0.5 * around)
    # Where all the neighbourhood moves as one, smoothing changes nothing: leave it out.
    mixed = (weight > 1e-4) & (weight < 1.0 - 1e-4)
    for _ in range(SPREAD_STEPS):
        mixed = np.asarray(step @ mixed.astype(float)) > 1e-9
    members = np.flatnonzero((weight > 0.0) | mixed)
    place = np.full(len(weight), -1)
    place[members] = np.arange(len(members))
    blended = place[np.flatnonzero(mixed)]
    # A few rows reach a neighbour outside `members`; it never moves, so it may be left out with its share kept.
    smoothing = sp.csr_matrix(step[members[blended]][:, members])
    smoothing = sp.csr_matrix(sp.diags(1.0 / np.asarray(smoothing.sum(axis=1)).ravel()) @ smoothing)
    from_hip = rest.vertices[members] - hip_centre
    smoothed = from_hip.copy()
    for _ in range(SMOOTHING_STEPS):
        smoothed[blended] = smoothing @ smoothed
    # The skin slides over a turning femur: near the hip it takes little of the twist, near the knee all of it.
    along = smooth_step(-from_hip[:, 2], -40.0, 250.0)
    return Thigh(
        hip_centre=hip_centre,
        members=members,
        swing=weight[members],
        twist=weight[members] * (0.1 + 0.9 * along),
        from_hip=from_hip,
        blended=blended,
        smoothing=smoothing,
        detail=from_hip[blended] - smoothed[blended],
    )


def _cushion(skin: Skin, medius: GluteusMedius) -> Cushion:
    """Return how the skin gives way to this muscle."""

    def muscle_at(rotation: Floats) -> Floats:
        return np.concatenate(medius.shape(rotation).vertices)

    def build() -> dict[str, npt.NDArray[np.generic]]:
        table = displacement_table(
            lambda rotation: skin.shape(rotation, np.eye(3)), skin.normals, muscle_at, neighbour_average(skin.rest)
        )
        members = np.flatnonzero(np.abs(table).max(axis=(0, 1, 2, 4)) > 0.05)
        return {"members": members, "table": table[..., members, :].astype(np.float32)}

    # Two poses of the muscle tell it from any other one.
    samples = (muscle_at(np.eye(3)), muscle_at(HipPose(70.0, 20.0, 15.0).rotation()))
    key = fingerprint(skin.rest.vertices, skin.rest.faces, medius.hip_centre, *samples, METHOD)
    arrays = cached("skin-cushion", key, build)
    return Cushion(np.asarray(arrays["members"], np.int64), np.asarray(arrays["table"], np.float32))


def _is_rest(rotation: Floats) -> bool:
    return bool(np.abs(rotation - np.eye(3)).max() < 1e-9)
