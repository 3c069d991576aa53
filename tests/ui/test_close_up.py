"""The close-up of the grips in the real window: its keys, its links, and what it leaves behind."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from hipviz.model.state import Layer

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def chosen(window):
    window.store.update(band="posterior", phase=0.5, playing=False, skin=Layer(opacity=0.3))
    return window


def test_the_key_leads_there_and_back_and_layers_keep_their_opacity(chosen):
    before = chosen.store.state
    QTest.keyClick(chosen.stage, Qt.Key.Key_G, SHIFT)
    near = chosen.store.state
    assert near.grips and near.attachments.shown and not near.bands.shown and not near.skin.shown
    assert chosen.around.view_link.isVisible() and "Whole hip" in chosen.around.view_link.text()
    QTest.mouseClick(chosen.around.view_link, LEFT)
    assert chosen.store.state == msgspec.structs.replace(before, view=None, camera=None)
    assert not chosen.around.view_link.isVisible()


def test_it_is_one_step_to_undo(chosen):
    before = chosen.store.state
    chosen.commands.trigger("grips")
    chosen.store.undo()
    assert chosen.store.state == before
    chosen.store.redo()
    assert chosen.store.state.grips


def test_escape_leaves_it_before_the_band(chosen):
    chosen.commands.trigger("grips")
    QTest.keyClick(chosen.stage, Qt.Key.Key_Escape)
    assert not chosen.store.state.grips
    assert chosen.store.state.band == "posterior"


def test_the_card_of_a_band_and_the_layer_lead_there(chosen):
    (link,) = [
        link for link in chosen.card.findChildren(QPushButton) if link.text() == "Up close" and link.isVisible()
    ]
    QTest.mouseClick(link, LEFT)
    QTest.qWait(20)
    assert chosen.store.state.grips
    chosen.commands.trigger("grips")
    QTest.mouseClick(chosen.rail.aside["attachments"], LEFT)
    assert "Up close" in chosen.around.view_link.text()
    QTest.mouseClick(chosen.around.view_link, LEFT)
    assert chosen.store.state.grips


def test_it_follows_a_movement_and_a_view_turns_about_the_same_place(chosen):
    chosen.commands.trigger("grips")
    start = chosen.stage.goal(chosen.store.state)
    chosen.store.update(phase=0.1)
    assert chosen.stage.goal(chosen.store.state) == start
    chosen.commands.trigger("view.superior")
    above = chosen.stage.goal(chosen.store.state)
    assert above.focal_point == start.focal_point and above.direction == (0.0, 0.0, 1.0)
    assert above.half_height_mm == start.half_height_mm


@pytest.mark.parametrize("other", ["pain.ask", "practice"])
def test_other_panels_show_the_whole_hip_again(chosen, other):
    chosen.commands.trigger("grips")
    chosen.commands.trigger(other)
    assert not chosen.store.state.grips
    assert chosen.store.state.bands.shown
    assert not chosen.commands.by_id["grips"].isEnabled()


def test_the_thigh_can_be_moved_while_one_looks_near(chosen):
    chosen.commands.trigger("grips")
    chosen.commands.trigger("explore")
    assert chosen.store.state.grips and chosen.store.state.panel == "explore"
    QTest.mouseClick(chosen.around.view_link, LEFT)
    assert not chosen.store.state.grips
