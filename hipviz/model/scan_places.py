"""The places that a person marks on a scan when it was laid wrongly, with their names; read from the content."""

from pathlib import Path

import msgspec

from hipviz.model.assets import Bones
from hipviz.model.content import CONTENT_FOLDER, Statement, read_records
from hipviz.model.errors import ContentError

FILE = "scan_places.toml"

FEWEST, MOST = 3, 6
"""So many places are marked on one scan."""


class ScanPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A landmark that can be found by eye."""

    id: str
    name: Statement


def load_scan_places(bones: Bones, folder: Path = CONTENT_FOLDER) -> dict[str, tuple[ScanPlace, ...]]:
    """Return the places of every bone, in the order of asking. Raises ContentError that lists all faults."""
    places, faults = read_records(folder / FILE, "place", ScanPlace)
    points = bones.landmarks.points
    faults += [
        f"{FILE}, place '{place.id}': no point of that name in {bones.folder / 'landmarks.toml'}"
        for place in places
        if place.id not in points
    ]
    known = [place for place in places if place.id in points]
    found = {name: tuple(place for place in known if points[place.id].bone == name) for name in bones.cages}
    faults += [f"{FILE}: fewer than {FEWEST} places on the {name}" for name in found if len(found[name]) < FEWEST]
    if faults:
        raise ContentError("\n".join(faults))
    return {name: rows[:MOST] for name, rows in found.items()}
