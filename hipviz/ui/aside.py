"""What stands beside the picture: the card, or in its place one of the panels that the state asks for."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.ui.card import Card
from hipviz.ui.changes import to_card
from hipviz.ui.commands import Commands
from hipviz.ui.controls import row
from hipviz.ui.on_demand import OnDemand
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.ui.explore_panel import ExplorePanel
    from hipviz.ui.pain_panel import PainPanel
    from hipviz.ui.practice_panel import PracticePanel
    from hipviz.ui.shape_panel import ShapePanel

FIRST_PRACTICE = "palpation"


class Aside(QWidget):
    """The card and the panels in its place, of which the state shows one."""

    def __init__(self, theme: Theme, store: Store, words: Words, card: Card, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._theme, self._store, self._words = theme, store, words
        self.card = card
        self.pain = OnDemand(lambda state: state.panel == "pain", self._pain)
        self.practice = OnDemand(lambda state: state.panel == "practice", self._practice)
        self.explore = OnDemand(lambda state: state.panel == "explore", self._explore)
        self.shape = OnDemand(lambda state: state.panel == "shape", self._shape)
        self._panels: tuple[OnDemand[Any], ...] = (self.pain, self.practice, self.explore, self.shape)
        self._last: QWidget = card
        line = row(self)
        for part in (card, *self._panels):
            line.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()

    def attach(self, anatomy: "Anatomy") -> None:
        """Take over the loaded anatomy."""
        for panel in self._panels:
            panel.attach(anatomy)

    def display(self, state: State) -> None:
        """Show the panel of the state.

        Who came here with the keyboard stays beside the picture; who clicked into a number goes back to it.
        """
        held = QApplication.focusWidget()
        here = held is not None and self.isAncestorOf(held)
        clicked = here and held is not None and bool(held.focusPolicy() & Qt.FocusPolicy.ClickFocus)
        self.card.display(state)
        shown = [panel.display(state) for panel in self._panels]
        self.card.setVisible(not any(shown))
        now = next((panel for panel, is_shown in zip(self._panels, shown, strict=True) if is_shown), self.card)
        if clicked and now is not self._last:
            self.window().setFocus()
        elif here and now is not self._last:
            for button in now.findChildren(QAbstractButton):
                if button.isVisible() and button.isEnabled():
                    button.setFocus(Qt.FocusReason.OtherFocusReason)
                    break
        self._last = now

    def practise(self) -> None:
        """Begin with finding the band by hand, where nothing else is being done; else go back to the card."""
        state, practice = self._store.state, self.practice.ready()
        if state.panel == "practice":
            self._store.update(**to_card(state, self._words))
        elif practice is not None:
            practice.go(FIRST_PRACTICE, 0)

    def _pain(self, anatomy: "Anatomy") -> "PainPanel":
        from hipviz.ui.pain_panel import PainPanel

        return PainPanel(self._theme, self._store, self._words, anatomy)

    def _practice(self, anatomy: "Anatomy") -> "PracticePanel":
        from hipviz.ui.practice_panel import PracticePanel

        return PracticePanel(self._theme, self._store, self._words, anatomy)

    def _explore(self, anatomy: "Anatomy") -> "ExplorePanel":
        from hipviz.ui.explore_panel import ExplorePanel

        return ExplorePanel(self._theme, self._store, self._words, anatomy, self._commands.trigger)

    def _shape(self, anatomy: "Anatomy") -> "ShapePanel":
        from hipviz.ui.shape_panel import ShapePanel

        return ShapePanel(self._theme, self._store, self._words, anatomy, self._commands.trigger)

    def _restyle(self) -> None:
        self.setFixedWidth(self.card.width())
