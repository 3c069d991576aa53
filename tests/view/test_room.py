"""The body in the room: the eye stays where it is while the pelvis moves, floor and legs come with a movement."""

import numpy as np
import pytest
import pyvista as pv

from hipviz.model.stance import room_matrix
from hipviz.model.state import State, posture
from hipviz.view.band_look import band_look
from hipviz.view.camera import carried, view_of
from hipviz.view.load import place_of
from hipviz.view.room import disc, foot, shank
from hipviz.view.scene import Scene
from hipviz.view.solids import box


@pytest.fixture(scope="module")
def scene(anatomy):
    plotter = pv.Plotter(off_screen=True, window_size=[160, 120], lighting="none")
    yield Scene(plotter, anatomy)
    plotter.close()


def test_the_eye_stays_in_the_room(scene, anatomy):
    state = State(movement="trendelenburg", phase=0.0)
    eye = view_of(state, anatomy.words, anatomy.hip_centre("right"))
    scene.show(state)
    scene.set_camera(eye)
    dropped = State(movement="trendelenburg", phase=0.5)
    scene.show(dropped)
    now = scene.camera()
    assert np.allclose(now.focal_point, eye.focal_point, atol=1e-6)
    assert np.allclose(now.direction, eye.direction, atol=1e-9)
    # What is drawn lies in the pelvis' frame: there the eye has gone the other way.
    matrix = room_matrix(scene.room.build, posture(dropped, anatomy.words))
    assert np.allclose(carried(scene._body_eye(), matrix).focal_point, eye.focal_point, atol=1e-6)
    assert not np.allclose(scene._body_eye().up, eye.up, atol=0.05)
    assert np.allclose(scene.in_room(np.zeros(3)), matrix[:3, 3])


def test_legs_and_floor_only_where_a_movement_asks(scene):
    actors = [mesh.actor for mesh in scene.room._legs.values()]
    scene.show(State(band="middle", phase=0.5))
    assert not any(actor.GetVisibility() for actor in actors)
    assert scene.room._support is None
    scene.show(State(movement="walking", phase=0.5))
    assert all(actor.GetVisibility() for actor in actors)
    assert scene.room._support is not None
    scene.show(State(movement="walking", phase=0.5, legs=False))
    assert not any(actor.GetVisibility() for actor in actors)


def test_thighs_end_where_lower_legs_go_on(scene, anatomy):
    """Alone they fade out; with lower legs they do not, and the end of each thigh goes along with its bone."""

    def fade():
        return scene.skin.mesh.mesh.point_data["colours"][:, 1].copy()

    low = anatomy.skin.rest.vertices[:, 2] < 0.0
    scene.show(State(band="middle"))
    alone = fade()
    assert alone[low].min() == 0
    scene.show(State(movement="clamshell", phase=0.5))
    assert fade()[low].min() == 255 and np.array_equal(fade()[~low], alone[~low])
    matrix = scene.room._legs["right", "knee"].actor.GetUserMatrix()
    found = np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])
    assert np.allclose(found, scene.figure.femur_matrices["right"], atol=1e-6)
    scene.show(State(band="middle"))
    assert np.array_equal(fade(), alone)


def test_nothing_to_rest_on_stands_between_the_eye_and_the_body(scene, anatomy):
    for view, seen in (("lateral", True), ("inferior", False), ("superior", True)):
        state = State(movement="walking", phase=0.5, view=view)
        scene.show(state)
        scene.set_camera(view_of(state, anatomy.words, anatomy.hip_centre("right")))
        assert bool(scene.room._support.actor.GetVisibility()) == seen, view


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_bag_hangs_beside_the_other_leg_and_a_box_before_both(scene, anatomy, side):
    across = 1.0 if side == "right" else -1.0
    thigh_half_width = 100.0
    for movement, kind in (("carrying", "bag"), ("lifting", "box")):
        for phase in np.linspace(0.0, 1.0, 9):
            scene.show(State(side=side, movement=movement, phase=float(phase)))
            shown = [name for name, mesh in scene.room._load._meshes.items() if mesh.actor.GetVisibility()]
            assert shown == [kind]
            room = room_matrix(scene.room.build, scene.figure.posture)
            middle = place_of(kind, side, scene.room.build, room)[:3, 3]
            hip = anatomy.hip_centre("right")[0]
            if kind == "bag":
                assert -across * middle[0] > hip + thigh_half_width
            else:
                assert abs(middle[0]) < 30.0 and middle[1] > 150.0
            assert middle[2] > scene.room.build.floor_mm + 80.0
    scene.show(State(movement="walking", phase=0.5))
    assert not any(mesh.actor.GetVisibility() for mesh in scene.room._load._meshes.values())


def test_bands_light_up_with_their_activity(scene):
    def ambient(side):
        return scene.muscle.meshes[side, "middle"].prop.GetAmbient()

    scene.show(State(movement="walking", phase=0.14))
    assert ambient("right") > 0.5 > 0.1 > ambient("left")
    scene.show(State(movement="walking", phase=0.64))
    assert ambient("left") > 0.5 > 0.1 > ambient("right")
    scene.show(State(band="middle", phase=0.5))
    assert ambient("right") == ambient("left") == pytest.approx(0.14)


def test_a_movement_colours_the_bands_it_is_about(anatomy):
    movement = anatomy.words.movements["clamshell"]
    state = State(movement="clamshell")
    assert band_look(state, "right", "posterior", 0.0, movement).look == "chosen"
    assert band_look(state, "right", "anterior", 0.0, movement).look == "muted"
    assert band_look(state, "left", "posterior", 0.0, movement).look == "muted"


def test_the_ghost_is_closed_and_turned_outwards(scene):
    parts = shank(scene.room.build), foot(scene.room.build), disc(-300.0), box(np.zeros(3), (1.0, 2.0, 3.0))
    for surface in parts:
        assert surface.volume_mm3() > 0
        edges = np.sort(surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
        assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
