"""The gluteus medius of the right side: one continuous fan of fibres, cut into three bands that share borders.

Here stand the figures of this muscle (clearances, thickness, belly) and the shape in a pose. The method of
wrapping lives in `fibres`, of lofting in `loft`; lengths and levers are read off in `leverage`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

from hipviz.model.attachments import Attachments, landmark_name
from hipviz.model.distance import DistanceField, distance_field
from hipviz.model.fibres import DEEP, SUPERFICIAL, FibreFan
from hipviz.model.loft import Loft, cubic_matrix, ring_faces, volumes
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats, Ints

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

FIBRES_PER_BAND = 6
FAN = np.linspace(0.0, 3.0, 3 * FIBRES_PER_BAND + 1)
"""Place of every fibre across the fan: 0 the front edge, 1 and 2 the borders between bands, 3 the rear edge."""
ORIGIN_ROWS, FREE_ROWS, INSERTION_ROWS = 6, 10, 3
COARSE_ROWS = ORIGIN_ROWS + FREE_ROWS + INSERTION_ROWS
ROWS, COLUMNS = 38, 13
FIBRE_POINTS = 14

ALONG = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0.0, 1.0, ROWS))
ALONG = 0.4 * ALONG + 0.6 * np.linspace(0.0, 1.0, ROWS)
"""Place of every row of the drawn surface from crest (0) to trochanter (1), closer together at the ends."""


DEEP_ON_BONE_MM, OUTER_END_MM = -0.9, -0.2
"""Both sheets sink a little into the bone where they are attached, the deep one more: the edge of the outer sheet
then meets the bone without a step, and the closing cap is out of sight."""
LAST_CLEARANCE_MM = np.stack(
    [
        np.interp(ALONG, [0.0, 0.88, 0.9, 1.0], [0.3, 0.3, DEEP_ON_BONE_MM, DEEP_ON_BONE_MM]),
        np.interp(ALONG, [0.0, 0.85, 1.0], [0.9, 0.9, -0.3]),
    ]
)
"""Least distance to the femur of the drawn deep and superficial sheet, by row; the tendon's end sinks into it."""
FIRST_ROW_ON_FEMUR = int(0.55 * ROWS)


@dataclass(frozen=True, eq=False)
class BandShapes:
    """The three bands in one pose. Arrays are shared between callers: do not write to them.

    vertices : (3, n, 3) float, mm, RAS; faces and texture coordinates are those of `GluteusMedius`.
    fibres : (3, 14, 14, 3) float, mm, RAS, band, fibre (7 deep, then 7 superficial, each front to rear), point.
    swelling : (3,) float, mm, how far each belly stands out more than at neutral.
    """

    vertices: Floats
    fibres: Floats
    swelling: Floats

    def mirrored(self) -> BandShapes:
        """Return the same bands on the other side of the body (their faces must be flipped)."""
        return BandShapes(self.vertices * MIRROR, self.fibres * MIRROR, self.swelling)

    def surface_point(self, band_index: int, u: float, v: float) -> tuple[Floats, Floats]:
        """Return a point (3,) and the outward unit normal (3,) on a band's outer sheet.

        u : 0…1, front to rear of the band. v : 0…1, crest to trochanter, as in the texture coordinates.
        """
        sheet = self.vertices[band_index].reshape(ROWS, 2 * COLUMNS, 3)[:, : COLUMNS - 1 : -1]
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


class GluteusMedius:
    """The right gluteus medius over given bones; built once, then `shape` is a pure function of the pose.

    faces : (m, 3) int, of one band's closed surface, the same for all three.
    texture_coordinates : (n, 2) float, u 0…1 across the band, front to rear; v 0 at the crest,
        1 at the trochanter.
    """

    def __init__(self, hip_bone: Surface, femur: Surface, hip_centre: Floats, attachments: Attachments) -> None:
        reach = np.array([60.0, 60.0, 70.0])
        low, high = attachments.origin_lower.min(axis=0), attachments.origin_upper.max(axis=0)
        below = np.array([low[0] - 30.0, low[1] - 30.0, hip_centre[2] - 40.0])
        pelvis = distance_field("hip_bone", hip_bone, below, high + np.array([45.0, 35.0, 20.0]))
        thigh = distance_field(
            "femur", femur, hip_centre - reach + [30.0, 0.0, 0.0], hip_centre + reach + [20.0, 0, -20]
        )
        self.hip_centre = hip_centre
        self.fan = _fan(attachments, hip_centre, pelvis, thigh)
        self.loft = _loft()
        self.faces: Ints = self.loft.faces
        across = np.linspace(0.0, 1.0, COLUMNS)
        ring = np.concatenate([across, across[::-1]])
        self.texture_coordinates: Floats = np.stack([np.tile(ring, ROWS), np.repeat(ALONG, 2 * COLUMNS)], axis=1)
        self._thin = cubic_matrix(np.linspace(0, 1, COARSE_ROWS), np.linspace(0, 1, FIBRE_POINTS))
        first, last = (ORIGIN_ROWS - 1) / (COARSE_ROWS - 1), 1.0 - (INSERTION_ROWS - 1) / (COARSE_ROWS - 1)
        self._thin_deep = cubic_matrix(np.linspace(0, 1, COARSE_ROWS), np.linspace(first, last, FIBRE_POINTS))
        self._volumes: Floats | None = None
        self._volumes = volumes(self._surface(np.eye(3)).vertices, ROWS)

    @classmethod
    def on(cls, bones: Bones) -> GluteusMedius:
        """Return the muscle on loaded bones, attached where their landmarks say.

        Raises AssetError when a landmark is missing.
        """
        edges = Attachments(*(bones.curve(landmark_name(edge.name)) for edge in fields(Attachments)))
        return cls(bones.surface("hip_bone"), bones.surface("femur"), bones.position("femoral_head_centre"), edges)

    def footprint(self, band_index: int) -> tuple[Floats, Floats]:
        """Return the closed outlines (k, 3) of a band's origin (hip bone) and insertion (femur at neutral).

        The last point is not the first one again.
        """
        columns = slice(band_index * FIBRES_PER_BAND, (band_index + 1) * FIBRES_PER_BAND + 1)
        origin, insertion = (_outline(patch[:, columns]) for patch in (self.fan.origin, self.fan.insertion))
        return origin, insertion

    def fibres(self, rotation: Floats) -> Floats:
        """Return only the fibres of `shape`, (3, 14, 14, 3), at half its cost."""
        return self._fibres_of(self.fan.wrapped(rotation)[0])

    def shape(self, rotation: Floats) -> BandShapes:
        """Return the three bands when the right femur is turned by `rotation` (3, 3) about the hip centre."""
        return self._surface(rotation)

    def _surface(self, rotation: Floats) -> BandShapes:
        sheets, outward = self.fan.wrapped(rotation)
        fine = self.loft.refined(np.concatenate([sheets[DEEP], sheets[SUPERFICIAL], outward], axis=-1))
        rounded = np.stack(self.loft.rounded(fine[..., :3], fine[..., 3:6]))
        deep, superficial = self._laid_on_bone(rounded, rotation)
        vertices, swelling = self.loft.filled(deep, superficial, fine[..., 6:], self._volumes)
        return BandShapes(vertices, self._fibres_of(sheets), swelling)

    def _laid_on_bone(self, sheets: Floats, rotation: Floats) -> Floats:
        """Return the refined sheets (2, rows, bands, columns, 3) with what still cuts the femur laid on it."""
        rows = slice(FIRST_ROW_ON_FEMUR, -1)
        lower = sheets[:, rows]
        clearance = np.repeat(LAST_CLEARANCE_MM[:, rows], 3 * COLUMNS)
        laid = self.fan.pushed_off_moving_bone(lower.reshape(-1, 3), clearance, rotation)
        sheets[:, rows] = laid.reshape(lower.shape)
        return sheets

    def _fibres_of(self, sheets: Floats) -> Floats:
        """Return the fibres (3, 14, 14, 3) of the sheets (2, rows, n, 3); deep ones without their run on bone."""
        deep = np.tensordot(self._thin_deep, sheets[DEEP], axes=1)
        superficial = np.tensordot(self._thin, sheets[SUPERFICIAL], axes=1)
        columns = np.arange(3)[:, None] * FIBRES_PER_BAND + np.arange(FIBRES_PER_BAND + 1)
        both = np.stack([deep, superficial])[:, :, columns]
        return np.ascontiguousarray(both.transpose(2, 0, 3, 1, 4)).reshape(3, -1, FIBRE_POINTS, 3)


def _outline(patch: Floats) -> Floats:
    """Return the border (k, 3) of a grid of points (rows, columns, 3), once around."""
    return np.concatenate([patch[0, :-1], patch[:-1, -1], patch[-1, :0:-1], patch[:0:-1, 0]])


def _table(places: list[float], values: list[float], at: Floats) -> Floats:
    """Return a smooth curve without overshoot through the given values."""
    return np.asarray(PchipInterpolator(places, values)(at))


def _fan(attachments: Attachments, centre: Floats, pelvis: DistanceField, thigh: DistanceField) -> FibreFan:
    """Return the fan of fibres: patches laid on the bones between their edges, and the clearances."""
    origin = _patch(attachments.origin_upper, attachments.origin_lower, ORIGIN_ROWS, pelvis)
    insertion = _patch(attachments.insertion_upper, attachments.insertion_lower, INSERTION_ROWS, thigh)
    v = np.linspace(0.0, 1.0, COARSE_ROWS)
    free = np.clip((v - v[ORIGIN_ROWS - 1]) / (v[-INSERTION_ROWS] - v[ORIGIN_ROWS - 1]), 0.0, 1.0)
    # Room for gluteus minimus under the middle of the deep sheet.
    room = _table([0, 0.2, 0.45, 0.65, 0.85, 1], [0.6, 6.5, 9.5, 8.0, 3.5, 0.6], free)
    deep_fixed = room[:, None] * _table([0, 0.6, 2.2, 3], [0.6, 1.0, 1.0, 0.6], FAN)
    outer_fixed = _table([0, 0.15, 0.45, 0.75, 1], [0.8, 4.0, 8.0, 6.0, 2.0], v)[:, None] * _table(
        [0, 2, 3], [1.0, 0.9, 0.6], FAN
    )
    deep_moving = _table([0, 0.6, 0.8, 1], [4.0, 4.0, 1.5, 0.5], free)[:, None] * np.ones_like(FAN)
    tendon = _table([0, 1, 2, 3], [2.2, 2.6, 3.8, 4.6], FAN)
    outer_moving = _table([0, 0.75, 0.93, 1], [1.3, 1.3, 1.0, 0.1], v)[:, None] * tendon
    lift = _table([0, 0.1, 0.5, 0.85, 1], [0.0, 2.0, 3.0, 1.5, 0.0], v)[:, None]
    lift = lift * _table([0, 0.6, 2.4, 3], [0.3, 1.0, 1.0, 0.3], FAN)
    bow = _table([0, 1, 2, 3], [-8.0, -0.3, 0.2, 5.0], FAN) * np.sin(np.pi * v[:, None] ** 1.1)
    bows = np.stack([np.where((free > 0)[:, None] & (free < 1)[:, None], bow, 0.0), bow])
    fan = FibreFan(
        origin=origin,
        insertion=insertion,
        ends=np.stack([pelvis.snapped(origin[0], OUTER_END_MM), thigh.snapped(insertion[-1], OUTER_END_MM)]),
        free_rows=FREE_ROWS,
        centre=centre,
        fixed_bone=pelvis,
        moving_bone=thigh,
        fixed_clearance=np.stack([deep_fixed, outer_fixed]),
        moving_clearance=np.stack([deep_moving, outer_moving]),
        lift=lift,
        bow=bows[..., None],
    )
    return replace(fan, guide=fan.wrapped(np.eye(3))[0])


def _patch(first: Floats, last: Floats, rows: int, bone: DistanceField) -> Floats:
    """Return rows (rows, fibres, 3) on the bone's surface from one edge curve to the other."""
    edges = np.stack([first, last])
    places = np.linspace(0.0, 3.0, edges.shape[1])
    curves = np.einsum("fk,ekx->efx", cubic_matrix(places, FAN), edges)
    share = np.linspace(0.0, 1.0, rows)[:, None, None]
    patch = curves[0] * (1.0 - share) + curves[1] * share
    return bone.snapped(patch.reshape(-1, 3), DEEP_ON_BONE_MM).reshape(patch.shape)


def _loft() -> Loft:
    """Return the fixed arrays that turn the fan into the three drawn bands."""
    even = np.linspace(0.0, 1.0, COLUMNS)
    # Columns crowd where a free edge is rounded.
    local = np.stack([even**1.7, even, 1.0 - (1.0 - even) ** 1.7])
    place = local + np.arange(3)[:, None]
    across = np.stack([cubic_matrix(FAN, row) for row in place])

    edge = np.minimum(place, 3.0 - place)
    inside = np.clip(edge / 0.52, 0.0, 1.0)
    round_edge = np.sqrt(np.maximum(1.0 - (1.0 - inside) ** 2, 0.0))
    border = np.minimum(np.abs(place - 1.0), np.abs(place - 2.0))
    groove = 0.12 * np.exp(-((border / 0.07) ** 2))
    ends = np.sin(np.pi * ALONG) ** 0.5
    rounding = 1.0 - ends[:, None, None] * (1.0 - round_edge + groove)
    # The front edge follows the outer string where the deep sheet still lies on bone: the deep rows stand so close
    # together there that the edge would crumple on them. The rear edge stays on bone as long as it can.
    front = _table([0, 0.25, 0.55, 0.85, 1], [1.0, 1.0, 0.75, 0.35, 0.0], ALONG)
    rear = _table([0, 0.28, 0.52, 0.7, 1], [0.0, 0.0, 0.3, 0.3, 0.0], ALONG)
    rearness = _table([0, 1, 2, 3], [0.0, 0.2, 0.8, 1.0], place.ravel()).reshape(place.shape)
    deep_share = front[:, None, None] * (1.0 - rearness) + rear[:, None, None] * rearness

    profile = _table([0, 0.06, 0.2, 0.42, 0.6, 0.78, 0.9, 1], [0, 0.35, 0.75, 1.0, 0.88, 0.38, 0.06, 0], ALONG)
    height = _table([0, 0.5, 1.5, 2.5, 3], [6.0, 6.8, 3.5, -1.0, -1.0], place.ravel()).reshape(place.shape)
    swells = _table([0, 0.06, 0.2, 0.45, 0.65, 0.82, 0.92, 1], [0, 0.3, 0.75, 1.0, 0.72, 0.16, 0.02, 0], ALONG)
    centres = np.array([0.5, 1.5, 2.5])
    swelling = np.stack([_table(list(centres), list(row), np.clip(place, 0.5, 2.5).ravel()) for row in np.eye(3)])
    return Loft(
        along=cubic_matrix(np.linspace(0.0, 1.0, COARSE_ROWS), ALONG),
        across=across,
        rounding=np.clip(rounding, 0.0, 1.0),
        deep_share=deep_share,
        belly=profile[:, None, None] * round_edge * height,
        profile=swells[:, None, None] * round_edge,
        swelling=swelling.reshape(3, *place.shape),
        faces=ring_faces(ROWS, COLUMNS),
    )
