"""Neighbouring muscles and grips in the picture: made when shown, moved with the hip, gone when hidden."""

import msgspec
import numpy as np
import pytest

from hipviz.model.pose import HipPose
from hipviz.model.state import Layer, State
from hipviz.view.snapshot import pixels

HIDDEN = Layer(shown=False)


@pytest.fixture
def bare():
    return State(skin=HIDDEN, zones=HIDDEN)


@pytest.fixture
def scene(stage, bare):
    return stage(bare)


def with_layers(state, **changes):
    return msgspec.structs.replace(state, **changes)


def test_nothing_is_made_before_it_is_shown(scene, bare):
    scene.show(bare)
    assert not scene.neighbours.meshes
    assert not scene.grips.patches


def test_maximus_is_looked_through_and_moves_with_the_hip(scene, bare):
    scene.show(with_layers(bare, maximus=Layer(opacity=0.45)))
    assert len(scene.neighbours.meshes) == 6
    mesh = scene.neighbours.meshes["gluteus_maximus", "right", 1]
    assert mesh.actor.GetVisibility()
    assert mesh.prop.GetOpacity() == pytest.approx(0.45)
    before = np.array(mesh.mesh.points)
    scene.show(with_layers(bare, maximus=Layer(opacity=0.45), pose=HipPose(45)))
    assert np.linalg.norm(np.asarray(mesh.mesh.points) - before, axis=1).max() > 20.0
    scene.show(bare)
    assert not mesh.actor.GetVisibility()


def test_the_colour_of_a_band_is_kept_under_what_is_looked_through(stage, bare):
    """Most of what the maximus covers shows through nearly as it is: it is drawn by its rim and its fibres."""
    state = with_layers(bare, band="posterior", view="posterior", pose=HipPose(), labels=False)
    scene = stage(state)
    without = pixels(scene).astype(int)
    violet = (without[..., 2] > without[..., 1] + 60) & (without[..., 2] > without[..., 0] + 20)
    scene.show(with_layers(state, maximus=Layer(opacity=0.6)))
    change = np.abs(pixels(scene).astype(int) - without).max(axis=-1)[violet]
    assert 0.0 < np.median(change) < 50.0


def test_what_was_hidden_while_the_hip_moved_is_right_when_shown_again(scene, bare):
    shown = with_layers(bare, minimus=Layer(), pose=HipPose(30))
    scene.show(with_layers(bare, minimus=Layer()))
    scene.show(with_layers(bare, pose=HipPose(30)))
    scene.show(shown)
    expected = scene.anatomy.neighbours.shapes("gluteus_minimus", scene.figure.posture)["right"].vertices[0]
    points = np.asarray(scene.neighbours.meshes["gluteus_minimus", "right", 0].mesh.points)
    assert np.allclose(points, expected, atol=1e-3)


def test_grips_follow_the_femur(scene, bare):
    scene.show(with_layers(bare, attachments=Layer(), bands=HIDDEN, pose=HipPose(60)))
    assert len(scene.grips.patches) == 12
    assert len(scene.grips.lines) == 16
    on_femur = scene.grips.patches["right", "middle", "insertion"].actor
    matrix = on_femur.GetUserMatrix()
    turned = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])
    assert np.allclose(turned, scene.figure.femur_matrices["right"])
    assert scene.grips.patches["right", "middle", "origin"].actor.GetUserMatrix() is None
    scene.show(bare)
    assert not on_femur.GetVisibility()


def test_a_translucent_maximus_is_seen_through_the_skin(stage):
    state = State(zones=HIDDEN, labels=False)
    scene = stage(state)
    without = pixels(scene).astype(int)
    scene.show(with_layers(state, maximus=Layer(opacity=0.6)))
    changed = np.abs(pixels(scene).astype(int) - without).max(axis=-1) > 12
    assert changed.mean() > 0.03
