"""Choosing a movement of the library: a button with its menu, and a line that tells what happens now.

What moves how stands in the content; time passes in `clock`.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from hipviz.model.comparison import comparison_of
from hipviz.model.content import Words
from hipviz.model.movement import phase_of
from hipviz.model.movement_record import MovementRecord
from hipviz.model.pose import POSITIONS, Position
from hipviz.model.state import State
from hipviz.ui import changes as to
from hipviz.ui.changes import Changes
from hipviz.ui.controls import KEYBOARD_ONLY, IconButton, column, row
from hipviz.ui.store import Store
from hipviz.ui.theme import LABEL, Theme, accent_sheet

NOTE_HEIGHT = 66
"""Room for three lines."""


def show(movement: str | None) -> Changes:
    """Return what choosing a movement changes: it plays from its start, seen from where it is seen best."""
    changes: Changes = {"movement": movement, "phase": 0.0, "playing": movement is not None, "pose": None}
    changes["repeated"] = None
    return changes if movement is None else changes | {"view": None, "camera": None}


class MovementButton(IconButton):
    """Opens the list of movements, by position of the body; the one shown is ticked."""

    def __init__(self, theme: Theme, store: Store, words: Words) -> None:
        super().__init__(theme, "ph.person-simple-walk", "")
        self.describe(self.tr("Movements: standing, walking, exercises, stretches"))
        self._store = store
        self._words = words
        self._entries: dict[str | None, QAction] = {}
        self._group = QActionGroup(self)
        menu = QMenu(self)
        self._add(menu, None, self.tr("The band's own action"))
        own = {band.movement for band in words.bands.values()}
        headings: dict[Position, str] = {
            "standing": self.tr("Standing and walking"),
            "seated": self.tr("Sitting"),
            "side-lying": self.tr("Lying on the side"),
            "supine": self.tr("Lying on the back"),
            "prone": self.tr("Face down"),
        }
        for position in POSITIONS:
            listed = [
                each for each in words.movements.values() if each.position == position and each.id not in own
            ]
            if listed:
                menu.addSection(headings[position])
            for movement in listed:
                self._add(menu, movement.id, movement.title.plain)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        store.changed.connect(lambda old, new: self.display(new))
        self.display(store.state)

    def display(self, state: State) -> None:
        """Tick the movement that is shown, and name all in the chosen wording."""
        for name, entry in self._entries.items():
            entry.setChecked(name == state.movement)
            if name is not None:
                entry.setText(self._words.movements[name].title.in_register(state.wording))

    def _add(self, menu: QMenu, movement: str | None, text: str) -> None:
        entry = menu.addAction(text)
        entry.setCheckable(True)
        self._group.addAction(entry)
        entry.triggered.connect(lambda: self._choose(movement))
        self._entries[movement] = entry

    def _choose(self, movement: str | None) -> None:
        self._store.update(**(to.from_practice(self._store.state, self._words) | show(movement)))


class MovementNote(QFrame):
    """One line over the bar: title, what happens in this phase, cautions; a slider where weakness can be set."""

    def __init__(self, theme: Theme, store: Store, words: Words) -> None:
        super().__init__()
        self.setObjectName("transport")
        self._theme = theme
        self._store = store
        self._words = words
        line: QHBoxLayout = row(self)
        line.setContentsMargins(20, 4, 20, 4)
        line.setSpacing(12)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.weakness = QSlider(Qt.Orientation.Horizontal)
        self.weakness.setRange(0, 100)
        self.weakness.setFocusPolicy(KEYBOARD_ONLY)
        self.weakness.setAccessibleName(self.tr("Weakness: from strong to weak"))
        self.weakness.setToolTip(self.tr("From strong to weak"))
        self.weakness.valueChanged.connect(lambda value: store.update(weakness=value / 100.0))
        self.healthy = QPushButton(self.tr("Healthy beside weak"))
        self.healthy.setProperty("role", "plain")
        self.healthy.setCheckable(True)
        self.healthy.setFocusPolicy(KEYBOARD_ONLY)
        self.healthy.setToolTip(self.tr("Two pictures beside each other, moving together (C: more comparisons)"))
        self.healthy.clicked.connect(lambda: store.update(**to.beside("healthy")(store.state, words)))
        self.leave = QToolButton()
        self.leave.setText("×")
        self.leave.setToolTip(self.tr("Back to the band's own action"))
        self.leave.setAccessibleName(self.leave.toolTip())
        self.leave.setFocusPolicy(KEYBOARD_ONLY)
        self.leave.clicked.connect(lambda: store.update(**show(None)))
        line.addWidget(self.text, 1)
        beside = QWidget()
        lines = column(beside, gap=2)
        lines.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        lines.addWidget(self.weakness)
        lines.addWidget(self.healthy)
        line.addWidget(beside)
        line.addWidget(self.leave)
        store.changed.connect(lambda old, new: self.display(new))
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.healthy.setStyleSheet(accent_sheet(self._theme.look))
        self.display(self._store.state)

    def display(self, state: State) -> None:
        """Show what the state's movement says at this moment; nothing for a band's own action."""
        movement = self._words.movements.get(state.movement or "")
        told = state.presenting or state.panel == "practice"  # there the words stand elsewhere
        self.setVisible(movement is not None and state.pose is None and not told)
        if movement is None:
            return
        self.text.setFont(self._theme.look.font(LABEL, 400))
        # As high for every phase: the picture must not change its size while a movement plays.
        self.setFixedHeight(self._theme.look.px(NOTE_HEIGHT))
        said = said_at(movement, state)
        if said != self.text.text():
            self.text.setText(said)
            self.text.setToolTip(told_about(movement, self._words, state.wording))
            self.text.setAccessibleDescription(self.text.toolTip())
        self.weakness.setVisible(bool(movement.compared_with))
        weak = bool(movement.compared_with)
        self.healthy.setText(self.tr("Healthy beside weak") if weak else self.tr("Stronger beside weaker"))
        self.healthy.setVisible(bool(movement.compared_names))
        self.healthy.setChecked(comparison_of(state, self._words) == "healthy")
        if round(100 * state.weakness) != self.weakness.value():
            self.weakness.setValue(round(100 * state.weakness))


def said_at(movement: MovementRecord, state: State) -> str:
    """Return the line for a moment: title, and the words of its phase, or else what the movement is about."""
    phase = phase_of(movement, state.phase)
    words = phase.words or movement.about
    title = movement.title.in_register(state.wording)
    return title if words is None else f"{title} — {words.in_register(state.wording)}"


def told_about(movement: MovementRecord, words: Words, wording: str) -> str:
    """Return everything else that is known of a movement: what it is about, for whom, cautions, sources."""
    parts = [each.in_register(wording) for each in (movement.about, movement.audience) if each is not None]
    parts += ["! " + caution.in_register(wording) for caution in movement.cautions]
    parts.append("; ".join(words.sources[source].short for source in movement.sources))
    return "\n".join(parts)
