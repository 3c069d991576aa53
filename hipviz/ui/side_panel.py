"""A panel whose page is words about the state: wordings to choose from, and the page made anew when it must be."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout

from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.ui.controls import Wording, announce
from hipviz.ui.panel import Panel
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme


class SidePanel(Panel):
    """Title, wordings, and a page that is made anew for each state.

    A kind of panel says in `subject` what its page depends on, and fills it in `fill`.
    """

    def __init__(self, theme: Theme, store: Store, words: Words, title: str) -> None:
        super().__init__(theme, store, words, title)
        self._shown: tuple[object, ...] = ()
        self.wording = Wording()
        self.wording.picked.connect(lambda wording: store.update(wording=wording))
        self.head_lines.addWidget(self.wording)
        self.head_lines.addSpacing(theme.look.px(4))
        self.restyle()

    def subject(self, state: State) -> tuple[object, ...]:
        """Return what the page depends on: it is made anew when this differs."""
        raise NotImplementedError

    def fill(self, lines: QVBoxLayout, state: State) -> None:
        """Put the words for a state into the page."""
        raise NotImplementedError

    def spoken(self, state: State) -> str:
        """Return what a screen reader says when the page is about something new."""
        raise NotImplementedError

    def same_page(self, before: tuple[object, ...], now: tuple[object, ...]) -> bool:
        """Tell whether a changed page is still about the same, so that it stays scrolled where it was."""
        return False

    def display(self, state: State) -> None:
        """Show the state."""
        self.wording.choose(state.wording)
        subject = self.subject(state)
        if subject == self._shown:
            return
        bar = self.pages.verticalScrollBar()
        same = self.same_page(self._shown, subject)
        kept = bar.value() if same else 0
        self._shown = subject
        focused = self._focused()
        px = self._theme.look.px
        lines = self.new_page()
        lines.setContentsMargins(px(2), px(8), px(8), px(8))
        lines.setSpacing(px(8))
        self.fill(lines, state)
        lines.addStretch(1)
        bar.setValue(kept)
        if not same:
            announce(self.pages, self.spoken(state))
        if focused is not None:
            self._focus(focused)

    def _focused(self) -> str | None:
        """Return the words of the button of the page that has the focus."""
        held, page = QApplication.focusWidget(), self.pages.widget()
        return held.text() if isinstance(held, QPushButton) and page and page.isAncestorOf(held) else None

    def _focus(self, words: str) -> None:
        """Give the focus back that went with the page before: to the same words, else to the first button."""
        buttons = [button for button in self.pages.findChildren(QPushButton) if button.isEnabled()]
        same = [button for button in buttons if button.text() == words]
        for button in (same or buttons)[:1]:
            button.show()
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """Return all words of the page, as a screen reader or a test meets them."""
        page = self.pages.widget()
        return "\n".join(part.text() for part in page.findChildren(QLabel)) if page else ""

    def restyle(self) -> None:
        """Make the page anew in the sizes and colours of the theme."""
        super().restyle()
        self._shown = ()
        if self.isVisible():
            self.display(self._store.state)
