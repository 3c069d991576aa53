"""The pictures of a film, one after another: a movement's cycle, or a referral, with labels and what they show.

Coding them into a file lives in `hipviz.view.film`; how single pictures are made in `still`.
"""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from hipviz.model.anatomy import Anatomy
from hipviz.model.movement import phase_of
from hipviz.model.referral import reach
from hipviz.model.state import State, movement_of
from hipviz.ui.still import drawing, look_in, themed
from hipviz.ui.theme import BODY, LEAD, Look
from hipviz.view.scene import Quality

Caption = Callable[[Anatomy, State], tuple[str, str]]
"""Tells two lines about the picture of a state."""


def reel(
    anatomy: Anatomy,
    states: Sequence[State],
    size: tuple[int, int],
    caption: Caption,
    beside: Anatomy | None = None,
) -> Iterator[bytes]:
    """Yield the pictures of states that share one eye and one look, each as RGB bytes, 8 bit, row by row.

    One scene, or two, serve them all; they are closed when the iterator is. beside : as in `still`.
    """
    state, _ = themed(states[0])
    look = look_in(state, size)
    quality: Quality = "normal" if state.quality == "auto" else state.quality
    with drawing(anatomy, state, size, quality, beside) as draw:
        for now in states:
            image = draw(now)
            if state.labels:
                with QPainter(image) as painter:
                    _write(painter, caption(anatomy, now), size, look)
            yield _tight(image)


def movement_caption(anatomy: Anatomy, state: State) -> tuple[str, str]:
    """Return the title of the movement that is shown and its present phase."""
    movement = movement_of(state, anatomy.words)
    assert movement is not None
    return movement.title.in_register(state.wording), phase_of(movement, state.phase).name


def referral_caption(anatomy: Anatomy, state: State) -> tuple[str, str]:
    """Return the name of the chosen trigger point, and where it is felt as far as that is shown."""
    assert state.band is not None
    point = anatomy.zones[state.band, state.side].point
    essential, spillover = reach(state.referral)
    told = point.spillover if spillover > 0.0 else point.essential if essential > 0.0 else None
    return point.name.in_register(state.wording), told.where.in_register(state.wording) if told else ""


def _write(painter: QPainter, caption: tuple[str, str], size: tuple[int, int], look: Look) -> None:
    """Write a caption into the lower right corner."""
    edge, line = look.px(24), look.px(26)
    lines = (
        (caption[0], look.font(LEAD, 600), look.tokens.text),
        (caption[1], look.font(BODY, 400), look.tokens.text_second),
    )
    for index, (text, font, colour) in enumerate(lines):
        top = size[1] - edge - line * (len(lines) - index)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(edge, top, size[0] - 2 * edge, line), Qt.AlignmentFlag.AlignRight, text)


def _tight(image: QImage) -> bytes:
    """Return the rows of an RGB image without the padding that Qt puts after each of them."""
    row, stride = 3 * image.width(), image.bytesPerLine()
    data = bytes(image.constBits())
    if row == stride:
        return data
    return b"".join(data[start : start + row] for start in range(0, stride * image.height(), stride))
