"""The keyboard, the dialogs, presentation, theme and small screens."""

import base64

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from hipviz.model.units import BANDS
from hipviz.ui.dialogs import KeySheet, Palette
from hipviz.ui.settings import Settings
from tests.ui.hand import LEFT, pixels, press, rest


def test_space_on_a_button_that_was_reached_by_tab_presses_that_button(window):
    press(window, Qt.Key.Key_2)
    window.rail.layers["skin"].eye.setFocus(Qt.FocusReason.TabFocusReason)
    playing = window.store.state.playing
    QTest.keyClick(window.rail.layers["skin"].eye, Qt.Key.Key_Space)
    assert not window.store.state.skin.shown
    assert window.store.state.playing == playing


def test_a_click_on_a_button_leaves_the_keys_to_the_model(window):
    QTest.mouseClick(window.rail.side.button("left"), LEFT)
    assert QApplication.focusWidget() is window.stage


def test_everything_that_can_be_clicked_has_a_name(window):
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QScrollBar

    for kind in (QAbstractButton, QAbstractSlider):
        for part in window.findChildren(kind):
            if isinstance(part, QScrollBar) or part.objectName().startswith("qt_"):
                continue
            named = part.accessibleName() or (part.text() if isinstance(part, QAbstractButton) else "")
            assert named, part


def test_the_sheet_lists_every_key(window):
    from hipviz.ui.actions import ACTIONS
    from hipviz.ui.controls import QLabel

    press(window, Qt.Key.Key_F1)
    (sheet,) = window.findChildren(KeySheet)
    said = {part.text() for part in sheet.findChildren(QLabel)}
    for action in ACTIONS:
        if action.keys:
            assert action.label in said
    assert sheet.height() <= 720 and sheet.width() <= 1280
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    QTest.qWait(10)


def test_an_action_is_found_by_typing(window):
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    (palette,) = window.findChildren(Palette)
    QTest.keyClicks(palette.field, "left")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.store.state.side == "left"
    QTest.qWait(10)


def test_presentation_hides_the_panels_and_escape_leaves_it(window):
    press(window, Qt.Key.Key_3)
    press(window, Qt.Key.Key_F11)
    QTest.qWait(100)
    assert window.store.state.presenting
    for part in (window.topbar, window.rail, window.card, window.transport, window.around.views):
        assert not part.isVisible()
    assert window.around.caption.isVisible()
    assert "Posterior band" in window.around.caption.accessibleName()
    press(window, Qt.Key.Key_Escape)
    QTest.qWait(100)
    assert window.rail.isVisible() and not window.around.caption.isVisible()
    assert window.store.state.band == "posterior"


def test_the_caption_of_a_presentation_leaves_the_labels_their_side(window):
    for side, on_the_left in (("right", True), ("left", False)):
        window.store.update(band="posterior", side=side, presenting=True)
        rest(window)
        QTest.qWait(50)
        caption = window.around.caption.geometry()
        assert (caption.center().x() < window.stage.width() / 2) == on_the_left
        assert window.stage.rect().contains(caption)
    window.store.update(presenting=False)
    QTest.qWait(50)


def test_the_theme_changes_picture_and_panels(window):
    light = pixels(window)[20, 300].mean()
    press(window, Qt.Key.Key_T)
    assert window.store.state.theme == "dark"
    assert pixels(window)[20, 300].mean() < light - 100
    assert window.theme.look.tokens.name == "dark"


@pytest.mark.parametrize("wording", ["plain", "clinical"])
@pytest.mark.parametrize("band", [*BANDS, None])
def test_everything_fits_a_small_projector_without_scrolling(window, band, wording):
    window.resize(1280, 720)
    window.store.update(band=band, wording=wording)
    QTest.qWait(20)
    assert window.size().width() == 1280 and window.size().height() == 720
    bar = window.card._scroll.verticalScrollBar()
    assert bar.maximum() == 0
    for part in (window.rail.isolate, window.transport.loop, window.around.views):
        corner = part.mapTo(window, QPoint(part.width(), part.height()))
        assert corner.x() <= 1280 and corner.y() <= 720


def test_the_picture_is_written_as_shown(window, tmp_path):
    from PySide6.QtGui import QImage

    press(window, Qt.Key.Key_2)
    window.exports.write_picture(tmp_path / "hip")
    image = QImage(str(tmp_path / "hip.png"))
    assert image.width() == round(window.stage.width() * window.devicePixelRatioF())
    assert str(tmp_path / "hip.png") in window.around.toast.text()
    window.exports.write_picture(tmp_path / "no" / "such" / "folder.png")
    assert "could not be saved" in window.notice.words.text()
    window.notice.hide()


def test_dialogs_are_closed_again(window):
    QTest.qWait(10)
    assert not [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def test_f6_goes_from_part_to_part_and_round(window):
    press(window, Qt.Key.Key_H)
    window.stage.setFocus()
    seen = []
    for _ in range(5):
        press(window, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    parts = (window.aside, window.transport, window.topbar, window.rail)
    assert all(part.isAncestorOf(reached) for part, reached in zip(parts, seen, strict=False))
    assert seen[-1] is window.stage
    press(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.rail.isAncestorOf(QApplication.focusWidget())
    press(window, Qt.Key.Key_Escape)


def test_a_window_from_a_larger_screen_comes_back_within_this_one(open_window):
    window = open_window()
    room = window.screen().availableSize()
    window.resize(room.width() + 500, room.height() + 300)
    geometry = base64.b64encode(window.saveGeometry().data()).decode()
    window.resize(1280, 720)
    window.restore(Settings(geometry=geometry))
    assert window.width() <= room.width() and window.height() <= room.height()
    open_window.dispose(window)
