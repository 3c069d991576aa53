"""Whole objects on disk: they come back as they were, damage and foreign code cost only time."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from hipviz.model import anatomy as whole
from hipviz.model.anatomy import Anatomy
from hipviz.model.cache import digest_of
from hipviz.model.pose import HipPose
from hipviz.model.shelf import KEPT, packed, shelved, unpacked
from hipviz.model.surface import Surface

KEY = "0" * 32


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIPVIZ_CACHE", str(tmp_path))
    return tmp_path


def made() -> Surface:
    return Surface(np.arange(9.0).reshape(3, 3), np.array([[0, 1, 2]]))


def fails() -> Surface:
    raise AssertionError("it was built again")


def test_an_object_comes_back_as_it_was(folder: Path) -> None:
    shelved(Surface, "thing", KEY, made)
    again = shelved(Surface, "thing", KEY, fails)
    np.testing.assert_array_equal(again.vertices, made().vertices)
    np.testing.assert_array_equal(again.faces, made().faces)
    again.vertices[0] = 7.0  # as an array that was just built


@pytest.mark.parametrize("place", [3, 20, 150, 260, -1])
def test_a_damaged_file_is_built_again(folder: Path, place: int) -> None:
    shelved(Surface, "thing", KEY, made)
    (file,) = folder.iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 0x10
    for damaged in (bytes(content), bytes(content[:place]), b""):
        file.write_bytes(damaged)
        with pytest.raises(AssertionError, match="built again"):
            shelved(Surface, "thing", KEY, fails)
    assert shelved(Surface, "thing", KEY, made).faces.tolist() == [[0, 1, 2]]
    shelved(Surface, "thing", KEY, fails)


class Order:
    """What somebody else might have put there."""

    def __reduce__(self):
        return os.mkdir, ("trap",)


def test_nothing_foreign_is_called(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(pickle.UnpicklingError, match="no business here"):
        unpacked(packed(Order()))
    assert not Path("trap").exists()
    packed(Order()).tofile(folder / f"thing-{KEY}.shelf")
    assert isinstance(shelved(Surface, "thing", KEY, made), Surface)
    assert not Path("trap").exists()


def test_another_kind_of_object_is_not_taken(folder: Path) -> None:
    shelved(HipPose, "thing", KEY, HipPose)
    assert isinstance(shelved(Surface, "thing", KEY, made), Surface)


def test_old_files_go(folder: Path) -> None:
    for count in range(KEPT + 2):
        shelved(Surface, "thing", f"{count:032x}", made)
    assert len(list(folder.iterdir())) == KEPT


def test_the_anatomy_is_built_once_and_again_when_anything_changes(
    anatomy: Anatomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    monkeypatch.setattr(Anatomy, "build", classmethod(lambda cls, *_: built.append(True) or anatomy))
    again = Anatomy.load()
    assert not built
    pose = HipPose(40.0, 10.0, -5.0).rotation()
    np.testing.assert_array_equal(again.medius.shape(pose).vertices, anatomy.medius.shape(pose).vertices)
    assert again.words.bands["middle"] == anatomy.words.bands["middle"]
    monkeypatch.setattr("hipviz.model.anatomy.shelved", lambda kind, name, key, build: key)
    before = Anatomy.load()
    assert Anatomy.load() == before
    real = digest_of
    for at, suffix in (
        (whole.CODE_FOLDER, ".py"),
        (whole.CONTENT_FOLDER, ".toml"),
        (whole.meshes_folder(), ".ply"),
    ):
        monkeypatch.setattr(
            "hipviz.model.anatomy.digest_of",
            lambda folder, kind, at=at, suffix=suffix: real(folder, kind) + str((folder, kind) == (at, suffix)),
        )
        assert Anatomy.load() != before


def test_the_digest_sees_names_and_bytes(tmp_path: Path) -> None:
    seen = {digest_of(tmp_path, ".toml")}
    for name, content in (("a.toml", b"1"), ("a.toml", b"2"), ("b.toml", b"2")):
        (tmp_path / name).write_bytes(content)
        seen.add(digest_of(tmp_path, ".toml"))
    assert len(seen) == 4
    (tmp_path / "notes.txt").write_bytes(b"else")
    assert digest_of(tmp_path, ".toml") in seen
