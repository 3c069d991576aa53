"""The dialogs: keys and mouse, finding an action, about and sources, and what to say when something broke.

Keys and actions are views of the table in `actions`; facts come from the content files.
"""

import platform
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

import hipviz
from hipviz.model.content import Words
from hipviz.model.errors import HipvizError
from hipviz.ui.action import Action, group_label
from hipviz.ui.actions import ACTIONS
from hipviz.ui.controls import column, label, row

PACKAGES = ("PySide6-Essentials", "pyvista", "pyvistaqt", "vtk", "numpy", "scipy", "trimesh", "msgspec")
MOUSE = "mouse"
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("band", "view", "client", MOUSE),
    ("movement", "screen", "help"),
    ("layers", "file"),
)
"""The groups of the sheet of keys, column by column, so that all are about as long."""


def shown_key(key: str) -> str:
    """Return a key sequence as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def opened(dialog: QDialog) -> None:
    """Open a dialog without waiting for it; it is gone when it is closed."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class KeySheet(QDialog):
    """All actions with their keys, and what the mouse does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent.window()
        self.setWindowTitle(self.tr("Keys and mouse"))
        lines = column(self, (28, 22, 28, 20), 14)
        lines.addWidget(label(self.tr("Keys and mouse"), "title", wrap=False))
        self._page = QWidget()
        self._page.setObjectName("scrolled")
        columns = row(self._page, gap=28)
        for groups in COLUMNS:
            stack = QVBoxLayout()
            stack.setSpacing(4)
            for group in groups:
                heading = self.tr("Mouse") if group == MOUSE else group_label(group)
                stack.addWidget(label(heading, "caption", wrap=False))
                stack.addLayout(self._mouse() if group == MOUSE else self._table(group))
                stack.addSpacing(8)
            stack.addStretch(1)
            columns.addLayout(stack)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._page)
        lines.addWidget(self._scroll, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as large as all needs in its style, but never larger than the window: with large text it scrolls."""
        super().showEvent(event)
        self._page.resize(self._page.sizeHint())
        beside = self.size() - self._scroll.viewport().size()
        self.resize((self._page.size() + beside).boundedTo(self._window.size()))

    def _table(self, group: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        for action in ACTIONS:
            if action.group == group and action.keys:
                at = grid.rowCount()
                grid.addWidget(label(action.label, "row", wrap=False), at, 0)
                cell = QHBoxLayout()
                cell.setSpacing(4)
                cell.addStretch(1)
                for key in action.keys[:2]:
                    cell.addWidget(label(shown_key(key), "key", wrap=False))
                grid.addLayout(cell, at, 1)
        return grid

    def _mouse(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        for at, (does, hand) in enumerate(
            (
                (self.tr("Turn"), self.tr("drag")),
                (self.tr("Move"), self.tr("right, middle or Shift + drag")),
                (self.tr("Enlarge at the pointer"), self.tr("wheel")),
                (self.tr("Choose"), self.tr("click")),
                (self.tr("Add a place that hurts"), self.tr("Ctrl + click")),
                (self.tr("Bring to the middle"), self.tr("double click")),
            )
        ):
            grid.addWidget(label(does, "row", wrap=False), at, 0)
            grid.addWidget(label(hand, "second", wrap=False), at, 1, Qt.AlignmentFlag.AlignRight)
        return grid


class Palette(QDialog):
    """Find an action by typing a part of its name; Enter does it."""

    def __init__(self, parent: QWidget, actions: Mapping[str, QAction]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find an action"))
        self._actions = actions
        lines = column(self, (12, 12, 12, 12), 8)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type what you want to do"))
        self.field.setAccessibleName(self.windowTitle())
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Actions found"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines.addWidget(self.field)
        lines.addWidget(self.list, 1)
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._do)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(self._do)
        self.list.itemClicked.connect(self._do)
        self.resize(540, 420)
        self._find("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk through the list while the field keeps the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return False

    def _find(self, text: str) -> None:
        self.list.clear()
        for action in ACTIONS:
            if action.id != "help.palette" and matches(action, text) and self._actions[action.id].isEnabled():
                keys = f"    {shown_key(action.keys[0])}" if action.keys else ""
                item = QListWidgetItem(f"{group_label(action.group)}:  {action.label}{keys}")
                item.setData(Qt.ItemDataRole.UserRole, action.id)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _do(self, *_: object) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.accept()
            self._actions[item.data(Qt.ItemDataRole.UserRole)].trigger()


def matches(action: Action, text: str) -> bool:
    """Tell whether every word typed begins or is part of a word of the action or its group."""
    whole = f"{group_label(action.group)} {action.label}".casefold()
    return all(part in whole for part in text.casefold().split())


class About(QDialog):
    """What hipviz is, its caution, its sources in full."""

    def __init__(self, parent: QWidget, words: Words) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About, sources and caution"))
        lines = column(self, (28, 22, 20, 20), 10)
        lines.addWidget(label(f"hipviz {hipviz.__version__}", "title", wrap=False))
        lines.addWidget(
            label(self.tr("Choose a band of the gluteus medius, see it move the hip, see where it is felt."))
        )
        lines.addWidget(label(words.caution.clinical, "warn"))
        lines.addWidget(label(self.tr("Sources"), "caption", wrap=False))
        page = QWidget()
        page.setObjectName("scrolled")
        rows = column(page, (0, 0, 8, 0), 6)
        for source in words.sources.values():
            rows.addWidget(label(source.full, "second"))
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        lines.addWidget(scroll, 1)
        lines.addWidget(label(self.tr("MIT licence. Icons: Phosphor, through qtawesome."), "note"))
        self.resize(560, 520)


def versions() -> str:
    """Return what a report needs to know about this machine."""
    from importlib import metadata  # not worth the time at every start

    lines = [f"hipviz {hipviz.__version__}", f"Python {platform.python_version()}, {platform.platform()}"]
    for package in PACKAGES:
        try:
            lines.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{package}: not found")
    return "\n".join(lines)


class Fault(QDialog):
    """Something went wrong that nobody foresaw: one sentence, and the details behind a button."""

    def __init__(
        self, parent: QWidget | None, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        known = isinstance(error, HipvizError)
        said = str(error) if known else self.tr("hipviz met an error that it did not expect, and went on.")
        self.report = versions() + "\n\n" + "".join(traceback.format_exception(kind, error, trace))
        lines = column(self, (24, 20, 24, 16), 12)
        lines.addWidget(label(self.tr("Something went wrong"), "title", wrap=False))
        lines.addWidget(label(said))
        if not known:
            lines.addWidget(label(f"{kind.__name__}: {error}", "second"))
        self.details = QPlainTextEdit(self.report)
        self.details.setReadOnly(True)
        self.details.setMinimumSize(560, 260)
        self.details.hide()
        lines.addWidget(self.details, 1)
        buttons = QHBoxLayout()
        show = self._button(self.tr("Details"), lambda: self.details.setVisible(not self.details.isVisible()))
        copy = self._button(self.tr("Copy details"), lambda: QGuiApplication.clipboard().setText(self.report))
        close = self._button(self.tr("Close"), self.accept)
        close.setDefault(True)
        buttons.addWidget(show)
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        lines.addLayout(buttons)
        self.setMinimumWidth(460)

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "plain")
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button


def print_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write an unforeseen error to standard error, for those who started hipviz from a terminal."""
    traceback.print_exception(kind, error, trace, file=sys.stderr)
