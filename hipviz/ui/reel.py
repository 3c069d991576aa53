"""The pictures of a film, one after another: a movement's cycle with labels, its title and its phases.

Coding them into a file lives in `hipviz.view.film`; how single pictures are made in `still`.
"""

from collections.abc import Iterator, Sequence

import msgspec
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from hipviz.model.anatomy import Anatomy
from hipviz.model.movement import phase_of
from hipviz.model.state import State, movement_of
from hipviz.ui.still import drawing, look_in, themed
from hipviz.ui.theme import BODY, LEAD, Look
from hipviz.view.scene import Quality


def reel(
    anatomy: Anatomy,
    state: State,
    phases: Sequence[float],
    size: tuple[int, int],
    beside: Anatomy | None = None,
) -> Iterator[bytes]:
    """Yield the pictures of `state` at all `phases`, each as RGB bytes, 8 bit, row by row.

    One scene, or two, serve them all; they are closed when the iterator is. beside : as in `still`.
    """
    state, _ = themed(state)
    look = look_in(state, size)
    quality: Quality = "normal" if state.quality == "auto" else state.quality
    with drawing(anatomy, state, size, quality, beside) as draw:
        for phase in phases:
            now = msgspec.structs.replace(state, phase=phase)
            image = draw(now)
            if state.labels:
                painter = QPainter(image)
                _caption(painter, anatomy, now, size, look)
                painter.end()
            yield _tight(image)


def _caption(painter: QPainter, anatomy: Anatomy, state: State, size: tuple[int, int], look: Look) -> None:
    """Write the movement's title and its present phase into the lower right corner."""
    movement = movement_of(state, anatomy.words)
    if movement is None:
        return
    edge, line = look.px(24), look.px(26)
    lines = (
        (movement.title.in_register(state.wording), look.font(LEAD, 600), look.tokens.text),
        (phase_of(movement, state.phase).name, look.font(BODY, 400), look.tokens.text_second),
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
