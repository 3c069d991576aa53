import pytest

from hipviz.cli import doctor, main, system
from hipviz.model import content
from hipviz.model.errors import AssetError, ContentError


def report(capsys):
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def brief(monkeypatch):
    """Leave out the checks that take long and are tested where they live."""
    for name in ("renderer", "bones", "whole"):
        monkeypatch.setattr(doctor, name, lambda: iter(()), raising=True)


def test_a_sound_installation_passes(brief, monkeypatch, capsys):
    monkeypatch.setattr(system, "library_fault", lambda window: None)
    monkeypatch.setattr(system, "display_fault", lambda: None)
    assert main(["doctor"]) == 0
    lines = report(capsys)
    assert lines[0].startswith("hipviz ")
    assert lines[-1] == "All is well."
    assert any(line.startswith("ok     PySide6-Essentials ") for line in lines)
    assert any("words: 3 bands" in line for line in lines)


def test_missing_packages_are_a_fault(brief, monkeypatch, capsys):
    monkeypatch.setattr(system, "library_fault", lambda window: "1 system package missing (libegl1); …")
    assert main(["doctor"]) == 1
    assert "fault  1 system package missing (libegl1); …" in report(capsys)


def test_no_display_at_all_is_only_a_note(monkeypatch, capsys):
    monkeypatch.setattr(system, "loadable", lambda file: True)
    monkeypatch.setattr(system, "has_display", lambda: False)
    monkeypatch.setattr(system, "display_fault", lambda: "there is no display.")
    assert [finding.verdict for finding in doctor.display()] == ["note"]


def test_every_content_fault_is_listed(brief, monkeypatch, capsys):
    def broken():
        raise ContentError("bands.toml, band 'middle': unknown key 'colour'\nsources.toml is missing")

    monkeypatch.setattr(content, "load_words", broken)
    assert main(["doctor"]) == 1
    lines = report(capsys)
    assert "fault  bands.toml, band 'middle': unknown key 'colour'" in lines
    assert "fault  sources.toml is missing" in lines


def test_anchors_of_all_files_are_looked_at_before_anything_is_built(monkeypatch, capsys):
    from hipviz.model import pain_words, trigger_points

    def broken(name):
        def load(*_):
            raise ContentError(f"{name}: no landmark is called 'psiss'")

        return load

    monkeypatch.setattr(trigger_points, "load_trigger_points", broken("trigger_points.toml"))
    for name in ("versions", "packages", "display", "renderer", "words", "bones"):
        monkeypatch.setattr(doctor, name, lambda: iter(()))
    monkeypatch.setattr(pain_words, "load_pain_words", broken("regions.toml"))
    assert main(["doctor"]) == 1
    lines = report(capsys)
    assert "fault  trigger_points.toml: no landmark is called 'psiss'" in lines
    assert "fault  regions.toml: no landmark is called 'psiss'" in lines
    assert lines[-1] == "2 faults found."


def test_a_broken_mesh_does_not_hide_the_other_checks(brief, monkeypatch, capsys):
    def broken():
        raise AssetError("femur.ply ends in the middle")
        yield

    monkeypatch.setattr(doctor, "bones", broken)
    assert main(["doctor"]) == 1
    lines = report(capsys)
    assert "fault  femur.ply ends in the middle" in lines
    assert any("words: 3 bands" in line for line in lines)


def test_the_shipped_bones_are_sound():
    found = list(doctor.bones())
    assert [finding.verdict for finding in found] == ["ok"] * len(found)
    said = "hip_bone: closed, pieces 1, through-holes 1, self-intersections 0"
    assert any(said in line.text for line in found)


def test_the_renderer_is_named():
    (finding,) = doctor.renderer()
    assert finding.verdict == "ok"
    assert finding.text.startswith("OpenGL: ")
