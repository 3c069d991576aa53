import shutil

import numpy as np
import pytest

from hipviz.model.assets import load_bones, meshes_folder
from hipviz.model.bone_maker import check, rebind
from hipviz.model.checks import inspect
from hipviz.model.errors import AssetError, HipvizError
from hipviz.model.joint import joint_space_mm
from hipviz.model.ply import read_ply, write_ply
from hipviz.model.pose import RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.surface import Surface


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "meshes"
    shutil.copytree(meshes_folder(), copy)
    return copy


def edited(path, change):
    surface = read_ply(path)
    vertices = surface.vertices.copy()
    write_ply(path, Surface(change(vertices), surface.faces))


@pytest.mark.parametrize(("name", "holes"), [("hip_bone", 1), ("femur", 0), ("sacrum", 8)])
@pytest.mark.parametrize("level", [2, 3])
def test_shipped_bones_are_sound(bones, name, holes, level):
    found = inspect(bones.surface(name, level))
    assert found.sound
    assert found.genus == holes
    assert found.folds == 0
    assert 300 <= len(bones.cages[name].vertices) <= 400


def test_shipped_files_are_as_the_manifest_says(bones):
    assert bones.notes == ()


def test_head_keeps_clear_of_the_socket_at_every_angle(bones):
    generator = np.random.default_rng(3)
    ranges = RANGE_OF_MOTION_DEG.values()
    poses = [HipPose(*(generator.uniform(low, high) for low, high in ranges)) for _ in range(12)]
    poses += [HipPose(**{angle: end}) for angle, ends in RANGE_OF_MOTION_DEG.items() for end in ends]
    centre = bones.position("femoral_head_centre")
    spaces = joint_space_mm(bones.surface("hip_bone"), bones.surface("femur"), centre, poses)
    assert spaces.min() > 1.0
    assert spaces.max() < 4.0


def test_surfaces_are_kept(bones):
    assert bones.surface("femur", 2) is bones.surface("femur", 2)
    assert len(bones.surface("femur").faces) == 64 * len(bones.cages["femur"].faces)


def test_an_edited_bone_is_loaded_and_noted_and_its_landmarks_move_along(folder, bones):
    edited(folder / "hip_bone.ply", lambda vertices: vertices + np.array([0.0, 0.0, 5.0]))
    moved = load_bones(folder)
    assert moved.notes == ("hip_bone.ply has been edited since it was made.",)
    assert np.allclose(moved.position("asis") - bones.position("asis"), [0.0, 0.0, 5.0], atol=1e-3)


def test_binary_files_of_modelling_programs_are_read(folder, bones):
    import trimesh

    surface = read_ply(folder / "femur.ply")
    mesh = trimesh.Trimesh(surface.vertices, surface.faces, process=False)
    mesh.visual.vertex_colors = [200, 180, 150, 255]
    mesh.export(folder / "femur.ply", encoding="binary", vertex_normal=True)
    assert np.allclose(load_bones(folder).cages["femur"].vertices, bones.cages["femur"].vertices, atol=1e-3)


def test_other_triangles_ask_for_rebinding_which_keeps_the_places(folder, bones):
    surface = read_ply(folder / "sacrum.ply")
    write_ply(folder / "sacrum.ply", Surface(surface.vertices, surface.faces[::-1].copy()))
    with pytest.raises(AssetError, match="--rebind"):
        load_bones(folder)
    rebind(folder)
    again = load_bones(folder)
    assert again.notes == ()
    assert np.allclose(again.position("promontory"), bones.position("promontory"), atol=0.02)


def test_a_close_look_finds_a_self_intersection(folder):
    def pierced(vertices):
        vertices[np.argmax(vertices[:, 0])] -= [120.0, 0.0, 0.0]
        return vertices

    edited(folder / "hip_bone.ply", pierced)
    with pytest.raises(HipvizError, match="hip_bone is not sound"):
        check(folder)


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def not_a_number(path):
    header, body = path.read_text().split("end_header\n")
    path.write_text(f"{header}end_header\nnan{body[body.index(' ') :]}")


def one_face_less(path):
    surface = read_ply(path)
    write_ply(path, Surface(surface.vertices, surface.faces[1:]))


def inside_out(path):
    surface = read_ply(path)
    write_ply(path, Surface(surface.vertices, surface.faces[:, ::-1]))


def wrong_index(path):
    lines = path.read_text().splitlines()
    lines[-1] = "3 0 1 99999"
    path.write_text("\n".join(lines))


def quads(path):
    lines = path.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("3 "))
    lines[start:] = [f"4 {line.split(' ', 1)[1]} 0" for line in lines[start:]]
    path.write_text("\n".join(lines))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.unlink(), "cannot be read"),
        (truncate, "cut short"),
        (lambda path: path.write_bytes(b"solid bone\n"), "not a PLY"),
        (lambda path: path.write_bytes(b""), "not a PLY"),
        (not_a_number, "not a number"),
        (one_face_less, "not a closed surface"),
        (inside_out, "inside out"),
        (wrong_index, "vertices it does not have"),
        (quads, "not triangles"),
        (lambda path: edited(path, lambda vertices: vertices / 1000.0), "another unit"),
        (lambda path: edited(path, lambda vertices: vertices * 100.0), "another unit"),
    ],
)
def test_a_damaged_bone_ends_in_one_sentence_naming_the_file(folder, damage, words):
    damage(folder / "femur.ply")
    with pytest.raises(AssetError, match=words) as caught:
        load_bones(folder)
    assert "femur.ply" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('unit = "mm"', 'unit = "cm"'), "unit is 'cm'"),
        (('frame = "RAS"', 'frame = "LPS"'), "frame is 'LPS'"),
        (("subdivision_level = 3", "subdivision_level = 9"), "subdivision_level is 9"),
        (("subdivision_level", "level"), "level"),
        (('unit = "mm"', "unit = mm"), "not valid TOML"),
        (("[meshes.femur]", "[meshes.tibia]"), "does not list femur"),
        (("genus = 1", "genus = 2"), "through-holes"),
    ],
)
def test_a_wrong_manifest_ends_in_one_sentence_naming_the_entry(folder, change, words):
    path = folder / "manifest.toml"
    path.write_text(path.read_text().replace(*change, 1))
    with pytest.raises(AssetError, match=words):
        load_bones(folder)


def test_missing_files_are_named(folder, monkeypatch, tmp_path):
    (folder / "landmarks.toml").unlink()
    with pytest.raises(AssetError, match=r"landmarks\.toml"):
        load_bones(folder)
    monkeypatch.setenv("HIPVIZ_MESHES", str(tmp_path / "nowhere"))
    with pytest.raises(AssetError, match="HIPVIZ_MESHES"):
        meshes_folder()
