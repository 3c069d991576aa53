import numpy as np
import pytest

from hipviz.model.cage import Binding, Cage, bind, binding_matrix, loop_subdivision, place, rebind
from hipviz.model.checks import genus, is_watertight


@pytest.fixture
def places():
    generator = np.random.default_rng(5)
    return Binding(generator.integers(0, 80, 300), generator.dirichlet([1, 1, 1], 300))


def test_subdivision_quarters_every_triangle_and_keeps_the_surface_closed(ball_cage):
    cage = ball_cage()
    fine = cage.subdivided(3)
    assert len(fine.faces) == 64 * len(cage.faces)
    assert is_watertight(fine.faces)
    assert genus(fine) == 0
    assert fine.volume_mm3() > 0


def test_subdivision_keeps_a_hole(ring):
    surface = ring()
    assert genus(Cage(surface.vertices, surface.faces).subdivided(2)) == 1


def test_weights_are_an_average_so_that_moving_the_cage_moves_the_bone_alike(ball_cage):
    cage = ball_cage()
    matrix, _ = loop_subdivision(cage.faces, len(cage.vertices), 3)
    assert np.allclose(matrix.sum(axis=1), 1.0)
    moved = cage.moved(cage.vertices + np.array([1.0, -2.0, 3.0])).subdivided(3).vertices
    assert np.allclose(moved, cage.subdivided(3).vertices + np.array([1.0, -2.0, 3.0]))


def test_old_vertex_follows_loops_weights(ball_cage):
    """A vertex of valence six keeps 5/8 of itself and takes 1/16 of each neighbour (Loop 1987)."""
    cage = ball_cage()
    matrix, _ = loop_subdivision(cage.faces, len(cage.vertices), 1)
    valence = np.bincount(np.unique(np.sort(cage.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)), axis=0).ravel())
    vertex = int(np.flatnonzero(valence == 6)[0])
    row = matrix[vertex].toarray().ravel()
    assert row[vertex] == pytest.approx(5 / 8)
    assert np.allclose(row[np.flatnonzero(row)][np.flatnonzero(row) != vertex], 1 / 16)


def test_bound_points_are_found_again(places, ball_cage):
    cage = ball_cage()
    points = place(cage, places)
    again = bind(cage, points)
    assert np.abs(place(cage, again) - points).max() < 1e-9
    assert np.array_equal(again.triangles, places.triangles)


def test_bound_points_stay_put_whatever_the_level(places, ball_cage):
    cage = ball_cage()
    at_three = place(cage, places, level=3)
    assert np.linalg.norm(place(cage, places, level=2) - at_three, axis=1).max() < 0.2
    assert np.linalg.norm(place(cage, places, level=4) - at_three, axis=1).max() < 0.06


def test_bound_points_move_with_the_cage(places, ball_cage):
    cage = ball_cage()
    stretched = cage.moved(cage.vertices * [1.0, 1.5, 0.8])
    assert np.allclose(place(stretched, places), place(cage, places) * [1.0, 1.5, 0.8])
    assert np.allclose(binding_matrix(cage, places) @ stretched.vertices, place(stretched, places))


def test_rebinding_to_other_triangles_keeps_the_places(places, ball_cage):
    cage = ball_cage()
    finer = cage.subdivided(1)
    other = Cage(finer.vertices, finer.faces)
    gap = np.linalg.norm(place(other, rebind(cage, other, places)) - place(cage, places), axis=1)
    assert gap.max() < 0.1
