"""A State as a PNG without window or display: the scene drawn off screen, the labels painted over it.

What the scene shows lives in the view, how labels look in `hipviz.ui.overlay`, which the window uses as well.
"""

import dataclasses
import os

import msgspec
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from vtkmodules.vtkCommonCore import vtkLogger

from hipviz.model.anatomy import Anatomy
from hipviz.model.errors import HipvizError
from hipviz.model.state import State
from hipviz.ui.overlay import annotate
from hipviz.ui.theme import look_of
from hipviz.view.scene import Quality
from hipviz.view.snapshot import off_screen, pixels
from hipviz.view.tokens import Theme

LABELLED_FOR_PX = (1280, 840)
"""Picture size at which labels have the size they have in the window; they grow and shrink with the picture."""
SMALLEST_SCALE = 0.7

PNG_QUALITY = 60
"""Without loss in any case; Qt compresses at a third of the time that its default takes, 10 % less tightly."""


def png(anatomy: Anatomy, state: State, width: int, height: int) -> bytes:
    """Return the picture of `state` as the bytes of a PNG file."""
    theme: Theme = "dark" if state.theme == "dark" else "light"  # never the machine's: the same picture everywhere
    state = msgspec.structs.replace(state, theme=theme)
    # Without a display VTK tries X first and says so, before it draws with EGL or OSMesa.
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
    application = gui()  # kept for as long as fonts are used
    size = (width, height)
    quality: Quality = "high" if state.quality == "auto" else state.quality
    with off_screen(anatomy, state, size, theme, quality) as scene:
        image = QImage(pixels(scene).tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        if state.labels:
            scale = max(SMALLEST_SCALE, min(width / LABELLED_FOR_PX[0], height / LABELLED_FOR_PX[1]))
            look = dataclasses.replace(look_of(state, size), scale=scale * state.text_scale)
            painter = QPainter(image)
            annotate(painter, scene, state, (float(width), float(height)), look)
            painter.end()
    del application
    return encoded(image)


def gui() -> QGuiApplication:
    """Return the application that fonts need; one that was made here never talks to a display."""
    existing = QGuiApplication.instance()
    if isinstance(existing, QGuiApplication):
        return existing
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication(["hipviz"])


def encoded(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG", PNG_QUALITY):  # type: ignore[call-overload]
        raise HipvizError("the picture could not be encoded as PNG.")
    return bytes(buffer.data().data())
