"""The study of shapes in the window: sliders and numbers, the bones that follow, and the way back."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hipviz.model.proportions import OWN, Proportions
from tests.ui.hand import press

WAIT_MS = 60_000


@pytest.fixture
def study(window, qtbot):
    press(window, Qt.Key.Key_Y)
    assert window.store.state.panel == "shape"
    panel = window.aside.shape.panel
    qtbot.waitUntil(lambda: not panel.shaping.at_work, timeout=WAIT_MS)
    return window, panel


def type_into(row, text):
    row.number.setFocus()
    row.number.selectAll()
    QTest.keyClicks(row.number, text)
    QTest.keyClick(row.number, Qt.Key.Key_Return)


def femur(window):
    return np.array(window.stage.scene.bones.meshes["femur_right"].mesh.points)


def test_a_typed_angle_reshapes_bone_and_muscle_and_says_what_it_costs(study, qtbot):
    window, panel = study
    bone = femur(window)
    band = np.array(window.stage.scene.muscle.meshes["right", "middle"].mesh.points)
    type_into(panel.rows["neck_shaft_deg"], "138")
    qtbot.waitUntil(lambda: window.store.state.proportions != OWN, timeout=WAIT_MS)
    assert window.store.state.proportions == Proportions(neck_shaft_deg=138.0)
    assert np.abs(femur(window) - bone).max() > 5.0
    assert np.abs(np.array(window.stage.scene.muscle.meshes["right", "middle"].mesh.points) - band).max() > 5.0
    assert "harder" in panel.work.text()
    assert "→" in panel.levers.text()
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.store.state.proportions == OWN
    assert np.allclose(femur(window), bone)
    assert panel.rows["neck_shaft_deg"].number.value() == pytest.approx(121.1, abs=0.2)


def test_the_way_back_brings_the_hip_as_it_was(study, qtbot):
    window, panel = study
    bone = femur(window)
    panel.rows["pelvic_width_mm"].slider.setValue(2600)
    qtbot.waitUntil(lambda: window.store.state.proportions.pelvic_width_mm == 260.0, timeout=WAIT_MS)
    panel.reset.click()
    assert window.store.state.proportions == OWN
    panel.rows["pelvic_width_mm"].slider.setValue(2550)
    qtbot.waitUntil(lambda: window.store.state.proportions.pelvic_width_mm == 255.0, timeout=WAIT_MS)
    press(window, Qt.Key.Key_Escape)
    assert window.store.state.panel == "card"
    assert window.store.state.proportions == OWN
    assert np.allclose(femur(window), bone)


def test_wishes_that_are_overtaken_are_skipped(study, qtbot):
    window, panel = study
    seen = []
    panel.shaping.ready.connect(seen.append)
    for angle in (10.0, 14.0, 18.0, 22.0, 26.0, 30.0):
        panel.shaping.wish(Proportions(torsion_deg=angle))
    qtbot.waitUntil(lambda: not panel.shaping.at_work, timeout=WAIT_MS)
    assert [wanted.torsion_deg for wanted in seen] == [10.0, 30.0]
    assert window.store.state.proportions.torsion_deg == 30.0
    panel.shaping.ready.disconnect(seen.append)
    window.store.update(proportions=OWN)


def test_it_may_stand_beside_the_hip_as_it_was(study, qtbot):
    window, panel = study
    window.store.update(proportions=Proportions(torsion_deg=30.0))
    panel.beside.click()
    assert window.store.state.beside == "default_adult"
    window.store.update(beside=None, proportions=OWN)
