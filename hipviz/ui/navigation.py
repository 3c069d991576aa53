"""What a drag or a turn of the wheel makes of the camera: orbit, pan, zoom to the pointer.

Pure functions on Camera; which mouse button means what is decided by the stage.
"""

import numpy as np

from hipviz.model.state import Camera
from hipviz.model.units import Floats
from hipviz.view.camera import camera, frame

ORBIT_DEG_PER_HEIGHT = 180.0
"""A drag over the height of the stage turns the body half around."""
NEAREST_MM, FARTHEST_MM = 15.0, 600.0
"""Limits of the half height of the picture."""
REACH_MM = 450.0
"""How far the middle of the picture may be moved from the origin, so that the body cannot be lost."""


def orbited(eye: Camera, right_px: float, down_px: float, height_px: float) -> Camera:
    """Return the camera after a drag: the body turns about its long axis and tips towards the viewer.

    The body keeps standing (no roll), as it does in the canonical views; over the poles the drag stops.
    """
    turn = np.radians(-right_px / height_px * ORBIT_DEG_PER_HEIGHT)
    lift = np.radians(down_px / height_px * ORBIT_DEG_PER_HEIGHT)
    towards, up = np.array(eye.direction), np.array(eye.up)
    elevation = float(np.arctan2(towards[2], up[2])) if up[2] > 1e-9 else np.copysign(np.pi / 2, towards[2])
    lift = float(np.clip(elevation + lift, -np.pi / 2, np.pi / 2)) - elevation
    right = np.cross(up, towards)
    tipped = np.cos(lift) * towards + np.sin(lift) * up
    risen = np.cross(tipped, right)
    about_z = np.array([[np.cos(turn), -np.sin(turn), 0.0], [np.sin(turn), np.cos(turn), 0.0], [0.0, 0.0, 1.0]])
    return camera(np.array(eye.focal_point), about_z @ tipped, about_z @ risen, eye.half_height_mm)


def panned(eye: Camera, right_px: float, down_px: float, height_px: float) -> Camera:
    """Return the camera after the body was pushed by a drag."""
    right, up, _ = frame(eye)
    mm = 2.0 * eye.half_height_mm / height_px
    return _aimed(eye, np.array(eye.focal_point) - mm * (right_px * right - down_px * up), eye.half_height_mm)


def zoomed(eye: Camera, factor: float, right_px: float, down_px: float, height_px: float) -> Camera:
    """Return the camera with the picture enlarged by `factor` about a place given from the middle of the stage."""
    half_height = float(np.clip(eye.half_height_mm / factor, NEAREST_MM, FARTHEST_MM))
    right, up, _ = frame(eye)
    mm = 2.0 * (eye.half_height_mm - half_height) / height_px
    return _aimed(eye, np.array(eye.focal_point) + mm * (right_px * right - down_px * up), half_height)


def centred(eye: Camera, point: Floats) -> Camera:
    """Return the camera with `point` (3,), mm, in the middle of the picture."""
    return _aimed(eye, point, eye.half_height_mm)


def _aimed(eye: Camera, target: Floats, half_height_mm: float) -> Camera:
    return camera(np.clip(target, -REACH_MM, REACH_MM), np.array(eye.direction), np.array(eye.up), half_height_mm)
