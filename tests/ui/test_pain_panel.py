"""Where does it hurt, hands and exercises: with real clicks and keys, on the real window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from hipviz.ui import changes as to
from hipviz.view.camera import project

LEFT, NONE, CONTROL = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
)
SACRUM, RIGHT_BUTTOCK = (18.0, -125.0, 33.0), (95.0, -142.0, 28.0)


@pytest.fixture
def asked(window):
    QTest.keyClick(window.stage, Qt.Key.Key_H)
    assert window.store.state.panel == "pain"
    window.stage._turn.stop()
    window.stage._put(window.stage.goal(window.store.state))
    QTest.qWait(20)
    return window


def place_of(window, point) -> QPoint:
    stage = window.stage
    x, y, _ = project(stage.eye, np.asarray(point), (stage.width(), stage.height()))
    return QPoint(round(x), round(y))


def click(window, point, modifier=NONE):
    QTest.mouseClick(window.stage.plotter, LEFT, modifier, place_of(window, point))


def ticked(window):
    return {key for key, box in window.aside.pain.panel.boxes.items() if box.isChecked()}


def test_a_click_on_the_skin_names_the_region_and_the_bands(asked):
    click(asked, SACRUM)
    assert ("sacrum", "right") in ticked(asked)
    text = asked.aside.pain.panel.text()
    assert "a sore point in the right posterior band is reported mainly at the sacrum on the right" in text
    assert "Other usual suspects" in text
    assert "Losing weight without a reason" in text
    assert asked.stage.scene.hurt._meshes is not None


def test_a_list_without_the_mouse_gives_the_same_answer(asked):
    click(asked, SACRUM)
    pointed = asked.aside.pain.panel.finding(asked.store.state).answers[0]
    box = asked.aside.pain.panel.boxes["sacrum", "right"]
    asked.store.update(places=())
    assert not box.isChecked()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert asked.store.state.hurting == (("sacrum", "right"),)
    ticked_answer = asked.aside.pain.panel.finding(asked.store.state).answers[0]
    assert (pointed.band, pointed.side, pointed.kind) == (
        ticked_answer.band,
        ticked_answer.side,
        ticked_answer.kind,
    )
    assert box.accessibleName() == "Sacrum, right"


def test_the_list_goes_on_from_what_was_pointed_at(asked):
    click(asked, SACRUM)
    asked.aside.pain.panel.boxes["low_back", "left"].click()
    assert set(asked.store.state.hurting) == {("sacrum", "right"), ("low_back", "left")}
    assert asked.store.state.places == ()


def test_a_click_with_the_key_of_the_hint_adds_a_place_and_a_plain_one_begins_anew(asked):
    panel = asked.aside.pain.panel
    (hint,) = [line for line in panel.findChildren(QLabel) if "Ctrl + click adds a place" in line.text()]
    assert hint.heightForWidth(hint.width()) <= 2 * hint.fontMetrics().lineSpacing() + 4
    click(asked, SACRUM)
    click(asked, RIGHT_BUTTOCK, CONTROL)
    assert len(asked.store.state.places) == 2
    assert {("sacrum", "right"), ("mid_buttock", "right")} <= ticked(asked)
    asked.store.undo()
    assert len(asked.store.state.places) == 1
    click(asked, RIGHT_BUTTOCK)
    assert len(asked.store.state.places) == 1
    assert ticked(asked) == {("mid_buttock", "right")}


def test_painting_gathers_places(asked):
    picture = asked.stage.plotter
    QTest.mousePress(picture, LEFT, CONTROL, place_of(asked, SACRUM))
    for step in range(1, 8):
        QTest.mouseMove(picture, place_of(asked, np.array(SACRUM) + np.array((0.0, 0.0, 10.0 * step))))
    QTest.mouseRelease(picture, LEFT, CONTROL, place_of(asked, SACRUM))
    assert len(asked.store.state.places) >= 1
    assert "painted area" in asked.aside.pain.panel.text() or len(asked.store.state.places) == 1
    assert asked.store.state.camera is None


def test_the_brush_paints_with_a_plain_drag_and_a_stroke_is_one_step_of_undo(asked):
    QTest.mouseClick(asked.aside.pain.panel.brush, LEFT)
    assert asked.store.state.brush
    picture, eye = asked.stage.plotter, asked.stage.eye
    QTest.mousePress(picture, LEFT, NONE, place_of(asked, SACRUM))
    for step in range(1, 4):
        QTest.mouseMove(picture, place_of(asked, np.array(SACRUM) + np.array((0.0, 0.0, 12.0 * step))))
    QTest.mouseRelease(picture, LEFT, NONE, place_of(asked, SACRUM))
    assert len(asked.store.state.places) >= 3
    assert asked.stage.eye == eye
    assert "the painted area" in asked.aside.pain.panel.text()
    asked.store.undo()
    assert (asked.store.state.places, asked.store.state.panel) == ((), "pain")
    asked.store.redo()
    QTest.mouseClick(asked.aside.pain.panel.clear, LEFT)
    assert asked.store.state.places == ()
    QTest.keyClick(asked.stage, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    assert not asked.store.state.brush


def test_the_pointer_names_the_region_that_a_click_would_choose(asked):
    asked.stage.pointer._last = place_of(asked, SACRUM).toPointF()
    asked.stage.pointer.look()
    assert asked.around.hover_name.isVisible()
    assert asked.around.hover_name.text() == "Sacrum, right"
    asked.stage.pointer._last = place_of(asked, (0.0, -90.0, -9999.0)).toPointF()
    asked.stage.pointer.look()
    assert not asked.around.hover_name.isVisible()


def test_both_sides_are_in_the_picture_that_is_pointed_at(asked):
    skin = asked.stage.scene.figure.skin_vertices
    x, _, _ = project(asked.stage.eye, skin[abs(skin[:, 2]) < 80.0], (asked.stage.width(), asked.stage.height())).T
    assert x.min() > 0.0
    assert x.max() < asked.stage.width()


def test_choosing_by_keyboard_keeps_the_focus_on_the_answer(asked):
    asked.store.update(hurting=(("sacrum", "left"), ("sacrum", "right")))
    panel = asked.aside.pain.panel
    links = [b for b in panel.findChildren(QPushButton) if b.property("role") == "link"]
    assert {b.text() for b in links[:2]} == {"Posterior band, left", "Posterior band, right"}
    links[1].setFocus()
    words = links[1].text()
    QTest.keyClick(links[1], Qt.Key.Key_Space)
    QTest.qWait(50)
    assert asked.store.state.side in words
    assert asked.focusWidget().text() == words
    assert panel.isAncestorOf(asked.focusWidget())


def test_arrow_keys_walk_the_list_and_tab_leaves_it(asked):
    panel = asked.aside.pain.panel
    box = panel.boxes["low_back", "left"]
    box.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right):
        QTest.keyClick(asked.focusWidget(), key)
    assert asked.focusWidget() is panel.boxes["low_back", "right"]
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_Space)
    assert asked.store.state.hurting == (("low_back", "right"),)
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_Tab)
    assert asked.focusWidget() not in panel.boxes.values()
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_Backtab)
    assert asked.focusWidget() is panel.boxes["low_back", "right"]


def test_enter_presses_the_button_that_has_the_focus(asked):
    asked.store.update(hurting=(("sacrum", "left"),))
    link = next(b for b in asked.aside.pain.panel.findChildren(QPushButton) if b.property("role") == "link")
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Return)
    QTest.qWait(50)
    assert asked.store.state.band == "posterior"


def test_an_answer_is_watched_from_where_the_place_that_hurts_is_seen(asked):
    asked.store.update(hurting=(("sacrum", "left"),))
    panel, state = asked.aside.pain.panel, asked.store.state
    answers = {answer.band: answer for answer in panel.finding(state).answers if answer.side == "left"}
    panel._play(answers["posterior"])
    assert asked.store.state.camera is None  # its own view is from behind
    panel._play(answers["anterior"])
    assert asked.store.state.band == "anterior" and asked.store.state.camera.direction[1] < -0.4
    QTest.keyClick(asked.stage, Qt.Key.Key_Home)
    assert asked.store.state.camera is None  # back to the best view


def test_the_keyboard_stays_beside_the_picture_from_panel_to_panel(asked):
    asked.aside.pain.panel.boxes["sacrum", "left"].setFocus()
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_F)
    assert asked.store.state.panel == "practice"
    assert asked.aside.practice.isAncestorOf(asked.focusWidget())
    QTest.keyClick(asked.focusWidget(), Qt.Key.Key_Escape)
    assert asked.card.isAncestorOf(asked.focusWidget())


def test_the_band_that_was_found_is_kept_by_the_hands(asked):
    click(asked, SACRUM)
    panel = asked.aside.pain.panel
    panel._play(panel.finding(asked.store.state).answers[0])
    found = (asked.store.state.band, asked.store.state.side)
    assert found == ("posterior", "right")
    QTest.keyClick(asked.stage, Qt.Key.Key_F)
    for step in range(4):
        asked.aside.practice.panel.go("palpation", step)
        assert (asked.store.state.band, asked.store.state.side) == found
    QTest.keyClick(asked.stage, Qt.Key.Key_Escape)
    assert (asked.store.state.band, asked.store.state.side) == found


def test_no_wording_is_cut_off(asked):
    panel = asked.aside.pain.panel
    asked.store.update(hurting=(("sacrum", "right"), ("side_of_hip", "right")))
    for wording in ("clinical", "sources", "plain"):
        QTest.mouseClick(panel.wording.button(wording), LEFT)
        assert asked.store.state.wording == wording
        QTest.qWait(20)
        assert panel.pages.widget().width() <= panel.pages.viewport().width()


def test_a_click_beside_the_body_is_told_and_loses_nothing(asked):
    click(asked, SACRUM)
    before = asked.store.state
    QTest.mouseClick(asked.stage.plotter, LEFT, NONE, QPoint(asked.stage.width() - 6, asked.stage.height() // 2))
    assert asked.store.state == before
    assert "beside the body" in asked.around.toast.text()


def test_choosing_an_answer_plays_its_chain(asked):
    click(asked, (-18.0, -125.0, 33.0))
    links = [b for b in asked.aside.pain.panel.findChildren(QPushButton) if b.property("role") == "link"]
    links[0].click()
    QTest.qWait(50)
    state = asked.store.state
    assert (state.band, state.side, state.playing, state.panel) == ("posterior", "left", True, "pain")
    assert state.zones.shown
    assert state.skin.opacity < 0.9
    assert asked.stage.scene.zones.shown is not None


def test_escape_leads_back_to_the_card(asked):
    click(asked, SACRUM)
    QTest.keyClick(asked.stage, Qt.Key.Key_Escape)
    state = asked.store.state
    assert (state.panel, state.places, state.hurting) == ("card", (), ())
    assert asked.card.isVisible() and not asked.aside.pain.isVisible()
    assert asked.stage.scene.hurt._meshes is None


def test_undo_takes_a_tick_back(asked):
    asked.store.update(**to.tick("groin", "left", True)(asked.store.state, asked.words))
    assert "hip joint" in asked.aside.pain.panel.text()
    asked.store.undo()
    assert asked.store.state.hurting == ()


def test_steps_put_the_body_and_come_back(window):
    QTest.keyClick(window.stage, Qt.Key.Key_F)
    panel = window.aside.practice.panel
    assert window.store.state.practice == "palpation"
    assert "Step 1 of 4" in panel.text()
    panel.go("clamshell", 1)
    state = window.store.state
    assert (state.movement, state.phase, state.pose, state.playing) == ("clamshell", 0.5, None, False)
    assert not window.note.isVisible()  # the panel says it
    QTest.keyClick(window.stage, Qt.Key.Key_Space)
    assert window.store.state.playing  # the step can be watched as a movement
    assert "knee like a shell" in panel.text()
    panel.go("clamshell", 9)
    assert window.store.state.step == 1
    QTest.keyClick(window.stage, Qt.Key.Key_Escape)
    state = window.store.state
    assert (state.panel, state.movement, state.playing) == ("card", None, False)
    assert (state.pose, state.camera) == (None, None)
    assert state.zones.shown


def test_a_step_with_a_pose_of_its_own_has_nothing_to_play(window):
    QTest.keyClick(window.stage, Qt.Key.Key_F)
    held, transport = window.store.state, window.transport
    assert (held.practice, held.movement) == ("palpation", None)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_0):
        for modifier in (NONE, CONTROL, Qt.KeyboardModifier.ShiftModifier):
            if key in (Qt.Key.Key_Right, Qt.Key.Key_Left) or modifier == NONE:
                QTest.keyClick(window.stage, key, modifier)
    QTest.mouseClick(transport.play, LEFT)
    QTest.mouseClick(transport.scrub, LEFT, NONE, transport.scrub.rect().center())
    window.store.update(curves=True)
    QTest.mouseClick(window.curves.panel, LEFT, NONE, window.curves.panel.rect().center())
    window.store.update(curves=False)
    assert window.store.state == held
    window.aside.practice.panel.go("clamshell", 1)
    QTest.keyClick(window.stage, Qt.Key.Key_Right)
    assert window.store.state.phase > 0.5
    assert transport.play.isEnabled()


def test_choosing_a_movement_ends_what_is_practised(window):
    QTest.keyClick(window.stage, Qt.Key.Key_F)
    window.transport.library._entries["walking"].trigger()
    state = window.store.state
    assert (state.panel, state.practice) == ("card", None)
    assert (state.movement, state.playing, state.pose) == ("walking", True, None)


def test_choosing_a_band_ends_what_is_practised(window):
    QTest.keyClick(window.stage, Qt.Key.Key_F)
    window.aside.practice.panel.go("pin_posterior", 1)
    QTest.keyClick(window.stage, Qt.Key.Key_1)
    state = window.store.state
    assert (state.panel, state.practice, state.movement) == ("card", None, None)
    assert (state.band, state.playing, state.zones.shown) == ("anterior", True, True)
    window.store.undo()
    assert (window.store.state.panel, window.store.state.practice) == ("practice", "pin_posterior")


def test_the_card_opens_its_rows_and_cites_in_the_third_wording(window):
    window.store.update(band="middle")
    assert "Runners" not in window.card.text()
    window.card._open_or_close()
    assert "Runners" in window.card.text()
    assert "sore tendon" in window.card.text()
    window.store.update(wording="sources")
    assert "none for a single band" in window.card.text()
    assert "Harris: the side of the hip." in window.card.text()
    window.card._open_or_close()
