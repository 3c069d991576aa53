"""The three bands in a pose: a bar from the length at rest to the present one, in words, and who helps or resists.

Painted on one widget, since it follows every drag. What is measured lives in `hipviz.model.explore`.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from hipviz.model.explore import SAME_PCT, Effect, Role
from hipviz.model.explore_words import ExploreWords
from hipviz.model.units import BANDS, Band
from hipviz.ui.lever_bars import FULL_PCT, band_names
from hipviz.ui.theme import LABEL, NOTE, Theme

ROW = 41


class BandEffects(QWidget):
    """A row per band; a click on one chooses it. Screen readers meet all of it as one description."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, words: ExploreWords) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._effects: tuple[Effect, ...] = ()
        self._moved = False
        self._band: Band | None = None
        self._wording = "plain"
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Length of the three bands, and which of them help or resist"))
        self.setToolTip(self.tr("Length of each band against standing; click to choose a band (1, 2, 3)"))
        theme.changed.connect(self.updateGeometry)

    def display(self, effects: tuple[Effect, ...], moved: bool, band: Band | None, wording: str) -> None:
        """Show what a pose means for the bands; helping and resisting only after something has `moved`."""
        self._effects, self._moved, self._band, self._wording = effects, moved, band, wording
        self.update()

    def describe(self) -> None:
        """Say everything to screen readers; not in every frame of a drag."""
        self.setAccessibleDescription(self.spoken())

    def spoken(self) -> str:
        """Return all rows in words."""
        names = band_names()
        rows = []
        for effect in self._effects:
            parts = [f"{self._change(effect)} {self._length_word(effect)}".strip()]
            parts += [self._words.say(effect.role, self._wording)] if self._moved else []
            rows.append(f"{names[effect.band]}: {', '.join(parts)}")
        return ". ".join(rows)

    def sizeHint(self) -> QSize:
        """Return the size at the present scale."""
        px = self._theme.look.px
        return QSize(px(280), px(ROW) * len(BANDS))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the band of the row that was pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            index = int(event.position().y() // self._theme.look.px(ROW))
            self.chosen.emit(BANDS[min(max(index, 0), len(BANDS) - 1)])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index, effect in enumerate(self._effects):
                self._row(painter, effect, index * self._theme.look.px(ROW))

    def _row(self, painter: QPainter, effect: Effect, top: float) -> None:
        look, px = self._theme.look, self._theme.look.px
        t, colours = look.tokens, look.tokens.bands[effect.band]
        chosen = effect.band == self._band
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.tint))
            painter.drawRoundedRect(QRectF(0, top + 1, self.width(), px(ROW) - 3), 8, 8)
        left, right = px(8), self.width() - px(8)
        painter.setPen(QPen(QColor(colours.ink), 1.2))
        painter.setBrush(QColor(colours.fill))
        painter.drawRoundedRect(QRectF(left, top + px(7), px(10), px(10)), 2.5, 2.5)
        upper = QRectF(left + px(16), top + px(3), right - left - px(16), px(18))
        painter.setFont(look.font(LABEL, 600 if chosen else 500))
        painter.setPen(QColor(t.text))
        centred = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | centred, band_names()[effect.band])
        figure = QRectF(upper)
        figure.setLeft(figure.left() + px(70))
        painter.setFont(look.font(LABEL, 600, tabular=True))
        if change := self._change(effect):
            painter.drawText(figure, Qt.AlignmentFlag.AlignLeft | centred, change)
            figure.setLeft(figure.left() + px(44))
        painter.setFont(look.font(NOTE))
        painter.setPen(QColor(t.text_second))
        painter.drawText(figure, Qt.AlignmentFlag.AlignLeft | centred, self._length_word(effect))
        if self._moved:
            self._chip(painter, effect.role, QRectF(upper), colours.ink)
        self._bar(painter, effect, QRectF(left, top + px(24), right - left, px(10)))

    def _bar(self, painter: QPainter, effect: Effect, groove: QRectF) -> None:
        """Paint the change of length: to the left, solid, when shorter; to the right, hatched, when longer."""
        t = self._theme.look.tokens
        colours = t.bands[effect.band]
        middle = groove.center().x()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.hover))
        painter.drawRoundedRect(groove, 3, 3)
        share = max(-1.0, min(1.0, (effect.length_pct - 100.0) / FULL_PCT))
        reach = share * groove.width() / 2
        if abs(reach) >= 0.5:
            bar = QRectF(min(middle, middle + reach), groove.y(), abs(reach), groove.height())
            painter.setPen(QPen(QColor(colours.ink), 1.0))
            painter.setBrush(QColor(colours.fill if share < 0 else t.surface))
            painter.drawRect(bar)
            if share > 0:
                painter.setBrush(QBrush(QColor(colours.ink), Qt.BrushStyle.BDiagPattern))
                painter.drawRect(bar)
        painter.setPen(QPen(QColor(t.text_third), 1.0))
        painter.drawLine(QPointF(middle, groove.y() - 3), QPointF(middle, groove.bottom() + 3))

    def _chip(self, painter: QPainter, role: Role, place: QRectF, ink: str) -> None:
        """Paint what a band does: filled when it helps, framed when it resists, bare words when neither."""
        look, px = self._theme.look, self._theme.look.px
        font = look.font(NOTE, 600 if role != "neither" else 400)
        text = self._words.say(role, self._wording)
        wide = QFontMetricsF(font).horizontalAdvance(text) + px(16)
        box = QRectF(place.right() - wide, place.y(), wide, place.height())
        painter.setFont(font)
        if role == "neither":
            painter.setPen(QColor(look.tokens.text_third))
        else:
            pen = QPen(QColor(ink), 1.4)
            if role == "resists":
                pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.setBrush(QColor(ink) if role == "helps" else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.7, 0.7, -0.7, -0.7), box.height() / 2, box.height() / 2)
            painter.setPen(QColor(look.tokens.surface if role == "helps" else ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    @staticmethod
    def _change(effect: Effect) -> str:
        """Return by how much a band is shorter or longer; nothing when it is as long as at rest."""
        change = effect.length_pct - 100.0
        return "" if abs(change) < SAME_PCT else f"{abs(change):.0f} %"

    def _length_word(self, effect: Effect) -> str:
        change = effect.length_pct - 100.0
        name = "same" if abs(change) < SAME_PCT else "shorter" if change < 0 else "longer"
        return self._words.say(name, self._wording)
