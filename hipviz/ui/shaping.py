"""Works out an adult with other proportions beside the window, the latest wish first."""

import contextlib
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from hipviz.model.proportions import OWN, Proportions

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy


class _Answer(QObject):
    """Carries what was made into the window's own thread; nobody hears it when the panel is gone."""

    made = Signal(object, object)


class _Work(QRunnable):
    """One wish being worked out, in numpy alone."""

    def __init__(self, anatomy: "Anatomy", wanted: Proportions) -> None:
        super().__init__()
        self.answer = _Answer()
        self._anatomy, self._wanted = anatomy, wanted

    def run(self) -> None:
        """Do the work; for no wish only what every later one needs."""
        shaped = None
        try:
            study = self._anatomy.study
            shaped = None if self._wanted == OWN else study.shaped(self._wanted)
        except Exception:
            sys.excepthook(*sys.exc_info())
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            self.answer.made.emit(self._wanted, shaped)


class Shaping(QObject):
    """Takes wishes as fast as they come; those that are overtaken by a later one are skipped.

    `ready` is sent when the adult for a wish is kept by its anatomy, so that showing it takes no time.
    """

    ready = Signal(object)
    busy = Signal(bool)

    def __init__(self, anatomy: "Anatomy", owner: QObject) -> None:
        super().__init__(owner)
        self._anatomy = anatomy
        self._wanted: Proportions | None = None
        self._work: _Work | None = None
        self._start(OWN)

    @property
    def at_work(self) -> bool:
        """Whether something is being worked out."""
        return self._work is not None

    def wish(self, wanted: Proportions) -> None:
        """Ask for an adult with these proportions."""
        self._wanted = wanted
        if wanted == OWN:
            self._wanted = None
            self.ready.emit(wanted)
        elif self._work is None:
            self._start(wanted)

    def _start(self, wanted: Proportions) -> None:
        self._work = _Work(self._anatomy, wanted)
        self._work.answer.made.connect(self._done)
        self.busy.emit(wanted != OWN)
        QThreadPool.globalInstance().start(self._work)

    def _done(self, wanted: Proportions, shaped: "Anatomy | None") -> None:
        self._work = None
        if shaped is not None and self._wanted is not None:
            self._anatomy.keep(wanted, shaped)
            self.ready.emit(wanted)
        if self._wanted is not None and self._wanted != wanted:
            self._start(self._wanted)
        else:
            self._wanted = None
            self.busy.emit(False)
