"""The library of movements: the table of walking, planted feet, stretches that stretch, words that hold."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError
from hipviz.model.movement import activity_at, posture_at, values_at
from hipviz.model.pose import POSITIONS
from hipviz.model.stance import Build, legs, room_matrix
from hipviz.model.state import State, activities, movement_of, posture
from hipviz.model.units import BANDS

WORDS = load_words()
MOMENTS = np.linspace(0.0, 1.0, 101)


@pytest.fixture(scope="module")
def build(anatomy):
    return Build(anatomy.hip_centre("right"), anatomy.landmark("knee_centre", "right"))


def longest(anatomy, name):
    """Return the greatest length of each band over a movement, % of rest."""
    angles = [posture_at(WORDS.movements[name], at, "right").right.angles_deg for at in MOMENTS]
    lengths = anatomy.leverage.band_lengths([(0.0, 0.0, 0.0), *angles])
    return 100.0 * lengths[1:].max(axis=0) / lengths[0]


def test_the_library_is_whole() -> None:
    assert len(WORDS.movements) >= 20
    assert {movement.position for movement in WORDS.movements.values()} <= set(POSITIONS)
    for movement in WORDS.movements.values():
        assert movement.sources, movement.id
        assert movement.compared_with in ("", *WORDS.movements)
        if movement.legs:
            assert movement.about is not None and movement.audience is not None and movement.bands


def test_walking_follows_the_published_table(reference) -> None:
    movement = WORDS.movements["walking"]
    with (reference / "gait_cycle.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    columns = ("hip_flexion", "hip_adduction", "hip_internal_rotation", "knee_flexion", "pelvis_list_opensim")
    table = np.array([[float(row[name]) for name in columns] for row in rows]) * (1, -1, 1, 1, -1)
    found = np.array([values_at(movement, float(row["gait_cycle_pct"]) / 100.0)[[0, 1, 2, 9, 7]] for row in rows])
    assert np.abs(found - table).max() < 0.5


def test_the_legs_take_turns_in_walking() -> None:
    movement = WORDS.movements["walking"]
    now, later = posture_at(movement, 0.2, "right"), posture_at(movement, 0.7, "right")
    assert now.right.angles_deg == pytest.approx(later.left.angles_deg)
    assert now.left_knee_deg == pytest.approx(later.right_knee_deg)
    assert posture_at(movement, 0.2, "left").left == now.right
    assert posture_at(movement, 0.2, "left").pelvis.drop_deg == -now.pelvis.drop_deg


def test_activity_peaks_early_in_stance_and_ends_in_swing() -> None:
    state = State(movement="walking", phase=0.13)
    assert min(activities(state, WORDS)["right"]) > 0.5 > max(activities(state, WORDS)["left"])
    assert activity_at(WORDS.movements["walking"], 0.75).max() == 0.0
    assert activities(State(band="middle", phase=0.5), WORDS)["right"] == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("name", ["single_leg_stance", "one_leg_slouch", "trendelenburg", "figure_4_standing"])
def test_a_planted_foot_stays(build, name, side) -> None:
    places = []
    for at in MOMENTS:
        found = posture_at(WORDS.movements[name], at, side)
        matrix = room_matrix(build, found)
        places.append(legs(build, found)[found.planted].sole @ matrix[:3, :3].T + matrix[:3, 3])
    assert np.abs(np.array(places) - places[0]).max() < 0.5
    assert np.allclose(np.array(places)[..., 2], build.floor_mm)


@pytest.mark.parametrize(
    "name", [name for name, movement in WORDS.movements.items() if movement.support == "floor"]
)
def test_nothing_sinks_into_the_floor_and_something_rests_on_it(build, name) -> None:
    for at in MOMENTS[::5]:
        pose = posture(State(movement=name, phase=float(at)), WORDS)
        room = room_matrix(build, pose)
        low = [
            float((room[:3, :3] @ spot + room[:3, 3])[2]) - build.floor_mm
            for leg in legs(build, pose).values()
            for spot in (leg.knee, leg.ankle, *leg.sole)
        ]
        assert min(low) > -5.0
        assert min(low) < 60.0  # half a knee's thickness, where one kneels


def test_the_pelvis_drops_as_far_as_the_hip_adducts(build) -> None:
    drop = posture_at(WORDS.movements["trendelenburg"], 0.5, "right")
    level = posture_at(WORDS.movements["single_leg_stance"], 0.5, "right")
    assert level.pelvis.drop_deg == 0.0
    assert drop.pelvis.drop_deg == pytest.approx(10.0)
    assert level.right.abduction_deg - drop.right.abduction_deg == pytest.approx(10.0)
    # In the room the standing thigh is where it was, and the hip of the lifted leg is lower than the other one.
    thighs = [room_matrix(build, found)[:3, :3] @ found.right.rotation()[:, 2] for found in (level, drop)]
    assert np.degrees(np.arccos(np.clip(thighs[0] @ thighs[1], -1.0, 1.0))) < 0.5
    matrix = room_matrix(build, drop)
    left = matrix[:3, :3] @ (build.hip * (-1, 1, 1)) + matrix[:3, 3]
    right = matrix[:3, :3] @ build.hip + matrix[:3, 3]
    assert right[2] - left[2] == pytest.approx(2 * build.hip[0] * np.sin(np.radians(10.0)), abs=1.0)


def test_weakness_goes_from_level_to_dropped() -> None:
    drops = [
        posture(State(movement="trendelenburg", phase=0.5, weakness=weakness), WORDS).pelvis.drop_deg
        for weakness in (0.0, 0.5, 1.0)
    ]
    assert drops == pytest.approx([0.0, 5.0, 10.0])


@pytest.mark.parametrize(
    ("name", "band", "pct"),
    [
        ("adduction", "middle", 115),
        ("adduction", "posterior", 115),
        ("figure_4_supine", "posterior", 135),
        ("figure_4_supine", "middle", 125),
        ("figure_4_standing", "posterior", 135),
        ("pigeon", "posterior", 140),
        ("pigeon", "middle", 130),
        ("pin_stretch_posterior", "posterior", 120),
        ("pin_move_anterior", "anterior", 113),
        ("one_leg_slouch", "middle", 108),
    ],
)
def test_stretches_lengthen_what_they_claim_by_what_their_words_say(anatomy, name, band, pct) -> None:
    assert band in WORDS.movements[name].bands
    assert longest(anatomy, name)[BANDS.index(band)] == pytest.approx(pct, abs=6)


def test_the_words_of_the_clamshell_hold(anatomy) -> None:
    poses = [posture_at(WORDS.movements["clamshell"], at, "right").right.angles_deg for at in (0.0, 0.5)]
    _, abduction, rotation = anatomy.leverage.band_arms(poses[1])[:, BANDS.index("posterior")]
    assert abduction > 0 and rotation > 0  # it lifts the knee, but does not turn it out
    lengths = anatomy.leverage.band_lengths(poses)[:, BANDS.index("posterior")]
    assert lengths[1] < lengths[0]


def test_the_feet_stay_together_in_the_clamshell(build) -> None:
    both = [legs(build, posture_at(WORDS.movements["clamshell"], at, "right")) for at in MOMENTS]
    ankles = np.array([[each["right"].ankle, each["left"].ankle] for each in both])
    assert np.linalg.norm(ankles[:, 0] - ankles[0, 0], axis=1).max() < 8.0
    assert np.linalg.norm(ankles[:, 0] - ankles[:, 1], axis=1).max() < 115.0  # one foot upon the other


def test_a_movement_goes_before_the_action_of_the_band() -> None:
    assert movement_of(State(band="middle"), WORDS).id == "middle_action"
    assert movement_of(State(band="middle", movement="walking"), WORDS).id == "walking"
    assert movement_of(State(movement="no such movement"), WORDS) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("other = { flexion_deg = 86.0 }", "other = { flexion_deg = 130.0 }", "other.flexion_deg 130 is outside"),
        ("knee_deg = 80.0", "knee_deg = 170.0", "knee_deg 170 is outside 0…150"),
        ('bands = ["posterior"]', 'bands = ["hindmost"]', "Invalid enum value 'hindmost'"),
        (
            'position = "seated"',
            'position = "floating"',
            "'floating'; allowed are standing, side-lying, supine, prone, seated",
        ),
        ("drop_deg = 10.0", "drop_deg = 40.0", "pelvis.drop_deg 40 is outside -20…20"),
        (
            "at = 0.1, anterior",
            "at = 0.01, anterior",
            "the times of the activity must increase, but 0.01 follows 0.05",
        ),
        ('compared_with = "single_leg_stance"', 'compared_with = "nothing"', "'nothing' is not in movements.toml"),
    ],
)
def test_faults_are_told_by_file_and_record(tmp_path, old, new, said) -> None:
    folder = Path(shutil.copytree(CONTENT_FOLDER, tmp_path / "content"))
    file = folder / "movements.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        load_words(folder)
    assert any(
        line.startswith("movements.toml, movement '") and said in line for line in str(caught.value).splitlines()
    )


def test_an_empty_file_is_told(tmp_path) -> None:
    folder = Path(shutil.copytree(CONTENT_FOLDER, tmp_path / "content"))
    (folder / "movements.toml").write_text("")
    with pytest.raises(ContentError, match=r"movements.toml: no \[\[movement\]\] records found"):
        load_words(folder)
