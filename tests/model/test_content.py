"""Content is refused with every fault at once: file, record, field and reason."""

import shutil
from pathlib import Path

import pytest

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT_FOLDER, tmp_path / "content"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_words(folder)
    return str(caught.value).splitlines()


def test_the_shipped_content_is_sound_and_every_fact_is_sourced() -> None:
    words = load_words()
    assert list(words.bands) == ["anterior", "middle", "posterior"]
    for band in words.bands.values():
        for statement in (band.action, band.picture, band.why, band.origin, band.insertion, band.nerve):
            assert words.cite(statement)
        assert band.disagreements
        assert all(words.cite(statement) for statement in band.disagreements)


def test_all_faults_are_reported_at_once(folder: Path) -> None:
    edit(folder / "bands.toml", "number = 1", 'number = 9\ncolour = "red"')
    edit(folder / "bands.toml", 'movement = "posterior_action"', 'movement = "moonwalk"')
    edit(folder / "movements.toml", "abduction_deg = 35.0", "abduction_deg = 95.0")
    edit(folder / "bands.toml", 'sources = ["denney", "lewis", "harris"]', 'sources = ["nobody"]')
    found = faults(folder)
    assert "bands.toml, band 'anterior': unknown key 'colour'" in found
    assert any("band 'anterior': 'number': Expected `int` <= 3" in fault for fault in found)
    assert any("'moonwalk' is not in movements.toml" in fault for fault in found)
    assert any("abduction_deg 95 is outside -25…45" in fault for fault in found)
    assert len(found) >= 4


def test_a_band_without_movement(folder: Path) -> None:
    edit(folder / "bands.toml", 'movement = "middle_action"\n', "")
    assert faults(folder) == ["bands.toml, band 'middle': 'movement' is missing"]


def test_times_that_run_backwards(folder: Path) -> None:
    edit(folder / "movements.toml", "at = 0.58", "at = 0.3")
    said = "movements.toml, movement 'anterior_action': the times of the keys must increase, but 0.3 follows 0.42"
    assert said in faults(folder)


def test_the_same_id_twice(folder: Path) -> None:
    edit(folder / "movements.toml", 'id = "middle_action"', 'id = "anterior_action"')
    assert any("an earlier record has the same id" in fault for fault in faults(folder))


def test_broken_toml_and_missing_file(folder: Path) -> None:
    (folder / "bands.toml").write_text("[[band]\n")
    (folder / "sources.toml").unlink()
    found = faults(folder)
    assert any(fault.startswith("bands.toml is not valid TOML") for fault in found)
    assert any(fault.startswith("sources.toml is missing") for fault in found)
