"""The panel of things to do: finding a band with the hand, releasing it, treating it, training and stretching.

What a step says and how the body lies is content; a step becomes a State in `hipviz.view.practice`.
"""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from hipviz.model.content import Words
from hipviz.model.guidance import Kind, Practice
from hipviz.model.state import Layer, State
from hipviz.model.units import Floats
from hipviz.ui import changes as to
from hipviz.ui.controls import KEYBOARD_ONLY, column, label, rule
from hipviz.ui.side_panel import SidePanel
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy

PICTURE_ASPECT = 0.95
"""Of a narrow stage: there is room for labels and for what stands around the picture."""


class PracticePanel(SidePanel):
    """The list of practices, and the steps of the one that is shown."""

    def __init__(self, theme: Theme, store: Store, words: Words, anatomy: "Anatomy") -> None:
        self._guidance, self._anatomy = anatomy.guidance, anatomy
        super().__init__(theme, store, words, QCoreApplication.translate("PracticePanel", "Hands and exercises"))

    def go(self, practice: str, step: int) -> None:
        """Show a step: the panel, the body and the eye."""
        from hipviz.view.practice import state_of

        state = msgspec.structs.replace(self._store.state, **to.from_grips(self._store.state))
        made = self._guidance.practices[practice]
        step = min(max(step, 0), len(made.step) - 1)
        centre: Floats = self._anatomy.hip_centre(state.side)
        shown = state_of(made, made.step[step], state.band, state.side, centre, state, PICTURE_ASPECT)
        body = ("band", "movement", "phase", "pose", "other_pose", "playing")
        changes: to.Changes = {
            name: getattr(shown, name) for name in (*body, "view", "camera", "practice", "step")
        }
        changes |= {
            "panel": "practice",
            "repeated": None,
            "presenting": False,
            "skin": to.seen_through(state),
            "zones": Layer(shown=False, opacity=state.zones.opacity),
        }
        self._store.update(**(to.from_grips(self._store.state) | changes))

    def subject(self, state: State) -> tuple[object, ...]:
        """Return the practice, its step and the wording."""
        return (state.practice, state.step, state.wording)

    def spoken(self, state: State) -> str:
        """Return the step that is shown."""
        made = self._guidance.practices.get(state.practice or "")
        if made is None:
            return self.accessibleName()
        step = min(state.step, len(made.step) - 1)
        says = made.step[step].says.in_register(state.wording)
        return f"{made.name.in_register(state.wording)}. {self._numbered(made, step)}. {says}"

    def fill(self, lines: QVBoxLayout, state: State) -> None:
        """Put the step that is shown and the list of practices into the page."""
        px = self._theme.look.px
        made = self._guidance.practices.get(state.practice or "")
        if made is not None:
            self._fill_step(lines, made, state)
            lines.addSpacing(px(10))
            lines.addWidget(rule())
        headings: dict[Kind, str] = {
            "palpation": self.tr("Find it"),
            "release": self.tr("Hold and move"),
            "self_treatment": self.tr("By oneself"),
            "strength": self.tr("Strengthen"),
            "stretch": self.tr("Stretch"),
        }
        for kind, heading in headings.items():
            lines.addSpacing(px(4))
            lines.addWidget(label(heading, "caption", wrap=False))
            for practice in self._guidance.practices.values():
                if practice.kind == kind:
                    lines.addWidget(self._entry(practice, state))

    def _fill_step(self, lines: QVBoxLayout, made: Practice, state: State) -> None:
        px, wording = self._theme.look.px, state.wording
        step = min(state.step, len(made.step) - 1)
        lines.addWidget(label(made.name.in_register(wording), "lead"))
        if len(made.step) > 1:
            lines.addLayout(self._turns(made, step))
        says = label(made.step[step].says.in_register(wording), "body")
        says.setAccessibleDescription(self._words.cite(made.step[step].says))
        says.setToolTip(self._words.cite(made.step[step].says))
        lines.addWidget(says)
        lines.addSpacing(px(4))
        lines.addWidget(label(made.dose.in_register(wording), "second"))
        box = QFrame()
        box.setObjectName("warning")
        inner = column(box, (px(12), px(8), px(12), px(8)))
        inner.addWidget(label(made.care.in_register(wording), "body"))
        lines.addWidget(box)
        cited = dict.fromkeys(
            source for said in (made.step[step].says, made.dose, made.care) for source in said.sources
        )
        lines.addWidget(label("; ".join(self._words.sources[name].short for name in cited), "note"))

    def _numbered(self, made: Practice, step: int) -> str:
        return self.tr("Step {step} of {count}").format(step=step + 1, count=len(made.step))

    def _turns(self, made: Practice, step: int) -> QHBoxLayout:
        """Return the line that says which step it is, with the ways on and back: always at the same place."""
        line = QHBoxLayout()
        line.addWidget(label(self._numbered(made, step), "caption", wrap=False))
        line.addStretch(1)
        for text, goal in ((self.tr("Back"), step - 1), (self.tr("Next step"), step + 1)):
            button = QPushButton(text)
            button.setProperty("role", "plain")
            button.setFocusPolicy(KEYBOARD_ONLY)
            button.setEnabled(0 <= goal < len(made.step))
            button.clicked.connect(
                lambda _checked=False, goal=goal: self.go(made.id, goal), Qt.ConnectionType.QueuedConnection
            )
            line.addWidget(button)
        return line

    def _entry(self, practice: Practice, state: State) -> QPushButton:
        button = QPushButton(practice.name.in_register(state.wording))
        button.setProperty("role", "link")
        button.setFocusPolicy(KEYBOARD_ONLY)
        if practice.id == state.practice:
            button.setStyleSheet("font-weight: 600; text-decoration: none;")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.go(practice.id, 0), Qt.ConnectionType.QueuedConnection)
        return button
