"""From a movement's keys to the posture at any moment of its cycle, and the words for the angles reached."""

from bisect import bisect_right
from functools import lru_cache

import numpy as np

from hipviz.model.movement_record import Key, MovementRecord, Phase
from hipviz.model.pose import RANGE_OF_MOTION_DEG, HipPose, Pelvis, Posture
from hipviz.model.splines import Cubic, cubic
from hipviz.model.units import Floats, Side, opposite

ANGLE_WORDS: dict[str, tuple[str, str]] = {
    "flexion_deg": ("Flexion", "Extension"),
    "abduction_deg": ("Abduction", "Adduction"),
    "internal_rotation_deg": ("Internal rotation", "External rotation"),
}
"""Name of each angle when it is positive and when it is negative."""

PLAIN_ANGLE_WORDS: dict[str, tuple[str, str]] = {
    "flexion_deg": ("Forwards", "Backwards"),
    "abduction_deg": ("Out to the side", "Across the middle"),
    "internal_rotation_deg": ("Turned in", "Turned out"),
}


def values_at(movement: MovementRecord, phase: float) -> Floats:
    """Return all angles (11,), degrees, in the order of `Key.values`, at `phase` (whole turns are dropped).

    "smooth" follows between two keys the smoothest step with no jerk at its ends, 6t⁵ − 15t⁴ + 10t³ (Perlin 2002,
    also the minimum-jerk profile of Flash and Hogan 1985); "flowing" is the closed cubic spline through all keys.
    """
    phase %= 1.0
    if movement.easing == "flowing":
        curve, values = _curve(movement)
        return np.asarray(curve.weights(phase)[0] @ values)
    times = [key.at for key in movement.keys]
    index = min(bisect_right(times, phase), len(times) - 1)
    before, after = movement.keys[index - 1], movement.keys[index]
    t = (phase - before.at) / (after.at - before.at)
    share = t if movement.easing == "linear" else t * t * t * (t * (6.0 * t - 15.0) + 10.0)
    start = np.array(before.values)
    return np.asarray(start + share * (np.array(after.values) - start))


def pose_at(movement: MovementRecord, phase: float) -> HipPose:
    """Return the pose of the acting hip at `phase` of the cycle (whole turns are dropped, so 1 counts as 0)."""
    return _pose(values_at(movement, phase)[:3])


def posture_at(movement: MovementRecord, phase: float, side: Side) -> Posture:
    """Return the posture of the whole body at `phase` when `side` acts."""
    return posture_of(movement, values_at(movement, phase), phase, side)


def posture_of(movement: MovementRecord, values: Floats, phase: float, side: Side) -> Posture:
    """Return the posture that angles (11,), as `values_at` has them at `phase`, stand for when `side` acts."""
    other, other_knee = values[3:6], values[10]
    if movement.alternating:
        later = values_at(movement, phase + 0.5)
        other, other_knee = later[:3], later[9]
    towards = 1.0 if side == "right" else -1.0
    tilt, drop, turn = (float(angle) for angle in values[6:9])
    pelvis = Pelvis(movement.position, side, tilt, towards * drop, towards * turn)
    sides: dict[str, Side] = {"acting": side, "other": opposite(side)}
    planted = "floor" if movement.planted == "floor" else sides.get(movement.planted or "")
    acting, beside = _pose(values[:3]), _pose(other)
    knee, knee_beside = float(values[9]), float(other_knee)
    if side == "right":
        return Posture(acting, beside, pelvis, knee, knee_beside, planted)
    return Posture(beside, acting, pelvis, knee_beside, knee, planted)


def activity_at(movement: MovementRecord, phase: float) -> Floats:
    """Return how active each band (3,) of the acting side is at `phase`, as a share of its peak; 0 if unknown."""
    if not movement.activity:
        return np.zeros(3)
    times = [moment.at for moment in movement.activity]
    shares = np.array([(moment.anterior, moment.middle, moment.posterior) for moment in movement.activity])
    return np.array([np.interp(phase % 1.0, times, column) for column in shares.T])


@lru_cache(maxsize=32)
def _curve(movement: MovementRecord) -> tuple[Cubic, Floats]:
    values = np.array([key.values for key in movement.keys])
    return cubic([key.at for key in movement.keys], "periodic"), values


def _pose(angles: Floats) -> HipPose:
    """Return the pose of three angles; a curve may overshoot the range between keys that touch its limit."""
    limits = RANGE_OF_MOTION_DEG.values()
    return HipPose(*(float(min(max(a, low), high)) for a, (low, high) in zip(angles, limits, strict=True)))


def phase_of(movement: MovementRecord, phase: float) -> Phase:
    """Return the named phase that covers the moment `phase`."""
    starts = [named.start for named in movement.phases]
    return movement.phases[bisect_right(starts, phase % 1.0) - 1]


def end_key(movement: MovementRecord) -> Key:
    """Return the key whose pose is farthest from the first one: where the movement goes to."""
    first = movement.keys[0].pose

    def distance(key: Key) -> float:
        return float(sum(abs(getattr(key.pose, name) - getattr(first, name)) for name in ANGLE_WORDS))

    return max(movement.keys, key=distance)


def span_of(movement: MovementRecord, number: int | None) -> tuple[float, float]:
    """Return where the phase of a number begins and ends; the whole cycle for None and for a phase it has not."""
    if number is None or number >= len(movement.phases):
        return 0.0, 1.0
    ends = [phase.start for phase in movement.phases[1:]] + [1.0]
    return movement.phases[number].start, ends[number]


def end_pose(movement: MovementRecord) -> HipPose:
    """Return the pose of the acting hip that the movement goes to."""
    return end_key(movement).pose


def spoken_angles(pose: HipPose, towards: HipPose, wording: str) -> list[tuple[str, int]]:
    """Return (word, whole degrees) for each angle that takes part in the way to `towards`.

    The word is that of the angle, so that no number is negative; while it is still zero that of the goal.
    """
    words = PLAIN_ANGLE_WORDS if wording == "plain" else ANGLE_WORDS
    spoken = []
    for name, (positive, negative) in words.items():
        angle, goal = round(getattr(pose, name)), round(getattr(towards, name))
        if angle != 0 or goal != 0:
            spoken.append((negative if (angle or goal) < 0 else positive, abs(angle)))
    return spoken
