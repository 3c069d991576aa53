import msgspec
import pytest

from hipviz.model.pose import HipPose
from hipviz.model.state import Camera, Layer, State
from hipviz.ui.store import Store


@pytest.fixture
def store(qapp):
    return Store()


def heard(store):
    calls = []
    store.changed.connect(lambda old, new: calls.append((old, new)))
    return calls


def test_an_update_of_several_fields_is_told_once(store):
    calls = heard(store)
    store.update(band="posterior", side="left", phase=0.25)
    assert len(calls) == 1
    old, new = calls[0]
    assert old == State()
    assert (new.band, new.side, new.phase) == ("posterior", "left", 0.25)


def test_an_update_without_difference_is_not_told(store):
    calls = heard(store)
    store.update(side="right", phase=0.0)
    assert not calls
    assert not store.can_undo


def test_values_out_of_range_and_unknown_fields_are_refused(store):
    with pytest.raises(msgspec.ValidationError):
        store.update(phase=1.5)
    with pytest.raises(TypeError):
        store.update(bands_of_the_muscle=3)
    assert store.state == State()


def test_undo_and_redo_go_through_choices(store):
    store.update(band="anterior")
    store.update(band="middle")
    store.undo()
    assert store.state.band == "anterior"
    store.undo()
    assert store.state.band is None
    store.redo()
    store.redo()
    assert store.state.band == "middle"
    assert not store.can_redo


def test_time_pointer_and_camera_make_no_undo_step(store):
    store.update(band="anterior", playing=True)
    store.update(phase=0.3)
    store.update(hovered="middle")
    store.update(camera=Camera((0, 0, 0), (0, 1, 0), (0, 0, 1), 100.0))
    store.undo()
    assert store.state.band is None
    assert not store.can_undo


def test_undo_keeps_the_moment_and_the_user_s_own_camera(store):
    eye = Camera((0, 0, 0), (0, 1, 0), (0, 0, 1), 100.0)
    store.update(band="anterior", playing=True)
    store.update(labels=False)
    store.update(phase=0.4, camera=eye)
    store.undo()
    assert store.state.labels
    assert (store.state.phase, store.state.camera, store.state.playing) == (0.4, eye, True)


def test_a_new_choice_ends_what_could_be_redone(store):
    store.update(band="anterior")
    store.undo()
    store.update(side="left")
    assert not store.can_redo


def test_a_drag_of_a_slider_is_one_step(store):
    for percent in range(10):
        store.update(skin=Layer(opacity=percent / 10))
    store.undo()
    assert store.state.skin == State().skin
    assert not store.can_undo


def test_quick_choices_of_bands_stay_apart(store):
    store.update(band="anterior")
    store.update(band="middle")
    store.undo()
    assert store.state.band == "anterior"


def test_undo_to_no_band_stops_the_movement(store):
    store.update(band="anterior", playing=True, phase=0.2)
    store.undo()
    assert (store.state.band, store.state.playing, store.state.phase) == (None, False, 0.0)


def test_what_is_held_is_one_step_however_long(store):
    store.hold()
    store.update(pose=HipPose(1.0))
    store._last_run = (frozenset(), 0.0)  # as after a long pause
    store.update(side="left", pose=HipPose(2.0))
    store.release()
    store.update(pose=HipPose(3.0))
    store.undo()
    assert store.state.pose == HipPose(2.0)
    store.undo()
    assert (store.state.pose, store.state.side) == (None, "right")
    assert not store.can_undo
