import numpy as np
import pytest

from hipviz.model.cage import Cage
from hipviz.model.content import load_words
from hipviz.model.errors import AssetError
from hipviz.model.landmarks import Landmarks, bound, read_landmarks, rebound, write_landmarks, write_places
from hipviz.model.nearest import nearest_on


@pytest.fixture
def cages(ball_cage):
    return {"ball": ball_cage()}


def test_the_adult_has_the_published_breadth(bones):
    assert 2 * bones.position("asis")[0] == pytest.approx(238.0, abs=0.05)


def test_the_femur_stands_at_neutral(bones):
    """The hip centre lies on the x axis and the knee straight below it: the axis of rotation is z."""
    hip, knee = bones.position("femoral_head_centre"), bones.position("knee_centre")
    assert np.allclose(hip[1:], 0.0, atol=0.03)
    assert hip[0] == pytest.approx(91.4, abs=0.5)
    assert np.allclose((knee - hip)[:2], 0.0, atol=0.1)
    middle = (bones.position("lateral_condyle_centre") + bones.position("medial_condyle_centre")) / 2
    assert np.linalg.norm(middle - knee) < 1.0


def test_landmarks_lie_on_their_bones(bones):
    for name, spot in bones.landmarks.points.items():
        gap = nearest_on(bones.surface(spot.bone), bones.position(name)[None]).distances[0]
        assert gap < 0.01, name


def test_landmarks_lie_as_anatomy_has_them(bones):
    at = bones.positions()
    assert at["crest_highest"][2] > at["iliac_tubercle"][2] > at["asis"][2] > at["aiis"][2]
    assert at["psis"][1] < at["crest_highest"][1] < at["asis"][1]
    assert at["greater_trochanter_lateral"][0] > at["asis"][0] > at["lesser_trochanter"][0]
    assert at["promontory"][1] > at["sacrum_centre"][1]
    assert abs(at["coccyx_tip"][0]) < 2.0
    assert at["lateral_epicondyle"][0] - at["medial_epicondyle"][0] == pytest.approx(75, abs=4)


def test_every_label_has_its_place(bones):
    assert set(load_words().landmarks) <= set(bones.positions())


def test_gluteal_lines_lie_on_the_outer_side_one_before_the_other(bones):
    posterior, anterior, inferior = (
        bones.curve(f"{word}_gluteal_line") for word in ("posterior", "anterior", "inferior")
    )
    assert posterior[:, 1].max() < anterior[:, 1].min()
    assert inferior[:, 2].max() < anterior[:, 2].max()
    normals = bones.surface("hip_bone").normals()
    nearest = nearest_on(bones.surface("hip_bone"), anterior)
    outward = normals[bones.surface("hip_bone").faces[nearest.triangles, 0]]
    assert (outward[:, 0] > 0.3).all()


def test_the_anterior_gluteal_line_parts_the_origins_of_medius_and_minimus(bones):
    """Seen from the side it runs under the one and over the other, from the crest behind the ASIS to the notch."""
    line = bones.curve("anterior_gluteal_line")
    for _, y, z in line:
        for muscle, edge, sign in (("medius", "lower", 1.0), ("minimus", "upper", -1.0)):
            other = bones.curve(f"gluteus_{muscle}_origin_{edge}")[:, 1:]
            within = other[:, 0].min() < y < other[:, 0].max()
            height = np.interp(y, other[::-1, 0], other[::-1, 1])
            assert not within or sign * (height - z) > 1.0, (muscle, y, z)
    assert 10.0 < np.linalg.norm(line[0] - bones.positions()["asis"]) < 45.0
    assert np.linalg.norm(line[-1] - bones.positions()["greater_sciatic_notch_apex"]) < 20.0


def test_a_written_file_reads_back_the_same_and_is_stable(tmp_path, cages):
    grid = np.stack(np.meshgrid([-5.0, 0.0, 5.0], [-4.0, 4.0], indexing="xy"), axis=-1)
    grid = np.concatenate([grid, np.full((2, 3, 1), 30.0)], axis=2)
    landmarks = Landmarks(
        points={"top": bound(cages, "ball", np.array([0.0, 0.0, 40.0]), 'the "highest" place')},
        centres={"middle": bound(cages, "ball", np.concatenate([40 * np.eye(3), -40 * np.eye(3)]), fit="sphere")},
        patches={"cap": bound(cages, "ball", grid)},
    )
    path = tmp_path / "landmarks.toml"
    write_landmarks(path, landmarks)
    text = path.read_text()
    again = read_landmarks(path, cages)
    assert again == landmarks
    write_landmarks(path, again)
    assert path.read_text() == text
    assert again.patch(cages, "cap").shape == (2, 3, 3)
    assert np.linalg.norm(again.position(cages, "top")[:2]) < 0.01
    assert np.allclose(again.position(cages, "middle"), 0.0, atol=0.3)


def test_places_are_added_without_touching_the_others(tmp_path, cages):
    path = tmp_path / "landmarks.toml"
    write_landmarks(path, Landmarks(points={"top": bound(cages, "ball", np.array([0.0, 0.0, 30.0]))}))
    line = bound(cages, "ball", np.array([[30.0, 0.0, 0.0], [20.0, 20.0, 0.0]]))
    write_places(path, "curves", {"line": line}, cages)
    landmarks = read_landmarks(path, cages)
    assert landmarks.curve(cages, "line").shape == (2, 3)
    assert "top" in landmarks.points


def test_landmarks_follow_a_cage_with_other_triangles(cages):
    landmarks = Landmarks(points={"top": bound(cages, "ball", np.array([3.0, 2.0, 40.0]))})
    finer = cages["ball"].subdivided(1)
    other = {"ball": Cage(finer.vertices, finer.faces)}
    before = landmarks.position(cages, "top")
    after = rebound(landmarks, other, ("ball",)).position(other, "top")
    assert np.linalg.norm(after - before) < 0.1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("triangles = [", "triangles = [99999, "), "unequal numbers"),
        (('bone = "ball"', 'bone = "skull"'), "skull"),
        (("weights = [[", "weights = [[0.5 +"), "not valid TOML"),
        (("at = [", "art = [0.0], at2 = ["), "landmarks.toml"),
        (("[points.top]", "[spots.top]"), "spots"),
    ],
)
def test_faults_name_the_file_and_the_record(tmp_path, cages, change, words):
    path = tmp_path / "landmarks.toml"
    write_landmarks(path, Landmarks(points={"top": bound(cages, "ball", np.array([0.0, 0.0, 30.0]))}))
    path.write_text(path.read_text().replace(*change, 1))
    with pytest.raises(AssetError, match=words) as caught:
        read_landmarks(path, cages)
    assert "landmarks.toml" in str(caught.value)


def test_an_unknown_name_is_an_error_for_people(bones):
    with pytest.raises(AssetError, match="no point 'nose'"):
        bones.position("nose")
