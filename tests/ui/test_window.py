"""The real window, driven with real mouse and key events."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from hipviz.model.state import Layer, State, acting_pose, posture
from hipviz.model.units import BANDS
from hipviz.ui.dialogs import KeySheet, Palette
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


# -- choosing -----------------------------------------------------------------------------------------------------


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
    window.store.update(phase=0.5, playing=False)
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
    assert window.hover_name.text() == "Middle band"
    assert window.hover_name.isVisible()
    QTest.mouseMove(window.stage.plotter, QPoint(5, 300))
    qtbot.waitUntil(lambda: window.store.state.hovered is None)
    assert not window.hover_name.isVisible()


def test_the_left_side_moves_the_left_femur_as_the_mirror_image(window):
    window.store.update(band="posterior", phase=0.5)
    right = femur_matrix(window)
    press(window, Qt.Key.Key_L)
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(femur_matrix(window, "left"), mirror @ right @ mirror, atol=1e-9)
    np.testing.assert_allclose(femur_matrix(window), np.eye(4), atol=1e-12)
    press(window, Qt.Key.Key_R)
    assert window.store.state.side == "right"


# -- movement -----------------------------------------------------------------------------------------------------


def test_space_plays_and_pauses_and_time_passes_by_the_clock(window):
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_Space)
    assert not window.store.state.playing and not window.clock.running
    window.store.update(phase=0.0)
    press(window, Qt.Key.Key_Space)
    assert window.clock.running
    QTest.qWait(900)
    press(window, Qt.Key.Key_Space)
    # 0.9 s of a movement of six seconds; a slow machine draws fewer pictures, not a slower movement.
    assert 0.1 < window.store.state.phase < 0.3


def test_nothing_runs_while_nothing_moves(window):
    QTest.qWait(300)
    drawn = []
    tag = window.stage.plotter.render_window.AddObserver("EndEvent", lambda *_: drawn.append(1))
    QTest.qWait(400)
    window.stage.plotter.render_window.RemoveObserver(tag)
    assert not drawn
    assert not window.clock.running and not window.stage._rest.isActive()


def test_a_movement_that_is_not_to_repeat_stops_at_its_end(window, qtbot):
    press(window, Qt.Key.Key_1)
    press(window, Qt.Key.Key_O)
    window.store.update(phase=0.98, speed=2.0)
    qtbot.waitUntil(lambda: not window.store.state.playing)
    assert (window.store.state.phase, window.store.state.playing) == (1.0, False)


def test_arrows_scrub_and_the_read_out_follows(window):
    press(window, Qt.Key.Key_1)
    window.store.update(phase=0.40)
    for _ in range(3):
        press(window, Qt.Key.Key_Right)
    state = window.store.state
    assert not state.playing
    assert state.phase == pytest.approx(0.46)
    assert acting_pose(state, window.words).flexion_deg == pytest.approx(45.0)
    assert "Forwards 45°, Turned in 25°" in window.transport.scrub.accessibleDescription()
    press(window, Qt.Key.Key_W)
    assert "Flexion 45°, Internal rotation 25°" in window.transport.scrub.accessibleDescription()


def test_the_scrub_bar_goes_where_it_is_clicked(window):
    press(window, Qt.Key.Key_2)
    bar = window.transport.scrub
    QTest.mouseClick(bar, LEFT, NONE, QPoint(bar.width() // 2, 17))
    assert window.store.state.phase == pytest.approx(0.5, abs=0.01)
    assert not window.store.state.playing


def test_speed_and_repeat_buttons(window):
    press(window, Qt.Key.Key_2)
    QTest.mouseClick(window.transport.speed.button("0.5"), LEFT)
    QTest.mouseClick(window.transport.loop, LEFT)
    assert (window.store.state.speed, window.store.state.loop) == (0.5, False)
    QTest.mouseClick(window.transport.start, LEFT)
    assert (window.store.state.phase, window.store.state.playing) == (0.0, False)


# -- looking ------------------------------------------------------------------------------------------------------


def test_a_drag_turns_and_the_camera_is_left_alone_afterwards(window, qtbot):
    plotter, before = window.stage.plotter, window.stage.eye
    QTest.mousePress(plotter, LEFT, NONE, QPoint(300, 400))
    for step in range(1, 6):
        QTest.mouseMove(plotter, QPoint(300 + 10 * step, 400))
        QTest.qWait(5)
    QTest.mouseRelease(plotter, LEFT, NONE, QPoint(350, 400))
    own = window.store.state.camera
    assert own is not None and own != before
    assert window.own_view.isVisible()
    press(window, Qt.Key.Key_3)
    QTest.qWait(50)
    assert window.store.state.camera == own == window.stage.eye
    press(window, Qt.Key.Key_Home)
    assert window.store.state.camera is None
    arrive(window, qtbot)
    assert window.stage.eye == window.stage.goal(window.store.state)
    assert not window.own_view.isVisible()


def test_a_press_that_hardly_moves_is_a_click(window):
    plotter, place = window.stage.plotter, band_place(window, "anterior")
    QTest.mousePress(plotter, LEFT, NONE, place)
    QTest.mouseMove(plotter, place + QPoint(1, 1))
    QTest.mouseRelease(plotter, LEFT, NONE, place + QPoint(1, 1))
    assert window.store.state.band == "anterior"
    assert window.store.state.camera is None


@pytest.mark.parametrize(
    ("button", "modifier"),
    [
        (Qt.MouseButton.RightButton, NONE),
        (Qt.MouseButton.MiddleButton, NONE),
        (LEFT, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_right_middle_and_shift_drags_push(window, button, modifier):
    plotter, before = window.stage.plotter, window.stage.eye
    QTest.mousePress(plotter, button, modifier, QPoint(300, 300))
    for step in range(1, 5):
        # QTest's own mouseMove carries no modifiers.
        move(plotter, QPoint(300 + 10 * step, 300), button, modifier)
    QTest.mouseRelease(plotter, button, modifier, QPoint(340, 300))
    after = window.store.state.camera
    assert after is not None
    assert after.direction == pytest.approx(before.direction)
    assert after.focal_point != before.focal_point


def move(widget, place, button, modifier):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, widget.mapToGlobal(where), Qt.MouseButton.NoButton, button, modifier
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_enlarges_at_the_pointer(window):
    plotter, place = window.stage.plotter, band_place(window, "posterior")
    under = window.stage.pick(QPointF(place)).point
    event = QWheelEvent(
        QPointF(place),
        plotter.mapToGlobal(QPointF(place)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = window.stage.eye.half_height_mm
    QApplication.sendEvent(plotter, event)
    assert window.stage.eye.half_height_mm < before / 1.2
    moved = place_of(window, under) - place
    assert abs(moved.x()) <= 1 and abs(moved.y()) <= 1


def test_a_double_click_brings_the_place_to_the_middle(window, qtbot):
    place = band_place(window, "posterior")
    under = window.stage.pick(QPointF(place)).point
    QTest.mouseClick(window.stage.plotter, LEFT, NONE, place)
    QTest.qWait(60)
    QTest.mouseDClick(window.stage.plotter, LEFT, NONE, place)
    arrive(window, qtbot)
    window.store.update(playing=False)
    centre = place_of(window, under)
    assert abs(centre.x() - window.stage.width() / 2) <= 2
    assert abs(centre.y() - window.stage.height() / 2) <= 2


def test_views_turn_by_key_and_by_button(window, qtbot):
    press(window, Qt.Key.Key_4)
    assert window.store.state.view == "anterior"
    assert window.stage.turning, "the turn is animated"
    arrive(window, qtbot)
    assert window.stage.eye.direction == pytest.approx((0.0, 1.0, 0.0), abs=1e-6)
    QTest.mouseClick(window.views.button("superior"), LEFT)
    arrive(window, qtbot)
    assert window.stage.eye.direction == pytest.approx((0.0, 0.0, 1.0), abs=1e-6)
    assert window.views.button("superior").isChecked()


# -- layers, wording, undo ----------------------------------------------------------------------------------------


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


# -- keyboard and screen ------------------------------------------------------------------------------------------


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
    for part in (window.topbar, window.rail, window.card, window.transport, window.views):
        assert not part.isVisible()
    assert window.caption.isVisible()
    assert "Posterior band" in window.caption.accessibleName()
    press(window, Qt.Key.Key_Escape)
    QTest.qWait(100)
    assert window.rail.isVisible() and not window.caption.isVisible()
    assert window.store.state.band == "posterior"


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
    for part in (window.rail.isolate, window.transport.loop, window.views):
        corner = part.mapTo(window, QPoint(part.width(), part.height()))
        assert corner.x() <= 1280 and corner.y() <= 720


def test_the_picture_is_written_as_shown(window, tmp_path):
    from PySide6.QtGui import QImage

    press(window, Qt.Key.Key_2)
    window.write_picture(tmp_path / "hip")
    image = QImage(str(tmp_path / "hip.png"))
    assert image.width() == round(window.stage.width() * window.devicePixelRatioF())
    assert str(tmp_path / "hip.png") in window.toast.text()
    window.write_picture(tmp_path / "no" / "such" / "folder.png")
    assert "could not be saved" in window.notice.words.text()
    window.notice.hide()


def test_dialogs_are_closed_again(window):
    QTest.qWait(10)
    assert not [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


# -- starting and ending ------------------------------------------------------------------------------------------


def test_what_was_chosen_is_there_at_the_next_start(open_window, tmp_path):
    from hipviz.ui.settings import load_settings

    path = tmp_path / "settings.json"
    first = open_window(path=path)
    first.store.update(side="left", wording="clinical", phase=0.3, playing=False)
    first.close()
    settings, told = load_settings(path)
    assert told == ""
    assert settings.state == State(side="left", wording="clinical", theme="light", quality="low")
    assert settings.geometry_bytes


def test_a_window_that_is_closed_leaves_nothing_behind(open_window):
    import gc
    import weakref

    window = open_window()
    window.store.update(band="middle", playing=True)
    QTest.qWait(60)
    traces = [weakref.ref(part) for part in (window, window.stage, window.stage.scene, window.stage.plotter)]
    open_window.dispose(window)
    del window
    gc.collect()
    assert [trace() for trace in traces] == [None] * 4


def test_a_window_that_closes_before_the_anatomy_is_there_says_nothing(qapp, words, points, tmp_path, anatomy):
    from hipviz.ui.store import Store
    from hipviz.ui.window import Window

    window = Window(Store(), words, points, tmp_path / "settings.json")
    window.show()
    window.loading("Reading the bones", 0.3)
    window.close()
    window.show_anatomy(anatomy)
    QTest.qWait(50)
    assert window.stage.scene is None
    window.deleteLater()
