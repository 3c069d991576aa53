"""Small controls that several panels use: labels by role, a row of alternatives, a round of buttons.

None of them knows the State; panels connect them to the store.
"""

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QFocusFrame,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
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


def announce(where: QWidget, words: str) -> None:
    """Let a screen reader say what has changed elsewhere than where the focus is."""
    if words:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(where, words))


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


class FocusRing(QFocusFrame):
    """A frame around a widget while the keyboard is in it, where a style sheet's frame would move its content."""

    def __init__(self, theme: Theme, around: QWidget) -> None:
        super().__init__(around.parentWidget())
        self._theme = theme
        self.setWidget(around)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Come and go with the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        if self.widget().hasFocus():
            with QPainter(self) as painter:
                paint_ring(painter, QRectF(self.rect()), self._theme)


def paint_ring(painter: QPainter, around: QRectF, theme: Theme) -> None:
    """Paint the frame that shows where the keyboard is, just within a rectangle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.look.tokens.text_third), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(around.adjusted(1, 1, -1, -1), 6, 6)


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


class Wording(Choice):
    """The three wordings of everything that is said about anatomy, movement and pain."""

    def __init__(self) -> None:
        super().__init__(("plain", "clinical", "sources"), "")
        self.setAccessibleName(self.tr("Wording"))
        self.describe("plain", self.tr("Plain"), self.tr("Plain words (W)"))
        self.describe("clinical", self.tr("Clinical"), self.tr("Clinical words (W)"))
        self.describe("sources", self.tr("Sources"), self.tr("What the sources say (W)"))


class TickBox(QCheckBox):
    """A check box with a tick: the style sheet colours its square, but can draw none without a picture file."""

    def __init__(self, theme: Theme, text: str = "") -> None:
        super().__init__(text)
        self._theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, and the tick into it."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        square = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(self._theme.look.tokens.surface), square.width() / 8.0)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            turns = ((0.26, 0.52), (0.44, 0.7), (0.75, 0.32))
            painter.drawPolyline(
                [QPointF(square.x() + x * square.width(), square.y() + y * square.height()) for x, y in turns]
            )
