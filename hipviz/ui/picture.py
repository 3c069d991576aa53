"""The widget that VTK draws into. It brings VTK along, so it is imported only when there is something to draw."""

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from pyvistaqt import QtInteractor

Interactor: Any = QtInteractor  # pyvista's wrapped methods defeat static types


class Picture(Interactor):  # type: ignore[misc]
    """pyvistaqt's interactor, drawn once where Qt would have it drawn twice.

    frames : how many it has drawn.
    """

    def __init__(self, parent: QWidget) -> None:
        self.frames = 0
        self._resizing = False
        super().__init__(parent, auto_update=False, multi_samples=0, lighting="none")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new size. QOpenGLWidget paints at once here, and Qt again right afterwards: once is enough."""
        self._resizing = True
        try:
            super().resizeEvent(event)
        finally:
            self._resizing = False

    def paintGL(self) -> None:
        """Draw the picture."""
        if not self._resizing:
            super().paintGL()
            self.frames += 1
