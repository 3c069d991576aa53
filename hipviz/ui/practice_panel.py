"""The panel of things to do: finding a band with the hand, releasing it, treating it, training and stretching.

What a step says and how the body lies is content; a step becomes a State in `hipviz.view.practice`.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from hipviz.model.content import Words
from hipviz.model.guidance import Guidance, Kind, Practice
from hipviz.model.state import Layer, State
from hipviz.model.units import Floats
from hipviz.ui import changes as to
from hipviz.ui.controls import IconButton, column, label, row, rule
from hipviz.ui.store import Store
from hipviz.ui.theme import CARD, Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy

FIRST = "palpation"
PICTURE_ASPECT = 0.95
"""Of a narrow stage: there is room for labels and for what stands around the picture."""


class PracticePanel(QFrame):
    """The list of practices, and the steps of the one that is shown."""

    def __init__(self, theme: Theme, store: Store, words: Words, guidance: Guidance) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(self.tr("Hands and exercises"))
        self._theme, self._store, self.words, self._guidance = theme, store, words, guidance
        self._anatomy: Anatomy | None = None
        self._shown: tuple[object, ...] = ()
        self._frame = column(self)
        top = QWidget()
        line = row(top)
        line.addWidget(label(self.tr("Hands and exercises"), "title", wrap=False), 1)
        self.back = IconButton(theme, "ph.x", self.tr("Back to the bands (Esc)"))
        self.back.clicked.connect(lambda: store.update(**to.to_card(store.state, words)))
        line.addWidget(self.back)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._frame.addWidget(top)
        self._frame.addWidget(self._scroll, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def attach(self, anatomy: "Anatomy") -> None:
        """Take over the loaded anatomy, which tells where the hips are."""
        self._anatomy = anatomy

    def go(self, practice: str, step: int) -> None:
        """Show a step: the panel, the body and the eye."""
        if self._anatomy is None:
            return
        from hipviz.view.practice import state_of

        state, made = self._store.state, self._guidance.practices[practice]
        step = min(max(step, 0), len(made.step) - 1)
        centre: Floats = self._anatomy.hip_centre(state.side)
        shown = state_of(made, made.step[step], state.band, state.side, centre, state, PICTURE_ASPECT)
        names = ("band", "pose", "other_pose", "playing", "camera")
        changes = {name: getattr(shown, name) for name in names}
        self._store.update(
            **changes,
            panel="practice",
            practice=practice,
            step=step,
            movement=None,
            presenting=False,
            skin=to.seen_through(state),
            zones=Layer(shown=False, opacity=state.zones.opacity),
        )

    def display(self, state: State) -> None:
        """Show the practice and the step of the state."""
        wanted = (state.panel, state.practice, state.step, state.wording)
        if wanted == self._shown or state.panel != "practice":
            return
        self._shown = wanted
        self._scroll.setWidget(self._page(state))

    def text(self) -> str:
        """Return all words shown."""
        page = self._scroll.widget()
        return "\n".join(part.text() for part in page.findChildren(QLabel)) if page else ""

    def _page(self, state: State) -> QWidget:
        px = self._theme.look.px
        page = QWidget()
        page.setObjectName("scrolled")
        lines = column(page, (0, px(4), px(8), px(8)), px(6))
        made = self._guidance.practices.get(state.practice or FIRST)
        if made is not None:
            self._fill(lines, made, state)
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
        lines.addStretch(1)
        return page

    def _fill(self, lines: QVBoxLayout, made: Practice, state: State) -> None:
        px, wording = self._theme.look.px, state.wording
        step = min(state.step, len(made.step) - 1)
        lines.addWidget(label(made.name.in_register(wording), "lead"))
        if len(made.step) > 1:
            steps = self.tr("Step {step} of {count}").format(step=step + 1, count=len(made.step))
            lines.addWidget(label(steps, "caption", wrap=False))
        says = label(made.step[step].says.in_register(wording), "body")
        says.setAccessibleDescription(self.words.cite(made.step[step].says))
        says.setToolTip(self.words.cite(made.step[step].says))
        lines.addWidget(says)
        if len(made.step) > 1:
            lines.addLayout(self._turns(made, step))
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
        lines.addWidget(label("; ".join(self.words.sources[name].short for name in cited), "note"))

    def _turns(self, made: Practice, step: int) -> QHBoxLayout:
        line = QHBoxLayout()
        for text, goal in ((self.tr("Back"), step - 1), (self.tr("Next step"), step + 1)):
            button = QPushButton(text)
            button.setProperty("role", "plain")
            button.setEnabled(0 <= goal < len(made.step))
            button.clicked.connect(
                lambda _checked=False, goal=goal: self.go(made.id, goal), Qt.ConnectionType.QueuedConnection
            )
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _entry(self, practice: Practice, state: State) -> QPushButton:
        button = QPushButton(practice.name.in_register(state.wording))
        button.setProperty("role", "link")
        if practice.id == state.practice:
            button.setStyleSheet("font-weight: 600; text-decoration: none;")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.go(practice.id, 0), Qt.ConnectionType.QueuedConnection)
        return button

    def _restyle(self) -> None:
        px = self._theme.look.px
        self.setFixedWidth(px(CARD))
        self._frame.setContentsMargins(px(20), px(14), px(12), px(8))
        self._frame.setSpacing(px(8))
        self._shown = ()
        self.display(self._store.state)
