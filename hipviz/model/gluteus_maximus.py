"""The gluteus maximus of the right side: a thick sheet over the posterior third of the medius, in three parts.

From the ilium behind the posterior gluteal line, the sacrum and the coccyx to the iliotibial tract and the gluteal
tuberosity. Here stand the figures of this muscle. How a fan-shaped muscle follows the hip is the business of
`fan_muscle`, where it is attached of `neighbour_attachments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.cache import fingerprint
from hipviz.model.distance import DistanceField, distance_field
from hipviz.model.fan_loft import ALONG, COARSE, FAN, FREE, FREE_ROWS, INSERTION_ROWS, ORIGIN_ROWS, Build, table
from hipviz.model.fan_muscle import FanMuscle, patch
from hipviz.model.fibres import FibreFan, Push
from hipviz.model.flesh import Flesh, Part
from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface
from hipviz.model.units import Floats
from hipviz.model.wrapping import Wrapping

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

LAST_CLEARANCE_MM = np.stack([np.full_like(ALONG, 0.5), np.full_like(ALONG, 1.5)])
COLUMN_MM = 7.5
STEPS = (60, 16)
OVER_PELVIS: Part = (slice(8, 30), slice(1, 3), slice(None))
DEEP_ON_PELVIS_MM, DEEP_ON_FEMUR_MM = -0.5, -0.5
TRACT_MM = ((0, 1, 2, 2.7, 3), (9.0, 8.0, 4.5, 0.4, -0.4))
"""How far from the femur the fibres end: the upper ones in the iliotibial tract, the lowest on bone."""
OVER_MEDIUS_MM = (3.5, 12.0)
"""Distance that the deep and the superficial fibres keep from the outer sheet of the medius."""
BESIDE_MM, REACH_MM = 7.0, 30.0
BUILD = Build(
    belly=((0, 0.08, 0.25, 0.45, 0.7, 0.88, 1), (0, 0.45, 0.9, 1.0, 0.75, 0.2, 0)),
    belly_mm=((0, 0.5, 1.5, 2.5, 3), (2.0, 4.0, 6.0, 5.0, 3.0)),
    swells=((0, 0.06, 0.2, 0.45, 0.7, 0.88, 1), (0, 0.3, 0.8, 1.0, 0.8, 0.2, 0)),
    gives=((0, 0.06, 0.2, 0.45, 0.75, 0.9, 1), (0, 0.4, 0.9, 1.0, 0.8, 0.25, 0)),
    tendon=((0, 0.82, 0.95, 1), (0.0, 0.0, 1.0, 1.0)),
    tendon_mm=((0, 0.8, 0.92, 1), (8.0, 8.0, 3.0, 0.5)),
    tendon_across=((0, 1.5, 3), (1.0, 1.0, 1.0)),
    front=((0, 0.12, 0.3, 0.6, 0.85, 1), (0.0, 0.2, 1.0, 0.75, 0.35, 0.0)),
    edges=(0.45, 0.4),
    groove=0.16,
)


@dataclass(frozen=True, eq=False)
class MaximusEdges:
    """Edges of the attachments, each (k, 3) mm RAS, evenly spaced from the upper to the lower border."""

    origin_far: Floats
    origin_near: Floats
    insertion_near: Floats
    insertion_far: Floats


class GluteusMaximus(FanMuscle):
    """The right gluteus maximus over bones and medius."""

    def __init__(self, pelvis: Surface, femur: Surface, medius: FanMuscle, edges: MaximusEdges) -> None:
        low, high = edges.origin_far.min(axis=0) - 12.0, edges.origin_far.max(axis=0) + 20.0
        low[2], high[:2] = medius.hip_centre[2] - 95.0, [medius.hip_centre[0] + 75.0, 30.0]
        fixed = distance_field("pelvis", pelvis, low, high, spacing_mm=2.5)
        reach = np.array([75.0, 60.0, 0.0])
        low, high = medius.hip_centre - reach - [-20.0, 0, 125.0], medius.hip_centre + reach + [20.0, 0, 40.0]
        moving = distance_field("femur_shaft", femur, low, high, spacing_mm=2.5)
        fan = _fan(edges, medius.hip_centre, fixed, moving)
        key = fingerprint(*(medius.shape(pose.rotation()).vertices for pose in (HipPose(), HipPose(60, 20, -20))))
        wrapping = Wrapping(fan, BUILD.belly_of_fibres(), lambda pose: _off(medius, pose), key, STEPS)
        super().__init__("gluteus_maximus", wrapping, Flesh(BUILD.loft(), LAST_CLEARANCE_MM, OVER_PELVIS))

    @classmethod
    def on(cls, bones: Bones, medius: FanMuscle) -> GluteusMaximus:
        """Return the muscle on loaded bones, attached where their landmarks say.

        Raises AssetError when a landmark is missing.
        """
        hip_bone, sacrum = bones.surface("hip_bone"), bones.surface("sacrum")
        faces = np.concatenate([hip_bone.faces, sacrum.faces + len(hip_bone.vertices)])
        pelvis = Surface(np.concatenate([hip_bone.vertices, sacrum.vertices]), faces)
        edges = []
        for edge in ("origin_far", "origin_near"):
            parts = [bones.curve(f"gluteus_maximus_{edge}_{bone}") for bone in ("hip_bone", "sacrum")]
            edges.append(np.concatenate(parts))
        edges += [bones.curve(f"gluteus_maximus_{edge}") for edge in ("insertion_near", "insertion_far")]
        return cls(pelvis, bones.surface("femur"), medius, MaximusEdges(*edges))


def _off(medius: FanMuscle, pose: HipPose) -> Push:
    """Return what keeps the sheets off the outer sheet of the medius in a pose."""
    from scipy.spatial import cKDTree  # a quarter of a second, that the start of the window can do without

    outer = medius.shape(pose.rotation()).sheets()[1]
    normals = np.cross(np.gradient(outer, axis=2), np.gradient(outer, axis=1))
    points = outer[:, 2:-3].reshape(-1, 3)
    normals = normals[:, 2:-3].reshape(-1, 3)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9
    tree = cKDTree(points)

    def push(sheets: Floats) -> Floats:
        moved = sheets.reshape(2, -1, 3).copy()
        for sheet, clearance in zip(moved, OVER_MEDIUS_MM, strict=True):
            distance, nearest = map(np.asarray, tree.query(sheet, distance_upper_bound=REACH_MM))
            found = np.flatnonzero(np.isfinite(distance))
            near = nearest[found]
            gap = sheet[found] - points[near]
            height = np.einsum("ix,ix->i", gap, normals[near])
            aside = np.sqrt(np.maximum(distance[found] ** 2 - height**2, 0.0))
            share = np.clip(2.0 - aside / BESIDE_MM, 0.0, 1.0)
            need = np.maximum(clearance - height, 0.0) * share
            sheet[found] += need[:, None] * normals[near]
        return moved.reshape(sheets.shape)

    return push


def _fan(edges: MaximusEdges, centre: Floats, pelvis: DistanceField, thigh: DistanceField) -> FibreFan:
    origin = patch(edges.origin_far, edges.origin_near, ORIGIN_ROWS, pelvis, DEEP_ON_PELVIS_MM)
    insertion = patch(edges.insertion_near, edges.insertion_far, INSERTION_ROWS, thigh, DEEP_ON_FEMUR_MM)
    tract = np.tile(table(TRACT_MM, FAN), INSERTION_ROWS)
    insertion = thigh.snapped(insertion.reshape(-1, 3), tract).reshape(insertion.shape)
    column = np.ones_like(FAN)
    deep = table(((0, 0.25, 0.7, 1), (0.5, 8.0, 7.0, 1.0)), FREE)[:, None] * column
    outer = table(((0, 0.12, 0.45, 0.8, 1), (0.5, 10.0, 24.0, 14.0, 2.0)), COARSE)[:, None] * column
    lift = table(((0, 0.12, 0.45, 0.8, 1), (0.0, 9.0, 17.0, 8.0, 0.0)), COARSE)[:, None]
    lift = lift * table(((0, 0.7, 2.3, 3), (0.7, 1.0, 1.0, 0.7)), FAN)
    bow = table(((0, 1, 2, 3), (-7.0, 0.0, 0.0, 8.0)), FAN) * np.sin(np.pi * COARSE[:, None])
    free = ((FREE > 0) & (FREE < 1))[:, None]
    narrower = table(((0, 1, 2, 3), (0.4, 1.0, 1.0, 0.4)), FAN)
    spread = (np.sin(np.pi * COARSE) ** 1.5)[:, None] + 0.0 * FAN
    return FibreFan(
        origin=origin,
        insertion=insertion,
        ends=np.stack([origin[0], thigh.snapped(insertion[-1], table(TRACT_MM, FAN) + 0.6)]),
        free_rows=FREE_ROWS,
        centre=centre,
        fixed_bone=pelvis,
        moving_bone=thigh,
        fixed_clearance=np.stack([deep, outer]),
        moving_clearance=np.stack([0.5 * deep, 0.5 * outer]),
        lift=np.stack([0.0 * lift, lift]),
        bow=np.stack([np.where(free, bow * narrower, 0.0), bow]),
        widening=np.stack([(np.sin(np.pi * FREE) ** 1.5)[:, None] * narrower, spread]),
        column_mm=COLUMN_MM,
    )
