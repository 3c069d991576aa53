"""The application as `hipviz` starts it: at once, with what the last session left, and honest about faults."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from hipviz.model.anatomy import Anatomy
from hipviz.model.errors import AssetError
from hipviz.model.files import write_text
from hipviz.ui import app
from hipviz.ui.dialogs import Fault
from hipviz.ui.window import Window


@pytest.fixture
def hooks(monkeypatch):
    import threading

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPVIZ_CONFIG", str(tmp_path))
    return tmp_path


def the_window() -> Window:
    (window,) = (part for part in QApplication.topLevelWidgets() if isinstance(part, Window) and part.isVisible())
    return window


def run_until(reached, look, changes=None):
    """Run the application; when `reached(window)`, `look(window)` and close. Return the exit code."""
    seen, tries = [], [0]
    timer = QTimer()

    def watch():
        tries[0] += 1
        window = the_window()
        if reached(window) or tries[0] > 1500:
            timer.stop()
            seen.append(look(window) if reached(window) else None)
            window.close()

    timer.timeout.connect(watch)
    timer.start(20)
    code = app.run(changes)
    for part in QApplication.topLevelWidgets():
        if isinstance(part, Window):
            part.deleteLater()
    QTest.qWait(10)
    assert seen and seen[0] is not None, "this was not reached in time"
    return code, seen[0]


def test_the_window_is_there_before_the_anatomy_and_takes_what_was_asked_for(
    qapp, hooks, config, monkeypatch, anatomy
):
    def load(meshes=None, progress=lambda words, share: None, words=None):
        progress("Reading the bones", 0.05)
        return anatomy

    monkeypatch.setattr(Anatomy, "load", load)
    early = []

    def reached(window):
        if window.stage.scene is None and not early:
            early.append((window.isVisible(), window.around.veil.isVisible(), window.card.text()))
        return window.stage.scene is not None

    code, state = run_until(reached, lambda window: window.store.state, {"band": "posterior", "side": "left"})
    assert code == 0
    assert (state.band, state.side) == ("posterior", "left")
    visible, loading, card = early[0]
    assert visible and loading and "duck" in card
    assert (config / "settings.json").exists()


def test_damaged_settings_are_told_once_and_kept(qapp, hooks, config, monkeypatch, anatomy):
    monkeypatch.setattr(Anatomy, "load", lambda meshes=None, progress=None, words=None: anatomy)
    write_text(config / "settings.json", "{ this is not JSON")

    def said(window):
        return window.notice.isVisible(), window.notice.words.text()

    _, (visible, words) = run_until(lambda window: window.stage.scene is not None, said)
    assert visible and "damaged" in words and "defaults" in words
    assert [kept.read_text() for kept in config.glob("settings-damaged-*.json")] == ["{ this is not JSON"]
    _, (visible, _) = run_until(lambda window: window.stage.scene is not None, said)
    assert not visible


def test_a_missing_bone_is_told_on_the_stage_and_the_words_stay_readable(qapp, hooks, config, monkeypatch):
    def broken(meshes=None, progress=None, words=None):
        raise AssetError("femur.ply is missing; reinstall hipviz.")

    monkeypatch.setattr(Anatomy, "load", broken)

    def look(window):
        QTest.keyClick(window, "2")
        return window.around.veil.words.text(), window.card.text(), window.findChildren(Fault)

    _, (told, card, faults) = run_until(lambda window: window.around.veil.title.text() != "Building the hip", look)
    assert told == "femur.ply is missing; reinstall hipviz."
    assert "jumping jack" in card
    assert not faults


def test_an_unforeseen_error_opens_one_dialog_with_versions(qapp, hooks, capsys):
    watch = app.FaultWatch()
    watch.install()
    for _ in range(3):
        try:
            raise ZeroDivisionError("a fault of the program")
        except ZeroDivisionError:
            sys.excepthook(*sys.exc_info())
    dialogs = [part for part in QApplication.topLevelWidgets() if isinstance(part, Fault) and part.isVisible()]
    assert len(dialogs) == 1
    said = " ".join(part.text() for part in dialogs[0].findChildren(QLabel))
    assert "did not expect" in said and "a fault of the program" in said
    assert not dialogs[0].details.isVisible()
    assert "Traceback" in dialogs[0].report and "pyvista " in dialogs[0].report
    assert capsys.readouterr().err.count("ZeroDivisionError") >= 3
    dialogs[0].close()
    dialogs[0].deleteLater()


def test_the_window_is_there_before_the_libraries_that_take_long(anatomy):
    """What draws and computes is loaded beside the window; scipy's slow parts not at all when all is cached."""
    loaded = "import sys; print([m for m in ('pyvista', 'scipy', 'scipy.{}', 'scipy.{}') if m in sys.modules])"
    shown = "import hipviz.ui.app;" + loaded.format("sparse", "linalg")
    complete = "import hipviz.model.anatomy as a, hipviz.view.scene; a.Anatomy.load();"
    complete += loaded.format("interpolate", "spatial").replace("'pyvista', 'scipy', ", "")
    for code in (shown, complete):
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
        assert ended.stdout.strip() == "[]", ended.stdout + ended.stderr


def test_what_is_put_off_is_there_when_it_is_used():
    """The modules that libraries import at the start without need, in an order that they might be asked for."""
    code = """
import sys, numpy, hipviz.ui.late as late
late.put_off()
import scipy.sparse, pyvista.plotting
print([name for name in late.PUT_OFF if not isinstance(sys.modules[name], late.Later)])
numpy.testing.assert_allclose(1.0, 1.0)
from numpy.f2py import crackfortran
import numpy.f2py.auxfuncs
import matplotlib.pyplot
figure, _ = matplotlib.pyplot.subplots()
print(type(pyvista.plotting.charts.FigureCanvasAgg(figure)).__name__)
print([name for name in late.PUT_OFF if isinstance(sys.modules[name], late.Later)])
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert ended.stdout.split("\n")[:3] == ["[]", "FigureCanvasAgg", "[]"], ended.stdout + ended.stderr
