"""How far the femur cuts into the hip bone in a pose: where a real hip would have stopped before.

The range of motion of each angle holds for that angle alone; together, neck or trochanter may meet the pelvis
earlier. How early differs more between people than any table tells: it is read off these very bones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.assets import Bones
from hipviz.model.distance import DistanceField, distance_field
from hipviz.model.pose import HipPose, rotations
from hipviz.model.units import Floats

REACH_MM = 130.0
"""Femur farther from the joint centre does not meet the hip bone within the range of motion."""
MARGIN_MM = 4.0
SPACING_MM = 2.5
POSES_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Impingement:
    """Femur and hip bone of the right side.

    femur : (n, 3) float, mm RAS at neutral, the points that might meet the hip bone. centre : (3,), of the joint.
    """

    hip_bone: DistanceField
    femur: Floats
    centre: Floats

    @classmethod
    def of(cls, bones: Bones) -> Impingement:
        """Return the pair of loaded bones. Raises AssetError when the joint centre is missing."""
        hip_bone, femur = bones.surface("hip_bone").vertices, bones.surface("femur").vertices
        centre = bones.position("femoral_head_centre")
        away = np.linalg.norm(femur - centre, axis=1)
        reach = away[away < REACH_MM].max() + MARGIN_MM
        low = np.maximum(hip_bone.min(axis=0) - MARGIN_MM, centre - reach)
        high = np.minimum(hip_bone.max(axis=0) + MARGIN_MM, centre + reach)
        field = distance_field("hip_bone_all", bones.surface("hip_bone"), low, high, SPACING_MM)
        return cls(field, femur[away < REACH_MM], centre)

    def gaps_mm(self, angles_deg: Floats) -> Floats:
        """Return the least distance (k,) between the bones, mm, in poses (k, 3); negative: how deep they cut.

        angles_deg : in the order of `ANGLES`. The head in its socket counts as well, so that the gap is never more
        than the joint space.
        """
        found = []
        for start in range(0, len(angles_deg), POSES_AT_ONCE):
            turns = rotations(angles_deg[start : start + POSES_AT_ONCE])
            points = (self.femur - self.centre) @ np.swapaxes(turns, -1, -2) + self.centre
            distance = self.hip_bone.distance(points.reshape(-1, 3))
            found.append(distance.reshape(len(turns), -1).min(axis=1))
        return np.concatenate(found) if found else np.zeros(0)

    def depth_mm(self, pose: HipPose) -> float:
        """Return how deep the femur cuts into the hip bone in a pose, mm; 0 while they are apart."""
        return float(max(0.0, -self.gaps_mm(np.array([pose.angles_deg]))[0]))
