"""What an action is: a row of the table of everything a person can do (`actions`), and the groups of its rows."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from hipviz.ui.changes import Change, Test


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return `text`; the name marks it for Qt's translation tools, which look for exactly this call."""
    return text


GROUPS: dict[str, str] = {
    "band": QT_TRANSLATE_NOOP("actions", "Band"),
    "movement": QT_TRANSLATE_NOOP("actions", "Movement"),
    "view": QT_TRANSLATE_NOOP("actions", "View"),
    "layers": QT_TRANSLATE_NOOP("actions", "Layers"),
    "screen": QT_TRANSLATE_NOOP("actions", "Screen"),
    "file": QT_TRANSLATE_NOOP("actions", "Picture and choices"),
    "client": QT_TRANSLATE_NOOP("actions", "With a client"),
    "help": QT_TRANSLATE_NOOP("actions", "Help"),
}
"""Headings of menus and of the shortcut sheet, in order."""


@dataclass(frozen=True)
class Action:
    """One row: `keys` are portable names of key sequences, the first of them is the one shown."""

    id: str
    group: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    change: Change | None = None
    checked: Test | None = None
    possible: Test | None = None

    @property
    def label(self) -> str:
        """The text in the user's language."""
        return QCoreApplication.translate("actions", self.text)


def group_label(group: str) -> str:
    """Return the heading of a group in the user's language."""
    return QCoreApplication.translate("actions", GROUPS[group])
