"""What the mouse does on the stage: drags turn or push, the wheel enlarges, clicks choose, the pointer names.

Where the camera goes is computed in `navigation`; the stage draws.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from hipviz.ui import changes as to
from hipviz.ui import navigation
from hipviz.ui.comparing import Choices

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.units import Side
    from hipviz.ui.grabbing import Grab
    from hipviz.ui.stage import Stage
    from hipviz.view.picking import Pick

CLICK_PX = 4
"""A press that moves less than this is a click."""
HOVER_MS = 40
BRUSH_STEP_MM = 8.0
"""Painting adds a place when it is this far from all others."""
WHEEL_FACTOR = 1.15


class Pointer(QObject):
    """Watches the mouse over the picture of a stage and turns it into changes of the state."""

    pointed_at = Signal(object, QPointF)
    """What is under the pointer (Pick or None), and where the pointer is."""
    told = Signal(str, QPointF)
    """Words to stand beside the pointer, or none: what a drag of the thigh has reached, the region of the skin."""
    missed = Signal()
    """Somebody pointed at where it hurts, beside the body."""

    def __init__(self, stage: "Stage", choices: Choices) -> None:
        super().__init__(stage)
        self._stage = stage
        self._choices = choices
        self._anatomy: Anatomy | None = None
        self._picture: Any = None
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._button = Qt.MouseButton.NoButton
        self._clicked: Pick | None = None
        self.dragging = False
        self._painting = False
        self._grab: Grab | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(HOVER_MS)
        self._soon.timeout.connect(self.look)

    def watch(self, picture: QObject, anatomy: "Anatomy") -> None:
        """Take over the mouse of the picture's widget."""
        self._picture, self._anatomy = picture, anatomy
        picture.installEventFilter(self)

    def leave(self) -> None:
        """Watch no longer."""
        self._soon.stop()
        if self._picture is not None:
            self._picture.removeEventFilter(self)
        self._picture = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse over the picture; everything else goes its way."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._press(event)
        elif kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._move(event)
        elif kind == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            self._release(event)
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._centre()
        elif kind == QEvent.Type.Wheel and isinstance(event, QWheelEvent):
            self._wheel(event)
        elif kind == QEvent.Type.Leave:
            self._soon.stop()
            self._point_at(None)
            return False
        else:
            return False
        return True

    # -- dragging ------------------------------------------------------------------------------------------------

    def _press(self, event: QMouseEvent) -> None:
        self._stage.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = self._last = event.position()
        self._button = event.button()
        self.dragging = False
        self._soon.stop()
        painting = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) or self._choices.state.brush
        self._painting = self._asking and painting and event.button() == Qt.MouseButton.LeftButton
        if self._painting:
            self._choices.hold()  # one stroke is one step of undo
            self._paint(event.position())
        self._grab = self._grabbed(event)

    @property
    def _asking(self) -> bool:
        """Whether the mouse says where it hurts."""
        return self._choices.state.panel == "pain"

    def _grabbed(self, event: QMouseEvent) -> "Grab | None":
        """Return the thigh that was pressed, where it may be moved by hand."""
        if self._choices.state.panel != "explore" or event.button() != Qt.MouseButton.LeftButton:
            return None
        from hipviz.ui.grabbing import Grab

        found = self._stage.pick(event.position())
        side = self._thigh(found)
        if found is None or side is None or self._anatomy is None:
            return None
        return Grab(self._stage, self._anatomy, side, found.point, self._choices.state)

    def _thigh(self, found: "Pick | None") -> "Side | None":
        if self._choices.state.panel != "explore" or self._anatomy is None or self._stage.scene is None:
            return None
        from hipviz.ui.grabbing import thigh_of

        return thigh_of(found, self._anatomy, self._stage.scene)

    def _pull(self, event: QMouseEvent, grab: "Grab") -> None:
        """Move the grabbed thigh along."""
        state = self._choices.state
        if state.side != grab.side and self._stage.eye is not None:
            # The other hip is meant from now on; the eye stays where it is.
            self._stage.take_over(self._stage.eye)
        twist = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        flat = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._choices.update(**grab.dragged(self._choices.state, event.position(), twist, flat))
        self.told.emit(grab.told(state.wording), event.position())

    def _paint(self, at: QPointF, afresh: bool = False) -> None:
        """Add the place under the pointer to those that hurt, or begin anew with it."""
        found = self._stage.pick_skin(at)
        if found is None:
            if afresh:
                self.missed.emit()
            return
        places = () if afresh else self._choices.state.places
        if all(math.dist(found, place) > BRUSH_STEP_MM for place in places):
            self._choices.update(places=(*places, found), hurting=())

    def _move(self, event: QMouseEvent) -> None:
        eye = self._stage.eye
        if self._pressed is None or eye is None:
            self._last = event.position()
            if not self._soon.isActive():
                self._soon.start()
            return
        if self._painting:
            self._paint(event.position())
            return
        if not self.dragging:
            if (event.position() - self._pressed).manhattanLength() < CLICK_PX:
                return
            self.dragging = True
            self._point_at(None)
            self._picture.setCursor(Qt.CursorShape.ClosedHandCursor)
            if self._grab is not None:
                self._choices.hold()
        if self._grab is not None:
            self._last = event.position()
            self._pull(event, self._grab)
            return
        step = event.position() - self._last
        self._last = event.position()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        turns = self._button == Qt.MouseButton.LeftButton and not shift
        move = navigation.orbited if turns else navigation.panned
        self._stage.take_over(move(eye, step.x(), step.y(), self._stage.height()))

    def _release(self, event: QMouseEvent) -> None:
        clicked = (
            self._pressed is not None
            and not self.dragging
            and not self._painting
            and self._grab is None
            and self._button == Qt.MouseButton.LeftButton
        )
        if self._grab is not None and self.dragging:
            self._choices.release()
            self.told.emit("", event.position())
        if self._painting:
            self._choices.release()
        self._pressed, self.dragging, self._painting, self._grab = None, False, False, None
        self._picture.unsetCursor()
        if clicked:
            self._click(event.position())

    def _wheel(self, event: QWheelEvent) -> None:
        notches, eye = event.angleDelta().y() / 120.0, self._stage.eye
        if notches and eye is not None:
            width, height = self._stage.width(), self._stage.height()
            right, down = event.position().x() - width / 2, event.position().y() - height / 2
            self._stage.take_over(navigation.zoomed(eye, WHEEL_FACTOR**notches, right, down, height))

    # -- clicking ------------------------------------------------------------------------------------------------

    def _click(self, place: QPointF) -> None:
        if self._asking:
            self._clicked = None
            self._paint(place, afresh=True)
            return
        found = self._clicked = self._stage.pick(place)
        state = self._choices.state
        assert self._anatomy is not None
        if found is not None and found.band is not None:
            changes = to.choose(found.band)(state, self._anatomy.words)
            if found.side is not None and found.side != state.side:
                # A click on the other side means that band of that side, seen from where the user is.
                changes |= {"side": found.side}
            self._choices.update(**changes)
        elif (found is None or found.kind == "skin") and not state.presenting:
            self._choices.update(**to.clear(state, self._anatomy.words))

    def _centre(self) -> None:
        self._pressed = None
        found = self._clicked  # by the first of the two clicks, which may have set the picture in motion
        scene = self._stage.scene
        if found is not None and scene is not None:
            # Not taken over as a drag is: the way there is animated.
            goal = self._stage.goal(self._choices.state)
            self._choices.update(camera=navigation.centred(goal, scene.in_room(found.point)))

    # -- pointing ------------------------------------------------------------------------------------------------

    def look_soon(self) -> None:
        """Look again at what is under the pointer: the picture has changed under it."""
        if self._picture is not None and self._picture.underMouse():
            self._soon.start()

    def look(self) -> None:
        """Name and mark what is under the pointer."""
        if self._pressed is None and not self._stage.turning:
            if self._asking:
                self._tell_region()
            else:
                self._point_at(self._stage.pick(self._last))

    def forget(self) -> None:
        """Name nothing while the picture turns under the pointer."""
        self._soon.stop()
        self.pointed_at.emit(None, self._last)

    def _tell_region(self) -> None:
        """Name the region of the skin under the pointer: what a click would say hurts."""
        self._point_at(None)
        place, name = self._stage.pick_skin(self._last), ""
        if place is not None and self._picture is not None and self._anatomy is not None:
            self._picture.setCursor(Qt.CursorShape.CrossCursor)
            pain = self._anatomy.pain
            for region, side in pain.regions_of(pain.spots(np.array(place)))[:1]:
                called = pain.words.regions[region].name.in_register(self._choices.state.wording)
                name = (self.tr("{name}, right") if side == "right" else self.tr("{name}, left")).format(
                    name=called
                )
        self.told.emit(name, self._last)

    def _point_at(self, found: "Pick | None") -> None:
        if self._picture is not None:
            shape = Qt.CursorShape.ArrowCursor
            if found is not None and found.band is not None:
                shape = Qt.CursorShape.PointingHandCursor
            elif self._thigh(found) is not None:
                shape = Qt.CursorShape.OpenHandCursor
            self._picture.setCursor(shape)
        here = found is not None and found.side == self._choices.state.side
        self._choices.update(hovered=found.band if found is not None and here else None)
        self.pointed_at.emit(found, self._last)
