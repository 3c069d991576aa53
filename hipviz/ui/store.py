"""The one place where the user's choices change: a store around the frozen State, with undo and redo.

What the choices mean for the picture lives in the view, what a key or a button does to them in `actions`.
"""

import time

import msgspec
from PySide6.QtCore import QObject, Signal

from hipviz.model.state import TRANSIENT, State

CONTINUOUS = frozenset(
    {"bones", "bands", "skin", "zones", "speed", "text_scale", "places", "pose", "other_pose", "pelvis"}
    | {"proportions"}
)
"""Fields that sliders change: a quick run of changes to one of them is one undo step."""
RUN_S = 1.0
DEPTH = 200
VIEWPOINT = ("side", "band", "view")
"""Fields that decide where the camera goes: undoing one of them brings back the camera of that time, too."""


class Store(QObject):
    """Holds the State; `changed(old, new)` is sent once for every update that makes a difference."""

    changed = Signal(object, object)

    def __init__(self, state: State | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state or State()
        self._past: list[State] = []
        self._future: list[State] = []
        self._last_run: tuple[frozenset[str], float] = (frozenset(), 0.0)
        self._held = False
        self._begun = False

    @property
    def state(self) -> State:
        """Everything chosen at this moment."""
        return self._state

    @property
    def can_undo(self) -> bool:
        """Whether there is a choice to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a choice to bring back."""
        return bool(self._future)

    def update(self, **changes: object) -> None:
        """Replace fields of the state.

        Raises TypeError for an unknown field and msgspec.ValidationError for a value out of its range: both are
        faults of the program, since every panel offers valid values only.
        """
        new = msgspec.structs.replace(self._state, **changes)
        msgspec.convert(msgspec.to_builtins(new), State)
        differing = frozenset(name for name in changes if getattr(new, name) != getattr(self._state, name))
        if not differing:
            return
        if choices := differing - TRANSIENT:
            self._remember(choices)
        self._become(new)

    def hold(self) -> None:
        """Make all choices until `release` one step of undo: something is dragged, however long it takes."""
        self._held, self._begun = True, False

    def release(self) -> None:
        """End a step that `hold` began; the next choice is a step of its own."""
        self._held = False
        self._last_run = (frozenset(), 0.0)

    def undo(self) -> None:
        """Take the last choice back; playing goes on as it is."""
        if self._past:
            self._future.append(self._state)
            self._return_to(self._past.pop())

    def redo(self) -> None:
        """Bring the choice back that was undone last."""
        if self._future:
            self._past.append(self._state)
            self._return_to(self._future.pop())

    def _remember(self, choices: frozenset[str]) -> None:
        names, moment = self._last_run
        now = time.monotonic()
        runs_on = choices == names and choices <= CONTINUOUS and now - moment < RUN_S and bool(self._past)
        if not (self._begun if self._held else runs_on):
            self._past = [*self._past[1 - DEPTH :], self._state]
        self._begun = True
        self._future.clear()
        self._last_run = (choices, now)

    def _return_to(self, earlier: State) -> None:
        now = self._state
        transient: dict[str, object] = {name: getattr(now, name) for name in TRANSIENT}
        if any(getattr(earlier, name) != getattr(now, name) for name in VIEWPOINT):
            transient["camera"] = earlier.camera
        if earlier.band != now.band:
            transient |= {"phase": 0.0, "playing": now.playing and earlier.band is not None}
            transient |= {"referral": 1.0, "spreading": False}
        self._last_run = (frozenset(), 0.0)
        self._become(msgspec.structs.replace(earlier, **transient))

    def _become(self, new: State) -> None:
        old, self._state = self._state, new
        if old != new:
            self.changed.emit(old, new)
