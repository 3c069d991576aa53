"""How much room the head of the femur has in its socket, at any angle of the hip."""

from collections.abc import Iterable

import numpy as np

from hipviz.model.nearest import nearest_on
from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface
from hipviz.model.units import Floats

HEAD_REACH = 1.03
"""Femur within this many median radii of the joint centre is head; what lies beyond is neck."""

SOCKET_REACH_MM = 45.0


def joint_space_mm(hip_bone: Surface, femur: Surface, centre: Floats, poses: Iterable[HipPose]) -> Floats:
    """Return the least distance (k,) between femoral head and hip bone in each pose; negative where they overlap.

    hip_bone, femur : right side, the femur at neutral; centre : (3,) of the joint.
    """
    head = _head(femur, centre)
    corners = hip_bone.vertices[hip_bone.faces]
    near = np.linalg.norm(corners.mean(axis=1) - centre, axis=1) < SOCKET_REACH_MM
    socket = Surface(hip_bone.vertices, hip_bone.faces[near] if near.any() else hip_bone.faces)
    a, b, c = socket.vertices[socket.faces].transpose(1, 0, 2)
    normals = np.cross(b - a, c - a)
    spaces = []
    for pose in poses:
        points = centre + (head - centre) @ pose.rotation().T
        nearest = nearest_on(socket, points)
        outside = np.einsum("ij,ij->i", points - nearest.positions, normals[nearest.triangles]) >= 0
        spaces.append(np.where(outside, nearest.distances, -nearest.distances).min())
    return np.array(spaces)


def _head(femur: Surface, centre: Floats) -> Floats:
    away = np.linalg.norm(femur.vertices - centre, axis=1)
    # Nothing but the head lies above and medial to the joint centre.
    dome = (femur.vertices[:, 2] > centre[2]) & (femur.vertices[:, 0] < centre[0])
    return np.asarray(femur.vertices[away < HEAD_REACH * np.median(away[dome])])
