"""The chart over the bar: the length of each band over the movement, its activity where that is told, and now.

It stands exactly over the line of the bar and is dragged like it. The curves are computed in `model.course` and
painted once per movement and size, so that a frame costs no more than laying a picture under the cursor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from hipviz.model.content import Words
from hipviz.model.course import Course, course_of
from hipviz.model.movement import span_of
from hipviz.model.state import State, movement_of
from hipviz.model.units import BANDS, Floats
from hipviz.ui.controls import IconButton
from hipviz.ui.lever_bars import band_names
from hipviz.ui.store import Store
from hipviz.ui.theme import KEY_CAP, NOTE, Theme
from hipviz.ui.transport import ScrubBar

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.leverage import Leverage

HEIGHT, LANE, TOP, FOOT = 116, 12, 10, 8
"""Of the chart, of the activity of one band, and of the room above and below the curves."""
LEAST_SPAN_PCT = 16.0
"""The scale covers at least this much, so that a movement that changes little looks so."""
NAME_APART = 15
BESIDE = 0.35
"""Opacity of what does not belong to the phase that is repeated."""


class Curves(QWidget):
    """The whole chart, to be put over the bar `under` it."""

    def __init__(self, theme: Theme, store: Store, words: Words, anatomy: Anatomy, under: ScrubBar) -> None:
        super().__init__()
        self.setObjectName("curves")
        self._theme, self._store, self._words, self._anatomy, self._under = theme, store, words, anatomy, under
        self._course: Course | None = None
        self._picture: QPixmap | None = None
        self._drawn: tuple[object, ...] = ()
        self._dragging = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Length of the three bands over the movement"))
        self.setToolTip(self.tr("Length of each band against standing. Drag to any moment"))
        self.close_button = IconButton(theme, "ph.x", self.tr("Close the chart (D)"))
        self.close_button.setParent(self)
        self.close_button.clicked.connect(lambda: store.update(curves=False))
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def _leverage(self) -> Leverage:
        """The leverage of the adult that is shown."""
        return self._anatomy.shaped(self._store.state.proportions).leverage

    def display(self, state: State) -> None:
        """Show the movement and the moment of a state."""
        course = course_of(self._leverage, state, self._words)
        if course is not self._course:
            self._course = course
            self._picture = None
        if course is not None and not state.playing:
            self.setAccessibleDescription(self.spoken())
        self.update()

    def spoken(self) -> str:
        """Return the lengths at the present moment in words, for screen readers."""
        if self._course is None:
            return ""
        lengths = self._course.at(self._store.state.phase)
        names = band_names()
        return ", ".join(f"{names[band]} {value:.0f} %" for band, value in zip(BANDS, lengths, strict=True))

    def scale(self) -> tuple[float, float]:
        """Return the lowest and the highest length of the chart, per cent; whole fives around all curves."""
        assert self._course is not None
        low, high = (
            min(99.0, float(self._course.length_pct.min())),
            max(101.0, float(self._course.length_pct.max())),
        )
        short = max(0.0, LEAST_SPAN_PCT - (high - low)) / 2
        return 5.0 * np.floor((low - short) / 5.0), 5.0 * np.ceil((high + short) / 5.0)

    def track(self) -> tuple[float, float]:
        """Return where the cycle begins and ends, px from the left: right over the line of the bar."""
        offset = self._under.mapTo(self.window(), QPoint()).x() - self.mapTo(self.window(), QPoint()).x()
        left, right = self._under.track()
        return offset + left, offset + right

    def place(self, phase: float, length_pct: float) -> QPointF:
        """Return where a moment and a length stand."""
        left, right = self.track()
        (low, high), (top, foot) = self.scale(), self._rows()
        return QPointF(left + phase * (right - left), foot - (length_pct - low) / (high - low) * (foot - top))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the moment under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self._course is not None and self._under.isEnabled():
            self._dragging = True
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self._dragging:
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in the corner."""
        self.close_button.adjustSize()
        self.close_button.move(self.width() - self.close_button.width() - 4, 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lay the curves, then the cursor with the present lengths."""
        with QPainter(self) as painter:
            look, state = self._theme.look, self._store.state
            t, px = look.tokens, look.px
            wanted = (
                self.width(),
                self.height(),
                *self.track(),
                self.devicePixelRatioF(),
                look,
                state.band,
                state.repeated,
            )
            if self._picture is None or wanted != self._drawn:
                self._drawn, self._picture = wanted, self._painted(state)
            painter.drawPixmap(0, 0, self._picture)
            if self._course is None:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            lengths = self._course.at(state.phase)
            x = self.place(state.phase, 100.0).x()
            painter.setPen(QPen(QColor(look.accent), 1.6))
            painter.drawLine(QPointF(x, px(4)), QPointF(x, self.height()))
            for band, value in zip(BANDS, lengths, strict=True):
                painter.setPen(QPen(QColor(t.surface), 1.4))
                painter.setBrush(QColor(t.bands[band].ink))
                painter.drawEllipse(self.place(state.phase, float(value)), px(4), px(4))
            self._figures(painter, lengths)

    def _figures(self, painter: QPainter, lengths: Floats) -> None:
        """Write names and present lengths behind the curves, apart from each other, in the order of the ends."""
        look, px = self._theme.look, self._theme.look.px
        state, (top, foot), apart = self._store.state, self._rows(), px(NAME_APART)
        assert self._course is not None
        ends = np.array([self.place(1.0, float(value)).y() for value in self._course.length_pct[-1]])
        order = np.argsort(ends, kind="stable")
        places = ends[order]
        for _ in range(20):
            push = np.maximum(apart - np.diff(places), 0.0) / 2.0
            places[:-1] -= push
            places[1:] += push
        places += max(0.0, top - places[0]) - max(0.0, places[-1] - foot)
        left, names = self.track()[1] + px(14), band_names()
        for y, index in zip(places, order, strict=True):
            band = BANDS[index]
            painter.setFont(look.font(NOTE, 600 if band == state.band else 400, tabular=True))
            painter.setPen(QColor(look.tokens.bands[band].ink))
            box = QRectF(left, y - px(9), self.width() - left - px(40), px(18))
            text = f"{names[band]}  {lengths[index]:.0f} %"
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _painted(self, state: State) -> QPixmap:
        """Return the picture of everything that stays while the movement plays."""
        ratio, look = self.devicePixelRatioF(), self._theme.look
        t, px = look.tokens, look.px
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(t.surface))
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(t.line), 1))
            painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
            painter.setFont(look.font(NOTE))
            movement = movement_of(state, self._words)
            if self._course is None or movement is None:
                painter.setPen(QColor(t.text_third))
                painter.drawText(
                    self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Choose a band or a movement first")
                )
                return picture
            (left, right), top = self.track(), self._rows()[0]
            self._paint_scale(painter, left, right)
            start, end = span_of(movement, state.repeated)
            for band, curve in sorted(
                zip(BANDS, self._course.length_pct.T, strict=True), key=lambda p: p[0] == state.band
            ):
                chosen = state.band in (None, band)
                line = QPolygonF(
                    [self.place(float(p), float(v)) for p, v in zip(self._course.phases, curve, strict=True)]
                )
                painter.setPen(QPen(QColor(t.bands[band].ink), 2.4 if band == state.band else 1.6))
                painter.setOpacity(1.0 if chosen else 0.6)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(line)
            painter.setOpacity(1.0)
            self._paint_activity(painter, left, right)
            if state.repeated is not None:
                veil = QColor(t.surface)
                veil.setAlphaF(1.0 - BESIDE)
                for begin, until in ((0.0, start), (end, 1.0)):
                    span = (until - begin) * (right - left)
                    painter.fillRect(QRectF(left + begin * (right - left), px(1), span, self.height()), veil)
            for phase in movement.phases[1:]:
                x = left + phase.start * (right - left)
                painter.setPen(QPen(QColor(t.line), 1))
                painter.drawLine(QPointF(x, top), QPointF(x, self.height()))
        return picture

    def _paint_scale(self, painter: QPainter, left: float, right: float) -> None:
        look, px = self._theme.look, self._theme.look.px
        t, (low, high) = look.tokens, self.scale()
        words = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(look.font(KEY_CAP, tabular=True))
        for value in (low, 100.0, high):
            y = self.place(0.0, value).y()
            painter.setPen(QPen(QColor(t.line_strong if value == 100.0 else t.line), 1))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            if value == 100.0 or abs(y - self.place(0.0, 100.0).y()) > px(12):
                painter.setPen(QColor(t.text_third))
                painter.drawText(QRectF(0, y - px(8), left - px(8), px(16)), words, f"{value:.0f} %")
        painter.setFont(look.font(NOTE, 600))
        painter.setPen(QColor(t.text_third))
        box = QRectF(px(20), px(6), left - px(64), self.height())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(box, flags, self.tr("Length"))

    def _paint_activity(self, painter: QPainter, left: float, right: float) -> None:
        """Paint a lane per band, as high as the band is active."""
        if self._course is None or self._course.activity is None:
            return
        look, px = self._theme.look, self._theme.look.px
        t, foot = look.tokens, self._rows()[1] + px(6)
        painter.setFont(look.font(KEY_CAP))
        painter.setPen(QColor(t.text_third))
        box = QRectF(0, foot, left - px(8), 3 * px(LANE))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.tr("Active"))
        xs = left + self._course.phases * (right - left)
        for index, band in enumerate(BANDS):
            base = foot + (index + 1) * px(LANE)
            heights = self._course.activity[:, index] * px(LANE - 2)
            area = [QPointF(float(x), base - float(h)) for x, h in zip(xs, heights, strict=True)]
            painter.setPen(QPen(QColor(t.bands[band].ink), 1))
            painter.setBrush(QColor(t.bands[band].fill))
            painter.drawPolygon(QPolygonF([QPointF(float(xs[0]), base), *area, QPointF(float(xs[-1]), base)]))

    def _rows(self) -> tuple[float, float]:
        """Return where the curves begin and end, px from the top."""
        px = self._theme.look.px
        lanes = 3 * px(LANE) if self._course is not None and self._course.activity is not None else 0
        return px(TOP), self.height() - px(FOOT) - lanes

    def _go(self, x: float) -> None:
        left, right = self.track()
        self._store.update(phase=min(1.0, max(0.0, (x - left) / (right - left))), playing=False, pose=None)

    def _restyle(self) -> None:
        self.setFixedHeight(self._theme.look.px(HEIGHT))
        self._picture = None
        self.update()
