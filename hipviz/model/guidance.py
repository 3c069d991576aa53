"""What people do and ask beyond movement and zones: rows of a band's card, and practices told in steps.

Records of `content/care.toml` and `content/practice.toml`; where pain is looked up lives in `pain_words`.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec

from hipviz.model.content import CONTENT_FOLDER, Source, Statement, read_records
from hipviz.model.errors import ContentError
from hipviz.model.pose import NEUTRAL, RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.statement import Share
from hipviz.model.units import BANDS, Band

CARE, PRACTICE = "care.toml", "practice.toml"

Topic = Literal["shape", "who_gets_it", "tell_apart", "find_it", "self_treatment", "signs", "caution"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
Kind = Literal["palpation", "release", "self_treatment", "strength", "stretch"]
Lying = Literal["side", "on_it"]
"""How the body lies in the picture, on its side: with the acting hip on top, or below."""


MarkKind = Literal["stroke", "hold", "finger", "between", "ball", "cushion"]
PLACES: dict[MarkKind, tuple[str, tuple[int, ...]]] = {
    "stroke": ("fan", (2, 3, 4)),
    "hold": ("fan", (0, 1)),
    "ball": ("fan", (0, 1)),
    "cushion": ("fan", (0,)),
    "finger": ("at", (1,)),
    "between": ("at", (2,)),
}
"""What says where a mark is, and how many places it may have."""
Palpable = Literal["crest_highest", "greater_trochanter", "asis", "psis"]
Across = Annotated[float, msgspec.Meta(ge=0.0, le=3.0)]
Along = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class CareRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the cards of `bands`."""

    id: str
    topic: Topic
    bands: Annotated[tuple[Band, ...], msgspec.Meta(min_length=1)]
    says: Statement


class HandMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a hand does in a step.

    A stroke runs along places of the fan, each told by how far across it is (0…1 the anterior band from front to
    rear, …, 2…3 the posterior one) and how far along the fibres (0 crest, 1 trochanter); one such place is held or
    has the ball (the trigger point if no place is given). A cushion lies between the knees. Fingers lie `at` a
    landmark; "between" marks the way from one landmark to another and its middle.
    """

    kind: MarkKind
    fan: tuple[tuple[Across, Along], ...] = ()
    at: tuple[Palpable, ...] = ()


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a practice: words, how the body lies, and from where it is seen.

    Where the library has a `movement` for it, the step shows its moment `at`: body, eye and what the body rests on
    come from there. Else the poses of both hips are its own, and azimuth_deg turns the eye around the body's long
    axis from in front (0) over the acting side (90) to behind (180); `near` brings it to the hip. `band` is meant;
    None stands for whichever is chosen. `picture` marks the step that stands for the whole practice.
    """

    says: Statement
    movement: str | None = None
    at: Share = 0.0
    azimuth_deg: Annotated[float, msgspec.Meta(ge=-180.0, le=360.0)] = 90.0
    lying: Lying = "side"
    pose: HipPose = NEUTRAL
    other: HipPose = NEUTRAL
    band: Band | None = None
    picture: bool = False
    near: bool = False
    mark: tuple[HandMark, ...] = ()


class Practice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to do: how it is called, how much, what to mind, and its steps."""

    id: str
    kind: Kind
    bands: Annotated[tuple[Band, ...], msgspec.Meta(min_length=1)]
    name: Statement
    dose: Statement
    care: Statement
    step: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]

    @property
    def pictured(self) -> Step:
        """The step that stands for the whole practice."""
        return next(step for step in self.step if step.picture)


class Guidance(msgspec.Struct, frozen=True):
    """All of it: the rows of each band's card in the order of TOPICS, and the practices by id."""

    rows: dict[Band, dict[Topic, Statement]]
    practices: dict[str, Practice]

    def exercises(self, band: Band) -> tuple[Practice, ...]:
        """Return what a client can do at home for a band."""
        kinds = ("self_treatment", "strength", "stretch")
        return tuple(made for made in self.practices.values() if made.kind in kinds and band in made.bands)


def step_of(practice: str | None, step: int, guidance: Guidance) -> Step | None:
    """Return a step of a practice by number (the last one for any higher number), None for an unknown practice."""
    made = guidance.practices.get(practice or "")
    return made.step[min(step, len(made.step) - 1)] if made is not None else None


def load_guidance(
    sources: dict[str, Source], movements: Collection[str] | None = None, folder: Path = CONTENT_FOLDER
) -> Guidance:
    """Read and check rows and practices; names of `movements` are checked when given.

    Raises ContentError that lists every fault, one per line.
    """
    rows, row_faults = read_records(folder / CARE, "row", CareRow)
    practices, practice_faults = read_records(folder / PRACTICE, "practice", Practice)
    faults = [*row_faults, *practice_faults]
    for kind, records in (("row", rows), ("practice", practices)):
        for record in records:
            place = f"{CARE if kind == 'row' else PRACTICE}, {kind} '{record.id}'"
            faults += [f"{place}: {fault}" for fault in uncited(record, sources)]
    by_band: dict[Band, dict[Topic, Statement]] = {}
    for band in BANDS:
        said = {topic: [row for row in rows if row.topic == topic and band in row.bands] for topic in TOPICS}
        if not row_faults:
            faults += [
                f"{CARE}: {len(found)} rows '{topic}' for the {band} band, where one is needed"
                for topic, found in said.items()
                if len(found) != 1
            ]
        by_band[band] = {topic: found[0].says for topic, found in said.items() if found}
    for practice in practices:
        faults += [f"{PRACTICE}, practice '{practice.id}': {fault}" for fault in _inconsistencies(practice)]
        named = {step.movement for step in practice.step if step.movement is not None}
        unknown = sorted(named - set(movements)) if movements is not None else []
        faults += [f"{PRACTICE}, practice '{practice.id}': no movement is called '{name}'" for name in unknown]
    if faults:
        raise ContentError("\n".join(faults))
    return Guidance(by_band, {practice.id: practice for practice in practices})


def statements(record: object) -> Iterator[Statement]:
    """Yield every statement within a record, at any depth."""
    if isinstance(record, Statement):
        yield record
    elif isinstance(record, msgspec.Struct):
        for field in msgspec.structs.fields(record):
            yield from statements(getattr(record, field.name))
    elif isinstance(record, tuple):
        for part in record:
            yield from statements(part)


def uncited(record: object, sources: dict[str, Source]) -> list[str]:
    """Return a sentence for each source that a record names and that is not known."""
    cited = {name for statement in statements(record) for name in statement.sources}
    return [f"source '{name}' is not in sources.toml" for name in sorted(cited - set(sources))]


def _inconsistencies(practice: Practice) -> Iterator[str]:
    pictured = sum(step.picture for step in practice.step)
    if pictured != 1:
        yield f"{pictured} steps have picture = true, where one is needed"
    for number, step in enumerate(practice.step, start=1):
        posed = Step(step.says, step.movement, step.at, band=step.band, picture=step.picture, mark=step.mark)
        if step.movement is not None and step != posed:
            yield f"step {number}: a step of a movement takes pose and eye from there"
        for mark in step.mark:
            name, counts = PLACES[mark.kind]
            given = {"fan": len(mark.fan), "at": len(mark.at)}
            if given.pop(name) not in counts or any(given.values()):
                yield f"step {number}, mark '{mark.kind}': it is placed by {name}, with {_numbers(counts)} places"
        for hip, pose in (("pose", step.pose), ("other", step.other)):
            for name, (low, high) in RANGE_OF_MOTION_DEG.items():
                angle = getattr(pose, name)
                if not low <= angle <= high:
                    yield f"step {number}, {hip}: {name} {angle:g} is outside {low:g}…{high:g}"


def _numbers(counts: tuple[int, ...]) -> str:
    return " or ".join(str(count) for count in counts)
