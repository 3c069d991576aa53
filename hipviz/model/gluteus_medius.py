"""The gluteus medius of the right side: one continuous fan of fibres, cut into three bands that share borders.

Here stand the figures of this muscle: clearances, thickness, belly. How a fan-shaped muscle follows the hip is the
business of `fan_muscle`, where it is attached of `attachments`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.attachments import Attachments, landmark_name
from hipviz.model.distance import DistanceField, distance_field
from hipviz.model.fan_loft import (
    ALONG,
    COARSE,
    COLUMNS,
    FAN,
    FREE,
    FREE_ROWS,
    INSERTION_ROWS,
    ORIGIN_ROWS,
    ROWS,
    Build,
    table,
)
from hipviz.model.fan_muscle import (
    DEEP_ON_BONE_MM,
    OUTER_END_MM,
    BandShapes,
    FanMuscle,
    patch,
)
from hipviz.model.fibres import FibreFan
from hipviz.model.flesh import Flesh
from hipviz.model.surface import Surface
from hipviz.model.units import Floats
from hipviz.model.wrapping import Wrapping

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

__all__ = ["ALONG", "COLUMNS", "ROWS", "BandShapes", "GluteusMedius"]

LAST_CLEARANCE_MM = np.stack(
    [
        np.interp(ALONG, [0.0, 0.88, 0.9, 1.0], [0.3, 0.3, DEEP_ON_BONE_MM, DEEP_ON_BONE_MM]),
        np.interp(ALONG, [0.0, 0.85, 1.0], [0.9, 0.9, -0.3]),
    ]
)
"""Least distance to the femur of the drawn deep and superficial sheet, by row; the tendon's end sinks into it."""
BUILD = Build(
    belly=((0, 0.06, 0.2, 0.42, 0.6, 0.78, 0.9, 1), (0, 0.35, 0.75, 1.0, 0.88, 0.38, 0.06, 0)),
    belly_mm=((0, 0.5, 1.5, 2.5, 3), (6.0, 6.6, 3.0, -4.6, -2.7)),
    swells=((0, 0.06, 0.2, 0.45, 0.65, 0.82, 0.92, 1), (0, 0.3, 0.75, 1.0, 0.72, 0.16, 0.02, 0)),
    gives=((0, 0.06, 0.2, 0.45, 0.75, 0.88, 1), (0, 0.4, 0.9, 1.0, 0.8, 0.25, 0)),
    tendon=((0, 0.72, 0.88, 1), (0.0, 0.0, 1.0, 1.0)),
    tendon_mm=((0, 0.6, 0.8, 0.9, 1), (8.0, 8.0, 4.2, 1.6, 0.4)),
    tendon_across=((0, 1, 2, 3), (0.5, 0.9, 1.2, 1.3)),
)
"""The tendon is thick behind and thin in front (PMID 30653048)."""
COLUMN_MM = 4.6
DEEP_ON_PELVIS_MM = -0.5
"""So little that the thin rear edge, which lies on bone, still shows."""


class GluteusMedius(FanMuscle):
    """The right gluteus medius over given bones."""

    def __init__(self, hip_bone: Surface, femur: Surface, hip_centre: Floats, attachments: Attachments) -> None:
        reach = np.array([60.0, 60.0, 70.0])
        low, high = attachments.origin_lower.min(axis=0), attachments.origin_upper.max(axis=0)
        below = np.array([low[0] - 30.0, low[1] - 30.0, hip_centre[2] - 40.0])
        pelvis = distance_field("hip_bone", hip_bone, below, high + np.array([45.0, 35.0, 20.0]))
        thigh = distance_field(
            "femur", femur, hip_centre - reach + [30.0, 0.0, 0.0], hip_centre + reach + [20.0, 0, -20]
        )
        fan = _fan(attachments, hip_centre, pelvis, thigh)
        wrapping = Wrapping(fan, BUILD.belly_of_fibres())
        super().__init__("gluteus_medius", wrapping, Flesh(BUILD.loft(), LAST_CLEARANCE_MM))

    @classmethod
    def on(cls, bones: Bones) -> GluteusMedius:
        """Return the muscle on loaded bones, attached where their landmarks say.

        Raises AssetError when a landmark is missing.
        """
        edges = Attachments(*(bones.curve(landmark_name(edge.name)) for edge in fields(Attachments)))
        return cls(bones.surface("hip_bone"), bones.surface("femur"), bones.position("femoral_head_centre"), edges)


def _fan(attachments: Attachments, centre: Floats, pelvis: DistanceField, thigh: DistanceField) -> FibreFan:
    """Return the fan of fibres: patches laid on the bones between their edges, and the clearances."""
    origin = patch(attachments.origin_upper, attachments.origin_lower, ORIGIN_ROWS, pelvis, DEEP_ON_PELVIS_MM)
    insertion = patch(attachments.insertion_upper, attachments.insertion_lower, INSERTION_ROWS, thigh)
    v, free = COARSE, FREE
    # Room for gluteus minimus under the middle of the deep sheet.
    room = table(((0, 0.2, 0.45, 0.65, 0.85, 1), (0.6, 6.5, 9.5, 8.0, 3.5, 0.6)), free)
    deep_fixed = room[:, None] * table(((0, 0.6, 2.2, 3), (0.6, 1.0, 1.0, 0.6)), FAN)
    outer_fixed = table(((0, 0.15, 0.45, 0.75, 1), (0.8, 6.0, 17.0, 12.0, 3.0)), v)[:, None] * table(
        ((0, 2, 3), (1.0, 0.9, 0.6)), FAN
    )
    deep_moving = table(((0, 0.6, 0.8, 1), (1.5, 1.5, 1.2, 0.5)), free)[:, None] * np.ones_like(FAN)
    tendon = table(((0, 1, 2, 3), (2.2, 2.6, 3.8, 4.6)), FAN)
    outer_moving = table(((0, 0.6, 0.75, 0.93, 1), (4.0, 3.5, 1.8, 1.0, 0.1)), v)[:, None] * tendon
    lift = table(((0, 0.1, 0.5, 0.85, 1), (0.0, 2.0, 3.0, 1.5, 0.0)), v)[:, None]
    lift = lift * table(((0, 0.6, 2.4, 3), (0.3, 1.0, 1.0, 0.3)), FAN)
    bow = table(((0, 1, 2, 3), (-8.0, -0.3, 0.2, 5.0)), FAN) * np.sin(np.pi * v[:, None] ** 1.1)
    # The deep sheet stays behind at the rear edge: wider than the outer one, it would come out from under it.
    narrower = table(((0, 1.5, 3), (1.0, 1.0, 0.0)), FAN)
    bows = np.stack([np.where((free > 0)[:, None] & (free < 1)[:, None], bow * narrower, 0.0), bow])
    return FibreFan(
        origin=origin,
        insertion=insertion,
        ends=np.stack([pelvis.snapped(origin[0], OUTER_END_MM), thigh.snapped(insertion[-1], OUTER_END_MM)]),
        free_rows=FREE_ROWS,
        centre=centre,
        fixed_bone=pelvis,
        moving_bone=thigh,
        fixed_clearance=np.stack([deep_fixed, outer_fixed]),
        moving_clearance=np.stack([deep_moving, outer_moving]),
        lift=np.stack([np.zeros_like(lift), lift]),
        bow=bows,
        widening=np.stack(
            [(np.sin(np.pi * free) ** 1.5)[:, None] * narrower, (np.sin(np.pi * v) ** 1.5)[:, None] + 0.0 * FAN]
        ),
        column_mm=COLUMN_MM,
    )
