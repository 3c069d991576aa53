"""Some hundred random keys, clicks, drags and slider moves: none may raise, and every state must be drawable."""

import random
import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QDialog, QScrollBar, QToolButton

from hipviz.ui.actions import ACTIONS

STEPS = 200
KEPT_FROM_THE_MONKEY = {"quit", "picture.save", "film.save", "specimen.open", "quality.auto", "quality.high"}
"""They end the test, wait for a person, or take the time of a better machine."""


@pytest.fixture
def raised(monkeypatch):
    errors = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: errors.append(error))
    return errors


@pytest.mark.parametrize("seed", [1, 2])
def test_no_action_breaks_the_window(window, raised, seed):
    monkey = random.Random(seed)
    stage = window.stage
    window.resize(1100, 680)
    for step in range(STEPS):
        kind = monkey.choice(["action", "action", "button", "click", "drag", "wheel", "slider", "resize", "wait"])
        place = QPoint(monkey.randrange(stage.width()), monkey.randrange(stage.height()))
        if kind == "action":
            action = monkey.choice([row for row in ACTIONS if row.id not in KEPT_FROM_THE_MONKEY])
            window.commands.by_id[action.id].trigger()
        elif kind == "button":
            buttons = [
                part for part in window.findChildren(QAbstractButton) if part.isVisible() and part.isEnabled()
            ]
            buttons = [part for part in buttons if not opens_a_menu(part)]
            if buttons:
                QTest.mouseClick(monkey.choice(buttons), Qt.MouseButton.LeftButton)
        elif kind == "click":
            QTest.mouseMove(stage.plotter, place)
            QTest.mouseClick(stage.plotter, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        elif kind == "drag":
            button = monkey.choice([Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton])
            QTest.mousePress(stage.plotter, button, Qt.KeyboardModifier.NoModifier, place)
            for _ in range(3):
                place += QPoint(monkey.randint(-80, 80), monkey.randint(-80, 80))
                QTest.mouseMove(stage.plotter, place)
            QTest.mouseRelease(stage.plotter, button, Qt.KeyboardModifier.NoModifier, place)
        elif kind == "wheel":
            where, turn = QPointF(place), QPoint(0, monkey.choice([-360, -120, 120, 360]))
            event = QWheelEvent(
                where,
                stage.plotter.mapToGlobal(where),
                QPoint(),
                turn,
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(stage.plotter, event)
        elif kind == "slider":
            sliders = [part for part in window.findChildren(QAbstractSlider) if not isinstance(part, QScrollBar)]
            monkey.choice(sliders).setValue(monkey.randint(0, 100))
        elif kind == "resize" and not window.isFullScreen():
            window.resize(monkey.randint(1024, 1300), monkey.randint(640, 800))
        else:
            QTest.qWait(5)
        for dialog in window.findChildren(QDialog):
            dialog.close()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        assert not raised, f"seed {seed}, step {step}, {kind}: {raised[0][1]!r}"
    window.store.update(presenting=False)
    QTest.qWait(300)
    assert not raised
    assert not stage.picture().isNull()


def opens_a_menu(button):
    """Return whether a click would wait for a person to choose from a menu."""
    return isinstance(button, QToolButton) and button.menu() is not None
