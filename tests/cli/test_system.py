import socket
import subprocess
import sys

import pytest

from hipviz import install
from hipviz.cli import main, system

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone lacks libraries")


@pytest.fixture
def lacking(monkeypatch):
    """Pretend that some library files are absent."""

    def pretend(*files, family="debian", root=True):
        monkeypatch.setattr(system, "loadable", lambda file: file not in files)
        monkeypatch.setattr(system, "distribution", lambda: family)
        monkeypatch.setattr(system.os, "geteuid", lambda: 0 if root else 1000)

    return pretend


@linux_only
def test_every_missing_package_is_named_once_with_the_command(lacking):
    lacking("libxcb-icccm.so.4", "libglib-2.0.so.0", "libgthread-2.0.so.0")
    assert system.library_fault(window=True) == (
        "2 system packages missing (libglib2.0-0, libxcb-icccm4); install with: "
        "apt-get update && apt-get install -y --no-install-recommends libglib2.0-0 libxcb-icccm4"
    )


@linux_only
def test_the_command_asks_for_rights_and_knows_fedora(lacking):
    lacking("libxcb-keysyms.so.1", root=False, family="fedora")
    assert system.library_fault(window=True).endswith("install with: sudo dnf install -y xcb-util-keysyms")


@linux_only
def test_an_unknown_distribution_is_told_the_files(lacking):
    lacking("libEGL.so.1", family="")
    assert "1 system library missing (libEGL.so.1)" in system.library_fault(window=False)


@linux_only
def test_a_picture_needs_no_window_libraries(lacking):
    lacking("libxcb-cursor.so.0")
    assert system.library_fault(window=False) is None
    assert "libxcb-cursor0" in system.library_fault(window=True)


@linux_only
def test_a_picture_without_any_driver_ends_in_one_sentence(tmp_path):
    if system.loadable("libOSMesa.so.8"):
        pytest.skip("OSMesa draws without a driver")
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "__EGL_VENDOR_LIBRARY_DIRS": str(tmp_path)}
    line = [sys.executable, "-m", "hipviz", "snapshot", str(tmp_path / "a.png")]
    ended = subprocess.run(line, env=bare, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.startswith("hipviz: no OpenGL driver is installed")


@linux_only
def test_a_missing_library_ends_in_one_sentence_not_in_qt(lacking, capsys):
    lacking("libxcb-cursor.so.0")
    assert main([]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("hipviz: 1 system package missing (libxcb-cursor0)")
    assert len(printed.splitlines()) == 1


def test_a_library_that_does_not_exist_is_not_loadable():
    assert not system.loadable("libhipviz-is-not-a-library.so.7")


@linux_only
@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "there is no display"),
        ({"DISPLAY": ":987"}, "the display ':987' does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nonexistent"}, "'wayland-9' does not answer"),
        ({"DISPLAY": ":987", "QT_QPA_PLATFORM": "offscreen"}, "QT_QPA_PLATFORM=offscreen"),
    ],
)
def test_a_window_without_display_is_refused_in_a_sentence(environment, said):
    assert said in system.display_fault(environment)


@linux_only
def test_a_wayland_socket_that_listens_is_enough(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "wayland-5"))
        server.listen()
        here = {"WAYLAND_DISPLAY": "wayland-5", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert system.display_fault(here) is None


@linux_only
def test_hipviz_itself_ends_cleanly_without_a_display():
    bare = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    ended = subprocess.run([sys.executable, "-m", "hipviz"], env=bare, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith("hipviz: ")


@linux_only
def test_set_up_names_what_only_root_can_do(lacking, monkeypatch, capsys):
    lacking("libEGL.so.1", root=False)
    monkeypatch.setattr(install.shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}")
    assert install.main([]) == 1
    assert "run this as root: apt-get update" in capsys.readouterr().err
