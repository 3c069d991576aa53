import itertools

import msgspec
import pytest

from hipviz.model.comparison import mirrored
from hipviz.model.state import VIEWS, Camera, Layer, State
from hipviz.ui.action import GROUPS
from hipviz.ui.actions import ACTIONS, BY_ID

EYE = Camera((60.0, -10.0, 5.0), (0.6, -0.8, 0.0), (0.0, 0.0, 1.0), 150.0)
STATES = (
    State(),
    State(band="anterior", phase=0.5, playing=True),
    State(band="posterior", side="left", phase=1.0, view="superior", skin=Layer(shown=False, opacity=0.0)),
    State(
        band="middle", camera=EYE, isolated=True, presenting=True, wording="clinical", speed=2.0, text_scale=2.0
    ),
)


def test_ids_and_keys_are_used_once():
    assert len(BY_ID) == len(ACTIONS)
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(set(keys)) == len(keys)
    assert {action.group for action in ACTIONS} == set(GROUPS)


def test_keys_are_known_to_qt(qapp):
    from PySide6.QtGui import QKeySequence

    for action in ACTIONS:
        for key in action.keys:
            assert not QKeySequence(key).isEmpty(), key


def test_every_action_makes_a_valid_state_of_any_state(words):
    for action, state in itertools.product(ACTIONS, STATES):
        if action.change is not None:
            new = msgspec.structs.replace(state, **action.change(state, words))
            assert msgspec.convert(msgspec.to_builtins(new), State) == new, action.id


def do(action_id, state, words):
    return msgspec.structs.replace(state, **BY_ID[action_id].change(state, words))


def test_choosing_a_band_plays_it_from_the_start(words):
    state = do("band.middle", State(phase=0.7), words)
    assert (state.band, state.playing, state.phase) == ("middle", True, 0.0)


def test_six_views_and_the_lesson_s_view(words):
    for view in VIEWS:
        state = do(f"view.{view}", State(camera=EYE), words)
        assert (state.view, state.camera) == (view, None)
    state = do("view.lesson", State(camera=EYE, view="medial"), words)
    assert (state.view, state.camera) == (None, None)


def test_the_other_side_mirrors_the_user_s_camera(words):
    state = do("side.left", State(camera=EYE), words)
    assert state.side == "left"
    assert state.camera == Camera((-60.0, -10.0, 5.0), (-0.6, -0.8, 0.0), (0.0, 0.0, 1.0), 150.0)
    assert mirrored(mirrored(EYE)) == EYE
    assert do("side.right", State(camera=EYE), words).camera == EYE


def test_escape_leaves_the_presentation_before_it_clears(words):
    first = do("escape", State(band="middle", presenting=True), words)
    assert (first.presenting, first.band) == (False, "middle")
    assert do("escape", first, words).band is None


def test_phases_are_jumped_to_and_fro(words):
    state = State(band="anterior", phase=0.0)
    starts = [phase.start for phase in words.movements["anterior_action"].phases]
    seen = []
    for _ in starts:
        state = do("phase.next", state, words)
        seen.append(state.phase)
    assert seen == [*starts[1:], 1.0]
    assert do("phase.previous", state, words).phase == starts[-1]


def test_speed_stays_within_its_range(words):
    state = State()
    for _ in range(10):
        state = do("faster", state, words)
    assert state.speed == 2.0
    for _ in range(10):
        state = do("slower", state, words)
    assert state.speed == 0.25


@pytest.mark.parametrize("layer", ["skin", "bands", "bones", "zones"])
def test_a_layer_that_was_faded_out_comes_back(layer, words):
    state = State(**{layer: Layer(shown=False, opacity=0.0)})
    assert do(f"layer.{layer}", state, words).layer(layer).strength == 0.5


def test_a_movement_that_has_ended_starts_again(words):
    state = do("play", State(band="middle", phase=1.0), words)
    assert (state.playing, state.phase) == (True, 0.0)
