"""The three actions: where they go, how they ease, and the words for their angles."""

import numpy as np
import pytest

from hipviz.model.content import load_words
from hipviz.model.movement import end_pose, phase_of, pose_at, spoken_angles
from hipviz.model.pose import NEUTRAL, HipPose
from hipviz.model.state import State, acting_pose

WORDS = load_words()


@pytest.mark.parametrize(
    ("band", "signs"),
    [("anterior", (1, 0, 1)), ("middle", (0, 1, 0)), ("posterior", (-1, 0, -1))],
)
def test_each_band_makes_the_action_of_the_sources(band: str, signs: tuple[int, int, int]) -> None:
    reached = acting_pose(State(band=band, phase=0.5), WORDS)
    angles = (reached.flexion_deg, reached.abduction_deg, reached.internal_rotation_deg)
    assert tuple(np.sign(angles)) == signs
    assert reached.checked() == end_pose(WORDS.movements[WORDS.bands[band].movement])


def test_the_cycle_starts_and_ends_at_neutral() -> None:
    for band in WORDS.bands.values():
        movement = WORDS.movements[band.movement]
        assert pose_at(movement, 0.0) == pose_at(movement, 1.0) == NEUTRAL


def test_the_way_out_and_back_is_smooth() -> None:
    movement = WORDS.movements["middle_action"]
    moments = np.linspace(0, 1, 2001)
    angles = np.array([pose_at(movement, moment).abduction_deg for moment in moments])
    speed = np.gradient(angles, moments)
    assert angles.min() >= 0
    assert np.abs(np.diff(speed)).max() < 2.0  # a jump of the speed would be some hundred degrees per cycle


def test_phases_have_names() -> None:
    movement = WORDS.movements["posterior_action"]
    assert [phase_of(movement, moment).name for moment in (0, 0.2, 0.5, 0.8)] == ["Rest", "Move", "Hold", "Return"]


def test_angles_in_words_keep_their_word_through_the_movement() -> None:
    goal = HipPose(flexion_deg=-15, internal_rotation_deg=-30)
    assert spoken_angles(NEUTRAL, goal, "clinical") == [("Extension", 0), ("External rotation", 0)]
    assert spoken_angles(goal, goal, "plain") == [("Backwards", 15), ("Turned out", 30)]
    crossing, start = HipPose(100.0, -12.0, 14.0), HipPose(86.0, 4.0, 0.0)
    assert spoken_angles(start, crossing, "plain") == [("Forwards", 86), ("Out to the side", 4), ("Turned in", 0)]


def test_an_explicit_pose_wins_over_the_movement() -> None:
    pose = HipPose(flexion_deg=70)
    assert acting_pose(State(band="middle", phase=0.5, pose=pose), WORDS) == pose
