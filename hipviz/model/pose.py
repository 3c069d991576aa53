"""Angles of hips and pelvis, the rotations they stand for and their axes. What moves with them lives elsewhere."""

from typing import Literal, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from hipviz.model.errors import UsageError
from hipviz.model.units import MIRROR, Floats, Side

RANGE_OF_MOTION_DEG: dict[str, tuple[float, float]] = {
    "flexion_deg": (-20.0, 120.0),
    "abduction_deg": (-25.0, 45.0),
    "internal_rotation_deg": (-45.0, 40.0),
}
"""Lowest and highest angle of an adult hip: extension 20, flexion 120, adduction 25, abduction 45,
external rotation 45, internal rotation 40 (fpnotebook.com, Hip Range of Motion; medicospace.com)."""

Angle = Literal["flexion", "abduction", "internal_rotation"]
ANGLES: tuple[Angle, ...] = get_args(Angle)
"""Order of every array axis that runs over the hip's three angles; `HipPose` has them as `…_deg`."""


def rotations(angles_deg: npt.ArrayLike) -> Floats:
    """Return the rotations (…, 3, 3) of the *right* femur relative to the pelvis, RAS, for angles (…, 3), degrees.

    Flexion about the pelvis' lateral axis, then abduction about the floating anterior axis, then rotation about
    the femur's own mechanical axis, which points straight up at neutral (Grood and Suntay 1983; the same as
    OpenSim's Rz·Rx·Ry in x forward, y up, z right). For the left side mirror points before and after.
    """
    angles = np.radians(np.asarray(angles_deg, dtype=np.float64))
    (cf, ca, cr), (sf, sa, sr) = np.moveaxis(np.cos(angles), -1, 0), np.moveaxis(np.sin(angles), -1, 0)
    turned = np.empty((*angles.shape, 3))
    turned[..., 0, 0], turned[..., 0, 1], turned[..., 0, 2] = ca * cr, -ca * sr, -sa
    turned[..., 1, 0], turned[..., 1, 1] = cf * sr - sf * sa * cr, cf * cr + sf * sa * sr
    turned[..., 2, 0], turned[..., 2, 1] = sf * sr + cf * sa * cr, sf * cr - cf * sa * sr
    turned[..., 1, 2], turned[..., 2, 2] = -sf * ca, cf * ca
    return turned


def angles_of(rotation: Floats) -> Floats:
    """Return the angles (…, 3), degrees, of rotations (…, 3, 3): undoes `rotations` below 90° of abduction."""
    abduction = np.arcsin(np.clip(-rotation[..., 0, 2], -1.0, 1.0))
    flexion = np.arctan2(-rotation[..., 1, 2], rotation[..., 2, 2])
    turn = np.arctan2(-rotation[..., 0, 1], rotation[..., 0, 0])
    return np.asarray(np.degrees(np.stack([flexion, abduction, turn], axis=-1)))


def axes(angles_deg: npt.ArrayLike) -> Floats:
    """Return unit axes (…, 3, 3) of flexion, abduction and internal rotation of the right hip for angles (…, 3).

    The pelvis' lateral axis, the floating axis and the femur's own long axis (Grood and Suntay 1983), RAS, each
    turned so that a positive angle is a right-handed turn about it.
    """
    angles = np.asarray(angles_deg, dtype=np.float64)
    flexion = np.radians(angles[..., 0])
    found = np.zeros((*angles.shape, 3))
    found[..., 0, 0] = 1.0
    found[..., 1, 1], found[..., 1, 2] = -np.cos(flexion), -np.sin(flexion)
    found[..., 2, :] = rotations(angles)[..., 2]
    return found


class HipPose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Angles of one hip, degrees, positive in flexion, abduction and internal rotation on both sides."""

    flexion_deg: float = 0.0
    abduction_deg: float = 0.0
    internal_rotation_deg: float = 0.0

    @property
    def angles_deg(self) -> tuple[float, float, float]:
        """The three angles in the order of `ANGLES`."""
        return self.flexion_deg, self.abduction_deg, self.internal_rotation_deg

    def rotation(self) -> Floats:
        """Return the (3, 3) rotation of the *right* femur relative to the pelvis, RAS; see `rotations`."""
        return rotations(self.angles_deg)

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


Position = Literal["standing", "side-lying", "supine", "prone", "seated"]
POSITIONS: tuple[Position, ...] = get_args(Position)

PELVIS_RANGE_DEG: dict[str, tuple[float, float]] = {
    "tilt_deg": (-60.0, 80.0),
    "drop_deg": (-20.0, 20.0),
    "turn_deg": (-30.0, 30.0),
}
"""Lowest and highest angle of the pelvis in the room that a movement may ask for."""
KNEE_RANGE_DEG = (0.0, 150.0)

LYING: dict[Position, Floats] = {
    "standing": np.eye(3),
    "seated": np.eye(3),
    "side-lying": np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]),
    "supine": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]),
    "prone": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]),
}
"""From the body's axes (RAS) to the room's, z up, for a body whose right side acts; side-lying: right side up."""


class Pelvis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the pelvis is turned in the room, degrees: tilted forwards, its left side dropped, turned to the left.

    `up` is the side that is uppermost when the body lies on its side.
    """

    position: Position = "standing"
    up: Side = "right"
    tilt_deg: float = 0.0
    drop_deg: float = 0.0
    turn_deg: float = 0.0

    def rotation(self) -> Floats:
        """Return the (3, 3) rotation from the pelvis' axes to the room's, RAS and z up.

        Turned about the vertical, then dropped about the pelvis' own forward axis, then tilted about its lateral
        one: the order in which each angle keeps its clinical meaning (Baker 2001). Lying comes last.
        """
        tilt, drop, turn = np.radians((-self.tilt_deg, -self.drop_deg, self.turn_deg))
        about_x = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
        about_y = np.array([[np.cos(drop), 0, np.sin(drop)], [0, 1, 0], [-np.sin(drop), 0, np.cos(drop)]])
        about_z = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
        lying = LYING[self.position]
        if self.up == "left":
            mirror = np.diag(MIRROR)
            lying = mirror @ lying @ mirror
        return np.asarray(lying @ about_z @ about_y @ about_x)


class Posture(msgspec.Struct, frozen=True):
    """Both hips at one moment, and how the body stands or lies in the room.

    `planted` is the foot that keeps its place on the floor while the pelvis moves over it; with "floor" the lower
    foot is on the floor. Without it the middle between the hips keeps its place.
    """

    right: HipPose = NEUTRAL
    left: HipPose = NEUTRAL
    pelvis: Pelvis = Pelvis()
    right_knee_deg: float = 0.0
    left_knee_deg: float = 0.0
    planted: Literal["right", "left", "floor"] | None = None

    def of(self, side: Side) -> HipPose:
        """Return the pose of one hip."""
        return self.right if side == "right" else self.left

    def knee_deg(self, side: Side) -> float:
        """Return the flexion of one knee, degrees."""
        return self.right_knee_deg if side == "right" else self.left_knee_deg

    @property
    def hips(self) -> "Posture":
        """The same hips with the pelvis upright at rest: all that bones, bands and skin depend on."""
        return Posture(self.right, self.left)

    @classmethod
    def one_sided(cls, side: Side, pose: HipPose) -> "Posture":
        """Return the posture in which only `side` has left neutral."""
        return cls(right=pose) if side == "right" else cls(left=pose)
