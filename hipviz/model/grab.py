"""A thigh taken by the hand: which angles of the hip bring the grabbed point under the pointer, within its range.

Pure geometry of one ball joint and one line of sight. All of it is told for the right hip, with points relative
to the centre of the joint; for the left one mirror the line and the grabbed point (x → −x). What the mouse does
with it lives in the window.
"""

import numpy as np

from hipviz.model.pose import RANGE_OF_MOTION_DEG, HipPose, rotations
from hipviz.model.units import Floats

LIMITS_DEG: Floats = np.array(list(RANGE_OF_MOTION_DEG.values()))
"""Lowest and highest angle (3, 2), in the order of `ANGLES`."""

EDGE_STEP_DEG = 0.25
"""How finely the edge of the range is searched for the place nearest to a pointer beyond it."""
FLOP_MM_PER_DEG = 0.1
"""A pose that is far from the present one must bring the point this much nearer per degree to be taken."""
REACHED_MM = 1e-3
TWIST_RADIUS_MM = 60.0
"""How far from its axis the thigh is taken when it is turned about itself: about its half thickness."""


def grip(pose: HipPose, point: Floats) -> Floats:
    """Return the place (3,) at neutral of a point (3,) that lies on the thigh in `pose`."""
    return np.asarray(pose.rotation().T @ point)


def followed(pose: HipPose, place: Floats, origin: Floats, direction: Floats) -> HipPose:
    """Return the pose in which the grabbed point lies on a line of sight, by flexion and abduction alone.

    place : (3,) of `grip`. origin, direction : (3,) of the line, direction unit. Of two solutions, on the near and
    the far side of the joint, the one nearer to the present pose is taken; where the line passes too far from the
    joint or through a pose beyond the range of motion, the pose within it that comes nearest.
    """
    now, turn = np.array(pose.angles_deg), pose.internal_rotation_deg
    spun = rotations([0.0, 0.0, turn]) @ place
    found = np.array(
        [[*angles, turn] for target in _targets(place, origin, direction) for angles in _solved(spun, target)]
    )
    inside = ((found >= LIMITS_DEG[:, 0] - 1e-9) & (found <= LIMITS_DEG[:, 1] + 1e-9)).all(axis=1)
    best = _best(found[inside], now, place, origin, direction) if inside.any() else None
    if best is None or _away(best[None], place, origin, direction)[0] > REACHED_MM:
        rest = [_edges(turn)] if best is None else [best[None], _edges(turn)]
        best = _best(np.concatenate(rest), now, place, origin, direction)
    return _pose(best)


def in_plane(place_now: Floats, origin: Floats, direction: Floats) -> Floats:
    """Return where a line of sight (origin, direction) must begin for the point to keep its depth in the picture.

    place_now : (3,) where the grabbed point is. The pointer then says the direction from the joint alone, and the
    thigh swings about the line of sight: seen from the side that is pure flexion.
    """
    across = origin - (origin @ direction) * direction
    reach = float(np.linalg.norm(place_now - (place_now @ direction) * direction))
    return np.asarray(across * (reach / max(float(np.linalg.norm(across)), 1e-9)))


def twisted(pose: HipPose, point: Floats, towards_eye: Floats, origin: Floats, direction: Floats) -> HipPose:
    """Return the pose after the thigh was turned about its own axis, so that its near side follows the pointer.

    point : (3,) where the thigh was taken in `pose`, on the line of sight then. towards_eye : (3,) unit.
    origin, direction : (3,) of the line of sight now.
    """
    axis = pose.rotation()[:, 2]
    near = towards_eye - (towards_eye @ axis) * axis
    if np.linalg.norm(near) < 0.2:
        # Seen along its axis there is no near side: the point itself goes around.
        near = point - (point @ axis) * axis
    taken = (point @ axis) * axis + TWIST_RADIUS_MM * near / max(float(np.linalg.norm(near)), 1e-9)
    place = grip(pose, taken)
    low, high = LIMITS_DEG[2]
    angles = np.tile(np.array(pose.angles_deg), (round((high - low) / EDGE_STEP_DEG) + 1, 1))
    angles[:, 2] = np.linspace(low, high, len(angles))
    return _pose(_best(angles, np.array(pose.angles_deg), place, origin + taken - point, direction))


def _targets(place: Floats, origin: Floats, direction: Floats) -> list[Floats]:
    """Return where the line meets the sphere that the point can reach; where it misses, the nearest place."""
    reach = float(np.linalg.norm(place))
    middle = origin - (origin @ direction) * direction
    away = float(np.linalg.norm(middle))
    if away >= reach:
        return [middle * (reach / away)]
    half = float(np.sqrt(reach**2 - away**2))
    return [middle + half * direction, middle - half * direction]


def _solved(spun: Floats, target: Floats) -> list[tuple[float, float]]:
    """Return flexion and abduction, degrees, that take a point turned about the femur's axis to a target.

    Flexion leaves the lateral coordinate alone, so abduction has to bring it about: x = √(sx² + sz²) cos(a + φ).
    """
    sx, sy, sz = spun
    size, lead = np.hypot(sx, sz), np.arctan2(sz, sx)
    opening = np.arccos(np.clip(target[0] / max(size, 1e-12), -1.0, 1.0))
    found = []
    for abduction in (opening - lead, -opening - lead):
        height = np.sin(abduction) * sx + np.cos(abduction) * sz
        flexion = np.arctan2(target[2], target[1]) - np.arctan2(height, sy)
        found.append((_wrapped(float(np.degrees(flexion))), _wrapped(float(np.degrees(abduction)))))
    return found


def _wrapped(angle_deg: float) -> float:
    return (angle_deg + 180.0) % 360.0 - 180.0


def _edges(turn: float) -> Floats:
    """Return poses (n, 3) all along the edge of flexion and abduction."""
    flexions, abductions = (
        np.linspace(low, high, round((high - low) / EDGE_STEP_DEG) + 1) for low, high in LIMITS_DEG[:2]
    )
    parts = [np.stack([flexions, np.full_like(flexions, edge)], axis=1) for edge in LIMITS_DEG[1]]
    parts += [np.stack([np.full_like(abductions, edge), abductions], axis=1) for edge in LIMITS_DEG[0]]
    edges = np.concatenate(parts)
    return np.column_stack([edges, np.full(len(edges), turn)])


def _away(angles: Floats, place: Floats, origin: Floats, direction: Floats) -> Floats:
    """Return how far (n,) mm the grabbed point is from the line in poses (n, 3)."""
    offsets = rotations(angles) @ place - origin
    return np.asarray(np.linalg.norm(offsets - (offsets @ direction)[:, None] * direction, axis=1))


def _best(angles: Floats, now: Floats, place: Floats, origin: Floats, direction: Floats) -> Floats:
    change = np.linalg.norm(angles - now, axis=1)
    away = _away(angles, place, origin, direction)
    return np.asarray(angles[np.argmin(away + FLOP_MM_PER_DEG * change)])


def _pose(angles: Floats) -> HipPose:
    flexion, abduction, turn = (float(a) for a in np.clip(angles, LIMITS_DEG[:, 0], LIMITS_DEG[:, 1]))
    return HipPose(flexion, abduction, turn)
