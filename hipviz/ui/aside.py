"""What stands beside the picture: the card, the question where it hurts, or something to do; one at a time."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from hipviz.model.content import Words
from hipviz.model.guidance import load_guidance
from hipviz.model.state import State
from hipviz.ui.card import Card
from hipviz.ui.pain_panel import PainPanel
from hipviz.ui.practice_panel import FIRST, PracticePanel
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy


class Aside(QStackedWidget):
    """The three panels, of which the state shows one."""

    def __init__(self, theme: Theme, store: Store, words: Words, card: Card) -> None:
        super().__init__()
        self._store = store
        self.guidance = load_guidance(words.sources)
        self.card = card
        card.guide(self.guidance)
        self.pain = PainPanel(theme, store, words)
        self.practice = PracticePanel(theme, store, words, self.guidance)
        self._panels = {"card": card, "pain": self.pain, "practice": self.practice}
        for panel in self._panels.values():
            self.addWidget(panel)
        theme.changed.connect(self._restyle)
        self._restyle()

    def attach(self, anatomy: "Anatomy") -> None:
        """Take over the loaded anatomy."""
        self.pain.attach(anatomy)
        self.practice.attach(anatomy)

    def display(self, state: State) -> None:
        """Show the panel of the state."""
        self.setCurrentWidget(self._panels[state.panel])
        self.card.display(state)
        self.pain.display(state)
        self.practice.display(state)

    def practise(self) -> None:
        """Begin with finding the band by hand, where nothing else is being done; else go back to the card."""
        from hipviz.ui.changes import to_card

        state = self._store.state
        if state.panel == "practice":
            self._store.update(**to_card(state, self.practice.words))
        else:
            self.practice.go(FIRST, 0)

    def _restyle(self) -> None:
        self.setFixedWidth(self.card.width())
