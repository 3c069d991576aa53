"""The gluteus minimus of the right side: three parts under the medius, from the ilium to the anterior facet.

Here stand the figures of this muscle. How a fan-shaped muscle follows the hip is the business of `fan_muscle`,
where it is attached of `neighbour_attachments`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.attachments import Attachments
from hipviz.model.fan_loft import ALONG, COARSE, FAN, FREE, FREE_ROWS, INSERTION_ROWS, ORIGIN_ROWS, Build, table
from hipviz.model.fan_muscle import DEEP_ON_BONE_MM, OUTER_END_MM, FanMuscle, patch
from hipviz.model.fibres import FibreFan
from hipviz.model.pressing import PressedFlesh
from hipviz.model.wrapping import Wrapping

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

LAST_CLEARANCE_MM = np.stack(
    [
        np.interp(ALONG, [0.0, 0.88, 0.9, 1.0], [0.3, 0.3, DEEP_ON_BONE_MM, DEEP_ON_BONE_MM]),
        np.interp(ALONG, [0.0, 0.85, 1.0], [0.7, 0.7, -0.3]),
    ]
)
OFF_PELVIS_MM, OFF_FEMUR_MM = 0.5, 0.3
"""How far the superficial fibres run from the bones, over half of the thickness."""
COLUMN_MM = 5.5
"""So much that it gets wide rather than high as it shortens."""
LEAST_SLANT_DEG, FOLLOWS_FROM = 70.0, 0.1
"""The facet is narrow and looks forwards: fibres from behind meet the row of their ends nearly lengthwise.
Nearly all of the muscle turns with them."""
SINKS = 0.2
DEEP_ON_PELVIS_MM = -0.5
OVER_PELVIS_MM = np.stack(
    [
        np.interp(ALONG, [0.0, 0.06, 0.25, 1.0], [-1.5, -0.9, -0.4, -0.4]),
        np.interp(ALONG, [0.0, 0.06, 0.25, 1.0], [-0.4, 0.0, 0.5, 0.5]),
    ]
)
"""Least height of the drawn deep and superficial sheet over the hip bone, by row."""
THICK = ((0, 0.12, 0.25, 0.4, 0.58, 0.78, 0.93, 1), (0.12, 0.4, 0.75, 1.0, 0.66, 0.22, 0.14, 0.08))
THICKNESS_MM = table(THICK, COARSE)[:, None] * table(((0, 0.6, 2.4, 3), (5.0, 7.0, 7.0, 5.0)), FAN)
"""How thick the flesh is, (rows, fibres)."""
BUILD = Build(
    belly=((0, 0.1, 0.3, 0.5, 0.75, 1), (0, 0.6, 1.0, 0.8, 0.1, 0)),
    belly_mm=((0, 1.5, 3), (0.5, 1.5, 0.5)),
    swells=((0, 0.06, 0.2, 0.42, 0.65, 0.82, 1), (0, 0.3, 0.8, 1.0, 0.6, 0.1, 0)),
    gives=((0, 0.06, 0.2, 0.45, 0.75, 0.88, 1), (0, 0.4, 0.9, 1.0, 0.7, 0.2, 0)),
    edges=(0.6, 0.6),
    groove=0.1,
)


class GluteusMinimus(FanMuscle):
    """The right gluteus minimus over the bones that its medius lies on."""

    def __init__(self, medius: FanMuscle, attachments: Attachments) -> None:
        fan = _fan(attachments, medius.fan)
        wrapping = Wrapping(fan, BUILD.belly_of_fibres())
        flesh = PressedFlesh(
            BUILD.loft(),
            LAST_CLEARANCE_MM,
            least_slant_deg=LEAST_SLANT_DEG,
            thickness=THICKNESS_MM,
            over_fixed_mm=OVER_PELVIS_MM,
            sinks=SINKS,
            follows_from=FOLLOWS_FROM,
            over=medius,
        )
        super().__init__("gluteus_minimus", wrapping, flesh)

    @classmethod
    def on(cls, bones: Bones, medius: FanMuscle) -> GluteusMinimus:
        """Return the muscle on loaded bones, attached where their landmarks say.

        Raises AssetError when a landmark is missing.
        """
        names = [f"gluteus_minimus_{edge.name}" for edge in fields(Attachments)]
        return cls(medius, Attachments(*map(bones.curve, names)))


def _fan(attachments: Attachments, medius: FibreFan) -> FibreFan:
    """Return the fan of fibres beside that of the medius, whose distances to the bones it shares."""
    pelvis, thigh = medius.fixed_bone, medius.moving_bone
    origin = patch(attachments.origin_upper, attachments.origin_lower, ORIGIN_ROWS, pelvis, DEEP_ON_PELVIS_MM)
    insertion = patch(attachments.insertion_upper, attachments.insertion_lower, INSERTION_ROWS, thigh)
    half = 0.5 * THICKNESS_MM
    deep = table(((0, 0.5, 1), (0.4, 1.2, 0.6)), FREE)[:, None] * np.ones_like(FAN)
    bow = table(((0, 1, 2, 3), (-4.0, 0.0, 0.0, 2.5)), FAN) * np.sin(np.pi * COARSE[:, None])
    narrower = table(((0, 1.5, 3), (0.6, 1.0, 0.0)), FAN)
    spread = (np.sin(np.pi * COARSE) ** 1.5)[:, None] + 0.0 * FAN
    free = ((FREE > 0) & (FREE < 1))[:, None]
    return FibreFan(
        origin=origin,
        insertion=insertion,
        ends=np.stack([pelvis.snapped(origin[0], OUTER_END_MM), thigh.snapped(insertion[-1], OUTER_END_MM)]),
        free_rows=FREE_ROWS,
        centre=medius.centre,
        fixed_bone=pelvis,
        moving_bone=thigh,
        fixed_clearance=np.stack([deep, half + OFF_PELVIS_MM]),
        moving_clearance=np.stack([0.5 * deep + 0.3, half + OFF_FEMUR_MM]),
        lift=np.zeros((2, *half.shape)),
        bow=np.stack([np.where(free, bow * narrower, 0.0), bow]),
        widening=np.stack([(np.sin(np.pi * FREE) ** 1.5)[:, None] * narrower, spread]),
        column_mm=COLUMN_MM,
        joint_radius_mm=27.0,
    )
