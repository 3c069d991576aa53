import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import trimesh

from hipviz.cli import main
from hipviz.cli.progress import Progress
from hipviz.model.pose import HipPose

NAMES = {
    "hip_bone_right",
    "hip_bone_left",
    "sacrum",
    "femur_right",
    "femur_left",
    *(f"gluteus_medius_{band}_right" for band in ("anterior", "middle", "posterior")),
    *(f"gluteus_medius_{band}_left" for band in ("anterior", "middle", "posterior")),
    "skin",
}


@pytest.fixture(autouse=True)
def built_once(anatomy, monkeypatch):
    from hipviz.model.anatomy import Anatomy

    monkeypatch.setattr(Anatomy, "load", lambda *args, **kwargs: anatomy)


def measured(line, capsys):
    assert main([*line.split(), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_measure_at_neutral(capsys):
    found = measured("measure", capsys)
    assert found["pose"] == {"flexion_deg": 0.0, "abduction_deg": 0.0, "internal_rotation_deg": 0.0}
    assert found["side"] == "right"
    assert list(found["bands"]) == ["anterior", "middle", "posterior"]
    for band in found["bands"].values():
        assert set(band) == {"length_mm", "relative_length_pct", "volume_cm3", "moment_arm_mm"}
        assert set(band["moment_arm_mm"]) == {"flexion", "abduction", "internal_rotation"}
        assert band["relative_length_pct"] == 100.0
        assert 60.0 < band["length_mm"] < 180.0
        assert band["moment_arm_mm"]["abduction"] > 20.0


def test_measure_says_that_a_band_shortens_in_its_own_movement(capsys):
    found = measured("measure --abduction 35 --side left", capsys)
    assert found["side"] == "left"
    assert found["bands"]["middle"]["relative_length_pct"] < 90.0


def test_the_table_holds_the_same_figures(capsys):
    found = measured("measure --flexion 30", capsys)
    assert main(["measure", "--flexion", "30"]) == 0
    table = capsys.readouterr().out
    assert "right side; flexion 30°" in table
    for band, values in found["bands"].items():
        (line,) = (line for line in table.splitlines() if line.startswith(band))
        assert float(line.split()[1]) == pytest.approx(values["length_mm"], abs=0.051)


def test_meshes_writes_every_structure_in_the_pose(tmp_path, anatomy):
    folder = tmp_path / "new" / "folder"
    assert main(["meshes", str(folder), *["--flexion", "60", "--rotation", "-20", "--side", "left"]]) == 0
    assert {path.stem for path in folder.iterdir()} == NAMES
    assert {path.suffix for path in folder.iterdir()} == {".ply"}

    still = trimesh.load(folder / "femur_right.ply", process=False)
    assert np.allclose(still.vertices, anatomy.surfaces["femur_right"].vertices, atol=1e-3)
    moved = trimesh.load(folder / "femur_left.ply", process=False)
    mirror = np.array([-1.0, 1.0, 1.0])
    centre = anatomy.hip_centre("right")
    expected = (still.vertices - centre) @ HipPose(60.0, 0.0, -20.0).rotation().T + centre
    assert np.allclose(moved.vertices * mirror, expected, atol=1e-2)
    for path in folder.iterdir():
        if path.stem != "skin":
            mesh = trimesh.load(path)
            assert mesh.is_watertight, path.stem
            assert mesh.volume > 0.0, path.stem


@pytest.mark.parametrize("kind", ["stl", "glb"])
def test_other_formats(kind, tmp_path):
    assert main(["meshes", str(tmp_path), "--format", kind]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.{kind}" for name in NAMES}
    mesh = trimesh.load(tmp_path / f"sacrum.{kind}", force="mesh")
    assert 80.0 < np.ptp(mesh.vertices, axis=0).max() < 250.0


def test_snapshot_needs_no_display_and_has_the_size(tmp_path):
    target = tmp_path / "picture.png"
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "HIPVIZ_CACHE": os.environ["HIPVIZ_CACHE"]}
    line = [sys.executable, "-m", "hipviz", "snapshot", str(target), *["--band", "posterior", "--size", "400x300"]]
    ended = subprocess.run(line, env=bare, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    picture = read_png(target)
    assert picture.shape[:2] == (300, 400)


PICTURES = {
    "rest": "--view posterior",
    "again": "--view posterior",
    "band": "--view posterior --band middle",
    "pose": "--view posterior --abduction 30",
    "no skin": "--view posterior --skin 0",
    "lateral": "--view lateral",
    "dark": "--view posterior --theme dark",
    "zones": "--view posterior --band posterior --at 0",
    "no zones": "--view posterior --band posterior --at 0 --no-zones",
    "two": "--view posterior --band posterior --at 0 --beside other-side",
    "end": "--view posterior --band posterior --at 0 --beside end",
}

DRAW = """
import functools, json, sys
from hipviz.cli import main
from hipviz.model.anatomy import Anatomy
Anatomy.load = functools.cache(Anatomy.load)
for target, line in json.load(sys.stdin).items():
    if main(["snapshot", target, "--size", "240x180", "--no-labels", *line.split()]):
        sys.exit(1)
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Return small pictures by name, drawn in a process of their own: this one belongs to the window's tests."""
    folder = tmp_path_factory.mktemp("pictures")
    wishes = {str(folder / f"{name}.png"): line for name, line in PICTURES.items()}
    ended = subprocess.run(
        [sys.executable, "-c", DRAW], input=json.dumps(wishes), capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    return {name: read_png(folder / f"{name}.png")[..., :3].astype(float) for name in PICTURES}


def test_two_pictures_stand_beside_each_other(pictures):
    def halves(name):
        below = pictures[name][30:]  # of the strip with the names
        return below[:, :118], below[:, -118:]

    left, right = halves("two")
    # But for the lamps, which stand where they are.
    assert np.abs(left - right[:, ::-1]).mean() < 0.3 * np.abs(left - right).mean()
    left, right = halves("end")
    assert np.abs(left - right).mean() > 4.0


def test_the_same_words_make_the_same_picture(pictures):
    assert np.abs(pictures["again"] - pictures["rest"]).max() == 0.0


@pytest.mark.parametrize("name", ["band", "pose", "no skin", "lateral", "dark"])
def test_every_option_changes_the_picture(name, pictures):
    assert np.abs(pictures[name] - pictures["rest"]).mean() > 0.5


def test_zones_redden_the_skin(pictures):
    def redness(picture):
        return picture[..., 0] - picture[..., 1]

    assert (redness(pictures["zones"]) - redness(pictures["no zones"]) > 30.0).mean() > 0.005


def read_png(path):
    from PySide6.QtGui import QImage

    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()].copy()


def test_quick_work_is_silent_and_slow_work_is_told(capsys, monkeypatch):
    from hipviz.cli import progress

    with Progress() as tell:
        tell("Reading", 0.0)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    with Progress() as tell:
        tell("Reading", 0.0)
        tell._timer.join()
        tell("Laying the muscle on the bones", 0.25)
        tell("Laying the muscle on the bones", 0.35)
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == "Laying the muscle on the bones … 25%", "a log has a line per step, not one per cent"


def test_a_request_to_stop_waits_for_the_next_step():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), Progress() as tell:
        tell("Reading", 0.0)
        signal.raise_signal(signal.SIGTERM)
        work_is_not_torn = True
        tell("Drawing", 0.5)
    assert work_is_not_torn
    assert signal.getsignal(signal.SIGTERM) is before
