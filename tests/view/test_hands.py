import msgspec
import numpy as np
import pytest

from hipviz.model.guidance import HandMark, step_of
from hipviz.model.state import State
from hipviz.model.units import SIDES
from hipviz.view.camera import frame, project, view_of
from hipviz.view.hands import BALL_RADIUS_MM, CUSHION_MM, Hands, HandSign
from hipviz.view.practice import state_of

SIZE = (800.0, 800.0)


def shown(anatomy, practice, step, side="right", band=None):
    made = anatomy.guidance.practices[practice]
    return state_of(made, made.step[step], band, side, anatomy.hip_centre(side), State())


def eye_of(anatomy, state):
    return view_of(state, anatomy.words, anatomy.hip_centre(state.side))


def signs(anatomy, state):
    from hipviz.model.state import posture

    figure = anatomy.figure(posture(state, anatomy.words))
    return Hands(anatomy).signs(state, figure, eye_of(anatomy, state), SIZE), figure


@pytest.mark.parametrize("side", SIDES)
def test_strokes_run_from_front_to_back_across_the_fibres(anatomy, side):
    state = shown(anatomy, "palpation", 2, side)
    found, figure = signs(anatomy, state)
    strokes = [sign for sign in found if sign.kind == "stroke"]
    assert len(strokes) == 3 and not any(sign.hidden for sign in strokes)
    axes, scale = frame(state.camera), SIZE[1] / (2.0 * state.camera.half_height_mm)
    rearward = np.array([axes[0, 1], -axes[1, 1]]) * -1.0  # where the subject's back is in the picture
    fibre = [figure.bands[side].surface_point(1, 0.5, v)[0] for v in (0.2, 0.7)]
    along = (fibre[1] - fibre[0]) @ axes[:2].T * (1.0, -1.0)
    for stroke in strokes:
        way = stroke.points[-1] - stroke.points[0]
        assert way @ rearward > 0.0
        assert abs(way @ along) / (np.linalg.norm(way) * np.linalg.norm(along)) < 0.6
        assert np.linalg.norm(way) > 40.0 * scale


@pytest.mark.parametrize("side", SIDES)
def test_a_hand_holds_the_point_while_the_hip_moves(anatomy, side):
    for step in (0, 1):
        state = shown(anatomy, "pin_posterior", step, side)
        found, figure = signs(anatomy, state)
        assert [sign.kind for sign in found] == ["hold"]
        point = anatomy.trigger_point("posterior", side, figure)[0]
        np.testing.assert_allclose(found[0].points[0], project(eye_of(anatomy, state), point, SIZE)[:2])


def test_the_ball_lies_outside_the_body_between_crest_and_trochanter(stage, anatomy):
    for side in SIDES:
        state = shown(anatomy, "ball", 0, side, "middle")
        scene = stage(state)
        matrix = scene.ball._mesh.actor.GetUserMatrix()
        centre = np.array([matrix.GetElement(k, 3) for k in range(3)])
        away = np.linalg.norm(scene.figure.skin_vertices - centre, axis=1).min()
        assert 0.4 * BALL_RADIUS_MM < away < BALL_RADIUS_MM
        crest, bump = (
            anatomy.landmark(name, side, scene.figure) for name in ("crest_highest", "greater_trochanter")
        )
        assert bump[2] < centre[2] < crest[2]
        assert abs(centre[0]) > abs(bump[0])
        assert scene.ball._mesh.actor.GetVisibility()
        scene.show(msgspec.structs.replace(state, practice=None))
        assert not scene.ball._mesh.actor.GetVisibility()


def test_the_cushion_lies_between_the_knees_and_fills_the_gap(stage, anatomy):
    for side in SIDES:
        state = shown(anatomy, "palpation", 0, side)
        scene = stage(state)
        assert scene.cushion._mesh.actor.GetVisibility() and not scene.ball._mesh.actor.GetVisibility()
        matrix = scene.cushion._mesh.actor.GetUserMatrix()
        centre = np.array([matrix.GetElement(k, 3) for k in range(3)])
        away = np.linalg.norm(scene.figure.skin_vertices - centre, axis=1).min()
        assert 0.8 * CUSHION_MM[0] < away < 1.6 * CUSHION_MM[0]
        knees = [scene.figure.femur_matrices[s] @ (*anatomy.landmark("knee_centre", s), 1.0) for s in SIDES]
        assert abs(centre[0] - np.mean([knee[0] for knee in knees])) < 1.0
        scene.show(msgspec.structs.replace(state, step=1))
        assert not scene.cushion._mesh.actor.GetVisibility()


def test_every_step_that_speaks_of_the_hand_shows_it(anatomy):
    """Strokes, holding, fingers, ball and cushion are drawn wherever the words tell of them."""
    told = {
        "stroke": "stroke",
        "hold the fibres": "hold",
        "keep holding": "hold",
        "finger": "finger",
        "ball": "ball",
        "cushion": "cushion",
    }
    for practice in anatomy.guidance.practices.values():
        for step in practice.step:
            kinds = {mark.kind for mark in step.mark}
            for words, kind in told.items():
                if words in step.says.plain.lower():
                    assert kind in kinds, (practice.id, step.says.plain)


def test_no_practice_no_hands(anatomy):
    assert signs(anatomy, msgspec.structs.replace(shown(anatomy, "palpation", 2), practice=None))[0] == ()
    assert step_of("palpation", 99, anatomy.guidance) == anatomy.guidance.practices["palpation"].step[-1]


def test_without_a_band_there_is_no_point_to_hold(anatomy):
    held = shown(anatomy, "pin_posterior", 0)
    assert [sign.kind for sign in signs(anatomy, held)[0]] == ["hold"]
    assert signs(anatomy, msgspec.structs.replace(held, band=None))[0] == ()


@pytest.mark.parametrize(
    "wrong", [{"fan": ((3.5, 0.2),)}, {"at": ("knee",)}, {"kind": "kick"}, {"fan": ((1.0, -0.1),)}]
)
def test_marks_out_of_range_are_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "hold"} | wrong, HandMark)


def test_the_name_of_a_way_between_two_fingers_points_at_its_middle():
    assert HandSign("between", np.array([[0.0, 10.0], [40.0, 30.0]]), hidden=False).middle.tolist() == [20.0, 20.0]
    assert HandSign("hold", np.array([[4.0, 6.0]]), hidden=False).middle.tolist() == [4.0, 6.0]
