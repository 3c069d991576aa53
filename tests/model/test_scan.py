import base64
import zipfile
import zlib

import numpy as np
import pytest
import trimesh

from hipviz.model import scan, thinning
from hipviz.model.checks import is_watertight
from hipviz.model.errors import AssetError
from hipviz.model.scan import length_of, mended, pieces, read_scan, smoothed
from hipviz.model.surface import Surface


def mesh_of(surface):
    return trimesh.Trimesh(surface.vertices, surface.faces, process=False)


@pytest.mark.parametrize("kind", ["stl", "obj", "ply", "glb"])
def test_common_files_are_read(kind, ball, tmp_path):
    path = tmp_path / f"ball.{kind}"
    mesh_of(ball(30.0, 3)).export(path)
    found = read_scan(path)
    assert is_watertight(found.surface.faces)
    assert found.surface.volume_mm3() == pytest.approx(ball(30.0, 3).volume_mm3(), rel=1e-4)
    assert not found.notes


def vtp(surface, how):
    """Return a VTP file of the surface: arrays as text, as base64, or appended raw and packed."""
    arrays = {
        "points": surface.vertices.astype("<f4"),
        "connectivity": surface.faces.astype("<i8"),
        "offsets": (3 * np.arange(1, len(surface.faces) + 1)).astype("<i8"),
    }
    kinds = {"points": "Float32", "connectivity": "Int64", "offsets": "Int64"}
    appended = b""
    text = {}
    for name, array in arrays.items():
        content = array.tobytes()
        start = f'<DataArray type="{kinds[name]}" Name="{name}" NumberOfComponents="3"'
        if how == "ascii":
            text[name] = f'{start} format="ascii">{" ".join(map(str, array.ravel()))}</DataArray>'
        elif how == "binary":
            body = base64.b64encode(np.uint32(len(content)).tobytes() + content).decode()
            text[name] = f'{start} format="binary">{body}</DataArray>'
        else:
            text[name] = f'{start} format="appended" offset="{len(appended)}"/>'
            half = len(content) // 2
            blocks = [zlib.compress(content[:half]), zlib.compress(content[half:])]
            sizes = np.array([2, half, len(content) - half, *map(len, blocks)], "<u4")
            appended += sizes.tobytes() + b"".join(blocks)
    packed = ' compressor="vtkZLibDataCompressor"' if how == "appended" else ""
    head = (
        f'<VTKFile type="PolyData" byte_order="LittleEndian" header_type="UInt32"{packed}><PolyData>'
        f'<Piece NumberOfPoints="{len(surface.vertices)}"><Points>{text["points"]}</Points>'
        f"<Polys>{text['connectivity']}{text['offsets']}</Polys></Piece></PolyData>"
    )
    tail = b'<AppendedData encoding="raw">_' + appended + b"</AppendedData>" if appended else b""
    return head.encode() + tail + b"</VTKFile>"


@pytest.mark.parametrize("how", ["ascii", "binary", "appended"])
def test_vtp_is_read_however_it_is_stored(how, ball, tmp_path):
    path = tmp_path / "ball.vtp"
    path.write_bytes(vtp(ball(30.0, 2), how))
    assert np.allclose(np.sort(read_scan(path).surface.vertices, axis=0), np.sort(ball(30.0, 2).vertices, axis=0))
    path.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(AssetError, match="VTP"):
        read_scan(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.stl", b"", "zero bytes"),
        ("packed.stl", b"PK\x03\x04" + bytes(200), "unpack"),
        ("letter.docx", b"PK\x03\x04" + bytes(200), "of a kind"),
        ("image.dcm", bytes(128) + b"DICM" + bytes(9), "segment"),
        ("text.txt", b"a bone", "of a kind"),
        ("noise.ply", bytes(range(256)) * 9, "cannot be read as PLY"),
        ("noise.glb", bytes(range(256)) * 9, "cannot be read as GLB"),
        ("noise.vtp", bytes(range(256)) * 9, "cannot be read as VTP"),
    ],
)
def test_other_files_end_in_one_sentence(name, content, words, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AssetError, match=words) as fault:
        read_scan(tmp_path / name)
    assert "\n" not in str(fault.value)


def test_archives_missing_files_and_clouds_are_refused(ball, tmp_path):
    with zipfile.ZipFile(tmp_path / "bone.zip", "w") as archive:
        archive.writestr("bone.ply", "ply")
    trimesh.PointCloud(ball().vertices).export(tmp_path / "cloud.ply")
    for name, words in (
        ("bone.zip", "archive"),
        ("none.stl", "cannot be read"),
        ("cloud.ply", "cloud of 162 points"),
    ):
        with pytest.raises(AssetError, match=words):
            read_scan(tmp_path / name)


def test_doubled_and_flipped_faces_are_mended(ball):
    good = ball(30.0, 3)
    faces = good.faces.copy()
    flipped = np.random.default_rng(0).random(len(faces)) < 0.4
    faces[flipped] = faces[flipped, ::-1]
    found = mended(Surface(good.vertices, np.concatenate([faces, faces[:200]])), "ball")
    assert is_watertight(found.surface.faces)
    assert found.surface.volume_mm3() == pytest.approx(good.volume_mm3())
    assert len(found.notes) == 2
    assert mended(good, "ball").surface.volume_mm3() > 0
    assert mended(Surface(good.vertices, good.faces[:, ::-1]), "ball").surface.volume_mm3() > 0


def test_a_few_points_that_are_no_numbers_are_left_out_many_are_not(ball):
    good = ball(30.0, 4)
    vertices = good.vertices.copy()
    vertices[5] = np.nan
    found = mended(good.moved(vertices), "ball")
    assert len(found.surface.faces) == len(good.faces) - (good.faces == 5).sum()
    assert "no numbers" in found.notes[0]
    vertices[::10] = np.inf
    with pytest.raises(AssetError, match="no numbers"):
        mended(good.moved(vertices), "ball")


def test_a_scan_of_very_many_faces_is_thinned(ball, monkeypatch):
    monkeypatch.setattr(scan, "MOST_FACES", 4000)
    good = ball(30.0, 6)
    found = mended(good, "ball")
    assert len(found.surface.faces) < 12_000 < len(good.faces)
    assert found.surface.volume_mm3() == pytest.approx(good.volume_mm3(), rel=0.02)
    assert "thinned" in found.notes[0]


def test_a_large_binary_stl_is_thinned_from_the_disk(ball, monkeypatch, tmp_path):
    monkeypatch.setattr(scan, "MOST_FACES", 4000)
    monkeypatch.setattr(thinning, "AT_ONCE", 7000)
    monkeypatch.setattr(scan, "_through_trimesh", None)
    good = ball(30.0, 6)
    mesh_of(good).export(tmp_path / "ball.stl")
    found = read_scan(tmp_path / "ball.stl")
    assert len(found.surface.faces) < 12_000
    assert found.surface.volume_mm3() == pytest.approx(good.volume_mm3(), rel=0.02)
    assert "81,920 faces" in found.notes[0]
    whole = mended(good, "ball").surface  # the same grid, whatever way the triangles come
    assert len(whole.vertices) == pytest.approx(len(found.surface.vertices), rel=0.01)
    vertices = good.vertices.copy()
    vertices[5] = np.nan
    mesh_of(good.moved(vertices)).export(tmp_path / "ball.stl")
    assert "5 faces were no numbers" in " ".join(read_scan(tmp_path / "ball.stl").notes)
    mesh_of(good.moved(np.full_like(vertices, np.nan))).export(tmp_path / "ball.stl")
    with pytest.raises(AssetError, match="81920 of 81920 faces are no numbers"):
        read_scan(tmp_path / "ball.stl")


def test_a_file_too_large_for_the_memory_is_refused_unread(ball, monkeypatch, tmp_path):
    monkeypatch.setattr(scan, "LARGEST_MB", 0.01)
    monkeypatch.setattr(scan, "_through_trimesh", None)
    mesh_of(ball(30.0, 4)).export(tmp_path / "ball.ply")
    with pytest.raises(AssetError, match="binary STL"):
        read_scan(tmp_path / "ball.ply")


def test_pieces_come_largest_first_without_crumbs_and_inner_shells(ball):
    parts = [ball(30.0, 3), ball(20.0, 3), ball(40.0, 3), ball(2.0, 3)]
    shifts = [(0, 0, 0), (100, 0, 0), (200, 0, 0), (0, 100, 0)]
    vertices = [part.vertices + shift for part, shift in zip(parts, shifts, strict=True)]
    vertices.append(ball(25.0, 3).vertices + shifts[2])  # a marrow cavity
    starts = np.cumsum([0, *(len(block) for block in vertices[:-1])])
    faces = np.concatenate([ball(1.0, 3).faces + start for start in starts])
    found = pieces(mended(Surface(np.concatenate(vertices), faces), "balls"))
    assert [round(piece.length) for piece in found] == [80, 60, 40]


def test_noise_is_smoothed_and_smooth_scans_are_left_alone(ball):
    good = ball(30.0, 5)
    same, roughness = smoothed(good)
    assert same is good
    assert roughness < 0.05
    rough = good.moved(good.vertices + np.random.default_rng(0).normal(0.0, 0.5, good.vertices.shape))
    calm, roughness = smoothed(rough)
    assert roughness > 0.3
    away = np.linalg.norm(calm.vertices, axis=1)
    assert away.std() < 0.4 * np.linalg.norm(rough.vertices, axis=1).std()
    assert away.mean() == pytest.approx(30.0, abs=0.1)


def test_length_does_not_depend_on_how_a_bone_is_turned(ring):
    surface = ring()
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    assert length_of(surface.moved(surface.vertices @ turn)) == pytest.approx(80.0, abs=0.5)
