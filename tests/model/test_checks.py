import numpy as np
import pytest

from hipviz.model.checks import count_pieces, dihedral_angles_deg, euler_number, genus, inspect, is_watertight
from hipviz.model.crossings import self_intersections
from hipviz.model.surface import Surface


def joined(a, b):
    return Surface(np.concatenate([a.vertices, b.vertices]), np.concatenate([a.faces, b.faces + len(a.vertices)]))


def test_a_ball_is_sound(ball):
    found = inspect(ball())
    assert found.sound
    assert (found.genus, found.pieces, found.self_intersections, found.folds) == (0, 1, 0, 0)
    assert found.volume_cm3 == pytest.approx(4 / 3 * np.pi * 27, rel=0.05)


def test_a_ring_has_one_through_hole(ring):
    assert euler_number(ring()) == 0
    assert genus(ring()) == 1


def test_holes_doubled_faces_and_wrong_turns_are_not_watertight(ball):
    faces = ball().faces
    assert is_watertight(faces)
    assert not is_watertight(faces[1:])
    assert not is_watertight(np.concatenate([faces, faces[:1]]))
    turned = faces.copy()
    turned[0] = turned[0, ::-1]
    assert not is_watertight(turned)


def test_inside_out_is_not_sound(ball):
    assert not inspect(Surface(ball().vertices, ball().faces[:, ::-1])).sound


def test_two_balls_apart_and_through_each_other(ball):
    near = Surface(ball().vertices + np.array([70.0, 0.0, 0.0]), ball().faces)
    apart = joined(ball(), near)
    assert count_pieces(apart) == 2
    assert len(self_intersections(apart)) == 0
    through = joined(ball(), Surface(ball().vertices + np.array([31.0, 3.0, 1.0]), ball().faces))
    pairs = self_intersections(through)
    n = len(ball().faces)
    # The two skins cut along a circle; every pair has one face of either ball.
    assert len(pairs) > 30
    assert ((pairs[:, 0] < n) & (pairs[:, 1] >= n)).all()


def test_a_vertex_pushed_through_the_other_side_is_found(ball):
    surface = ball()
    vertices = surface.vertices.copy()
    vertices[0] *= -1.3
    assert len(self_intersections(surface.moved(vertices))) > 0


def test_dihedral_angles_of_a_box():
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=float)
    faces = np.array([[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
                      [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]])  # fmt: skip
    angles = np.sort(dihedral_angles_deg(Surface(corners, faces)))
    assert np.allclose(angles, [0.0] * 6 + [90.0] * 12)


def test_a_fold_is_counted(ball):
    surface = ball()
    vertices = surface.vertices.copy()
    # Pull one vertex flat over its neighbours, beyond the far side of its ring.
    vertices[12] = vertices[12] + 1.6 * (vertices[surface.faces[surface.faces[:, 0] == 12][0, 1]] - vertices[12])
    assert inspect(surface.moved(vertices)).folds > 0
