"""The muscles beside the gluteus medius, built when they are first asked for and then kept.

What each of them is made of lives in its own module; here they are put in place on both sides.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from hipviz.model.assets import Bones
from hipviz.model.fan_muscle import BandShapes, FanMuscle
from hipviz.model.pose import HipPose, Posture
from hipviz.model.units import NEIGHBOURS, SIDES, Ints, Neighbour, Side

KEPT = 8
"""How many shapes of each stay in memory."""


class Neighbours:
    """Minimus under the medius, maximus over it, piriformis behind and below it: three parts each.

    Nothing is built before it is asked for; the first time ever that costs some seconds, later a fraction of one.
    """

    def __init__(self, bones: Bones, medius: FanMuscle) -> None:
        self._bones, self._medius = bones, medius
        self._muscles: dict[Neighbour, FanMuscle] = {}
        self._shapes: OrderedDict[tuple[Neighbour, HipPose], BandShapes] = OrderedDict()

    def muscle(self, name: Neighbour) -> FanMuscle:
        """Return the right-hand muscle. Raises AssetError when a landmark that it needs is missing."""
        if name not in self._muscles:
            self._muscles[name] = self._built(name)
        return self._muscles[name]

    def shape_ahead(self, wanted: Callable[[], bool] = lambda: True) -> None:
        """Work out what takes seconds the first time ever, and keep it on disk; may be called in any thread.

        wanted : asked before each muscle, as the person may have gone meanwhile.
        """
        for name in NEIGHBOURS:
            if wanted():
                self._built(name)

    def faces(self, name: Neighbour, side: Side) -> Ints:
        """Return the faces (m, 3) of each part's surface on a side."""
        faces = self.muscle(name).faces
        return faces if side == "right" else np.ascontiguousarray(faces[:, ::-1])

    def shapes(self, name: Neighbour, posture: Posture) -> dict[Side, BandShapes]:
        """Return the parts of one muscle on both sides in a posture; do not write to them."""
        right, left = (self._shape(name, posture.of(side)) for side in SIDES)
        return {"right": right, "left": left.mirrored()}

    def _shape(self, name: Neighbour, pose: HipPose) -> BandShapes:
        key = (name, pose)
        if key not in self._shapes:
            self._shapes[key] = self.muscle(name).shape(pose.rotation())
            if len(self._shapes) > KEPT * len(NEIGHBOURS):
                self._shapes.popitem(last=False)
        self._shapes.move_to_end(key)
        return self._shapes[key]

    def _built(self, name: Neighbour) -> FanMuscle:
        # Imported here, as they are seldom shown and the window should not wait for them.
        if name == "gluteus_minimus":
            from hipviz.model.gluteus_minimus import GluteusMinimus

            return GluteusMinimus.on(self._bones, self._medius)
        if name == "gluteus_maximus":
            from hipviz.model.gluteus_maximus import GluteusMaximus

            return GluteusMaximus.on(self._bones, self._medius)
        from hipviz.model.piriformis import Piriformis

        return Piriformis.on(self._bones, self._medius)
