"""A thigh held by the mouse: which thigh a place of the picture belongs to, and where a drag takes it.

The angles are worked out in `hipviz.model.grab`; presses and moves of the mouse arrive at `pointer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF

from hipviz.model.explore import at_limit, hold_of
from hipviz.model.grab import followed, grip, in_plane, twisted
from hipviz.model.movement import spoken_angles
from hipviz.model.pose import HipPose
from hipviz.model.state import State
from hipviz.model.units import MIRROR, Floats, Side
from hipviz.ui.changes import Changes
from hipviz.view.camera import line_of_sight

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.ui.stage import Stage
    from hipviz.view.picking import Pick
    from hipviz.view.scene import Scene


def thigh_of(found: Pick | None, anatomy: Anatomy, scene: Scene) -> Side | None:
    """Return whose thigh was picked: by its bone, or by the skin that goes along with it."""
    if found is None:
        return None
    if found.kind == "bone" and found.name.startswith("femur"):
        return found.side
    if found.kind == "skin":
        return anatomy.skin.thigh_at(found.point, scene.figure.skin_vertices)
    return None


class Grab:
    """One thigh, taken at a point (3,), mm in the pelvis' frame; the point stays under the pointer."""

    def __init__(self, stage: Stage, anatomy: Anatomy, side: Side, point: Floats, state: State) -> None:
        self.side = side
        self._stage, self._anatomy = stage, anatomy
        self._mirror = MIRROR if side == "left" else np.ones(3)
        self._point = point * self._mirror - anatomy.hip_centre("right")
        self._pose = self._start = self._now(state)
        self._twisting = False

    def dragged(self, state: State, place: QPointF, twist: bool, flat: bool) -> Changes:
        """Return what a drag to a place of the stage makes of a state.

        To `twist` is to turn about itself; `flat` keeps the swing in the plane of the picture.
        """
        eye, scene = self._stage.eye, self._stage.scene
        if eye is None or scene is None:
            return {}
        size = (float(self._stage.width()), float(self._stage.height()))
        origin, away = scene.in_body(*line_of_sight(eye, (place.x(), place.y()), size))
        origin, away = origin * self._mirror - self._anatomy.hip_centre("right"), away * self._mirror
        if twist != self._twisting:
            # Taken anew where the thigh is now: changing the hand must not make it jump.
            self._twisting, self._start = twist, self._pose
            self._point = origin + ((self._point - origin) @ away) * away
        if twist:
            self._pose = twisted(self._start, self._point, -away, origin, away)
        else:
            place_at_rest = grip(self._start, self._point)
            if flat:
                origin = in_plane(self._pose.rotation() @ place_at_rest, origin, away)
            self._pose = followed(self._pose, place_at_rest, origin, away)
        hold = hold_of(state, self._anatomy.words)
        if state.side != self.side:
            hold = hold.exchanged()
        return {"side": self.side, **msgspec.structs.replace(hold, pose=self._pose).changes}

    def told(self, wording: str) -> str:
        """Return the angles that the thigh has reached, in words, and whether the hip stops it."""
        parts = [f"{word} {angle}°" for word, angle in spoken_angles(self._pose, self._pose, wording)]
        if at_limit(self._pose):
            parts.append(QCoreApplication.translate("Grab", "the usual end"))
        return " · ".join(parts) or QCoreApplication.translate("Grab", "Straight")

    def _now(self, state: State) -> HipPose:
        hold = hold_of(state, self._anatomy.words)
        return hold.pose if state.side == self.side else hold.other_pose
