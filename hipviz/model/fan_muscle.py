"""A fan-shaped muscle of the right side in any pose: three bands that share borders, and its fibres.

What every such muscle has in common lives here; the figures of each (attachments, clearances, thickness) stand in
its own module. Fibres are wrapped in `wrapping`, clothed in `flesh`; levers are read off in `leverage`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hipviz.model.cache import cached, fingerprint
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
from hipviz.model.flesh import Flesh
from hipviz.model.loft import volumes
from hipviz.model.posed import NODES, Moving, Node, PoseTable, node_pose
from hipviz.model.splines import cubic_matrix
from hipviz.model.units import MIRROR, Floats, Ints
from hipviz.model.wrapping import Wrapping

BELLY_ROW = 8
DEEP_ON_BONE_MM, OUTER_END_MM = -0.9, -0.2
"""Both sheets sink a little into the bone where they are attached, the deep one more: the edge of the outer sheet
then meets the bone without a step, and the closing cap is out of sight."""

_THIN = cubic_matrix(COARSE, np.linspace(0.0, 1.0, FIBRE_POINTS))
_THIN_DEEP = cubic_matrix(COARSE, np.linspace(COARSE[ORIGIN_ROWS - 1], COARSE[-INSERTION_ROWS], FIBRE_POINTS))
_METHOD = "muscle 6"  # change it whenever the numbers change: it is part of the cache key


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


class FanMuscle:
    """A muscle of the right side over given bones; built once, then `shape` is a pure function of the pose.

    Fibres and surfaces are worked out at the nodes of a grid of poses and kept on disk.

    faces : (m, 3) int, of one band's closed surface, the same for all three.
    texture_coordinates : (n, 2) float, u 0…1 across the band, front to rear; v 0 at the origin, 1 at the end.
    """

    def __init__(self, name: str, wrapping: Wrapping, flesh: Flesh) -> None:
        """Build the muscle; `name` says whose it is, for the cache."""
        self.fan = wrapping.fan
        self.hip_centre = self.fan.centre
        self.loft = flesh.loft
        self.faces: Ints = self.loft.faces
        across = np.linspace(0.0, 1.0, COLUMNS)
        ring = np.concatenate([across, across[::-1]])
        along = np.repeat(ALONG, 2 * COLUMNS)
        self.texture_coordinates: Floats = np.stack([np.tile(ring, ROWS), along], axis=1)
        key = fingerprint(_METHOD, *wrapping.parts(), *flesh.parts())
        arrays = cached(f"muscle-{name}", key, lambda: _worked_out(wrapping, flesh))
        self._surface = Moving.of(arrays["vertices"], along, self.hip_centre)
        self._volume = volumes(self._surface.at(np.eye(3)), ROWS)
        self._fibres = Moving.of(arrays["fibres"], np.linspace(0.0, 1.0, FIBRE_POINTS), self.hip_centre)
        self._swelling = PoseTable(arrays["swelling"].astype(np.float32))

    def fibres(self, rotation: Floats) -> Floats:
        """Return only the fibres of `shape`, (3, 14, 14, 3)."""
        return self._fibres.at(rotation)

    def shape(self, rotation: Floats) -> BandShapes:
        """Return the three bands when the right femur is turned by `rotation` (3, 3) about the hip centre."""
        vertices = self.loft.brought_to(self._surface.at(rotation), self._volume)
        return BandShapes(vertices, self._fibres.at(rotation), self._swelling.at(rotation))


def _worked_out(wrapping: Wrapping, flesh: Flesh) -> dict[str, npt.NDArray[np.float32]]:
    """Return vertices (nodes, 3, n, 3), fibres (nodes, 3, 14, 14, 3) and swelling (nodes, 3) at all nodes."""
    found: dict[Node, tuple[Floats, Floats, Floats]] = {}
    volume: Floats | None = None
    for node, course in wrapping.courses().items():  # neutral comes first
        vertices, swelling = flesh.clothed(wrapping.fan, course, node_pose(node).rotation(), volume)
        volume = volumes(vertices, ROWS) if volume is None else volume
        swelling = swelling + course.thickening[BELLY_ROW, FIBRES_PER_BAND // 2 :: FIBRES_PER_BAND]
        found[node] = vertices, fibres_of(course.sheets), swelling
    ordered = zip(*(found[node] for node in NODES), strict=True)
    names = ("vertices", "fibres", "swelling")
    return {name: np.array(values, dtype=np.float32) for name, values in zip(names, ordered, strict=True)}


def fibres_of(sheets: Floats) -> Floats:
    """Return the fibres (3, 14, 14, 3) of the sheets (2, rows, n, 3); deep ones without their run on bone."""
    deep = np.tensordot(_THIN_DEEP, sheets[DEEP], axes=1)
    superficial = np.tensordot(_THIN, sheets[SUPERFICIAL], axes=1)
    columns = np.arange(3)[:, None] * FIBRES_PER_BAND + np.arange(FIBRES_PER_BAND + 1)
    both = np.stack([deep, superficial])[:, :, columns]
    return np.ascontiguousarray(both.transpose(2, 0, 3, 1, 4)).reshape(3, -1, FIBRE_POINTS, 3)


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
