"""Layers, wordings and taking back, in the real window."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hipviz.model.state import Layer
from hipviz.model.units import BANDS
from tests.ui.hand import LEFT, band_place, pixels, press


def test_eyes_and_sliders_change_the_picture(window):
    before = pixels(window)
    QTest.mouseClick(window.rail.layers["bands"].eye, LEFT)
    assert not window.store.state.bands.shown
    place = band_place(window, "middle")
    assert abs(pixels(window)[place.y(), place.x()] - before[place.y(), place.x()]).max() > 20
    QTest.mouseClick(window.rail.layers["bands"].eye, LEFT)
    assert abs(pixels(window)[place.y(), place.x()] - before[place.y(), place.x()]).max() < 6
    window.rail.layers["skin"].slider.setValue(0)
    assert window.store.state.skin == Layer(opacity=0.0)


def test_only_the_chosen_band(window):
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_X)
    assert window.store.state.isolated and window.rail.isolate.isChecked()
    found = window.stage.scene.pick(
        band_place(window, "posterior").x(), window.stage.height() - band_place(window, "posterior").y()
    )
    assert found is None or found.band != "posterior"


def test_wording_changes_every_panel(window):
    press(window, Qt.Key.Key_1)
    QTest.mouseClick(window.card.wording.button("clinical"), LEFT)
    words = window.words.bands["anterior"]
    assert words.origin.clinical in window.card.text()
    assert words.origin.plain not in window.card.text()
    assert window.rail.entries["anterior"].accessibleDescription() == words.line.clinical


def test_the_card_tells_the_zone_and_a_disagreement(window, points, anatomy):
    for key, band in zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3), BANDS, strict=True):
        press(window, key)
        (point,) = [point for point in points if point.band == band]
        text = window.card.text()
        assert point.essential.where.plain in text
        assert point.spillover.where.plain in text
        assert "Sources differ" in text
        # With the figures of this model filled in.
        assert anatomy.words.bands[band].disagreements[0].plain in text
        assert "{" not in text


def test_undo_and_redo_by_key(window):
    press(window, Qt.Key.Key_1)
    press(window, Qt.Key.Key_L)
    control = Qt.KeyboardModifier.ControlModifier
    press(window, Qt.Key.Key_Z, control)
    assert (window.store.state.side, window.store.state.band) == ("right", "anterior")
    press(window, Qt.Key.Key_Z, control)
    assert window.store.state.band is None
    press(window, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert window.store.state.band == "anterior"
    QTest.mouseClick(window.topbar.buttons["undo"], LEFT)
    assert window.store.state.band is None
    assert not window.topbar.buttons["undo"].isEnabled()
