"""The window: puts the panels around the stage and connects them, the keys and the store.

What the parts show lives in their own modules; starting and loading lives in `app`.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QByteArray, QEvent, QPointF, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QDialog, QFileDialog, QMainWindow, QWidget

from hipviz.model.content import Words
from hipviz.model.files import replacing
from hipviz.model.state import State
from hipviz.model.trigger_points import TriggerPoint
from hipviz.ui import settings as kept
from hipviz.ui.actions import ACTIONS, Action
from hipviz.ui.aside import Aside
from hipviz.ui.card import Card
from hipviz.ui.clock import Clock
from hipviz.ui.controls import column, row
from hipviz.ui.dialogs import About, KeySheet, Palette
from hipviz.ui.film_export import save_film
from hipviz.ui.levers import Levers
from hipviz.ui.movements import MovementNote
from hipviz.ui.rail import Rail
from hipviz.ui.stage import Stage
from hipviz.ui.store import Store
from hipviz.ui.surroundings import Caption, Hint, HoverName, KeyHint, OwnView, Toast, ViewPill, structure_name
from hipviz.ui.theme import Theme, style_sheet
from hipviz.ui.topbar import Notice, TopBar, Veil
from hipviz.ui.transport import ScrubBar, Transport

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.view.picking import Pick

SMALLEST = (1100, 640)
FIRST_SIZE = (1440, 900)
EDGE = 16


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
        self._settings_path = settings_path
        self._was_maximized = False
        self._closed = False
        self._anatomy: Anatomy | None = None
        self._styled: tuple[str, float] | None = None
        self.theme = Theme(store.state, self)
        self.actions_by_id = {action.id: self._action(action) for action in ACTIONS}

        self.topbar = TopBar(self.theme, words, self.actions_by_id)
        self.notice = Notice(self.theme)
        self.rail = Rail(self.theme, store, words)
        self.stage = Stage(self.theme, store)
        self.transport = Transport(self.theme, store, words)
        self.note = MovementNote(self.theme, store, words)
        self.levers = Levers(self.theme, store, words)
        self.card = Card(self.theme, store, words, points)
        self.aside = Aside(self.theme, store, words, self.card)
        self.card.asked_for_sources.connect(self.actions_by_id["help.about"].trigger)
        self._lay_out()

        self.veil = Veil(self.theme)
        self.views = ViewPill()
        self.views.picked.connect(lambda view: self.actions_by_id[f"view.{view}"].trigger())
        self.own_view = OwnView()
        self.own_view.clicked.connect(self.actions_by_id["view.lesson"].trigger)
        self.hint = Hint()
        self.caption = Caption(self.theme, store, words)
        self.keys = KeyHint()
        for part in (self.veil, self.views, self.own_view, self.hint, self.caption, self.keys):
            part.setParent(self.stage)
            part.setProperty("keeps_clear", True)  # of labels
        self.hover_name = HoverName(self.stage)
        self.toast = Toast(self.stage)
        self.stage.pointer.pointed_at.connect(self._name)
        self.stage.pointer.missed.connect(self._miss)
        self.stage.resized.connect(self._arrange)

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
        stack.addWidget(self.stage, 1)
        stack.addWidget(self.levers)
        stack.addWidget(self.note)
        stack.addWidget(self.transport)
        for part, share in ((self.rail, 0), (middle, 1), (self.aside, 0)):
            columns.addWidget(part, share)

    def _action(self, action: Action) -> QAction:
        made = QAction(action.label, self)
        made.setShortcuts([QKeySequence(key) for key in action.keys])
        made.setCheckable(action.checked is not None)
        made.setAutoRepeat(action.group in ("movement", "screen"))
        own: dict[str, Callable[[], object]] = {
            "theme": self._flip_theme,
            "picture.save": self.save_picture,
            "picture.copy": self.copy_picture,
            "film.save": lambda: save_film(self, self.store.state),
            "practice": lambda: self.aside.practise(),
            "sheet": self.open_sheet,
            "undo": self.store.undo,
            "redo": self.store.redo,
            "quit": self.close,
            "help.keys": lambda: self._open(KeySheet(self)),
            "help.palette": lambda: self._open(Palette(self, self.actions_by_id)),
            "help.about": lambda: self._open(About(self, self.words)),
        }
        if action.change is None:
            made.triggered.connect(lambda _checked=False: own[action.id]())
        else:
            made.triggered.connect(lambda _checked=False: self._do(action))
        self.addAction(made)
        return made

    # -- the anatomy ---------------------------------------------------------------------------------------------

    def loading(self, words: str, share: float) -> None:
        """Show how far loading is."""
        self.veil.progress(words, share)
        self._arrange()

    def show_anatomy(self, anatomy: "Anatomy") -> None:
        """Put the loaded anatomy on the stage."""
        self.veil.progress(self.tr("Drawing the picture"), 1.0)
        # Drawing blocks the window for a moment: let it say so first.
        QTimer.singleShot(0, lambda: self._attach(anatomy))

    def _attach(self, anatomy: "Anatomy") -> None:
        if self._closed:
            return
        self.veil.repaint()
        self.stage.attach(anatomy)
        self.card.quote(anatomy.words)
        self.levers.attach(anatomy.leverage)
        self.aside.attach(anatomy)
        self._anatomy = anatomy
        self.veil.hide()
        self._follow(self.store.state, self.store.state)
        self.stage.reveal()
        self.clock.start()
        self.shown.emit()

    def fail(self, title: str, words: str) -> None:
        """Say on the stage why there is no picture; the rest of the window stays usable."""
        self.veil.fail(title, words)
        self.veil.show()
        self._arrange()

    # -- following the state -------------------------------------------------------------------------------------

    def _do(self, action: Action) -> None:
        state = self.store.state
        if action.change is not None and (action.possible is None or action.possible(state)):
            self.store.update(**action.change(state, self.words))
        self._mark_actions(self.store.state)

    def _follow(self, old: State, new: State) -> None:
        self.theme.follow(new)
        self.topbar.display(new)
        self.transport.display(new)
        self.levers.display(new)
        chosen = new == old or msgspec.structs.replace(old, phase=new.phase, camera=new.camera) != new
        if chosen:
            self.rail.display(new)
            self.aside.display(new)
            self._mark_actions(new)
        if new.presenting != old.presenting or (new.presenting and old is new):
            self._present(new.presenting)
        self.stage.display(old, new)
        self.views.display(new)
        self.caption.display(new)
        if chosen or new.camera != old.camera:
            self._arrange()

    def _mark_actions(self, state: State) -> None:
        for action in ACTIONS:
            made = self.actions_by_id[action.id]
            if action.checked is not None:
                made.setChecked(action.checked(state))
            if action.possible is not None:
                made.setEnabled(action.possible(state))
        self.actions_by_id["undo"].setEnabled(self.store.can_undo)
        self.actions_by_id["redo"].setEnabled(self.store.can_redo)

    def _present(self, presenting: bool) -> None:
        for part in (self.topbar, self.rail, self.transport, self.aside):
            part.setVisible(not presenting)
        if presenting:
            self._was_maximized = self.isMaximized()
            self.notice.hide()
            self.showFullScreen()
            self.keys.flash()
        else:
            self.keys.hide()
            if self.isFullScreen():
                self.showMaximized() if self._was_maximized else self.showNormal()
        self.stage.setFocus()

    def _name(self, found: "Pick | None", place: QPointF) -> None:
        name = structure_name(found.name, self.words, self.store.state) if found is not None else ""
        self.hover_name.point(name, place)

    def _arrange(self) -> None:
        """Place what stands around the picture."""
        state, width, height = self.store.state, self.stage.width(), self.stage.height()
        ready = self.stage.scene is not None
        presenting = state.presenting
        self.veil.adjustSize()
        self.veil.move((width - self.veil.width()) // 2, (height - self.veil.height()) // 2)
        self.views.setVisible(ready and not presenting)
        self.views.adjustSize()
        # Where the read-out leaves no room beside it, the views stand below it.
        beside = width - self.views.width() - EDGE > EDGE + self.stage.read_out_width()
        top = EDGE if beside or state.band is None else EDGE + self.theme.stage_look(width).px(84)
        self.views.move(width - self.views.width() - EDGE, top)
        self.own_view.setVisible(ready and not presenting and state.camera is not None)
        self.own_view.adjustSize()
        self.own_view.move(width - self.own_view.width() - EDGE, top + self.views.height() + 8)
        nothing = state.band is None and state.movement is None and state.panel == "card"
        self.hint.setVisible(ready and not presenting and nothing)
        self.hint.adjustSize()
        words_end = EDGE + self.theme.stage_look(width).px(272)  # of the marker and the words beside it
        left = min(max((width - self.hint.width()) // 2, words_end), width - self.hint.width() - EDGE)
        self.hint.move(left, height - self.hint.height() - 20)
        self.caption.setVisible(ready and presenting)
        self.caption.resize(self.caption.sizeHint())
        self.caption.move(EDGE + 8, EDGE + 8)
        self.keys.adjustSize()
        self.keys.move(width - self.keys.width() - EDGE, EDGE)

    # -- what the window itself does -----------------------------------------------------------------------------

    def _flip_theme(self) -> None:
        self.store.update(theme="light" if self.theme.look.tokens.name == "dark" else "dark")

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _miss(self) -> None:
        self.toast.tell(self.tr("That is beside the body: click on the skin, or tick a region"))

    def open_sheet(self) -> None:
        """Open the sheet for the client, about the chosen band."""
        if self._anatomy is not None and self.store.state.band is not None:
            from hipviz.ui.sheet_dialog import SheetDialog  # brings the view along, which is loaded late

            self.store.update(playing=False)
            draft = self._settings_path.with_name("notes-draft.txt")
            guidance, state = self.aside.guidance, self.store.state
            dialog = SheetDialog(self, self.theme, self._anatomy, guidance, state, draft)
            dialog.told.connect(self.toast.tell)
            self._open(dialog)

    def save_picture(self) -> None:
        """Ask for a name and write what the stage shows there."""
        state = self.store.state
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or str(
            Path.home()
        )
        proposed = Path(folder) / f"hipviz-{state.band or 'hip'}-{state.side}.png"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save a picture"), str(proposed), "PNG (*.png)")
        if chosen:
            self.write_picture(Path(chosen))

    def write_picture(self, target: Path) -> None:
        """Write what the stage shows into a PNG file, and say so."""
        if target.suffix.lower() != ".png":
            target = target.with_name(target.name + ".png")
        try:
            with replacing(target) as temporary:
                if not self.stage.picture().save(str(temporary)):
                    raise OSError(0, self.tr("the picture could not be encoded"))
        except OSError as fault:
            self.notice.tell(
                self.tr("The picture could not be saved as {path}: {reason}.").format(
                    path=target, reason=fault.strerror
                )
            )
        else:
            self.toast.tell(self.tr("Picture saved as {path}").format(path=target))

    def copy_picture(self) -> None:
        """Put what the stage shows on the clipboard."""
        QGuiApplication.clipboard().setImage(self.stage.picture())
        self.toast.tell(self.tr("The picture is on the clipboard"))

    def restore(self, geometry: bytes) -> None:
        """Take the place on the screen that an earlier session had; the first time, as much as fits."""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        elif (room := self.screen().availableSize()).width() < FIRST_SIZE[0] or room.height() < FIRST_SIZE[1]:
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def _restyle(self) -> None:
        if self.theme.look.frame != self._styled:
            self._styled = self.theme.look.frame
            self.setStyleSheet(style_sheet(self.theme.look))
        self._arrange()

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let type and panels grow with a large window."""
        super().resizeEvent(event)
        self.theme.resize(self.width(), self.height())
        self._arrange()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the settings, stop everything that runs, free the picture."""
        if self._closed:
            return
        self._closed = True
        self.clock.stop()
        self.store.changed.disconnect(self._follow)
        with contextlib.suppress(OSError):  # a read-only home must not keep the window from closing
            kept.save_settings(self._settings_path, self.store.state, bytes(self.saveGeometry().data()))
        self.stage.shut()
        super().closeEvent(event)
