"""Cards, practices and words of the look-up: complete, sourced, and refused with every fault at once."""

import shutil
from pathlib import Path

import pytest

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError
from hipviz.model.guidance import TOPICS, load_guidance
from hipviz.model.pain_words import load_pain_words
from hipviz.model.trigger_points import load_trigger_points
from hipviz.model.units import BANDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT_FOLDER, tmp_path / "content"))


@pytest.fixture(scope="module")
def sources():
    return load_words().sources


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_every_band_has_every_row_in_three_wordings(sources):
    guidance = load_guidance(sources)
    for band in BANDS:
        assert tuple(guidance.rows[band]) == TOPICS
        for says in guidance.rows[band].values():
            assert says.plain
            assert says.clinical
            assert says.reported
            assert says.sources


def test_practices_cover_what_a_session_needs(sources):
    guidance = load_guidance(sources)
    wanted = {"palpation", "pin_posterior", "pin_anterior", "ball", "clamshell", "side_lying_raise"}
    assert wanted | {"figure_four", "figure_four_standing", "pigeon"} <= set(guidance.practices)
    for band in BANDS:
        assert len(guidance.exercises(band)) >= 2
    for practice in guidance.practices.values():
        assert practice.pictured in practice.step
        assert all(step.says.sources for step in practice.step)
        assert practice.care.sources


def test_zones_are_told_in_three_wordings(sources):
    for point in load_trigger_points(sources=frozenset(sources)):
        for where in (point.place, point.essential.where, point.spillover.where):
            assert len({where.plain, where.clinical, where.reported}) == 3
            assert "cause" not in where.reported


def test_faults_of_cards_and_practices(folder, sources):
    edit(folder / "care.toml", 'bands = ["posterior"]', 'bands = ["middle"]')
    edit(folder / "care.toml", 'sources = ["harris", "lewis", "qlclaw"]', 'sources = ["nobody"]')
    edit(folder / "practice.toml", "pose = { flexion_deg = 15 }", "pose = { flexion_deg = 185 }")
    edit(folder / "practice.toml", 'movement = "clamshell"', 'movement = "clam"')
    edit(folder / "practice.toml", 'movement = "pigeon"', 'movement = "pigeon"\nazimuth_deg = 20')
    edit(folder / "practice.toml", "picture = true\n", "")
    edit(folder / "practice.toml", '{ kind = "hold" }', '{ kind = "hold", at = ["psis"] }')
    with pytest.raises(ContentError) as caught:
        load_guidance(sources, load_words().movements, folder)
    found = str(caught.value).splitlines()
    assert "practice.toml, practice 'clamshell': no movement is called 'clam'" in found
    assert "practice.toml, practice 'pigeon': step 1: a step of a movement takes pose and eye from there" in found
    assert "care.toml, row 'who_gets_it': source 'nobody' is not in sources.toml" in found
    assert "care.toml: 2 rows 'tell_apart' for the middle band, where one is needed" in found
    assert "care.toml: 0 rows 'tell_apart' for the posterior band, where one is needed" in found
    assert "practice.toml, practice 'palpation': 0 steps have picture = true, where one is needed" in found
    said = "practice.toml, practice 'pin_posterior': step 1, mark 'hold': it is placed by fan, with 0 or 1 places"
    assert said in found
    assert any("step 1, pose: flexion_deg 185 is outside -20…120" in fault for fault in found)


def test_faults_of_the_words_of_the_look_up(folder, sources):
    edit(folder / "regions.toml", 'at = "coccyx_tip"', 'at = "antler"')
    edit(folder / "suspects.toml", '"iliac_crest", "sacroiliac"', '"elbow"')
    edit(folder / "red_flags.toml", "urgent = true", 'urgent = "very"')
    edit(folder / "phrases.toml", "mainly at {place}", "mainly at {Where}")
    edit(folder / "phrases.toml", 'id = "nothing"', 'id = "something"')
    with pytest.raises(ContentError) as caught:
        load_pain_words(sources, frozenset({"psis"}), folder)
    found = str(caught.value).splitlines()
    assert "regions.toml, region 'tail_bone': no landmark is called 'antler'" in found
    assert "suspects.toml, suspect 'quadratus_lumborum': region 'elbow' is not in regions.toml" in found
    assert any(fault.startswith("red_flags.toml, flag 'bladder': 'urgent':") for fault in found)
    assert "phrases.toml, phrase 'essential': unknown placeholder '{Where}'" in found
    assert "phrases.toml: no phrase 'nothing'" in found
