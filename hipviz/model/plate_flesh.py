"""Flesh that stands on the deep sheet of a plate, and keeps off bones and off the muscle that it lies on.

Both sheets, and all that swells, go along the same ways out of the deep sheet, so that they cannot cross.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.blending import smooth_step
from hipviz.model.fibres import DEEP, FibreFan, smoothed
from hipviz.model.flesh import FARTHEST_LIFT_MM, LEAST_SLOPE, LIFTS, ROUNDS, SMALL_LIFT_MM, Flesh, spread, unfolded
from hipviz.model.plate import normals, unit
from hipviz.model.sliding import slid
from hipviz.model.underlay import Underlay
from hipviz.model.units import Floats
from hipviz.model.wrapping import Course

if TYPE_CHECKING:
    from hipviz.model.fan_muscle import FanMuscle

CLEARANCE_MM = (1.5, 3.0)
"""Least height of the deep and the outer sheet over the muscle below."""
OVER_MUSCLE = slice(4, -1)
LEAVES_BONE = (2.0, 8.0)
"""Rows over which the deep sheet comes off its origin, where it lies as it is attached."""
OUTWARD = (-0.3, 0.1)
"""Slopes of the muscle below against the way out between which the way comes to lead off it at all."""
BRIDGINGS = 8


@dataclass(frozen=True, eq=False, kw_only=True)
class PlateFlesh(Flesh):
    """What a plate is clothed with.

    thickness : (rows, n) float, mm, of the flesh over the deep fibres at neutral. under : what it lies on.
    """

    thickness: Floats
    under: FanMuscle

    def clothed(
        self, fan: FibreFan, course: Course, rotation: Floats, volume: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return ring vertices (3, n, 3) of the bands in a pose, mm RAS, and their swelling (3,), mm."""
        deep = slid(fan, course.sheets, rotation)[DEEP]
        coarse = [deep, normals(deep), _bridging(deep, self.thickness)[..., None], course.thickening[..., None]]
        fine = self.loft.refined(np.concatenate(coarse, axis=-1))
        attached, way = fine[..., :3], unit(fine[..., 3:6])
        deep, outer = self.loft.rounded(attached, attached + fine[..., 6, None] * way, way)
        attached, loose = deep, smooth_step(np.arange(float(len(deep))), *LEAVES_BONE)[:, None, None, None]
        below = Underlay(self.under.shape(rotation).sheets()[1])
        for _ in range(ROUNDS):
            both = self._laid_on_bone(np.stack([unfolded(deep, way), outer]), way, fan, rotation)
            deep, outer = _laid_on(below, both, way)
            deep = attached + loose * (deep - attached)
        vertices, swelling = self.loft.filled(deep, outer, way, fine[..., 7], volume)
        deep, outer = (unfolded(sheet, way) for sheet in self.loft.opened(vertices))
        return self.loft.closed(deep, outer), swelling


def _laid_on(below: Underlay, sheets: Floats, way: Floats) -> Floats:
    """Return both sheets (2, rows, bands, columns, 3) lifted along `way` off the muscle below."""
    ways = np.broadcast_to(way, sheets.shape)
    clearance = np.broadcast_to(np.array(CLEARANCE_MM)[:, None, None, None], sheets.shape[:-1])
    over = np.zeros(sheets.shape[:-1], bool)
    over[:, OVER_MUSCLE] = True
    asked = over
    for _ in range(LIFTS):
        height, normal, share = below.heights(sheets[asked])
        slope = np.einsum("nx,nx->n", normal, ways[asked])
        lacking = np.maximum(clearance[asked] - height, 0.0) * share * smooth_step(slope, *OUTWARD)
        lift = np.zeros(sheets.shape[:-1])
        lift[asked] = np.minimum(lacking / np.clip(slope, LEAST_SLOPE, 1.0), FARTHEST_LIFT_MM)
        if lift.max() < SMALL_LIFT_MM:
            break
        lift = spread(lift)
        sheets = sheets + lift[..., None] * way
        asked = over & (lift > 0.0)  # where nothing was lacking around, nothing has changed
    return sheets


def _bridging(deep: Floats, thickness: Floats) -> Floats:
    """Return a thickness (rows, n), mm, that evens out the dips of the sheet (rows, n, 3) under it."""
    even = deep
    for _ in range(BRIDGINGS):
        even = np.concatenate([deep[:1], smoothed(even)[1:-1], deep[-1:]])
    dip = np.maximum(np.einsum("rnx,rnx->rn", even - deep, normals(deep)), 0.0)
    return np.asarray(thickness + smoothed(dip))
