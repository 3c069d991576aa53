"""Words and movements: TOML records read into frozen structs, with every fault reported at once.

What is said about anatomy lives in `hipviz/content/*.toml`, not here; drawing and speaking live in other layers.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args, get_origin

import msgspec

from hipviz.model.errors import ContentError
from hipviz.model.movement_record import MovementRecord, inconsistencies
from hipviz.model.pose import RANGE_OF_MOTION_DEG
from hipviz.model.readings import REVERSALS, Readings, quoted
from hipviz.model.readings import faults as quotation_faults
from hipviz.model.statement import Share as Share
from hipviz.model.statement import Statement as Statement
from hipviz.model.units import BANDS, NEIGHBOURS, Band, Neighbour

CONTENT_FOLDER = Path(__file__).resolve().parent.parent / "content"

Record = TypeVar("Record", bound=msgspec.Struct)


class Disagreement(Statement, frozen=True, forbid_unknown_fields=True):
    """Where sources differ from each other or from what is measured; its texts may quote figures of this model.

    `flexion_deg` is where the difference can be seen: an angle, or the name of a reversal (see `readings`).
    """

    flexion_deg: float | str | None = None

    def quoting(self, values: Readings) -> "Disagreement":
        """Return the same with the figures filled in; what is not known yet becomes an ellipsis and no angle."""
        place = values.get(self.flexion_deg) if isinstance(self.flexion_deg, str) else self.flexion_deg
        texts = {name: quoted(getattr(self, name), values) for name in ("plain", "clinical", "reported")}
        return msgspec.structs.replace(self, flexion_deg=place, **texts)

    def faults(self) -> list[str]:
        """Return what is wrong with the quotations, in words."""
        found = [fault for text in (self.plain, self.clinical, self.reported) for fault in quotation_faults(text)]
        low, high = RANGE_OF_MOTION_DEG["flexion_deg"]
        if isinstance(self.flexion_deg, str) and self.flexion_deg not in REVERSALS:
            found.append(f"flexion_deg '{self.flexion_deg}' is no reversal; an example is {REVERSALS[-1]}")
        if isinstance(self.flexion_deg, float | int) and not low <= self.flexion_deg <= high:
            found.append(f"flexion_deg {self.flexion_deg:g} is outside {low:g}…{high:g}")
        return found


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source as it is cited: `short` beside a sentence, `full` in the list."""

    id: str
    short: str
    full: str


class BandWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the card says about one band, and what its grip does, in the close-up of the trochanter.

    `grip_reversed` takes the place of `grip` where the band turns the thigh the other way than in standing.
    """

    id: Band
    number: Annotated[int, msgspec.Meta(ge=1, le=3)]
    movement: str
    name: Statement
    line: Statement
    action: Statement
    picture: Statement
    why: Statement
    origin: Statement
    insertion: Statement
    nerve: Statement
    grip: Statement
    grip_reversed: Statement
    disagreements: tuple[Disagreement, ...] = ()


class LandmarkWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The label of a landmark; `rank` 1 is always worth showing, higher ranks only when there is room."""

    id: str
    name: Statement
    rank: Annotated[int, msgspec.Meta(ge=1, le=3)] = 2


class LineWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The label of a line on a bone, or of a facet's outline; `at` is where on its way, 0…1, the label points."""

    id: str
    name: Statement
    at: Share


class NeighbourWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The label of a muscle beside the medius; it points at `across` and `along` of one of its three parts."""

    id: Neighbour
    name: Statement
    part: Annotated[int, msgspec.Meta(ge=1, le=3)]
    across: Share
    along: Share


class Words(msgspec.Struct, frozen=True):
    """All content, by id."""

    bands: dict[Band, BandWords]
    movements: dict[str, MovementRecord]
    landmarks: dict[str, LandmarkWords]
    lines: dict[str, LineWords]
    neighbours: dict[Neighbour, NeighbourWords]
    sources: dict[str, Source]
    caution: Statement

    def cite(self, statement: Statement) -> str:
        """Return the short citations of a statement, separated by semicolons."""
        return "; ".join(self.sources[source].short for source in statement.sources)

    def quoting(self, values: Readings) -> "Words":
        """Return the same words with figures of this model filled in where they are quoted."""
        bands: dict[Band, BandWords] = {
            band: msgspec.structs.replace(
                words, disagreements=tuple(found.quoting(values) for found in words.disagreements)
            )
            for band, words in self.bands.items()
        }
        return msgspec.structs.replace(self, bands=bands)


def read_records(path: Path, table: str, kind: type[Record]) -> tuple[list[Record], list[str]]:
    """Read the array of tables `table` of a TOML file as `kind`.

    Returns the sound records and one sentence per fault (file, record, field, reason).
    """
    where = path.name
    try:
        with path.open("rb") as stream:
            document = tomllib.load(stream)
    except FileNotFoundError:
        return [], [f"{where} is missing; reinstall hipviz or put the file back into {path.parent}."]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        return [], [f"{where} is not valid TOML: {fault}"]
    faults = [f"{where}: unknown table '{key}'" for key in document if key != table]
    rows = document.get(table)
    if not isinstance(rows, list) or not rows:
        return [], [*faults, f"{where}: no [[{table}]] records found"]
    records: list[Record] = []
    seen: set[str] = set()
    for index, row in enumerate(rows, start=1):
        name = str(row.get("id", f"number {index}")) if isinstance(row, dict) else f"number {index}"
        place = f"{where}, {table} '{name}'"
        found = list(struct_faults(row, kind))
        if name in seen:
            found.append("an earlier record has the same id")
        seen.add(name)
        faults += [f"{place}: {fault}" for fault in found]
        if not found:
            records.append(msgspec.convert(row, kind))
    return records, faults


def struct_faults(row: object, kind: type[msgspec.Struct], prefix: str = "") -> list[str]:
    """Return every fault of `row` as a `kind`: unknown, missing and wrong fields, nested structs included."""
    if not isinstance(row, dict):
        return [f"{prefix or 'the record'} must be a table"]
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    faults = [f"unknown key '{prefix}{key}'" for key in row if key not in fields]
    for name, field in fields.items():
        if name not in row:
            if field.required:
                faults.append(f"'{prefix}{name}' is missing")
            continue
        inner = _struct_type(field.type)
        if inner is not None and isinstance(row[name], dict):
            faults += struct_faults(row[name], inner, f"{prefix}{name}.")
            continue
        try:
            msgspec.convert(row[name], field.type)
        except msgspec.ValidationError as fault:
            allowed = f"; allowed are {', '.join(_choices(field.type))}" if "enum" in str(fault) else ""
            faults.append(f"'{prefix}{name}': {fault}{allowed}")
    return faults


def _choices(kind: object) -> list[str]:
    """Return the words that a type offers, wherever in it they stand."""
    if get_origin(kind) is Literal:
        return [str(choice) for choice in get_args(kind)]
    return [choice for part in get_args(kind) for choice in _choices(part)]


def _struct_type(kind: object) -> type[msgspec.Struct] | None:
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def load_words(folder: Path = CONTENT_FOLDER) -> Words:
    """Read and check all content; raise ContentError that lists every fault, one per line."""
    sources, source_faults = read_records(folder / "sources.toml", "source", Source)
    bands, band_faults = read_records(folder / "bands.toml", "band", BandWords)
    movements, movement_faults = read_records(folder / "movements.toml", "movement", MovementRecord)
    landmarks, landmark_faults = read_records(folder / "landmarks.toml", "landmark", LandmarkWords)
    lines, line_faults = read_records(folder / "lines.toml", "line", LineWords)
    beside, beside_faults = read_records(folder / "neighbours.toml", "neighbour", NeighbourWords)
    cautions, caution_faults = read_records(folder / "caution.toml", "caution", Statement)
    faults = [*source_faults, *band_faults, *movement_faults, *landmark_faults, *line_faults]
    faults += [*beside_faults, *caution_faults]

    # A record that could not be read is reported once, not again by everything that refers to it.
    if not movement_faults:
        known = {movement.id for movement in movements}
        faults += [
            f"bands.toml, band '{band.id}': movement '{band.movement}' is not in movements.toml"
            for band in bands
            if band.movement not in known
        ]
    if not source_faults:
        faults += _unknown_sources("bands.toml, band", bands, {source.id for source in sources})
        faults += _unknown_sources("lines.toml, line", lines, {source.id for source in sources})
        faults += [
            f"movements.toml, movement '{movement.id}': '{field}' cites '{cited}', which is not in sources.toml"
            for movement in movements
            for field, statement in movement.statements()
            for cited in statement.sources
            if cited not in {source.id for source in sources}
        ]
    if not beside_faults:
        named = {neighbour.id for neighbour in beside}
        faults += [f"neighbours.toml: neighbour '{name}' is missing" for name in NEIGHBOURS if name not in named]
    if not band_faults and len(bands) < len(BANDS):
        missing = ", ".join(band for band in BANDS if band not in {words.id for words in bands})
        faults.append(f"bands.toml: no record for {missing}")
    faults += [
        f"bands.toml, band '{band.id}': disagreement {number}: {fault}"
        for band in bands
        for number, found in enumerate(band.disagreements, start=1)
        for fault in found.faults()
    ]
    faults += [
        f"movements.toml, movement '{movement.id}': '{movement.compared_with}' is not in movements.toml"
        for movement in movements
        if not movement_faults and movement.compared_with not in ("", *(other.id for other in movements))
    ]
    for movement in movements:
        faults += [f"movements.toml, movement '{movement.id}': {fault}" for fault in inconsistencies(movement)]
    if faults:
        raise ContentError("\n".join(faults))
    return Words(
        bands={band.id: band for band in sorted(bands, key=lambda band: band.number)},
        movements={movement.id: movement for movement in movements},
        landmarks={landmark.id: landmark for landmark in landmarks},
        lines={line.id: line for line in lines},
        neighbours={neighbour.id: neighbour for neighbour in beside},
        sources={source.id: source for source in sources},
        caution=cautions[0],
    )


def _unknown_sources(place: str, records: Sequence[BandWords | LineWords], known: set[str]) -> list[str]:
    faults = []
    for record in records:
        for field in msgspec.structs.fields(record):
            value = getattr(record, field.name)
            for statement in value if isinstance(value, tuple) else (value,):
                if isinstance(statement, Statement):
                    faults += [
                        f"{place} '{record.id}': '{field.name}' cites '{cited}', which is not in sources.toml"
                        for cited in statement.sources
                        if cited not in known
                    ]
    return faults
