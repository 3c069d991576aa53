"""One test per kind of bad input, through the program as a person meets it.

Each ends in one clear message with file and record, exit code 1 (2 for wrong use), and leaves the file as it was.
"""

import hashlib
import shutil
from pathlib import Path

import pytest

from hipviz.cli import main
from hipviz.model import anatomy, content, trigger_points
from hipviz.model.assets import meshes_folder
from hipviz.model.errors import ContentError


@pytest.fixture
def meshes(tmp_path, monkeypatch):
    """A copy of the shipped meshes that the program reads in place of them."""
    folder = shutil.copytree(meshes_folder(), tmp_path / "meshes")
    monkeypatch.setenv("HIPVIZ_MESHES", str(folder))
    return folder


@pytest.fixture
def words(tmp_path):
    return Path(shutil.copytree(content.CONTENT_FOLDER, tmp_path / "content"))


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def complaint(folder, capsys):
    """Return what `hipviz measure` says about a damaged folder, having checked that it left all files alone."""
    before = digests(folder)
    assert main(["measure"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert digests(folder) == before
    said = [line for line in printed.err.splitlines() if line.startswith("hipviz: ")]
    assert len(said) == 1
    assert "Traceback" not in printed.err
    return said[0]


def test_a_truncated_mesh(meshes, capsys):
    femur = meshes / "femur.ply"
    femur.write_bytes(femur.read_bytes()[: femur.stat().st_size // 2])
    said = complaint(meshes, capsys)
    assert str(femur) in said
    assert "cut short" in said


def test_a_vertex_that_is_not_a_number(meshes, capsys):
    sacrum = meshes / "sacrum.ply"
    lines = sacrum.read_text().splitlines()
    first = lines.index("end_header") + 1
    lines[first] = "nan 0 0"
    sacrum.write_text("\n".join(lines) + "\n")
    said = complaint(meshes, capsys)
    assert str(sacrum) in said
    assert "vertex 0 is not a number" in said


def test_a_mesh_in_metres(meshes, capsys):
    bone = meshes / "hip_bone.ply"
    lines = bone.read_text().splitlines()
    first = lines.index("end_header") + 1
    count = next(int(line.split()[2]) for line in lines if line.startswith("element vertex"))
    for row in range(first, first + count):
        lines[row] = " ".join(f"{float(value) / 1000:.7f}" for value in lines[row].split())
    bone.write_text("\n".join(lines) + "\n")
    said = complaint(meshes, capsys)
    assert str(bone) in said
    assert "another unit" in said


def test_a_manifest_with_another_unit(meshes, capsys):
    edit(meshes / "manifest.toml", 'unit = "mm"', 'unit = "m"')
    said = complaint(meshes, capsys)
    assert "manifest.toml: unit is 'm'" in said


def test_an_unknown_key_in_the_manifest(meshes, capsys):
    edit(meshes / "manifest.toml", "unit = ", 'colour = "ivory"\nunit = ')
    said = complaint(meshes, capsys)
    assert "manifest.toml" in said
    assert "colour" in said


@pytest.mark.parametrize(
    "name", ["hip_bone.ply", "femur.ply", "sacrum.ply", "skin.ply", "manifest.toml", "landmarks.toml"]
)
def test_a_missing_file(name, meshes, capsys):
    (meshes / name).unlink()
    said = complaint(meshes, capsys)
    assert name in said


def test_a_missing_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HIPVIZ_MESHES", str(tmp_path / "nowhere"))
    assert main(["measure"]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_content_faults_are_all_told(words, monkeypatch, capsys):
    edit(words / "bands.toml", "number = 1", 'number = 1\ncolour = "red"')
    edit(words / "bands.toml", 'movement = "middle_action"\n', "")
    monkeypatch.setattr(anatomy, "CONTENT_FOLDER", words)
    monkeypatch.setattr(anatomy, "load_words", lambda: content.load_words(words))
    assert main(["measure"]) == 1
    said = capsys.readouterr().err
    assert "bands.toml, band 'anterior': unknown key 'colour'" in said
    assert "bands.toml, band 'middle': 'movement' is missing" in said


def test_a_zone_stronger_than_1(words):
    file = words / "trigger_points.toml"
    edit(file, "[point.essential]\nstrength = 1.0\n", "[point.essential]\nstrength = 1.4\n")
    with pytest.raises(ContentError, match=r"trigger_points.toml, point '.*': 'essential.strength'.*<= 1"):
        trigger_points.load_trigger_points(folder=words)


def test_damaged_settings_are_set_aside_and_told(tmp_path):
    from hipviz.model.state import State
    from hipviz.ui.settings import load_settings

    file = tmp_path / "settings.json"
    file.write_text('{"state": {"side": "middle"')
    settings, notice = load_settings(file)
    assert settings.state == State()
    assert "damaged" in notice
    assert not file.exists()
    (aside,) = tmp_path.iterdir()
    assert aside.read_text() == '{"state": {"side": "middle"'


def test_a_picture_that_cannot_be_written(tmp_path, capsys):
    assert main(["snapshot", str(tmp_path / "nowhere" / "picture.png")]) == 1
    assert "nowhere" in capsys.readouterr().err
    (tmp_path / "folder.png").mkdir()
    assert main(["snapshot", str(tmp_path / "folder.png")]) == 1
    assert "it is a folder" in capsys.readouterr().err
    assert main(["snapshot", str(tmp_path / "picture.jpg")]) == 2
    assert "must end in .png" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["meshes", str(tmp_path / "file")]) == 1
    assert "cannot be made" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "in the way"


def test_an_angle_out_of_range(capsys):
    assert main(["measure", "--abduction", "90"]) == 2
    assert "abduction 90° is outside the range of motion, -25° to 45°" in capsys.readouterr().err
