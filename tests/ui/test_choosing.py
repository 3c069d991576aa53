"""Choosing a band and a side, with real clicks and keys on the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hipviz.model.state import posture
from hipviz.model.units import BANDS
from tests.ui.hand import LEFT, NONE, band_place, femur_matrix, pixels, place_of, press, rest


@pytest.mark.parametrize("band", BANDS)
def test_a_click_on_a_band_chooses_it(window, band):
    QTest.mouseClick(window.stage.plotter, LEFT, NONE, band_place(window, band))
    assert window.store.state.band == band
    assert window.store.state.playing
    assert window.words.bands[band].action.plain in window.card.text()
    assert window.rail.entries[band].isChecked()
    assert sum(entry.isChecked() for entry in window.rail.entries.values()) == 1


def test_a_click_moves_the_femur_and_lights_the_skin(window, anatomy):
    press(window, Qt.Key.Key_5)  # from behind, where the zone of the posterior band is
    rest(window)
    before = pixels(window)
    QTest.mouseClick(window.stage.plotter, LEFT, NONE, band_place(window, "posterior"))
    window.store.update(phase=0.5, playing=False, referral=1.0, spreading=False)
    assert window.stage.scene.zones.shown is anatomy.zones["posterior", "right"]
    figure = anatomy.figure(posture(window.store.state, window.words))
    np.testing.assert_allclose(femur_matrix(window), figure.femur_matrices["right"], atol=1e-9)
    assert abs(femur_matrix(window)[:3, :3] - np.eye(3)).max() > 0.2
    np.testing.assert_allclose(femur_matrix(window, "left"), np.eye(4), atol=1e-12)
    zone = anatomy.zones["posterior", "right"]
    members = np.flatnonzero((zone.essential > 0.9) & (figure.skin_normals[:, 1] < -0.5))
    spots = [place_of(window, figure.skin_vertices[index]) for index in members[::25]]
    after = pixels(window)
    redder = [
        (after[p.y(), p.x(), 0] - after[p.y(), p.x(), 1]) - (before[p.y(), p.x(), 0] - before[p.y(), p.x(), 1])
        for p in spots
    ]
    assert np.median(redder) > 25


def test_a_click_beside_the_body_and_escape_clear(window):
    press(window, Qt.Key.Key_2)
    assert window.store.state.band == "middle"
    rest(window)
    QTest.mouseClick(window.stage.plotter, LEFT, NONE, QPoint(6, window.stage.height() // 2))
    assert window.store.state.band is None
    assert "Three bands" in window.card.text()
    press(window, Qt.Key.Key_3)
    press(window, Qt.Key.Key_Escape)
    assert (window.store.state.band, window.store.state.playing) == (None, False)


def test_number_keys_and_the_list_choose_bands(window):
    for key, band in zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3), BANDS, strict=True):
        press(window, key)
        assert window.store.state.band == band
    QTest.mouseClick(window.rail.entries["anterior"], LEFT)
    assert window.store.state.band == "anterior"


def test_a_click_on_a_band_of_the_other_side_changes_the_side(window):
    press(window, Qt.Key.Key_5)
    rest(window)
    QTest.mouseClick(window.stage.plotter, LEFT, NONE, band_place(window, "posterior", "left"))
    assert (window.store.state.side, window.store.state.band) == ("left", "posterior")


def test_the_pointer_names_and_marks_what_is_under_it(window, qtbot):
    QTest.mouseMove(window.stage.plotter, band_place(window, "middle"))
    qtbot.waitUntil(lambda: window.store.state.hovered == "middle")
    assert window.around.hover_name.text() == "Middle band"
    assert window.around.hover_name.isVisible()
    QTest.mouseMove(window.stage.plotter, QPoint(5, 300))
    qtbot.waitUntil(lambda: window.store.state.hovered is None)
    assert not window.around.hover_name.isVisible()


def test_the_left_side_moves_the_left_femur_as_the_mirror_image(window):
    window.store.update(band="posterior", phase=0.5)
    right = femur_matrix(window)
    press(window, Qt.Key.Key_L)
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(femur_matrix(window, "left"), mirror @ right @ mirror, atol=1e-9)
    np.testing.assert_allclose(femur_matrix(window), np.eye(4), atol=1e-12)
    press(window, Qt.Key.Key_R)
    assert window.store.state.side == "right"
