"""Small signs painted with QPainter: the fan of three bands, the two kinds of pain zone, icons.

They tell bands and zones apart by shape as well as by hue. Where they stand is decided by the panels.
"""

import functools

import qtawesome
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget
from qtawesome.iconic_font import IconicFont

from hipviz.model.units import BANDS, Band
from hipviz.ui.theme import Look, Theme
from hipviz.view.tokens import Tokens, tokens

SECTOR_DEG, GAP_DEG = 31.0, 2.0


def paint_fan(
    painter: QPainter, box: QRectF, t: Tokens, chosen: Band | None = None, all_hues: bool = False
) -> None:
    """Paint the muscle as three sectors, apex down, front to the right; the chosen one is filled and outlined."""
    apex = QPointF(box.center().x(), box.bottom() - 1)
    radius = box.height() - 2
    disc = QRectF(apex.x() - radius, apex.y() - radius, 2 * radius, 2 * radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index, band in enumerate(reversed(BANDS)):
        sector = QPainterPath(apex)
        sector.arcTo(disc, 90 + 1.5 * SECTOR_DEG - index * SECTOR_DEG - GAP_DEG / 2, -(SECTOR_DEG - GAP_DEG))
        sector.closeSubpath()
        hued = all_hues or band == chosen
        colours = t.bands[band]
        pen = QPen(QColor(colours.ink), 1.2) if hued else QPen(Qt.PenStyle.NoPen)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(QColor(colours.fill if hued else t.line_strong))
        painter.drawPath(sector)
    painter.restore()


def paint_zone(painter: QPainter, box: QRectF, t: Tokens, essential: bool) -> None:
    """Paint the sign of a zone: filled with a full outline (essential), dotted with a dashed one (spillover)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if essential:
        fill = QColor(t.zone)
        fill.setAlphaF(0.65)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(t.zone_outline), 1.6))
        painter.drawRoundedRect(box, 5, 5)
    else:
        dashed = QPen(QColor(t.zone_outline), 1.4)
        dashed.setDashPattern([3, 2])
        painter.setPen(dashed)
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.zone_dot))
        for column in range(4):
            for row in range(2):
                across, down = (column + 0.5) / 4, (row + 0.5) / 2
                centre = QPointF(box.x() + 3 + across * (box.width() - 6), box.y() + 2 + down * (box.height() - 4))
                painter.drawEllipse(centre, 1.4, 1.4)
    painter.restore()


@functools.cache
def _icons() -> IconicFont:
    """Return Phosphor alone: the eleven other fonts of qtawesome take a tenth of a second and 10 MB to load."""
    return IconicFont(*(font for font in qtawesome._BUNDLED_FONTS if font[0] == "ph"))  # type: ignore[no-untyped-call]


def icon(name: str, look: Look, colour: str = "") -> QIcon:
    """Return a Phosphor icon in the colours of the look."""
    colours = {"color": colour or look.tokens.text_second, "color_disabled": look.tokens.line_strong}
    return QIcon(_icons().icon(name, **colours))  # type: ignore[no-untyped-call]


def window_icon() -> QIcon:
    """Return the icon of the program: the fan in its three hues."""
    made = QIcon()
    for side in (16, 32, 64, 128, 256):
        canvas = QPixmap(side, side)
        canvas.fill(Qt.GlobalColor.transparent)
        with QPainter(canvas) as painter:
            paint_fan(painter, QRectF(0, 0.06 * side, side, 0.78 * side), tokens("light"), all_hues=True)
        made.addPixmap(canvas)
    return made


class ZoneSign(QWidget):
    """The sign of one kind of zone, beside its words."""

    def __init__(self, theme: Theme, essential: bool) -> None:
        super().__init__()
        self._theme = theme
        self._essential = essential

    def sizeHint(self) -> QSize:
        """Return the size at the present scale."""
        return QSize(self._theme.look.px(28), self._theme.look.px(20))

    def minimumSizeHint(self) -> QSize:
        """Return the same size: the sign does not shrink."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign."""
        look = self._theme.look
        with QPainter(self) as painter:
            paint_zone(painter, QRectF(1.5, 2.5, look.px(25), look.px(15)), look.tokens, self._essential)


class FanSign(QWidget):
    """The fan in the hues of all three bands: shown while none is chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self) -> QSize:
        """Return the size at the present scale."""
        return QSize(self._theme.look.px(120), self._theme.look.px(84))

    def minimumSizeHint(self) -> QSize:
        """Return the same size: the sign does not shrink."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign."""
        look = self._theme.look
        box = QRectF(0, 0, self.width(), look.px(84)).adjusted(2, 2, -2, -2)
        with QPainter(self) as painter:
            paint_fan(painter, box, look.tokens, all_hues=True)
