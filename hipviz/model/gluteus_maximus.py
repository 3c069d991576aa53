"""The gluteus maximus of the right side: a thick plate over the posterior third of the medius, in three parts.

From the ilium behind the posterior gluteal line, the sacrum and the coccyx to the iliotibial tract and the gluteal
tuberosity. Here stand the figures of this muscle. How a fan-shaped muscle follows the hip is the business of
`fan_muscle`, how a plate lies on others of `plate`, where it is attached of `neighbour_attachments`.
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
from hipviz.model.flesh import Part
from hipviz.model.hull import hull_distance, nearer_of
from hipviz.model.plate import Plate
from hipviz.model.plate_flesh import PlateFlesh
from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface
from hipviz.model.underlay import Underlay
from hipviz.model.units import Floats

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

LAST_CLEARANCE_MM = np.stack(
    [np.interp(ALONG, [0.0, 0.9, 1.0], [0.5, 0.5, -0.3]), np.interp(ALONG, [0.0, 0.85, 1.0], [1.5, 1.5, 0.2])]
)
COLUMN_MM = 7.5
STEPS = (80, 30)
OVER_PELVIS: Part = (slice(2, 30), slice(None), slice(None))
DEEP_ON_PELVIS_MM, DEEP_ON_FEMUR_MM = -0.5, -0.5
TRACT_MM = ((0, 1, 2, 2.7, 3), (7.0, 6.0, 4.0, 1.0, 0.4))
"""How far from the femur the fibres come to it: the upper ones in the iliotibial tract, the lowest on bone."""
OFF_BONE_MM = ((0, 0.2, 0.45, 0.75, 1), (0.5, 7.5, 7.5, 4.0, 1.0))
OFF_FEMUR_MM = ((0, 0.25, 0.7, 1), (0.2, 2.0, 2.0, 0.5))
OVER_MEDIUS_MM = 3.0
"""Distance that the deep fibres keep: from the pelvis, with room for the piriformis, the femur, and the medius."""
ISCHIUM_MM = (20.0, -12.0, 5.0)
"""The ischium is what lies outside of the first, behind the second and below the third coordinate."""
ON_SACRUM = 1.1
"""Place across the fan from which the muscle arises from the sacrum."""
INTO_SACRUM_MM = np.array([0.0, 5.0, 0.0])
"""The ligaments are attached in front of the muscle."""
THICK = (
    (0, 0.05, 0.14, 0.28, 0.43, 0.6, 0.72, 0.84, 0.93, 1),
    (0.02, 0.27, 0.62, 0.95, 1, 0.8, 0.52, 0.25, 0.1, 0.04),
)
THICK_MM = ((0, 0.5, 1.5, 2.5, 3), (16.0, 20.0, 24.0, 24.0, 20.0))
"""How thick the flesh is over its deep fibres, along and across: more behind, where the border is round."""
BUILD = Build(
    belly=((0, 0.08, 0.25, 0.45, 0.65, 0.82, 1), (0, 0.45, 0.9, 1.0, 0.55, 0.05, 0)),
    belly_mm=((0, 0.5, 1.5, 2.5, 3), (2.0, 4.0, 6.0, 5.0, 3.0)),
    swells=((0, 0.06, 0.2, 0.45, 0.65, 0.84, 1), (0, 0.3, 0.8, 1.0, 0.65, 0.1, 0)),
    gives=((0, 0.06, 0.2, 0.45, 0.75, 0.9, 1), (0, 0.4, 0.9, 1.0, 0.8, 0.25, 0)),
    tendon=((0, 0.76, 0.92, 1), (0.0, 0.0, 1.0, 1.0)),
    tendon_mm=((0, 0.76, 0.9, 1), (7.0, 7.0, 2.5, 0.6)),
    tendon_across=((0, 1.5, 3), (1.0, 1.0, 1.0)),
    front=((0, 0.12, 0.3, 0.6, 0.85, 1), (0.0, 0.2, 1.0, 0.75, 0.35, 0.0)),
    rear=((0, 0.1, 0.35, 0.7, 0.9, 1), (0.0, 0.1, 0.5, 0.5, 0.2, 0.0)),
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
        fan = _fan(edges, medius.hip_centre, fixed, moving, _bridged(fixed, pelvis, edges))
        key = fingerprint(*(medius.shape(pose.rotation()).vertices for pose in (HipPose(), HipPose(60, 20, -20))))
        thickness = table(THICK, COARSE)[:, None] * table(THICK_MM, FAN)
        wrapping = Plate(fan, thickness, lambda pose: _off(medius, pose), key, STEPS)
        flesh = PlateFlesh(BUILD.loft(), LAST_CLEARANCE_MM, OVER_PELVIS, thickness=thickness, under=medius)
        super().__init__("gluteus_maximus", wrapping, flesh)

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


def _bridged(bone: DistanceField, pelvis: Surface, edges: MaximusEdges) -> DistanceField:
    """Return the distance to the pelvis with the gap between sacrum and ischium closed.

    Ligaments are stretched there from the sacrum to the ischium, and the muscle lies on them. Without them its
    lower border would fall to the inner side of the ischium when the hip is bent.
    """
    x, y, z = pelvis.vertices.T
    ischium = pelvis.vertices[(x > ISCHIUM_MM[0]) & (y < ISCHIUM_MM[1]) & (z < ISCHIUM_MM[2])]
    on_sacrum = np.linspace(0.0, 3.0, len(edges.origin_near)) > ON_SACRUM
    sacrum = edges.origin_near[on_sacrum] + INTO_SACRUM_MM
    return nearer_of(bone, hull_distance("sacrotuberous", np.concatenate([ischium, sacrum]), bone))


def _off(medius: FanMuscle, pose: HipPose) -> Push:
    """Return what keeps the sheets off the outer sheet of the medius in a pose."""
    medius_there = Underlay(medius.shape(pose.rotation()).sheets()[1])

    def push(rows: Floats) -> Floats:
        points = rows.reshape(-1, 3)
        height, normal, share = medius_there.heights(points)
        need = np.maximum(OVER_MEDIUS_MM - height, 0.0) * share
        return np.asarray(points + need[:, None] * normal).reshape(rows.shape)

    return push


def _fan(
    edges: MaximusEdges, centre: Floats, pelvis: DistanceField, thigh: DistanceField, wrapped: DistanceField
) -> FibreFan:
    origin = patch(edges.origin_far, edges.origin_near, ORIGIN_ROWS, pelvis, DEEP_ON_PELVIS_MM)
    insertion = patch(edges.insertion_near, edges.insertion_far, INSERTION_ROWS, thigh, DEEP_ON_FEMUR_MM)
    tract = (np.linspace(1.0, 0.0, INSERTION_ROWS)[:, None] * table(TRACT_MM, FAN) + DEEP_ON_FEMUR_MM).ravel()
    insertion = thigh.snapped(insertion.reshape(-1, 3), tract).reshape(insertion.shape)
    fixed, moving = (
        np.stack([table(keys, FREE)[:, None] + 0.0 * FAN] * 2) for keys in (OFF_BONE_MM, OFF_FEMUR_MM)
    )
    bow = table(((0, 1, 2, 3), (-4.2, 0.0, 3.0, 11.0)), FAN) * np.sin(np.pi * COARSE[:, None] ** 0.85)
    bow = np.where(((FREE > 0) & (FREE < 1))[:, None], bow, 0.0)
    widening = (np.sin(np.pi * FREE) ** 1.5)[:, None] * table(((0, 1, 2, 3), (0.6, 1.0, 1.0, 1.0)), FAN)
    return FibreFan(
        origin=origin,
        insertion=insertion,
        ends=np.stack([origin[0], insertion[-1]]),
        free_rows=FREE_ROWS,
        centre=centre,
        fixed_bone=wrapped,
        moving_bone=thigh,
        fixed_clearance=fixed,
        moving_clearance=moving,
        lift=np.zeros_like(fixed),
        bow=np.stack([bow, bow]),
        widening=np.stack([widening, widening]),
        column_mm=COLUMN_MM,
    )
