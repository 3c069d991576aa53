"""Steps of practices as pictures: the body lies, sits or stands as the words say, and the hip faces the viewer."""

import numpy as np
import pytest

from hipviz.model.pose import NEUTRAL
from hipviz.model.state import State, legs_shown, posture
from hipviz.model.units import BANDS, SIDES
from hipviz.view.camera import lateral, view_of
from hipviz.view.practice import state_of


def shown(anatomy, name, number, side="right", band=None):
    practice = anatomy.guidance.practices[name]
    return state_of(practice, practice.step[number], band, side, anatomy.hip_centre(side), State(pose=NEUTRAL))


def steps(anatomy):
    return [(name, n) for name, made in anatomy.guidance.practices.items() for n in range(len(made.step))]


@pytest.mark.parametrize("side", SIDES)
def test_exercises_are_shown_with_lower_legs_and_what_the_body_rests_on(anatomy, side):
    exercises = [made.id for made in anatomy.guidance.practices.values() if made.kind in ("strength", "stretch")]
    assert len(exercises) >= 5
    for name in exercises:
        state = shown(anatomy, name, 0, side)
        assert (state.pose, state.camera, state.side) == (None, None, side)
        assert legs_shown(state, anatomy.words)
        assert anatomy.words.movements[state.movement].support is not None


@pytest.mark.parametrize("side", SIDES)
def test_the_band_that_is_meant_faces_the_viewer(anatomy, side):
    """Its trigger point, or the place that is held, is not on the far side of the body."""
    for name, number in steps(anatomy):
        state = shown(anatomy, name, number, side)
        if name in ("clamshell", "side_lying_raise", "ball"):
            continue  # seen along the couch, with the band at the upper or lower border of the body
        figure = anatomy.figure(posture(state, anatomy.words))
        _, outward = anatomy.trigger_point(state.band, side, figure)
        eye = view_of(state, anatomy.words, anatomy.hip_centre(side))
        turned = posture(state, anatomy.words).pelvis.rotation()
        towards = np.array(eye.direction) if state.movement is None else turned.T @ np.array(eye.direction)
        assert outward @ towards > 0.0, (name, number)


@pytest.mark.parametrize("band", BANDS)
def test_what_is_done_for_any_band_keeps_the_one_that_is_chosen(anatomy, band):
    for name, number in steps(anatomy):
        bands = anatomy.guidance.practices[name].bands
        meant = shown(anatomy, name, number, band=band).band
        assert meant == band if band in bands else meant in bands, (name, number)


def test_palpation_is_for_any_band_and_begins_with_the_outermost(anatomy):
    assert set(anatomy.guidance.practices["palpation"].bands) == set(BANDS)
    assert shown(anatomy, "palpation", 0).band == "middle"


@pytest.mark.parametrize("side", SIDES)
def test_who_lies_on_the_side_has_the_acting_hip_on_top_and_on_the_ball_below(anatomy, side):
    for number in range(4):
        up = np.array(shown(anatomy, "palpation", number, side).camera.up)
        assert up[0] * lateral(side) > 0.1
    assert np.array(shown(anatomy, "ball", 0, side).camera.up)[0] * lateral(side) < -0.1


def test_the_held_band_grows_longer_as_the_words_say(anatomy):
    def length(name, number, band):
        pose = posture(shown(anatomy, name, number), anatomy.words).right.angles_deg
        return anatomy.leverage.band_lengths([pose])[0][BANDS.index(band)]

    assert length("pin_posterior", 1, "posterior") > 1.1 * length("pin_posterior", 0, "posterior")
    assert length("pin_anterior", 1, "anterior") < length("pin_anterior", 2, "anterior")


def test_in_the_clamshell_the_legs_lie_on_each_other_before_they_open(anatomy):
    from hipviz.model.stance import Build, legs

    build = Build(anatomy.hip_centre("right"), anatomy.landmark("knee_centre", "right"))
    closed, opened = (
        legs(build, posture(shown(anatomy, "clamshell", number), anatomy.words)) for number in (0, 1)
    )
    apart = [both["right"].knee[0] - both["left"].knee[0] for both in (closed, opened)]
    assert 100.0 < apart[0] < 160.0  # as thick as two knees, not as broad as the hips
    assert apart[1] > apart[0] + 120.0
    assert np.linalg.norm(closed["right"].ankle - opened["right"].ankle) < 5.0  # the feet stay together
