"""What stands beside the first picture, and how choices made in the second one come back."""

import msgspec
import numpy as np
import pytest

from hipviz.model.comparison import brought_back, compared, comparison_of, comparisons, mirrored
from hipviz.model.content import load_words
from hipviz.model.pose import NEUTRAL, HipPose
from hipviz.model.state import Camera, State, posture
from hipviz.model.units import SIDES

EYE = Camera((12.0, -3.0, 40.0), (0.6, -0.8, 0.0), (0.0, 0.0, 1.0), 180.0)


@pytest.fixture(scope="module")
def words():
    return load_words()


def test_only_what_makes_sense_is_offered(words):
    assert comparisons(State(), words) == ("other_side",)
    assert comparisons(State(band="middle"), words) == ("other_side", "start", "end")
    assert comparisons(State(pose=HipPose(30.0, 0.0, 0.0)), words) == ("other_side", "start")
    assert comparisons(State(movement="trendelenburg"), words)[0] == "healthy"
    assert comparisons(State(specimen="/bones/mine"), words) == ("other_side", "default_adult")
    assert comparisons(State(panel="pain"), words) == ()
    assert comparison_of(State(beside="healthy", band="middle"), words) is None
    assert compared(State(beside="healthy", band="middle"), words) == State(beside="healthy", band="middle")


def test_the_other_side_is_seen_as_in_a_mirror(words):
    state = State(band="anterior", phase=0.4, beside="other_side", camera=EYE)
    other = compared(state, words)
    assert (other.side, other.camera, other.phase) == ("left", mirrored(EYE), 0.4)
    here, there = posture(state, words), posture(other, words)
    assert here.of("right") == there.of("left")
    assert here.of("left") == there.of("right")


def test_both_legs_of_a_stride_are_seen_at_the_same_moment(words):
    state = State(movement="walking", phase=0.15, beside="other_side")
    here, there = posture(state, words), posture(compared(state, words), words)
    for side in ("right", "left"):
        np.testing.assert_allclose(here.of(side).angles_deg, there.of(side).angles_deg, atol=1e-9)


def test_the_healthy_pelvis_stays_level_beside_the_weak_one(words):
    state = State(movement="trendelenburg", phase=0.5, weakness=0.8, beside="healthy")
    healthy = compared(state, words)
    assert abs(posture(state, words).pelvis.drop_deg) == pytest.approx(8.0)
    assert abs(posture(healthy, words).pelvis.drop_deg) < 0.5


def test_the_stronger_side_carries_while_the_weaker_one_does(words):
    state = State(movement="asymmetry", phase=0.25, beside="healthy")
    weak, strong = posture(state, words), posture(compared(state, words), words)
    assert abs(weak.pelvis.drop_deg) == pytest.approx(8.0)
    assert abs(strong.pelvis.drop_deg) < 0.5
    assert weak.of("left").flexion_deg > 30.0
    assert strong.of("right").flexion_deg > 30.0


def test_start_and_end(words):
    state = State(band="posterior", phase=0.2)
    start = compared(msgspec.structs.replace(state, beside="start"), words)
    end = compared(msgspec.structs.replace(state, beside="end"), words)
    assert posture(start, words).of("right") == NEUTRAL
    reached = posture(end, words).of("right").angles_deg
    farthest = [posture(State(band="posterior", phase=p), words).of("right").angles_deg for p in (0.3, 0.5, 0.7)]
    assert np.abs(reached).sum() >= max(np.abs(each).sum() for each in farthest) - 1e-9
    posed = State(pose=HipPose(30.0, 10.0, 0.0), other_pose=HipPose(0.0, 5.0, 0.0), beside="start")
    assert [posture(compared(posed, words), words).of(side) for side in SIDES] == [NEUTRAL, NEUTRAL]


def test_the_default_adult_beside_a_specimen(words):
    state = State(specimen="/bones/mine", beside="default_adult", camera=EYE)
    assert compared(state, words) == msgspec.structs.replace(state, specimen="")


def test_choices_made_in_the_second_picture_come_back(words):
    state = State(beside="other_side")
    chosen = {"side": "right", "camera": mirrored(EYE)}
    assert brought_back(chosen, state, words) == {"side": "left", "camera": EYE}
    assert brought_back({"camera": None, "band": "middle"}, state, words) == {"camera": None, "band": "middle"}
    same = {"side": "left", "camera": EYE}
    assert brought_back(same, State(band="middle", beside="end"), words) == same
