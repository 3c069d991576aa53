import numpy as np
import pytest

from hipviz.model.state import Camera
from hipviz.ui.navigation import FARTHEST_MM, NEAREST_MM, centred, orbited, panned, zoomed
from hipviz.view.camera import frame, project

SIDE = Camera((57.0, -17.0, 2.0), (0.96, -0.28, 0.0), (0.0, 0.0, 1.0), 190.0)
SIZE = (900, 700)


def test_a_drag_over_the_height_turns_half_around():
    eye = orbited(SIDE, 700.0, 0.0, 700.0)
    np.testing.assert_allclose(eye.direction, (-0.96, 0.28, 0.0), atol=1e-9)


def test_dragging_to_the_right_brings_the_left_of_the_picture_to_the_front():
    # The surface nearest to the viewer follows the hand.
    near = np.array([57.0, -17.0, 2.0]) + 50.0 * np.array(SIDE.direction)
    before, after = project(SIDE, near, SIZE), project(orbited(SIDE, 20.0, 0.0, 700.0), near, SIZE)
    assert after[0] > before[0] + 1.0
    lower = project(orbited(SIDE, 0.0, 20.0, 700.0), near, SIZE)
    assert lower[1] > before[1] + 1.0


@pytest.mark.parametrize("down", [-5000.0, 5000.0])
def test_over_the_poles_the_drag_stops_and_the_body_stands(down):
    eye = orbited(SIDE, 130.0, down, 700.0)
    assert abs(eye.direction[2]) == pytest.approx(1.0, abs=1e-9)
    for _ in range(20):
        eye = orbited(eye, 33.0, -0.11 * down / 20, 700.0)
        assert eye.up[2] >= -1e-9
        np.testing.assert_allclose(frame(eye) @ frame(eye).T, np.eye(3), atol=1e-9)


def test_no_roll_after_many_drags():
    rng = np.random.default_rng(1)
    eye = SIDE
    for right, down in rng.normal(0.0, 80.0, (200, 2)):
        eye = orbited(eye, right, down, 700.0)
        right_in_picture = frame(eye)[0]
        assert abs(right_in_picture[2]) < 1e-7


@pytest.mark.parametrize("factor", [1.15, 0.8, 3.0])
def test_the_wheel_keeps_the_place_under_the_pointer(factor):
    place = np.array([80.0, -40.0, 60.0])
    before = project(SIDE, place, SIZE)
    eye = zoomed(SIDE, factor, before[0] - SIZE[0] / 2, before[1] - SIZE[1] / 2, SIZE[1])
    np.testing.assert_allclose(project(eye, place, SIZE)[:2], before[:2], atol=1e-6)
    assert eye.half_height_mm == pytest.approx(SIDE.half_height_mm / factor)


def test_zoom_has_limits():
    assert zoomed(SIDE, 1e6, 0, 0, 700.0).half_height_mm == NEAREST_MM
    assert zoomed(SIDE, 1e-6, 0, 0, 700.0).half_height_mm == FARTHEST_MM


def test_a_push_moves_the_picture_by_as_many_px():
    place = np.array([80.0, -40.0, 60.0])
    before, after = project(SIDE, place, SIZE), project(panned(SIDE, 31.0, -17.0, SIZE[1]), place, SIZE)
    np.testing.assert_allclose(after[:2] - before[:2], (31.0, -17.0), atol=1e-6)


def test_the_body_cannot_be_lost():
    eye = SIDE
    for _ in range(100):
        eye = panned(eye, 500.0, 500.0, 700.0)
    assert np.abs(eye.focal_point).max() <= 450.0


def test_centring_brings_a_place_to_the_middle():
    eye = centred(SIDE, np.array([10.0, 20.0, 30.0]))
    np.testing.assert_allclose(project(eye, np.array([10.0, 20.0, 30.0]), SIZE)[:2], (450, 350))
