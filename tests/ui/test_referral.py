"""The played referral and the x-ray, with keys and buttons."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hipviz.model.state import Layer


def key(window, pressed, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.stage, pressed, modifier)


def wait_until(test, limit_ms=9000):
    for _ in range(limit_ms // 30):
        if test():
            return
        QTest.qWait(30)
    pytest.fail("it did not happen in time")


def test_choosing_a_band_plays_its_referral_once_and_leaves_the_zone(window):
    key(window, Qt.Key.Key_3)
    assert window.store.state.spreading and window.store.state.referral < 0.5
    wait_until(lambda: not window.store.state.spreading)
    assert window.store.state.referral == 1.0 and window.store.state.playing
    key(window, Qt.Key.Key_Space)


def test_space_holds_the_referral_and_lets_it_go_on(window):
    key(window, Qt.Key.Key_2)
    wait_until(lambda: window.store.state.referral > 0.1)
    key(window, Qt.Key.Key_Space)
    held = window.store.state
    QTest.qWait(200)
    assert window.store.state.referral == held.referral and not held.spreading and not held.playing
    assert not window.clock.running
    key(window, Qt.Key.Key_Space)
    wait_until(lambda: window.store.state.referral > held.referral)
    key(window, Qt.Key.Key_Left)  # scrubbing is about the movement: the zone stands
    assert window.store.state.referral == 1.0 and not window.store.state.spreading


def test_it_is_played_again_by_key_and_button_without_moving_the_hip(window):
    window.store.update(band="anterior", phase=0.5, playing=False, zones=Layer(shown=False))
    button = window.rail.layers["zones"].more
    assert button.isEnabled()
    key(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    state = window.store.state
    assert state.spreading and state.zones.shown and state.phase == 0.5
    window.store.update(referral=1.0, spreading=False)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.store.state.spreading
    wait_until(lambda: not window.store.state.spreading)
    assert window.store.state.phase == 0.5 and not window.clock.running


def test_x_ray_by_key_and_button(window):
    button = window.rail.layers["skin"].more
    assert not button.isEnabled()
    window.store.update(band="middle", skin=Layer(shown=False, opacity=0.7))
    key(window, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert window.store.state.xray and window.store.state.skin == Layer(opacity=0.7)
    assert button.isChecked()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not window.store.state.xray and not button.isChecked()
    key(window, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    key(window, Qt.Key.Key_A)
    assert not window.store.state.xray
