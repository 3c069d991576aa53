"""Bones of a made-up person: the shipped ones in another size, shape, unit, frame and, for the hip bone, side."""

import datetime
import tomllib
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from hipviz.model import bone_fit
from hipviz.model.assets import load_bones
from hipviz.model.bone_fit import fit_bone
from hipviz.model.bone_set import Given, fit_set, read_places
from hipviz.model.cage import place
from hipviz.model.correction import corrected
from hipviz.model.errors import UsageError
from hipviz.model.joint import joint_space_mm
from hipviz.model.landmarks import Landmarks, read_landmarks, write_landmarks
from hipviz.model.placement import sphere_through, turned
from hipviz.model.ply import read_ply, write_ply
from hipviz.model.pose import NEUTRAL
from hipviz.model.scan import Scan, read_scan
from hipviz.model.specimen import assembled, written
from hipviz.model.specimen_check import examined
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR

STRETCH = np.array([1.06, 0.95, 1.02])
TURN = Rotation.random(random_state=11).as_matrix()
QUICK = tuple(replace(stage, rounds=2) for stage in bone_fit.FROM_NEARBY)
"""Enough for scans that are near to the template."""


def scan_of(bones, name):
    """Return a left-hand bone of the made-up person, in metres, turned and shifted."""
    surface = bones.surface(name, 2)
    left = surface.moved(surface.vertices * STRETCH).mirrored()
    return Scan(left.moved((left.vertices @ TURN.T + [400.0, -250.0, 90.0]) / 1000.0))


@pytest.fixture(scope="module")
def fitted(bones):
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bone_fit, "FROM_NEARBY", QUICK)
        scans = {name: Given(scan_of(bones, name)) for name in ("hip_bone", "sacrum")}
        found = fit_set(bones, scans, progress=lambda words, share: told.append(share))
    assert told == sorted(told)
    return found


@pytest.fixture(scope="module")
def folder(bones, fitted, tmp_path_factory):
    made = tmp_path_factory.mktemp("specimen")
    written(assembled(bones, fitted, day=datetime.date(2026, 1, 2)), bones, made)
    return made


def test_unit_side_and_shape_are_found(bones, fitted):
    for name, bone in fitted.items():
        assert bone.unit == "m"
        assert bone.side == "left"
        assert bone.sound
        assert bone.distance.mean_mm < 0.25
        assert bone.coverage.share > 0.99
        wanted = bones.surface(name, 2).vertices * STRETCH
        way = (bone.cage.subdivided(2).vertices * MIRROR - [400.0, -250.0, 90.0]) @ TURN * MIRROR - wanted
        assert np.linalg.norm(way, axis=1).mean() < 1.5  # the same place of the bone, not only the same surface
    assert any("Taken to be in m" in note for note in fitted["hip_bone"].notes)
    assert any("left one" in note for note in fitted["hip_bone"].notes)


def test_the_bones_stand_in_the_common_frame(bones, fitted):
    specimen = assembled(bones, fitted)
    cages = specimen.cages
    for name in ("asis", "psis", "pubic_tubercle", "crest_highest", "promontory", "coccyx_tip"):
        spot = bones.landmarks.points[name]
        assert np.linalg.norm(place(cages[spot.bone], spot.binding)[0] - bones.position(name) * STRETCH) < 4.0
    head = bones.landmarks.position(cages, "femoral_head_centre")
    knee = bones.landmarks.position(cages, "knee_centre")
    assert np.allclose(head[1:], 0.0, atol=1e-3)
    assert np.allclose((head - knee)[:2], 0.0, atol=1e-3)
    assert any("femur" in note for note in specimen.notes)
    tilted = assembled(bones, fitted, tilt_deg=10.0)
    forward = [
        place(each["hip_bone"], bones.landmarks.points["asis"].binding)[0]
        for each in (cages, corrected(tilted.cages, tilted.record.correction))
    ]
    angles = [np.degrees(np.arctan2(*point[1:])) for point in forward]
    assert angles[1] - angles[0] == pytest.approx(10.0, abs=0.1)


def test_a_specimen_opens_like_the_shipped_folder(bones, folder):
    own = load_bones(folder)
    assert not own.notes
    assert own.landmarks.points.keys() == bones.landmarks.points.keys()
    manifest = tomllib.loads((folder / "manifest.toml").read_text())
    assert manifest["specimen"]["created"] == "2026-01-02"
    assert manifest["specimen"]["bones"]["hip_bone"]["unit"] == "m"
    assert manifest["specimen"]["bones"]["hip_bone"]["side"] == "left"
    assert manifest["specimen"]["bones"]["femur"] == {"source": "template", "scale": pytest.approx(1.01, abs=0.03)}


def test_a_sound_specimen_has_no_faults_and_its_skin_encloses_it(folder):
    from hipviz.model.anatomy import Anatomy

    assert not [finding for finding in examined(folder) if finding.verdict == "fault"]
    anatomy = Anatomy.load(folder)
    skin = anatomy.skin.rest
    inside = anatomy.surfaces["hip_bone_right"].vertices
    near = np.linalg.norm(skin.vertices[None] - inside[::25, None], axis=2).argmin(axis=1)
    height = np.einsum("ij,ij->i", skin.vertices[near] - inside[::25], skin.normals()[near])
    assert height.min() > 1.0
    assert len(anatomy.zones) == 6


def copied(folder, target):
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def test_every_fault_is_named(folder, tmp_path):
    broken = copied(folder, tmp_path)
    hip_bone = read_ply(broken / "hip_bone.ply")
    write_ply(broken / "hip_bone.ply", hip_bone.moved(hip_bone.vertices / 1000.0))
    sacrum = read_ply(broken / "sacrum.ply")
    write_ply(broken / "sacrum.ply", Surface(sacrum.vertices, sacrum.faces[1:]))
    text = (broken / "landmarks.toml").read_text()
    lines = text.splitlines()
    row = lines.index("[points.lesser_trochanter]") + 2
    lines[row] = "at = [[0.00, 0.00, 0.00]]"
    (broken / "landmarks.toml").write_text("\n".join(lines))
    (broken / "skin.ply").unlink()
    told = "\n".join(finding.text for finding in examined(broken) if finding.verdict == "fault")
    for words in ("another unit", "not a closed surface", "'lesser_trochanter' was put", "skin.ply"):
        assert words in told
    assert examined(tmp_path / "nowhere")[0].verdict == "fault"


def test_bones_that_do_not_meet_and_folds_are_named(folder, tmp_path):
    broken = copied(folder, tmp_path)
    femur = read_ply(broken / "femur.ply")
    swollen = np.linalg.norm(femur.vertices - load_bones(folder).position("femoral_head_centre"), axis=1) < 26.0
    centre = load_bones(folder).position("femoral_head_centre")
    vertices = np.where(swollen[:, None], centre + 1.3 * (femur.vertices - centre), femur.vertices)
    write_ply(broken / "femur.ply", femur.moved(vertices))
    sacrum = read_ply(broken / "sacrum.ply")
    vertices = sacrum.vertices.copy()
    vertices[7] -= 60.0 * sacrum.normals()[7]
    write_ply(broken / "sacrum.ply", sacrum.moved(vertices))
    told = "\n".join(finding.text for finding in examined(broken))
    assert "sacrum cuts through itself" in told
    assert "deep in the hip bone at neutral" in told


def test_a_joint_too_wide_flat_bones_and_bands_in_bone_are_named(folder, tmp_path):
    own = load_bones(folder)

    def told(**changes):
        broken = copied(folder, tmp_path)
        for name, change in changes.items():
            surface = read_ply(folder / f"{name}.ply")
            write_ply(broken / f"{name}.ply", surface.moved(change(surface.vertices)))
        return "\n".join(finding.text for finding in examined(broken) if finding.verdict == "fault")

    centre, tip = own.position("femoral_head_centre"), own.position("greater_trochanter_tip")

    def grown(vertices):  # a trochanter that reaches up through the muscle
        share = np.exp(-((np.linalg.norm(vertices - tip, axis=1) / 22.0) ** 2))
        return vertices + share[:, None] * [-10.0, 0.0, 70.0]

    def shrunken(vertices):
        head = np.linalg.norm(vertices - centre, axis=1) < 28.0
        return np.where(head[:, None], centre + 0.6 * (vertices - centre), vertices)

    found = told(femur=grown, sacrum=lambda vertices: vertices * [1.0, 0.1, 1.0])
    assert "part of gluteus medius lies up to" in found
    assert "folded edges" in found
    assert "mm apart at neutral" in told(femur=shrunken)
    far = own.surface("hip_bone", 1)
    away = far.moved(far.vertices + np.array([500.0, 0.0, 0.0]))
    assert joint_space_mm(away, own.surface("femur", 1), centre, [NEUTRAL])[0] > 100.0


def test_a_specimen_older_than_a_landmark_is_completed_from_the_shipped_ones(bones, folder, tmp_path):
    old = copied(folder, tmp_path)
    whole = read_landmarks(old / "landmarks.toml", None)
    gone = {"curves": "posterior_facet_outline", "points": "psis"}
    tables = {
        table: {name: spot for name, spot in rows.items() if name != gone.get(table)}
        for table, rows in whole.everything().items()
    }
    write_landmarks(old / "landmarks.toml", Landmarks(**tables))
    own, complete = load_bones(old), load_bones(folder)
    assert np.allclose(own.curve("posterior_facet_outline"), complete.curve("posterior_facet_outline"), atol=0.01)
    assert np.allclose(own.position("psis"), complete.position("psis"), atol=0.01)
    assert np.linalg.norm(own.position("psis") - bones.position("psis")) > 1.0  # on these bones, not the shipped
    assert not [finding for finding in examined(old) if finding.verdict == "fault"]


def test_wrong_units_sides_and_bones_are_refused_with_a_proposal(bones):
    hip = scan_of(bones, "hip_bone")
    for wrong, words in (
        ({"unit": "mm"}, "--unit m"),
        ({"side": "right"}, "--side left"),
    ):
        with pytest.raises(UsageError, match=words):
            fit_bone(bones, "hip_bone", hip, **wrong)
    with pytest.raises(UsageError, match="give it as that"):
        fit_bone(bones, "hip_bone", scan_of(bones, "femur"))
    with pytest.raises(UsageError, match="scale the file to millimetres"):
        fit_bone(bones, "hip_bone", Scan(hip.surface.moved(hip.surface.vertices * 1e-4)))


def test_a_file_of_landmarks_is_read_or_refused(bones, tmp_path):
    path = tmp_path / "places.toml"
    path.write_text("asis = [1, 2, 3]\npsis = [4, 5.5, 6]\nnavel = [7, 8, 9]")
    places = read_places(path)
    assert np.allclose(places["psis"], [4.0, 5.5, 6.0])
    with pytest.raises(UsageError, match="no landmark 'navel'"):
        fit_bone(bones, "hip_bone", scan_of(bones, "hip_bone"), places=places)
    for text in ("asis = [1, 2]", "asis = 1", "asis = [1, 2, nan]", "asis ="):
        path.write_text(text)
        with pytest.raises(UsageError, match=r"places\.toml"):
            read_places(path)


def test_spheres_and_turns():
    points = np.random.default_rng(0).normal(size=(50, 3))
    points = 24.0 * points / np.linalg.norm(points, axis=1)[:, None] + [90.0, -3.0, 4.0]
    sphere = sphere_through(points)
    assert np.allclose(sphere.centre, [90.0, -3.0, 4.0])
    assert sphere.radius_mm == pytest.approx(24.0)
    for end in ([0.0, 0.0, 1.0], [0.6, 0.0, -0.8], [-1.0, 0.0, 0.0]):
        turn = turned(np.array([1.0, 0.0, 0.0]), np.array(end))
        assert np.allclose(turn @ [1.0, 0.0, 0.0], end)
        assert np.linalg.det(turn) == pytest.approx(1.0)


# On the CT bones. Names there → names here; each place there tells its own uncertainty.
SAME = {
    "greater_trochanter_tip": "greater_trochanter_tip",
    "vastus_ridge_tubercle": "greater_trochanter_lateral",
    "lesser_trochanter_tip": "lesser_trochanter",
}


def damaged(surface, how):
    vertices, z = surface.vertices, surface.vertices[:, 2]
    keep = np.ones(len(z), dtype=bool)
    if how == "noise":
        vertices = vertices + np.random.default_rng(0).normal(0.0, 0.7, vertices.shape)
    elif how == "hole":
        keep = (
            np.linalg.norm(
                vertices - vertices[np.abs(vertices - [125.0, -10.0, 80.0]).sum(axis=1).argmin()], axis=1
            )
            > 12.5
        )
    elif how == "cut":
        keep = z < z.max() - 35.0
    return Surface(vertices, surface.faces[keep[surface.faces].all(axis=1)])


@pytest.mark.parametrize(
    ("file", "how"),
    [
        ("hip_bone_left", "whole"),
        ("hip_bone_left", "noise"),
        ("hip_bone_left", "hole"),
        ("hip_bone_left", "cut"),
        ("femur_right", "whole"),
        ("femur_right", "noise"),
    ],
)
def test_ct_bones_are_laid_on_from_any_orientation(bones, reference, file, how):
    surface = damaged(read_scan(reference / "bones" / f"{file}.ply").surface, how)
    if file.endswith("left") and how in ("hole", "cut"):
        surface = damaged(read_scan(reference / "bones" / f"{file}.ply").surface.mirrored(), how).mirrored()
    name, side = file.rsplit("_", 1)
    scan = Scan(surface.moved((surface.vertices @ TURN.T + [300.0, 20.0, -70.0]) / 1000.0))
    found = fit_bone(bones, name, scan)
    assert (found.side, found.unit) == (side, "m")
    assert found.sound
    if how != "noise":
        assert found.distance.mean_mm < 0.4
        assert found.distance.p95_mm < 1.0
    if how == "hole":
        assert any("mm across near the iliac tubercle" in note for note in found.notes)
    if how == "cut":
        assert "crest_highest" in found.coverage.missing
    landmarks = tomllib.loads((reference / "landmarks.toml").read_text())
    mirror = MIRROR if side == "left" else np.ones(3)
    for place_name, record in {**landmarks["pelvis"], **landmarks["femur"]}.items():
        own = SAME.get(place_name, place_name)
        spot = bones.landmarks.points.get(own)
        if "xyz" in record and spot is not None and spot.bone == name and own not in found.coverage.missing:
            here = (place(found.cage, spot.binding)[0] * mirror - [300.0, 20.0, -70.0]) @ TURN * mirror
            limit = (4.0 if how == "whole" else 8.0) + record["pm"]
            assert np.linalg.norm(here - record["xyz"]) < limit, own
