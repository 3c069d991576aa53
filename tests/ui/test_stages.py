"""Two pictures beside each other in the real window: linked by hand, named, freed."""

import gc

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hipviz.model.comparison import mirrored
from hipviz.model.state import posture
from hipviz.model.units import BANDS
from hipviz.ui.compare_menu import CompareMenu
from hipviz.view.camera import project

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def two(window):
    """The window with the left side beside the right one."""
    window.store.update(beside="other_side")
    QTest.qWait(30)
    for stage in window.stages.all:
        stage._turn.stop()
        stage._put(stage.goal(stage._choices.state))
    yield window
    window.store.update(beside=None)
    dispose()


def dispose():
    QTest.qWait(10)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def drag(stage):
    start, by = QPoint(stage.width() // 2, stage.height() // 2), QPoint(60, 10)
    QTest.mousePress(stage.plotter, LEFT, NONE, start)
    for share in (0.4, 0.7, 1.0):
        QTest.mouseMove(stage.plotter, start + QPoint(round(share * by.x()), round(share * by.y())))
    QTest.mouseRelease(stage.plotter, LEFT, NONE, start + by)


def band_place(stage, band, side):
    figure = stage.anatomy.figure(posture(stage._choices.state, stage.anatomy.words))
    point, _ = figure.bands[side].surface_point(BANDS.index(band), 0.5, 0.4)
    x, y, _ = project(stage.eye, np.asarray(point), (stage.width(), stage.height()))
    return QPoint(round(x), round(y))


def test_the_second_stage_is_there_only_while_it_is_wanted(two):
    first, second = two.stages.all
    assert two.stages.strip.names == ("Right side", "Left side")
    assert first.geometry().right() < second.x()
    assert first.size() == second.size()
    assert second.scene is not None
    QTest.mouseClick(two.stages.strip.close_button, LEFT)
    assert two.store.state.beside is None
    assert two.stages.all == (first,)
    assert first.geometry() == two.stages.rect()


@pytest.mark.parametrize("dragged", [0, 1])
def test_a_drag_in_either_picture_turns_both_at_once(two, dragged):
    stages = two.stages.all
    before = [stage.eye for stage in stages]
    drag(stages[dragged])
    after = [stage.eye for stage in stages]
    assert after[dragged] != before[dragged]
    assert after[1] == mirrored(after[0])
    assert two.store.state.camera == after[0]
    assert not any(stage.turning for stage in stages)


def test_the_wheel_enlarges_both(two):
    second = two.stages.second
    before = [stage.eye.half_height_mm for stage in two.stages.all]
    centre = QPointF(second.width() / 2, second.height() / 2)
    place = QPointF(second.plotter.mapToGlobal(centre.toPoint()))
    event = QWheelEvent(
        centre, place, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(second.plotter, event)
    after = [stage.eye.half_height_mm for stage in two.stages.all]
    assert after[0] == after[1] < before[0]


def test_a_click_in_the_second_picture_chooses_there(two):
    second = two.stages.second
    QTest.mouseClick(second.plotter, LEFT, NONE, band_place(second, "posterior", "left"))
    state = two.store.state
    assert (state.band, state.side, state.playing) == ("posterior", "right", True)
    two.store.update(phase=0.5, playing=False)
    matrices = [
        stage.scene.bones.meshes[f"femur_{side}"].actor.GetMatrix().GetData()
        for stage, side in zip(two.stages.all, ("right", "left"), strict=True)
    ]
    mirror = np.diag([-1.0, 1.0, 1.0, 1.0])
    here, there = (np.array(matrix).reshape(4, 4) for matrix in matrices)
    np.testing.assert_allclose(mirror @ here @ mirror, there, atol=1e-9)


def test_pointing_in_the_second_picture_marks_the_band_in_both(two, qtbot):
    second = two.stages.second
    QTest.mouseMove(second.plotter, band_place(second, "middle", "left"))
    qtbot.waitUntil(lambda: two.store.state.hovered == "middle")
    name = two.around.hover_name
    assert name.isVisible()
    assert name.x() > second.x()


def test_the_picture_holds_both_and_their_names(two):
    image = two.stages.picture()
    ratio = image.devicePixelRatio()
    assert (image.width(), image.height()) == (two.stages.width() * ratio, two.stages.height() * ratio)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3]
    for stage in two.stages.all:
        part = data[stage.y() : stage.y() + stage.height(), stage.x() : stage.x() + stage.width()]
        assert part.std() > 15.0
    assert data[: two.stages.strip.height()].min() < 120, "names are written"


def test_one_clock_plays_both(two):
    two.store.update(band="middle", playing=True)
    scenes = [stage.scene for stage in two.stages.all]
    QTest.qWait(200)
    assert two.clock.running
    phase = two.store.state.phase
    assert phase > 0.0
    assert [scene._state.phase for scene in scenes] == [phase, phase]
    two.store.update(playing=False)


def test_only_comparisons_that_make_sense_are_offered(window):
    def offered():
        menu = CompareMenu(window, window.store, window.words)
        texts = [entry.text() for entry in menu.actions()]
        menu.deleteLater()
        return texts

    assert offered() == ["One picture", "Beside the other side"]
    window.store.update(movement="trendelenburg", phase=0.5)
    assert "Healthy beside weak" in offered()
    assert window.note.healthy.isVisible()
    QTest.mouseClick(window.note.healthy, LEFT)
    assert window.store.state.beside == "healthy"
    assert window.stages.strip.names[0] == "Weak: the pelvis drops 10°"
    window.store.undo()
    assert window.stages.second is None
    dispose()


def test_a_comparison_that_makes_no_sense_any_more_ends(window):
    window.store.update(movement="trendelenburg", beside="healthy")
    assert window.stages.second is not None
    window.store.update(movement=None, band="middle")
    assert window.stages.second is None
    dispose()


def test_the_second_picture_is_freed(window):
    from hipviz.view.scene import Scene

    def scenes():
        dispose()
        gc.collect()
        return sum(isinstance(each, Scene) for each in gc.get_objects())

    before = scenes()
    for _ in range(3):
        window.store.update(beside="other_side")
        QTest.qWait(20)
        window.store.update(beside=None)
    assert scenes() == before


def test_the_menu_opens_by_key(window):
    QTest.keyClick(window.stage, Qt.Key.Key_C)
    menu = window.findChild(CompareMenu)
    assert menu.isVisible()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert window.store.state.beside == "other_side"
    window.store.update(beside=None)
    dispose()
