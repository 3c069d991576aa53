"""Without the mouse: every stop of Tab has a name and shows that it is reached; what changes elsewhere is said."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QDialog, QLabel, QPushButton

from hipviz.ui import controls
from tests.ui.hand import LEFT, press

SHOWN_PX = 40
"""What a frame around the smallest button changes, at least."""


def looks(window, place: QRect):
    image = window.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB32)
    array = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return array[:, : image.width(), :3].astype(int)


@pytest.fixture(autouse=True)
def _in_front(window):
    window.activateWindow()
    QTest.qWaitForWindowActive(window)


def stops(window, most=80):
    """Go round with Tab; return each widget reached, and how many pixels differ when it has the focus."""
    found = {}
    for _ in range(most):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached = QApplication.focusWidget()
        if reached in found:
            return found
        place = QRect(reached.mapTo(window, reached.rect().topLeft()), reached.size()).adjusted(-4, -4, 4, 4)
        place &= window.rect()
        with_focus = looks(window, place)
        reached.clearFocus()
        without = looks(window, place)
        reached.setFocus(Qt.FocusReason.TabFocusReason)
        found[reached] = int((abs(with_focus - without).sum(axis=2) > 60).sum())
    raise AssertionError("Tab does not come round")


def judged(found):
    for widget, changed in found.items():
        named = widget.accessibleName() or widget.text()
        assert named, f"{widget} has no name"
        assert changed > SHOWN_PX, f"{named} does not show that the keyboard is there"


def open_panel(window, panel):
    window.store.update(band="posterior")
    if panel == "rows":
        window.card._open_or_close()
    if panel == "pain":
        press(window, Qt.Key.Key_H)
        window.store.update(hurting=(("sacrum", "right"),))
    if panel == "practice":
        press(window, Qt.Key.Key_F)
    QTest.qWait(20)


@pytest.mark.parametrize("panel", ["card", "rows", "pain", "practice"])
def test_every_stop_has_a_name_and_shows_itself(window, panel):
    open_panel(window, panel)
    found = stops(window)
    judged(found)
    assert window.stage in found
    if panel == "rows":
        window.card._open_or_close()


def test_the_sheet_is_filled_in_without_the_mouse(window, qtbot):
    window.store.update(band="posterior")
    window.commands.by_id["sheet"].trigger()
    dialog = window.findChildren(QDialog)[-1]
    QTest.qWaitForWindowExposed(dialog)

    def has_the_keys():
        held = QApplication.focusWidget()
        if held is None or not dialog.isAncestorOf(held):
            dialog.activateWindow()  # without a window manager an older wish of the window may come after it
            return False
        return True

    qtbot.waitUntil(has_the_keys)
    found = stops(dialog)
    judged(found)
    order = list(found)
    assert order.index(dialog.notes) < order.index(dialog.discarding) < order.index(dialog.name)
    assert {dialog.date, dialog.saving, dialog.printing, dialog.closing} <= set(order)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_click_into_the_picture_does_not_frame_it(window):
    whole = window.stage.geometry()
    plain = looks(window.stage, whole)
    press(window, Qt.Key.Key_F6)
    press(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is window.stage
    assert (looks(window.stage, whole) != plain).any()
    press(window, Qt.Key.Key_F6)
    QTest.mouseClick(window.stage.plotter, LEFT, pos=QPoint(4, window.stage.height() - 4))
    assert QApplication.focusWidget() is window.stage
    assert (looks(window.stage, whole) == plain).all()


def test_from_the_list_of_places_tab_leads_to_the_answers(window):
    open_panel(window, "pain")
    panel = window.aside.pain.panel
    panel.boxes["low_back", "left"].setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is panel.pages
    QTest.keyClick(panel.pages, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().text() == "Posterior band, right"


@pytest.fixture
def click(qtbot):
    """Click in the middle of a widget, once it is laid out where it can be seen."""

    def clicking(widget):
        qtbot.waitUntil(lambda: widget.visibleRegion().contains(widget.rect().center()))
        QTest.mouseClick(widget, LEFT)
        QTest.qWait(20)

    return clicking


def key(window, which):
    """Press a key where the keyboard is, as a person does."""
    QTest.keyClick(QApplication.focusWidget() or window, which)


def holds_and_plays(window):
    """Tell whether Space stops what plays and lets it go on, and does nothing else."""
    assert window.store.state.playing
    before = (window.store.state.panel, window.store.state.band, window.store.state.wording)
    key(window, Qt.Key.Key_Space)
    held = not window.store.state.playing
    key(window, Qt.Key.Key_Space)
    after = (window.store.state.panel, window.store.state.band, window.store.state.wording)
    return held and window.store.state.playing and after == before


def test_space_holds_the_movement_of_an_answer_that_was_clicked(window, click):
    open_panel(window, "pain")
    answers = [each for each in window.aside.pain.panel.findChildren(QPushButton) if "band," in each.text()]
    click(answers[0])
    assert holds_and_plays(window)
    key(window, Qt.Key.Key_Escape)
    assert window.store.state.panel == "card"
    assert holds_and_plays(window)


@pytest.mark.parametrize("way", ["key", "mouse"])
def test_space_holds_the_movement_after_a_panel_was_opened_and_left(window, click, way):
    practice = window.aside.practice
    if way == "key":
        key(window, Qt.Key.Key_F)
        key(window, Qt.Key.Key_Escape)
    else:
        click(window.topbar.buttons["practice"])
        click(next(each for each in practice.findChildren(QPushButton) if each.text() == "Next step"))
        assert window.store.state.step == 1
        click(next(each for each in practice.findChildren(QPushButton) if each.property("role") == "link"))
        click(practice.panel.back)
    assert window.store.state.panel == "card"
    key(window, Qt.Key.Key_1)
    assert window.store.state.band == "anterior"
    assert holds_and_plays(window)


def test_a_click_takes_the_keys_from_a_button_that_tab_has_reached(window, click):
    key(window, Qt.Key.Key_2)
    window.topbar.buttons["practice"].setFocus(Qt.FocusReason.TabFocusReason)
    click(window.rail.side.button("left"))
    assert holds_and_plays(window)
    window.topbar.buttons["practice"].setFocus(Qt.FocusReason.TabFocusReason)
    click(window.card.findChildren(QLabel)[0])
    assert holds_and_plays(window)


def test_the_keys_come_back_from_a_second_picture_that_goes(window):
    key(window, Qt.Key.Key_2)
    window.store.update(beside="other_side")
    QTest.mouseClick(window.stages.second.plotter, LEFT, pos=QPoint(4, window.stages.second.height() - 4))
    window.store.update(band="middle", playing=True)
    assert QApplication.focusWidget() is window.stages.second
    window.store.update(beside=None)
    assert QApplication.focusWidget() is window.stage
    assert holds_and_plays(window)


@pytest.mark.parametrize("left_by", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_the_keys_come_back_from_a_number(window, click, left_by):
    key(window, Qt.Key.Key_E)
    click(window.aside.explore.panel.rows["abduction"].number)
    number = QApplication.focusWidget()
    assert number is window.aside.explore.panel.rows["abduction"].number
    key(window, left_by)
    assert QApplication.focusWidget() is window.stage


def test_no_button_takes_the_focus_from_the_mouse(window):
    for panel in (Qt.Key.Key_E, Qt.Key.Key_H, Qt.Key.Key_F, Qt.Key.Key_Y, Qt.Key.Key_V, Qt.Key.Key_2):
        key(window, panel)
    window.store.update(hurting=(("sacrum", "right"),), panel="pain")
    for kind in (QAbstractButton, QAbstractSlider):
        for part in window.findChildren(kind):
            assert not part.focusPolicy() & Qt.FocusPolicy.ClickFocus, part.accessibleName() or part


@pytest.fixture
def said(monkeypatch):
    """What a screen reader is asked to say."""
    heard = []

    class Ear:
        @staticmethod
        def updateAccessibility(event):
            heard.append(event.message())

    monkeypatch.setattr(controls, "QAccessible", Ear)
    return heard


def test_answers_steps_and_faults_are_said(window, said):
    press(window, Qt.Key.Key_H)
    window.store.update(hurting=(("sacrum", "right"),))
    assert (
        said[-1] == "Reported to be felt there: Posterior band, right; Anterior band, right; Anterior band, left"
    )
    window.store.update(hurting=(("front_of_thigh", "right"),))
    assert said[-1].startswith("None of the three points")
    press(window, Qt.Key.Key_F)
    assert said[-1].startswith("Find it with your hand. Step 1 of 4. Lie on the other side")
    window.around.toast.tell("Sheet saved as a.pdf")
    assert said[-1] == "Sheet saved as a.pdf"
    window.notice.tell("The disk is full.")
    assert said[-1] == "The disk is full."
    window.notice.hide()
