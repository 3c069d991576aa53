"""The bar at the top: the name, what is shown in words, and buttons for the actions that concern the window.

The buttons and the menu are views of the table of actions.
"""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QWidget

from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.ui.action import GROUPS, group_label
from hipviz.ui.actions import ACTIONS, BY_ID
from hipviz.ui.comparing import specimen_name
from hipviz.ui.controls import IconButton, announce, column, label, row
from hipviz.ui.theme import TOP_BAR, Theme

BUTTONS = (
    "explore",
    "pain.ask",
    "practice",
    "sheet",
    "compare",
    "",
    "undo",
    "redo",
    "",
    "picture.save",
    "text.larger",
    "theme",
    "present",
    "help.keys",
)
"""The buttons, from left to right; an empty id is a gap."""

SIBLINGS = {
    "text.larger": ("text.larger", "text.smaller", "text.normal"),
    "picture.save": ("picture.save", "picture.copy", "film.save"),
}
"""Buttons that open a menu of several actions."""


class TopBar(QFrame):
    """The whole bar."""

    def __init__(self, theme: Theme, words: Words, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setAccessibleName(self.tr("Tools"))
        self._theme = theme
        self._words = words
        self._line: QHBoxLayout = row(self)
        self._line.addWidget(label("hipviz", "brand", wrap=False))
        self._crumb = label("", "second", wrap=False)
        self._line.addWidget(self._crumb)
        self._line.addStretch(1)
        self.buttons: dict[str, IconButton] = {}
        for action_id in BUTTONS:
            if not action_id:
                self._line.addSpacing(12)
                continue
            action = BY_ID[action_id]
            button = IconButton(theme, action.icon, f"{action.label} ({', '.join(action.keys)})")
            shared = actions[action_id]
            if action_id in SIBLINGS:
                button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
                choices = QMenu(self)
                for sibling in SIBLINGS[action_id]:
                    choices.addAction(actions[sibling])
                button.setMenu(choices)
            else:
                button.clicked.connect(shared.trigger)
            button.setEnabled(shared.isEnabled())
            shared.enabledChanged.connect(button.setEnabled)
            self.buttons[action_id] = button
            self._line.addWidget(button)
        self.menu_button = IconButton(theme, "ph.list", self.tr("All actions (F10)"))
        self.menu_button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(menu(self, actions))
        self._line.addWidget(self.menu_button)
        theme.changed.connect(self._restyle)
        self._restyle()

    def display(self, state: State) -> None:
        """Say what is shown."""
        side = self.tr("right side") if state.side == "right" else self.tr("left side")
        parts = [self.tr("Gluteus medius"), side]
        if state.band is not None:
            parts.append(self._words.bands[state.band].name.plain)
        if state.specimen:
            parts.append(specimen_name(state))
        self._crumb.setText("  ·  ".join(parts))

    def foot(self) -> QPoint:
        """Return the place on the screen under what is shown in words, where a menu may open."""
        return self._crumb.mapToGlobal(self._crumb.rect().bottomLeft() + QPoint(0, 6))

    def explain(self, text: str) -> None:
        """Tell more about the bones that are shown, to those who point at their name."""
        self._crumb.setToolTip(text)
        self._crumb.setAccessibleDescription(text)

    def _restyle(self) -> None:
        px = self._theme.look.px
        self.setFixedHeight(px(TOP_BAR))
        self._line.setContentsMargins(px(16), 0, px(10), 0)
        self._line.setSpacing(px(6))
        self.buttons["theme"].show_icon("ph.sun" if self._theme.look.tokens.name == "dark" else "ph.moon")


def menu(owner: QWidget, actions: Mapping[str, QAction]) -> QMenu:
    """Return the menu of all actions, by group."""
    whole = QMenu(owner)
    for group in GROUPS:
        part = whole.addMenu(group_label(group))
        for action in ACTIONS:
            if action.group == group:
                part.addAction(actions[action.id])
    return whole


class Notice(QFrame):
    """A line under the top bar that tells something once; it goes when it is dismissed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("notice")
        line = row(self, (16, 6, 10, 6), 8)
        self.words: QLabel = label("", "body")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.addWidget(self.words, 1)
        close = IconButton(theme, "ph.x", self.tr("Dismiss"))
        close.clicked.connect(self.hide)
        line.addWidget(close)
        self.hide()

    def tell(self, text: str) -> None:
        """Show a sentence."""
        self.words.setText(text)
        self.setAccessibleName(text)
        announce(self, text)
        self.show()


class Veil(QFrame):
    """A chip in the middle of the stage: how far loading is, or why there is nothing to see."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        from PySide6.QtWidgets import QProgressBar

        self.setObjectName("chip")
        self._theme = theme
        lines = column(self, (24, 18, 24, 18), 8)
        self.title = label(self.tr("Building the hip"), "lead", wrap=False)
        self.words = label("", "second")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        for part in (self.title, self.words, self.bar):
            lines.addWidget(part)
        self.setMinimumWidth(320)

    def begin(self, title: str) -> None:
        """Say what is being built."""
        self.title.setText(title)
        self.progress("", 0.0)
        self.bar.show()
        self.show()

    def progress(self, words: str, share: float) -> None:
        """Show how far loading is."""
        self.words.setText(words)
        self.bar.setValue(round(100 * share))

    def fail(self, title: str, words: str) -> None:
        """Show why there is no picture."""
        self.title.setText(title)
        self.words.setText(words)
        self.bar.hide()
        self.setMinimumWidth(460)
        self.show()
