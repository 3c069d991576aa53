"""Distances along a surface, against shapes where they are known."""

import numpy as np
import pytest

from hipviz.model.geodesic import Geodesy, midpoint_subdivision, resampled
from hipviz.model.surface import Surface


def sheet(nx, ny, step):
    x, y = np.meshgrid(np.arange(nx) * step, np.arange(ny) * step, indexing="ij")
    number = np.arange(nx * ny).reshape(nx, ny)
    a, b, c, d = number[:-1, :-1].ravel(), number[1:, :-1].ravel(), number[1:, 1:].ravel(), number[:-1, 1:].ravel()
    faces = np.concatenate((np.stack((a, b, c), 1), np.stack((a, c, d), 1)))
    return x.ravel(), y.ravel(), faces


def cylinder(radius=60.0):
    """A sheet rolled around the z axis: distances along it are those of the flat sheet."""
    u, z, faces = sheet(60, 40, 5.0)
    vertices = np.stack((radius * np.cos(u / radius), radius * np.sin(u / radius), z), axis=1)
    return u, z, Surface(vertices, faces)


def test_distance_around_a_cylinder():
    u, z, surface = cylinder()
    start = np.array([100.0, 100.0])
    at = np.array([[60 * np.cos(start[0] / 60), 60 * np.sin(start[0] / 60), start[1]]])
    found = Geodesy(surface).offset_distance(at, np.array([10.0]), reach=80.0)
    expected = np.hypot(u - start[0], z - start[1]) - 10.0
    near = expected < 60.0
    assert np.abs(found - expected)[near].max() < 3.0
    assert np.abs(found - expected)[near].mean() < 1.0


def test_width_changes_along_the_curve():
    x, y, faces = sheet(60, 40, 4.0)
    surface = Surface(np.stack((x, y, 0.0 * x), axis=1), faces)
    curve = np.array([[60.0, 80.0, 0.0], [180.0, 80.0, 0.0]])
    found = Geodesy(surface).offset_distance(curve, np.array([10.0, 30.0]), reach=40.0)
    assert found[np.argmin(np.hypot(x - 60.0, y - 92.0))] == pytest.approx(12 - 10, abs=1.5)
    assert found[np.argmin(np.hypot(x - 180.0, y - 112.0))] == pytest.approx(32 - 30, abs=1.5)
    assert (found < 0).sum() > 100


def test_a_gap_is_not_jumped():
    """Two sheets 12 mm apart: what is near in space is not near along the surface."""
    x, y, faces = sheet(30, 30, 4.0)
    n = len(x)
    vertices = np.concatenate((np.stack((x, y, 0 * x), 1), np.stack((x, y, 0 * x + 12.0), 1)))
    surface = Surface(vertices, np.concatenate((faces, faces + n)))
    found = Geodesy(surface).offset_distance(np.array([[60.0, 60.0, 0.0]]), np.array([25.0]), reach=30.0)
    assert (found[:n] < 0).any()
    assert (found[n:] > 1000.0).all()


def test_midpoint_subdivision_keeps_shape_and_numbers():
    _, _, surface = cylinder()
    matrix, faces = midpoint_subdivision(surface.faces, len(surface.vertices))
    fine = matrix @ surface.vertices
    assert len(faces) == 4 * len(surface.faces)
    assert np.array_equal(fine[: len(surface.vertices)], surface.vertices)
    before = np.cross(
        *(surface.vertices[surface.faces[:, k]] - surface.vertices[surface.faces[:, 0]] for k in (1, 2))
    )
    after = np.cross(*(fine[faces[:, k]] - fine[faces[:, 0]] for k in (1, 2)))
    assert after.sum(axis=0) == pytest.approx(before.sum(axis=0))


def test_resampling_is_even():
    points = resampled(np.array([[0.0, 0, 0, 5], [10.0, 0, 0, 5], [10.0, 30, 0, 8]]), step=2.0)
    steps = np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)
    assert steps.max() < 2.01
    assert points[-1] == pytest.approx([10, 30, 0, 8])
