"""All scans of one person made into bones: files with several bones taken apart, sides kept together.

A single scan is fitted in `bone_fit`; the bones are put into one frame in `specimen`.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from hipviz.model.alignment import Alignment, recognised
from hipviz.model.assets import BONE_NAMES, Bones
from hipviz.model.bone_fit import FittedBone, fit_bone
from hipviz.model.errors import UsageError
from hipviz.model.recognition import PIECE_MM, WORDS
from hipviz.model.scan import MILLIMETRES, UNITS, Scan, Unit, length_of, pieces
from hipviz.model.units import Floats, Side

Progress = Callable[[str, float], None]
Watch = Callable[[str, Floats], None]

MOST_PIECES = 8
WHOLE_LENGTH = (0.6, 1.5)
"""The largest piece of a whole pelvis is at least so much of a hip bone long, at most so much of a femur."""


@dataclass(frozen=True, eq=False)
class Given:
    """A scan and what is known of it; None is found out.

    places : named landmarks on it, (3,) each, in its unit and frame.
    """

    scan: Scan
    unit: Unit | None = None
    side: Side | None = None
    places: Mapping[str, Floats] = field(default_factory=dict)


def fit_set(
    bones: Bones,
    scans: Mapping[str, Given],
    *,
    progress: Progress = lambda words, share: None,
    watch: Watch = lambda bone, vertices: None,
) -> dict[str, FittedBone]:
    """Lay the shipped bones on the scans of one person.

    Parameters
    ----------
    bones
        The shipped bones.
    scans
        By name; "hip_bone" must be among them. When its file holds several bones and no others are given, they are
        told apart and used as well. A sacrum follows the side of the hip bone.
    progress
        Hears words and the share done, 0 … 1.
    watch
        Hears the name of the bone that is being laid on, and its cage's vertices.

    Raises UsageError as `fit_bone` does.
    """
    given = dict(scans)
    told: dict[str, tuple[str, ...]] = {}
    whole = given["hip_bone"]
    if len(given) == 1 and len(parts := pieces(whole.scan)) > 1:
        progress("Telling the bones apart", 0.0)
        apart = told_apart(bones, parts, whole.unit, whole.side)
        given = {
            name: replace(whole, scan=parts[number], unit=apart.unit) for name, number in apart.numbers.items()
        }
        told["hip_bone"] = (apart.note,)
    fitted: dict[str, FittedBone] = {}
    names = [name for name in BONE_NAMES if name in given]
    for number, name in enumerate(names):

        def within(words: str, share: float, start: int = number, bone: str = name) -> None:
            progress(f"{WORDS[bone].capitalize()}: {words.lower()}", (start + share) / len(names))

        one = given[name]
        found = fit_bone(
            bones,
            name,
            one.scan,
            unit=one.unit,
            side=fitted["hip_bone"].side if name == "sacrum" else one.side,
            places=one.places,
            progress=within,
            watch=partial(watch, name),
        )
        fitted[name] = replace(found, notes=(*told.get(name, ()), *found.notes))
    femur = fitted.get("femur")
    if femur is not None and femur.side != fitted["hip_bone"].side:
        mirrored = f"It is a {femur.side} one and the hip bone is not: it was mirrored."
        fitted["femur"] = replace(femur, notes=(*femur.notes, mirrored))
    return fitted


def read_places(path: Path) -> dict[str, tuple[float, float, float]]:
    """Read named landmarks from a TOML file, a line `name = [x, y, z]` each, in the scan's unit and frame.

    Raises UsageError naming the file and the fault.
    """
    try:
        table = msgspec.convert(
            tomllib.loads(path.read_text(encoding="utf-8")), dict[str, tuple[float, float, float]]
        )
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); check its name.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(
            f"{path}: {error}; write one landmark per line, for instance asis = [128.1, 49.3, 65.2]."
        ) from error
    if not np.isfinite(list(table.values())).all():
        raise UsageError(f"{path} holds a coordinate that is no number; correct it.")
    return table


@dataclass(frozen=True)
class Apart:
    """The bones of one side among the pieces of a file: their numbers by name, the unit, and what was done."""

    numbers: dict[str, int]
    unit: Unit
    side: Side
    note: str


def told_apart(bones: Bones, parts: Sequence[Scan], unit: Unit | None, side: Side | None) -> Apart:
    """Tell the pieces of a file apart, and choose the best one for every bone, of one side.

    Raises UsageError when there is no hip bone among them.
    """
    templates = {name: bones.surface(name, 2) for name in bones.cages}
    unit = unit or _unit_of_whole(bones, parts)
    found: list[tuple[Alignment, int]] = []
    for number, part in enumerate(parts[:MOST_PIECES]):
        surface = part.surface.moved(part.surface.vertices * MILLIMETRES[unit])
        if length_of(surface) < 0.28 * length_of(templates["sacrum"]):
            continue
        best = recognised(templates, surface)[0]
        if best.distance_mm < PIECE_MM:
            found.append((best, number))
    hips = [laid.side for laid, _ in found if laid.bone == "hip_bone"]
    if not hips:
        raise UsageError(
            f"None of the {len(parts)} pieces in the file looks like a hip bone; give a file with that bone alone."
        )
    if side is not None and side not in hips:
        raise UsageError(f"The file holds no {side} hip bone, only a {hips[0]} one; take that (--side {hips[0]}).")
    wanted: Side = side or ("right" if "right" in hips else "left")
    chosen: dict[str, int] = {}
    for laid, number in sorted(found, key=lambda pair: -pair[0].distance_mm):
        if laid.bone == "sacrum" or laid.side == wanted:
            chosen[laid.bone] = number
    words = ", ".join(WORDS[name] for name in BONE_NAMES if name in chosen)
    note = f"The file holds {len(parts)} pieces; told apart and used: {words} ({wanted} side)."
    return Apart(chosen, unit, wanted, note)


def _unit_of_whole(bones: Bones, parts: Sequence[Scan]) -> Unit:
    low = WHOLE_LENGTH[0] * length_of(bones.surface("hip_bone", 2))
    high = WHOLE_LENGTH[1] * length_of(bones.surface("femur", 2))
    longest = max(part.length for part in parts)
    for unit in UNITS:
        if low <= longest * MILLIMETRES[unit] <= high:
            return unit
    raise UsageError(
        f"The largest piece in the file is {longest:.3g} units long, which is no bone in mm, cm or m; "
        "scale the file to millimetres."
    )
