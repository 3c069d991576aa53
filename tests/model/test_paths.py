"""Straight lines of pull against derivatives and published tables; files that hold something else."""

import csv

import numpy as np
import pytest

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError, InputError
from hipviz.model.paths import StraightPaths, read_paths
from hipviz.model.pose import NEUTRAL
from hipviz.model.published import load_published

# Moment arms at neutral, flexion / abduction / internal rotation, of OpenSim's Gait2392 and of Dostal and Andrews
# 1981, by the names that the bands have in the tables.
PUBLISHED = {
    "gait2392": {"med1": (-14, 48, 20), "med2": (-22, 44, -7), "med3": (-24, 35, -30)},
    "dostal": {"med_ant": (-8, 67, 23), "med_mid": (-14, 60, 1), "med_post": (-19, 43, -24)},
}
TABLES = {"gait2392": "opensim_gait2392.csv", "dostal": "dostal1981.csv"}


def published(model):
    """Return the lines that the program ships for comparison: the tables check its content as well."""
    return next(found.paths() for found in load_published(load_words().sources) if found.id == model)


@pytest.mark.parametrize("model", PUBLISHED)
def test_published_levers_at_neutral(model):
    _, arms = published(model).measured(NEUTRAL.angles_deg)
    assert arms == pytest.approx(np.array(list(PUBLISHED[model].values())).T, abs=0.6)


@pytest.mark.parametrize("model", PUBLISHED)
def test_published_sweeps_to_a_tenth_of_a_millimetre(model, reference):
    with (reference / "leverage" / TABLES[model]).open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["band"] in PUBLISHED[model]]
    assert len(rows) > 100

    def column(*names):
        return np.array([[float(row[name]) for name in names] for row in rows])

    length, arms = published(model).measured(column("flexion_deg", "abduction_deg", "internal_rotation_deg"))
    which = np.array([list(PUBLISHED[model]).index(row["band"]) for row in rows])
    each = np.arange(len(rows))
    assert np.abs(length[each, which] - column("length_mm")[:, 0]).max() < 0.1
    expected = column("ma_flexion_mm", "ma_abduction_mm", "ma_internal_rotation_mm")
    assert np.abs(arms[each, :, which] - expected).max() < 0.1


def test_a_lever_is_minus_the_derivative_of_length():
    generator = np.random.default_rng(3)
    paths = StraightPaths(tuple("abcdefghij"), *generator.normal(0, 60, (2, 10, 3)))
    poses = generator.uniform(-40, 80, (20, 3))
    _, arms = paths.measured(poses)
    for index, step in enumerate(1e-3 * np.eye(3)):
        before, after = (paths.measured(poses + sign * step)[0] for sign in (-1, 1))
        assert arms[:, index] == pytest.approx((before - after) / np.radians(2e-3), abs=1e-5)


def write(path, *lines):
    path.write_text("name,ox,oy,oz,ix,iy,iz\n" + "\n".join(lines) + "\n")
    return path


def complaint(path):
    with pytest.raises(InputError) as caught:
        read_paths(path)
    said = str(caught.value)
    assert str(path) in said
    assert "\n" not in said
    return said


def test_a_table_from_a_spreadsheet(tmp_path):
    file = tmp_path / "paths.csv"
    file.write_bytes(
        b"\xef\xbb\xbfNote, Name ,ox,oy,oz,ix,iy,iz\r\n"
        b'x,"front, upper",1,2,3, 4 ,5e0,-6\r\n\r\n,rear,0,0,1,0,0,2\r\n'
    )
    paths = read_paths(file)
    assert paths.names == ("front, upper", "rear")
    assert paths.origins.tolist() == [[1, 2, 3], [0, 0, 1]]
    assert paths.insertions.tolist() == [[4, 5, -6], [0, 0, 2]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("b,1,2,x,4,5,6", "line 3 (b): oz: 'x' is not a number"),
        ("b,1,2,,4,5,6", "line 3 (b): oz: the value is missing"),
        ("b,1,nan,3,4,5,6", "line 3 (b): oy: nan is not a finite number"),
        ("b,1,2,3,4,5,-inf", "line 3 (b): iz: -inf is not a finite number"),
        ("b,1,2,3,4,5,6e7", "line 3 (b): iz: 6e+07 is farther than 10 m"),
        ("b,1,2,3,1,2,3", "line 3 (b): origin and insertion are the same point"),
        ("b,1,2,3", "line 3: 4 values, 7 are needed"),
        ("a,1,2,3,4,5,6", "line 3 (a): the name was used before, in line 2"),
        (",1,2,3,4,5,6", "line 3: the name is missing"),
    ],
)
def test_rows_that_are_no_paths(row, said, tmp_path):
    assert said in complaint(write(tmp_path / "paths.csv", "a,0,0,100,50,0,0", row, "c,0,0,90,50,0,0"))


def test_many_faults_are_counted(tmp_path):
    said = complaint(write(tmp_path / "paths.csv", *(f"p{n},1,2,3,4,5,six" for n in range(20))))
    assert said.count("'six' is not a number") == 3
    assert said.endswith("; and 17 more.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("name,ox,oy,oz,ix,iy,iz\n", "holds no paths"),
        ("name,ox,oy,ix,iy\na,1,2,3,4\n", "line 1: no column oz, iz"),
        ("name;ox;oy;oz;ix;iy;iz\na;1;2;3;4;5;6\n", "separated by commas"),
        ("name,ox,oy,oz,ix,iy,iz,ox\n", "the column ox is there twice"),
    ],
)
def test_tables_without_the_columns(text, said, tmp_path):
    file = tmp_path / "paths.csv"
    file.write_text(text)
    assert said in complaint(file)


def test_a_file_that_is_no_text(tmp_path):
    file = tmp_path / "paths.csv"
    file.write_bytes(bytes(range(128, 256)) * 40)
    assert "not a text file" in complaint(file)
    file.write_bytes(b'name,ox,oy,oz,ix,iy,iz\n"a,' + b"1," * 200_000)
    assert "not a table of comma-separated values" in complaint(file)


def test_faults_of_published_lines_are_told_at_once(tmp_path):
    text = (CONTENT_FOLDER / "published.toml").read_text()
    for old, new in (
        ('id = "dostal"', 'id = "nobody"'),
        ("insertion_mm = [55.5, -21.8, -11.7]", "insertion_mm = [37.4, 29.9, 96.5]"),
        ("origin_mm = [-6.9,", "origin_mm = [nan,"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "published.toml").write_text(text)
    with pytest.raises(ContentError) as caught:
        load_published(load_words().sources, tmp_path)
    faults = str(caught.value).splitlines()
    assert faults == [
        "published.toml, model 'gait2392', anterior: origin and insertion are the same point",
        "published.toml, model 'gait2392', middle: a coordinate is not within 10 m; the unit is mm",
        "published.toml, model 'nobody': there is no such source in sources.toml",
    ]
