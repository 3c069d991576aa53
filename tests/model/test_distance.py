"""Distances to shapes whose distance is known, and to the shipped femur."""

import numpy as np
import pytest
import trimesh

from hipviz.model.assets import load_bones
from hipviz.model.distance import distance_field
from hipviz.model.nearest import nearest_on
from hipviz.model.surface import Surface


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPVIZ_CACHE", str(tmp_path))


def sphere(radius):
    mesh = trimesh.creation.icosphere(subdivisions=4, radius=radius)
    return Surface(np.asarray(mesh.vertices), np.asarray(mesh.faces, dtype=np.int64))


@pytest.fixture
def ball():
    return distance_field("ball", sphere(20.0), np.full(3, -45.0), np.full(3, 45.0))


def places(limit, count=3000):
    return np.random.default_rng(0).uniform(-limit, limit, (count, 3))


def test_distance_to_a_sphere_inside_and_outside(ball):
    points = places(40.0)
    true = np.linalg.norm(points, axis=1) - 20.0
    distance, _ = ball.sample(points)
    clear = true > -12.0  # the grid rounds off the point in the middle
    assert np.abs(distance - true)[clear].max() < 0.6
    assert np.abs(distance - true)[clear].mean() < 0.12
    near = np.abs(true) < 4.0
    assert np.abs(distance - true)[near].max() < 0.1


def test_gradient_points_outwards_with_unit_length(ball):
    points = places(30.0)
    points = points[np.linalg.norm(points, axis=1) > 16.0]  # not where all ways out begin
    _, gradient = ball.sample(points)
    outward = points / np.linalg.norm(points, axis=1, keepdims=True)
    assert np.einsum("ij,ij->i", gradient, outward).min() > 0.93
    assert np.abs(np.linalg.norm(gradient, axis=1) - 1.0).max() < 0.06


def test_pushing_and_snapping_reach_the_clearance(ball):
    points = places(25.0)
    points = points[np.linalg.norm(points, axis=1) > 16.0]  # not where all ways out begin
    assert (np.linalg.norm(ball.pushed(points, 3.0), axis=1) > 22.7).all()
    assert np.abs(np.linalg.norm(ball.snapped(points, 1.5), axis=1) - 21.5).max() < 0.15
    outside = points[np.linalg.norm(points, axis=1) > 23.5]
    assert np.array_equal(ball.pushed(outside, 3.0), outside)


def test_beyond_the_grid_the_border_counts(ball):
    distance, _ = ball.sample(np.array([[500.0, 0.0, 0.0]]))
    assert distance[0] == pytest.approx(25.0, abs=0.3)


def test_a_second_build_comes_from_the_cache(tmp_path, ball):
    stored = list(tmp_path.glob("distance-ball-*.npz"))
    assert len(stored) == 1
    stamp = stored[0].stat().st_mtime_ns
    again = distance_field("ball", sphere(20.0), np.full(3, -45.0), np.full(3, 45.0))
    assert np.array_equal(again.samples, ball.samples)
    assert stored[0].stat().st_mtime_ns == stamp
    distance_field("ball", sphere(20.5), np.full(3, -45.0), np.full(3, 45.0))
    assert len(list(tmp_path.glob("distance-ball-*.npz"))) == 2


def test_distance_to_the_femur_agrees_with_an_exact_one():
    femur = load_bones().surface("femur")
    low, high = np.array([60.0, -50.0, -60.0]), np.array([170.0, 50.0, 40.0])
    field = distance_field("femur-test", femur, low, high)
    points = np.random.default_rng(1).uniform(low + 2.0, high - 2.0, (1500, 3))
    foot = nearest_on(femur, points)
    distance, _ = field.sample(points)
    error = np.abs(np.abs(distance) - foot.distances)
    assert error.mean() < 0.1
    assert np.percentile(error[foot.distances < 6.0], 99) < 0.5
    outward = np.einsum("ij,ij->i", points - foot.positions, femur.normals()[femur.faces[foot.triangles, 0]])
    sure = np.abs(outward) > 1.0
    assert (np.sign(distance) == np.sign(outward))[sure].mean() > 0.995


def test_the_distance_alone_is_that_of_a_sample(ball):
    points = places(60.0)
    assert np.array_equal(ball.distance(points), ball.sample(points)[0])
    assert ball.distance(points[:0]).shape == (0,)


def test_points_are_pushed_to_their_own_clearance_and_no_others_move(ball):
    points = places(35.0)
    points = points[np.linalg.norm(points, axis=1) > 16.0]  # not where all ways out begin
    clearance = np.random.default_rng(1).uniform(-2.0, 6.0, len(points))
    pushed = ball.pushed(points, clearance)
    near = ball.distance(points) < clearance
    assert 100 < near.sum() < len(points) - 100
    assert np.abs(ball.distance(pushed) - clearance)[near].max() < 0.3
    assert np.array_equal(pushed[~near], points[~near])
