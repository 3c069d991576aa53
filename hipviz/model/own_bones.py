"""A person's own bones: what is wished for, what a scan seems to show, and the specimen made of it.

Window and command line ask here for the same. How a scan is read, laid and fitted lives in `scan`, `recognition`
and `bone_fit`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from hipviz.model.alignment import Similarity
from hipviz.model.assets import BONE_NAMES, Bones, load_bones, shipped_folder
from hipviz.model.bone_fit import FittedBone, known_places
from hipviz.model.bone_set import Given, Watch, fit_set, told_apart
from hipviz.model.errors import UsageError
from hipviz.model.recognition import WORDS, checked_unit, laid, likely_unit, named, proposed_unit, shown_share
from hipviz.model.scan import MILLIMETRES, Scan, Unit, pieces, read_scan, smoothed
from hipviz.model.specimen import assembled, written
from hipviz.model.specimen_check import Finding, examined
from hipviz.model.surface import Surface
from hipviz.model.thinning import thinned
from hipviz.model.units import Floats, Side

Progress = Callable[[str, float], None]

SHOWN_FACES = 40_000
"""As many faces of a scan are shown while it is chosen."""

WHOLE = 0.85
"""A scan that shows less than this share of a bone is called a part of it."""

TILT_DEG = (-30.0, 30.0)
"""How far the tilt of the pelvis may be corrected."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The scan of one bone; what is None is found out.

    piece : number of the connected piece in the file, largest first.
    places : named landmarks on the scan, in its unit and frame.
    """

    path: str
    piece: int | None = None
    unit: Unit | None = None
    side: Side | None = None
    places: dict[str, tuple[float, float, float]] = {}


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a person has chosen: the scans of the bones that there are, and a correction of the tilt."""

    parts: dict[str, Part]
    tilt_deg: float = 0.0


@dataclass(frozen=True, eq=False)
class Seen:
    """What a scan seems to show.

    part : unit and side filled in, and the piece when there are several; reasons : why, one sentence each.
    similarity : from the template's frame to that of the scan in mm (mirrored, when it is a left bone).
    surface : the scan brought into the template's frame, as a right-hand bone, thinned for showing.
    """

    bone: str
    part: Part
    reasons: tuple[str, ...]
    similarity: Similarity
    surface: Surface


@dataclass(frozen=True, eq=False)
class Made:
    """The bones laid on the scans, what the user should know of the whole, and the faults that were looked for."""

    fitted: Mapping[str, FittedBone]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]


def shipped_bones() -> Bones:
    """Return the bones that are laid on scans: always the shipped ones, whatever is being looked at."""
    return load_bones(shipped_folder())


def seen(bones: Bones, part: Part, bone: str | None = None, progress: Progress = lambda w, s: None) -> list[Seen]:
    """Return what the scan of `part` shows: one bone, or those of one side when it holds several pieces.

    bone : what it is meant to be; None when that is to be found out.

    Raises AssetError when the file cannot be read, UsageError when it shows something else.
    """
    progress("Reading the scan", 0.0)
    scan = read_scan(Path(part.path))
    parts = pieces(scan)
    if bone is None and part.piece is None and len(parts) > 1:
        progress("Telling the bones apart", 0.2)
        apart = told_apart(bones, parts, part.unit, part.side)
        found = []
        for done, (name, number) in enumerate(apart.numbers.items()):
            progress(f"Aligning the {WORDS[name]}", 0.6 + 0.4 * done / len(apart.numbers))
            # Unit and side of the others are found once more, for the reasons that go with them.
            side = apart.side if name == "sacrum" else part.side
            one = msgspec.structs.replace(part, piece=number, side=side)
            found.append(_seen(bones, name, one, parts[number], [apart.note]))
        return found
    progress("Aligning", 0.3)
    chosen = parts[0 if part.piece is None else part.piece] if len(parts) > 1 else scan
    if len(parts) > 1 and part.piece is None:
        part = msgspec.structs.replace(part, piece=0)
    return [_seen(bones, bone or _most_like(bones, part, chosen), part, chosen, list(scan.notes))]


def made(
    wish: Wish,
    folder: Path,
    progress: Progress = lambda words, share: None,
    watch: Watch = lambda bone, vertices: None,
) -> Made:
    """Make the specimen of a wish in an empty folder.

    progress, watch : as in `bone_set.fit_set`.

    Raises AssetError and UsageError as reading and fitting do; the folder is then of no use.
    """
    if "hip_bone" not in wish.parts:
        raise UsageError("The hip bone is missing; without it there is nothing to lay the muscle on.")
    progress("Reading the scans", 0.0)
    bones = shipped_bones()
    given = {name: _given(wish.parts[name]) for name in BONE_NAMES if name in wish.parts}
    fitted = fit_set(bones, given, progress=lambda words, share: progress(words, 0.85 * share), watch=watch)
    progress("Putting the bones together", 0.85)
    specimen = assembled(bones, fitted, wish.tilt_deg)
    progress("Laying muscle and skin on them", 0.88)
    written(specimen, bones, folder)
    progress("Looking for faults", 0.95)
    return Made(fitted, specimen.notes, tuple(examined(folder)))


def told(bone: FittedBone) -> str:
    """Return in words how near a bone came to its scan."""
    away = bone.distance
    return (
        f"{WORDS[bone.name].capitalize()}: mean {away.mean_mm:.2f} mm from the scan, 95 % within "
        f"{away.p95_mm:.2f}, at most {away.max_mm:.1f}; {bone.coverage.share:.0%} of the bone was covered."
    )


def _given(part: Part) -> Given:
    scan = read_scan(Path(part.path))
    if part.piece is not None:
        scan = pieces(scan)[part.piece]
    places = {name: np.array(place) for name, place in part.places.items()}
    return Given(scan, part.unit, part.side, places)


def _most_like(bones: Bones, part: Part, scan: Scan) -> str:
    templates = {name: bones.surface(name, 2) for name in bones.cages}
    unit = part.unit or likely_unit(scan, templates)
    return named(templates, scan.surface.moved(scan.surface.vertices * MILLIMETRES[unit]))


def _seen(bones: Bones, name: str, part: Part, scan: Scan, reasons: list[str]) -> Seen:
    templates = {other: bones.surface(other, 2) for other in bones.cages}
    unit = part.unit
    if unit is None:
        unit, reason = proposed_unit(name, scan, templates)
        reasons.append(f"Taken to be in {unit}: {reason}.")
    else:
        checked_unit(name, scan, templates, unit)
    places: dict[str, Floats] = {key: np.array(place) for key, place in part.places.items()}
    known = known_places(bones, name, places, MILLIMETRES[unit])
    target, _ = smoothed(scan.surface.moved(scan.surface.vertices * MILLIMETRES[unit]))
    found = laid(bones, name, templates, target, part.side, known, reasons)
    shown = target.mirrored() if found.side == "left" else target
    placed = shown.moved(found.similarity.back(shown.vertices))
    if (share := shown_share(templates[name], placed)) < WHOLE:
        reasons.append(
            f"It shows only about {share:.0%} of the {WORDS[name]}: the rest will keep the shape of the shipped "
            "one. Give the whole bone if you can."
        )
    return Seen(
        name,
        msgspec.structs.replace(part, unit=unit, side=found.side),
        tuple(reasons),
        found.similarity,
        thinned(placed, SHOWN_FACES),
    )
