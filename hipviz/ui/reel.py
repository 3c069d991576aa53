"""The pictures of a film, one after another: a movement's cycle with labels, its title and its phases.

Coding them into a file lives in `hipviz.view.film`; how single pictures are made in `still`.
"""

import dataclasses
from collections.abc import Iterator, Sequence

import msgspec
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from hipviz.model.anatomy import Anatomy
from hipviz.model.movement import phase_of
from hipviz.model.state import State, movement_of
from hipviz.ui.overlay import annotate
from hipviz.ui.still import LABELLED_FOR_PX, SMALLEST_SCALE, gui, themed
from hipviz.ui.theme import BODY, LEAD, Look, look_of
from hipviz.view.snapshot import off_screen, pixels


def reel(anatomy: Anatomy, state: State, phases: Sequence[float], size: tuple[int, int]) -> Iterator[bytes]:
    """Yield the pictures of `state` at all `phases`, each as RGB bytes, 8 bit, row by row.

    One scene serves them all; it is closed when the iterator is.
    """
    state, theme = themed(state)
    width, height = size
    application = gui()  # kept for as long as fonts are used
    scale = max(SMALLEST_SCALE, min(width / LABELLED_FOR_PX[0], height / LABELLED_FOR_PX[1]))
    look = look_of(state, size)
    look = dataclasses.replace(look, scale=scale * state.text_scale)
    with off_screen(anatomy, state, size, theme, "normal" if state.quality == "auto" else state.quality) as scene:
        for phase in phases:
            now = msgspec.structs.replace(state, phase=phase)
            scene.show(now)
            picture = pixels(scene)
            if not state.labels:
                yield picture.tobytes()
                continue
            image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
            painter = QPainter(image)
            annotate(painter, scene, now, (float(width), float(height)), look)
            _caption(painter, anatomy, now, size, look)
            painter.end()
            yield _tight(image)
    del application


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
