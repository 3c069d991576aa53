import numpy as np
import pytest

from hipviz.cli import main
from hipviz.model import bone_set
from hipviz.model.assets import load_bones, shipped_folder
from hipviz.model.ply import write_ply


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "scan.ply"
    write_ply(path, load_bones().surface("hip_bone", 1))
    return path


def copied(target):
    target.mkdir()
    for file in shipped_folder().iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_nothing_is_overwritten_without_being_asked(scan, tmp_path, capsys):
    there = tmp_path / "mine"
    there.mkdir()
    (there / "thesis.txt").write_text("years of work")
    assert main(["bones", "fit", str(there), "--hip-bone", str(scan)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["bones", "fit", str(there), "--hip-bone", str(scan), "--replace"]) in (1, 2)
    assert names(there) == ["thesis.txt"]
    assert names(tmp_path) == ["mine", "scan.ply"]


def test_a_folder_that_is_no_specimen_is_never_replaced(scan, tmp_path, capsys):
    there = copied(tmp_path / "meshes")
    before = names(there)
    assert main(["bones", "fit", str(there), "--hip-bone", str(scan), "--replace"]) == 2
    assert "no specimen" in capsys.readouterr().err
    assert names(there) == before


@pytest.mark.parametrize("fault", [KeyboardInterrupt, MemoryError])
def test_stopping_leaves_no_folder_behind(fault, scan, tmp_path, monkeypatch, capsys):
    def stopped(*args, **kwargs):
        raise fault

    monkeypatch.setattr(bone_set, "fit_bone", stopped)
    assert main(["bones", "fit", str(tmp_path / "new"), "--hip-bone", str(scan)]) != 0
    assert names(tmp_path) == ["scan.ply"]
    assert len(capsys.readouterr().err.splitlines()) >= 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rest", b"solid nothing\nendsolid"])
def test_a_bad_scan_ends_in_one_sentence(content, tmp_path, capsys):
    path = tmp_path / "bad.stl"
    path.write_bytes(content)
    assert main(["bones", "fit", str(tmp_path / "new"), "--hip-bone", str(path)]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert names(tmp_path) == ["bad.stl"]


def test_check_finds_nothing_in_the_shipped_bones(capsys):
    assert main(["bones", "check", str(shipped_folder())]) == 0
    assert "No faults." in capsys.readouterr().out


def test_check_counts_faults(tmp_path, capsys):
    there = copied(tmp_path / "edited")
    bones = load_bones(there)
    cage = bones.surface("sacrum", 0)
    write_ply(there / "sacrum.ply", cage.moved(cage.vertices + np.array([20.0, 0.0, 0.0])))
    assert main(["bones", "check", str(there)]) == 1
    told = capsys.readouterr().out
    assert "20 mm beside the midline" in told
    assert "1 fault found." in told
    assert "sacrum.ply has been edited" in told
    assert main(["bones", "check", str(tmp_path / "nowhere")]) == 1


def test_a_specimen_is_measured_beside_the_shipped_adult(tmp_path, monkeypatch, capsys, anatomy):
    from hipviz.model.anatomy import Anatomy

    chosen = []
    monkeypatch.setattr(Anatomy, "load", lambda folder, progress: chosen.append(folder) or anatomy)
    there = copied(tmp_path / "mine")
    assert main(["measure", "--specimen", str(there)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("anterior")]
    assert len(rows) == 2
    assert rows[0] == rows[1]
    assert chosen == [there]


def test_a_folder_without_bones_is_no_specimen(tmp_path, capsys):
    assert main(["measure", "--specimen", str(tmp_path)]) == 2
    assert "hipviz bones fit" in capsys.readouterr().err
