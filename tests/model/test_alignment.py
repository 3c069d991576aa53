import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from hipviz.model.alignment import aligned, best_similarity, from_places, recognised, sides_of
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR


def lying(surface, seed, scale=1.1):
    """Return a surface turned, shifted and scaled at random, and the rotation and shift."""
    turn = Rotation.random(random_state=seed).as_matrix()
    shift = np.random.default_rng(seed).normal(0.0, 300.0, 3)
    return surface.moved(scale * surface.vertices @ turn.T + shift), turn, shift


def cut(surface, keep):
    return Surface(surface.vertices, surface.faces[keep[surface.faces].all(axis=1)])


@pytest.mark.parametrize(("name", "side"), [("hip_bone", "right"), ("hip_bone", "left"), ("femur", "left")])
def test_a_bone_of_any_orientation_size_and_side_is_found(name, side, templates):
    template = templates[name]
    shown = template if side == "right" else template.mirrored()
    scan, *_ = lying(shown, 4)
    found = aligned(name, template, scan)
    assert found.side == side
    assert found.other_side_mm > 1.5 * found.distance_mm
    laid = found.similarity.of(template.vertices)
    laid = laid if side == "right" else laid * MIRROR
    assert np.linalg.norm(laid - scan.vertices, axis=1).mean() < 2.0
    assert found.similarity.scale == pytest.approx(1.1, rel=0.02)


def test_incomplete_bones_are_found(templates):
    template = templates["femur"]
    z = template.vertices[:, 2]
    scan, *_ = lying(cut(template, z > z.max() - 0.35 * np.ptp(z)), 7, 0.95)
    found = aligned("femur", template, scan)
    assert found.side == "right"
    assert np.linalg.norm(found.similarity.of(template.vertices) - scan.vertices, axis=1)[scan.faces].mean() < 4.0


def test_a_bone_is_told_from_the_others(templates):
    best, second, _ = recognised(templates, lying(templates["sacrum"], 1)[0])
    assert best.bone == "sacrum"
    assert second.distance_mm > 2.0 * best.distance_mm


def test_landmarks_start_the_alignment(bones, templates):
    names = ["asis", "psis", "pubic_tubercle", "ischial_spine"]
    there = np.array([bones.position(name) for name in names])
    scan, turn, shift = lying(templates["hip_bone"].mirrored(), 2)
    here = 1.1 * (there * MIRROR) @ turn.T + shift + np.random.default_rng(0).normal(0.0, 4.0, there.shape)
    found = from_places("hip_bone", templates["hip_bone"], scan, "left", there, here)
    laid = found.similarity.of(templates["hip_bone"].vertices) * MIRROR
    assert np.linalg.norm(laid - scan.vertices, axis=1).mean() < 2.0


def test_a_similarity_and_its_way_back():
    points = np.random.default_rng(1).normal(0.0, 50.0, (20, 3))
    turn = Rotation.random(random_state=9).as_matrix()
    goal = 0.8 * points @ turn.T + [5.0, -7.0, 2.0]
    found = best_similarity(points, goal)
    assert np.allclose(found.of(points), goal)
    assert np.allclose(found.back(goal), points)
    assert np.linalg.det(best_similarity(points, points * MIRROR).rotation) == pytest.approx(1.0)


def test_only_the_sacrum_has_no_side():
    assert [len(sides_of(name)) for name in ("hip_bone", "femur", "sacrum")] == [2, 2, 1]
