"""The frame that the panels beside the picture share: a title, a way back to the card, and a page that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.ui import changes as to
from hipviz.ui.controls import FocusRing, IconButton, Wording, announce, column, label, row
from hipviz.ui.store import Store
from hipviz.ui.theme import CARD, Theme


class SidePanel(QFrame):
    """A panel in the place of the card.

    What stays goes under title and wordings, into `head_lines`; the page below is made anew for each state: a kind
    of panel says in `subject` what its page depends on, and fills it in `fill`.
    """

    def __init__(self, theme: Theme, store: Store, words: Words, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._theme, self._store, self._words = theme, store, words
        self._shown: tuple[object, ...] = ()
        self._frame = column(self)
        head = QWidget()
        self.head_lines: QVBoxLayout = column(head, gap=2)
        top = QWidget()
        line = row(top)
        line.addWidget(label(title, "title", wrap=False), 1)
        self.back = IconButton(theme, "ph.x", self.tr("Back to the bands (Esc)"))
        self.back.clicked.connect(lambda: store.update(**to.to_card(store.state, words)))
        line.addWidget(self.back)
        self.head_lines.addWidget(top)
        self.wording = Wording()
        self.wording.picked.connect(lambda wording: store.update(wording=wording))
        self.head_lines.addWidget(self.wording)
        self.head_lines.addSpacing(theme.look.px(4))
        self.pages = QScrollArea()
        self.pages.setWidgetResizable(True)
        self.pages.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pages.setAccessibleName(title)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._frame.addWidget(head)
        self._frame.addWidget(self.pages, 1)
        FocusRing(theme, self.pages)
        theme.changed.connect(self._restyle)
        self._restyle()

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
        page = QWidget()
        page.setObjectName("scrolled")
        px = self._theme.look.px
        lines = column(page, (0, px(8), px(8), px(8)), px(8))
        self.fill(lines, state)
        lines.addStretch(1)
        self.pages.setWidget(page)
        bar.setValue(kept)
        if not same:
            announce(self.pages, self.spoken(state))
        if focused is not None:
            self._focus(page, focused)

    def _focused(self) -> str | None:
        """Return the words of the button of the page that has the focus."""
        held, page = QApplication.focusWidget(), self.pages.widget()
        return held.text() if isinstance(held, QPushButton) and page and page.isAncestorOf(held) else None

    def _focus(self, page: QWidget, words: str) -> None:
        """Give the focus back that went with the page before: to the same words, else to the first button."""
        buttons = [button for button in page.findChildren(QPushButton) if button.isEnabled()]
        same = [button for button in buttons if button.text() == words]
        for button in (same or buttons)[:1]:
            button.show()
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """Return all words of the page, as a screen reader or a test meets them."""
        page = self.pages.widget()
        return "\n".join(part.text() for part in page.findChildren(QLabel)) if page else ""

    def _restyle(self) -> None:
        px = self._theme.look.px
        self.setFixedWidth(px(CARD))
        self._frame.setContentsMargins(px(20), px(14), px(12), px(8))
        self._frame.setSpacing(px(8))
        self._shown = ()
        if self.isVisible():
            self.display(self._store.state)
