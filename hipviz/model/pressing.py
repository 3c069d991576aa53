"""Flesh that gives way to the muscle over it: what it swells goes where there is room.

Fibres that get shorter leave the same flesh less length. Where another muscle lies on it, it cannot simply rise;
it is pressed flat there and stands out more beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.blending import smooth_step
from hipviz.model.cache import fingerprint
from hipviz.model.fan_loft import ALONG, soft_edges
from hipviz.model.fibres import smoothed
from hipviz.model.flesh import joined, parted
from hipviz.model.pose import HipPose
from hipviz.model.strap import RootedFlesh
from hipviz.model.underlay import Underlay
from hipviz.model.units import Floats

if TYPE_CHECKING:
    from hipviz.model.fan_muscle import FanMuscle

ALLOWED_MM, SOFT_MM = 2.0, 2.0
"""How deep it may lie in the muscle over it, and how softly it is held there: that gives way a little, too."""
ROOM_MM = 6.0
"""How deep in the other muscle nothing swells any more."""
LEAST_SWELLS, MOST_PRESSED = 0.05, 0.6
"""Least share of its swelling that a place keeps; most of its thickness by which it is pressed flat."""
PRESS_SMOOTHINGS, ROOM_SMOOTHINGS = 4, 10
TOLD = slice(3, -6)
"""Rows that are asked how they lie to the other muscle."""
PRESSED = smooth_step(-ALONG, -0.85, -0.65)[:, None, None] * soft_edges(0.7, 0.7)
"""How much a place can be pressed, (rows, bands, columns): neither the tendon nor the thin edges can."""
SWELLS = smooth_step(-ALONG, -0.65, -0.45)[:, None, None]
"""Where what is pressed aside can go, by row: not into the narrow tendon."""
METHOD = "pressing 1"
"""Change it whenever the numbers change: it is part of the key of what is cached."""
TELLING = (HipPose(), HipPose(60, 20, -20))
"""Poses whose shapes tell one muscle from another."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PressedFlesh(RootedFlesh):
    """What a muscle is clothed with that lies under another.

    over : the other muscle.
    """

    over: FanMuscle

    def parts(self) -> list[Floats | str]:
        """Return all that the surfaces depend on, for the key of what is made from them."""
        told = fingerprint(*(self.over.shape(pose.rotation()).vertices for pose in TELLING))
        return [*super().parts(), METHOD, told]

    def _refilled(self, deep: Floats, outer: Floats, way: Floats, rotation: Floats, volume: Floats) -> Floats:
        depth = self._depth(outer, rotation)
        thickness = np.einsum("rbcx,rbcx->rbc", outer - deep, way)
        most = MOST_PRESSED * np.maximum(thickness, 0.0)
        press = _evened(np.minimum(_held_back(depth), most), PRESS_SMOOTHINGS)
        outer = outer - np.minimum(PRESSED * press, most)[..., None] * way
        room = _evened(1.0 - smooth_step(depth, 0.0, ROOM_MM), ROOM_SMOOTHINGS)
        belly = (self.loft.profile * SWELLS * (LEAST_SWELLS + room))[..., None] * way
        outer, _ = self.loft.swollen_to(deep, outer, belly, volume)
        return super()._refilled(deep, outer, way, rotation, volume)

    def _depth(self, outer: Floats, rotation: Floats) -> Floats:
        """Return how deep the outer sheet lies in the other muscle, (rows, bands, columns) mm."""
        sheet = Underlay(self.over.shape(rotation).sheets()[0])
        asked = outer[TOLD]
        height, _, share = sheet.heights(asked.reshape(-1, 3))
        depth = np.zeros(outer.shape[:-1])
        depth[TOLD] = (height * share).reshape(asked.shape[:-1])
        return depth


def _held_back(depth: Floats) -> Floats:
    """Return what is too much of a depth, mm: next to nothing up to the allowed one, nearly all of it beyond."""
    allowed = np.logaddexp(0.0, -ALLOWED_MM / SOFT_MM)
    return np.asarray(SOFT_MM * np.maximum(np.logaddexp(0.0, (depth - ALLOWED_MM) / SOFT_MM) - allowed, 0.0))


def _evened(values: Floats, passes: int) -> Floats:
    """Return values (rows, bands, columns) averaged with their neighbours over the borders of the bands."""
    grid = joined(values)
    for _ in range(passes):
        grid = smoothed(grid)
    return parted(grid)
