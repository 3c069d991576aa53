"""What a scan shows: in which unit, which bone, of which side, how it lies. Contradictions are refused in words.

The search itself lives in `alignment`; bending the bone onto the scan in `bone_fit`.
"""

import math
from collections.abc import Mapping
from itertools import product

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from hipviz.model.alignment import Alignment, aligned, from_places, recognised, sides_of
from hipviz.model.assets import Bones
from hipviz.model.errors import UsageError
from hipviz.model.nearest import even_samples
from hipviz.model.scan import MILLIMETRES, UNITS, Scan, Unit, length_of
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Side

Known = tuple[Floats, Floats, sp.csr_matrix]
"""Known places (k, 3) on the template and on the scan, mm, and the matrix (k, n) that gives them from the cage."""

WORDS = {"hip_bone": "hip bone", "femur": "femur", "sacrum": "sacrum"}
OPTIONS = {"hip_bone": "--hip-bone", "femur": "--femur", "sacrum": "--sacrum"}

SHARE_OF_LENGTH = (0.28, 1.5)
"""A scan may be so long relative to the shipped bone: from half a bone to a very tall person's."""

ALIKE_MM, OTHER_MM = 9.6, 2.0
"""A scan is taken for the bone it is said to be when it lies within this of it after alignment, and no other is
that much nearer. Bones of other adults lie within 4 to 6 mm, coarse models of them within 10, other bones and
skulls beyond."""

PIECE_MM = 6.8
"""The same for a piece that nobody has named."""

BESIDE_MM = 16.0
"""A place of the template is shown by a scan that lies this near to it before it is bent."""

UNSURE = 1.12
"""The other side must be so many times worse for the side to be called certain."""


def proposed_unit(name: str, scan: Scan, templates: Mapping[str, Surface]) -> tuple[Unit, str]:
    """Return the unit in which the scan is as large as this bone can be, and the reason in words.

    Raises UsageError when it would be too small or too large in all of them.
    """
    usual = length_of(templates[name])
    low, high = (usual * share for share in SHARE_OF_LENGTH)
    for unit in UNITS:
        if low <= scan.length * MILLIMETRES[unit] <= high:
            length = scan.length * MILLIMETRES[unit]
            return unit, f"it is then {length:.0f} mm long, the shipped {WORDS[name]} {usual:.0f} mm"
    for unit, (other, template) in product(UNITS, templates.items()):
        length = scan.length * MILLIMETRES[unit]
        if 0.75 < length / length_of(template) < 1.35:
            raise UsageError(
                f"The scan given as {WORDS[name]} is {length:.0f} mm long if in {unit}: too long for that, right "
                f"for a {WORDS[other]}; give it as that ({OPTIONS[other]})."
            )
    raise UsageError(
        f"The {WORDS[name]} would be {_each_length(scan)}, but such a bone is about {usual:.0f} mm long: "
        f"{_rescaling(scan.length, usual)}."
    )


def likely_unit(scan: Scan, templates: Mapping[str, Surface]) -> Unit:
    """Return the unit in which the scan is nearest in size to any of the bones.

    Raises UsageError when it is far from all of them in every unit.
    """
    sizes = {name: length_of(template) for name, template in templates.items()}
    away = {
        unit: min(abs(math.log(scan.length * MILLIMETRES[unit] / usual)) for usual in sizes.values())
        for unit in UNITS
    }
    unit = min(away, key=lambda each: away[each])
    if away[unit] > -math.log(SHARE_OF_LENGTH[0]):
        raise UsageError(
            f"The scan would be {_each_length(scan)}, which is no hip bone, femur or sacrum: "
            f"{_rescaling(scan.length, sizes['hip_bone'])}."
        )
    return unit


def named(templates: Mapping[str, Surface], surface: Surface) -> str:
    """Return which bone a scan (mm) shows. Raises UsageError when it is none of them."""
    length = length_of(surface)
    low, high = SHARE_OF_LENGTH
    found = recognised(templates, surface)
    alike = [laid for laid in found if low <= length / length_of(templates[laid.bone]) <= high]
    if not alike or alike[0].distance_mm > ALIKE_MM:
        nearest = (alike or found)[0]
        raise UsageError(
            f"The scan looks like no hip bone, femur or sacrum (nearest is the {WORDS[nearest.bone]}, "
            f"{nearest.distance_mm:.0f} mm off on average): give a file with one of these bones alone."
        )
    return alike[0].bone


def shown_share(template: Surface, scan: Surface) -> float:
    """Return about how much (0 … 1) of a bone a scan shows that lies on its template, neither bent yet."""
    points, normals = even_samples(scan, 4000, 6)
    here, own = even_samples(template, 2000, 6)
    near = np.asarray(cKDTree(np.hstack([points, 8.0 * normals])).query(np.hstack([here, 8.0 * own]))[1])
    facing = np.einsum("ij,ij->i", normals[near], own) > 0.2
    return float((facing & (np.linalg.norm(points[near] - here, axis=1) < BESIDE_MM)).mean())


def _each_length(scan: Scan) -> str:
    return ", ".join(f"{spoken_length(scan.length * MILLIMETRES[unit])} if in {unit}" for unit in UNITS)


def _rescaling(length: float, usual_mm: float) -> str:
    """Return what to do with a file in no unit that is known: a power of ten where that helps."""
    power = round(math.log10(usual_mm / length)) if length > 0 else 0
    scaled = length * 10.0**power
    if 0 < abs(power) <= 6 and 0.75 < scaled / usual_mm < 1.35:
        how = f"{'multiply' if power > 0 else 'divide'} its coordinates by {10 ** abs(power):,}"
        return f"{how} (it is then {scaled:.0f} mm long), or look whether it holds something else"
    return "scale the file to millimetres, or look whether it holds something else"


def spoken_length(length_mm: float) -> str:
    """Return a length in words, in metres from one metre on."""
    metres = length_mm / 1000.0
    return f"{length_mm:.3g} mm" if metres < 1.0 else f"{metres:.3g} m" if metres < 1000.0 else f"{metres:,.0f} m"


def checked_unit(name: str, scan: Scan, templates: Mapping[str, Surface], unit: Unit) -> None:
    """Raise UsageError when the scan cannot be that bone in the unit named, proposing the right one."""
    usual = length_of(templates[name])
    length = scan.length * MILLIMETRES[unit]
    if not usual * SHARE_OF_LENGTH[0] <= length <= usual * SHARE_OF_LENGTH[1]:
        better, reason = proposed_unit(name, scan, templates)
        raise UsageError(
            f"In {unit} the {WORDS[name]} would be {spoken_length(length)} long; take it to be in {better} "
            f"(--unit {better}): {reason}."
        )


def laid(
    bones: Bones,
    name: str,
    templates: Mapping[str, Surface],
    target: Surface,
    side: Side | None,
    known: Known | None,
    notes: list[str],
) -> Alignment:
    """Return how the scan lies. Raises UsageError when it is no such bone or of the other side."""
    word = WORDS[name]
    if known is not None:
        options = sides_of(name) if side is None or name == "sacrum" else (side,)
        both = [from_places(name, templates[name], target, option, known[0], known[1]) for option in options]
        found = min(both, key=lambda laid: laid.distance_mm)
        if side is None and name != "sacrum":
            notes.append(f"Taken to be the {found.side} one, as the landmarks lie.")
    else:
        # The sacrum is its own mirror image: it follows the side of the hip bone.
        sides = (side or "right",) if name == "sacrum" else sides_of(name)
        found = aligned(name, templates[name], target, sides)
    if found.distance_mm > 0.75 * ALIKE_MM:
        best = recognised(templates, target)[0]
        if best.bone != name and best.distance_mm < min(ALIKE_MM, found.distance_mm - OTHER_MM):
            raise UsageError(
                f"The scan given as {word} looks like a {WORDS[best.bone]}; give it as that "
                f"({OPTIONS[best.bone]})."
            )
    if found.distance_mm > ALIKE_MM:
        raise UsageError(
            f"The scan given as {word} does not look like one (it stays {found.distance_mm:.0f} mm off on "
            "average); give a file with that bone alone (or three or more landmarks on it, with --landmarks)."
        )
    if known is None and name != "sacrum":
        certain = found.other_side_mm > UNSURE * found.distance_mm
        if side is not None and side != found.side and certain:
            raise UsageError(
                f"The {word} is a {found.side} one, not a {side} one; take it as that (--side {found.side})."
            )
        if side is not None and side != found.side:
            found = aligned(name, templates[name], target, (side,))
        if side is None:
            sure = "" if certain else ", but not by much: say so if it is the other (--side)"
            notes.append(
                f"Taken to be the {found.side} one: the template lies {found.distance_mm:.1f} mm off, its mirror "
                f"image {found.other_side_mm:.1f} mm{sure}."
            )
    return found


def piece_like(
    name: str, parts: list[Surface], templates: Mapping[str, Surface], side: Side | None, notes: list[str]
) -> Surface:
    """Return the piece that is most like the bone (of the side, if one is named), out of several."""
    alike: list[tuple[float, Surface]] = []
    for part in parts[:8]:
        found = recognised(templates, part)[0]
        if found.bone == name and found.distance_mm < PIECE_MM:
            wrong = side is not None and name != "sacrum" and found.side != side
            right_first = 0.0 if side is not None or found.side == "right" else 1.0
            alike.append((found.distance_mm + (100.0 if wrong else right_first), part))
    if not alike:
        return parts[0]
    notes.append(f"The file holds {len(parts)} pieces; the one most like a {WORDS[name]} was taken.")
    return min(alike, key=lambda pair: pair[0])[1]
