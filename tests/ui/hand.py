"""The hand that drives the window in tests: keys, and where on the stage a part of the body is drawn."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hipviz.model.state import posture
from hipviz.model.units import BANDS
from hipviz.view.camera import project

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def press(window, key, modifier=NONE):
    QTest.keyClick(window.stage, key, modifier)


def place_of(window, point) -> QPoint:
    stage = window.stage
    x, y, _ = project(stage.eye, np.asarray(point), (stage.width(), stage.height()))
    return QPoint(round(x), round(y))


def band_place(window, band, side="right") -> QPoint:
    anatomy = window.stage._anatomy
    figure = anatomy.figure(posture(window.store.state, window.words))
    point, _ = figure.bands[side].surface_point(BANDS.index(band), 0.5, 0.4)
    return place_of(window, point)


def femur_matrix(window, side="right"):
    return np.array(window.stage.scene.bones.meshes[f"femur_{side}"].actor.GetMatrix().GetData()).reshape(4, 4)


def pixels(window):
    image = window.stage.picture()
    array = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return array[:, : image.width(), 2::-1].astype(int)


def rest(window):
    """Stop the camera's turn where it leads to."""
    window.stage._turn.stop()
    window.stage._put(window.stage.goal(window.store.state))
    QTest.qWait(10)


def arrive(window, qtbot):
    """Wait until the camera's turn has ended."""
    qtbot.waitUntil(lambda: not window.stage.turning)
