"""A pose of one's own: pelvis and both hips changed by hand, and what that does to each band.

The fields that hold it stand in `state`; taking the thigh by the hand is worked out in `grab`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from hipviz.model.movement_record import PelvisKey
from hipviz.model.pose import (
    ANGLES,
    NEUTRAL,
    PELVIS_RANGE_DEG,
    RANGE_OF_MOTION_DEG,
    Angle,
    HipPose,
    Pelvis,
    angles_of,
)
from hipviz.model.state import State, posture
from hipviz.model.units import BANDS, MIRROR, Band, Floats, opposite

if TYPE_CHECKING:
    from hipviz.model.content import Words
    from hipviz.model.leverage import Leverage

Role = Literal["helps", "resists", "neither"]

IDLE_ARM_MM = 5.0
"""A lever shorter than this neither helps nor resists: it is within what specimens differ by."""
SAME_PCT = 1.5
"""A band within this of its length at rest counts as unchanged, per cent."""
STATIONS = 25
"""Poses on the way from rest, odd in number, over which levers are summed up: a pose's shares are then exact to
some hundredths of a millimetre."""
FINENESS = 12
"""Halvings with which the pelvis is brought to where a hip stops it: a few thousandths of a degree."""


class Hold(msgspec.Struct, frozen=True):
    """How a body is held by hand, told for the acting side: both hips, and the pelvis turned over the thighs."""

    pose: HipPose = NEUTRAL
    other_pose: HipPose = NEUTRAL
    pelvis: PelvisKey = PelvisKey()

    @property
    def changes(self) -> dict[str, object]:
        """The fields of State that hold it; what plays gives way."""
        return {"pose": self.pose, "other_pose": self.other_pose, "pelvis": self.pelvis, "playing": False}

    def exchanged(self) -> Hold:
        """Return the same body told for the other side; told for the same side, it is the mirror image."""
        pelvis = PelvisKey(self.pelvis.tilt_deg, -self.pelvis.drop_deg, -self.pelvis.turn_deg)
        return Hold(self.other_pose, self.pose, pelvis)

    def turned(self, pelvis: PelvisKey) -> Hold:
        """Return the body with the pelvis turned while both thighs keep their direction in the room.

        As in standing: what moves is the pelvis over the legs. It stops where a hip comes to the end of its range.
        """
        whole = self._turned(pelvis)
        if whole is not None:
            return whole
        reached, least, most = self, 0.0, 1.0
        for _ in range(FINENESS):
            share = 0.5 * (least + most)
            between = self._turned(_between(self.pelvis, pelvis, share))
            if between is None:
                most = share
            else:
                reached, least = between, share
        return reached

    def _turned(self, pelvis: PelvisKey) -> Hold | None:
        back = _rotation(pelvis).T @ _rotation(self.pelvis)
        mirror = np.diag(MIRROR)
        poses = []
        for pose, turn in ((self.pose, back), (self.other_pose, mirror @ back @ mirror)):
            angles = angles_of(turn @ pose.rotation())
            if not all(low - 1e-6 <= a <= high + 1e-6 for a, (low, high) in zip(angles, _LIMITS, strict=True)):
                return None
            poses.append(HipPose(*(round(float(angle), 9) for angle in angles)))
        return Hold(poses[0], poses[1], pelvis)


_LIMITS = tuple(RANGE_OF_MOTION_DEG.values())


def hold_of(state: State, words: Words) -> Hold:
    """Return how a state holds the body, also while it shows a movement; a body that lies is stood up."""
    if state.pose is not None:
        return Hold(state.pose, state.other_pose, state.pelvis)
    now = posture(state, words)
    pelvis = PelvisKey()
    if now.pelvis.position == "standing":
        towards = 1.0 if state.side == "right" else -1.0
        low_high = PELVIS_RANGE_DEG.values()
        told = (now.pelvis.tilt_deg, towards * now.pelvis.drop_deg, towards * now.pelvis.turn_deg)
        pelvis = PelvisKey(*(min(max(a, low), high) for a, (low, high) in zip(told, low_high, strict=True)))
    return Hold(now.of(state.side), now.of(opposite(state.side)), pelvis)


class Effect(msgspec.Struct, frozen=True):
    """What a pose and the movement that led there mean for one band.

    length_pct : of its length in standing. arm_mm : its lever for that movement, positive when the band, by
    shortening, makes it go on.
    """

    band: Band
    length_pct: float
    arm_mm: float
    role: Role


def effects(leverage: Leverage, pose: HipPose, towards: Floats) -> tuple[Effect, ...]:
    """Return what each band does in a pose for a movement `towards` (3,), degrees of each angle; zero for none.

    The lever for a movement of several angles at once is −dL/ds along the way s on which they change together.
    """
    length, at_rest = leverage.band_lengths([pose.angles_deg, NEUTRAL.angles_deg])
    size = float(np.linalg.norm(towards))
    arms = leverage.band_arms(pose.angles_deg).T @ (towards / size if size > 1e-9 else np.zeros(3))
    return tuple(
        Effect(band, float(100.0 * length[i] / at_rest[i]), float(arms[i]), role_of(float(arms[i])))
        for i, band in enumerate(BANDS)
    )


def shares_mm(leverage: Leverage, pose: HipPose) -> Floats:
    """Return how much each angle brings about of each band's change of length since standing, (3, bands) mm.

    Along the straight way from rest, on which all angles change together; −∫ arm dθ by Simpson's rule. Negative
    takes off. The shares of a band add up to its whole change.
    """
    end = np.array(pose.angles_deg)
    arms = leverage.band_arms(np.linspace(0.0, 1.0, STATIONS)[:, None] * end)
    weights = np.full(STATIONS, 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    mean = np.tensordot(weights / weights.sum(), arms, axes=1)
    return np.asarray(-mean * np.radians(end)[:, None])


def role_of(arm_mm: float) -> Role:
    """Return what a band with this lever does for a movement."""
    return "neither" if abs(arm_mm) < IDLE_ARM_MM else "helps" if arm_mm > 0.0 else "resists"


def leading(towards: Floats) -> tuple[Angle, int]:
    """Return the angle that a movement (3,) changes most, and in which sense (+1, −1)."""
    index = int(np.abs(towards).argmax())
    return ANGLES[index], 1 if towards[index] >= 0.0 else -1


def at_limit(pose: HipPose) -> dict[Angle, int]:
    """Return the angles of a pose that have come to an end of their range, and to which (+1 upper, −1 lower)."""
    found: dict[Angle, int] = {}
    for name, value, (low, high) in zip(ANGLES, pose.angles_deg, _LIMITS, strict=True):
        if value >= high - 1e-6 or value <= low + 1e-6:
            found[name] = 1 if value >= high - 1e-6 else -1
    return found


def _rotation(pelvis: PelvisKey) -> Floats:
    """Return the rotation (3, 3) into the room of a pelvis told for the right side."""
    return Pelvis("standing", "right", pelvis.tilt_deg, pelvis.drop_deg, pelvis.turn_deg).rotation()


def _between(start: PelvisKey, end: PelvisKey, share: float) -> PelvisKey:
    pairs = zip(msgspec.structs.astuple(start), msgspec.structs.astuple(end), strict=True)
    return PelvisKey(*(a + share * (b - a) for a, b in pairs))
