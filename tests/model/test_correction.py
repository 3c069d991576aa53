"""What is put right by hand: where pelvis, hip centre and femur are afterwards, in the files and in the skin."""

import shutil

import msgspec
import numpy as np
import pytest

from hipviz.model.assets import (
    BoneRecord,
    SpecimenRecord,
    load_bones,
    meshes_folder,
    read_manifest,
    write_manifest,
)
from hipviz.model.correction import NO_CORRECTION, Correction
from hipviz.model.errors import AssetError
from hipviz.model.landmarks import read_landmarks, write_landmarks

OUTWARDS = np.array([2.0, 0.0, 0.0])
CORRECTION = Correction(tilt_deg=6.0, outwards_mm=2.0, forwards_mm=-3.0, upwards_mm=4.0)


@pytest.fixture
def folder(tmp_path):
    """Return the default adult's bones as those of a specimen that was corrected by hand."""
    target = tmp_path / "someone"
    shutil.copytree(meshes_folder(), target)
    manifest = read_manifest(target / "manifest.toml")
    record = SpecimenRecord(
        created="2026-01-02",
        hip_centre="socket",
        socket_radius_mm=25.0,
        bones={"hip_bone": BoneRecord(source="scan", scale=1.0)},
        correction=CORRECTION,
    )
    write_manifest(target / "manifest.toml", msgspec.structs.replace(manifest, specimen=record))
    return target


def test_the_pelvis_tilts_and_the_hip_centre_moves_in_it(folder):
    made, put_right = load_bones(folder, NO_CORRECTION), load_bones(folder)
    centre = put_right.position("femoral_head_centre")
    np.testing.assert_allclose(centre, made.position("femoral_head_centre") + OUTWARDS, atol=0.01)

    def front(bones):
        way = bones.position("asis") - bones.position("pubic_tubercle")
        return np.degrees(np.arctan2(way[1], way[2]))

    assert front(put_right) - front(made) == pytest.approx(6.0, abs=1e-6)
    # In the pelvis, the centre went 2 mm outwards, 3 backwards and 4 up, whatever the tilt.
    before = made.position("promontory") - made.position("femoral_head_centre")
    after = put_right.position("promontory") - centre
    tilt = np.radians(6.0)
    turned = np.array(
        [
            before[0],
            np.cos(tilt) * before[1] + np.sin(tilt) * before[2],
            np.cos(tilt) * before[2] - np.sin(tilt) * before[1],
        ]
    )
    np.testing.assert_allclose(after, turned - [2.0, -3.0, 4.0], atol=0.01)
    assert np.allclose(put_right.cages["sacrum"].vertices[:, 0], made.cages["sacrum"].vertices[:, 0])


def test_the_files_stay_as_they_were_made(folder):
    bones = load_bones(folder)
    assert not bones.notes
    assert load_bones(folder, NO_CORRECTION).cages["femur"].vertices == pytest.approx(
        load_bones().cages["femur"].vertices
    )
    text = (folder / "manifest.toml").read_text()
    assert "[specimen.correction]" in text
    (folder / "manifest.toml").write_text(text.replace("tilt_deg = 6.0", "tilt_deg = 0.5"))
    assert load_bones(folder).manifest.specimen.correction.tilt_deg == 0.5


def test_a_correction_out_of_range_is_refused_with_its_place(folder):
    path = folder / "manifest.toml"
    path.write_text(path.read_text().replace("upwards_mm = 4.0", "upwards_mm = 400.0"))
    with pytest.raises(AssetError, match="correction"):
        load_bones(folder)


def test_the_skin_is_carried_along(folder):
    from hipviz.model.skin import FILE, read_half
    from hipviz.model.specimen_skin import rewarped_half

    own = load_bones(folder)
    before, after = read_half(folder / FILE), rewarped_half(own)
    near = np.linalg.norm(before.vertices - own.position("asis"), axis=1).argmin()
    moved = after.vertices[near] - before.vertices[near]
    expected = own.position("asis") - load_bones(folder, NO_CORRECTION).position("asis")
    assert np.linalg.norm(moved - expected) < 4.0
    assert np.linalg.norm(expected) > 7.0


def test_a_specimen_from_before_a_landmark_was_added_has_it_too(folder):
    path = folder / "landmarks.toml"
    own = read_landmarks(path, None)
    gone = own.curves.pop("iliac_crest")
    write_landmarks(path, own)
    bones = load_bones(folder, NO_CORRECTION)
    np.testing.assert_allclose(bones.curve("iliac_crest"), load_bones().curve("iliac_crest"), atol=1e-9)
    assert gone.bone == "hip_bone"
    manifest = folder / "manifest.toml"
    record = read_manifest(manifest)
    femur = msgspec.structs.replace(record.meshes["femur"], faces_sha256="other")
    write_manifest(manifest, msgspec.structs.replace(record, meshes={**record.meshes, "femur": femur}))
    with pytest.raises(AssetError):
        load_bones(folder)
