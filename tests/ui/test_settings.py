import pytest

from hipviz.model.files import write_text
from hipviz.model.state import Camera, State
from hipviz.ui.settings import Settings, load_settings, save_settings, settings_file

EYE = Camera((60.0, -10.0, 5.0), (0.6, -0.8, 0.0), (0.0, 0.0, 1.0), 150.0)


def test_a_session_comes_back_without_what_is_to_be_forgotten(tmp_path):
    path = tmp_path / "new" / "settings.json"
    state = State(band="middle", side="left", camera=EYE, phase=0.4, playing=True, presenting=True, theme="dark")
    save_settings(path, state, b"\x00\xffplace")
    settings, told = load_settings(path)
    assert told == ""
    assert settings.geometry_bytes == b"\x00\xffplace"
    assert settings.state == State(band="middle", side="left", camera=EYE, theme="dark")


def test_a_first_start_has_defaults_and_nothing_to_tell(tmp_path):
    assert load_settings(tmp_path / "settings.json") == (Settings(), "")


DAMAGED = {
    "empty": "",
    "truncated": '{"state": {"side": "left"',
    "not an object": "[1, 2]",
    "unknown key": '{"state": {"sides": "left"}}',
    "wrong type": '{"state": {"phase": "soon"}}',
    "out of range": '{"state": {"phase": 7}}',
    "bad geometry": '{"state": {}, "geometry": "!!!"}',
    "binary": "\x00\x01\x02",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_set_aside_and_told(tmp_path, content):
    path = tmp_path / "settings.json"
    write_text(path, content)
    settings, told = load_settings(path)
    assert settings == Settings()
    (aside,) = tmp_path.iterdir()
    assert aside.name != path.name and aside.name in told
    assert aside.read_text(encoding="utf-8") == content
    # Told once: the next start finds nothing wrong.
    assert load_settings(path) == (Settings(), "")


def test_a_second_damaged_file_does_not_overwrite_the_first(tmp_path):
    path = tmp_path / "settings.json"
    for content in ("first", "second"):
        write_text(path, content)
        load_settings(path)
    assert sorted(kept.read_text() for kept in tmp_path.iterdir()) == ["first", "second"]


def test_not_utf_8(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"state": {"side": "\xff\xfe"}}')
    settings, told = load_settings(path)
    assert settings == Settings() and told


def test_the_folder_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPVIZ_CONFIG", str(tmp_path))
    assert settings_file() == tmp_path / "settings.json"
