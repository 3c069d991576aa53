"""Cubic curves agree with scipy's, and rotations with their vectors."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.spatial.transform import Rotation

from hipviz.model.rotation import rotation_matrix, rotation_vector
from hipviz.model.splines import cubic, monotone

KNOTS = np.array([0.0, 0.3, 0.45, 1.1, 1.8, 2.0])
VALUES = np.array([[1.0, 0.0], [2.0, 0.5], [2.5, -3.0], [0.0, -3.5], [0.1, 1.0], [1.0, 0.0]])
PLACES = np.linspace(-0.2, 2.2, 97)


@pytest.mark.parametrize("ends", ["natural", "not-a-knot", "periodic"])
def test_splines_are_those_of_scipy(ends):
    places = np.clip(PLACES, 0.0, 2.0) if ends == "periodic" else PLACES
    ours, reference = cubic(KNOTS, ends), CubicSpline(KNOTS, VALUES, bc_type=ends)
    assert np.allclose(ours.weights(places) @ VALUES, reference(places), atol=1e-11)
    assert np.allclose(ours.slope_weights(places) @ VALUES, reference(places, 1), atol=1e-10)


def test_two_knots_make_a_straight_line():
    assert np.allclose(cubic([0.0, 2.0]).weights([0.5]), [[0.75, 0.25]])


def test_the_curve_without_overshoot_is_that_of_scipy():
    assert np.allclose(monotone(KNOTS, VALUES, PLACES), PchipInterpolator(KNOTS, VALUES)(PLACES), atol=1e-12)
    rising = monotone([0.0, 1.0, 2.0], [0.0, 4.0, 3.9], PLACES)
    assert np.allclose(rising, PchipInterpolator([0.0, 1.0, 2.0], [0.0, 4.0, 3.9])(PLACES), atol=1e-12)


def test_rotations_and_their_vectors():
    rng = np.random.default_rng(3)
    angles = [0.0, 1e-12, 1e-7, 0.5, 2.0, 3.0, np.pi - 1e-9]
    for angle in angles:
        for axis in rng.normal(size=(20, 3)):
            vector = angle * axis / np.linalg.norm(axis)
            matrix = Rotation.from_rotvec(vector).as_matrix()
            assert np.allclose(rotation_matrix(vector), matrix, atol=1e-12)
            assert np.allclose(rotation_vector(matrix), vector, atol=1e-7)
