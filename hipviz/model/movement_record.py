"""A movement as content: key poses of pelvis and hips with their times, words per phase, what is active when.

Everything is told for an acting side and mirrored for the other. What lies between keys is computed in `movement`.
"""

import itertools
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from hipviz.model.pose import KNEE_RANGE_DEG, PELVIS_RANGE_DEG, RANGE_OF_MOTION_DEG, HipPose, Position
from hipviz.model.statement import Share, Statement
from hipviz.model.units import Band

Load = Literal["bag", "box"]
Easing = Literal["smooth", "flowing", "linear"]
"""Between two keys: at rest in each key; a smooth closed curve through all keys; straight."""


class PelvisKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the pelvis is turned, degrees: tilted forwards, the other side dropped, the acting side forwards."""

    tilt_deg: float = 0.0
    drop_deg: float = 0.0
    turn_deg: float = 0.0


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where all is at one moment (share of the cycle): the acting hip, the other one, the pelvis, the knees."""

    at: Share
    flexion_deg: float = 0.0
    abduction_deg: float = 0.0
    internal_rotation_deg: float = 0.0
    knee_deg: float = 0.0
    other: HipPose = HipPose()
    other_knee_deg: float = 0.0
    pelvis: PelvisKey = PelvisKey()

    @property
    def pose(self) -> HipPose:
        """The angles of the acting hip alone."""
        return HipPose(self.flexion_deg, self.abduction_deg, self.internal_rotation_deg)

    @property
    def values(self) -> tuple[float, ...]:
        """All angles, degrees: acting hip (3), other hip (3), pelvis (3), acting knee, other knee."""
        pelvis = (self.pelvis.tilt_deg, self.pelvis.drop_deg, self.pelvis.turn_deg)
        return (*self.pose.angles_deg, *self.other.angles_deg, *pelvis, self.knee_deg, self.other_knee_deg)


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named stretch of the cycle, from `start` to the start of the next phase, and what happens in it."""

    start: Share
    name: str
    words: Statement | None = None


class Activity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How active each band is at one moment, as a share of its peak; in between it changes evenly."""

    at: Share
    anterior: Share = 0.0
    middle: Share = 0.0
    posterior: Share = 0.0


class MovementRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One movement: what hips and pelvis do over one cycle and from where it is best seen.

    `azimuth_deg` turns the viewer around the body from straight in front (0) over the acting side (90) to behind
    (180); `elevation_deg` lifts the viewer's eye above the horizon; `half_height_mm` is how much is seen around
    `centre_mm` (acting side, forwards, up, from the middle between the hips).
    position : how the body lies or stands. support : what it rests on. load : what hangs from the hands, a bag
    from that of the other side. planted : the side whose foot stays where it is, or "floor" where whatever is
    lowest rests on it. alternating : the other leg does the same half a cycle later. legs : whether the movement
    can hardly be recognised without lower legs. bands : those it is about. compared_with : the movement that this
    one turns into when there is no weakness. compared_after : how much later in the cycle the stronger side does
    what the weaker one does now. compared_names : what the weaker and the stronger one are called side by side;
    {drop} is how far the pelvis drops, in degrees.
    """

    id: str
    title: Statement
    duration_s: Annotated[float, msgspec.Meta(gt=0.0, le=120.0)]
    azimuth_deg: Annotated[float, msgspec.Meta(ge=-180.0, le=360.0)]
    elevation_deg: Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
    keys: Annotated[tuple[Key, ...], msgspec.Meta(min_length=2)]
    phases: Annotated[tuple[Phase, ...], msgspec.Meta(min_length=1)]
    position: Position = "standing"
    support: Literal["floor", "bed", "chair", "chair_ahead"] | None = None
    load: Load | None = None
    planted: Literal["acting", "other", "floor"] | None = None
    easing: Easing = "smooth"
    alternating: bool = False
    legs: bool = False
    half_height_mm: Annotated[float, msgspec.Meta(ge=50.0, le=1000.0)] | None = None
    centre_mm: tuple[float, float, float] | None = None
    bands: tuple[Band, ...] = ()
    activity: tuple[Activity, ...] = ()
    about: Statement | None = None
    audience: Statement | None = None
    cautions: tuple[Statement, ...] = ()
    compared_with: str = ""
    compared_after: Share = 0.0
    compared_names: tuple[Statement, ...] = ()

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yield every statement and the field it stands in."""
        for name in ("title", "about", "audience"):
            statement = getattr(self, name)
            if statement is not None:
                yield name, statement
        for number, caution in enumerate(self.cautions, start=1):
            yield f"caution {number}", caution
        for called in self.compared_names:
            yield "compared_names", called
        for phase in self.phases:
            if phase.words is not None:
                yield f"phase '{phase.name}'", phase.words

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of all sources that its statements cite, in the order of first citation."""
        return tuple(dict.fromkeys(source for _, statement in self.statements() for source in statement.sources))


def inconsistencies(movement: MovementRecord) -> list[str]:
    """Return what is wrong with the times and angles of a movement, in words."""
    faults = []
    times = [key.at for key in movement.keys]
    if times[0] != 0.0 or times[-1] != 1.0:
        faults.append("the keys must begin at 0 and end at 1")
    faults += [f"the times of the keys must increase, {fault}" for fault in _backwards(times)]
    if movement.keys[0].values != movement.keys[-1].values:
        faults.append("the last key must repeat the first pose, so that the cycle closes")
    starts = [phase.start for phase in movement.phases]
    if starts[0] != 0.0:
        faults.append("the phases must begin at 0")
    faults += [f"the phases must increase, {fault}" for fault in _backwards(starts)]
    moments = [activity.at for activity in movement.activity]
    if moments and (moments[0] != 0.0 or moments[-1] != 1.0):
        faults.append("the activity must begin at 0 and end at 1")
    faults += [f"the times of the activity must increase, {fault}" for fault in _backwards(moments)]
    if movement.alternating and any(key.other != HipPose() or key.other_knee_deg for key in movement.keys):
        faults.append("in an alternating movement the other leg repeats the acting one: leave 'other' out")
    compares = bool(movement.compared_with or movement.compared_after)
    if len(movement.compared_names) != (2 if compares else 0):
        faults.append("compared_names must name the weaker and the stronger one, where the movement compares them")
    for key in movement.keys:
        faults += [f"key at {key.at:g}: {fault}" for fault in _out_of_range(key)]
    return faults


def _backwards(times: list[float]) -> list[str]:
    """Return where times do not go on, in words."""
    pairs = itertools.pairwise(times)
    return [f"but {later:g} follows {earlier:g}" for earlier, later in pairs if later <= earlier]


def _out_of_range(key: Key) -> Iterator[str]:
    limits = RANGE_OF_MOTION_DEG.items()
    angles = [(name, getattr(key, name), limit) for name, limit in limits]
    angles += [(f"other.{name}", getattr(key.other, name), limit) for name, limit in limits]
    angles += [(f"pelvis.{name}", getattr(key.pelvis, name), limit) for name, limit in PELVIS_RANGE_DEG.items()]
    angles += [(name, getattr(key, name), KNEE_RANGE_DEG) for name in ("knee_deg", "other_knee_deg")]
    for name, angle, (low, high) in angles:
        if not low <= angle <= high:
            yield f"{name} {angle:g} is outside {low:g}…{high:g}"
