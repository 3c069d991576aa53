"""Small controls that several panels use: labels by role, a row of alternatives, a round of buttons.

None of them knows the State; panels connect them to the store.
"""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hipviz.ui.pictogram import icon
from hipviz.ui.theme import Theme

KEYBOARD_ONLY = Qt.FocusPolicy.TabFocus
"""Controls take the focus from the keyboard only, so that after a click the keys still speak to the model."""


Box = TypeVar("Box", bound=QBoxLayout)


def label(text: str = "", role: str = "body", wrap: bool = True) -> QLabel:
    """Return a label in one of the roles of the style sheet."""
    made = QLabel(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def rule() -> QFrame:
    """Return a thin line between two sections."""
    line = QFrame()
    line.setObjectName("rule")
    return line


def column(owner: QWidget, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 0) -> QVBoxLayout:
    """Give `owner` a column without the style's own gaps."""
    return _plain(QVBoxLayout(owner), margins, gap)


def row(owner: QWidget, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 0) -> QHBoxLayout:
    """Give `owner` a row without the style's own gaps."""
    return _plain(QHBoxLayout(owner), margins, gap)


def _plain(layout: Box, margins: tuple[int, int, int, int], gap: int) -> Box:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout


class IconButton(QToolButton):
    """A square button with a Phosphor icon that follows the theme."""

    def __init__(self, theme: Theme, name: str, tip: str, checkable: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._colour = ""
        self.setCheckable(checkable)
        self.setFocusPolicy(KEYBOARD_ONLY)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.describe(tip)
        theme.changed.connect(self.refresh)
        self.refresh()

    def describe(self, tip: str) -> None:
        """Say what the button does, to eyes and screen readers."""
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def show_icon(self, name: str, colour: str = "") -> None:
        """Change the icon; an empty colour is that of second text."""
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self.refresh()

    def refresh(self) -> None:
        """Draw the icon in the present look."""
        side = self._theme.look.px(20)
        self.setIconSize(QSize(side, side))
        self.setIcon(icon(self._name, self._theme.look, self._colour))


class Choice(QFrame):
    """A row of alternatives of which at most one is chosen."""

    picked = Signal(str)

    def __init__(
        self, values: Sequence[str], name: str, object_name: str = "choice", stretch: bool = True
    ) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.setAccessibleName(name)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = row(self, (3, 3, 3, 3), 2)
        for value in values:
            button = QPushButton()
            button.setProperty("role", "choice")
            button.setCheckable(True)
            button.setFocusPolicy(KEYBOARD_ONLY)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, value=value: self.picked.emit(value))
            self._group.addButton(button)
            self._buttons[value] = button
            line.addWidget(button, 1 if stretch else 0)

    def button(self, value: str) -> QPushButton:
        """Return the button of one alternative."""
        return self._buttons[value]

    def describe(self, value: str, text: str, tip: str = "") -> None:
        """Set the words of one alternative."""
        button = self._buttons[value]
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip or text)

    def choose(self, value: str | None) -> None:
        """Mark one alternative, or none."""
        chosen = self._buttons.get(value) if value is not None else None
        if chosen is None:
            # An exclusive group refuses to have nothing checked.
            self._group.setExclusive(False)
            for button in self._buttons.values():
                button.setChecked(False)
            self._group.setExclusive(True)
        else:
            chosen.setChecked(True)
