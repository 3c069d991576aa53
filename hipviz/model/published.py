"""Lines of pull that others published, records of `content/published.toml`, to be measured beside the model's own.

They are straight and of other people's size; what is measured on straight lines lives in `paths`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from hipviz.model.content import CONTENT_FOLDER, Source, read_records
from hipviz.model.errors import ContentError
from hipviz.model.paths import FARTHEST_MM, StraightPaths
from hipviz.model.units import BANDS

FILE = "published.toml"

Triple = tuple[float, float, float]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A straight line from pelvis to femur, mm from the right hip's centre, RAS, at neutral."""

    origin_mm: Triple
    insertion_mm: Triple


class PublishedModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line per band; `id` is that of the source, `name` what it is called where there is little room."""

    id: str
    name: str
    anterior: Line
    middle: Line
    posterior: Line

    def paths(self) -> StraightPaths:
        """Return the lines in the order of the bands."""
        lines: list[Line] = [getattr(self, band) for band in BANDS]
        return StraightPaths(
            BANDS, np.array([line.origin_mm for line in lines]), np.array([line.insertion_mm for line in lines])
        )


def load_published(sources: dict[str, Source], folder: Path = CONTENT_FOLDER) -> tuple[PublishedModel, ...]:
    """Read and check the models; raise ContentError that lists every fault, one per line."""
    models, faults = read_records(folder / FILE, "model", PublishedModel)
    for model in models:
        place = f"{FILE}, model '{model.id}'"
        if model.id not in sources:
            faults.append(f"{place}: there is no such source in sources.toml")
        for band in BANDS:
            line: Line = getattr(model, band)
            if line.origin_mm == line.insertion_mm:
                faults.append(f"{place}, {band}: origin and insertion are the same point")
            if not max(map(abs, (*line.origin_mm, *line.insertion_mm))) <= FARTHEST_MM:
                faults.append(f"{place}, {band}: a coordinate is not within 10 m; the unit is mm")
    if faults:
        raise ContentError("\n".join(faults))
    return tuple(models)
