"""The picture of a State: keeps the actors and does only the work that differs from the last state.

It draws into any pyvista plotter and never renders by itself; labels and marks are laid out in `annotations`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyvista as pv

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.movement_record import MovementRecord
from hipviz.model.pose import Posture
from hipviz.model.referral import reach
from hipviz.model.stance import room_matrix
from hipviz.model.state import Camera, State, activities, legs_shown, movement_of, posture
from hipviz.model.units import BANDS, SIDES, Floats, Side, opposite
from hipviz.view.annotations import Annotations, Annotator
from hipviz.view.band_look import band_look
from hipviz.view.bones import BoneActors
from hipviz.view.camera import carried, veil_of
from hipviz.view.grips import GripActors
from hipviz.view.hands import BallActor, CushionActor
from hipviz.view.hurt import HurtActors
from hipviz.view.layout import Box, Measure
from hipviz.view.lighting import lamps
from hipviz.view.muscle import MuscleActors
from hipviz.view.neighbours import LAYERS, NeighbourActors
from hipviz.view.picking import Pick, Picker
from hipviz.view.room import RoomActors
from hipviz.view.skin import SkinActor
from hipviz.view.tokens import Theme, Tokens, tokens
from hipviz.view.zones import ZoneActors

Quality = Literal["low", "normal", "high"]

EYE_DISTANCE_MM, CLIPPED_MM = 1500.0, 1100.0
LOOKS_UP = -0.25
"""Height of the direction to an eye below which it would see the body only through what it rests on."""
DENSE_SKIN = 0.7
"""Density of the skin from which it is the ground that zones are read on."""
OUTLINE_PX, LINES_FOR_PX = 1.1, 900.0
"""Width of outlines in a picture of this height; they grow and shrink with it."""


@dataclass(frozen=True)
class Aspect:
    """One thing that the picture shows of a state: when `of` it changes, `draw` is called."""

    of: Callable[[State], object]
    draw: Callable[[State], None]


class Scene:
    """Draws any state from nothing into `plotter`; the owner of the plotter renders.

    Everything is drawn in the pelvis' own frame. Where a movement carries the whole body through the room, it is
    the eye, the floor and the bed that are put where the body sees them: the same picture, and nothing that
    belongs to the body is moved twice.
    """

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy) -> None:
        self.plotter = plotter
        self._adult = anatomy
        self.anatomy = anatomy
        self._tokens: Tokens = tokens("light")
        self._quality: Quality = "normal"
        self._moving = False
        self._drawn: dict[int, object] = {}
        self._posture: Posture | None = None
        self._figure: Figure = anatomy.figure(Posture())
        stage: Any = plotter
        self._stage = stage  # pyvista's wrapped methods defeat static types
        lamps(plotter)
        stage.enable_parallel_projection()
        # VTK would mix whatever is translucent by weights; drawn one over the other, what lies on top stays crisp.
        stage.renderer.SetUseOIT(False)
        self.bones = BoneActors(plotter, anatomy)
        self.muscle = MuscleActors(plotter, anatomy, self._figure)
        self.skin = SkinActor(plotter, anatomy, self._figure)
        self.zones = ZoneActors(plotter, anatomy)
        self.room = RoomActors(plotter, anatomy)
        self._into_room = np.eye(4)
        self.hurt = HurtActors(plotter, anatomy)
        self.neighbours = NeighbourActors(plotter, anatomy, under=self.skin.first)
        self.ball = BallActor(plotter, anatomy)
        self.cushion = CushionActor(plotter, anatomy)
        self.grips = GripActors(plotter, anatomy, self._figure)
        self._annotator = Annotator(anatomy)
        self._picker = Picker(plotter.renderer, self.bones, self.muscle, self.skin)
        self._aspects = (
            Aspect(lambda state: state.proportions, self._reshape),
            Aspect(lambda state: (posture(state, anatomy.words), state.grips, state.proportions), self._place),
            Aspect(lambda state: (state.bones, state.side, self._veil), self._draw_bones),
            Aspect(
                lambda state: (
                    *(state.side, state.band, state.movement, state.pose is None, state.panel == "explore"),
                    *(state.hovered, state.bands, state.isolated, self._veil),
                ),
                self._draw_muscle,
            ),
            Aspect(lambda state: _steps(activities(state, anatomy.words)), self._glow),
            Aspect(lambda state: (self._supported(state), state.side), self._draw_support),
            Aspect(lambda state: legs_shown(state, anatomy.words), self._draw_legs),
            Aspect(lambda state: (state.xray, state.side, state.band), self._open_skin),
            Aspect(lambda state: (state.skin, state.zones, state.band, state.xray), self._draw_skin),
            Aspect(
                lambda state: (state.side, state.band, state.zones, self.skin.strength > DENSE_SKIN),
                self._draw_zones,
            ),
            Aspect(lambda state: reach(state.referral), lambda state: self.zones.spread(*reach(state.referral))),
            Aspect(lambda state: (state.panel, state.hurting, state.places), self._draw_hurt),
            Aspect(
                lambda state: (*(state.layer(name) for name in LAYERS.values()), state.side, self._veil),
                self._draw_neighbours,
            ),
            Aspect(lambda state: (state.attachments, state.proportions), self._draw_grips),
            Aspect(
                lambda state: (state.practice, state.step, state.side, state.band, posture(state, anatomy.words)),
                self._draw_things,
            ),
        )
        self._state: State | None = None
        self._widening = (0.0, 0.0)
        self._mm_per_px = 0.0
        self._veil = 0.0
        stage.renderer.AddObserver("StartEvent", self._before_render)
        self.set_theme("light")
        self.set_quality("normal")

    # -- what is shown -------------------------------------------------------------------------------------------

    def show(self, state: State) -> None:
        """Draw a state; the eye stays where `set_camera` put it, since turning takes time."""
        self._state = state
        for index, aspect in enumerate(self._aspects):
            seen = aspect.of(state)
            if index not in self._drawn or self._drawn[index] != seen:
                aspect.draw(state)
                self._drawn[index] = seen

    @property
    def figure(self) -> Figure:
        """The figure that is drawn."""
        return self._figure

    def redraw(self) -> None:
        """Do all the work for the present state again, e.g. after a change of theme."""
        self._drawn.clear()
        if self._state is not None:
            self.show(self._state)

    def _reshape(self, state: State) -> None:
        """Take the adult with the proportions wanted; everything is then placed anew."""
        anatomy = self._adult.shaped(state.proportions)
        if anatomy is self.anatomy:
            return
        self.anatomy = anatomy
        for part in (self.bones, self.room, self.neighbours, self.grips):
            part.reshape(anatomy)
        self._annotator = Annotator(anatomy)
        self._posture = None

    def _place(self, state: State) -> None:
        wanted = posture(state, self.anatomy.words)
        figure = self.anatomy.figure(wanted)
        before = self._posture
        eye = self.camera()
        # From near, the body stays upright whatever it does: there is no room around it.
        self._into_room = np.eye(4) if state.grips else room_matrix(self.room.build, wanted)
        self._aim(eye)
        self.room.place(wanted, self._into_room)
        if before is not None and before.hips == wanted.hips:
            self._posture = wanted
            return
        moved = SIDES if before is None else tuple(side for side in SIDES if before.of(side) != wanted.of(side))
        self._posture, self._figure = wanted, figure
        self.bones.place(figure)
        self.muscle.place(figure, moved)
        self.skin.place(figure)
        self.zones.place(figure)
        self.hurt.place(figure)
        self.neighbours.place(wanted)
        self.grips.place(figure)

    def _draw_bones(self, state: State) -> None:
        self.bones.fade(state.bones.strength, opposite(state.side), self._veil)

    def _draw_muscle(self, state: State) -> None:
        movement = movement_of(state, self.anatomy.words) if state.movement and state.pose is None else None
        looks = {
            (side, band): band_look(state, side, band, self._veil if side != state.side else 0.0, movement)
            for side in SIDES
            for band in BANDS
        }
        self.muscle.dress(looks, self._tokens)
        self.muscle.widen(self._widening)

    def _glow(self, state: State) -> None:
        movement = movement_of(state, self.anatomy.words)
        told = movement is not None and bool(movement.activity) and state.pose is None
        shares = activities(state, self.anatomy.words)
        self.muscle.glow(
            {(side, band): shares[side][i] for side in SIDES for i, band in enumerate(BANDS)} if told else {}
        )

    def _draw_support(self, state: State) -> None:
        self.room.rest_on(self._supported(state), state.side, self._tokens)

    def _supported(self, state: State) -> MovementRecord | None:
        """Return the movement whose floor or bed is shown; from near there is none."""
        return movement_of(state, self.anatomy.words) if state.pose is None and not state.grips else None

    def _draw_legs(self, state: State) -> None:
        shown = legs_shown(state, self.anatomy.words)
        self.room.show_legs(shown)
        self.skin.meet_legs(shown)

    def _open_skin(self, state: State) -> None:
        seen = state.band if state.xray else None
        self.skin.open(self.anatomy.xray_window(seen, state.side) if seen is not None else None)

    def _draw_skin(self, state: State) -> None:
        zones_shown = state.band is not None and state.zones.strength > 0.0
        self.skin.dress(state.skin.strength, self._tokens, zones_shown)

    def _draw_zones(self, state: State) -> None:
        shown = (state.band, state.side) if state.band is not None else None
        # A dense skin is bright in either theme: what is drawn on it takes the colours that are seen there.
        colours = tokens("light") if self.skin.strength > DENSE_SKIN else self._tokens
        self.zones.dress(shown, state.zones.strength, colours, self._figure)

    def _draw_hurt(self, state: State) -> None:
        asked = state.panel == "pain"
        self.hurt.dress(state.hurting if asked else (), state.places if asked else (), self._tokens, self._figure)

    def _draw_things(self, state: State) -> None:
        for thing in (self.ball, self.cushion):
            thing.show(state, self._figure, self._tokens)

    def _draw_neighbours(self, state: State) -> None:
        strengths = {muscle: state.layer(layer).strength for muscle, layer in LAYERS.items()}
        self.neighbours.dress(strengths, opposite(state.side), self._veil)

    def _draw_grips(self, state: State) -> None:
        self.grips.dress(state.attachments.strength, self._tokens)

    # -- how it is shown -----------------------------------------------------------------------------------------

    @property
    def tokens(self) -> Tokens:
        """The colours in use."""
        return self._tokens

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._tokens = tokens(theme)
        self._stage.set_background(self._tokens.stage_bottom, top=self._tokens.stage_top)
        self.bones.recolour(self._tokens)
        self.redraw()

    def set_quality(self, quality: Quality) -> None:
        """Choose between speed and finish."""
        self._quality = quality
        self._apply_quality()

    def set_moving(self, moving: bool) -> None:
        """Leave out what is costly while the eye or the model moves; bring it back when it stands still."""
        if moving != self._moving:
            self._moving = moving
            self._apply_quality()

    def _apply_quality(self) -> None:
        full = not self._moving
        self.bones.refine(self._quality == "high")
        outlined = self._quality == "high" or (self._quality == "normal" and full)
        self.bones.outline(outlined)
        self.muscle.outline(outlined, self._tokens)
        # FXAA draws black over a multisampled picture: one or the other.
        multisampled = self._quality == "high" and full
        self._stage.render_window.SetMultiSamples(8 if multisampled else 0)
        self._stage.renderer.SetUseFXAA(not multisampled and self._quality != "low" and full)

    # -- the eye -------------------------------------------------------------------------------------------------

    def set_camera(self, eye: Camera) -> None:
        """Put the eye somewhere in the room."""
        self._aim(eye)
        self._lift_veil()

    def _aim(self, eye: Camera) -> None:
        eye = carried(eye, np.asarray(np.linalg.inv(self._into_room), dtype=np.float64))
        target, direction = np.array(eye.focal_point), np.array(eye.direction)
        camera = self._stage.camera
        camera.SetParallelProjection(True)
        camera.SetFocalPoint(*target)
        camera.SetPosition(*(target + EYE_DISTANCE_MM * direction))
        camera.SetViewUp(*eye.up)
        camera.SetParallelScale(eye.half_height_mm)
        camera.SetClippingRange(EYE_DISTANCE_MM - CLIPPED_MM, EYE_DISTANCE_MM + CLIPPED_MM)

    def camera(self) -> Camera:
        """Return where the eye is in the room now, also after the user turned it with the mouse."""
        return carried(self._body_eye(), self._into_room)

    def in_room(self, point: Floats) -> Floats:
        """Return a place on the body (3,), mm in the pelvis' frame, as it lies in the room."""
        return np.asarray(self._into_room[:3, :3] @ point + self._into_room[:3, 3])

    def in_body(self, point: Floats, direction: Floats) -> tuple[Floats, Floats]:
        """Return a place and a direction of the room as the pelvis' frame has them, (3,) each."""
        turn, move = self._into_room[:3, :3], self._into_room[:3, 3]
        return np.asarray(turn.T @ (point - move)), np.asarray(turn.T @ direction)

    def _body_eye(self) -> Camera:
        """Return where the eye is in the pelvis' frame."""
        camera = self._stage.camera
        target = np.array(camera.GetFocalPoint())
        direction = np.array(camera.GetPosition()) - target
        direction /= np.linalg.norm(direction)
        up = np.array(camera.GetViewUp())
        up -= (up @ direction) * direction
        up /= np.linalg.norm(up)
        return Camera(
            (float(target[0]), float(target[1]), float(target[2])),
            (float(direction[0]), float(direction[1]), float(direction[2])),
            (float(up[0]), float(up[1]), float(up[2])),
            float(camera.GetParallelScale()),
        )

    def _before_render(self, *_: object) -> None:
        width, height = self._stage.renderer.GetSize()
        if width < 1 or height < 1:
            return
        ratio = max(0.5, height / LINES_FOR_PX)
        widening = (2.0 * ratio * OUTLINE_PX / width, 2.0 * ratio * OUTLINE_PX / height)
        if widening != self._widening:
            self._widening = widening
            self.bones.widen(widening)
            self.muscle.widen(widening)
        mm_per_px = 2.0 * ratio * self._stage.camera.GetParallelScale() / height
        if abs(mm_per_px - self._mm_per_px) > 0.01 * mm_per_px:
            self._mm_per_px = mm_per_px
            self.muscle.scale(mm_per_px)
        self._lift_veil()

    def _lift_veil(self) -> None:
        """Fade the far side as far as the eye looks through it."""
        if self._state is None:
            return
        self.room.look_from(below=self.camera().direction[2] < LOOKS_UP)
        veil = veil_of(self._body_eye(), self._state.side)
        if veil != self._veil:
            self._veil = veil
            self.show(self._state)

    def annotations(
        self, state: State, size_px: tuple[float, float], measure: Measure, reserved: Sequence[Box] = ()
    ) -> Annotations:
        """Return what is written over the picture of a state, seen from where the eye is now.

        size_px : logical px. measure : size of a label. reserved : boxes that labels must leave free.
        """
        figure = self.anatomy.figure(posture(state, self.anatomy.words))
        return self._annotator.annotations(state, figure, self._body_eye(), size_px, measure, reserved)

    # -- what is under the pointer -------------------------------------------------------------------------------

    def pick(self, x_px: float, y_px: float) -> Pick | None:
        """Return what is drawn at a place given in device px from the bottom left, or None for the background."""
        return self._picker.pick(x_px, y_px)

    def pick_skin(self, x_px: float, y_px: float) -> Pick | None:
        """Return the place on the skin at device px from the bottom left, whatever lies under it."""
        return self._picker.pick_skin(x_px, y_px)


def _steps(shares: dict[Side, tuple[float, ...]]) -> tuple[int, ...]:
    """Return activities in steps too small to be seen, so that a picture without change stays as it is."""
    return tuple(round(40.0 * share) for side in SIDES for share in shares[side])
