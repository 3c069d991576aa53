"""Panels that are not seen at the start: each is made when the state first asks for it.

A panel so made may import and compute what the start of the window must not wait for, and it knows its anatomy
from the beginning.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from PySide6.QtWidgets import QWidget

from hipviz.model.state import State
from hipviz.ui.controls import column

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy


class Panel(Protocol):
    """A widget that shows a State."""

    def display(self, state: State) -> None:
        """Show the state."""


P = TypeVar("P", bound=Panel)


class OnDemand(QWidget, Generic[P]):
    """The place of one panel, seen while `wanted` holds of the state and there is an anatomy to tell about.

    `make` builds the panel for an anatomy: it also imports what only the panel needs. `panel` is what it has
    built, None before.
    """

    def __init__(self, wanted: Callable[[State], bool], make: "Callable[[Anatomy], P]") -> None:
        super().__init__()
        self._wanted = wanted
        self._make = make
        self._anatomy: Anatomy | None = None
        self._lines = column(self)
        self.panel: P | None = None
        self.hide()

    def attach(self, anatomy: "Anatomy") -> None:
        """Take over an anatomy; a panel that was made for another one goes."""
        self._anatomy = anatomy
        if self.panel is not None:
            cast("QWidget", self.panel).deleteLater()
            self.panel = None

    def ready(self) -> P | None:
        """Return the panel, made by now; None as long as there is no anatomy."""
        if self.panel is None and self._anatomy is not None:
            self.panel = self._make(self._anatomy)
            self._lines.addWidget(cast("QWidget", self.panel))
        return self.panel

    def display(self, state: State) -> bool:
        """Show the state where it asks for the panel; return whether it does."""
        panel = self.ready() if self._wanted(state) else None
        if panel is not None:
            panel.display(state)
        self.setVisible(panel is not None)
        return panel is not None
