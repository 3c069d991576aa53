"""All that the user has chosen, in one frozen struct. What follows from it is computed, never stored here."""

from typing import Annotated, Literal

import msgspec

from hipviz.model.content import Words
from hipviz.model.movement import activity_at, posture_of, values_at
from hipviz.model.movement_record import MovementRecord, PelvisKey
from hipviz.model.pose import NEUTRAL, Angle, HipPose, Pelvis, Posture
from hipviz.model.proportions import OWN, Proportions
from hipviz.model.units import Band, Side

Opacity = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
View = Literal["anterior", "posterior", "lateral", "medial", "superior", "inferior"]
VIEWS: tuple[View, ...] = ("anterior", "posterior", "lateral", "medial", "superior", "inferior")
LayerName = Literal["bones", "bands", "skin", "zones", "minimus", "maximus", "piriformis", "attachments"]
LAYERS: tuple[LayerName, ...] = ("skin", "bands", "bones", "zones")
"""Those that are always at hand, in the order of the list."""
ASIDE: tuple[LayerName, ...] = ("minimus", "maximus", "piriformis", "attachments")
"""Those that are hidden until they are asked for: the neighbours, and the grips and lines on the bones."""


Lever = Literal["flexion", "abduction", "internal_rotation", "length"]
Beside = Literal["other_side", "healthy", "start", "end", "default_adult"]
"""What a second picture beside the first one can show; see `comparison`."""


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One layer of the picture: shown or hidden, and how opaque when it is shown."""

    shown: bool = True
    opacity: Opacity = 1.0

    @property
    def strength(self) -> float:
        """Opacity as it is drawn: 0 when hidden."""
        return self.opacity if self.shown else 0.0


class Camera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the user has put the eye: focal point (mm, RAS), unit vectors to the eye and up, half height (mm)."""

    focal_point: tuple[float, float, float]
    direction: tuple[float, float, float]
    up: tuple[float, float, float]
    half_height_mm: Annotated[float, msgspec.Meta(gt=0.0)]


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that decides the picture and the panels.

    `movement` is the id of the movement shown, None for the chosen band's own action; `weakness` is how much of it
    happens where it stands for a weak muscle. `phase` is the moment in it (0…1). `pose`, when given, replaces it;
    `other_pose` is then that of the hip which does not act, and `pelvis` how the pelvis is turned.
    `view` is a canonical view; with `view` and `camera` both None the movement decides where to look from;
    `camera` holds the user's own turn and wins over everything.
    `repeated` is the number of the one phase that is repeated; `curves` opens the chart of lengths over time.
    `legs` shows the lower legs, None as the movement needs them. `levers` opens the panel of moment arms, whose
    chart draws `charted` against `along`, and with `published` what others published beside it; `pull` draws the
    chosen band's line of pull and its lever.
    `grips` looks at the trochanter from near, where each band's grip tells what it does.
    `referral` is the moment (0…1) in the spreading of the chosen point's zone, which is whole at 1; `spreading`
    while that is played. `xray` opens the skin around the chosen band's trigger point and zone.
    `panel` is what stands beside the picture: the band's card, the question where it hurts, something to do,
    or the sliders of the free pose.
    `hurting` are regions with their sides, `places` points on the skin at rest (mm),
    which any drag paints while the `brush` is in hand; `practice` and `step` are
    what is done. `beside` is what a second picture shows, where that makes sense. `specimen` is the folder of the
    bones that are shown, empty for the default adult; `proportions` are other measures that they are given.
    """

    side: Side = "right"
    band: Band | None = None
    movement: str | None = None
    weakness: Opacity = 1.0
    phase: Opacity = 0.0
    playing: bool = False
    speed: Annotated[float, msgspec.Meta(ge=0.25, le=2.0)] = 1.0
    loop: bool = True
    repeated: Annotated[int, msgspec.Meta(ge=0)] | None = None
    curves: bool = False
    pose: HipPose | None = None
    other_pose: HipPose = NEUTRAL
    pelvis: PelvisKey = PelvisKey()

    bones: Layer = Layer()
    bands: Layer = Layer()
    skin: Layer = Layer(opacity=0.5)
    zones: Layer = Layer()
    minimus: Layer = Layer(shown=False)
    maximus: Layer = Layer(shown=False, opacity=0.6)
    piriformis: Layer = Layer(shown=False)
    attachments: Layer = Layer(shown=False)
    isolated: bool = False
    xray: bool = False
    referral: Opacity = 1.0
    spreading: bool = False
    legs: bool | None = None

    view: View | None = None
    camera: Camera | None = None
    labels: bool = True

    beside: Beside | None = None
    specimen: str = ""
    proportions: Proportions = OWN

    levers: bool = False
    charted: Lever = "internal_rotation"
    along: Angle = "flexion"
    published: bool = False
    pull: bool = False
    grips: bool = False

    wording: Literal["plain", "clinical", "sources"] = "plain"
    theme: Literal["system", "light", "dark"] = "system"
    text_scale: Annotated[float, msgspec.Meta(ge=0.8, le=2.0)] = 1.0
    quality: Literal["auto", "low", "normal", "high"] = "auto"
    presenting: bool = False

    panel: Literal["card", "pain", "practice", "explore", "shape"] = "card"
    hurting: tuple[tuple[str, Side], ...] = ()
    places: tuple[tuple[float, float, float], ...] = ()
    brush: bool = False
    practice: str | None = None
    step: Annotated[int, msgspec.Meta(ge=0)] = 0

    hovered: Band | None = None

    def layer(self, name: LayerName) -> Layer:
        """Return a layer by its name."""
        layer: Layer = getattr(self, name)
        return layer


TRANSIENT = frozenset({"phase", "playing", "referral", "spreading", "hovered", "camera", "specimen", "brush"})
"""Fields that change without being a choice: they make no undo step."""

FORGOTTEN = frozenset(
    {"phase", "movement", "weakness", "repeated", "playing", "referral", "spreading", "hovered", "presenting"}
    | {"pose", "other_pose", "pelvis", "proportions"}
    | {"panel", "hurting", "places", "brush", "practice", "step"}
)
"""Fields that a new session does not take over from the last one."""


def movement_of(state: State, words: Words) -> MovementRecord | None:
    """Return the movement that the state shows: the one chosen, else the chosen band's own action."""
    if state.movement is not None and state.movement in words.movements:
        return words.movements[state.movement]
    return words.movements[words.bands[state.band].movement] if state.band is not None else None


def acting_pose(state: State, words: Words) -> HipPose:
    """Return the pose of the hip on the chosen side."""
    if state.pose is not None:
        return state.pose
    return posture(state, words).of(state.side)


def posture(state: State, words: Words) -> Posture:
    """Return the posture of the whole body; poses of one's own replace the movement."""
    movement = movement_of(state, words)
    if state.pose is not None or movement is None:
        if state.pose is None:
            return Posture()
        pose, beside, turn = state.pose, state.other_pose, state.pelvis
        towards = 1.0 if state.side == "right" else -1.0
        pelvis = Pelvis("standing", state.side, turn.tilt_deg, towards * turn.drop_deg, towards * turn.turn_deg)
        return Posture(pose, beside, pelvis) if state.side == "right" else Posture(beside, pose, pelvis)
    values = values_at(movement, state.phase)
    healthy = words.movements.get(movement.compared_with)
    if healthy is not None and state.weakness < 1.0:
        strong = values_at(healthy, state.phase)
        values = strong + state.weakness * (values - strong)
    return posture_of(movement, values, state.phase, state.side)


def activities(state: State, words: Words) -> dict[Side, tuple[float, ...]]:
    """Return how active the three bands of each side are, 0…1 of their peak, where a movement tells it."""
    movement = movement_of(state, words)
    silent = (0.0, 0.0, 0.0)
    if movement is None or state.pose is not None or not movement.activity:
        return {"right": silent, "left": silent}
    acting = tuple(float(share) for share in activity_at(movement, state.phase))
    later = activity_at(movement, state.phase + 0.5) if movement.alternating else silent
    beside = tuple(float(share) for share in later)
    return {"right": acting, "left": beside} if state.side == "right" else {"right": beside, "left": acting}


def legs_shown(state: State, words: Words) -> bool:
    """Return whether the lower legs are drawn: never around the trochanter from near."""
    if state.grips:
        return False
    if state.legs is not None:
        return state.legs
    movement = movement_of(state, words)
    return movement is not None and movement.legs and state.pose is None
