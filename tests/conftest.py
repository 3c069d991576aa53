"""Every test runs on settings and caches of its own; the person's real ones are never read nor written."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

WINDOW_TESTS = ("tests/ui/", "tests/bench/")


def pytest_configure(config: pytest.Config) -> None:
    # Before anything imports hipviz: it may look at these as soon as it is imported. One cache for the whole run
    # and all its processes, so that what is costly is built once; name a folder in HIPVIZ_TEST_CACHE to keep it.
    sandbox = Path(tempfile.mkdtemp(prefix="hipviz-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(sandbox, ignore_errors=True))
    os.environ["HIPVIZ_CACHE"] = os.environ.setdefault("HIPVIZ_TEST_CACHE", str(sandbox / "cache"))
    os.environ["HIPVIZ_CONFIG"] = str(sandbox / "config")
    os.environ["XDG_CONFIG_HOME"] = str(sandbox / "xdg-config")
    os.environ.pop("HIPVIZ_MESHES", None)
    # A window with a VTK view cannot live on Qt's offscreen platform: it needs Xvfb, which pytest-xvfb starts.
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen" and has_display():
        del os.environ["QT_QPA_PLATFORM"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if has_display():
        return
    skip = pytest.mark.skip(reason="needs a display: install xvfb")
    for item in items:
        if item.path.relative_to(config.rootpath).as_posix().startswith(WINDOW_TESTS):
            item.add_marker(skip)


def has_display() -> bool:
    return not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


@pytest.fixture(scope="session", autouse=True)
def qapp():
    """Hipviz' own application object, made before anything that paints would make a lesser one for itself."""
    if not has_display():
        return None
    from hipviz.ui.app import application

    return application()


@pytest.fixture(scope="session")
def anatomy():
    """The shipped adult, built once for all tests."""
    from hipviz.model.anatomy import Anatomy

    return Anatomy.load()


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of measured data that the program does not ship (CT bones, moment arms, gait); else skip."""
    folder = os.environ.get("HIPVIZ_REFERENCE")
    if not folder:
        pytest.skip("HIPVIZ_REFERENCE does not name a folder of reference data")
    return Path(folder)
