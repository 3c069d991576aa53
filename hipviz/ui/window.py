"""The window: puts the panels around the stage and connects them, the keys and the store.

What the parts show lives in their own modules: `around` lies on the stage, `aside` stands beside it, `exports`
saves files. Panels that are not seen at the start are made when they are (`on_demand`). Starting lives in `app`.
"""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QMainWindow, QWidget

from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.model.trigger_points import TriggerPoint
from hipviz.ui import settings as kept
from hipviz.ui.around import Around
from hipviz.ui.aside import Aside
from hipviz.ui.card import Card
from hipviz.ui.clock import Clock
from hipviz.ui.commands import Commands
from hipviz.ui.compare_menu import CompareMenu
from hipviz.ui.controls import column, row
from hipviz.ui.dialogs import About, KeySheet, Palette, opened
from hipviz.ui.exports import Exports
from hipviz.ui.movements import MovementNote
from hipviz.ui.on_demand import OnDemand
from hipviz.ui.parts import go_to_next
from hipviz.ui.rail import Rail
from hipviz.ui.specimens import Specimens, provenance
from hipviz.ui.stages import Stages
from hipviz.ui.store import Store
from hipviz.ui.theme import Theme, style_sheet
from hipviz.ui.topbar import Notice, TopBar
from hipviz.ui.transport import ScrubBar, Transport

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.ui.curves import Curves
    from hipviz.ui.levers import Levers

SMALLEST = (1100, 640)
FIRST_SIZE = (1440, 900)


class Window(QMainWindow):
    """The one window; usable at once, the picture follows when the anatomy is loaded.

    `shown` is sent when the picture is on the stage.
    """

    shown = Signal()

    def __init__(self, store: Store, words: Words, points: tuple[TriggerPoint, ...], settings_path: Path) -> None:
        super().__init__()
        self.setWindowTitle("hipviz")
        self.setMinimumSize(*SMALLEST)
        self.resize(*FIRST_SIZE)
        self.store = store
        self.words = words
        self.anatomy: Anatomy | None = None
        self._settings_path = settings_path
        self._was_maximized = False
        self._closed = False
        self._styled: tuple[str, float] | None = None
        self.theme = Theme(store.state, self)
        self.commands = Commands(self, store, words)

        self.topbar = TopBar(self.theme, words, self.commands.by_id)
        self.notice = Notice(self.theme)
        self.rail = Rail(self.theme, store, words)
        self.stages = Stages(self.theme, store, words)
        self.stage = self.stages.first
        self.around = Around(self.stages, self.theme, store, words, self.commands)
        self.levers = OnDemand(lambda state: state.levers and not state.presenting, self._levers)
        self.note = MovementNote(self.theme, store, words)
        self.transport = Transport(self.theme, store, words)
        self.curves = OnDemand(lambda state: state.curves and not state.presenting, self._curves)
        self.card = Card(self.theme, store, words, points)
        self.card.asked_for_sources.connect(lambda: self.commands.trigger("help.about"))
        self.aside = Aside(self.theme, store, words, self.card, self.commands)
        self.exports = Exports(self, store, self.stages, self.around.toast, self.notice)
        self.specimens = Specimens(self, store, self.stages, self.around, self.notice)
        self.specimens.loaded.connect(self.attach)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Qt offers it each click that nothing in it takes
        self._bind()

        self.clock = Clock(store, words, self)
        store.changed.connect(self._follow)
        self.theme.changed.connect(self._restyle)
        self._restyle()
        self._follow(store.state, store.state)
        self.stage.setFocus()

    # -- building ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        root = QWidget()
        root.setObjectName("root")
        self.setCentralWidget(root)
        lines = column(root)
        lines.addWidget(self.topbar)
        lines.addWidget(self.notice)
        below = QWidget()
        lines.addWidget(below, 1)
        columns = row(below)
        middle = QWidget()
        stack = column(middle)
        stack.addWidget(self.stages, 1)
        stack.addWidget(self.levers)
        stack.addWidget(self.note)
        stack.addWidget(self.curves)
        stack.addWidget(self.transport)
        for part, share in ((self.rail, 0), (middle, 1), (self.aside, 0)):
            columns.addWidget(part, share)

    def _bind(self) -> None:
        """Say what the actions do that are no change of the State."""
        draft = self._settings_path.with_name("notes-draft.txt")
        self.commands.bind(
            {
                "theme": self._flip_theme,
                "picture.save": self.exports.save_picture,
                "picture.copy": self.exports.copy_picture,
                "film.save": self.exports.save_film,
                "bones.own": self._own_bones,
                "compare": self._compare,
                "pose.copy": self.exports.copy_pose,
                "specimen.open": lambda: self.specimens.choose(self.topbar.foot()),
                "specimen.correct": lambda: self.specimens.correct(self.anatomy),
                "specimen.default": lambda: self.specimens.open(None),
                "practice": self.aside.practise,
                "part.next": lambda: go_to_next(self._parts, 1),
                "part.previous": lambda: go_to_next(self._parts, -1),
                "sheet": lambda: self.exports.open_sheet(self.theme, self.anatomy, draft),
                "undo": self.store.undo,
                "redo": self.store.redo,
                "quit": self.close,
                "help.keys": lambda: opened(KeySheet(self)),
                "help.palette": lambda: opened(Palette(self, self.commands.by_id)),
                "help.about": lambda: opened(About(self, self.words)),
            }
        )

    def _own_bones(self) -> None:
        from hipviz.ui.own_bones.dialog import OwnBones  # brings the view along, which is loaded late

        self.store.update(playing=False)
        dialog = OwnBones(self, self.theme)
        dialog.made.connect(self.open_specimen)
        opened(dialog)

    @property
    def _parts(self) -> tuple[QWidget, ...]:
        """The parts of the window, in the order in which the keyboard goes round."""
        return self.stage, self.aside, self.transport, self.topbar, self.rail

    def _levers(self, anatomy: "Anatomy") -> "Levers":
        from hipviz.ui.levers import Levers

        return Levers(self.theme, self.store, self.words, anatomy)

    def _curves(self, anatomy: "Anatomy") -> "Curves":
        from hipviz.ui.curves import Curves

        return Curves(self.theme, self.store, self.words, anatomy, self.transport.scrub)

    # -- the anatomy ---------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Build the bones that the state names; the window is usable meanwhile."""
        self.specimens.open(Path(self.store.state.specimen) if self.store.state.specimen else None)

    def open_specimen(self, folder: Path) -> None:
        """Show the bones of a folder as soon as they are built; when they cannot be, the old ones stay."""
        self.specimens.open(folder)

    def attach(self, anatomy: "Anatomy", specimen: str = "") -> None:
        """Put an anatomy on the stage at once, unless the window was closed meanwhile; another one gives way."""
        if self._closed:
            return
        self.around.veil.repaint()
        self.anatomy = anatomy
        self.stages.attach(anatomy)
        self.card.attach(anatomy)
        self.levers.attach(anatomy)
        self.curves.attach(anatomy)
        self.aside.attach(anatomy)
        self.topbar.explain(provenance(anatomy.bones.manifest))
        self.setWindowTitle(f"{Path(specimen).name} – hipviz" if specimen else "hipviz")
        self.around.finish()
        self.store.update(specimen=specimen)
        self._follow(self.store.state, self.store.state)
        self.stages.reveal()
        self.clock.start()
        self.shown.emit()

    # -- following the state -------------------------------------------------------------------------------------

    def _follow(self, old: State, new: State) -> None:
        self.theme.follow(new)
        if new.proportions != old.proportions and self.anatomy is not None:
            self.card.attach(self.anatomy.shaped(new.proportions))
        self.topbar.display(new)
        self.transport.display(new)
        self.levers.display(new)
        self.curves.display(new)
        moved = {name: getattr(new, name) for name in ("phase", "referral", "camera")}
        chosen = new == old or msgspec.structs.replace(old, **moved) != new
        if chosen or new.panel == "explore":
            self.aside.display(new)  # whose sliders follow what plays
        if chosen:
            self.rail.display(new)
            self.commands.mark(new)
        if new.presenting != old.presenting or (new.presenting and old is new):
            self._present(new.presenting)
        self.stages.display(old, new)
        self.around.display(new)
        if chosen or new.camera != old.camera:
            self.around.arrange()

    def _present(self, presenting: bool) -> None:
        for part in (self.topbar, self.rail, self.transport, self.aside):
            part.setVisible(not presenting)
        if presenting:
            self._was_maximized = self.isMaximized()
            self.notice.hide()
            self.showFullScreen()
            self.around.keys.flash()
        else:
            self.around.keys.hide()
            if self.isFullScreen():
                self.showMaximized() if self._was_maximized else self.showNormal()
        self.stage.setFocus()

    # -- what the window itself does -----------------------------------------------------------------------------

    def _flip_theme(self) -> None:
        self.store.update(theme="light" if self.theme.look.tokens.name == "dark" else "dark")

    def _compare(self) -> None:
        """Offer what may stand beside the picture, under its button or, while presenting, on the stage."""
        button = self.topbar.buttons["compare"]
        under, at = (button, button.rect().bottomLeft()) if button.isVisible() else (self.stages, QPoint(24, 24))
        CompareMenu(self, self.store, self.words).popup(under.mapToGlobal(at))

    def restore(self, settings: kept.Settings) -> None:
        """Take the place on the screen that an earlier session had; the first time, as much as fits."""
        self.specimens.recent = settings.recent
        geometry = settings.geometry_bytes
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        room = self.screen().availableSize()
        if self.width() > room.width() or self.height() > room.height():
            # Smaller than the window was before, or is at first: a projector, for example.
            self.resize(min(self.width(), room.width()), min(self.height(), room.height()))
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def _restyle(self) -> None:
        if self.theme.look.frame != self._styled:
            self._styled = self.theme.look.frame
            self.setStyleSheet(style_sheet(self.theme.look))
        self.around.arrange()

    # -- Qt ------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Leave Space to a button and the arrows to a slider that the user has reached with Tab."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focused, key = self.focusWidget(), event.key()
            arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
            pages = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            to_button = isinstance(focused, QAbstractButton) and key == Qt.Key.Key_Space
            to_slider = isinstance(focused, QAbstractSlider) and key in (*arrows, *pages)
            to_bar = isinstance(focused, ScrubBar) and key in arrows[:2]
            if plain and (to_button or to_slider or to_bar):
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Give the keys to the model: after a click on a button, say, which takes no focus from the mouse."""
        self.stage.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the button that the user has reached with Tab: outside of dialogs Qt knows only Space for that."""
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused.click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let type and panels grow with a large window."""
        super().resizeEvent(event)
        self.theme.resize(self.width(), self.height())
        self.around.arrange()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the settings, stop everything that runs, free the picture."""
        if self._closed:
            return
        self._closed = True
        self.clock.stop()
        self.store.changed.disconnect(self._follow)
        with contextlib.suppress(OSError):  # a read-only home must not keep the window from closing
            place = bytes(self.saveGeometry().data())
            kept.save_settings(self._settings_path, self.store.state, place, self.specimens.recent)
        self.stages.shut()
        self.specimens.shut()
        super().closeEvent(event)
