"""What is written and drawn over the picture: labels, axis, arrows, X, angles, orientation.

Here it is decided what is said and where it points; `layout` finds places for labels, the window paints them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.content import Statement
from hipviz.model.guidance import step_of
from hipviz.model.movement import end_key, end_pose, spoken_angles
from hipviz.model.referral import beat, reach
from hipviz.model.state import Camera, State, acting_pose, movement_of, posture
from hipviz.model.units import BANDS, MIRROR, SIDES, Floats, Side
from hipviz.view.camera import frame, marker, outward_in, project, veil_of, words_of
from hipviz.view.grip_labels import GripLabels
from hipviz.view.hands import Hands, HandSign
from hipviz.view.layout import Box, Label, Measure, Point, Room, Wish, laid_out
from hipviz.view.marks import Arrow, arrows, axis_line
from hipviz.view.neighbour_labels import covers, neighbour_wishes, opaque
from hipviz.view.pull import Pull, charted_angle, grip_arrows, pulls, reaching
from hipviz.view.pull import axis_line as lever_axis
from hipviz.view.sight import Prospect, Sight, behind, borders

WORDS = {
    "trigger_point": Statement("Trigger point", "Trigger point"),
    "axis": Statement("Axis of the turn", "Axis of rotation"),
    "essential": Statement("Felt here", "Essential zone"),
    "spillover": Statement("May spread here", "Spillover zone"),
    "stroke": Statement("Stroke across, front to back", "Strokes across the fibres"),
    "hold": Statement("Hold here", "Pin here"),
    "between": Statement("Drop in between", "Between crest and trochanter"),
}

FOR_THE_HAND = ("crest_highest", "greater_trochanter")
"""What a hand looks for first: all that is named while something is done, besides what a finger lies on."""
HANDS_ON = ("practice", "explore")
"""Panels beside which the body is held in a pose."""
MEDIAL_OF_MM = 66.0
"""Structures farther from the midline than this are labelled on the lateral side, others on the nearer one."""
THINNING = 4
"""Every so many-th vertex of the bones stands for them when sight is tested and the outline is sought."""
OPAQUE_SKIN = 0.9
"""Denser skin hides what lies under it: nothing there is named."""
ROOMY_PX, NARROW_PX = 700.0, 460.0
"""In lower pictures only landmarks of the first rank are named, in narrower ones none, and nothing on the body."""
VISIBLE_COSINE, BAND_COSINE, MARK_COSINE = 0.22, 0.02, -0.1
"""How squarely a zone, a band and a trigger point must face the viewer to be pointed at."""
MARK_RADIUS_MM = 5.0
"""Half the width of an X on the body: what lies before any part of it hides it."""
BAND_SPOTS = {"anterior": 0.45, "middle": 0.28, "posterior": 0.5}
"""How far down a band its name points, 0 at the crest … 1: at several heights, so that lines keep apart."""
NAMED_FROM = 0.5
"""How far a zone must have spread to be named."""
SEEN_SHARE = 0.12
"""A zone of which less than this faces the viewer gets a hint instead of a label."""


@dataclass(frozen=True)
class Mark:
    """The X of a trigger point, always painted on top; `hidden` when it lies behind muscle or bone.

    beat : how far it swells while its referral is played, 0…1.
    """

    centre: Point
    hidden: bool
    beat: float = 0.0


@dataclass(frozen=True, eq=False)
class Annotations:
    """All of it, in logical px from the top left of the picture.

    axis : both ends of the axis of rotation, dashed. pivot : the hip centre on it.
    hint : where to look when the zone faces away. view : from where the picture is seen, in words.
    marker : see `camera.marker`. angles : words and degrees of the pose. pulls : see `pull`.
    """

    labels: tuple[Label, ...]
    axis: tuple[Point, Point] | None
    pivot: Point | None
    arrows: tuple[Arrow, ...]
    mark: Mark | None
    hint: str | None
    view: str
    marker: tuple[tuple[str, float, float, float], ...]
    angles: tuple[tuple[str, int], ...]
    pulls: tuple[Pull, ...] = ()
    hands: tuple[HandSign, ...] = ()


class Annotator:
    """Decides what is written; keeps thinned bones for testing sight, and the last view of them."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._bones = {name: surface.vertices[::THINNING] for name, surface in anatomy.surfaces.items()}
        self._rest = {
            (name, side): anatomy.landmark(name, side) for name in anatomy.words.landmarks for side in SIDES
        }
        self._grips = GripLabels(anatomy)
        self._hands = Hands(anatomy)
        self._femoral = {name for name in anatomy.words.landmarks if anatomy.bones.bone_of(name) == "femur"}
        self._prospect: tuple[object, Prospect] | None = None
        self._pelvis: tuple[object, Floats] | None = None

    def annotations(
        self,
        state: State,
        figure: Figure,
        eye: Camera,
        size: Point,
        measure: Measure,
        reserved: Sequence[Box] = (),
    ) -> Annotations:
        """Return everything that is written over the picture of `state` seen from `eye`."""
        words = self._anatomy.words
        prospect = self._prospect_of(state, eye, size)
        # A pose is held: the ways of a movement have no place in it.
        movement = movement_of(state, words) if state.panel not in HANDS_ON else None
        pose = acting_pose(state, words)
        axis = pivot = None
        ways: tuple[Arrow, ...] = ()
        # Axis and arrows tell of one thigh that leaves a still pelvis; a body on its feet moves otherwise.
        if movement is not None and movement.planted is None and not state.grips:
            ends = project(eye, axis_line(self._anatomy, movement, state.side), size)
            axis = (_point(ends[0]), _point(ends[1]))
            pivot = _point(project(eye, self._anatomy.hip_centre(state.side), size))
            ways = arrows(self._anatomy, movement, state.side, pose, eye, size)
        lines: tuple[Pull, ...] = ()
        if state.pull or state.grips:
            # The levers reach to the axis of one angle: it takes the place of the movement's own. Grips turn the
            # thigh about its length.
            angle = charted_angle(state) if state.pull else "internal_rotation"
            ends = project(eye, lever_axis(self._anatomy, state.side, pose, angle), size)
            axis = (_point(ends[0]), _point(ends[1]))
            pivot = _point(project(eye, self._anatomy.hip_centre(state.side), size))
        if state.pull:
            lines = pulls(self._anatomy, state, figure, pose, eye, size)
            axis = reaching(axis, lines) if axis is not None else None
        elif state.grips:
            lines = grip_arrows(self._anatomy, state, figure, eye, size)
        sight = self._sight(state, figure, eye, size)
        mark = self._mark(state, figure, eye, size, sight)
        hands = self._hands.signs(state, figure, eye, size)
        wishes, hint = self._zone_wishes(state, figure, eye, size)
        if state.labels:
            wishes += self._wishes(state, figure, eye, size, prospect, sight)
            if state.grips and not state.pull:
                wishes += self._grips.arrow_wishes(state, pose, lines)
            if mark is not None and state.panel != "practice":
                wish = self._wish("trigger_point", state, mark.centre, outward_in(eye, state.side))
                wishes.append(replace(wish, hidden=mark.hidden))
            wishes += [
                self._wish(sign.kind, state, _point(sign.middle), outward_in(eye, state.side))
                for sign in _first_of_each(hands)
                if sign.kind in WORDS
            ]
            if axis is not None:
                outward = outward_in(eye, state.side)
                end = max(axis, key=lambda place: (round(outward * place[0]), place[1]))
                wishes.append(self._wish("axis", state, end, outward, rank=2))
        else:
            wishes = []
        picture = Box(0.0, 0.0, *size)
        within = [
            wish
            for wish in wishes
            if picture.holds(wish.anchor) and not any(chip.holds(wish.anchor) for chip in reserved)
        ]
        room = Room(
            size,
            prospect.left,
            prospect.right,
            tuple(reserved),
            tight=_narrow(state, size),
            mark=mark.centre if mark is not None else None,
        )
        labels = laid_out(within, room, measure)
        goal = end_pose(movement) if movement is not None and state.pose is None else pose
        return Annotations(
            labels=labels,
            axis=axis,
            pivot=pivot,
            arrows=ways,
            mark=mark,
            hint=hint,
            view=words_of(eye.direction),
            marker=tuple(marker(eye)),
            angles=tuple(spoken_angles(pose, goal, state.wording)),
            pulls=lines,
            hands=hands,
        )

    def _at_rest(self, name: str, side: Side) -> Floats:
        if name in self._grips.places:
            return np.asarray(self._grips.places[name] * (MIRROR if side == "left" else 1.0))
        return self._rest[name, side]

    def _landmark(self, name: str, side: Side, figure: Figure) -> Floats:
        """Return where a landmark lies (3,) mm; as `Anatomy.landmark`, without evaluating the cage each time."""
        place = self._at_rest(name, side)
        if name in self._femoral or name in self._grips.femoral:
            matrix = figure.femur_matrices[side]
            place = matrix[:3, :3] @ place + matrix[:3, 3]
        return np.asarray(place)

    def _prospect_of(self, state: State, eye: Camera, size: Point) -> Prospect:
        """Return what is in sight from `eye`, found anew only when the eye, the side or the movement changes."""
        words = self._anatomy.words
        layers = (state.bones.strength > 0.0, state.bands.strength > 0.0, *opaque(state))
        names = (*words.landmarks, *self._grips.names(state))
        key = (eye, size, state.side, state.band, state.movement, state.pose, state.other_pose, layers, names)
        if self._prospect is not None and self._prospect[0] == key:
            return self._prospect[1]
        moments = [state.phase]
        movement = movement_of(state, words)
        if state.pose is None and movement is not None:
            moments = [movement.keys[0].at, end_key(movement).at]
        seen: set[str] = set()
        everything = []
        for moment in moments:
            figure = self._anatomy.figure(posture(msgspec.structs.replace(state, phase=moment), words))
            sight = self._sight(state, figure, eye, size)
            everything.append(sight.solid)
            for name in names:
                if not sight.hides(project(eye, self._landmark(name, state.side, figure), size)):
                    seen.add(name)
        left, right = borders(np.concatenate(everything), size)
        prospect = Prospect(frozenset(seen), left, right)
        self._prospect = (key, prospect)
        return prospect

    def _sight(self, state: State, figure: Figure, eye: Camera, size: Point) -> Sight:
        """Return what hides things from `eye`: bands, bones, muscles that nobody looks through."""
        sides = SIDES if veil_of(eye, state.side) < 0.5 else (state.side,)
        moving = (
            [figure.bands[side].vertices.reshape(-1, 3)[::2] for side in sides] if state.bands.strength else []
        )
        moving += covers(self._anatomy, state, figure.posture, sides)
        still: list[Floats] = []
        if state.bones.strength or not moving:
            for side in sides:
                matrix = figure.femur_matrices[side]
                moving.append(self._bones[f"femur_{side}"] @ matrix[:3, :3].T + matrix[:3, 3])
            still.append(self._pelvis_from(eye, size, sides))
        return Sight(np.concatenate([project(eye, np.concatenate(moving), size), *still]), _scale(eye, size))

    def _pelvis_from(self, eye: Camera, size: Point, sides: tuple[Side, ...]) -> Floats:
        """Return the projected points (n, 3) of the pelvis, which stays where it is while the thighs move."""
        if self._pelvis is None or self._pelvis[0] != (eye, size, sides):
            points = np.concatenate([self._bones[name] for name in ("sacrum", *(f"hip_bone_{s}" for s in sides))])
            self._pelvis = ((eye, size, sides), project(eye, points, size))
        return self._pelvis[1]

    def _wish(self, kind: str, state: State, anchor: Point, side: int, rank: int = 1) -> Wish:
        text = WORDS[kind].in_register(state.wording)
        return Wish(kind, kind, text, anchor, side, rank)  # type: ignore[arg-type]

    def _wishes(
        self, state: State, figure: Figure, eye: Camera, size: Point, prospect: Prospect, sight: Sight
    ) -> list[Wish]:
        """Return the labels of landmarks that can be seen, and of the bands while none is chosen."""
        outward, lateral_share = outward_in(eye, state.side), abs(float(frame(eye)[0, 0]))
        centre = float(project(eye, self._anatomy.hip_centre(state.side), size)[0])
        # A zone brings its own labels: beside it only the landmarks that orient.
        zone_shown = state.band is not None and state.zones.strength > 0.0
        crowded = state.presenting or size[1] < ROOMY_PX or zone_shown or state.movement is not None
        crowded = crowded or state.attachments.strength > 0.0 or state.panel == "explore"
        highest = 0 if _narrow(state, size) else 1 if crowded else 2 if state.band is not None else 3
        under = state.skin.strength < OPAQUE_SKIN
        bones_seen, bands_seen = under and state.bones.strength > 0.0, under and state.bands.strength > 0.0
        wanted: list[tuple[str, str, int]] = []
        step = step_of(state.practice, state.step, self._anatomy.guidance)
        touched = {name for mark in step.mark for name in mark.at} if step is not None else set()
        for landmark in self._anatomy.words.landmarks.values():
            if state.panel == "practice" and landmark.id not in touched.union(FOR_THE_HAND):
                continue
            if landmark.rank > highest or not bones_seen or landmark.id not in prospect.landmarks:
                continue
            wanted.append((landmark.id, landmark.name.in_register(state.wording), landmark.rank))
        if bones_seen and state.panel != "practice":
            wanted += [
                (name, self._grips.text(name, state.wording), self._grips.rank(name))
                for name in self._grips.names(state)
                if name in prospect.landmarks
            ]
        wishes = []
        for name, text, rank in wanted:
            seen = project(eye, self._landmark(name, state.side, figure), size)
            if lateral_share > 0.35:
                # The place at rest decides: a label must not change sides while the thigh moves.
                side = outward if abs(self._at_rest(name, state.side)[0]) > MEDIAL_OF_MM else 0
            else:
                side = 1 if seen[0] >= centre else -1
            # In sight at the start or at the end, but perhaps not now.
            wishes.append(Wish(name, "landmark", text, _point(seen), side, rank, sight.hides(seen)))
        if state.band is None and bands_seen:
            for index, band in enumerate(BANDS):
                place, normal = figure.bands[state.side].surface_point(index, 0.5, BAND_SPOTS[band])
                if normal @ np.array(eye.direction) < BAND_COSINE:
                    continue
                text = self._anatomy.words.bands[band].name.in_register(state.wording)
                seen = project(eye, place, size)
                # Seen from the side, front and rear band are named in front of them and behind them.
                side = outward if lateral_share > 0.35 else 1 if seen[0] >= centre else -1
                wishes.append(Wish(f"band_{band}", "band", text, _point(seen), side, 1, sight.hides(seen), band))
        if under:
            wishes += neighbour_wishes(self._anatomy, state, figure.posture, eye, size, sight)
        return wishes

    def _mark(self, state: State, figure: Figure, eye: Camera, size: Point, sight: Sight) -> Mark | None:
        if state.band is None or (state.band, state.side) not in self._anatomy.zones or not state.bands.strength:
            return None
        place, normal = self._anatomy.trigger_point(state.band, state.side, figure)
        seen = project(eye, place, size)
        hidden = float(normal @ np.array(eye.direction)) < MARK_COSINE
        return Mark(_point(seen), hidden or sight.hides(seen, MARK_RADIUS_MM), beat(state.referral))

    def _zone_wishes(
        self, state: State, figure: Figure, eye: Camera, size: Point
    ) -> tuple[list[Wish], str | None]:
        """Return labels for the parts of the zone that face the viewer, and a hint when the main part does not."""
        zone = self._anatomy.zones.get((state.band, state.side)) if state.band is not None else None
        if zone is None or state.zones.strength == 0.0:
            return [], None
        wishes, hint = [], None
        facing = figure.skin_normals @ np.array(eye.direction)
        skin = project(eye, figure.skin_vertices, size)
        scale = _scale(eye, size)
        inner = zone.essential > 0.5
        outer = (zone.spillover > 0.4) & (zone.essential < 0.15)
        reached = dict(zip(("essential", "spillover"), reach(state.referral), strict=True))
        for kind, members in (("essential", inner), ("spillover", outer)):
            count = int(members.sum())
            seen = np.flatnonzero(members & (facing > VISIBLE_COSINE))
            if state.skin.strength > 0.0:
                seen = seen[~behind(skin, skin[seen], scale)]
            if kind == "essential" and len(seen) < SEEN_SHARE * max(count, 1):
                mean = figure.skin_normals[members].mean(axis=0)
                where = words_of(mean / (np.linalg.norm(mean) + 1e-9)).removeprefix("Seen ")
                hint = f"It is felt on the far side: look {where}"
            if len(seen) < 3 or reached[kind] < NAMED_FROM:
                continue
            places = skin[seen, :2]
            spot = _deepest(places) if kind == "essential" else _aside(places, size)
            wishes.append(self._wish(kind, state, _point(spot), 0))
        return wishes, hint


def _first_of_each(signs: Sequence[HandSign]) -> list[HandSign]:
    """Return one sign of each kind that can be seen: several strokes have one name."""
    return list({sign.kind: sign for sign in reversed(signs) if not sign.hidden}.values())


def _narrow(state: State, size: Point) -> bool:
    """Tell whether a picture is too narrow for labels beside the body; they are larger while presenting."""
    return size[0] < NARROW_PX * (1.5 if state.presenting else 1.0)


def _deepest(places: Floats) -> Floats:
    """Return the place (2,) nearest to the middle of all."""
    return np.asarray(places[np.argmin(((places - places.mean(axis=0)) ** 2).sum(axis=1))])


def _aside(places: Floats, size: Point) -> Floats:
    """Return a place (2,) in the lower half of all, so that the label stands clear of the essential zone's."""
    lower = places[places[:, 1] >= np.median(places[:, 1])]
    return _deepest(lower if len(lower) else places)


def _point(place: Floats) -> Point:
    return (float(place[0]), float(place[1]))


def _scale(eye: Camera, size: Point) -> float:
    """Return px per mm in a picture of a size."""
    return size[1] / (2.0 * eye.half_height_mm)
