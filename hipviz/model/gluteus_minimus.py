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
from hipviz.model.flesh import Flesh
from hipviz.model.wrapping import Wrapping

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

LAST_CLEARANCE_MM = np.stack(
    [
        np.interp(ALONG, [0.0, 0.88, 0.9, 1.0], [0.3, 0.3, DEEP_ON_BONE_MM, DEEP_ON_BONE_MM]),
        np.interp(ALONG, [0.0, 0.85, 1.0], [0.7, 0.7, -0.3]),
    ]
)
COLUMN_MM = 3.2
LEAST_SLANT_DEG = 60.0
"""The facet is narrow and looks forwards: fibres from behind meet the row of their ends nearly lengthwise."""
DEEP_ON_PELVIS_MM = -0.5
BUILD = Build(
    belly=((0, 0.1, 0.3, 0.5, 0.75, 1), (0, 0.6, 1.0, 0.8, 0.1, 0)),
    belly_mm=((0, 1.5, 3), (0.5, 1.5, 0.5)),
    swells=((0, 0.06, 0.2, 0.42, 0.65, 0.82, 1), (0, 0.3, 0.8, 1.0, 0.6, 0.1, 0)),
    gives=((0, 0.06, 0.2, 0.45, 0.75, 0.88, 1), (0, 0.4, 0.9, 1.0, 0.7, 0.2, 0)),
    tendon=((0, 0.68, 0.85, 1), (0.0, 0.0, 1.0, 1.0)),
    tendon_mm=((0, 0.6, 0.8, 0.9, 1), (5.0, 5.0, 2.6, 1.2, 0.4)),
    tendon_across=((0, 1.5, 3), (1.0, 1.0, 1.0)),
    edges=(0.6, 0.6),
    groove=0.1,
)


class GluteusMinimus(FanMuscle):
    """The right gluteus minimus over the bones that its medius lies on."""

    def __init__(self, medius: FanMuscle, attachments: Attachments) -> None:
        fan = _fan(attachments, medius.fan)
        wrapping = Wrapping(fan, BUILD.belly_of_fibres())
        flesh = Flesh(BUILD.loft(), LAST_CLEARANCE_MM, least_slant_deg=LEAST_SLANT_DEG)
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
    middle = table(((0, 0.6, 2.4, 3), (0.6, 1.0, 1.0, 0.6)), FAN)
    deep = table(((0, 0.5, 1), (0.4, 1.2, 0.6)), FREE)[:, None] * np.ones_like(FAN)
    outer = table(((0, 0.15, 0.4, 0.7, 1), (0.5, 4.5, 8.5, 6.5, 1.5)), COARSE)[:, None] * middle
    over_femur = table(((0, 0.6, 0.75, 0.93, 1), (5.0, 4.5, 2.6, 1.4, 0.1)), COARSE)[:, None] * np.ones_like(FAN)
    lift = table(((0, 0.15, 0.45, 0.8, 1), (0.0, 2.5, 3.5, 1.5, 0.0)), COARSE)[:, None] * middle
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
        fixed_clearance=np.stack([deep, outer]),
        moving_clearance=np.stack([0.5 * deep + 0.3, over_femur]),
        lift=np.stack([0.0 * lift, lift]),
        bow=np.stack([np.where(free, bow * narrower, 0.0), bow]),
        widening=np.stack([(np.sin(np.pi * FREE) ** 1.5)[:, None] * narrower, spread]),
        column_mm=COLUMN_MM,
        joint_radius_mm=27.0,
    )
