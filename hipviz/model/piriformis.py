"""The piriformis of the right side: from the front of the sacrum through the sciatic notch to the trochanter.

Here stand the figures of this muscle. How a fan-shaped muscle follows the hip is the business of `fan_muscle`,
where it is attached of `neighbour_attachments`. Its parts are its slips, upper to lower. What is called deep here
faces pelvis and joint, what is called superficial the sacrum and the gluteus maximus.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.attachments import Attachments
from hipviz.model.distance import DistanceField, distance_field
from hipviz.model.fan_loft import (
    ALONG,
    COARSE,
    FAN,
    FREE,
    FREE_ROWS,
    INSERTION_ROWS,
    ORIGIN_ROWS,
    ROWS,
    Build,
    table,
)
from hipviz.model.fan_muscle import FanMuscle, patch
from hipviz.model.fibres import FibreFan
from hipviz.model.splines import cubic_matrix
from hipviz.model.strap import Strap, StrapFlesh
from hipviz.model.units import Floats

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

LAST_CLEARANCE_MM = np.stack(
    [np.interp(ALONG, [0.0, 0.85, 1.0], [0.5, 0.5, -0.6]), np.interp(ALONG, [0.0, 0.85, 1.0], [1.0, 1.0, -0.2])]
)
COLUMN_MM = 1.4
INTO_PELVIS = np.array([0.0, 0.8, -0.6])
"""Out of the front of the sacrum, into the pelvis."""
THICK = ((0, 0.25, 0.5, 0.75, 0.9, 1), (1.0, 1.1, 0.8, 0.35, 0.15, 0.06))
THICKNESS_MM = table(THICK, COARSE)[:, None] * table(((0, 1, 2, 3), (4.2, 7.0, 7.0, 4.2)), FAN)
"""How thick the flesh is, (rows, fibres)."""
OVER_HIP_BONE_MM = np.where(np.arange(ROWS) < 4, -np.inf, np.full((2, ROWS), 0.9))
"""Least height of the drawn sheets over the hip bone; near the sacrum it has bone beside it."""
OFF_BONE_MM, OFF_FEMUR_MM = 1.0, 0.3
"""How far the fibres run from the bones, over half of the thickness."""
BUILD = Build(
    belly=((0, 0.08, 0.2, 0.4, 0.7, 1), (0, 0.5, 1.0, 0.7, 0.1, 0)),
    belly_mm=((0, 1.5, 3), (1.5, 4.5, 1.5)),
    swells=((0, 0.06, 0.2, 0.4, 0.6, 0.8, 1), (0, 0.5, 1.0, 0.9, 0.55, 0.15, 0)),
    gives=((0, 0.06, 0.16, 0.28, 0.42, 0.6, 1), (0, 0.6, 1.0, 0.8, 0.4, 0.15, 0)),
    front=((0, 0.5, 1), (0.5, 0.5, 0.5)),
    rear=((0, 0.5, 1), (0.5, 0.5, 0.5)),
    edges=(0.9, 0.9),
    groove=0.04,
)


class Piriformis(FanMuscle):
    """The right piriformis over the bones."""

    def __init__(
        self, centre: Floats, hip_bone: DistanceField, femur: DistanceField, attachments: Attachments
    ) -> None:
        fan = _fan(centre, hip_bone, femur, attachments)
        flesh = StrapFlesh(BUILD.loft(), LAST_CLEARANCE_MM, thickness=THICKNESS_MM, over_fixed_mm=OVER_HIP_BONE_MM)
        super().__init__("piriformis", Strap(fan, THICKNESS_MM), flesh)

    @classmethod
    def on(cls, bones: Bones, medius: FanMuscle) -> Piriformis:
        """Return the muscle on loaded bones, attached where their landmarks say.

        Raises AssetError when a landmark is missing.
        """
        names = [f"piriformis_{edge.name}" for edge in fields(Attachments)]
        centre = medius.hip_centre
        low, high = centre - np.array([90.0, 105.0, 35.0]), centre + np.array([35.0, 20.0, 80.0])
        hip_bone = distance_field("sciatic_notch", bones.surface("hip_bone"), low, high)
        attachments = Attachments(*map(bones.curve, names))
        return cls(centre, hip_bone, medius.fan.moving_bone, attachments)


def _fan(centre: Floats, hip_bone: DistanceField, femur: DistanceField, attachments: Attachments) -> FibreFan:
    edges = np.stack([attachments.origin_upper, attachments.origin_lower])
    places = np.linspace(0.0, 3.0, edges.shape[1])
    far, near = np.einsum("fk,ekx->efx", cubic_matrix(places, FAN), edges)
    share = np.linspace(0.0, 1.0, ORIGIN_ROWS)[:, None, None]
    on_sacrum = far * (1.0 - share) + near * share
    origin = on_sacrum + 0.5 * THICKNESS_MM[0, :, None] * INTO_PELVIS
    insertion = patch(attachments.insertion_upper, attachments.insertion_lower, INSERTION_ROWS, femur)
    half = 0.5 * THICKNESS_MM
    off_bone, off_femur = np.stack([half + OFF_BONE_MM] * 2), np.stack([half + OFF_FEMUR_MM] * 2)
    bow = table(((0, 1, 2, 3), (-2.0, 0.0, 0.0, 2.0)), FAN) * np.sin(np.pi * COARSE[:, None])
    bow = np.where(((FREE > 0) & (FREE < 1))[:, None], bow, 0.0)
    widening = (np.sin(np.pi * FREE) ** 1.5)[:, None] + 0.0 * FAN
    return FibreFan(
        origin=origin,
        insertion=insertion,
        ends=np.stack([origin[0], insertion[-1]]),
        free_rows=FREE_ROWS,
        centre=centre,
        fixed_bone=hip_bone,
        moving_bone=femur,
        fixed_clearance=off_bone,
        moving_clearance=off_femur,
        lift=np.zeros_like(off_bone),
        bow=np.stack([bow, bow]),
        widening=np.stack([widening, widening]),
        column_mm=COLUMN_MM,
        joint_radius_mm=27.0,
    )
