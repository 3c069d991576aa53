"""The one clock of the window: while a movement plays, elapsed time moves its phase; otherwise nothing runs.

What a phase means for the hip lives in `hipviz.model.movement`.
"""

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

from hipviz.model.content import Words
from hipviz.model.state import State, movement_of
from hipviz.ui.store import Store

INTERVAL_MS = 16


class Clock(QObject):
    """Plays the chosen band's movement by updating the phase in the store, from `start` on."""

    def __init__(self, store: Store, words: Words, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._words = words
        self._started = False
        self._elapsed = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to follow the state: there is a picture now that can move."""
        self._store.changed.connect(self._follow)
        self._follow(self._store.state, self._store.state)
        self._started = True

    @property
    def running(self) -> bool:
        """Whether a timer is active."""
        return self._timer.isActive()

    def stop(self) -> None:
        """Stop for good: the window closes."""
        if self._started:
            self._store.changed.disconnect(self._follow)
        self._started = False
        self._timer.stop()

    def _follow(self, old: State, new: State) -> None:
        plays = new.playing and movement_of(new, self._words) is not None
        if plays and not self._timer.isActive():
            self._elapsed.start()
            self._timer.start()
        elif not plays:
            self._timer.stop()

    def _tick(self) -> None:
        state = self._store.state
        movement = movement_of(state, self._words)
        if movement is None:
            return
        # From the time between two ticks, not from their number: a slow machine shows fewer pictures, not a
        # slower movement.
        phase = state.phase + self._elapsed.restart() / 1000.0 * state.speed / movement.duration_s
        if phase < 1.0:
            self._store.update(phase=phase)
        elif state.loop:
            self._store.update(phase=phase % 1.0)
        else:
            self._store.update(phase=1.0, playing=False)
