import numpy as np
import pytest

from hipviz.model.assets import load_bones
from hipviz.model.cage import Binding, binding_matrix, place
from hipviz.model.checks import genus, inspect
from hipviz.model.fitting import FROM_NEARBY, fit, surface_distance
from hipviz.model.nearest import even_samples, nearest_on
from hipviz.model.ply import read_ply
from hipviz.model.remesh import Sizing, remeshed
from hipviz.model.sculpt import Sculpt, Tunnel, sculpted


def test_distance_of_two_concentric_balls(ball):
    apart = surface_distance(ball(30.0, 4), ball(31.0, 4), samples=3000)
    assert apart.mean_mm == pytest.approx(1.0, abs=0.03)
    assert apart.max_mm == pytest.approx(1.0, abs=0.1)


def test_nearest_points_on_a_ball(ball):
    points = np.random.default_rng(0).normal(size=(500, 3)) * 40.0
    found = nearest_on(ball(30.0, 4), points)
    assert np.allclose(found.distances, np.abs(np.linalg.norm(points, axis=1) - 30.0), atol=0.1)


def test_even_samples_lie_on_the_surface_with_outward_normals(ball):
    points, normals = even_samples(ball(30.0, 4), 2000)
    assert np.allclose(np.linalg.norm(points, axis=1), 30.0, atol=0.1)
    assert (np.einsum("ij,ij->i", points, normals) > 29.0).all()
    assert np.linalg.norm(points.mean(axis=0)) < 0.5


@pytest.fixture(scope="module")
def egg(ball):
    surface = ball(30.0, 4)
    return surface.moved(surface.vertices * [1.0, 1.25, 0.85] + [3.0, -2.0, 1.0])


def test_a_ball_is_laid_onto_an_egg(egg, ball_cage):
    told = []
    fitted = fit(ball_cage(), egg, samples=3000, progress=lambda share, words: told.append(share))
    distance = surface_distance(fitted.subdivided(3), egg, samples=4000)
    assert distance.mean_mm < 0.06
    assert distance.max_mm < 0.4
    assert inspect(fitted.subdivided(2)).sound
    assert told[-1] == pytest.approx(1.0)
    assert told == sorted(told)


def test_fitting_is_repeatable(egg, ball_cage):
    stages = FROM_NEARBY[:1]
    once, twice = (fit(ball_cage(), egg, stages, samples=1000).vertices for _ in range(2))
    assert np.array_equal(once, twice)


def test_known_places_are_kept(egg, ball_cage):
    cage = ball_cage()
    spot = Binding(np.array([7]), np.array([[0.2, 0.5, 0.3]]))
    wanted = nearest_on(egg, place(cage, spot) * [1.0, 1.25, 0.85] + [8.0, -2.0, 1.0]).positions
    fitted = fit(cage, egg, samples=2000, keep=(binding_matrix(cage, spot), wanted, 10.0))
    assert np.linalg.norm(place(fitted, spot) - wanted) < 0.5


def test_a_plate_with_a_tunnel_is_sculpted_and_remeshed():
    plate = Sculpt(
        spheres="a 0 0 0 8\nb 60 0 0 8\nc 30 50 0 10",
        triangles="a b c",
        rods="a b",
        tunnels=(Tunnel((30, 18, -30), (30, 18, 30), 6.0, 6.0),),
    )
    surface = sculpted(plate, 2.0)
    cage = remeshed(surface, Sizing(150, 5.0, 15.0), start=sculpted(plate, 2.5))
    assert genus(surface) == genus(cage.subdivided(0)) == 1
    assert 90 <= len(cage.vertices) <= 180
    valence = np.bincount(cage.faces.ravel())
    assert valence.min() >= 4
    assert valence.max() <= 8
    assert surface_distance(cage.subdivided(0), surface, samples=2000).mean_mm < 0.8


@pytest.mark.parametrize(
    ("name", "file", "mean_mm", "p95_mm"),
    [
        ("hip_bone", "hip_bone_right.ply", 0.30, 0.80),
        ("femur", "femur_right.ply", 0.30, 0.80),
        ("sacrum", "sacrum.ply", 0.60, 2.5),
    ],
)
def test_shipped_bones_lie_on_the_scans(reference, name, file, mean_mm, p95_mm):
    from hipviz.model.bone_maker import adult_frame_of_scale

    bones = load_bones()
    scan = read_ply(reference / "bones" / file)
    frame = adult_frame_of_scale(bones.manifest.scale)
    distance = surface_distance(bones.surface(name, 3), scan.moved(frame.of(name, scan.vertices)))
    assert distance.mean_mm / frame.scale < mean_mm
    assert distance.p95_mm / frame.scale < p95_mm
