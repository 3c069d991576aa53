"""From a movement's keys to the pose at any moment of its cycle, and the words for the angles reached."""

from bisect import bisect_right

from hipviz.model.content import MovementRecord, Phase
from hipviz.model.pose import HipPose

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


def pose_at(movement: MovementRecord, phase: float) -> HipPose:
    """Return the pose of the acting hip at `phase` of the cycle (whole turns are dropped, so 1 counts as 0).

    Between two keys the angles follow the smoothest step with no jerk at its ends, 6t⁵ − 15t⁴ + 10t³ (Perlin 2002,
    also the minimum-jerk profile of Flash and Hogan 1985).
    """
    phase %= 1.0
    times = [key.at for key in movement.keys]
    index = min(bisect_right(times, phase), len(times) - 1)
    before, after = movement.keys[index - 1], movement.keys[index]
    t = (phase - before.at) / (after.at - before.at)
    return before.pose.blended(after.pose, t * t * t * (t * (6.0 * t - 15.0) + 10.0))


def phase_of(movement: MovementRecord, phase: float) -> Phase:
    """Return the named phase that covers the moment `phase`."""
    starts = [named.start for named in movement.phases]
    return movement.phases[bisect_right(starts, phase % 1.0) - 1]


def end_pose(movement: MovementRecord) -> HipPose:
    """Return the key pose that is farthest from the first one: where the movement goes to."""
    first = movement.keys[0].pose

    def distance(pose: HipPose) -> float:
        return float(sum(abs(getattr(pose, name) - getattr(first, name)) for name in ANGLE_WORDS))

    return max((key.pose for key in movement.keys), key=distance)


def spoken_angles(pose: HipPose, towards: HipPose, wording: str) -> list[tuple[str, int]]:
    """Return (word, whole degrees) for each angle that takes part in the way to `towards`.

    The word stays the same over the whole movement, also while the angle is still zero.
    """
    words = PLAIN_ANGLE_WORDS if wording == "plain" else ANGLE_WORDS
    spoken = []
    for name, (positive, negative) in words.items():
        goal = getattr(towards, name)
        if round(goal) == 0 and round(getattr(pose, name)) == 0:
            continue
        sign = -1.0 if (goal < 0 or (round(goal) == 0 and getattr(pose, name) < 0)) else 1.0
        spoken.append((negative if sign < 0 else positive, round(sign * getattr(pose, name))))
    return spoken
