"""The chart of a moment arm, or of the length, against one angle of the hip: a curve per band.

The present pose is marked, the pointer reads values off. Bars of the present pose are painted by `lever_bars`. The
chart library is loaded with the first chart, not with the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from hipviz.model.paths import StraightPaths
from hipviz.model.pose import ANGLES, RANGE_OF_MOTION_DEG, Angle
from hipviz.model.state import Lever
from hipviz.model.units import BANDS, Band, Floats
from hipviz.ui.controls import column
from hipviz.ui.lever_bars import band_names
from hipviz.ui.theme import KEY_CAP, Theme

if TYPE_CHECKING:
    from hipviz.model.leverage import Leverage

STEP_DEG = 2.0
MARGIN = 0.08
DASHES: tuple[tuple[float, float], ...] = ((6.0, 4.0), (1.5, 3.0))
"""How the curves of published models are dashed, in their order: never as the model's own."""
NAMES_PX, NAME_PX = 62, 13
"""Room for the names behind the curves, across and down: bands are told apart by more than hue."""


class LeverChart(QWidget):
    """The plot.

    `read(angle, values, pointed)` tells what stands under the pointer; after it has left, the present pose.
    """

    read = Signal(float, object, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        import pyqtgraph as pg

        self._theme = theme
        self._kind: tuple[Lever, Angle] = ("internal_rotation", "flexion")
        self._key: tuple[object, ...] = ()
        self._angles: Floats = np.zeros(1)
        self._values: Floats = np.zeros((1, len(BANDS)))
        self._now = 0.0
        self._chosen: Band | None = None
        self._pointer: float | None = None
        self.plot: Any = pg.PlotWidget(enableMenu=False)
        self.plot.setMinimumSize(120, 60)
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setAntialiasing(True)
        box = self.plot.getViewBox()
        box.setDefaultPadding(0.0)
        item = self.plot.getPlotItem()
        item.layout.setContentsMargins(0, 4, 8, 0)
        self._zero = pg.InfiniteLine(0.0, angle=0)
        self._mark = pg.InfiniteLine(0.0, angle=90)
        self._hair = pg.InfiniteLine(0.0, angle=90)
        self._hair.hide()
        self._curves = {band: pg.PlotDataItem() for band in BANDS}
        self._others = {(band, k): pg.PlotDataItem() for band in BANDS for k in range(len(DASHES))}
        self._published: Sequence[StraightPaths] = ()
        self._ends = (pg.TextItem(anchor=(1.0, 1.0)), pg.TextItem(anchor=(1.0, 0.0)))
        self._dots = pg.ScatterPlotItem(size=8, symbol="o", pxMode=True)
        self._names = {band: pg.TextItem(anchor=(0.0, 0.5)) for band in BANDS}
        self._turning = pg.ScatterPlotItem(size=9, symbol="o", pxMode=True)
        self._turning_name = pg.TextItem(anchor=(0.0, 1.1))
        lines = (self._zero, self._mark, self._hair, *self._others.values(), *self._curves.values())
        for part in (*lines, *self._ends, self._turning, self._turning_name, self._dots, *self._names.values()):
            self.plot.addItem(part, ignoreBounds=True)
        column(self).addWidget(self.plot)
        self.plot.viewport().setMouseTracking(True)
        self.plot.viewport().installEventFilter(self)
        theme.changed.connect(self._restyle)
        self._restyle()

    def display(
        self,
        leverage: Leverage,
        angles_deg: tuple[float, float, float],
        kind: tuple[Lever, Angle],
        chosen: Band | None,
        published: Sequence[StraightPaths] = (),
        ends: tuple[str, str] = ("", ""),
    ) -> None:
        """Show the curves through a pose; they are computed anew only when another of its angles has changed.

        published : lines of pull in the order of the bands, drawn dashed. ends : what values below and above zero
        mean.
        """
        along = ANGLES.index(kind[1])
        others = tuple(round(angle, 1) for k, angle in enumerate(angles_deg) if k != along)
        key = (id(leverage), kind, others, len(published))
        if key != self._key:
            self._key, self._published = key, published
            self._compute(leverage, angles_deg, kind)
        for part, words in zip(self._ends, (f"{ends[1]} ↑", f"{ends[0]} ↓"), strict=True):
            part.setText(words if kind[0] != "length" else "", color=self._theme.look.tokens.text_third)
        if chosen != self._chosen:
            self._chosen = chosen
            self._restyle()
            self._mark_turning()
        for (band, k), curve in self._others.items():
            curve.setVisible(k < len(published) and chosen in (None, band))
        self._now = angles_deg[along]
        self._mark.setValue(self._now)
        self._place_dots()
        angle = self._now if self._pointer is None else self._pointer
        self.read.emit(angle, self._at(angle), self._pointer is not None)

    def _compute(
        self, leverage: Leverage, angles_deg: tuple[float, float, float], kind: tuple[Lever, Angle]
    ) -> None:
        charted, angle = kind
        along = ANGLES.index(angle)
        low, high = RANGE_OF_MOTION_DEG[f"{angle}_deg"]
        self._kind = kind
        self._angles = np.linspace(low, high, round((high - low) / STEP_DEG) + 1)
        poses = np.tile(np.array(angles_deg), (len(self._angles), 1))
        poses[:, along] = self._angles
        if charted == "length":
            self._values = leverage.band_lengths(poses)
        else:
            self._values = leverage.band_arms(poses)[:, ANGLES.index(charted)]
        for index, band in enumerate(BANDS):
            self._curves[band].setData(self._angles, self._values[:, index])
        everything = [self._values]
        for (band, k), curve in self._others.items():
            if k < len(self._published):
                values = values_of(self._published[k], poses, charted)
                everything.append(values)
                curve.setData(self._angles, values[:, BANDS.index(band)])
        least, most = min(float(part.min()) for part in everything), max(float(part.max()) for part in everything)
        if charted != "length":
            least, most = min(least, -5.0), max(most, 5.0)
        room = MARGIN * (most - least)
        # Whole tens, so that the scale stands still while the curves change a little.
        self.plot.setYRange(
            10.0 * np.floor((least - room) / 10.0), 10.0 * np.ceil((most + room) / 10.0), padding=0
        )
        self._place_names()
        self._mark_turning()
        step = 30 if high - low > 100.0 else 15
        ticks = range(step * int(np.ceil(low / step)), int(high) + 1, step)
        self.plot.getAxis("bottom").setTicks(
            [[(tick, f"{'−' if tick < 0 else ''}{abs(tick)}°") for tick in ticks]]
        )
        self._zero.setVisible(charted != "length")

    def _at(self, angle: float) -> Floats:
        return np.array([np.interp(angle, self._angles, self._values[:, index]) for index in range(len(BANDS))])

    def _place_names(self) -> None:
        """Put the names behind the ends of the curves, apart from each other."""
        first, last = self._angles[0], self._angles[-1]
        width = max(1.0, float(self.plot.getViewBox().width()))
        named = min(0.5, self._theme.look.px(NAMES_PX) / width)
        self.plot.setXRange(first, first + (last - first) / (1.0 - named), padding=0)
        low, high = self.plot.getViewBox().viewRange()[1]
        per_px = (high - low) / max(1.0, float(self.plot.getViewBox().height()))
        apart = self._theme.look.px(NAME_PX) * per_px
        order = np.argsort(self._values[-1])
        places = self._values[-1][order]
        for _ in range(20):
            gaps = np.diff(places)
            push = np.maximum(apart - gaps, 0.0) / 2.0
            places[:-1] -= push
            places[1:] += push
        edge = apart / 2.0
        places += max(0.0, low + edge - places[0]) - max(0.0, places[-1] - (high - edge))
        for part in self._ends:
            part.setPos(self.plot.getViewBox().viewRange()[0][1], 0.0)
        across = last + 0.01 * (last - first)
        for place, index in zip(places, order, strict=True):
            self._names[BANDS[index]].setPos(across, place)

    def _mark_turning(self) -> None:
        """Mark where the chosen band's lever changes its sign."""
        index = BANDS.index(self._chosen) if self._chosen else 0
        values = self._values[:, index]
        before = np.flatnonzero(values[:-1] * values[1:] < 0.0) if len(values) > 1 else np.zeros(0, dtype=int)
        shown = self._chosen is not None and self._kind[0] != "length" and len(before) > 0
        self._turning.setVisible(shown)
        self._turning_name.setVisible(shown)
        if shown:
            share = values[before] / (values[before] - values[before + 1])
            crossings = self._angles[before] + share * STEP_DEG
            place = float(crossings[np.abs(crossings).argmin()])
            self._turning.setData([place], [0.0])
            self._turning_name.setText(f"{'−' if round(place) < 0 else ''}{abs(round(place))}°")
            self._turning_name.setPos(place, 0.0)

    def _place_dots(self) -> None:
        angle = self._now if self._pointer is None else self._pointer
        t = self._theme.look.tokens
        self._dots.setData(
            [
                {
                    "pos": (angle, value),
                    "symbol": "o",
                    "brush": QColor(t.bands[band].fill),
                    "pen": _pen(t.bands[band].ink, 1.2),
                }
                for band, value in zip(BANDS, self._at(angle), strict=True)
            ]
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read off values under the pointer."""
        if event.type() == QEvent.Type.MouseMove:
            self._point(event.position())  # type: ignore[attr-defined]
        elif event.type() == QEvent.Type.Leave:
            self._pointer = None
            self._hair.hide()
            self._place_dots()
            self.read.emit(self._now, self._at(self._now), False)
        return False

    def _point(self, place: QPointF) -> None:
        box = self.plot.getViewBox()
        angle = box.mapSceneToView(self.plot.mapToScene(place.toPoint())).x()
        self._pointer = float(np.clip(angle, self._angles[0], self._angles[-1]))
        self._hair.setValue(self._pointer)
        self._hair.show()
        self._place_dots()
        self.read.emit(self._pointer, self._at(self._pointer), True)

    def _restyle(self) -> None:
        look = self._theme.look
        t = look.tokens
        self.plot.setBackground(QColor(t.surface))
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(QPen(QColor(t.line_strong), 1.0))
            axis.setTextPen(QColor(t.text_third))
            axis.setStyle(tickFont=look.font(KEY_CAP, tabular=True), tickLength=-4, tickTextOffset=4)
        self.plot.getAxis("left").setWidth(look.px(34))
        self.plot.getAxis("bottom").setHeight(look.px(20))
        self._zero.setPen(_pen(t.line_strong, 1.0))
        self._mark.setPen(_pen(t.text_third, 1.4))
        hair = _pen(t.text, 1.0)
        hair.setDashPattern([3, 3])
        self._hair.setPen(hair)
        for band, name in band_names().items():
            chosen = band == self._chosen
            ink = QColor(t.bands[band].ink)
            self._names[band].setText(name, color=ink)
            self._names[band].setFont(look.font(KEY_CAP, 600 if chosen else 400))
            ink.setAlphaF(1.0 if chosen or self._chosen is None else 0.5)
            self._curves[band].setPen(_pen(ink, 2.6 if chosen else 1.6))
            self._curves[band].setZValue(2 if chosen else 1)
            for k, dashes in enumerate(DASHES):
                pen = _pen(ink, 1.6 if chosen else 1.0)
                pen.setDashPattern(list(dashes))
                self._others[band, k].setPen(pen)
        for part in self._ends:
            part.setFont(look.font(KEY_CAP))
            part.setColor(QColor(t.text_third))
        for part in (self._dots, self._turning, self._turning_name):
            part.setZValue(3)
        self._turning.setBrush(QColor(t.surface))
        self._turning.setPen(_pen(t.text, 1.4))
        self._turning_name.setColor(QColor(t.text))
        self._turning_name.setFont(look.font(KEY_CAP, 600, tabular=True))
        if len(self._angles) > 1:
            self._place_dots()
            self._place_names()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the names apart at the new size."""
        super().resizeEvent(event)
        if len(self._angles) > 1:
            self._place_names()


def values_of(paths: StraightPaths, poses_deg: Floats, charted: Lever) -> Floats:
    """Return the lengths or the moment arms in one angle (…, paths), mm, in poses (…, 3)."""
    lengths, arms = paths.measured(poses_deg)
    return lengths if charted == "length" else np.asarray(arms[..., ANGLES.index(charted), :])


def _pen(colour: str | QColor, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    return pen
