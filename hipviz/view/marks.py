"""Marks of a movement in the picture: its axis through the hip, and arrows that show where the thigh goes.

All of it is computed from the movement's first and farthest pose. Painting is done above the picture.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.anatomy import Anatomy
from hipviz.model.movement import end_pose
from hipviz.model.movement_record import MovementRecord
from hipviz.model.pose import HipPose
from hipviz.model.rotation import rotation_vector
from hipviz.model.state import Camera
from hipviz.model.units import MIRROR, Floats, Side
from hipviz.view.camera import frame, project

AXIS_REACH_MM = 78.0
SWING_LEVEL_MM = 132.0
"""How far below the hip the way of the thigh is drawn."""
SWING_FROM_DEG, TWIST_FROM_DEG = 6.0, 8.0
"""Smallest angles that get an arrow."""
TWIST_LEVEL_MM, TWIST_RADIUS_MM = 82.0, 34.0
TWIST_SPAN_DEG = 130.0
LEAST_TILT = 0.34
"""A ring around the thigh is drawn at least this open, as if seen a little from above."""
LEAST_SHARE = 0.04
"""An arrow shorter than this share of the picture's height points at the viewer and says nothing."""
STEPS = 28


@dataclass(frozen=True, eq=False)
class Arrow:
    """An arrow along `points` (k, 2) px from the top left; the head is at the last one."""

    points: Floats
    meaning: str


def rotations(movement: MovementRecord) -> tuple[Floats, Floats]:
    """Return the rotations (3, 3) of the right femur at the start and at the end of a movement."""
    return movement.keys[0].pose.rotation(), end_pose(movement).rotation()


def axis_of(movement: MovementRecord, side: Side) -> tuple[Floats, float]:
    """Return the unit axis (3,) of the rotation from start to end, RAS, on a side, and its angle, degrees.

    An axis of rotation is mirrored with the opposite sign of a point (it is an axial vector).
    """
    start, end = rotations(movement)
    vector = rotation_vector(end @ start.T)
    angle = float(np.linalg.norm(vector))
    axis = vector / angle if angle > 1e-9 else np.array([0.0, 0.0, 1.0])
    if side == "left":
        axis = -axis * MIRROR
    return np.asarray(axis), float(np.degrees(angle))


def axis_line(anatomy: Anatomy, movement: MovementRecord, side: Side) -> Floats:
    """Return both ends (2, 3) mm of the axis drawn through the hip centre, the upper or outer end first."""
    axis, _ = axis_of(movement, side)
    outward = axis[2] if abs(axis[2]) > 0.5 else axis[0] * (1.0 if side == "right" else -1.0)
    axis = axis if outward >= 0.0 else -axis
    centre = anatomy.hip_centre(side)
    return np.stack([centre + AXIS_REACH_MM * axis, centre - AXIS_REACH_MM * axis])


def arrows(
    anatomy: Anatomy, movement: MovementRecord, side: Side, now: HipPose, eye: Camera, size: tuple[float, float]
) -> tuple[Arrow, ...]:
    """Return the arrows of a movement: the way of the thigh, and the turn about its own length."""
    goal = end_pose(movement)
    start = movement.keys[0].pose
    found = []
    centre = anatomy.hip_centre(side)
    neutral = shaft_centre(anatomy, side, SWING_LEVEL_MM) - centre
    swing = HipPose(goal.flexion_deg, goal.abduction_deg, 0.0).rotation()
    begin = HipPose(start.flexion_deg, start.abduction_deg, 0.0).rotation()
    angle = np.degrees(np.linalg.norm(rotation_vector(swing @ begin.T)))
    if angle >= SWING_FROM_DEG:
        flat = HipPose(goal.flexion_deg, goal.abduction_deg, 0.0)
        poses = [start.blended(flat, share) for share in np.linspace(0.0, 1.0, STEPS)]
        way = np.array([_on(side, pose.rotation()) @ neutral for pose in poses]) + centre
        path = project(eye, way, size)[:, :2]
        if np.linalg.norm(np.diff(path, axis=0), axis=1).sum() > LEAST_SHARE * size[1]:
            found.append(Arrow(path, "swing"))
    twist = goal.internal_rotation_deg - start.internal_rotation_deg
    if abs(twist) >= TWIST_FROM_DEG:
        found.append(Arrow(_twist(anatomy, side, now, twist, eye, size), "twist"))
    return tuple(found)


def shaft_centre(anatomy: Anatomy, side: Side, below_mm: float) -> Floats:
    """Return the middle (3,) of the femoral shaft at neutral, this far below the hip centre."""
    vertices = anatomy.surfaces[f"femur_{side}"].vertices
    level = anatomy.hip_centre(side)[2] - below_mm
    slab = vertices[np.abs(vertices[:, 2] - level) < 6.0]
    return np.asarray(slab.mean(axis=0))


def _on(side: Side, rotation: Floats) -> Floats:
    """Return a right femur's rotation as it is on `side`."""
    if side == "right":
        return rotation
    mirror = np.diag(MIRROR)
    return np.asarray(mirror @ rotation @ mirror)


def _twist(
    anatomy: Anatomy, side: Side, now: HipPose, twist: float, eye: Camera, size: tuple[float, float]
) -> Floats:
    """Return an arc (k, 2) px around the near side of the shaft, in the direction of the turn."""
    thigh = _on(side, HipPose(now.flexion_deg, now.abduction_deg, 0.0).rotation())
    hip = anatomy.hip_centre(side)
    middle = hip + thigh @ (shaft_centre(anatomy, side, TWIST_LEVEL_MM) - hip)
    up = frame(eye) @ (thigh @ np.array([0.0, 0.0, 1.0]))
    scale = size[1] / (2.0 * eye.half_height_mm)
    centre = project(eye, middle, size)[:2]
    # Seen from above, internal rotation of the right thigh turns counter-clockwise, of the left one clockwise.
    counter = np.sign(twist) * (1.0 if side == "right" else -1.0)
    below = up[2] < -0.2
    seen = np.radians(np.linspace(-TWIST_SPAN_DEG / 2, TWIST_SPAN_DEG / 2, STEPS)) * counter
    # In the ring's own plane: x across the thigh in the picture, y towards the viewer.
    right, near = np.sin(seen), np.cos(seen)
    tilt = max(LEAST_TILT, abs(float(up[2])))
    along = np.array([up[0], -up[1]])
    length = float(np.linalg.norm(along))
    # Along the line of sight the thigh points nowhere in the picture: the ring is a circle, however it is turned.
    along = along / length if length > 1e-6 else np.array([0.0, -1.0])
    # Where the near side goes when the thigh turns counter-clockwise; also where the thigh points at the sky.
    across = np.array([-along[1], along[0]])
    rise = tilt if below else -tilt
    radius = TWIST_RADIUS_MM * scale
    return np.asarray(centre + radius * (right[:, None] * across + rise * near[:, None] * along))
