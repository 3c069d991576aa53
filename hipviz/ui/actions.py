"""The table of everything a person can do: text, keys, picture and what it makes of the State.

Menus, tool bar, shortcut sheet and command palette are views of this table. Rows without `change` concern the
window itself (files, dialogs, undo); the window binds them by their id.
"""

from hipviz.ui import changes as to
from hipviz.ui.action import QT_TRANSLATE_NOOP, Action
from hipviz.ui.changes import has_band, is_set
from hipviz.ui.hip_actions import HIP_ACTIONS
from hipviz.ui.picture_actions import PICTURE_ACTIONS

ACTIONS: tuple[Action, ...] = (
    *HIP_ACTIONS,
    *PICTURE_ACTIONS,
    Action("picture.save", "file", QT_TRANSLATE_NOOP("actions", "Save a picture…"), ("Ctrl+S",), "ph.camera"),
    Action("film.save", "file", QT_TRANSLATE_NOOP("actions", "Save a film…"), ("Ctrl+Shift+S",), "ph.film-strip"),
    Action("picture.copy", "file", QT_TRANSLATE_NOOP("actions", "Copy the picture"), ("Ctrl+C",), "ph.copy"),
    Action("bones.own", "file", QT_TRANSLATE_NOOP("actions", "Your own bones…"), ("Ctrl+B",), "ph.bone"),
    Action(
        "specimen.open", "file", QT_TRANSLATE_NOOP("actions", "Open a specimen…"), ("Ctrl+O",), "ph.folder-open"
    ),
    Action(
        "specimen.default",
        "file",
        QT_TRANSLATE_NOOP("actions", "Back to the default adult"),
        possible=to.has_specimen,
    ),
    Action(
        "specimen.correct",
        "file",
        QT_TRANSLATE_NOOP("actions", "Correct the specimen by hand…"),
        possible=to.has_specimen,
    ),
    Action("undo", "file", QT_TRANSLATE_NOOP("actions", "Undo"), ("Ctrl+Z",), "ph.arrow-u-up-left"),
    Action(
        "redo", "file", QT_TRANSLATE_NOOP("actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "ph.arrow-u-up-right"
    ),
    Action("quit", "file", QT_TRANSLATE_NOOP("actions", "Quit"), ("Ctrl+Q",)),
    Action(
        "pain.ask",
        "client",
        QT_TRANSLATE_NOOP("actions", "Where does it hurt?"),
        ("H",),
        "ph.hand-pointing",
        to.ask_where,
        is_set(panel="pain"),
    ),
    Action(
        "pain.brush",
        "client",
        QT_TRANSLATE_NOOP("actions", "Brush: drag over the skin to paint where it hurts"),
        ("Shift+H",),
        "ph.paint-brush",
        to.flip("brush"),
        is_set(brush=True),
        is_set(panel="pain"),
    ),
    Action(
        "practice",
        "client",
        QT_TRANSLATE_NOOP("actions", "Hands and exercises"),
        ("F",),
        "ph.hand-palm",
        checked=is_set(panel="practice"),
    ),
    Action(
        "sheet",
        "client",
        QT_TRANSLATE_NOOP("actions", "Sheet for the client…"),
        ("Ctrl+P",),
        "ph.file-text",
        possible=has_band,
    ),
    Action("part.next", "help", QT_TRANSLATE_NOOP("actions", "Keyboard: next part of the window"), ("F6",)),
    Action("part.previous", "help", QT_TRANSLATE_NOOP("actions", "Keyboard: part before"), ("Shift+F6",)),
    Action("help.keys", "help", QT_TRANSLATE_NOOP("actions", "Keys and mouse"), ("?", "F1"), "ph.question"),
    Action(
        "help.palette", "help", QT_TRANSLATE_NOOP("actions", "Find an action"), ("Ctrl+K",), "ph.magnifying-glass"
    ),
    Action("help.about", "help", QT_TRANSLATE_NOOP("actions", "About, sources and caution"), icon="ph.info"),
)
BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
