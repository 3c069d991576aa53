"""The first page: a row for each bone with its scan, what was found out, and what the user says instead."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QScrollArea, QWidget

from hipviz.model.assets import BONE_NAMES
from hipviz.model.fit_process import Sight
from hipviz.model.scan import UNITS
from hipviz.model.units import SIDES
from hipviz.ui.controls import Choice, column, label, row
from hipviz.ui.own_bones.words import bone_word, button
from hipviz.ui.theme import Theme


class BoneRow(QFrame):
    """One bone: its file, unit and side, and why these are proposed."""

    chosen = Signal()
    asked_for_file = Signal()
    removed = Signal()
    unit_picked = Signal(str)
    side_picked = Signal(str)

    def __init__(self, theme: Theme, bone: str) -> None:
        super().__init__()
        self.setObjectName("scan_row")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(bone_word(bone))
        self._theme, self._bone, self._selected = theme, bone, False
        px = theme.look.px
        lines = column(self, (px(12), px(8), px(12), px(10)), px(6))
        top = QHBoxLayout()
        top.addWidget(label(bone_word(bone), "lead", wrap=False))
        top.addStretch(1)
        self.remove = button(self.tr("Remove"), self.removed.emit)
        self.choose = button(self.tr("Choose…"), self.asked_for_file.emit)
        top.addWidget(self.remove)
        top.addWidget(self.choose)
        lines.addLayout(top)
        self.file = label("", "second")
        lines.addWidget(self.file)
        choices = QWidget()
        line = row(choices, gap=px(8))
        self.unit = Choice(UNITS, self.tr("Unit of the scan"))
        for unit in UNITS:
            self.unit.describe(unit, unit)
        self.side = Choice(SIDES, self.tr("Side of the scan"))
        self.side.describe("right", self.tr("right"))
        self.side.describe("left", self.tr("left"))
        for side in SIDES:  # bold when chosen: wider than Qt thinks
            self.side.button(side).setMinimumWidth(px(58))
        self.unit.picked.connect(self.unit_picked)
        self.side.picked.connect(self.side_picked)
        line.addWidget(self.unit)
        line.addWidget(self.side)
        line.addStretch(1)
        self._choices = choices
        lines.addWidget(choices)
        self.reasons = label("", "note")
        lines.addWidget(self.reasons)
        self.display(None)

    def display(self, sight: Sight | None) -> None:
        """Show what a scan was found to be; None when there is none."""
        for part in (self.remove, self._choices, self.reasons):
            part.setVisible(sight is not None)
        if sight is None:
            missing = self.tr("No scan: the shipped one, in the size of the others.")
            needed = self.tr("Needed: a scan of one hip bone, or of a whole pelvis in pieces.")
            self.file.setText(needed if self._bone == "hip_bone" else missing)
            return
        self.file.setText(Path(sight.part.path).name)
        self.unit.choose(sight.part.unit)
        self.side.choose(sight.part.side)
        self.side.setVisible(self._bone != "sacrum")
        self.reasons.setText("\n".join(sight.reasons))

    def select(self, selected: bool) -> None:
        """Mark the row whose bone is being looked at."""
        self._selected = selected
        t = self._theme.look.tokens
        colour = t.text_third if selected else t.line
        self.setStyleSheet(f"#scan_row {{ border: 1px solid {colour}; border-radius: 8px; }}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Look at this bone."""
        self.chosen.emit()

    def event(self, event: QEvent) -> bool:
        """Look at this bone when it is reached with Tab."""
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        return super().event(event)


class ScansPage(QWidget):
    """All rows, what is wrong, and the way on."""

    picked = Signal(str)
    asked_for_file = Signal(str)
    removed = Signal(str)
    unit_picked = Signal(str, str)
    side_picked = Signal(str, str)
    asked_to_mark = Signal()
    asked_to_fit = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.look.px
        lines = column(self, gap=px(8))
        lines.addWidget(label(self.tr("Your own bones"), "title", wrap=False))
        lines.addWidget(
            label(
                self.tr(
                    "Drop scans here, or choose them: STL, OBJ, PLY, GLB, glTF or VTP. All happens on this "
                    "machine; no name is kept, of a person or of a file."
                ),
                "second",
            )
        )
        page = QWidget()
        page.setObjectName("scrolled")
        stack = column(page, (0, 0, px(8), 0), px(8))
        self.rows: dict[str, BoneRow] = {}
        for bone in BONE_NAMES:
            made = BoneRow(theme, bone)
            made.chosen.connect(lambda bone=bone: self.picked.emit(bone))
            made.asked_for_file.connect(lambda bone=bone: self.asked_for_file.emit(bone))
            made.removed.connect(lambda bone=bone: self.removed.emit(bone))
            made.unit_picked.connect(lambda unit, bone=bone: self.unit_picked.emit(bone, unit))
            made.side_picked.connect(lambda side, bone=bone: self.side_picked.emit(bone, side))
            self.rows[bone] = made
            stack.addWidget(made)
        stack.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        lines.addWidget(scroll, 1)
        self.fault: QLabel = label("", "warn")
        self.fault.hide()
        lines.addWidget(self.fault)
        self.busy = label("", "note", wrap=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        lines.addWidget(self.busy)
        lines.addWidget(self.bar)
        buttons = QHBoxLayout()
        self.mark: QPushButton = button(self.tr("Lies wrongly? Mark places…"), self.asked_to_mark.emit)
        self.fit: QPushButton = button(self.tr("Fit"), self.asked_to_fit.emit)
        self.fit.setToolTip(self.tr("Lay the bones of hipviz on these scans"))
        buttons.addWidget(self.mark)
        buttons.addStretch(1)
        buttons.addWidget(self.fit)
        lines.addLayout(buttons)
        self.working("", 0.0)

    def display(self, sights: dict[str, Sight], shown: str | None) -> None:
        """Show what there is."""
        for bone, made in self.rows.items():
            made.display(sights.get(bone))
            made.select(bone == shown)
        self.mark.setEnabled(shown in sights)
        self.fit.setEnabled("hip_bone" in sights)

    def complain(self, sentence: str) -> None:
        """Say what is wrong, or nothing."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def working(self, words: str, share: float) -> None:
        """Say what is being done; nothing when the words are empty."""
        self.busy.setText(words)
        self.bar.setValue(round(100 * share))
        self.busy.setVisible(bool(words))
        self.bar.setVisible(bool(words))
