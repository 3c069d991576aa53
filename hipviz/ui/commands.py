"""The rows of the table of actions as Qt's own: with their keys, bound to the store or to what the window does."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from hipviz.model.content import Words
from hipviz.model.state import State
from hipviz.ui.action import Action
from hipviz.ui.actions import ACTIONS
from hipviz.ui.store import Store

Deed = Callable[[], object]


class Commands:
    """One QAction for each row, in `by_id`; `own` says what is done for the rows that do not change the State."""

    def __init__(self, window: QWidget, store: Store, words: Words) -> None:
        self._store, self._words = store, words
        self._own: Mapping[str, Deed] = {}
        self.by_id = {action.id: self._made(action, window) for action in ACTIONS}

    def bind(self, own: Mapping[str, Deed]) -> None:
        """Say what the rows do that concern the window itself, all of them at once."""
        self._own = own

    def trigger(self, action_id: str) -> None:
        """Do what a row says."""
        self.by_id[action_id].trigger()

    def mark(self, state: State) -> None:
        """Tick what holds, and disable what is not possible now."""
        for action in ACTIONS:
            made = self.by_id[action.id]
            if action.checked is not None:
                made.setChecked(action.checked(state))
            if action.possible is not None:
                made.setEnabled(action.possible(state))
        self.by_id["undo"].setEnabled(self._store.can_undo)
        self.by_id["redo"].setEnabled(self._store.can_redo)

    def _made(self, action: Action, window: QWidget) -> QAction:
        made = QAction(action.label, window)
        made.setShortcuts([QKeySequence(key) for key in action.keys])
        made.setCheckable(action.checked is not None)
        made.setAutoRepeat(action.group in ("movement", "screen"))
        made.triggered.connect(lambda _checked=False: self._do(action))
        window.addAction(made)
        return made

    def _do(self, action: Action) -> None:
        state = self._store.state
        if action.change is None:
            self._own[action.id]()
        elif action.possible is None or action.possible(state):
            self._store.update(**action.change(state, self._words))
        self.mark(self._store.state)
