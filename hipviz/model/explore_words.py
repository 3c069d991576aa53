"""Words of the free pose: what its angles are called, and the sentence why a band gets shorter or longer."""

from pathlib import Path

import numpy as np

from hipviz.model.content import CONTENT_FOLDER, Source, read_records
from hipviz.model.errors import ContentError
from hipviz.model.explore import Effect
from hipviz.model.guidance import uncited
from hipviz.model.pain_words import Phrase, wrong_placeholders
from hipviz.model.pose import ANGLES
from hipviz.model.units import Floats

FILE = "explore.toml"
ROWS = (*ANGLES, "tilt", "drop")
"""What can be moved: the angles of a hip, then those of the pelvis."""
ROLES, CHANGES = ("helps", "resists", "neither"), ("shorter", "longer", "same")
TOLD_MM = 0.75
"""Smaller changes of length are not worth a word."""
NEEDED = frozenset(
    {*ROWS, *ROLES, *CHANGES, "limit", "bone_meets_bone", "share", *(f"why_{role}" for role in ROLES)}
    | {f"length_{change}" for change in CHANGES}
    | {f"{start}{row}_{end}" for start in ("", "moving_") for row in ROWS for end in ("minus", "plus")}
)
PLACEHOLDERS = frozenset({"moving", "band", "arm", "change", "shares", "share", "angle", "limit", "depth"})


class ExploreWords:
    """All words, by id."""

    def __init__(self, phrases: dict[str, Phrase]) -> None:
        self.phrases = phrases

    def say(self, name: str, wording: str, **parts: str) -> str:
        """Return a phrase in a wording, with its placeholders filled in."""
        return self.phrases[name].in_register(wording).format(**parts)

    def length(self, effect: Effect, by_angle_mm: Floats, wording: str) -> str:
        """Return how much longer or shorter a band is than at rest, and which angles (3,) made it so, mm."""
        change = float(by_angle_mm.sum())
        parts = []
        for index in np.argsort(-np.abs(by_angle_mm)):
            share = float(by_angle_mm[index])
            if abs(share) < TOLD_MM:
                continue
            angle = self.say(ANGLES[index], wording)
            amount = f"{'−' if share < 0 else '+'}{abs(share):.0f} mm"
            parts.append(self.say("share", wording, angle=angle[0].lower() + angle[1:], share=amount))
        if abs(change) < TOLD_MM or not parts:
            return self.say("length_same", wording, band=effect.band)
        name = "length_shorter" if change < 0 else "length_longer"
        return self.say(name, wording, band=effect.band, change=f"{abs(change):.0f}", shares=", ".join(parts))

    def why(self, effect: Effect, moved: str, wording: str) -> str:
        """Return why a band helps or resists a movement, such as "abduction_plus"."""
        moving, arm = self.say(f"moving_{moved}", wording), f"{abs(effect.arm_mm):.0f}"
        return self.say(f"why_{effect.role}", wording, moving=moving, arm=arm)


def load_explore_words(sources: dict[str, Source], folder: Path = CONTENT_FOLDER) -> ExploreWords:
    """Read and check the words; raise ContentError that lists every fault, one per line."""
    phrases, faults = read_records(folder / FILE, "phrase", Phrase)
    for phrase in phrases:
        wrong = [*uncited(phrase, sources), *wrong_placeholders(phrase, PLACEHOLDERS)]
        faults += [f"{FILE}, phrase '{phrase.id}': {fault}" for fault in wrong]
    if missing := sorted(NEEDED - {phrase.id for phrase in phrases}):
        faults.append(f"{FILE}: no phrase for {', '.join(missing)}")
    if faults:
        raise ContentError("\n".join(faults))
    return ExploreWords({phrase.id: phrase for phrase in phrases})
