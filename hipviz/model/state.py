"""All that the user has chosen, in one frozen struct. What follows from it is computed, never stored here."""

from typing import Annotated, Literal

import msgspec

from hipviz.model.content import Words
from hipviz.model.movement import pose_at
from hipviz.model.pose import NEUTRAL, HipPose, Posture
from hipviz.model.units import Band, Side

Opacity = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
View = Literal["anterior", "posterior", "lateral", "medial", "superior", "inferior"]
VIEWS: tuple[View, ...] = ("anterior", "posterior", "lateral", "medial", "superior", "inferior")
LayerName = Literal["bones", "bands", "skin", "zones"]
LAYERS: tuple[LayerName, ...] = ("skin", "bands", "bones", "zones")


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

    `phase` is the moment in the chosen band's movement (0…1). `pose`, when given, replaces the movement's pose.
    `view` is a canonical view; with `view` and `camera` both None the chosen band's movement decides where to look
    from; `camera` holds the user's own turn and wins over everything.
    """

    side: Side = "right"
    band: Band | None = None
    phase: Opacity = 0.0
    playing: bool = False
    speed: Annotated[float, msgspec.Meta(ge=0.25, le=2.0)] = 1.0
    loop: bool = True
    pose: HipPose | None = None

    bones: Layer = Layer()
    bands: Layer = Layer()
    skin: Layer = Layer(opacity=0.5)
    zones: Layer = Layer()
    isolated: bool = False

    view: View | None = None
    camera: Camera | None = None
    labels: bool = True

    wording: Literal["plain", "clinical"] = "plain"
    theme: Literal["system", "light", "dark"] = "system"
    text_scale: Annotated[float, msgspec.Meta(ge=0.8, le=2.0)] = 1.0
    quality: Literal["auto", "low", "normal", "high"] = "auto"
    presenting: bool = False

    hovered: Band | None = None

    def layer(self, name: LayerName) -> Layer:
        """Return a layer by its name."""
        layer: Layer = getattr(self, name)
        return layer


TRANSIENT = frozenset({"phase", "playing", "hovered", "camera"})
"""Fields that change without being a choice: they make no undo step."""

FORGOTTEN = frozenset({"phase", "playing", "hovered", "pose", "presenting"})
"""Fields that a new session does not take over from the last one."""


def acting_pose(state: State, words: Words) -> HipPose:
    """Return the pose of the hip on the chosen side."""
    if state.pose is not None:
        return state.pose
    if state.band is None:
        return NEUTRAL
    return pose_at(words.movements[words.bands[state.band].movement], state.phase)


def posture(state: State, words: Words) -> Posture:
    """Return the posture of the whole model: the chosen side acts, the other stands still."""
    return Posture.one_sided(state.side, acting_pose(state, words))
