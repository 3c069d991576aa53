"""A fan-shaped muscle of the right side in any pose: three bands that share borders, and its fibres.

What every such muscle has in common lives here; the figures of each (attachments, clearances, thickness) stand in
its own module. Fibres are wrapped in `wrapping`, flesh is made in `loft`; levers are read off in `leverage`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.distance import DistanceField
from hipviz.model.fan_loft import (
    ALONG,
    COARSE,
    COLUMNS,
    FAN,
    FIBRE_POINTS,
    FIBRES_PER_BAND,
    INSERTION_ROWS,
    ORIGIN_ROWS,
    ROWS,
)
from hipviz.model.fibres import DEEP, SUPERFICIAL
from hipviz.model.loft import Loft, volumes
from hipviz.model.splines import cubic_matrix
from hipviz.model.units import MIRROR, Floats, Ints
from hipviz.model.wrapping import Wrapping

BELLY_ROW = 8
DEEP_ON_BONE_MM, OUTER_END_MM = -0.9, -0.2
"""Both sheets sink a little into the bone where they are attached, the deep one more: the edge of the outer sheet
then meets the bone without a step, and the closing cap is out of sight."""
FIRST_ROW_ON_FEMUR = int(0.42 * ROWS)
FIXED_CLEARANCE_MM = -0.3
Part = tuple[slice, slice, slice]
"""Rows, bands and columns of the drawn sheets."""
REAR_EDGE: Part = (slice(6, 20), slice(2, 3), slice(COLUMNS - 5, COLUMNS))
LEAST_SLOPE = 0.4


@dataclass(frozen=True, eq=False)
class BandShapes:
    """The three bands in one pose. Arrays are shared between callers: do not write to them.

    vertices : (3, n, 3) float, mm, RAS; faces and texture coordinates are those of the muscle.
    fibres : (3, 14, 14, 3) float, mm, RAS, band, fibre (7 deep, then 7 superficial, each front to rear), point.
    swelling : (3,) float, mm, how far each belly stands out more than at neutral.
    """

    vertices: Floats
    fibres: Floats
    swelling: Floats

    def mirrored(self) -> BandShapes:
        """Return the same bands on the other side of the body (their faces must be flipped)."""
        return BandShapes(self.vertices * MIRROR, self.fibres * MIRROR, self.swelling)

    def sheets(self) -> Floats:
        """Return the deep and the outer sheet, (2, 3, ROWS, COLUMNS, 3), each front to rear."""
        ring = self.vertices.reshape(3, ROWS, 2 * COLUMNS, 3)
        return np.stack([ring[:, :, :COLUMNS], ring[:, :, : COLUMNS - 1 : -1]])

    def surface_point(self, band_index: int, u: float, v: float) -> tuple[Floats, Floats]:
        """Return a point (3,) and the outward unit normal (3,) on a band's outer sheet.

        u : 0…1, front to rear of the band. v : 0…1, origin to insertion, as in the texture coordinates.
        """
        ring = self.vertices[band_index].reshape(ROWS, 2 * COLUMNS, 3)
        sheet = ring[:, : COLUMNS - 1 : -1]
        row = float(np.interp(v, ALONG, np.arange(ROWS)))
        column = float(np.clip(u, 0.0, 1.0)) * (COLUMNS - 1)
        i, j = min(int(row), ROWS - 2), min(int(column), COLUMNS - 2)
        s, t = row - i, column - j
        corner = sheet[i : i + 2, j : j + 2]
        point = np.einsum("i,j,ijx->x", [1 - s, s], [1 - t, t], corner)
        rearward = np.einsum("i,ix->x", [1 - s, s], corner[:, 1] - corner[:, 0])
        downward = np.einsum("j,jx->x", [1 - t, t], corner[1] - corner[0])
        normal = np.cross(rearward, downward)
        # The cross product points out of a right muscle and into a left one. The belly, where the sheets lie far
        # apart, tells which; near the thin edges the deep sheet may lie on either side of the tangent plane.
        k, m = ROWS // 2, COLUMNS // 2
        belly = sheet[k, m] - self.vertices[band_index].reshape(ROWS, 2 * COLUMNS, 3)[k, m]
        outward = np.cross(sheet[k, m + 1] - sheet[k, m - 1], sheet[k + 1, m] - sheet[k - 1, m]) @ belly
        normal *= np.sign(outward) or 1.0
        return point, normal / (np.linalg.norm(normal) + 1e-12)


@dataclass(frozen=True, eq=False)
class Flesh:
    """What the muscle is clothed with between its fibre sheets.

    loft : the fixed arrays.
    last_clearance : (2, ROWS) float, mm, least distance to the femur of the drawn deep and superficial sheet, by
    row; the tendon's end sinks into it.
    over_fixed : the part of the drawn sheets that might cut the fixed bone; elsewhere the fibres keep off it.
    """

    loft: Loft
    last_clearance: Floats
    over_fixed: Part = REAR_EDGE


class FanMuscle:
    """A muscle of the right side over given bones; built once, then `shape` is a pure function of the pose.

    faces : (m, 3) int, of one band's closed surface, the same for all three.
    texture_coordinates : (n, 2) float, u 0…1 across the band, front to rear; v 0 at the origin, 1 at the end.
    """

    def __init__(self, wrapping: Wrapping, flesh: Flesh) -> None:
        self.wrapping, self.fan = wrapping, wrapping.fan
        self.hip_centre = self.fan.centre
        self.loft, self._clearance, self._over_fixed = flesh.loft, flesh.last_clearance, flesh.over_fixed
        self.faces: Ints = self.loft.faces
        across = np.linspace(0.0, 1.0, COLUMNS)
        ring = np.concatenate([across, across[::-1]])
        self.texture_coordinates: Floats = np.stack([np.tile(ring, ROWS), np.repeat(ALONG, 2 * COLUMNS)], axis=1)
        self._thin = cubic_matrix(COARSE, np.linspace(0, 1, FIBRE_POINTS))
        first, last = COARSE[ORIGIN_ROWS - 1], COARSE[-INSERTION_ROWS]
        self._thin_deep = cubic_matrix(COARSE, np.linspace(first, last, FIBRE_POINTS))
        self._volumes: Floats | None = None
        self._volumes = volumes(self.shape(np.eye(3)).vertices, ROWS)

    def fibres(self, rotation: Floats) -> Floats:
        """Return only the fibres of `shape`, (3, 14, 14, 3), at a fraction of its cost."""
        return self._fibres_of(self.wrapping.at(rotation).sheets)

    def shape(self, rotation: Floats) -> BandShapes:
        """Return the three bands when the right femur is turned by `rotation` (3, 3) about the hip centre."""
        course = self.wrapping.at(rotation)
        coarse = [*course.sheets, course.outward, course.bulging, course.thickening[..., None]]
        fine = self.loft.refined(np.concatenate(coarse, axis=-1))
        outward = fine[..., 6:9]
        rounded = np.stack(self.loft.rounded(fine[..., :3], fine[..., 3:6], outward))
        deep, superficial = self._laid_on_bone(rounded, outward, rotation)
        vertices, swelling = self.loft.filled(deep, superficial, fine[..., 9:12], fine[..., 12], self._volumes)
        swelling = swelling + course.thickening[BELLY_ROW, FIBRES_PER_BAND // 2 :: FIBRES_PER_BAND]
        return BandShapes(vertices, self._fibres_of(course.sheets), swelling)

    def _laid_on_bone(self, sheets: Floats, outward: Floats, rotation: Floats) -> Floats:
        """Return the refined sheets (2, rows, bands, columns, 3) with what still cuts a bone lifted off it.

        Both go the same way, out of the muscle: each by its own shortest way, they would cross.
        """
        part = sheets[:, *self._over_fixed]
        distance, gradient = self.fan.fixed_bone.sample(part.reshape(-1, 3))
        part += _lift(FIXED_CLEARANCE_MM - distance, gradient, outward[self._over_fixed], part.shape)

        rows = slice(FIRST_ROW_ON_FEMUR, -1)
        lower = sheets[:, rows]
        local = (lower.reshape(-1, 3) - self.hip_centre) @ rotation + self.hip_centre
        distance, gradient = self.fan.moving_bone.sample(local)
        need = np.repeat(self._clearance[:, rows], 3 * COLUMNS) - distance
        lower += _lift(need, gradient @ rotation.T, outward[rows], lower.shape)
        return sheets

    def _fibres_of(self, sheets: Floats) -> Floats:
        """Return the fibres (3, 14, 14, 3) of the sheets (2, rows, n, 3); deep ones without their run on bone."""
        deep = np.tensordot(self._thin_deep, sheets[DEEP], axes=1)
        superficial = np.tensordot(self._thin, sheets[SUPERFICIAL], axes=1)
        columns = np.arange(3)[:, None] * FIBRES_PER_BAND + np.arange(FIBRES_PER_BAND + 1)
        both = np.stack([deep, superficial])[:, :, columns]
        return np.ascontiguousarray(both.transpose(2, 0, 3, 1, 4)).reshape(3, -1, FIBRE_POINTS, 3)


def _lift(need: Floats, gradient: Floats, outward: Floats, shape: tuple[int, ...]) -> Floats:
    """Return how far points of both sheets move along `outward` (…, 3) to gain `need` (n,) mm of distance."""
    way = np.concatenate([outward.reshape(-1, 3)] * 2)
    slope = np.einsum("ix,ix->i", gradient, way)
    amount = np.maximum(need, 0.0) / np.clip(slope, LEAST_SLOPE, 1.0)
    return np.asarray((amount[:, None] * way).reshape(shape))


def outline(patch: Floats) -> Floats:
    """Return the border (k, 3) of a grid of points (rows, columns, 3), once around."""
    return np.concatenate([patch[0, :-1], patch[:-1, -1], patch[-1, :0:-1], patch[:0:-1, 0]])


def patch(
    first: Floats, last: Floats, rows: int, bone: DistanceField, height_mm: float = DEEP_ON_BONE_MM
) -> Floats:
    """Return rows (rows, fibres, 3) from one edge curve to the other, `height_mm` over the bone's surface."""
    edges = np.stack([first, last])
    places = np.linspace(0.0, 3.0, edges.shape[1])
    curves = np.einsum("fk,ekx->efx", cubic_matrix(places, FAN), edges)
    share = np.linspace(0.0, 1.0, rows)[:, None, None]
    grid = curves[0] * (1.0 - share) + curves[1] * share
    return bone.snapped(grid.reshape(-1, 3), height_mm).reshape(grid.shape)
