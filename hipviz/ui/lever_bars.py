"""Bars of the moment arms in the present pose: a row per band, a column per angle, and each band's length.

Painted on one widget, so that they follow the movement at next to no cost. What is measured lives in the model,
the curves in `lever_chart`.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from hipviz.model.units import BANDS, Band, Floats
from hipviz.ui.theme import KEY_CAP, LABEL, NOTE, Theme

FULL_MM, FULL_PCT = 60.0, 30.0
"""Moment arm, and change of length in per cent, at which a bar fills its half of the column."""

NAMES, ROW, HEAD = 84, 30, 20
QUIET = 0.45
"""Opacity of the bars beside those of the chosen band."""


def band_names() -> dict[Band, str]:
    """Return the short names of the bands."""
    say = QCoreApplication.translate
    return {
        "anterior": say("LeverBars", "Anterior"),
        "middle": say("LeverBars", "Middle"),
        "posterior": say("LeverBars", "Posterior"),
    }


def ends(plain: bool) -> tuple[tuple[str, str], ...]:
    """Return what a bar to the left and to the right means, by column."""
    say = QCoreApplication.translate
    if plain:
        return (
            (say("LeverBars", "back"), say("LeverBars", "bend")),
            (say("LeverBars", "in"), say("LeverBars", "out")),
            (say("LeverBars", "out"), say("LeverBars", "in")),
            (say("LeverBars", "− %"), say("LeverBars", "+ %")),
        )
    return (
        (say("LeverBars", "ext."), say("LeverBars", "flex.")),
        (say("LeverBars", "add."), say("LeverBars", "abd.")),
        (say("LeverBars", "ext."), say("LeverBars", "int.")),
        (say("LeverBars", "− %"), say("LeverBars", "+ %")),
    )


def spoken_ends() -> tuple[tuple[str, str], ...]:
    """Return the same for the three angles in full words, for screen readers."""
    say = QCoreApplication.translate
    return (
        (say("LeverBars", "extension"), say("LeverBars", "flexion")),
        (say("LeverBars", "adduction"), say("LeverBars", "abduction")),
        (say("LeverBars", "external rotation"), say("LeverBars", "internal rotation")),
    )


class LeverBars(QWidget):
    """Three rows of bars; screen readers meet them as a description in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._arms: Floats | None = None
        self._length_pct: Floats = np.full(len(BANDS), 100.0)
        self._chosen: Band | None = None
        self._plain = True
        self.setAccessibleName(self.tr("Moment arms of the three bands"))
        theme.changed.connect(self.updateGeometry)

    def display(self, arms: Floats, length_pct: Floats, chosen: Band | None, plain: bool) -> None:
        """Show moment arms (3 angles, bands), mm, and lengths (bands,), per cent of those in standing."""
        self._arms, self._length_pct, self._chosen, self._plain = arms, length_pct, chosen, plain
        self.update()

    def describe(self) -> None:
        """Say the figures to screen readers; not in every frame of a movement."""
        self.setAccessibleDescription(self.spoken())

    def spoken(self) -> str:
        """Return all figures in words."""
        if self._arms is None:
            return ""
        sentences = []
        for index, (band, name) in enumerate(band_names().items()):
            told = [
                f"{words[0 if arm < 0 else 1]} {abs(arm):.0f} mm"
                for words, arm in zip(spoken_ends(), self._arms[:, index], strict=True)
            ]
            told.append(self.tr("length {share} %").format(share=f"{self._length_pct[BANDS.index(band)]:.0f}"))
            sentences.append(f"{name}: {', '.join(told)}")
        return ". ".join(sentences) + "."

    def sizeHint(self) -> QSize:
        """Return the size at the present scale."""
        px = self._theme.look.px
        return QSize(px(420), px(HEAD + ROW * len(BANDS) + 4))

    def minimumSizeHint(self) -> QSize:
        """Return the least width at which the figures still stand beside their bars."""
        return QSize(self._theme.look.px(370), self.sizeHint().height())

    def columns(self) -> list[QRectF]:
        """Return the place of each column."""
        left = self._theme.look.px(NAMES)
        width = (self.width() - left) / 4
        return [QRectF(left + width * k, 0, width, self.height()) for k in range(4)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        look, px = self._theme.look, self._theme.look.px
        t = look.tokens
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            head, height = px(HEAD), px(ROW)
            painter.setFont(look.font(KEY_CAP))
            painter.setPen(QColor(t.text_third))
            gap = px(5)
            for column, (left, right) in zip(self.columns(), ends(self._plain), strict=True):
                box = QRectF(column.x() + gap, 0, column.width() - 2 * gap, head)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, left)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
            for index, (band, name) in enumerate(band_names().items()):
                top = head + index * height
                colours = t.bands[band]
                swatch = QRectF(1, top + height / 2 - px(5), px(10), px(10))
                painter.setPen(QPen(QColor(colours.ink), 1.2))
                painter.setBrush(QColor(colours.fill))
                painter.drawRoundedRect(swatch, 2.5, 2.5)
                painter.setPen(QColor(self._ink(band)))
                painter.setFont(look.font(LABEL, 600 if band == self._chosen else 400))
                painter.drawText(
                    QRectF(px(17), top, px(NAMES - 17), height),
                    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                    name,
                )
                if self._arms is not None:
                    change = self._length_pct[index] - 100.0
                    for column, value, full, words in (
                        *(
                            (place, arm, FULL_MM, _signed(arm))
                            for place, arm in zip(self.columns(), self._arms[:, index], strict=False)
                        ),
                        (self.columns()[3], change, FULL_PCT, _signed(change)),
                    ):
                        cell = QRectF(column.x() + gap, top, column.width() - 2 * gap, height)
                        self._bar(painter, cell, float(value) / full, words, band)

    def _ink(self, band: Band) -> str:
        t = self._theme.look.tokens
        return t.text if self._chosen in (None, band) else t.text_third

    def _bar(self, painter: QPainter, cell: QRectF, share: float, words: str, band: Band) -> None:
        """Paint one bar from the middle of its cell, `share` −1…1 of the half, and its figure at the free end."""
        look, px = self._theme.look, self._theme.look.px
        t, colours = look.tokens, look.tokens.bands[band]
        middle, thick = cell.center().x(), px(11)
        groove = QRectF(cell.x(), cell.center().y() - thick / 2, cell.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.hover))
        painter.drawRoundedRect(groove, 3, 3)
        reach = max(-1.0, min(1.0, share)) * cell.width() / 2
        if abs(reach) >= 0.5:
            painter.setPen(QPen(QColor(colours.ink), 1.0))
            painter.setBrush(QColor(colours.fill))
            painter.setOpacity(1.0 if self._chosen in (None, band) else QUIET)
            painter.drawRect(QRectF(min(middle, middle + reach), groove.y(), abs(reach), thick))
            painter.setOpacity(1.0)
        painter.setPen(QPen(QColor(t.text_third), 1.0))
        painter.drawLine(QPointF(middle, groove.y() - 4), QPointF(middle, groove.bottom() + 4))
        # The figure stands on the empty half, where the bar never covers it.
        painter.setFont(look.font(NOTE, 600, tabular=True))
        painter.setPen(QColor(self._ink(band)))
        free = QRectF(cell.x() if reach > 0 else middle + px(5), cell.y(), cell.width() / 2 - px(5), cell.height())
        side = Qt.AlignmentFlag.AlignRight if reach > 0 else Qt.AlignmentFlag.AlignLeft
        painter.drawText(free, side | Qt.AlignmentFlag.AlignVCenter, words)


def _signed(value: float) -> str:
    """Return a whole number with its sign; nought has none."""
    number = f"{abs(value):.0f}"
    return number if number == "0" else f"{'−' if value < 0 else '+'}{number}"
