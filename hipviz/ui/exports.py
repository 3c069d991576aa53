"""What leaves the window: a picture of the stage as a file or on the clipboard, a film, the sheet for a client."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from hipviz.model.files import replacing
from hipviz.ui.changes import WHOLE_ZONE, to_card
from hipviz.ui.command_line import snapshot_command
from hipviz.ui.dialogs import opened
from hipviz.ui.stages import Stages
from hipviz.ui.store import Store
from hipviz.ui.surroundings import Toast
from hipviz.ui.theme import Theme
from hipviz.ui.topbar import Notice

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy


class Exports(QObject):
    """The jobs; what was done is told by the toast, what went wrong by the notice."""

    def __init__(self, window: QWidget, store: Store, stages: Stages, toast: Toast, notice: Notice) -> None:
        super().__init__(window)
        self._window, self._store, self._stages, self._toast, self._notice = window, store, stages, toast, notice

    def save_picture(self) -> None:
        """Ask for a name and write what the stage shows there."""
        state = self._store.state
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        proposed = Path(folder or Path.home()) / f"hipviz-{state.band or 'hip'}-{state.side}.png"
        title = self.tr("Save a picture")
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(proposed), "PNG (*.png)")
        if chosen:
            self.write_picture(Path(chosen))

    def write_picture(self, target: Path) -> None:
        """Write what the stage shows into a PNG file, and say so."""
        if target.suffix.lower() != ".png":
            target = target.with_name(target.name + ".png")
        try:
            with replacing(target) as temporary:
                if not self._stages.picture().save(str(temporary)):
                    raise OSError(0, self.tr("the picture could not be encoded"))
        except OSError as fault:
            told = self.tr("The picture could not be saved as {path}: {reason}.")
            self._notice.tell(told.format(path=target, reason=fault.strerror))
        else:
            self._toast.tell(self.tr("Picture saved as {path}").format(path=target))

    def copy_picture(self) -> None:
        """Put what the stage shows on the clipboard."""
        QGuiApplication.clipboard().setImage(self._stages.picture())
        self._toast.tell(self.tr("The picture is on the clipboard"))

    def copy_pose(self) -> None:
        """Put the command that draws the pose on the clipboard."""
        command = snapshot_command(self._store.state)
        QGuiApplication.clipboard().setText(command)
        self._toast.tell(self.tr("On the clipboard: {command}").format(command=command))

    def save_film(self) -> None:
        """Ask for a name and film the movement that is shown."""
        from hipviz.ui.film_export import save_film

        save_film(self._window, self._store.state)

    def open_sheet(self, theme: Theme, anatomy: "Anatomy | None", draft: Path) -> None:
        """Open the sheet for the client, about the chosen band; `draft` keeps notes that are not saved yet."""
        if anatomy is None or self._store.state.band is None:
            return
        from hipviz.ui.sheet_dialog import SheetDialog

        self._store.update(playing=False, **WHOLE_ZONE)
        state = self._store.state
        if state.panel == "practice":
            # The sheet tells where it is felt: the body stands again, with its zones.
            state = msgspec.structs.replace(state, **to_card(state, anatomy.words))
        dialog = SheetDialog(self._window, theme, anatomy, anatomy.guidance, state, draft)
        dialog.told.connect(self._toast.tell)
        opened(dialog)
