"""The close-up of the trochanter: where the bands grip it, and which way they pull."""

import itertools

import msgspec
import numpy as np
import pytest

from hipviz.model.pose import RANGE_OF_MOTION_DEG, HipPose, Posture
from hipviz.model.state import Layer, State
from hipviz.model.units import BANDS, SIDES
from hipviz.view.camera import project, view_of
from hipviz.view.pull import ARROW_MM, grip_arrows, turns_against

SIZE = (900.0, 700.0)
HIDDEN = Layer(shown=False)
BARE = State(grips=True, attachments=Layer(), skin=HIDDEN, bands=HIDDEN, zones=HIDDEN)


def measure(text, kind):
    lines = text.split("\n")
    return 7.5 * max(len(line) for line in lines) + 22.0, 16.0 * len(lines) + 12.0


def eye_of(anatomy, state):
    return view_of(state, anatomy.words, anatomy.hip_centre(state.side), SIZE[0] / SIZE[1])


def arrows(anatomy, state, pose):
    figure = anatomy.figure(Posture.one_sided(state.side, pose))
    return grip_arrows(anatomy, state, figure, eye_of(anatomy, state), SIZE)


def test_grips_and_arrows_stay_in_the_picture_over_the_whole_range(anatomy):
    corners = itertools.product(*RANGE_OF_MOTION_DEG.values())
    for corner, side in itertools.product([*corners, (0.0, 0.0, 0.0)], SIDES):
        for arrow in arrows(anatomy, State(side=side, grips=True), HipPose(*corner)):
            for x, y in arrow.line:
                assert 0.0 < x < SIZE[0] and 0.0 < y < SIZE[1]


def test_front_pulls_forwards_and_rear_pulls_back_on_both_sides(anatomy):
    tips = {}
    for side, forwards in (("right", 1.0), ("left", -1.0)):
        found = {arrow.band: arrow.line for arrow in arrows(anatomy, State(side=side, grips=True), HipPose())}
        assert list(found) == list(BANDS)
        (tail, tip) = found["anterior"]
        assert forwards * (tip[0] - tail[0]) > 20.0
        (tail, tip) = found["posterior"]
        assert forwards * (tip[0] - tail[0]) < -20.0
        assert all(line[1][1] < line[0][1] for line in found.values())  # all three upwards
        tips[side] = [place for line in found.values() for place in line]
    for one, other in zip(tips["right"], tips["left"], strict=True):
        assert other == pytest.approx((SIZE[0] - one[0], one[1]), abs=1e-6)


def test_no_arrow_is_longer_than_another_and_all_start_on_the_moved_grip(anatomy):
    pose, state = HipPose(50.0, 20.0, -15.0), State(grips=True)
    figure = anatomy.figure(Posture.one_sided("right", pose))
    eye = eye_of(anatomy, state)
    grips = {grip.band: grip.middle for grip in anatomy.grips if grip.end == "insertion"}
    matrix = figure.femur_matrices["right"]
    limit = ARROW_MM * SIZE[1] / (2.0 * eye.half_height_mm)
    for arrow in arrows(anatomy, state, pose):
        place = project(eye, matrix[:3, :3] @ grips[arrow.band] + matrix[:3, 3], SIZE)[:2]
        assert arrow.line[0] == pytest.approx(tuple(place))
        assert np.linalg.norm(np.subtract(*arrow.line)) < limit + 1e-6


def test_words_follow_the_pose(anatomy):
    assert not any(turns_against(anatomy, HipPose()).values())
    bent = turns_against(anatomy, HipPose(60.0))
    assert bent == {"anterior": False, "middle": True, "posterior": True}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("view", [None, "superior", "posterior"])
def test_every_arrow_says_what_it_does_and_facets_are_named(stage, side, view):
    state = msgspec.structs.replace(BARE, side=side, view=view, wording="clinical")
    scene = stage(state)
    scene.set_camera(eye_of(scene.anatomy, state))
    told = scene.annotations(state, SIZE, measure)
    said = {label.band: label.text for label in told.labels if label.band}
    assert set(said) == set(BANDS)
    assert "internal rotation" in said["anterior"] and "external rotation" in said["posterior"]
    assert len(told.pulls) == 3 and told.axis is not None and told.pivot is not None
    for one, other in itertools.combinations(told.labels, 2):
        assert not one.box.overlaps(other.box)
    if view is None:
        names = {label.text for label in told.labels}
        assert {"Lateral facet", "Posterior facet (bursa only)", "Anterior facet (gluteus minimus)"} <= names


def test_from_afar_the_gluteal_lines_and_both_ends_are_named(stage):
    state = State(attachments=Layer(), skin=HIDDEN, bands=HIDDEN, wording="clinical")
    scene = stage(state)
    scene.set_camera(eye_of(scene.anatomy, state))
    names = {label.text for label in scene.annotations(state, SIZE, measure).labels}
    lines = {"Anterior gluteal line", "Posterior gluteal line", "Inferior gluteal line", "Iliac crest"}
    assert lines | {"Origin (striped)", "Insertion (full)"} <= names


def test_from_near_the_body_stays_upright_and_alone(stage):
    lying = msgspec.structs.replace(BARE, movement="clamshell", phase=0.5)
    scene = stage(lying)
    scene.set_camera(eye_of(scene.anatomy, lying))
    assert scene.camera().up == pytest.approx((0.0, 0.0, 1.0), abs=0.2)
    assert scene.room._support is None
    assert not any(mesh.actor.GetVisibility() for mesh in scene.room._legs.values())
    scene.show(msgspec.structs.replace(lying, grips=False))
    assert scene.room._support is not None
