"""A muscle whose flesh stands on both sides of one sheet of fibres, however that is twisted.

Two sheets of fibres of their own cross where a muscle is twisted hard. Here both sheets of the flesh lie along the
same ways off the fibres between them, and where either would cut a bone both give way together: so can a muscle
pass through a gap that has bone on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.blending import smooth_step
from hipviz.model.fan_loft import COARSE, COLUMNS, ROWS
from hipviz.model.fibres import SUPERFICIAL, FibreFan, smoothed, smoothed_rows
from hipviz.model.flesh import LIFTS, SMALL_LIFT_MM, Flesh, joined, parted, unfolded
from hipviz.model.plate import Plate, normals, respaced, unit
from hipviz.model.sliding import BEGINS, slid
from hipviz.model.units import Floats
from hipviz.model.wrapping import Course, Part

FREE_ROWS = slice(1, -1)
"""Of the drawn sheets: the first and the last row are attached."""
SMOOTHINGS, MOST_GAIN = 12, 3.0
WAY_SMOOTHINGS = 30
EVEN_ACROSS = (smooth_step(COARSE, 0.35, 0.6) * smooth_step(-COARSE, -0.98, -0.8))[:, None, None]
"""How far the fibres, by row, share the width of the muscle evenly: they press on each other."""
FILLINGS = 2
ROOTED = smooth_step(-COARSE, -0.55, -0.3)[:, None]
"""Where flesh reaches down to the bone, by row."""
ROOT_MM, ROOTS_MM, LEAST_SLOPE, ROOT_SMOOTHINGS = 0.5, (0.4, 14.0), 0.5, 3
"""How deep into the bone it reaches, and how far down from the fibres; how steep the way down is at least."""
METHOD = "strap 3"
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
    over_fixed_mm : (2, ROWS) float, mm, least height of the drawn deep and superficial sheet over the fixed bone.
    sinks : 0…1, how much of what the flesh swells goes to the deep side.
    follows_from : 0…1, share of the fibres' way from which they follow their ends, see `sliding`.
    """

    thickness: Floats
    over_fixed_mm: Floats
    sinks: float = 0.5
    follows_from: float = BEGINS

    def parts(self) -> list[Floats | str]:
        """Return all that the surfaces depend on, for the key of what is made from them."""
        return [
            *super().parts(),
            METHOD,
            self.thickness,
            self.over_fixed_mm,
            repr((self.sinks, self.follows_from)),
        ]

    def clothed(
        self, fan: FibreFan, course: Course, rotation: Floats, volume: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return ring vertices (3, n, 3) of the bands in a pose, mm RAS, and their swelling (3,), mm."""
        fibres = self._fibres(course)
        fibres = slid(fan, np.stack([fibres, fibres]), rotation, self.least_slant_deg, self.follows_from)[1]
        fibres += EVEN_ACROSS * (evened_across(fibres) - fibres)
        way = normals(fibres)
        for _ in range(WAY_SMOOTHINGS):
            way = unit(smoothed(way))
        sides = np.stack([self._below(fibres, way, fan), 0.5 * self.thickness, course.thickening], axis=-1)
        fine = self.loft.refined(np.concatenate([fibres, way, sides], axis=-1))
        fibres, way = fine[..., :3], unit(fine[..., 3:6])
        deep, outer = fibres - fine[..., 6, None] * way, fibres + fine[..., 7, None] * way
        deep, outer = self.loft.rounded(deep, outer, way)
        vertices, swelling = self.loft.filled(deep, outer, way, fine[..., 8], volume)
        for _ in range(FILLINGS):
            filled = np.stack(self.loft.opened(vertices))
            sheets = filled - self.sinks * ((filled[1] - outer) - (filled[0] - deep))
            sheets = self._between_bones(sheets, fan, rotation)
            deep, outer = unfolded(sheets[0], way), unfolded(sheets[1], way)
            if volume is None:
                vertices = self.loft.closed(deep, outer)
            else:
                vertices = self._refilled(deep, outer, way, rotation, volume)
        return vertices, swelling

    def _refilled(self, deep: Floats, outer: Floats, way: Floats, rotation: Floats, volume: Floats) -> Floats:
        """Return ring vertices (3, n, 3) with the volume, of refined sheets and the ways out of the muscle."""
        return self.loft.brought_to(self.loft.closed(deep, outer), volume)

    def _fibres(self, course: Course) -> Floats:
        """Return the fibres (rows, n, 3) that the flesh stands on."""
        return np.asarray(course.sheets.mean(axis=0))

    def _below(self, fibres: Floats, way: Floats, fan: FibreFan) -> Floats:
        """Return how far the flesh reaches below the fibres, (rows, n) mm."""
        return np.asarray(0.5 * self.thickness)

    def _between_bones(self, sheets: Floats, fan: FibreFan, rotation: Floats) -> Floats:
        """Return the refined sheets (2, rows, bands, columns, 3), moved together out of what either cuts."""
        shape = sheets[:, FREE_ROWS].shape[:-1]
        fixed, moving = (
            np.broadcast_to(least[:, FREE_ROWS, None, None], shape).ravel()
            for least in (self.over_fixed_mm, self.last_clearance)
        )
        for _ in range(LIFTS):
            points = sheets[:, FREE_ROWS].reshape(-1, 3)
            pushed = fan.pushed_off_moving_bone(points, moving, rotation)
            pushed = fan.fixed_bone.pushed(pushed, fixed)
            push = np.zeros(sheets.shape[1:])
            push[FREE_ROWS] = (pushed - points).reshape(*shape, 3).sum(axis=0)
            if np.abs(push).max() < SMALL_LIFT_MM:
                break
            sheets = sheets + parted(_spread(joined(push)))
        return sheets


@dataclass(frozen=True, eq=False, kw_only=True)
class RootedFlesh(StrapFlesh):
    """What a muscle is clothed with whose flesh reaches down to the bone that it arises from.

    Its fibres are the superficial ones of a `Wrapping`, which run straight over the origin.
    """

    def _fibres(self, course: Course) -> Floats:
        return np.asarray(course.sheets[SUPERFICIAL])

    def _below(self, fibres: Floats, way: Floats, fan: FibreFan) -> Floats:
        height, away = fan.fixed_bone.sample(fibres.reshape(-1, 3))
        height = height.reshape(fibres.shape[:2]) + ROOT_MM
        slope = np.einsum("rnx,rnx->rn", away.reshape(fibres.shape), way)
        to_bone = np.clip(height / np.clip(slope, LEAST_SLOPE, 1.0), *ROOTS_MM)
        below = 0.5 * self.thickness + ROOTED * (to_bone - 0.5 * self.thickness)
        for _ in range(ROOT_SMOOTHINGS):
            below = smoothed(below)
        return np.asarray(below)


def _spread(push: Floats) -> Floats:
    """Return pushes (rows, columns, 3) that reach farther and fall off smoothly; the greatest does not grow."""
    along = (_EVENED_ROWS @ push.reshape(len(push), -1)).reshape(push.shape)
    wide = np.matmul(_EVENED_COLUMNS, along)
    before, after = (np.sqrt(np.einsum("rcx,rcx->rc", p, p).max()) for p in (push, wide))
    return np.asarray(min(before / (after + 1e-9), MOST_GAIN) * wide)


def evened_across(sheet: Floats) -> Floats:
    """Return a sheet (rows, n, 3) whose points lie evenly across it."""
    return respaced(sheet.swapaxes(0, 1)).swapaxes(0, 1)
