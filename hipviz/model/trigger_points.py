"""Trigger points and the zones reported for them, as records of `content/trigger_points.toml`.

Anchors become places on a skin, and strips become fields, in `zones`.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from hipviz.model.content import CONTENT_FOLDER, Share, Statement, read_records
from hipviz.model.errors import ContentError
from hipviz.model.units import BANDS, Band

FILE = "trigger_points.toml"

Offset = tuple[float, float, float]
Width = Annotated[float, msgspec.Meta(gt=0.0, le=120.0)]


class Anchor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place on the skin, told by landmarks so that it fits any body.

    From the landmark `at`, the `share` (0…1) of the way `towards` another one, then `offset_mm` (lateral, forward,
    up; mm in a body of 238 mm between the ASIS) and from there to the skin: the nearest place, or straight to the
    `back`, the `side` or the `front`. `other_side` takes the landmarks of the opposite side.
    """

    at: str
    half_width_mm: Width
    towards: str | None = None
    share: Share = 0.0
    offset_mm: Offset = (0.0, 0.0, 0.0)
    to_skin: Literal["nearest", "back", "side", "front"] = "nearest"
    other_side: bool = False


class Strip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A disc of changing width swept from anchor to anchor along the skin; `both_sides` adds its mirror image."""

    anchors: Annotated[tuple[Anchor, ...], msgspec.Meta(min_length=1)]
    both_sides: bool = False


class ZoneRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where something is felt: the union of strips, joined by fillets `blend_mm` wide, fading over `soft_mm`."""

    where: Statement
    strip: Annotated[tuple[Strip, ...], msgspec.Meta(min_length=1)]
    strength: Share = 1.0
    blend_mm: Annotated[float, msgspec.Meta(ge=0.0, le=80.0)] = 16.0
    soft_mm: Annotated[float, msgspec.Meta(gt=0.0, le=40.0)] = 12.0


class TriggerPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One trigger point: its place on a band's outer sheet (u across, v along, 0…1) and its zones."""

    id: str
    number: Annotated[int, msgspec.Meta(ge=1)]
    band: Band
    u: Share
    v: Share
    name: Statement
    place: Statement
    essential: ZoneRecord
    spillover: ZoneRecord
    disagreements: tuple[Statement, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Everything said about the point, for checking sources."""
        return (self.name, self.place, self.essential.where, self.spillover.where, *self.disagreements)


def load_trigger_points(
    landmarks: frozenset[str] | None = None, sources: frozenset[str] | None = None, folder: Path = CONTENT_FOLDER
) -> tuple[TriggerPoint, ...]:
    """Read the trigger points in the order of their numbers.

    Names of `landmarks` and of `sources` are checked when given. Raises ContentError listing every fault.
    """
    points, faults = read_records(folder / FILE, "point", TriggerPoint)
    for point in points:
        place = f"{FILE}, point '{point.id}'"
        for kind, zone in (("essential", point.essential), ("spillover", point.spillover)):
            names = {
                name
                for strip in zone.strip
                for anchor in strip.anchors
                for name in (anchor.at, anchor.towards)
                if name is not None
            }
            unknown = sorted(names - landmarks) if landmarks is not None else []
            faults += [f"{place}, {kind}: no landmark is called '{name}'" for name in unknown]
        if sources is not None:
            cited = {source for statement in point.statements for source in statement.sources}
            faults += [f"{place}: source '{name}' is not in sources.toml" for name in sorted(cited - sources)]
    if not faults:
        missing = [band for band in BANDS if band not in {point.band for point in points}]
        faults += [f"{FILE}: no point for the {band} band" for band in missing]
        numbers = [point.number for point in points]
        if len(set(numbers)) < len(numbers):
            faults.append(f"{FILE}: two points have the same number")
    if faults:
        raise ContentError("\n".join(faults))
    return tuple(sorted(points, key=lambda point: point.number))
