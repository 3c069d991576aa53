"""What two pictures beside each other are called, and the store as the second one of them sees it.

What the second one shows is decided in `hipviz.model.comparison`.
"""

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from hipviz.model.comparison import brought_back, compared, comparison_of
from hipviz.model.content import Words
from hipviz.model.state import Beside, State, movement_of
from hipviz.ui.store import Store
from hipviz.ui.theme import BODY, Look

Captions = tuple[str, str]
STRIP, DIVIDER = 34, 2
"""Height of the strip with both names, unscaled, and width of the line between two pictures, px."""
PRESENTED = 1.6


class Choices(Protocol):
    """What a picture needs of the store: the state to show, and a way to change it."""

    @property
    def state(self) -> State:
        """Everything chosen at this moment."""

    def update(self, **changes: object) -> None:
        """Replace fields of the state."""

    def hold(self) -> None:
        """Make all choices until `release` one step of undo."""

    def release(self) -> None:
        """End such a step."""


class SecondChoices:
    """The store as the second picture sees it: its state is the compared one, its changes find their way back."""

    def __init__(self, store: Store, words: Words) -> None:
        self._store = store
        self._words = words

    @property
    def state(self) -> State:
        """The state of the second picture."""
        return compared(self._store.state, self._words)

    def update(self, **changes: object) -> None:
        """Change what both pictures follow, as it was meant in the second one."""
        self._store.update(**brought_back(changes, self._store.state, self._words))

    def hold(self) -> None:
        """Make all choices until `release` one step of undo."""
        self._store.hold()

    def release(self) -> None:
        """End such a step."""
        self._store.release()


def captions(state: State, words: Words) -> Captions | None:
    """Return what the two pictures of a state are called, None where there is only one.

    While presenting, where nothing else names it, the band is named, too.
    """
    names = _names(state, words)
    if names is None or state.band is None or not state.presenting:
        return names
    band = words.bands[state.band].name.in_register(state.wording)
    return f"{band} · {names[0]}", f"{band} · {names[1]}"


def _names(state: State, words: Words) -> Captions | None:
    kind, movement = comparison_of(state, words), movement_of(state, words)
    if kind is None:
        return None
    if kind == "other_side":
        sides = (_tr("Right side"), _tr("Left side"))
        return sides if state.side == "right" else sides[::-1]
    if kind == "healthy" and movement is not None:
        drop = round(state.weakness * max(key.pelvis.drop_deg for key in movement.keys))
        weak, strong = (name.in_register(state.wording).format(drop=drop) for name in movement.compared_names)
        return weak, strong
    if kind == "default_adult":
        own = specimen_name(state) if state.specimen else _tr("With other proportions")
        return own, _tr("The default adult")
    return _tr("Now"), _tr("At the start") if kind == "start" else _tr("At the end of the movement")


def offer(kind: Beside) -> str:
    """Return the words that offer a comparison."""
    return {
        "other_side": _tr("Beside the other side"),
        "healthy": _tr("Healthy beside weak"),
        "start": _tr("Beside the start of the movement"),
        "end": _tr("Beside its end"),
        "default_adult": _tr("Beside the default adult"),
    }[kind]


def specimen_name(state: State) -> str:
    """Return what the bones that are shown are called: the default adult, or the name of their folder."""
    name = Path(state.specimen).name
    return _tr("Specimen “{name}”").format(name=name) if name else _tr("Default adult")


def strip_look(state: State, look: Look) -> Look:
    """Return the look of the strip: larger while presenting, when it is read from the back of a class."""
    return replace(look, scale=look.scale * PRESENTED) if state.presenting else look


def paint_strip(painter: QPainter, names: Captions, strip: QRectF, look: Look) -> None:
    """Paint the names of two pictures, each over the middle of its own."""
    painter.fillRect(strip, QColor(look.tokens.surface))
    painter.setPen(QColor(look.tokens.line))
    painter.drawLine(strip.bottomLeft(), strip.bottomRight())
    painter.setFont(look.font(BODY, 600))
    painter.setPen(QColor(look.tokens.text))
    half = strip.width() / 2
    for index, name in enumerate(names):
        box = QRectF(strip.left() + index * half, strip.top(), half, strip.height()).adjusted(8, 0, -8, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("comparing", text)
