"""A State as an image without a window or display: one scene or two drawn off screen, words painted over them.

What the scene shows lives in the view, how labels look in `overlay`, which the window uses as well.
"""

import dataclasses
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from vtkmodules.vtkCommonCore import vtkLogger

from hipviz.model.anatomy import Anatomy
from hipviz.model.comparison import compared
from hipviz.model.state import State
from hipviz.ui.comparing import DIVIDER, STRIP, captions, paint_strip
from hipviz.ui.overlay import annotate, measure_in, paint_cross, paint_hand, paint_label, paint_leader
from hipviz.ui.theme import LABEL, Look, look_of
from hipviz.view.scene import Quality, Scene
from hipviz.view.snapshot import off_screen, pixels
from hipviz.view.tokens import Theme

LABELLED_FOR_PX = (1280, 840)
"""Picture size at which labels have the size they have in the window; they grow and shrink with the picture."""
SMALLEST_SCALE = 0.7

ON_PAPER = ("trigger_point", "essential", "spillover")
"""Kinds of labels that a picture on paper keeps."""


def still(anatomy: Anatomy, state: State, width: int, height: int, beside: Anatomy | None = None) -> QImage:
    """Return the picture of `state` with everything that the window writes over it.

    beside : the anatomy of the second picture, where it is another one.
    """
    with drawing(anatomy, state, (width, height), _quality(state), beside) as draw:
        return draw(state)


@contextmanager
def drawing(
    anatomy: Anatomy, state: State, size: tuple[int, int], quality: Quality, beside: Anatomy | None = None
) -> Iterator[Callable[[State], QImage]]:
    """Give a function that draws states that differ from `state` only in time: as one picture, or as two.

    Its pictures are RGB, 8 bit. One scene, or two, serve them all.
    """
    state, theme = themed(state)
    application = gui()  # kept for as long as fonts are used
    look, words = look_in(state, size), anatomy.words
    strip = QRectF(0, 0, size[0], look.px(STRIP))
    if captions(state, words) is None:
        places = [QRect(0, 0, *size)]
    else:
        top, half = round(strip.height()), (size[0] - DIVIDER) // 2
        places = [QRect(left, top, half, size[1] - top) for left in (0, size[0] - half)]
    with ExitStack() as open_scenes:
        scenes = []
        for shown, place, whose in zip((state, compared(state, words)), places, (anatomy, beside), strict=False):
            view = off_screen(whose or anatomy, shown, (place.width(), place.height()), theme, quality)
            scenes.append(open_scenes.enter_context(view))

        def draw(now: State) -> QImage:
            now = msgspec.structs.replace(now, theme=theme)
            pictures = [
                _labelled(scene, shown, place, look)
                for shown, place, scene in zip((now, compared(now, words)), places, scenes, strict=False)
            ]
            image = QImage(*size, QImage.Format.Format_RGB888)
            image.fill(QColor(look.tokens.line_strong))
            with QPainter(image) as painter:
                if (names := captions(now, words)) is not None:
                    paint_strip(painter, names, strip, look)
                for place, picture in zip(places, pictures, strict=True):
                    painter.drawImage(place.topLeft(), picture)
            return image

        yield draw
    del application


def look_in(state: State, size: tuple[int, int]) -> Look:
    """Return the look of what is written over a picture of a size, px."""
    scale = max(SMALLEST_SCALE, min(size[0] / LABELLED_FOR_PX[0], size[1] / LABELLED_FOR_PX[1]))
    return dataclasses.replace(look_of(state, size), scale=scale * state.text_scale)


def _labelled(scene: Scene, state: State, place: QRect, look: Look) -> QImage:
    scene.show(state)
    image = _image(scene, place.width(), place.height())
    if state.labels:
        with QPainter(image) as painter:
            annotate(painter, scene, state, (float(place.width()), float(place.height())), look)
    return image


def plate(
    anatomy: Anatomy, state: State, width: int, height: int, label_scale: float = 0.0, quality: Quality = "high"
) -> QImage:
    """Return the picture of `state` on white, for paper: X and zones named in type `label_scale` times as large.

    No labels, but still the X, when the scale is 0.
    """
    state, _ = themed(msgspec.structs.replace(state, theme="light"))
    application = gui()
    with off_screen(anatomy, state, (width, height), "light", quality) as scene:
        plotter: Any = scene.plotter  # pyvista's wrapped methods defeat static types
        plotter.set_background("white", top="white")
        image = _image(scene, width, height)
        look = dataclasses.replace(look_of(state, (width, height)), scale=label_scale or height / 500.0)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _paint_plate(painter, scene, state, (float(width), float(height)), look, bool(label_scale))
    del application
    return image


def _paint_plate(
    painter: QPainter, scene: Scene, state: State, size: tuple[float, float], look: Look, named: bool
) -> None:
    found = scene.annotations(state, size, measure_in(look))
    for sign in found.hands:
        paint_hand(painter, sign, look)
    labels = [label for label in found.labels if named and label.kind in ON_PAPER]
    for label in labels:
        paint_leader(painter, label, look)
    for label in labels:
        paint_label(painter, label, look, look.font(LABEL, 500))
    if found.mark is not None:
        paint_cross(painter, QPointF(*found.mark.centre), look.px(7.5), found.mark.hidden)


def themed(state: State) -> tuple[State, Theme]:
    """Return the state and the theme that a picture without a window has."""
    # Never the machine's theme: the same picture everywhere.
    theme: Theme = "dark" if state.theme == "dark" else "light"
    # Without a display VTK tries X first and says so, before it draws with EGL or OSMesa.
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)
    return msgspec.structs.replace(state, theme=theme), theme


def _quality(state: State) -> Quality:
    return "high" if state.quality == "auto" else state.quality


def _image(scene: Scene, width: int, height: int) -> QImage:
    return QImage(pixels(scene).tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def gui() -> QGuiApplication:
    """Return the application that fonts need; one that was made here never talks to a display."""
    existing = QGuiApplication.instance()
    if isinstance(existing, QGuiApplication):
        return existing
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication(["hipviz"])
