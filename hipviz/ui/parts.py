"""Going with the keyboard from one part of the window to the next, whatever lies between them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def go_to_next(parts: Sequence[QWidget], step: int) -> None:
    """Give the focus to the next visible part (the one before with `step` −1): to itself, or to what it holds."""
    shown = [part for part in parts if part.isVisible()]
    focused = QApplication.focusWidget()
    here = next((i for i, part in enumerate(shown) if focused is not None and _holds(part, focused)), 0)
    for way in range(1, len(shown)):
        target = _first_in(shown[(here + way * step) % len(shown)])
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _first_in(part: QWidget) -> QWidget | None:
    """Return the part, or the first widget in it, that Tab would reach."""
    widget: QWidget | None = part
    while widget is not None:
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.isVisible()
        if reachable and _holds(part, widget):
            return widget
        widget = widget.nextInFocusChain()
        if widget is part:
            return None
    return None


def _holds(part: QWidget, widget: QWidget) -> bool:
    return part is widget or part.isAncestorOf(widget)
