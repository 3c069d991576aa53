import numpy as np
import pytest

from hipviz.model.content import load_words
from hipviz.model.state import VIEWS, State
from hipviz.model.units import BANDS, SIDES
from hipviz.view import camera as cam

CENTRE = np.array([91.0, 0.0, 0.0])


def eye_of(**choices):
    state = State(**choices)
    return cam.view_of(state, load_words(), CENTRE * (1 if state.side == "right" else -1))


@pytest.mark.parametrize(
    ("view", "side", "direction"),
    [
        ("anterior", "right", (0, 1, 0)),
        ("posterior", "left", (0, -1, 0)),
        ("lateral", "right", (1, 0, 0)),
        ("lateral", "left", (-1, 0, 0)),
        ("medial", "right", (-1, 0, 0)),
        ("superior", "right", (0, 0, 1)),
        ("inferior", "left", (0, 0, -1)),
    ],
)
def test_canonical_views_look_from_where_they_say(view, side, direction):
    assert eye_of(view=view, side=side).direction == pytest.approx(direction)


def test_the_right_of_the_picture_is_the_subjects_left_from_the_front():
    assert cam.frame(eye_of(view="anterior"))[0] == pytest.approx((-1, 0, 0))


@pytest.mark.parametrize("band", BANDS)
def test_the_view_of_a_movement_is_mirrored_on_the_left(band):
    right, left = eye_of(band=band), eye_of(band=band, side="left")
    assert np.array(left.direction) == pytest.approx(np.array(right.direction) * [-1, 1, 1])
    assert np.array(left.focal_point) == pytest.approx(np.array(right.focal_point) * [-1, 1, 1])


def test_the_movement_decides_where_to_look_from():
    movement = load_words().movements[load_words().bands["posterior"].movement]
    x, y, z = eye_of(band="posterior").direction
    assert np.degrees(np.arctan2(x, y)) == pytest.approx(movement.azimuth_deg)
    assert np.degrees(np.arcsin(z)) == pytest.approx(movement.elevation_deg)


def test_the_users_own_camera_wins():
    own = cam.camera(np.zeros(3), np.array([1.0, 2.0, 0.5]), cam.UP, 80.0)
    assert eye_of(band="middle", view="anterior", camera=own) == own


def test_a_narrow_picture_steps_back_until_the_body_fits():
    state, words = State(), load_words()
    wide, narrow = (cam.view_of(state, words, CENTRE, aspect) for aspect in (1.6, 0.5))
    assert wide.half_height_mm == cam.HALF_HEIGHT_MM
    assert 0.5 * narrow.half_height_mm == pytest.approx(cam.HALF_WIDTH_MM)


@pytest.mark.parametrize("turn", [cam.turned, cam.turn_between])
@pytest.mark.parametrize("goal", VIEWS)
def test_turns_begin_and_end_where_they_should(turn, goal):
    start, end = eye_of(band="anterior"), eye_of(view=goal)
    for share, expected in ((0.0, start), (1.0, end)):
        reached = turn(start, end, share)
        assert cam.frame(reached) == pytest.approx(cam.frame(expected), abs=1e-6)
        assert reached.focal_point == pytest.approx(expected.focal_point)
        assert reached.half_height_mm == pytest.approx(expected.half_height_mm)


def test_a_turn_between_upright_views_never_rolls_the_subject():
    start, end = eye_of(band="anterior"), eye_of(view="posterior")
    for share in np.linspace(0, 1, 21):
        right, _, _ = cam.frame(cam.turn_between(start, end, share))
        assert abs(right[2]) < 1e-9


def test_a_turn_takes_the_shorter_way():
    start, end = eye_of(view="anterior"), eye_of(view="lateral")
    halfway = cam.turn_between(start, end, 0.5)
    assert halfway.direction == pytest.approx((np.sqrt(0.5), np.sqrt(0.5), 0.0))
    assert cam.angle_between_deg(start, end) == pytest.approx(90.0)


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ((0, 1, 0), "Seen from the front"),
        ((-1, 0, 0), "Seen from the left side"),
        ((0.7, -0.7, 0.1), "Seen from behind and the right"),
        ((0.6, 0.6, 0.55), "Seen from the front, the right and above"),
        ((0, 0, -1), "Seen from below"),
    ],
)
def test_words(direction, words):
    assert cam.words_of(direction) == words


def test_projection_puts_the_focal_point_in_the_middle_and_keeps_the_scale():
    eye = eye_of(view="anterior")
    points = np.array(eye.focal_point) + np.array([[0, 0, 0], [0, 0, 100.0], [100.0, 0, 0], [0, 50.0, 0]])
    middle, above, beside, nearer = cam.project(eye, points, (1200, 800))
    scale = 800 / (2 * eye.half_height_mm)
    assert middle == pytest.approx((600, 400, 0))
    assert above[:2] == pytest.approx((600, 400 - 100 * scale))
    assert beside[:2] == pytest.approx((600 - 100 * scale, 400))  # the subject's right is on the left
    assert nearer[2] == pytest.approx(50.0)


def test_the_marker_names_the_side_that_faces_the_viewer_last():
    assert cam.marker(eye_of(view="lateral"))[-1][0] == "R"
    letters = {letter: (x, y) for letter, x, y, _ in cam.marker(eye_of(view="posterior"))}
    assert letters["R"] == pytest.approx((1, 0))
    assert letters["S"] == pytest.approx((0, -1))


@pytest.mark.parametrize("side", SIDES)
def test_the_far_side_is_veiled_only_when_looked_through(side):
    assert cam.veil_of(eye_of(view="medial", side=side), side) == 1.0
    assert cam.veil_of(eye_of(view="lateral", side=side), side) == 0.0
    assert cam.veil_of(eye_of(band="middle", side=side), side) == 0.0
