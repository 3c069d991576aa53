import io
import tomllib
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from hipviz.model import bone_fit
from hipviz.model.errors import ContentError
from hipviz.model.fit_process import (
    Look,
    Make,
    Refusal,
    Result,
    Shape,
    Sight,
    Step,
    answers,
    packed,
    serve,
)
from hipviz.model.nearest import nearest_on
from hipviz.model.own_bones import Part, Wish, shipped_bones
from hipviz.model.ply import write_ply
from hipviz.model.scan_places import FEWEST, load_scan_places
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR

TURN = Rotation.random(random_state=5).as_matrix()


def lying(points):
    return (points @ TURN.T + [80.0, 300.0, -40.0]) / 1000.0


@pytest.fixture(scope="module")
def bones():
    return shipped_bones()


@pytest.fixture(scope="module")
def scan(bones, tmp_path_factory):
    """A left hip bone in metres, turned and shifted, in a file that bears a person's name."""
    path = tmp_path_factory.mktemp("scans") / "Jane Doe 1970.ply"
    left = bones.surface("hip_bone", 2).mirrored()
    write_ply(path, left.moved(lying(left.vertices)))
    return path


def served(request):
    out = io.BytesIO()
    serve(io.BytesIO(packed(request)[4:]), out)
    buffer = bytearray(out.getvalue())
    found = answers(buffer)
    assert not buffer
    return found


def test_messages_arrive_whole_however_they_are_cut():
    sent = [Step("words", 0.5), Refusal("no"), Step("more", 1.0)]
    stream = b"".join(packed(message) for message in sent)
    for cut in (1, 3, 7, len(stream)):
        buffer, heard = bytearray(), []
        for start in range(0, len(stream), cut):
            buffer += stream[start : start + cut]
            heard += answers(buffer)
        assert heard == sent


def test_a_scan_is_looked_at_and_lies_on_the_template(scan, bones):
    *steps, sight = served(Look(Part(str(scan))))
    assert all(isinstance(step, Step) for step in steps)
    assert isinstance(sight, Sight)
    assert (sight.bone, sight.part.unit, sight.part.side) == ("hip_bone", "m", "left")
    assert nearest_on(bones.surface("hip_bone", 2), sight.surface.vertices).distances.mean() < 0.5
    assert any("in m" in reason for reason in sight.reasons)


def test_landmarks_that_were_marked_lead_the_alignment(scan, bones):
    marked = load_scan_places(bones)["hip_bone"][:FEWEST]
    places = {place.id: tuple(lying(bones.position(place.id) * MIRROR).tolist()) for place in marked}
    *_, sight = served(Look(Part(str(scan), places=places), "hip_bone"))
    assert sight.part.side == "left"
    assert any("landmarks" in reason for reason in sight.reasons)


@pytest.mark.parametrize(
    ("part", "bone", "words"),
    [
        ({"path": "/nowhere/hip.stl"}, None, "cannot be read"),
        ({"unit": "mm"}, "hip_bone", "take it to be in m"),
        ({"side": "right"}, "hip_bone", "left one"),
        ({}, "femur", "looks like a hip bone"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(part, bone, words, scan):
    last = served(Look(Part(**{"path": str(scan), **part}), bone))[-1]
    assert isinstance(last, Refusal)
    assert words in last.sentence
    assert "\n" not in last.sentence


def test_a_wish_without_a_hip_bone_is_refused(scan, tmp_path):
    (last,) = served(Make(Wish({"femur": Part(str(scan))}), str(tmp_path)))
    assert "hip bone is missing" in last.sentence


def test_a_specimen_is_made_and_repeats_no_name(scan, tmp_path, monkeypatch):
    quick = tuple(replace(stage, rounds=1) for stage in bone_fit.FROM_NEARBY)
    monkeypatch.setattr(bone_fit, "FROM_NEARBY", quick)
    heard = served(Make(Wish({"hip_bone": Part(str(scan), unit="m", side="left")}), str(tmp_path)))
    shapes = [message for message in heard if isinstance(message, Shape)]
    result = heard[-1]
    assert isinstance(result, Result), result
    assert len(shapes) >= len(quick)
    assert {shape.bone for shape in shapes} == {"hip_bone"}
    (laid,) = result.bones
    assert np.allclose(laid.vertices, shapes[-1].vertices, atol=1e-3)
    assert np.nanmean(laid.gaps_mm) < 0.3
    assert not result.faults
    assert (
        tomllib.loads((tmp_path / "manifest.toml").read_text())["specimen"]["bones"]["hip_bone"]["side"] == "left"
    )
    for file in tmp_path.iterdir():
        assert b"Jane" not in file.read_bytes()


def test_places_to_mark_are_known_points_of_each_bone(bones, tmp_path):
    found = load_scan_places(bones)
    assert all(FEWEST <= len(places) <= 6 for places in found.values())
    (tmp_path / "scan_places.toml").write_text('[[place]]\nid = "navel"\nname = { plain = "a", clinical = "b" }')
    with pytest.raises(ContentError, match="navel"):
        load_scan_places(bones, tmp_path)


def test_unforeseen_faults_are_told_as_well(monkeypatch, capsys, scan):
    from hipviz.model import fit_process

    def broken():
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(fit_process, "shipped_bones", broken)
    (last,) = served(Look(Part(str(scan))))
    assert "ZeroDivisionError" in last.sentence
    assert "by hand" in capsys.readouterr().err


def test_requests_survive_the_pipe():
    wish = Wish({"hip_bone": Part("a.ply", piece=2, unit="cm", places={"asis": (1.0, 2.0, 3.0)})}, 4.0)
    request = Make(wish, "folder")
    assert msgspec.msgpack.decode(packed(request)[4:], type=Look | Make) == request


def test_surfaces_survive_the_pipe(bones):
    surface = bones.surface("sacrum", 1)
    vertices = np.ascontiguousarray(surface.vertices, "<f4").tobytes()
    faces = np.ascontiguousarray(surface.faces, "<i4").tobytes()
    sight = Sight("sacrum", Part("a"), (), 1.0, tuple(np.eye(3).ravel()), (0.0, 0.0, 0.0), vertices, faces)
    assert isinstance(sight.surface, Surface)
    assert np.allclose(sight.surface.vertices, surface.vertices, atol=1e-4)
    assert (sight.surface.faces == surface.faces).all()
