import itertools

import msgspec
import numpy as np
import pytest

from hipviz.model.state import VIEWS, Layer, State
from hipviz.model.units import BANDS, NEIGHBOURS, SIDES
from hipviz.view import marks
from hipviz.view.layout import ELBOW_PX, Box, Room, Wish, cross, laid_out, spread

SIZE = (1000.0, 750.0)


def measure(text, kind):
    return 7.5 * len(text) + 22.0, 26.0


def annotated(scene, state, reserved=()):
    from hipviz.view.camera import view_of

    scene.set_camera(view_of(state, scene.anatomy.words, scene.anatomy.hip_centre(state.side), SIZE[0] / SIZE[1]))
    return scene.annotations(state, SIZE, measure, reserved)


@pytest.fixture
def scene(stage):
    return stage(State(), (400, 300))


def test_spread_moves_as_little_as_it_must():
    tops = spread(np.array([10.0, 12.0, 100.0]), np.full(3, 20.0), 0.0, 200.0)
    assert tops == pytest.approx([1.0, 21.0, 100.0])
    assert spread(np.array([0.0, 0.0]), np.full(2, 20.0), 0.0, 30.0) is None
    assert spread(np.array([190.0]), np.array([20.0]), 0.0, 200.0) == pytest.approx([180.0])


def test_labels_without_room_are_left_out_by_rank():
    wishes = [Wish(str(i), "landmark", "word", (500.0, 50.0), 1, rank=1 + i % 3) for i in range(12)]
    room = Room((1000.0, 200.0), np.full(10, 400.0), np.full(10, 600.0))
    kept = laid_out(wishes, room, measure)
    assert 4 <= len(kept) < 12
    assert {"0", "3", "6", "9"} <= {label.id for label in kept}


def test_a_muscle_beside_the_medius_is_named_while_it_is_shown(scene):
    bare = State(skin=Layer(shown=False), view="posterior")
    behind = State(skin=Layer(shown=False), view="posterior", maximus=Layer(opacity=0.6), piriformis=Layer())
    for state, expected in ((bare, set()), (behind, {"gluteus_maximus", "piriformis"})):
        scene.show(state)
        assert {label.id for label in annotated(scene, state).labels} & set(NEIGHBOURS) == expected


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("view", [None, *VIEWS])
def test_no_label_covers_another_or_leaves_the_picture(scene, view, side):
    chips = (Box(16, 16, 260, 80), Box(16, 650, 300, 84))
    for band, phase in itertools.product((None, *BANDS), (0.0, 0.5)):
        state = State(side=side, band=band, phase=phase, view=view, wording="clinical")
        labels = annotated(scene, state, chips).labels
        assert len(labels) >= 2
        for label in labels:
            assert label.box.left >= 0 and label.box.right <= SIZE[0]
            assert label.box.top >= 0 and label.box.bottom <= SIZE[1]
            assert not any(label.box.overlaps(chip) for chip in chips)
        for one, other in itertools.combinations(labels, 2):
            assert not one.box.overlaps(other.box)
            assert not cross(one.line, other.line)
        for label in labels:
            outwards = 1 if label.box.left > label.line[1][0] else -1
            assert outwards * (label.line[1][0] - label.anchor[0]) >= -ELBOW_PX, "no line ends within its label"


def test_labels_do_not_change_sides_or_come_and_go_while_the_thigh_moves(scene):
    seen = []
    for phase in np.linspace(0.06, 0.42, 7):
        labels = annotated(scene, State(band="middle", phase=float(phase))).labels
        seen.append({label.id: label.box.left < label.anchor[0] for label in labels if label.kind == "landmark"})
    assert all(now == seen[0] for now in seen)
    assert {"greater_trochanter", "crest_highest"} <= set(seen[0])


def test_lateral_structures_are_named_on_the_lateral_side(scene):
    for side, outward in (("right", 1), ("left", -1)):
        labels = annotated(scene, State(side=side, view="posterior", zones=Layer(shown=False))).labels
        trochanter = next(label for label in labels if label.id == "greater_trochanter")
        assert np.sign(trochanter.box.left - trochanter.anchor[0]) == outward


def test_what_lies_behind_bone_is_not_named(scene):
    from_behind = {label.id for label in annotated(scene, State(view="posterior")).labels}
    in_front = {label.id for label in annotated(scene, State(view="anterior")).labels}
    assert "psis" in from_behind and "psis" not in in_front
    assert "pubic_tubercle" in in_front and "pubic_tubercle" not in from_behind


@pytest.mark.parametrize("side", SIDES)
def test_axes_of_the_movements(anatomy, side):
    """Abduction turns about the line from back to front; mirrored sides turn the other way round."""
    movements, bands = anatomy.words.movements, anatomy.words.bands
    axis, angle = marks.axis_of(movements[bands["middle"].movement], side)
    assert axis == pytest.approx([0, -1 if side == "right" else 1, 0], abs=1e-9)
    assert angle == pytest.approx(35.0)
    axis, _ = marks.axis_of(movements[bands["posterior"].movement], side)
    assert axis[2] * (1 if side == "right" else -1) < -0.7  # mostly external rotation


@pytest.mark.parametrize("side", SIDES)
def test_arrows_point_where_the_thigh_goes(scene, side):
    lateral = 1 if side == "right" else -1
    found = annotated(scene, State(side=side, band="middle", view="posterior"))
    (swing,) = found.arrows
    start, end = swing.points[0], swing.points[-1]
    assert np.sign(end[0] - start[0]) == lateral and end[1] < start[1]
    found = annotated(scene, State(side=side, band="posterior", view="posterior"))
    twist = next(arrow for arrow in found.arrows if arrow.meaning == "twist")
    # Turning out, the rear of the thigh, which is what is seen, goes to the midline.
    assert np.sign(twist.points[-1][0] - twist.points[0][0]) == -lateral


@pytest.mark.parametrize("side", SIDES)
def test_the_turn_goes_the_same_way_however_far_the_hip_is_bent(scene, side):
    """Turning in, the outside of a thigh that is held forwards rises, below the horizontal and above it."""
    for phase in (0.0, 0.2, 0.35, 0.5):
        found = annotated(scene, State(side=side, movement="cross_legs", phase=phase, view="lateral"))
        twist = next(arrow for arrow in found.arrows if arrow.meaning == "twist")
        assert twist.points[-1][1] < twist.points[0][1] - 20.0


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("view", ["superior", "inferior"])
def test_along_the_thigh_the_turn_is_an_arc_of_a_circle(scene, view, side):
    found = annotated(scene, State(side=side, band="posterior", view=view))
    twist = next(arrow for arrow in found.arrows if arrow.meaning == "twist")
    # Turning out, what lies at the back of the thigh goes to the midline.
    start, end = twist.points[0], twist.points[-1]
    assert np.linalg.norm(end - start) > 40.0
    rear = 1 if twist.points[len(twist.points) // 2][1] > start[1] else -1
    inwards = -1 if (side == "right") == (view == "superior") else 1
    assert np.sign(end[0] - start[0]) == rear * inwards


def test_a_zone_behind_another_part_of_the_skin_is_not_named(scene):
    beside = {label.id for label in annotated(scene, State(band="anterior", view="lateral")).labels}
    behind = {label.id for label in annotated(scene, State(band="anterior", view="posterior")).labels}
    assert "essential" in beside and "spillover" not in beside and "spillover" in behind


@pytest.mark.parametrize("view", ["lateral", "medial", "superior"])
def test_the_left_side_is_named_as_the_mirror_image_of_the_right_one(scene, view):
    places = []
    for side, turned in (("right", 1.0), ("left", -1.0)):
        labels = annotated(scene, State(side=side, band="middle", phase=0.5, view=view)).labels
        places.append(
            {label.id: turned * (label.box.left + label.box.width / 2 - SIZE[0] / 2) for label in labels}
        )
    assert places[0].keys() == places[1].keys()
    assert all(places[1][name] == pytest.approx(place, abs=8.0) for name, place in places[0].items())


@pytest.mark.parametrize("side", SIDES)
def test_the_other_thigh_pushes_labels_only_where_it_really_lies(scene, side):
    labels = annotated(scene, State(side=side, movement="figure_4_supine", phase=0.5)).labels
    trochanter = next(label for label in labels if label.id == "greater_trochanter")
    assert abs(trochanter.line[-1][0] - trochanter.anchor[0]) < 0.25 * SIZE[0]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("movement", "view"), [("side_leg_raise", "lateral"), ("figure_4_supine", "anterior")])
def test_a_lying_body_seen_from_above_is_not_cut_at_the_crest(scene, movement, view, side):
    labels = annotated(scene, State(side=side, movement=movement, phase=0.5, view=view)).labels
    crest = next(label for label in labels if label.id == "crest_highest")
    assert crest.anchor[1] > 0.08 * SIZE[1]


def test_the_cross_stands_on_the_band(scene):
    state = State(band="middle", phase=0.5, view="lateral")
    found = annotated(scene, state)
    place, _ = scene.anatomy.trigger_point("middle", "right", scene.anatomy.figure(scene_posture(scene, state)))
    from hipviz.view.camera import project

    assert found.mark.centre == pytest.approx(project(scene.camera(), place, SIZE)[:2])
    assert not found.mark.hidden
    assert annotated(scene, State(band="middle", view="medial")).mark.hidden


@pytest.mark.parametrize("side", SIDES)
def test_the_cross_tells_when_muscle_or_bone_is_before_it(scene, side):
    for band, phase in itertools.product(BANDS, (0.0, 0.25, 0.5)):
        assert not annotated(scene, State(band=band, side=side, phase=phase)).mark.hidden
    for band, view in (
        ("posterior", "medial"),
        ("posterior", "inferior"),
        ("middle", "medial"),
        ("middle", "anterior"),
    ):
        found = annotated(scene, State(band=band, side=side, view=view))
        assert found.mark.hidden
        assert all(label.hidden for label in found.labels if label.kind == "trigger_point")


def scene_posture(scene, state):
    from hipviz.model.state import posture

    return posture(state, scene.anatomy.words)


def test_a_zone_that_faces_away_gives_a_hint_instead_of_a_label(scene):
    found = annotated(scene, State(band="posterior", view="anterior"))
    assert found.hint is not None and "behind" in found.hint
    assert "essential" not in {label.kind for label in found.labels}
    found = annotated(scene, State(band="posterior", view="posterior"))
    assert found.hint is None
    assert {"essential", "spillover"} <= {label.kind for label in found.labels}


def test_without_labels_the_marks_stay(scene):
    found = annotated(scene, State(band="posterior", labels=False))
    assert not found.labels
    assert found.mark is not None and found.arrows and found.axis is not None


def test_angles_are_those_of_the_moment(scene):
    found = annotated(scene, State(band="posterior", phase=0.5, wording="clinical"))
    assert dict(found.angles) == {"Extension": 15, "External rotation": 30}


@pytest.mark.parametrize("side", SIDES)
def test_what_a_finger_lies_on_is_named(scene, side):
    from hipviz.view.practice import state_of

    made = scene.anatomy.guidance.practices["palpation"]
    centre = scene.anatomy.hip_centre(side)
    for number, step in enumerate(made.step):
        state = state_of(made, step, None, side, centre, State(panel="practice"), SIZE[0] / SIZE[1])
        named = {label.id for label in annotated(scene, state).labels}
        assert {name for mark in step.mark if mark.kind == "finger" for name in mark.at} <= named, number


def nearest_px(place, line):
    """How near a line comes to a place."""
    best = np.inf
    for start, end in itertools.pairwise(np.array(line)):
        way = end - start
        share = np.clip((place - start) @ way / max(way @ way, 1e-9), 0.0, 1.0)
        best = min(best, float(np.linalg.norm(place - start - share * way)))
    return best


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("view", [None, "anterior", "posterior", "lateral"])
def test_no_line_but_its_own_passes_under_the_x(scene, view, side):
    for band, phase in itertools.product(BANDS, (0.0, 0.5)):
        found = annotated(scene, State(side=side, band=band, phase=phase, view=view))
        for label in found.labels:
            if label.kind != "trigger_point":
                assert nearest_px(np.array(found.mark.centre), label.line) > 11.5, label.text


def test_what_a_dense_maximus_covers_is_not_named_as_if_it_were_seen(stage):
    state = State(skin=Layer(shown=False), zones=Layer(shown=False), view="posterior")
    scene = stage(state)
    for opacity, covered in ((0.6, False), (1.0, True)):
        shown = msgspec.structs.replace(state, maximus=Layer(opacity=opacity))
        scene.show(shown)
        labels = {label.id: label for label in annotated(scene, shown).labels}
        assert ("ischial_tuberosity" in labels) != covered
        assert labels["band_posterior"].hidden == covered
        assert not labels["band_middle"].hidden


def test_a_label_never_lies_over_what_it_names_nor_over_the_x():
    over = Room((300.0, 400.0), np.full(10, -50.0), np.full(10, 350.0), mark=(250.0, 120.0))
    near, far = (
        Wish("near", "landmark", "a name", (260.0, 60.0), 1),
        Wish("far", "landmark", "name", (90.0, 300.0), 1),
    )
    level = Wish("level", "landmark", "a name", (230.0, 110.0), 1)
    assert [label.id for label in laid_out([near, far, level], over, measure)] == ["far"]


def test_what_has_come_to_lie_behind_is_named_faintly(scene):
    """At the end of the posterior band's movement the thigh bone lies before the sitting bone, unlike at rest."""
    bare = State(band="posterior", view="lateral", skin=Layer(shown=False), zones=Layer(shown=False))
    for phase, hidden in ((0.0, False), (0.5, True)):
        state = msgspec.structs.replace(bare, phase=phase, minimus=Layer())
        scene.show(state)
        labels = {label.id: label for label in annotated(scene, state).labels}
        assert labels["ischial_tuberosity"].hidden == hidden
        assert labels["gluteus_minimus"].hidden, "it lies under the medius"
