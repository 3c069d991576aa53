"""The disk cache returns what was built, survives damage, and does not grow without end."""

from pathlib import Path

import numpy as np
import pytest

from hipviz.model.cache import KEPT_PER_NAME, cached, fingerprint


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIPVIZ_CACHE", str(tmp_path))
    return tmp_path


def test_builds_once() -> None:
    built = []

    def build() -> dict[str, np.ndarray]:
        built.append(True)
        return {"a": np.arange(3)}

    for _ in range(2):
        np.testing.assert_array_equal(cached("thing", fingerprint("x"), build)["a"], [0, 1, 2])
    assert len(built) == 1


def test_a_damaged_file_is_built_again(folder: Path) -> None:
    cached("thing", fingerprint("x"), lambda: {"a": np.arange(3)})
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:50])
    np.testing.assert_array_equal(cached("thing", fingerprint("x"), lambda: {"a": np.ones(2)})["a"], [1, 1])


def test_an_unwritable_folder_costs_only_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("not a folder")
    monkeypatch.setenv("HIPVIZ_CACHE", str(folder / "file" / "inside"))
    assert cached("thing", "k", lambda: {"a": np.zeros(1)})["a"].shape == (1,)


def test_old_versions_are_forgotten(folder: Path) -> None:
    for version in range(KEPT_PER_NAME + 5):
        cached("thing", fingerprint(version), lambda: {"a": np.zeros(1)})
    cached("thing-else", fingerprint("other"), lambda: {"a": np.zeros(1)})
    assert len(list(folder.iterdir())) == KEPT_PER_NAME + 1


def test_the_fingerprint_tells_arrays_apart() -> None:
    keys = {
        fingerprint(np.zeros((2, 3))),
        fingerprint(np.zeros((3, 2))),
        fingerprint(np.zeros(6)),
        fingerprint(""),
    }
    assert len(keys) == 4
