"""Building an anatomy beside the window, which stays usable meanwhile. What is built lives in `model.anatomy`."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from hipviz.model.files import specimen_folder
from hipviz.ui.late import put_off

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.correction import Correction

    Tried = tuple[Anatomy, Correction]


class NotWantedError(Exception):
    """The window was closed, or other bones were chosen meanwhile."""


class Builder(QThread):
    """Builds the anatomy on the bones of `folder`, None for the default adult, and imports what draws it.

    tried : the specimen that is shown, and how its bones are to be put together instead, in the same skin.
    """

    progress = Signal(str, float)
    built = Signal(object)
    failed = Signal(object)

    def __init__(self, folder: Path | None, tried: "Tried | None", parent: QObject) -> None:
        super().__init__(parent)
        self.folder = folder
        self._tried = tried
        self._anew = False

    def run(self) -> None:
        """Do the work; no VTK object is made here, only in the window's own thread."""
        try:
            put_off()
            from hipviz.model.anatomy import Anatomy

            if self._tried is not None:
                anatomy = self._tried[0].corrected(self._tried[1], self._tell)
            else:
                folder = specimen_folder(self.folder) if self.folder is not None else None
                anatomy = Anatomy.load(folder, self._tell)
            # These take a second: better here than in the window's thread.
            import hipviz.ui.picture
            import hipviz.view.scene  # noqa: F401
        except NotWantedError:
            return
        except Exception as error:
            self.failed.emit(error)
        else:
            self.built.emit(anatomy)
            if self._anew and self._tried is None:
                # So that nobody waits when the muscles beside it are first asked for.
                anatomy.neighbours.shape_ahead(lambda: not self.isInterruptionRequested())

    def _tell(self, words: str, share: float) -> None:
        if self.isInterruptionRequested():
            raise NotWantedError
        self._anew = True
        self.progress.emit(words, share)


class Loader(QObject):
    """Builds one anatomy at a time; of several wishes the last one counts."""

    progress = Signal(str, float)
    """What is being done, and how far it is."""
    loaded = Signal(object, str)
    """The anatomy, and the folder of its bones, empty for the default adult."""
    failed = Signal(object, str)
    """The error, and the folder."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._builder: Builder | None = None
        self._running: list[Builder] = []

    @property
    def busy(self) -> bool:
        """Whether an anatomy is being built that is still wanted."""
        return self._builder is not None

    def load(self, folder: Path | None, tried: "Tried | None" = None) -> None:
        """Build the anatomy on the bones of a folder, None for the default adult; tried : see `Builder`."""
        self.give_up()
        builder = self._builder = Builder(folder, tried, self)
        self._running.append(builder)
        builder.progress.connect(self._tell)
        builder.built.connect(self._built)
        builder.failed.connect(self._failed)
        builder.finished.connect(self._ended)
        builder.start()

    def give_up(self) -> None:
        """Want no longer what is being built."""
        if self._builder is not None:
            self._builder.requestInterruption()
            self._builder = None

    def shut(self) -> None:
        """Give up, and wait until nothing runs any more."""
        self.give_up()
        for builder in self._running:
            builder.wait()

    # Slots of this thread's own, so that Qt brings the signals over from the builder's.

    def _tell(self, words: str, share: float) -> None:
        if self.sender() is self._builder:
            self.progress.emit(words, share)

    def _built(self, anatomy: "Anatomy") -> None:
        if (folder := self._done()) is not None:
            self.loaded.emit(anatomy, folder)

    def _failed(self, error: Exception) -> None:
        if (folder := self._done()) is not None:
            self.failed.emit(error, folder)

    def _done(self) -> str | None:
        """Return the folder of what has come to its end, None when it is wanted no longer."""
        builder = self._builder
        if builder is None or self.sender() is not builder:
            return None
        self._builder = None
        return str(builder.folder.absolute()) if builder.folder is not None else ""

    def _ended(self) -> None:
        ended = self.sender()
        self._running = [builder for builder in self._running if builder is not ended]
        ended.deleteLater()
