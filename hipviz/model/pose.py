"""Angles of the hip and the rotation they stand for. What moves with the hip lives elsewhere."""

import msgspec
import numpy as np

from hipviz.model.errors import UsageError
from hipviz.model.units import Floats, Side, opposite

RANGE_OF_MOTION_DEG: dict[str, tuple[float, float]] = {
    "flexion_deg": (-20.0, 120.0),
    "abduction_deg": (-25.0, 45.0),
    "internal_rotation_deg": (-45.0, 40.0),
}
"""Lowest and highest angle of an adult hip: extension 20, flexion 120, adduction 25, abduction 45,
external rotation 45, internal rotation 40 (fpnotebook.com, Hip Range of Motion; medicospace.com)."""


class HipPose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Angles of one hip, degrees, positive in flexion, abduction and internal rotation on both sides."""

    flexion_deg: float = 0.0
    abduction_deg: float = 0.0
    internal_rotation_deg: float = 0.0

    def rotation(self) -> Floats:
        """Return the (3, 3) rotation of the *right* femur relative to the pelvis, RAS.

        Flexion about the pelvis' lateral axis, then abduction about the floating anterior axis, then rotation
        about the femur's own mechanical axis, which points straight up at neutral (Grood and Suntay 1983; the
        same as OpenSim's Rz·Rx·Ry in x forward, y up, z right). For the left side mirror points before and after.
        """
        flexion, abduction, rotation = np.radians(
            (self.flexion_deg, self.abduction_deg, self.internal_rotation_deg)
        )
        cf, sf = np.cos(flexion), np.sin(flexion)
        ca, sa = np.cos(abduction), np.sin(abduction)
        cr, sr = np.cos(rotation), np.sin(rotation)
        about_x = np.array([[1, 0, 0], [0, cf, -sf], [0, sf, cf]])
        about_y = np.array([[ca, 0, -sa], [0, 1, 0], [sa, 0, ca]])
        about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return np.asarray(about_x @ about_y @ about_z, dtype=np.float64)

    def blended(self, towards: "HipPose", share: float) -> "HipPose":
        """Return the pose `share` (0…1) of the way to `towards`, angle by angle."""
        return HipPose(
            *(
                getattr(self, name) + share * (getattr(towards, name) - getattr(self, name))
                for name in RANGE_OF_MOTION_DEG
            )
        )

    def checked(self) -> "HipPose":
        """Return self, or raise UsageError naming each angle that is not a number within the range of motion."""
        faults = []
        for name, (low, high) in RANGE_OF_MOTION_DEG.items():
            angle = getattr(self, name)
            if not low <= angle <= high:
                words = name.removesuffix("_deg").replace("_", " ")
                faults.append(f"{words} {angle:g}° is outside the range of motion, {low:g}° to {high:g}°")
        if faults:
            raise UsageError("; ".join(faults) + ".")
        return self


NEUTRAL = HipPose()


class Posture(msgspec.Struct, frozen=True):
    """Both hips at one moment, the pelvis standing still."""

    right: HipPose = NEUTRAL
    left: HipPose = NEUTRAL

    def of(self, side: Side) -> HipPose:
        """Return the pose of one hip."""
        return self.right if side == "right" else self.left

    @classmethod
    def one_sided(cls, side: Side, pose: HipPose) -> "Posture":
        """Return the posture in which only `side` has left neutral."""
        return cls(**{side: pose, opposite(side): NEUTRAL})
