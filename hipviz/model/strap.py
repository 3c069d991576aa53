"""A muscle that leaves through a gap between bones: its fibres run in the middle of its flesh, clear on all sides.

What lies over a bone has its way out on one side; what passes through a gap has bone on both. Its sheets stand the
same way off a middle one, and where either would cut a bone both give way together, so that they cannot cross.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.blending import smooth_step
from hipviz.model.fan_loft import COARSE, COLUMNS, ROWS
from hipviz.model.fibres import FibreFan, smoothed, smoothed_rows
from hipviz.model.flesh import LIFTS, SMALL_LIFT_MM, Flesh, joined, parted, unfolded
from hipviz.model.plate import Plate, normals, respaced, unit
from hipviz.model.sliding import slid
from hipviz.model.units import Floats
from hipviz.model.wrapping import Course, Part

FIRST_ROW, LAST_ROW = 4, -1
"""Of the drawn sheets, those that keep off the bones: the others are attached."""
FIXED_CLEARANCE_MM = 0.9
SMOOTHINGS, MOST_GAIN = 12, 3.0
WAY_SMOOTHINGS = 30
EVEN_ACROSS = smooth_step(COARSE, 0.15, 0.4)[:, None, None] * smooth_step(-COARSE, -0.95, -0.75)[:, None, None]
"""How far the fibres, by row, share the width of the muscle evenly: they press on each other."""
FILLINGS = 2
METHOD = "strap 1"
"""Change it whenever the numbers change: it is part of the key of what is cached."""

_EVENED_ROWS, _EVENED_COLUMNS = (
    np.linalg.matrix_power(smoothed_rows(np.eye(count)), SMOOTHINGS) for count in (ROWS, 3 * COLUMNS - 2)
)
"""What brings the rows, and the columns, of a sheet as far as `SMOOTHINGS` averages with their neighbours do."""


@dataclass(frozen=True, eq=False)
class Strap(Plate):
    """How a strap is wrapped: as a plate with its flesh, `belly` thick, on both sides of its fibres."""

    def parts(self) -> list[Part]:
        """Return all that the courses depend on, for the key of what is made from them."""
        return [*super().parts(), METHOD]

    def _sheets(self, fibres: Floats, outward: Floats) -> Floats:
        half = 0.5 * self.belly[..., None] * outward
        return np.stack([fibres - half, fibres + half])


@dataclass(frozen=True, eq=False, kw_only=True)
class StrapFlesh(Flesh):
    """What a strap is clothed with.

    thickness : (rows, n) float, mm, of the flesh at neutral.
    """

    thickness: Floats

    def clothed(
        self, fan: FibreFan, course: Course, rotation: Floats, volume: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return ring vertices (3, n, 3) of the bands in a pose, mm RAS, and their swelling (3,), mm."""
        middle = course.sheets.mean(axis=0)
        middle = slid(fan, np.stack([middle, middle]), rotation, self.least_slant_deg)[1]
        middle += EVEN_ACROSS * (evened_across(middle) - middle)
        way = normals(middle)
        for _ in range(WAY_SMOOTHINGS):
            way = unit(smoothed(way))
        coarse = [middle, way, self.thickness[..., None], course.thickening[..., None]]
        fine = self.loft.refined(np.concatenate(coarse, axis=-1))
        middle, way = fine[..., :3], unit(fine[..., 3:6])
        half = 0.5 * fine[..., 6, None] * way
        deep, outer = self.loft.rounded(middle - half, middle + half, way)
        vertices, swelling = self.loft.filled(deep, outer, way, fine[..., 7], volume)
        for _ in range(FILLINGS):
            filled = np.stack(self.loft.opened(vertices))
            # What it has swollen it stands out on both sides.
            sheets = filled - 0.5 * ((filled[1] - outer) - (filled[0] - deep))
            sheets = self._between_bones(sheets, fan, rotation)
            deep, outer = unfolded(sheets[0], way), unfolded(sheets[1], way)
            vertices = self.loft.closed(deep, outer)
            if volume is not None:
                vertices = self.loft.brought_to(vertices, volume)
        return vertices, swelling

    def _between_bones(self, sheets: Floats, fan: FibreFan, rotation: Floats) -> Floats:
        """Return the refined sheets (2, rows, bands, columns, 3), moved together out of what either cuts."""
        kept = slice(FIRST_ROW, LAST_ROW)
        moving = np.broadcast_to(self.last_clearance[:, kept, None, None], sheets[:, kept].shape[:-1]).ravel()
        for _ in range(LIFTS):
            points = sheets[:, kept].reshape(-1, 3)
            pushed = fan.pushed_off_moving_bone(points, moving, rotation)
            pushed = fan.fixed_bone.pushed(pushed, FIXED_CLEARANCE_MM)
            push = np.zeros(sheets.shape[1:])
            push[kept] = (pushed - points).reshape(sheets[:, kept].shape).sum(axis=0)
            if np.abs(push).max() < SMALL_LIFT_MM:
                break
            sheets = sheets + parted(_spread(joined(push)))
        return sheets


def _spread(push: Floats) -> Floats:
    """Return pushes (rows, columns, 3) that reach farther and fall off smoothly; the greatest does not grow."""
    along = (_EVENED_ROWS @ push.reshape(len(push), -1)).reshape(push.shape)
    wide = np.matmul(_EVENED_COLUMNS, along)
    before, after = (np.sqrt(np.einsum("rcx,rcx->rc", p, p).max()) for p in (push, wide))
    return np.asarray(min(before / (after + 1e-9), MOST_GAIN) * wide)


def evened_across(sheet: Floats) -> Floats:
    """Return a sheet (rows, n, 3) whose points lie evenly across it."""
    return respaced(sheet.swapaxes(0, 1)).swapaxes(0, 1)
