"""Bones that can be turned, beside or over each other: a picture of its own in the dialog, with words over it."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QWidget

from hipviz.ui.controls import label
from hipviz.ui.navigation import orbited
from hipviz.ui.picture import Picture
from hipviz.ui.theme import Theme
from hipviz.view.bench import Bench
from hipviz.view.camera import around, camera, frame

CLICK_PX = 5
"""A press that moves less is a click."""
WHEEL_STEP = 1.15
NEAREST, FARTHEST = 6.0, 0.5
TURN_DEG = 15.0
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
SHEET_PX = 180.0
"""The height of a drag that turns by half a turn, in the arithmetic of `orbited`."""


class Viewer(QWidget):
    """A bench to look at; `clicked` carries the number of the body and the place on it, mm, in its own frame."""

    clicked = Signal(int, object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumSize(420, 320)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The bones: drag or use the arrow keys to turn them, the wheel to enlarge"))
        self._theme = theme
        self.picture = Picture(self)
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.picture.installEventFilter(self)
        self.bench = Bench(self.picture, theme.look.tokens.name)
        self.left, self.right = self._caption(), self._caption()
        self.hint = label("", "note", wrap=False)
        self.hint.setParent(self)
        self.hint.setText(self.tr("Drag to turn, wheel to enlarge, double click to turn back"))
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._zoom = 1.0
        self.look_from(0.0)
        theme.changed.connect(self._restyle)

    def _caption(self) -> QLabel:
        made = label("", "hover", wrap=False)
        made.setParent(self)
        made.hide()
        return made

    def look_from(self, azimuth_deg: float) -> None:
        """See the bones from there: 0 from the front, 90 from the right side."""
        self._home = azimuth_deg
        direction, up = around("right", azimuth_deg, 4.0)
        self._eye = camera(np.zeros(3), direction, up, 100.0)
        self._zoom = 1.0
        self.redraw()

    def name(self, left: str, right: str = "") -> None:
        """Write over the bones what they are."""
        for part, words in ((self.left, left), (self.right, right)):
            part.setText(words)
            part.setVisible(bool(words))
            part.adjustSize()
        self._arrange()

    def redraw(self) -> None:
        """Ask for a new picture."""
        self.bench.turn(frame(self._eye), self._zoom, self.width() / max(1, self.height()))
        self.picture.update()

    def shut(self) -> None:
        """Free the picture: nothing may be drawn afterwards."""
        self._theme.changed.disconnect(self._restyle)
        self.picture.removeEventFilter(self)
        self.picture.close()

    # -- mouse and keys ------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse over the picture; everything else goes its way."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._pressed = self._last = event.position()
        elif kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._move(event.position())
        elif kind == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            self._release(event.position())
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.look_from(self._home)
        elif kind == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            self._enlarge(WHEEL_STEP ** (event.angleDelta().y() / 120.0))
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn with the arrow keys, enlarge with plus and minus."""
        step = ARROWS.get(Qt.Key(event.key()))
        if step is not None:
            self._turn(TURN_DEG * step[0], TURN_DEG * step[1], SHEET_PX)
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._enlarge(WHEEL_STEP)
        elif event.key() == Qt.Key.Key_Minus:
            self._enlarge(1.0 / WHEEL_STEP)
        elif event.key() == Qt.Key.Key_Home:
            self.look_from(self._home)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the widget."""
        self.picture.setGeometry(self.rect())
        self._arrange()
        self.redraw()

    def _move(self, place: QPointF) -> None:
        if self._pressed is not None and (place - self._pressed).manhattanLength() >= CLICK_PX:
            step = place - self._last
            self._last = place
            self._turn(step.x(), step.y(), self.height())

    def _release(self, place: QPointF) -> None:
        if self._pressed is not None and (place - self._pressed).manhattanLength() < CLICK_PX:
            ratio = self.devicePixelRatioF()
            found = self.bench.pick(place.x() * ratio, (self.height() - place.y()) * ratio - 1)
            if found is not None:
                number, point = found
                self.clicked.emit(number, point)
        self._pressed = None

    def _turn(self, right: float, down: float, height: float) -> None:
        self._eye = orbited(self._eye, right, down, height)
        self.redraw()

    def _enlarge(self, factor: float) -> None:
        self._zoom = float(np.clip(self._zoom * factor, FARTHEST, NEAREST))
        self.redraw()

    # -- looks ---------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        both = self.right.isVisibleTo(self)
        for part, centre in ((self.left, 0.25 if both else 0.5), (self.right, 0.75)):
            part.move(round(centre * self.width() - part.width() / 2), 14)
            part.raise_()
        self.hint.adjustSize()
        self.hint.move((self.width() - self.hint.width()) // 2, self.height() - self.hint.height() - 10)
        self.hint.raise_()

    def _restyle(self) -> None:
        self.bench.dress(self._theme.look.tokens.name)
        self.redraw()
