"""Which bones are shown: the default adult or a specimen, opened while the old picture stays usable.

Building runs in `loading`; what a specimen is lives in `hipviz.model.specimen`.
"""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QWidget

from hipviz.model.errors import HipvizError
from hipviz.ui.around import Around
from hipviz.ui.loading import Loader
from hipviz.ui.stages import Stages
from hipviz.ui.store import Store
from hipviz.ui.topbar import Notice

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.assets import Manifest
    from hipviz.ui.correcting import CorrectionDialog

KEPT = 6
"""How many specimens that were opened are remembered."""


class Specimens(QObject):
    """Opens bones and tells about it; what it has built goes out with `loaded`.

    recent : folders of specimens that were opened, the last one first.
    """

    loaded = Signal(object, str)
    """The anatomy, and the folder of its bones, empty for the default adult."""

    def __init__(self, window: QWidget, store: Store, stages: Stages, around: Around, notice: Notice) -> None:
        super().__init__(window)
        self._window, self._store, self._stages = window, store, stages
        self._around, self._notice = around, notice
        self.recent: tuple[str, ...] = ()
        self._correcting: CorrectionDialog | None = None
        self._loader, self._beside = Loader(self), Loader(self)
        for loader in (self._loader, self._beside):
            loader.progress.connect(around.progress)
        self._loader.loaded.connect(self._loaded)
        self._loader.failed.connect(self._failed)
        self._beside.loaded.connect(self._beside_loaded)
        self._beside.failed.connect(self._beside_failed)
        stages.default_wanted.connect(self._build_default)

    def open(self, folder: Path | None) -> None:
        """Show the bones of a folder, with None the default adult, as soon as they are built."""
        self._leave_correcting()
        name = folder.name if folder is not None else self.tr("the hip")
        self._around.begin(self.tr("Building {name}").format(name=name))
        self._loader.load(folder)

    def choose(self, at: QPoint) -> None:
        """Offer what was opened before, in a menu at a place of the screen; the first time, ask for a folder."""
        others = [folder for folder in self.recent if folder != self._store.state.specimen]
        if not others and not self._store.state.specimen:
            self.ask()
            return
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Choose a folder…"), self.ask)
        for folder in others:
            entry = menu.addAction(Path(folder).name, partial(self.open, Path(folder)))
            entry.setToolTip(folder)
        if self._store.state.specimen:
            menu.addAction(self.tr("The default adult"), partial(self.open, None))
        menu.setToolTipsVisible(True)
        menu.setActiveAction(menu.actions()[0])
        menu.popup(at)

    def ask(self) -> None:
        """Ask for the folder of a specimen, and open it."""
        before = Path(self.recent[0]).parent if self.recent else Path.home()
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("Open a specimen"), str(before))
        if chosen:
            self.open(Path(chosen))

    def correct(self, anatomy: "Anatomy | None") -> None:
        """Open the dialog that puts right how the bones of the specimen that is shown are put together."""
        specimen = anatomy.bones.manifest.specimen if anatomy is not None else None
        if anatomy is None or specimen is None:
            return
        from hipviz.ui.correcting import CorrectionDialog

        folder = str(anatomy.bones.folder)
        self._leave_correcting()
        dialog = self._correcting = CorrectionDialog(self._window, anatomy, specimen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.tried.connect(lambda tried: self.loaded.emit(tried, folder))
        dialog.reopen.connect(self.open)
        dialog.finished.connect(self._corrected)
        dialog.show()

    def _leave_correcting(self) -> None:
        if self._correcting is not None:
            self._correcting.done(QDialog.DialogCode.Accepted)

    def _corrected(self) -> None:
        self._correcting = None

    def shut(self) -> None:
        """End what runs."""
        self._leave_correcting()
        for loader in (self._loader, self._beside):
            loader.shut()

    def _loaded(self, anatomy: "Anatomy", folder: str) -> None:
        if folder:
            self.recent = (folder, *(each for each in self.recent if each != folder))[:KEPT]
        self._around.progress(self.tr("Drawing the picture"), 1.0)
        # Drawing blocks the window for a moment: let it say so first.
        QTimer.singleShot(0, self, lambda: self.loaded.emit(anatomy, folder))

    def _failed(self, error: Exception, folder: str) -> None:
        """Say what is wrong; what was shown before stays, at the start the default adult takes the place."""
        if folder:
            self.recent = tuple(each for each in self.recent if each != folder)
            told = self.tr("The specimen in {folder} cannot be shown: {reason}")
            self._notice.tell(told.format(folder=folder, reason=error))
            if self._stages.first.scene is None:
                self.open(None)
            else:
                self._around.finish()
        else:
            self._around.fail(self.tr("The hip cannot be shown"), str(error))
        _report(error)

    def _build_default(self) -> None:
        if not self._beside.busy:
            self._around.begin(self.tr("Building the default adult"))
            self._beside.load(None)

    def _beside_loaded(self, anatomy: "Anatomy", folder: str) -> None:
        self._around.finish()
        self._stages.attach_default(anatomy)

    def _beside_failed(self, error: Exception, folder: str) -> None:
        self._around.finish()
        self._notice.tell(str(error))
        self._store.update(beside=None)
        _report(error)


def provenance(manifest: "Manifest") -> str:
    """Return how the bones that are shown were had, one sentence per line; empty for the default adult."""
    specimen = manifest.specimen
    if specimen is None:
        return ""
    lines = [
        _tr("Made on {day} from scans; joint centre from {means}.").format(
            day=specimen.created, means=specimen.hip_centre
        )
    ]
    for name, bone in specimen.bones.items():
        called = name.replace("_", " ").capitalize()
        if bone.source == "scan" and bone.mean_mm is not None and bone.coverage is not None:
            told = _tr("{bone}: from a scan, {mean:.2f} mm from it on average, {share:.0%} of it was covered.")
            lines.append(told.format(bone=called, mean=bone.mean_mm, share=bone.coverage))
        else:
            told = _tr("{bone}: not scanned; the default adult's, {scale:.0%} of its size.")
            lines.append(told.format(bone=called, scale=bone.scale))
    return "\n".join(lines)


def _report(error: Exception) -> None:
    """Let faults of the program have their dialog, too."""
    if not isinstance(error, HipvizError):
        sys.excepthook(type(error), error, error.__traceback__)


def _tr(text: str) -> str:
    return QCoreApplication.translate("specimens", text)
