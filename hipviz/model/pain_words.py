"""Words of the pain look-up: regions of the skin, other usual suspects, red flags, sentences.

Records of content files; where a region lies on a skin, and what is felt there, lives in `pain_lookup`.
"""

import string
from pathlib import Path
from typing import Annotated

import msgspec

from hipviz.model.content import CONTENT_FOLDER, Source, Statement, read_records
from hipviz.model.errors import ContentError, UsageError
from hipviz.model.guidance import uncited
from hipviz.model.trigger_points import Strip, ZoneRecord
from hipviz.model.units import SIDES, Side

REGIONS, SUSPECTS, FLAGS, PHRASES = "regions.toml", "suspects.toml", "red_flags.toml", "phrases.toml"

NEEDED_PHRASES = frozenset(
    {"essential", "spillover", "here", "painted", "part", "this_part", "nothing", "pattern"}
)
PLACEHOLDERS = frozenset({"place", "Place", "band", "side", "number"})


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An area that people name; `within` stands in a sentence, `also` are other words for it."""

    id: str
    name: Statement
    within: Statement
    strip: Annotated[tuple[Strip, ...], msgspec.Meta(min_length=1)]
    also: tuple[str, ...] = ()
    blend_mm: Annotated[float, msgspec.Meta(ge=0.0, le=80.0)] = 16.0

    @property
    def area(self) -> ZoneRecord:
        """The region as a zone without softness of its own."""
        return ZoneRecord(where=self.name, strip=self.strip, blend_mm=self.blend_mm)

    @property
    def landmarks(self) -> set[str]:
        """The names of all landmarks that its anchors use."""
        anchors = [anchor for strip in self.strip for anchor in strip.anchors]
        return {name for anchor in anchors for name in (anchor.at, anchor.towards) if name is not None}


class Suspect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A structure that is not modelled but may be felt in some regions."""

    id: str
    regions: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    name: Statement
    why: Statement


class RedFlag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sign that belongs to a clinician; `urgent` ones at once."""

    id: str
    says: Statement
    urgent: bool = False


class Phrase(Statement, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sentence with placeholders."""

    id: str


class PainWords(msgspec.Struct, frozen=True):
    """All words of the look-up."""

    regions: dict[str, Region]
    suspects: tuple[Suspect, ...]
    flags: tuple[RedFlag, ...]
    phrases: dict[str, Phrase]

    def phrase(self, name: str, place: Statement | None = None, **parts: str) -> Statement:
        """Return a sentence with its placeholders filled in, in every register."""
        found = self.phrases[name]

        def filled(wording: str) -> str:
            words = place.in_register(wording) if place is not None else ""
            return found.in_register(wording).format(place=words, Place=words[:1].upper() + words[1:], **parts)

        return Statement(filled("plain"), filled("clinical"), found.sources)

    def asked(self, words: str) -> tuple[Region, tuple[Side, ...]]:
        """Return the region that was typed, and the sides that are meant ("left sacrum"; both without a side).

        Raises UsageError with the list of regions when it is none of them.
        """
        wanted = [part for part in words.lower().replace("_", " ").replace(",", " ").split() if part != "the"]
        sides = tuple(side for side in SIDES if side in wanted) or SIDES
        name = " ".join(part for part in wanted if part not in SIDES)
        for region in self.regions.values():
            spoken = (region.id.replace("_", " "), region.name.plain, region.name.clinical, *region.also)
            if name in {said.lower() for said in spoken}:
                return region, sides
        known = ", ".join(region.id.replace("_", " ") for region in self.regions.values())
        raise UsageError(f"'{words}' is not a region of the list: {known}.")


def load_pain_words(
    sources: dict[str, Source], landmarks: frozenset[str] | None = None, folder: Path = CONTENT_FOLDER
) -> PainWords:
    """Read and check the words; names of `landmarks` are checked when given.

    Raises ContentError that lists every fault, one per line.
    """
    regions, region_faults = read_records(folder / REGIONS, "region", Region)
    suspects, suspect_faults = read_records(folder / SUSPECTS, "suspect", Suspect)
    flags, flag_faults = read_records(folder / FLAGS, "flag", RedFlag)
    phrases, phrase_faults = read_records(folder / PHRASES, "phrase", Phrase)
    faults = [*region_faults, *suspect_faults, *flag_faults, *phrase_faults]
    tables = ((REGIONS, "region", regions), (SUSPECTS, "suspect", suspects), (FLAGS, "flag", flags))
    for file, table, records in (*tables, (PHRASES, "phrase", phrases)):
        for record in records:
            faults += [f"{file}, {table} '{record.id}': {fault}" for fault in uncited(record, sources)]
    for region in regions:
        unknown = sorted(region.landmarks - landmarks) if landmarks is not None else []
        faults += [f"{REGIONS}, region '{region.id}': no landmark is called '{name}'" for name in unknown]
    if not region_faults:
        known = {region.id for region in regions}
        faults += [
            f"{SUSPECTS}, suspect '{suspect.id}': region '{name}' is not in {REGIONS}"
            for suspect in suspects
            for name in suspect.regions
            if name not in known
        ]
    for phrase in phrases:
        faults += [f"{PHRASES}, phrase '{phrase.id}': {fault}" for fault in wrong_placeholders(phrase)]
    if not phrase_faults:
        missing = sorted(NEEDED_PHRASES - {phrase.id for phrase in phrases})
        faults += [f"{PHRASES}: no phrase '{name}'" for name in missing]
    if faults:
        raise ContentError("\n".join(faults))
    return PainWords(
        {region.id: region for region in regions},
        tuple(suspects),
        tuple(flags),
        {phrase.id: phrase for phrase in phrases},
    )


def wrong_placeholders(phrase: Phrase, known: frozenset[str] = PLACEHOLDERS) -> list[str]:
    """Return what is wrong with the placeholders of a phrase, in words."""
    found = []
    for text in (phrase.plain, phrase.clinical, phrase.reported):
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as fault:
            found.append(f"{fault} in '{text}'")
            continue
        found += [f"unknown placeholder '{{{name}}}'" for name in sorted(names - known)]
    return found
