"""What is said about the measures that make hips differ: names, published figures, what each does to the muscle.

Records of `content/proportions.toml`; how the measures are read off bones lives in `proportions`.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from hipviz.model.content import CONTENT_FOLDER, Source, Statement, read_records
from hipviz.model.errors import ContentError
from hipviz.model.guidance import uncited
from hipviz.model.proportions import PROPORTIONS, Measured, Proportion

FILE = "proportions.toml"
Derived = Literal["offset_mm", "hip_to_midline_mm"]


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One published figure of a group of people: a mean with its standard deviation, or a median and quartiles.

    of : the measure that it belongs to where that is not the one of the record but follows from it.
    """

    who: str
    middle: float
    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    sd: Annotated[float, msgspec.Meta(gt=0.0)] | None = None
    low: float | None = None
    high: float | None = None
    of: Derived | None = None

    def spread(self) -> tuple[float, float]:
        """Return one standard deviation about the mean, or the quartiles."""
        if self.sd is not None:
            return self.middle - self.sd, self.middle + self.sd
        assert self.low is not None and self.high is not None
        return self.low, self.high

    def faults(self) -> list[str]:
        """Return what is wrong with the figure, in words."""
        if (self.sd is None) == (self.low is None or self.high is None):
            return [f"published '{self.who}': give either sd, or low and high"]
        low, high = self.spread()
        within = low <= self.middle <= high
        return [] if within else [f"published '{self.who}': {self.middle:g} is not within its spread"]


class ProportionWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One measure: its name, what its lower and higher end are called, what is published, what it does."""

    id: Proportion
    name: Statement
    lower: Statement
    higher: Statement
    effect: Statement
    published: Annotated[tuple[Published, ...], msgspec.Meta(min_length=1)]

    def usual(self) -> tuple[float, float] | None:
        """Return the published spread of the measure itself, None where only what follows from it is published."""
        own = [figure.spread() for figure in self.published if figure.of is None]
        return (min(low for low, _ in own), max(high for _, high in own)) if own else None


def load_proportion_words(
    sources: dict[str, Source], folder: Path = CONTENT_FOLDER
) -> dict[Proportion, ProportionWords]:
    """Read and check the records; raise ContentError that lists every fault, one per line."""
    records, faults = read_records(folder / FILE, "proportion", ProportionWords)
    for record in records:
        found = uncited(record, sources)
        for figure in record.published:
            found += [f"source '{name}' is not in sources.toml" for name in figure.sources if name not in sources]
            found += figure.faults()
        faults += [f"{FILE}, proportion '{record.id}': {fault}" for fault in found]
    missing = [name for name in PROPORTIONS if name not in {record.id for record in records}]
    if missing and not faults:
        faults.append(f"{FILE}: no record for {', '.join(missing)}")
    if faults:
        raise ContentError("\n".join(faults))
    return {record.id: record for record in records}


def value_of(found: Measured, figure: Published, name: Proportion) -> float:
    """Return the measure that a published figure is to be compared with."""
    value: float = getattr(found, figure.of or name)
    return value
