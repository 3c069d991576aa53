"""The panel that asks where it hurts: regions to tick, and what the look-up answers, in words.

Pointing at the skin is the pointer's work.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from hipviz.model.content import Words
from hipviz.model.pose import Posture
from hipviz.model.state import Camera, Layer, State
from hipviz.model.units import Side
from hipviz.ui import changes as to
from hipviz.ui.actions import BY_ID
from hipviz.ui.controls import KEYBOARD_ONLY, column, label, row, rule
from hipviz.ui.region_list import RegionList
from hipviz.ui.side_panel import SidePanel
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.pain_lookup import Answer, Finding

SEEN = 0.2
"""How squarely the place that hurts must face the viewer of a band's movement."""
OBLIQUE_DEG, RAISED_DEG = 124.0, 8.0
"""From where band and back are both seen, when the best view of the movement hides the place that hurts."""


class AnswerCard(QFrame):
    """One band that may be felt there; a click anywhere on it, or its title, chooses it."""

    reached = Signal()
    """The keyboard has come to it."""

    def __init__(self, title: str, act: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("answer")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._act = act
        self.title = QPushButton(title)
        self.title.setProperty("role", "link")
        self.title.setFocusPolicy(KEYBOARD_ONLY)
        self.title.clicked.connect(act, Qt.ConnectionType.QueuedConnection)
        self.title.installEventFilter(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the band."""
        self._act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Frame the whole card while its title has the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self.style().polish(self)
            if event.type() == QEvent.Type.FocusIn:
                self.reached.emit()
        return super().eventFilter(watched, event)


class PainPanel(SidePanel):
    """Question above, answers below."""

    def __init__(self, theme: Theme, store: Store, words: Words, anatomy: "Anatomy") -> None:
        self._anatomy, self._pain = anatomy, anatomy.pain
        self._bands = anatomy.words.bands
        super().__init__(theme, store, words, QCoreApplication.translate("PainPanel", "Where does it hurt?"))
        self.pages.setAccessibleName(self.tr("Answers"))
        self._heading = self.tr("Reported to be felt there")
        self._hint = self.tr("Click the skin; Ctrl + click adds a place. Or paint, or tick the list.")
        self.head_lines.addWidget(label(self._hint, "second"))
        self.head_lines.addSpacing(theme.look.px(6))
        self._list = RegionList(theme, self._pain.words.regions, self._tools())
        self._list.ticked.connect(self._tick)
        self.boxes = self._list.boxes
        self.head_lines.addWidget(self._list)
        self._list.lead_to(self.pages)
        self.head_lines.addSpacing(theme.look.px(8))
        self.head_lines.addWidget(rule())

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

    def spoken(self, state: State) -> str:
        """Return the answer in short, or what can be asked."""
        finding = self.finding(state)
        if finding is None:
            return f"{self.accessibleName()} {self._hint}"
        if not finding.answers:
            return self._pain.words.phrases["nothing"].in_register(state.wording)
        return f"{self._heading}: {'; '.join(self._title(answer) for answer in finding.answers)}"

    def finding(self, state: State) -> "Finding | None":
        """Return what the look-up says of a state, None when nothing is pointed at."""
        if state.places:
            return self._pain.at(self._pain.spots(np.array(state.places)))
        return self._pain.over_all(state.hurting) if state.hurting else None

    def fill(self, lines: QVBoxLayout, state: State) -> None:
        """Tick the regions, and put the answers into the page."""
        px, words = self._theme.look.px, self._pain.words
        finding = self.finding(state)
        found = finding.regions if finding is not None and state.places else state.hurting
        self._list.display(found, state.wording)
        if finding is None:
            lines.addWidget(label(words.phrases["pattern"].in_register(state.wording), "second"))
            return
        if finding.answers:
            lines.addWidget(label(self._heading, "caption", wrap=False))
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

    def _answer(self, answer: "Answer", state: State) -> QFrame:
        look = self._theme.look
        colours = look.tokens.bands[answer.band]
        card = AnswerCard(self._title(answer), lambda: self._play(answer))
        card.reached.connect(lambda: self.pages.ensureWidgetVisible(card, 0, look.px(8)))
        chosen = (state.band, state.side) == (answer.band, answer.side)
        edge = colours.ink if chosen else look.tokens.line_strong
        card.setStyleSheet(
            f"#answer {{ background: {colours.tint if chosen else look.tokens.raised}; border: 1px solid {edge}; "
            f"border-left: 4px solid {colours.fill}; border-radius: 8px; }}"
            f'#answer[focused="true"] {{ border: 2px solid {look.tokens.text}; '
            f"border-left: 4px solid {colours.fill}; }}"
        )
        lines = column(card, (look.px(12), look.px(8), look.px(10), look.px(8)), look.px(3))
        card.title.setStyleSheet(f"font-size: {look.px(14)}px; font-weight: 600; color: {colours.ink};")
        card.title.setAccessibleDescription(answer.why.in_register(state.wording))
        lines.addWidget(card.title)
        lines.addWidget(label(answer.why.in_register(state.wording), "body"))
        return card

    def _title(self, answer: "Answer") -> str:
        """Return a band and a side, named as in the list of bands: a button breaks no line."""
        side = self.tr("right") if answer.side == "right" else self.tr("left")
        return f"{self._bands[answer.band].name.plain}, {side}"

    def _play(self, answer: "Answer") -> None:
        """Show the chain of an answer: the band, its movement and its zone; the question stays."""
        state = self._store.state
        chosen = to.choose(answer.band)(state, self._words) | {"skin": to.seen_through(state)}
        chosen |= {"side": answer.side, "zones": Layer(), "view": None, "camera": None}
        meant = msgspec.structs.replace(state, **chosen)
        self._store.update(**(chosen | {"camera": self._eye(meant)}))

    def _eye(self, state: State) -> Camera | None:
        """Return from where band and place that hurts are both seen; None where the best view shows both."""
        from hipviz.view.camera import around, camera, view_of
        from hipviz.view.hurt import area

        distance = area(self._anatomy, state.hurting, state.places)
        if distance is None:
            return None
        facing = self._anatomy.figure(Posture()).skin_normals[distance <= max(0.0, distance.min())].mean(axis=0)
        best = view_of(state, self._words, self._anatomy.hip_centre(state.side))
        if facing @ np.array(best.direction) > SEEN:
            return None
        eye = around(state.side, OBLIQUE_DEG, RAISED_DEG)
        return camera(np.array(best.focal_point), *eye, best.half_height_mm)

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
