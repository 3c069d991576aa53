"""One real window per module, on the display that pytest-xvfb starts; hipviz' own application object for all."""

import gc
import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_API", "pyside6")


@pytest.fixture(scope="session")
def words():
    from hipviz.model.content import load_words

    return load_words()


@pytest.fixture(scope="session")
def points():
    from hipviz.model.trigger_points import load_trigger_points

    return load_trigger_points()


@pytest.fixture(scope="module")
def open_window(qapp, anatomy, words, points, tmp_path_factory):
    """Return a function that opens a window with the real anatomy on its stage; all are closed at the end."""
    from PySide6.QtTest import QTest

    from hipviz.model.state import State
    from hipviz.ui.store import Store
    from hipviz.ui.window import Window

    opened = []

    def opening(state: State | None = None, path: Path | None = None, size=(1280, 720)):
        path = path or tmp_path_factory.mktemp("config") / "settings.json"
        # A light theme, whatever the machine has, and the quality that costs least.
        window = Window(Store(state or State(theme="light", quality="low")), words, points, path)
        window.resize(*size)
        window.show()
        QTest.qWaitForWindowExposed(window)
        window.attach(anatomy)
        window.activateWindow()
        window.stage.setFocus()
        QTest.qWait(50)
        opened.append(window)
        return window

    def dispose(window) -> None:
        from PySide6.QtCore import QCoreApplication, QEvent

        opened.remove(window)
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()

    opening.dispose = dispose
    yield opening
    while opened:
        dispose(opened[-1])
    gc.collect()


@pytest.fixture(scope="module")
def shared(open_window):
    return open_window()


@pytest.fixture
def window(shared):
    """The module's window, at the state of a first start, standing still."""
    from hipviz.model.state import State

    for dialog in shared.findChildren(dialog_kind()):
        dialog.close()
    settle(shared, State(theme="light", quality="low"))
    shared.stage.setFocus()
    shared.store._past.clear()
    shared.store._future.clear()
    return shared


def dialog_kind():
    from PySide6.QtWidgets import QDialog

    return QDialog


def settle(window, state) -> None:
    """Bring the window into a state and wait until nothing turns any more."""
    from PySide6.QtTest import QTest

    changes = {name: getattr(state, name) for name in state.__struct_fields__}
    window.store.update(**changes)
    stage = window.stage
    stage._turn.stop()
    stage._put(stage.goal(window.store.state))
    QTest.qWait(20)
