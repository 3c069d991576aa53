"""The last page: how near each bone came to its scan, what was not seen, what is wrong; keep it or not."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hipviz.model.fit_process import Laid, Result
from hipviz.ui.controls import Choice, column, label
from hipviz.ui.own_bones.words import bone_word, button, for_window
from hipviz.ui.theme import NOTE, Theme
from hipviz.view.bench import DISTANCE_COLOURS, DISTANCE_STOPS_MM, UNSEEN


class Legend(QWidget):
    """The scale of the distance map, in words and colours."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(
            self.tr("Pale: the bone lies on the scan; dark: 2 mm or more beside it; blue: not seen")
        )

    def sizeHint(self) -> QSize:
        """Return the room that the scale needs."""
        return QSize(self._theme.look.px(300), self._theme.look.px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar, its numbers, and the colour of what was not seen."""
        px, t = self._theme.look.px, self._theme.look.tokens
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._theme.look.font(NOTE, tabular=True))
            bar = QRectF(0.5, px(4), self.width() - 1.0, px(12))
            shade = QLinearGradient(bar.topLeft(), bar.topRight())
            for stop, colour in zip(DISTANCE_STOPS_MM, DISTANCE_COLOURS, strict=True):
                shade.setColorAt(stop / DISTANCE_STOPS_MM[-1], QColor(colour))
            painter.setPen(QColor(t.line_strong))
            painter.setBrush(shade)
            painter.drawRoundedRect(bar, 3.0, 3.0)
            painter.setPen(QColor(t.text_second))
            for stop in DISTANCE_STOPS_MM:
                share = stop / DISTANCE_STOPS_MM[-1]
                last = stop == DISTANCE_STOPS_MM[-1]
                words = f"≥ {stop:g} mm" if last else f"{stop:g}"
                width = px(70)
                left = min(max(share * self.width() - width / 2, 0.0), self.width() - width)
                side = Qt.AlignmentFlag.AlignLeft if not share else Qt.AlignmentFlag.AlignHCenter
                side = Qt.AlignmentFlag.AlignRight if last else side
                painter.drawText(QRectF(left, px(18), width, px(18)), side, words)
            painter.setBrush(QColor(UNSEEN))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(0.0, px(44), px(12), px(12)), 3.0, 3.0)
            painter.setPen(QColor(t.text_second))
            painter.drawText(
                QRectF(px(18), px(40), self.width() - px(18), px(20)),
                Qt.AlignmentFlag.AlignVCenter,
                self.tr("not on the scan: shape of the template"),
            )


class ResultPage(QWidget):
    """Figures and words of a result."""

    picked = Signal(str)
    kept = Signal()
    discarded = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        px = theme.look.px
        lines = column(self, gap=px(8))
        lines.addWidget(label(self.tr("How near it came"), "title", wrap=False))
        self.bones = Choice(("hip_bone", "femur", "sacrum"), self.tr("Bone"))
        for bone in ("hip_bone", "femur", "sacrum"):
            self.bones.describe(bone, bone_word(bone))
        self.bones.picked.connect(self.picked)
        lines.addWidget(self.bones)
        lines.addWidget(Legend(theme))
        page = QWidget()
        page.setObjectName("scrolled")
        self._rows: QVBoxLayout = column(page, (0, 0, px(8), 0), px(8))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        lines.addWidget(scroll, 1)
        self.fault = label("", "warn")
        self.fault.hide()
        lines.addWidget(self.fault)
        buttons = QHBoxLayout()
        self.discard = button(self.tr("Discard"), self.discarded.emit)
        self.keep = button(self.tr("Keep…"), self.kept.emit)
        self.keep.setToolTip(self.tr("Choose a folder for these bones, and open them"))
        buttons.addWidget(self.discard)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        lines.addLayout(buttons)

    def display(self, result: Result, shown: Laid) -> None:
        """Show the words on one bone, and on the whole."""
        while (item := self._rows.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.deleteLater()
        here = {bone.bone for bone in result.bones}
        for name in ("hip_bone", "femur", "sacrum"):
            self.bones.button(name).setVisible(name in here)
        self.bones.choose(shown.bone)
        self._add(self._figures(shown), "lead")
        if shown.coverage >= 0.98 and not shown.missing:
            self._add(self.tr("The scan shows all of the bone."), "body")
        for note in shown.notes:  # what was not covered among them
            self._add(for_window(note), "body")
        if result.faults:
            self._add(self.tr("Wrong with these bones"), "caption")
        for fault in result.faults:
            self._add(for_window(fault), "warn")
        self._add(self.tr("The whole"), "caption")
        for note in (*result.notes, *result.remarks):
            self._add(for_window(note), "second")
        if not result.faults:
            self._add(self.tr("No faults were found: closed, no folds, joint and bands clear of bone."), "second")
        self._rows.addStretch(1)

    def complain(self, sentence: str) -> None:
        """Say why it could not be kept."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _add(self, words: str, role: str) -> None:
        if words:
            self._rows.addWidget(label(words, role))

    def _figures(self, bone: Laid) -> str:
        return self.tr(
            "{mean:.2f} mm off the scan on average, 95 % within {p95:.2f} mm, {most:.1f} mm at the worst place."
        ).format(mean=bone.mean_mm, p95=bone.p95_mm, most=bone.max_mm)
