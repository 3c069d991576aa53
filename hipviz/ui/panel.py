"""The frame that all panels beside the picture share: a title, a way back to the card, and a page that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hipviz.model.content import Words
from hipviz.ui import changes as to
from hipviz.ui.controls import FocusRing, IconButton, column, label, row
from hipviz.ui.store import Store
from hipviz.ui.theme import CARD, Theme


class Panel(QFrame):
    """A panel in the place of the card; what stays while the page scrolls goes into `head_lines`."""

    def __init__(self, theme: Theme, store: Store, words: Words, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._theme, self._store, self._words = theme, store, words
        self._frame = column(self)
        head = QWidget()
        self.head_lines: QVBoxLayout = column(head, gap=2)
        top = QWidget()
        self.title_line: QHBoxLayout = row(top)
        self.title_line.addWidget(label(title, "title", wrap=False), 1)
        self.back = IconButton(theme, "ph.x", self.tr("Back to the bands (Esc)"))
        self.back.clicked.connect(lambda: store.update(**to.to_card(store.state, words)))
        self.title_line.addWidget(self.back)
        self.head_lines.addWidget(top)
        self.pages = QScrollArea()
        self.pages.setWidgetResizable(True)
        self.pages.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pages.setAccessibleName(title)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._frame.addWidget(head)
        self._frame.addWidget(self.pages, 1)
        FocusRing(theme, self.pages)
        theme.changed.connect(self.restyle)

    def new_page(self) -> QVBoxLayout:
        """Put an empty page in the place of the one that was there, and return its lines."""
        page = QWidget()
        page.setObjectName("scrolled")
        lines = column(page)
        self.pages.setWidget(page)
        return lines

    def restyle(self) -> None:
        """Take the sizes of the theme; panels with sizes of their own add them."""
        px = self._theme.look.px
        self.setFixedWidth(px(CARD))
        self._frame.setContentsMargins(px(20), px(14), px(12), px(8))
        self._frame.setSpacing(px(6))
