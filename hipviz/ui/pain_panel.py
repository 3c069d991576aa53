"""The panel that asks where it hurts: regions to tick, and what the look-up answers, in words.

The list is the twin of the picture for keyboard and screen reader; pointing at the skin is the pointer's work.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hipviz.model.content import Words
from hipviz.model.state import Layer, State
from hipviz.model.units import Side
from hipviz.ui import changes as to
from hipviz.ui.actions import BY_ID
from hipviz.ui.controls import KEYBOARD_ONLY, TickBox, column, label, row, rule
from hipviz.ui.side_panel import SidePanel
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.pain_lookup import Answer, Finding

COLUMNS: tuple[Side, ...] = ("left", "right")
"""As seen from behind, like the picture beside them."""


class AnswerCard(QFrame):
    """One band that may be felt there; a click anywhere on it chooses it."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("answer")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._act = act

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the band."""
        self._act()


class PainPanel(SidePanel):
    """Question above, answers below."""

    def __init__(self, theme: Theme, store: Store, words: Words, anatomy: "Anatomy") -> None:
        self._pain = anatomy.pain
        self._bands = anatomy.words.bands
        self.boxes: dict[tuple[str, Side], TickBox] = {}
        self._names: dict[str, QLabel] = {}
        super().__init__(theme, store, words, QCoreApplication.translate("PainPanel", "Where does it hurt?"))
        self.pages.setAccessibleName(self.tr("Answers"))
        self.head_lines.addWidget(label(self.tr("Click the skin, paint, or tick places in the list."), "second"))
        self.head_lines.addSpacing(theme.look.px(6))
        self.head_lines.addLayout(self._list())
        self.head_lines.addSpacing(theme.look.px(8))
        self.head_lines.addWidget(rule())

    def _list(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(self._theme.look.px(10))
        grid.setColumnStretch(0, 1)
        for at, side in enumerate(COLUMNS, start=1):
            heading = label(self.tr("Left") if side == "left" else self.tr("Right"), "caption", wrap=False)
            grid.addWidget(heading, 0, at, Qt.AlignmentFlag.AlignHCenter)
        grid.addWidget(self._tools(), 0, 0)
        for line, region in enumerate(self._pain.words.regions.values(), start=1):
            self._names[region.id] = label("", "body", wrap=False)
            grid.addWidget(self._names[region.id], line, 0)
            grid.setRowMinimumHeight(line, self._theme.look.px(20))
            for at, side in enumerate(COLUMNS, start=1):
                box = TickBox(self._theme)
                box.setAccessibleName(f"{region.name.plain}, {side}")
                box.clicked.connect(lambda ticked, region=region.id, side=side: self._tick(region, side, ticked))
                self.boxes[region.id, side] = box
                grid.addWidget(box, line, at, Qt.AlignmentFlag.AlignCenter)
        return grid

    def _tools(self) -> QWidget:
        """Return brush and rubber."""
        tools = QWidget()
        line = row(tools, gap=self._theme.look.px(14))
        action = BY_ID["pain.brush"]
        self.brush, self.clear = QPushButton(self.tr("Brush")), QPushButton(self.tr("Clear"))
        for button, tip in (
            (self.brush, f"{action.label} ({action.keys[0]})"),
            (self.clear, self.tr("Nothing hurts: ask anew")),
        ):
            button.setProperty("role", "tool")
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.setFocusPolicy(KEYBOARD_ONLY)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            line.addWidget(button)
        line.addStretch(1)
        self.brush.setCheckable(True)
        self.brush.clicked.connect(lambda ticked: self._store.update(brush=ticked))
        self.clear.clicked.connect(lambda: self._store.update(hurting=(), places=()))
        return tools

    def display(self, state: State) -> None:
        """Show the state."""
        super().display(state)
        self.brush.setChecked(state.brush)
        self.clear.setEnabled(bool(state.hurting or state.places))

    def _tick(self, region: str, side: Side, ticked: bool) -> None:
        # With places pointed at, the list shows where they lie: go on from there.
        regions = tuple(key for key, box in self.boxes.items() if box.isChecked() and key != (region, side))
        self._store.update(hurting=(*regions, (region, side)) if ticked else regions, places=())

    def subject(self, state: State) -> tuple[object, ...]:
        """Return question, wording and choice: all that the answers depend on."""
        return (state.hurting, state.places, state.wording, state.band, state.side)

    def same_page(self, before: tuple[object, ...], now: tuple[object, ...]) -> bool:
        """Tell whether the question is the same: only another answer was chosen."""
        return before[:3] == now[:3]

    def finding(self, state: State) -> "Finding | None":
        """Return what the look-up says of a state, None when nothing is pointed at."""
        if state.places:
            return self._pain.at(self._pain.spots(np.array(state.places)))
        return self._pain.over_all(state.hurting) if state.hurting else None

    def fill(self, lines: QVBoxLayout, state: State) -> None:
        """Tick the regions, and put the answers into the page."""
        px, words = self._theme.look.px, self._pain.words
        finding = self.finding(state)
        self._mark(state, set(state.hurting) if not state.places else set(finding.regions if finding else ()))
        if finding is None:
            lines.addWidget(label(words.phrases["pattern"].in_register(state.wording), "second"))
            return
        if finding.answers:
            lines.addWidget(label(self.tr("Reported to be felt there"), "caption", wrap=False))
            for answer in finding.answers:
                lines.addWidget(self._answer(answer, state))
        else:
            lines.addWidget(label(words.phrases["nothing"].in_register(state.wording), "body"))
        lines.addWidget(label(words.phrases["pattern"].in_register(state.wording), "note"))
        lines.addSpacing(px(4))
        lines.addWidget(label(self.tr("Other usual suspects"), "caption"))
        for suspect in finding.suspects:
            self._entry(lines, suspect.name.in_register(state.wording), suspect.why.in_register(state.wording))
        lines.addSpacing(px(4))
        lines.addWidget(self._flags(finding, state))

    def _mark(self, state: State, ticked: set[tuple[str, Side]]) -> None:
        for region, name in self._names.items():
            said = self._pain.words.regions[region].name.in_register(state.wording)
            name.setText(said)
            for side in COLUMNS:
                box = self.boxes[region, side]
                box.setChecked((region, side) in ticked)
                spoken = self.tr("left") if side == "left" else self.tr("right")
                box.setAccessibleName(f"{said}, {spoken}")
                box.setToolTip(f"{said}, {spoken}")

    def _answer(self, answer: "Answer", state: State) -> QFrame:
        look, words = self._theme.look, self._bands[answer.band]
        colours = look.tokens.bands[answer.band]
        card = AnswerCard(lambda: self._play(answer))
        chosen = (state.band, state.side) == (answer.band, answer.side)
        edge = colours.ink if chosen else look.tokens.line_strong
        card.setStyleSheet(
            f"#answer {{ background: {colours.tint if chosen else look.tokens.raised}; border: 1px solid {edge}; "
            f"border-left: 4px solid {colours.fill}; border-radius: 8px; }}"
        )
        lines = column(card, (look.px(12), look.px(8), look.px(10), look.px(8)), look.px(3))
        side = self.tr("right") if answer.side == "right" else self.tr("left")
        title = QPushButton(f"{words.name.plain}, {side}")  # as in the list of bands; a button breaks no line
        title.setProperty("role", "link")
        title.setStyleSheet(f"font-size: {look.px(14)}px; font-weight: 600; color: {colours.ink};")
        title.setAccessibleDescription(answer.why.in_register(state.wording))
        title.clicked.connect(lambda: self._play(answer), Qt.ConnectionType.QueuedConnection)
        lines.addWidget(title)
        lines.addWidget(label(answer.why.in_register(state.wording), "body"))
        return card

    def _play(self, answer: "Answer") -> None:
        """Show the chain of an answer: the band, its movement and its zone; the question stays."""
        state = self._store.state
        chosen = to.choose(answer.band)(state, self._words) | {"skin": to.seen_through(state)}
        self._store.update(**(chosen | {"side": answer.side, "zones": Layer(), "view": None, "camera": None}))

    def _entry(self, lines: QVBoxLayout, name: str, why: str) -> None:
        entry = label("", "body")
        entry.setTextFormat(Qt.TextFormat.RichText)
        entry.setText(f"<b>{name}.</b> {why}")
        lines.addWidget(entry)

    def _flags(self, finding: "Finding", state: State) -> QFrame:
        px = self._theme.look.px
        box = QFrame()
        box.setObjectName("warning")
        lines = column(box, (px(14), px(10), px(14), px(10)), px(4))
        lines.addWidget(label(self.tr("See a clinician with any of these"), "warn", wrap=False))
        for flag in finding.flags:
            said = flag.says.in_register(state.wording)
            lines.addWidget(label(f"• {said}" + (self.tr(": at once") if flag.urgent else ""), "body"))
        return box
