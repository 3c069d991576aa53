"""Where the body is in the room: knees, lower legs and feet below the thighs, and the pelvis over a planted foot.

The room has its z axis upwards and its origin where the middle between the hips is when the body stands upright.
Lower legs are drawn simply; hips, bones and muscle live in the pelvis' own frame and know nothing of the room.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.pose import Position, Posture
from hipviz.model.units import MIRROR, SIDES, Floats, Side

SHANK_SHARE = 1.0
"""Length from knee to ankle against hip to knee: 0.246 and 0.245 of body height (Drillis and Contini 1966)."""
ANKLE_SHARE = 0.159
"""Height of the ankle over the sole against hip to knee: 0.039 and 0.245 of body height (Drillis and Contini)."""
HEEL_SHARE, TOE_SHARE = 0.145, 0.475
"""How far heel and toes lie behind and before the ankle, against hip to knee; a foot of 0.152 of body height."""
ANKLE_RANGE_DEG = (-35.0, 20.0)
"""Lowest and highest dorsiflexion with which a foot seeks the floor."""
RELAXED_ANKLE_DEG: dict[Position, float] = {"side-lying": -25.0, "supine": -25.0, "prone": -68.0}
SHOULDER_SHARE, SHOULDER_ASIDE_SHARE, ARM_SHARE = 1.18, 0.53, 1.55
"""Shoulders above the hips and from the midline, and shoulder to grip, against hip to knee: 0.288, 0.129 and about
0.38 of body height against 0.245 (Drillis and Contini)."""
KNEE_RADIUS_MM, ANKLE_RADIUS_MM, SEAT_DEPTH_MM = 55.0, 38.0, 112.0
"""Half the thickness of knee and ankle, and how far the seat lies under the hips."""


@dataclass(frozen=True, eq=False)
class Leg:
    """One leg in the pelvis' frame: rigid motions (4, 4) from neutral, and the foot's heel and toe (2, 3), mm."""

    thigh: Floats
    shank: Floats
    foot: Floats
    knee: Floats
    ankle: Floats
    sole: Floats


@dataclass(frozen=True, eq=False)
class Build:
    """Lengths of the legs. hip, knee : (3,) of the right side at neutral, mm RAS."""

    hip: Floats
    knee: Floats

    @property
    def thigh_mm(self) -> float:
        """From hip to knee."""
        return float(np.linalg.norm(self.knee - self.hip))

    @property
    def ankle(self) -> Floats:
        """Where the right ankle is at neutral, (3,) mm."""
        return np.asarray(self.knee - np.array([0.0, 0.0, SHANK_SHARE * self.thigh_mm]))

    @property
    def sole(self) -> Floats:
        """Heel and toe (2, 3) of the right sole at neutral, mm."""
        reach = np.array([[0.0, -HEEL_SHARE, -ANKLE_SHARE], [0.0, TOE_SHARE, -ANKLE_SHARE]])
        return np.asarray(self.ankle + self.thigh_mm * reach)

    @property
    def floor_mm(self) -> float:
        """Height of the floor under a body that stands upright."""
        return float(self.sole[0, 2])


def legs(build: Build, posture: Posture) -> dict[Side, Leg]:
    """Return both legs below the knee, in the pelvis' frame."""
    return {side: _leg(build, posture, side) for side in SIDES}


def room_matrix(build: Build, posture: Posture) -> Floats:
    """Return the rigid motion (4, 4) from the pelvis' frame into the room.

    A planted foot keeps its place: the pelvis goes where hip and knee angles put it over that ankle. With "floor"
    the lowest of feet, knees and seat rests on the floor. Else the middle between the hips keeps its place.
    """
    matrix = np.eye(4)
    turn = posture.pelvis.rotation()
    matrix[:3, :3] = turn
    if posture.planted is None:
        return matrix
    both = legs(build, posture)
    if posture.planted == "floor":
        up = turn[2]
        lowest = min(float(leg.knee @ up) - KNEE_RADIUS_MM for leg in both.values())
        if posture.pelvis.position in RELAXED_ANKLE_DEG:
            lowest = min(lowest, *(float(leg.ankle @ up) - ANKLE_RADIUS_MM for leg in both.values()))
        else:
            lowest = min(lowest, *(float((leg.sole @ up).min()) for leg in both.values()))
        matrix[2, 3] = build.floor_mm - min(lowest, -SEAT_DEPTH_MM)
        return matrix
    home = build.ankle * (MIRROR if posture.planted == "left" else 1.0)
    matrix[:3, 3] = home - turn @ both[posture.planted].ankle
    return matrix


def hands(build: Build, room: Floats) -> Floats:
    """Return where the right and the left hand hang (2, 3), mm in the room, with the trunk straight."""
    shoulder = build.thigh_mm * np.array([[SHOULDER_ASIDE_SHARE, 0.0, SHOULDER_SHARE]])
    both = np.concatenate([shoulder, shoulder * MIRROR])
    return np.asarray(both @ room[:3, :3].T + room[:3, 3] - (0.0, 0.0, ARM_SHARE * build.thigh_mm))


def _leg(build: Build, posture: Posture, side: Side) -> Leg:
    """Return one leg; it is worked out on the right and mirrored."""
    turn = posture.of(side).rotation()
    knee = build.hip + turn @ (build.knee - build.hip)
    shank_turn = turn @ _about_x(-posture.knee_deg(side))
    ankle = knee + shank_turn @ (build.ankle - build.knee)
    room = posture.pelvis.rotation()
    mirror = np.diag(MIRROR) if side == "left" else np.eye(3)
    room = mirror @ room @ mirror
    if posture.planted == side:
        foot_turn = room.T
    else:
        dorsiflexion = RELAXED_ANKLE_DEG.get(posture.pelvis.position)
        if dorsiflexion is None:
            rising = float(np.degrees(np.arcsin(np.clip((room @ shank_turn)[2, 1], -1.0, 1.0))))
            dorsiflexion = float(np.clip(-rising, *ANKLE_RANGE_DEG))
        foot_turn = shank_turn @ _about_x(dorsiflexion)
    sole = ankle + (build.sole - build.ankle) @ foot_turn.T
    flip = np.array([-1.0, 1.0, 1.0]) if side == "left" else np.ones(3)
    return Leg(
        thigh=_moving(mirror @ turn @ mirror, build.knee * flip, knee * flip),
        shank=_moving(mirror @ shank_turn @ mirror, build.knee * flip, knee * flip),
        foot=_moving(mirror @ foot_turn @ mirror, build.ankle * flip, ankle * flip),
        knee=knee * flip,
        ankle=ankle * flip,
        sole=sole * flip,
    )


def _about_x(angle_deg: float) -> Floats:
    angle = np.radians(angle_deg)
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])


def _moving(turn: Floats, start: Floats, end: Floats) -> Floats:
    """Return the rigid motion (4, 4) that turns and takes `start` to `end`."""
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = end - turn @ start
    return matrix
