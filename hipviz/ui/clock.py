"""The one clock of the window: while a movement or a referral plays, time moves it on; otherwise nothing runs.

What a phase means for the hip lives in `hipviz.model.movement`, what a moment of a referral in `referral`.
"""

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

from hipviz.model.content import Words
from hipviz.model.movement import span_of
from hipviz.model.movement_record import MovementRecord
from hipviz.model.referral import DURATION_S
from hipviz.model.state import State, movement_of
from hipviz.ui.store import Store

INTERVAL_MS = 16


class Clock(QObject):
    """Plays movement and referral by updating their moments in the store, from `start` on."""

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
        """Begin to follow the state: there is a picture now that can move. Once is enough."""
        if self._started:
            return
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
        plays = new.spreading or (new.playing and movement_of(new, self._words) is not None)
        if plays and not self._timer.isActive():
            self._elapsed.start()
            self._timer.start()
        elif not plays:
            self._timer.stop()

    def _tick(self) -> None:
        state = self._store.state
        # From the time between two ticks, not from their number: a slow machine shows fewer pictures, not a
        # slower movement.
        passed = self._elapsed.restart() / 1000.0
        movement = movement_of(state, self._words)
        changes = spread(state, passed) if state.spreading else {}
        if state.playing and movement is not None:
            changes |= moved(state, movement, passed)
        self._store.update(**changes)


def moved(state: State, movement: MovementRecord, passed_s: float) -> dict[str, object]:
    """Return what changes when a movement goes on for so long."""
    phase = state.phase + passed_s * state.speed / movement.duration_s
    start, end = span_of(movement, state.repeated)
    if end - start < 1.0:
        inside = start <= phase < end
        return {"phase": phase if inside else start + max(0.0, phase - end) % (end - start)}
    if phase < 1.0:
        return {"phase": phase}
    return {"phase": phase % 1.0} if state.loop else {"phase": 1.0, "playing": False}


def spread(state: State, passed_s: float) -> dict[str, object]:
    """Return what changes when a referral goes on for so long; at its end the whole zone stays."""
    moment = min(1.0, state.referral + passed_s / DURATION_S)
    return {"referral": moment, "spreading": moment < 1.0}
