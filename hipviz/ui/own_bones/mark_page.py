"""Marking places on a scan that was laid wrongly: each is shown on the template and clicked on the scan."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hipviz.model.scan_places import FEWEST, ScanPlace
from hipviz.model.units import Floats
from hipviz.ui.controls import column, label
from hipviz.ui.own_bones.words import bone_word, button
from hipviz.ui.theme import Theme


class MarkPage(QWidget):
    """Which place is asked for, which are marked; `changed` when that is another one."""

    changed = Signal()
    finished = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._places: tuple[ScanPlace, ...] = ()
        self._skipped: set[str] = set()
        self.marked: dict[str, Floats] = {}
        px = theme.look.px
        lines = column(self, gap=px(10))
        self._title = label("", "title", wrap=False)
        lines.addWidget(self._title)
        lines.addWidget(
            label(
                self.tr(
                    "Turn the scan until you see the place that the red ball shows on the template, and click it. "
                    "Three places suffice; a few millimetres beside do no harm."
                ),
                "second",
            )
        )
        lines.addSpacing(px(8))
        self._asked = label("", "lead")
        self._also = label("", "second")
        self._list = label("", "body")
        for part in (self._asked, self._also, self._list):
            lines.addWidget(part)
        small = QHBoxLayout()
        self.skip = button(self.tr("Not to be seen"), self._skip)
        self.undo = button(self.tr("Take back"), self._take_back)
        small.addWidget(self.skip)
        small.addWidget(self.undo)
        small.addStretch(1)
        lines.addLayout(small)
        lines.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(button(self.tr("Back"), self.left.emit))
        buttons.addStretch(1)
        self.use = button(self.tr("Lay it so"), self.finished.emit)
        buttons.addWidget(self.use)
        lines.addLayout(buttons)

    def begin(self, bone: str, places: tuple[ScanPlace, ...]) -> None:
        """Ask for the places of a bone, from the first one."""
        self._places, self._skipped, self.marked = places, set(), {}
        self._title.setText(self.tr("Mark the {bone}").format(bone=bone_word(bone).lower()))
        self._refresh()

    @property
    def asked(self) -> ScanPlace | None:
        """The place that is asked for; None when all have been marked or skipped."""
        return next((p for p in self._places if p.id not in self.marked and p.id not in self._skipped), None)

    def mark(self, point: Floats) -> None:
        """Take a place on the scan for the one asked for."""
        if self.asked is not None:
            self.marked[self.asked.id] = point
            self._refresh()

    def _skip(self) -> None:
        if self.asked is not None:
            self._skipped.add(self.asked.id)
            self._refresh()

    def _take_back(self) -> None:
        if self.marked:
            self.marked.popitem()
        self._skipped.clear()
        self._refresh()

    def _refresh(self) -> None:
        asked = self.asked
        names = {place.id: place.name for place in self._places}
        self._asked.setText(asked.name.plain if asked else self.tr("That is all."))
        self._also.setText(asked.name.clinical if asked else "")
        self._list.setText("\n".join(f"✓  {names[name].plain}" for name in self.marked))
        self.skip.setEnabled(asked is not None)
        self.undo.setEnabled(bool(self.marked) or bool(self._skipped))
        self.use.setEnabled(len(self.marked) >= FEWEST)
        self.changed.emit()
