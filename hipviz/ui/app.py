"""Starting and ending: one application, a window at once, the anatomy loaded beside it, nothing lost on a fault.

What the window shows lives in `window`; the command line, which calls `run`, in `hipviz.cli`.
"""

import os
import sys
import threading
from collections.abc import Mapping
from types import TracebackType

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QSurfaceFormat
from PySide6.QtWidgets import QApplication

from hipviz.model.content import load_words
from hipviz.model.trigger_points import load_trigger_points
from hipviz.ui.dialogs import Fault, print_fault
from hipviz.ui.pictogram import window_icon
from hipviz.ui.settings import load_settings, settings_file
from hipviz.ui.store import Store
from hipviz.ui.window import Window


class FaultWatch(QObject):
    """Shows errors that nobody caught, from any thread, in a dialog; the same one only once."""

    raised = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.window: Window | None = None
        self._told: set[str] = set()
        self.raised.connect(self._tell)

    def install(self) -> None:
        """Take the place of Python's own hooks."""
        sys.excepthook = self.raised.emit
        threading.excepthook = lambda fault: self.raised.emit(fault.exc_type, fault.exc_value, fault.exc_traceback)

    def _tell(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        print_fault(kind, error, trace)
        # A fault in a drawing routine comes back with every frame: one dialog is enough.
        place = f"{kind.__name__}{error}"
        if place not in self._told:
            self._told.add(place)
            dialog = Fault(self.window, kind, error, trace)
            dialog.open()


def application() -> QApplication:
    """Return the application, made ready for a window with an OpenGL picture."""
    os.environ.setdefault("QT_API", "pyside6")
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # VTK needs desktop OpenGL 3.2, and Qt fixes the format when the first window is made.
    wanted = QSurfaceFormat()
    wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setVersion(3, 2)
    wanted.setAlphaBufferSize(8)
    wanted.setDepthBufferSize(24)
    QSurfaceFormat.setDefaultFormat(wanted)
    made = QApplication(sys.argv[:1])
    made.setApplicationName("hipviz")
    made.setApplicationDisplayName("hipviz")
    made.setDesktopFileName("hipviz")
    made.setStyle("Fusion")
    return made


def run(changes: Mapping[str, object] | None = None) -> int:
    """Open the window with `changes` made to the state of the last session; return the exit code.

    Raises ContentError when the words cannot be read: without them there is nothing to show.
    """
    app = application()
    watch = FaultWatch()
    watch.install()
    words = load_words()
    points = load_trigger_points(sources=frozenset(words.sources))
    path = settings_file()
    settings, told = load_settings(path)
    state = settings.state
    if changes:
        # What was asked for on the command line is not to be hidden by where the last session looked.
        state = msgspec.structs.replace(state, **({"camera": None} | dict(changes)))
    window = Window(Store(state), words, points, path)
    watch.window = window
    app.setWindowIcon(window_icon())
    window.restore(settings)
    if told:
        window.notice.tell(told)
    window.show()

    window.load()
    return app.exec()
