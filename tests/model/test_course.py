"""The lengths and activities of the bands over a movement, computed at once."""

import numpy as np
import pytest

from hipviz.model.content import load_words
from hipviz.model.course import course_of
from hipviz.model.movement import activity_at
from hipviz.model.pose import NEUTRAL
from hipviz.model.state import State, acting_pose, posture

WORDS = load_words()


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize(("movement", "weakness"), [("walking", 1.0), ("trendelenburg", 0.4), ("pigeon", 1.0)])
def test_the_curve_is_what_each_moment_measures(movement, weakness, side, anatomy):
    if movement not in WORDS.movements:
        movement = next(name for name in WORDS.movements if movement in name)
    state = State(movement=movement, weakness=weakness, side=side)
    course = course_of(anatomy.leverage, state, WORDS)
    at_rest = anatomy.leverage.band_lengths(NEUTRAL.angles_deg)
    for phase in (0.0, 0.21, 0.5, 0.83):
        now = posture(State(movement=movement, weakness=weakness, side=side, phase=phase), WORDS).of(side)
        expected = 100.0 * anatomy.leverage.band_lengths(now.angles_deg) / at_rest
        assert course.at(phase) == pytest.approx(expected, abs=0.15)
    assert course.length_pct[0] == pytest.approx(course.length_pct[-1])


def test_activity_stands_where_a_movement_tells_it(anatomy):
    walking = course_of(anatomy.leverage, State(movement="walking"), WORDS)
    half = len(walking.phases) // 2
    assert walking.activity[half] == pytest.approx(activity_at(WORDS.movements["walking"], 0.5))
    middle = course_of(anatomy.leverage, State(band="middle"), WORDS)
    assert middle.activity is None
    assert middle.at(0.5)[1] < 85.0
    lifted = acting_pose(State(band="middle", phase=0.5), WORDS)
    assert lifted.abduction_deg > 20.0


def test_it_is_kept_and_there_is_none_without_a_movement(anatomy):
    state = State(movement="walking")
    first = course_of(anatomy.leverage, state, WORDS)
    assert course_of(anatomy.leverage, State(movement="walking", phase=0.7, side="left"), WORDS) is first
    assert course_of(anatomy.leverage, State(), WORDS) is None
    assert np.isfinite(first.length_pct).all()
