"""A State as the bytes of a PNG file. What the picture shows lives in `hipviz.ui.still`."""

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from hipviz.model.anatomy import Anatomy
from hipviz.model.errors import HipvizError
from hipviz.model.state import State
from hipviz.ui.still import still

PNG_QUALITY = 60
"""Without loss in any case; Qt compresses at a third of the time that its default takes, 10 % less tightly."""


def png(anatomy: Anatomy, state: State, width: int, height: int, beside: Anatomy | None = None) -> bytes:
    """Return the picture of `state` as the bytes of a PNG file; beside : as in `still`."""
    return encoded(still(anatomy, state, width, height, beside))


def encoded(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG", PNG_QUALITY):  # type: ignore[call-overload]
        raise HipvizError("the picture could not be encoded as PNG.")
    return bytes(buffer.data().data())
