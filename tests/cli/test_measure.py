"""`measure` on straight paths and over sweeps; a large table and tables that hold something else."""

import csv
import io
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from hipviz.cli import main

HEADER = "name,ox,oy,oz,ix,iy,iz"
# OpenSim's Gait2392, RAS.
GAIT2392 = """anterior,37.4,29.9,96.5,55.5,-21.8,-11.7
middle,-6.9,-14.8,110.6,52.7,-25.8,-5.8
posterior,-18.7,-51.6,76.6,51.8,-30.9,-4.7
"""
SWEEP = ["--sweep", "flexion", "-20", "90", "5"]
COLUMNS = [
    "name",
    "flexion_deg",
    "abduction_deg",
    "internal_rotation_deg",
    "length_mm",
    "ma_flexion_mm",
    "ma_abduction_mm",
    "ma_internal_rotation_mm",
]


@pytest.fixture
def paths(tmp_path):
    file = tmp_path / "paths.csv"
    file.write_text(f"{HEADER}\n{GAIT2392}")
    return str(file)


def printed(line, capsys):
    assert main(line) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def table(text):
    rows = list(csv.DictReader(io.StringIO(text)))
    return [{name: value if name == "name" else float(value) for name, value in row.items()} for row in rows]


def test_paths_as_json(paths, capsys):
    found = json.loads(printed(["measure", "--paths", paths, "--flexion", "90", "--json"], capsys))
    assert found["pose"] == {"flexion_deg": 90.0, "abduction_deg": 0.0, "internal_rotation_deg": 0.0}
    assert list(found["paths"]) == ["anterior", "middle", "posterior"]
    assert set(found["paths"]["middle"]) == {"length_mm", "moment_arm_mm"}
    for name, arm in (("anterior", 51), ("middle", 38), ("posterior", 24)):
        assert found["paths"][name]["moment_arm_mm"]["internal_rotation"] == pytest.approx(arm, abs=0.6)


def test_paths_as_a_table(paths, capsys):
    text = printed(["measure", "--paths", paths], capsys)
    assert "flexion 0°, abduction 0°, internal rotation 0°" in text
    (line,) = (line for line in text.splitlines() if line.startswith("anterior"))
    assert line.split()[1:] == ["121.3", "-14.5", "47.8", "20.4"]


def test_a_sweep_of_paths(paths, tmp_path, capsys):
    target = tmp_path / "out.csv"
    assert printed(["measure", "--paths", paths, *SWEEP, "--csv", str(target)], capsys) == ""
    assert target.read_text().splitlines()[0].split(",") == COLUMNS
    rows = table(target.read_text())
    assert len(rows) == 23 * 3
    assert [row["flexion_deg"] for row in rows[::3]] == list(range(-20, 91, 5))
    first = {row["flexion_deg"]: row for row in rows if row["name"] == "anterior"}
    assert first[-20]["length_mm"] == pytest.approx(115.30, abs=0.1)
    assert first[-20]["ma_flexion_mm"] == pytest.approx(-19.58, abs=0.1)
    assert first[10]["ma_internal_rotation_mm"] == pytest.approx(27.36, abs=0.1)


def test_a_sweep_keeps_the_other_angles(paths, capsys):
    text = printed(
        ["measure", "--paths", paths, "--flexion", "90", "--sweep", "rotation", "-40", "39", "20"], capsys
    )
    rows = table(text)
    assert {row["flexion_deg"] for row in rows} == {90.0}
    assert sorted({row["internal_rotation_deg"] for row in rows}) == [-40.0, -20.0, 0.0, 20.0]


def test_a_sweep_of_the_bands_says_what_a_pose_says(anatomy, monkeypatch, tmp_path, capsys):
    from hipviz.model.anatomy import Anatomy

    monkeypatch.setattr(Anatomy, "load", lambda *args, **kwargs: anatomy)
    target = tmp_path / "out.csv"
    assert main(["measure", *SWEEP, "--csv", str(target)]) == 0
    rows = table(target.read_text())
    assert len(rows) == 23 * 3
    assert main(["measure", "--flexion", "30", "--json"]) == 0
    bands = json.loads(capsys.readouterr().out)["bands"]
    for row in rows:
        if row["flexion_deg"] == 30.0:
            assert row["length_mm"] == pytest.approx(bands[row["name"]]["length_mm"], abs=1e-3)
            for angle, arm in bands[row["name"]]["moment_arm_mm"].items():
                assert row[f"ma_{angle}_mm"] == pytest.approx(arm, abs=1e-3)


def test_a_hundred_thousand_paths_take_about_a_second(tmp_path):
    generator = np.random.default_rng(1)
    file = tmp_path / "many.csv"
    numbers = generator.uniform(-150, 150, (100_000, 6)).round(2).tolist()
    file.write_text(f"{HEADER}\n" + "\n".join(f"p{n}," + ",".join(map(str, row)) for n, row in enumerate(numbers)))
    line = [sys.executable, "-m", "hipviz", "measure", "--paths", str(file), "--flexion", "20", "--json"]
    before = os.times()
    ended = subprocess.run(line, capture_output=True, timeout=60)
    after = os.times()
    assert ended.returncode == 0, ended.stderr
    assert len(json.loads(ended.stdout)["paths"]) == 100_000
    # Its own processor time, start included: other processes may be busy beside it.
    assert after.children_user - before.children_user < 2.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,ox,oy,oz,ix,iy\na,1,2,3,4,5\n", "line 1: no column iz"),
        (f"{HEADER}\n{GAIT2392}d,1,2,3,4,five,6\n", "line 5 (d): iy: 'five' is not a number"),
        (f"{HEADER}\nd,1,2,3,4,NaN,6\n{GAIT2392}", "line 2 (d): iy: nan is not a finite number"),
        (f"{HEADER}\nd,1,2,3,1,2,3\n{GAIT2392}", "line 2 (d): origin and insertion are the same point"),
        ("", "is empty"),
    ],
)
@pytest.mark.parametrize("sweep", [[], [*SWEEP, "--csv"]])
def test_tables_that_cannot_be_measured(text, said, sweep, tmp_path, capsys):
    file, target = tmp_path / "paths.csv", tmp_path / "out.csv"
    file.write_text(text)
    assert main(["measure", "--paths", str(file), *sweep, *([str(target)] if sweep else [])]) == 1
    captured = capsys.readouterr()
    assert said in captured.err
    assert str(file) in captured.err
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [file]


def test_a_table_that_is_not_there(tmp_path, capsys):
    assert main(["measure", "--paths", str(tmp_path / "none.csv")]) == 1
    assert f"'{tmp_path / 'none.csv'}': No such file" in capsys.readouterr().err
