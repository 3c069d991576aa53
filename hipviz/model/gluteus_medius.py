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
from hipviz.model.fan_muscle import (
    ALONG,
    COARSE,
    COLUMNS,
    DEEP_ON_BONE_MM,
    FAN,
    FREE,
    FREE_ROWS,
    INSERTION_ROWS,
    ORIGIN_ROWS,
    OUTER_END_MM,
    PLACE,
    ROWS,
    BandShapes,
    FanMuscle,
    Flesh,
    patch,
    refining,
    round_edges,
    soft_edges,
    swelling_shares,
    table,
)
from hipviz.model.fibres import FibreFan
from hipviz.model.loft import Loft, ring_faces
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
        belly = _belly_share(COARSE)[:, None] * _belly_mm(FAN)
        super().__init__(Wrapping("gluteus_medius", fan, belly), Flesh(_loft(), LAST_CLEARANCE_MM))

    @classmethod
    def on(cls, bones: Bones) -> GluteusMedius:
        """Return the muscle on loaded bones, attached where their landmarks say.

        Raises AssetError when a landmark is missing.
        """
        edges = Attachments(*(bones.curve(landmark_name(edge.name)) for edge in fields(Attachments)))
        return cls(bones.surface("hip_bone"), bones.surface("femur"), bones.position("femoral_head_centre"), edges)


def _belly_share(v: Floats) -> Floats:
    """Return how far the belly stands out along the muscle, 0…1."""
    return table([0, 0.06, 0.2, 0.42, 0.6, 0.78, 0.9, 1], [0, 0.35, 0.75, 1.0, 0.88, 0.38, 0.06, 0], v)


def _belly_mm(u: Floats) -> Floats:
    """Return how far the belly stands out of the superficial fibres across the fan."""
    return table([0, 0.5, 1.5, 2.5, 3], [6.0, 6.8, 3.0, -3.5, -2.0], u.ravel()).reshape(u.shape)


def _fan(attachments: Attachments, centre: Floats, pelvis: DistanceField, thigh: DistanceField) -> FibreFan:
    """Return the fan of fibres: patches laid on the bones between their edges, and the clearances."""
    origin = patch(attachments.origin_upper, attachments.origin_lower, ORIGIN_ROWS, pelvis, DEEP_ON_PELVIS_MM)
    insertion = patch(attachments.insertion_upper, attachments.insertion_lower, INSERTION_ROWS, thigh)
    v, free = COARSE, FREE
    # Room for gluteus minimus under the middle of the deep sheet.
    room = table([0, 0.2, 0.45, 0.65, 0.85, 1], [0.6, 6.5, 9.5, 8.0, 3.5, 0.6], free)
    deep_fixed = room[:, None] * table([0, 0.6, 2.2, 3], [0.6, 1.0, 1.0, 0.6], FAN)
    outer_fixed = table([0, 0.15, 0.45, 0.75, 1], [0.8, 6.0, 17.0, 12.0, 3.0], v)[:, None] * table(
        [0, 2, 3], [1.0, 0.9, 0.6], FAN
    )
    deep_moving = table([0, 0.6, 0.8, 1], [1.5, 1.5, 1.2, 0.5], free)[:, None] * np.ones_like(FAN)
    tendon = table([0, 1, 2, 3], [2.2, 2.6, 3.8, 4.6], FAN)
    outer_moving = table([0, 0.6, 0.75, 0.93, 1], [4.0, 3.5, 1.8, 1.0, 0.1], v)[:, None] * tendon
    lift = table([0, 0.1, 0.5, 0.85, 1], [0.0, 2.0, 3.0, 1.5, 0.0], v)[:, None]
    lift = lift * table([0, 0.6, 2.4, 3], [0.3, 1.0, 1.0, 0.3], FAN)
    bow = table([0, 1, 2, 3], [-8.0, -0.3, 0.2, 5.0], FAN) * np.sin(np.pi * v[:, None] ** 1.1)
    # The deep sheet stays behind at the rear edge: wider than the outer one, it would come out from under it.
    narrower = table([0, 1.5, 3], [1.0, 1.0, 0.0], FAN)
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


def _loft() -> Loft:
    """Return the fixed arrays that turn the fan into the three drawn bands."""
    round_edge = round_edges(0.52, 0.52)
    border = np.minimum(np.abs(PLACE - 1.0), np.abs(PLACE - 2.0))
    groove = 0.12 * np.exp(-((border / 0.07) ** 2))
    ends = np.sin(np.pi * ALONG) ** 0.5
    rounding = 1.0 - ends[:, None, None] * (1.0 - round_edge + groove)
    # The front edge follows the outer string where the deep sheet still lies on bone; the rear edge stays on bone
    # as long as it can.
    front = table([0, 0.25, 0.55, 0.85, 1], [1.0, 1.0, 0.75, 0.35, 0.0], ALONG)
    rear = table([0, 0.28, 0.52, 0.7, 1], [0.0, 0.0, 0.3, 0.3, 0.0], ALONG)
    rearness = table([0, 1, 2, 3], [0.0, 0.2, 0.8, 1.0], PLACE.ravel()).reshape(PLACE.shape)
    deep_share = front[:, None, None] * (1.0 - rearness) + rear[:, None, None] * rearness

    tendon = table([0, 0.72, 0.88, 1], [0.0, 0.0, 1.0, 1.0], ALONG)[:, None, None] * np.ones_like(PLACE)
    tendon_mm = table([0, 0.6, 0.8, 0.9, 1], [8.0, 8.0, 4.2, 1.6, 0.4], ALONG)[:, None, None]
    tendon_mm = tendon_mm * table([0, 1, 2, 3], [0.5, 0.9, 1.2, 1.3], PLACE.ravel()).reshape(PLACE.shape)
    deep_share = np.maximum(deep_share, tendon)
    # Towards the tendon and towards both edges the deep sheet comes to lie straight under the outer one.
    free_edge = np.clip((np.abs(PLACE - 1.5) - 1.0) / 0.5, 0.0, 1.0) ** 2
    off_bone = table([0, 0.2, 0.34, 1], [0.0, 0.0, 1.0, 1.0], ALONG)[:, None, None]
    aside = table([0, 0.6, 0.85, 1], [1.0, 1.0, 0.0, 0.0], ALONG)[:, None, None] * (1.0 - free_edge * off_bone)
    swells = table([0, 0.06, 0.2, 0.45, 0.65, 0.82, 0.92, 1], [0, 0.3, 0.75, 1.0, 0.72, 0.16, 0.02, 0], ALONG)
    soft_edge = soft_edges(0.7, 0.7)
    give = table([0, 0.06, 0.2, 0.45, 0.75, 0.88, 1], [0, 0.4, 0.9, 1.0, 0.8, 0.25, 0], ALONG)
    along, across = refining()
    return Loft(
        along=along,
        across=across,
        rounding=np.clip(rounding, 0.0, 1.0),
        deep_share=deep_share,
        aside=aside,
        tendon=tendon,
        tendon_mm=tendon_mm,
        belly=_belly_share(ALONG)[:, None, None] * round_edge * _belly_mm(PLACE),
        give=give[:, None, None] * soft_edge,
        profile=swells[:, None, None] * soft_edge,
        swelling=swelling_shares(),
        faces=ring_faces(ROWS, COLUMNS),
    )
