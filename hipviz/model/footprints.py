"""Where muscles grip the bones, and the lines and facets that bound it: patches and curves just over the surface.

They lie on the right-hand bones at neutral; those on the femur are moved along with it by whoever draws them.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hipviz.model.assets import Bones
from hipviz.model.fan_loft import FIBRES_PER_BAND
from hipviz.model.fan_muscle import FanMuscle, outline
from hipviz.model.nearest import nearest_on
from hipviz.model.splines import cubic_matrix
from hipviz.model.surface import Surface
from hipviz.model.units import BANDS, Band, Floats, Ints

OVER_BONE_MM = 0.3
STEP_MM = 1.5
"""About how far apart the points of a line lie: near enough to look smooth from near."""
ROWS, COLUMNS = 13, 19
"""Points of a patch between the edges and across a band: fine enough to follow the bone."""

End = Literal["origin", "insertion"]


@dataclass(frozen=True, eq=False)
class Footprint:
    """Where one part of a muscle grips one bone.

    bone : "hip_bone" or "femur". patch : open surface, facing away from the bone. outline : (k, 3), once around;
    the last point is not the first one again.
    """

    band: Band
    end: End
    bone: str
    patch: Surface
    outline: Floats

    def area_mm2(self) -> float:
        """Return the area of the patch."""
        a, b, c = self.patch.vertices[self.patch.faces].transpose(1, 0, 2)
        return float(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())

    def stripes(self) -> tuple["BoneLine", ...]:
        """Return lines across the patch the way the fibres run."""
        grid = self.patch.vertices.reshape(ROWS, COLUMNS, 3)
        return tuple(BoneLine("", self.bone, grid[:, column], False) for column in range(2, COLUMNS - 1, 2))

    @property
    def middle(self) -> Floats:
        """The middle of the patch, (3,) mm."""
        return np.asarray(self.patch.vertices.reshape(ROWS, COLUMNS, 3)[ROWS // 2, COLUMNS // 2])


@dataclass(frozen=True, eq=False)
class BoneLine:
    """A named line on a bone, mm RAS: points (k, 3); `closed` when the last one joins the first."""

    name: str
    bone: str
    points: Floats
    closed: bool


LINES = ("iliac_crest", "posterior_gluteal_line", "anterior_gluteal_line", "inferior_gluteal_line")
FACETS = tuple(f"{name}_facet_outline" for name in ("lateral", "superoposterior", "anterior", "posterior"))
"""Curves of the landmarks file."""


def footprints(muscle: FanMuscle, bones: Bones) -> tuple[Footprint, ...]:
    """Return the grips of the three parts of a muscle between hip bone and femur, origins first."""
    found = []
    ends: tuple[tuple[End, str, Floats], ...] = (
        ("origin", "hip_bone", muscle.fan.origin),
        ("insertion", "femur", muscle.fan.insertion),
    )
    for end, bone, grid in ends:
        surface = bones.surface(bone)
        rows = cubic_matrix(np.linspace(0.0, 1.0, len(grid)), np.linspace(0.0, 1.0, ROWS))
        for index, band in enumerate(BANDS):
            part = grid[:, index * FIBRES_PER_BAND : (index + 1) * FIBRES_PER_BAND + 1]
            columns = cubic_matrix(np.linspace(0.0, 1.0, part.shape[1]), np.linspace(0.0, 1.0, COLUMNS))
            points = np.einsum("ri,cj,ijx->rcx", rows, columns, part)
            laid = over(surface, points.reshape(-1, 3))
            patch = Surface(laid, _facing(laid, points, _grid_faces(), surface))
            found.append(Footprint(band, end, bone, patch, outline(laid.reshape(ROWS, COLUMNS, 3))))
    return tuple(found)


def bone_lines(bones: Bones) -> tuple[BoneLine, ...]:
    """Return the crest, the gluteal lines and the outlines of the trochanter's facets."""
    found = []
    for name in (*LINES, *FACETS):
        bone = bones.landmarks.curves[name].bone
        closed = name in FACETS
        points = over(bones.surface(bone), smooth(bones.curve(name), closed))
        found.append(BoneLine(name, bone, points, closed))
    return tuple(found)


def smooth(points: Floats, closed: bool) -> Floats:
    """Return points (k, 3) on the smooth curve through those of a line, STEP_MM apart and in its order."""
    around = np.concatenate([points[-3:], points, points[:4]]) if closed else points
    steps = np.linalg.norm(np.diff(around, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    start, end = (along[3], along[-4]) if closed else (along[0], along[-1])
    count = max(len(points), round((end - start) / STEP_MM))
    places = np.linspace(start, end, count + closed)[: count or None]
    return np.asarray(cubic_matrix(along, places) @ around)


def over(surface: Surface, points: Floats) -> Floats:
    """Return `points` (k, 3) brought to OVER_BONE_MM over the nearest places of a surface."""
    nearest = nearest_on(surface, points)
    return np.asarray(nearest.positions + OVER_BONE_MM * _normals(surface, nearest.triangles, nearest.weights))


def _normals(surface: Surface, triangles: Ints, weights: Floats) -> Floats:
    normals = np.einsum("ki,kij->kj", weights, surface.normals()[surface.faces[triangles]])
    return np.asarray(normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12))


def _grid_faces() -> Ints:
    here = (np.arange(ROWS - 1)[:, None] * COLUMNS + np.arange(COLUMNS - 1)).ravel()
    beside, below, diagonal = here + 1, here + COLUMNS, here + COLUMNS + 1
    return np.concatenate([np.stack([here, below, diagonal], 1), np.stack([here, diagonal, beside], 1)])


def _facing(laid: Floats, points: Floats, faces: Ints, surface: Surface) -> Ints:
    """Return `faces` turned so that the patch faces away from the bone under it."""
    nearest = nearest_on(surface, points.reshape(-1, 3)[faces[:, 0]])
    a, b, c = laid[faces].transpose(1, 0, 2)
    agreement = np.cross(b - a, c - a) * _normals(surface, nearest.triangles, nearest.weights)
    return faces if agreement.sum() > 0.0 else np.ascontiguousarray(faces[:, ::-1])
