"""The CT bones that the shipped cages are measured on, and the mending that any scan of this kind needs.

Read by maintainers only, from a folder outside the project; nothing here knows about cages or landmarks.
"""

from pathlib import Path

import numpy as np

from hipviz.model.distance import distance_field
from hipviz.model.ply import read_ply
from hipviz.model.sculpt import MARGIN_MM, Grid, carved, polygonised, smooth_minimum
from hipviz.model.surface import Surface
from hipviz.model.template_sacrum import FORAMINA
from hipviz.model.units import Floats

# Measured on the scans, mm, in their own frame (RAS, origin midway between the hip centres).
ASIS = np.array([128.1, 49.3, 65.2])
HIP_CENTRE = np.array([98.34, 0.0, 0.02])
KNEE_CENTRE = np.array([99.25, -4.1, -376.6])
NECK_DIRECTION = np.array([0.762, -0.088, -0.642])
HEAD_RADIUS = 23.8
SOCKET_RADIUS = 26.0
"""Head and socket are made round, so that the joint space stays the same when the head turns (scans: ±0.6 mm)."""

SACROILIAC_GAP_MM = 2.0
"""Least distance between sacrum and hip bones; in the scans they touch."""


def hip_bone(folder: Path) -> Surface:
    """Return the right hip bone, the bearing part of its socket made round; the fossa in its floor is left."""
    surface = read_ply(folder / "hip_bone_right.ply")
    away, distance = _from_hip_centre(surface)
    facing = -np.einsum("ij,ij->i", surface.normals(), away)
    bearing = _ramp(facing, 0.3, 0.6) * (1.0 - _ramp(distance, 26.9, 28.2))
    return surface.moved(HIP_CENTRE + away * (distance + bearing * (SOCKET_RADIUS - distance))[:, None])


def femur(folder: Path) -> Surface:
    """Return the right femur, its head made round from the border of the fovea to that of the neck."""
    surface = read_ply(folder / "femur_right.ply")
    away, distance = _from_hip_centre(surface)
    along_neck = away @ NECK_DIRECTION
    on_head = (distance < 27.0) & (along_neck < 0.7)
    round_part = on_head * _ramp(along_neck, -0.95, -0.75) * (1.0 - _ramp(along_neck, 0.15, 0.35))
    radius = distance + round_part * (HEAD_RADIUS - distance)
    # The lip at the border of the neck must not stand out either, or it would rub in the socket.
    lip = HEAD_RADIUS + 0.1 + 4.0 * np.maximum(along_neck - 0.5, 0.0)
    radius = np.where(on_head, np.minimum(radius, lip), radius)
    return surface.moved(HIP_CENTRE + away * radius[:, None])


def sacrum(folder: Path, hip_bone: Surface, step_mm: float = 1.25) -> Surface:
    """Return the sacrum with its foramina opened and kept clear of `hip_bone` (right) and its mirror image."""
    surface = read_ply(folder / "sacrum.ply")
    low = surface.vertices.min(axis=0) - MARGIN_MM
    high = surface.vertices.max(axis=0) + MARGIN_MM

    def distances(name: str, bone: Surface) -> Floats:
        field = distance_field(f"scan-{name}", bone, low, high, step_mm)
        return np.clip(field.samples[:, 0].reshape(field.shape).astype(np.float64), -MARGIN_MM, MARGIN_MM)

    values = distances("sacrum", surface)
    for name, bone in (("right", hip_bone), ("left", hip_bone.mirrored())):
        values = -smooth_minimum(-values, distances(f"hip-bone-{name}", bone) - SACROILIAC_GAP_MM, 1.0)
    return polygonised(carved(Grid(values, low, step_mm), FORAMINA))


def _from_hip_centre(surface: Surface) -> tuple[Floats, Floats]:
    """Return unit directions (n, 3) and distances (n,) of the vertices from the hip centre."""
    offsets = surface.vertices - HIP_CENTRE
    distances = np.linalg.norm(offsets, axis=1)
    return offsets / distances[:, None], distances


def _ramp(values: Floats, start: float, end: float) -> Floats:
    """Return 0 below `start`, 1 above `end`, smoothly in between."""
    share = np.clip((values - start) / (end - start), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))
