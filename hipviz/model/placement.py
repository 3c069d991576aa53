"""Rigid motions and spheres: what putting bones together needs of geometry.

Finding how a scan lies, size included, is done in `alignment`.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.units import Floats


@dataclass(frozen=True, eq=False)
class Sphere:
    """A sphere laid through points: centre (3,), radius and root mean square residual, mm."""

    centre: Floats
    radius_mm: float
    residual_mm: float


@dataclass(frozen=True, eq=False)
class Rigid:
    """x → rotation · x + shift."""

    rotation: Floats
    shift: Floats

    def of(self, points: Floats) -> Floats:
        """Return points (…, 3), moved."""
        return np.asarray(points @ self.rotation.T + self.shift)


def sphere_through(points: Floats) -> Sphere:
    """Return the sphere nearest to points (k, 3), by least squares."""
    system = np.column_stack([2.0 * points, np.ones(len(points))])
    solution = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)[0]
    centre = solution[:3]
    away = np.linalg.norm(points - centre, axis=1)
    return Sphere(centre, float(away.mean()), float(away.std()))


def turned(start: Floats, end: Floats) -> Floats:
    """Return the smallest rotation (3, 3) that brings one unit vector onto another."""
    axis = np.cross(start, end)
    cosine = float(start @ end)
    if cosine < -0.999999:
        helper = np.eye(3)[np.abs(start).argmin()]
        axis = np.cross(start, helper)
        axis /= np.linalg.norm(axis)
        return np.asarray(2.0 * np.outer(axis, axis) - np.eye(3))
    cross = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1.0 + cosine))
