"""One scan made into a bone: piece, unit and side proposed, aligned, fitted, measured and judged.

How the bones of one person are put together and kept lives in `specimen`; the method of bending in `fitting`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from hipviz.model.alignment import Similarity, best_similarity
from hipviz.model.assets import Bones
from hipviz.model.cage import Cage, binding_matrix
from hipviz.model.checks import Inspection, faulty_vertices, inspect
from hipviz.model.errors import UsageError
from hipviz.model.facets import coarseness_mm
from hipviz.model.fitting import FROM_NEARBY, Distance, Mask, Watch, fit, is_covered
from hipviz.model.nearest import even_samples, nearest_on
from hipviz.model.recognition import WORDS, Known, checked_unit, laid, piece_like, proposed_unit
from hipviz.model.scan import MILLIMETRES, Scan, Unit, pieces, smoothed
from hipviz.model.surface import Surface, incidence
from hipviz.model.units import MIRROR, Floats, Ints, Side

Progress = Callable[[str, float], None]

WORST_MEAN_MM, WORST_P95_MM = 1.5, 5.0
"""A fit beyond these is refused: such a result is no longer this person's bone."""

COARSE_MM = 0.8
"""A scan whose own faces are farther off the bone is called coarse."""

LANDMARK_WEIGHT = 2e-3
"""Landmarks are picked to a few millimetres: they lead the fit, but do not hold the bone against the scan."""

LEVEL = 3

HOLE_MM = 8.0
"""A place that the scan does not show is named when it is wider."""


@dataclass(frozen=True)
class Coverage:
    """How much of the bone the scan shows.

    share : of the bone's surface, 0 … 1; missing : named places that lie where the scan shows nothing.
    """

    share: float
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class FittedBone:
    """A template laid on a scan.

    cage : in the frame of the scan in mm; that of a left bone is mirrored (x → −x), so all are right-hand bones.
    target : what it was laid on, in the same frame, as scanned.
    similarity : from the shipped bone's frame to that frame, nearest over the whole bone.
    distance : both ways, where the scan covers the bone.
    gaps_mm : (n,) distance of every vertex at level 3 from the scan, NaN where it is not covered.
    """

    name: str
    unit: Unit
    side: Side
    cage: Cage
    target: Surface
    similarity: Similarity
    distance: Distance
    coverage: Coverage
    inspection: Inspection
    gaps_mm: Floats
    notes: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether the bone is closed, cuts nowhere through itself and has no folds."""
        return self.inspection.sound and not self.inspection.folds


def fit_bone(
    bones: Bones,
    name: str,
    scan: Scan,
    *,
    unit: Unit | None = None,
    side: Side | None = None,
    places: Mapping[str, Floats] | None = None,
    progress: Progress = lambda words, share: None,
    watch: Watch = lambda vertices: None,
) -> FittedBone:
    """Lay a shipped bone on a scan.

    Parameters
    ----------
    bones
        The shipped bones, which serve as templates.
    name
        "hip_bone", "femur" or "sacrum".
    scan
        As read; with several pieces, the one most like the bone is taken.
    unit, side
        Of the scan, None to find out. What contradicts the shape is refused.
    places
        Three or more named landmarks where they lie on the scan, (3,) each, in its unit and frame.
    progress
        Hears words and the share done, 0 … 1.
    watch
        Hears the cage's vertices, in the frame of the result, while it is laid on.

    Raises UsageError when the scan is not that bone, of another side, or of an impossible size.
    """
    templates = {other: bones.surface(other, 2) for other in bones.cages}
    notes = list(scan.notes)
    progress(f"Finding the {WORDS[name]}", 0.0)
    parts = pieces(scan)
    largest = Scan(parts[0].surface)
    if unit is None:
        unit, reason = proposed_unit(name, largest, templates)
        notes.append(f"Taken to be in {unit}: {reason}.")
    else:
        checked_unit(name, largest, templates, unit)
    scaled = [part.surface.moved(part.surface.vertices * MILLIMETRES[unit]) for part in parts]
    raw = scaled[0] if len(scaled) == 1 else piece_like(name, scaled, templates, side, notes)
    known = known_places(bones, name, places, MILLIMETRES[unit])
    target, roughness = smoothed(raw)
    if target is not raw:
        notes.append(f"Its surface is rough (about {roughness:.1f} mm); it was smoothed before fitting.")
    progress("Aligning", 0.1)
    found = laid(bones, name, templates, target, side, known, notes)
    shown = _right_hand(raw, found.side)
    target = _right_hand(target, found.side)
    cage = bones.cages[name]
    start = cage.moved(found.similarity.of(cage.vertices))
    keep = None
    if known is not None:
        goals = known[1] * MIRROR if found.side == "left" else known[1]
        keep = (known[2], goals, LANDMARK_WEIGHT)
    calm: Floats = np.zeros(len(cage.vertices))
    for low, high in ((0.3, 0.8), (0.8, 0.9), (0.9, 0.97)):
        tell = _within(progress, low, high)
        result = fit(start, target, FROM_NEARBY, keep=keep, incomplete=True, calm=calm, progress=tell, watch=watch)
        faulty = faulty_vertices(result.subdivided(LEVEL))
        if not len(faulty):
            break
        # Stiffer where it folds; should that not be enough, everywhere.
        calm = np.ones(len(calm)) if calm.any() else _around(cage, faulty)
    progress("Measuring", 0.97)
    return _measured(bones, name, unit, found.side, result, shown, target, tuple(notes))


def known_places(bones: Bones, name: str, places: Mapping[str, Floats] | None, factor: float) -> Known | None:
    """Return the known places of this bone; None when fewer than three of them are on it.

    factor : millimetres in the unit of the places. Raises UsageError for a name that is no landmark.
    """
    if not places:
        return None
    points = bones.landmarks.points
    unknown = sorted(set(places) - set(points))
    if unknown:
        raise UsageError(f"There is no landmark '{unknown[0]}'; hipviz knows {', '.join(sorted(points))}.")
    own = [place for place in places if points[place].bone == name]
    if len(own) < 3:
        return None
    there = np.array([bones.position(place) for place in own])
    here = np.array([np.asarray(places[place], dtype=np.float64) for place in own]) * factor
    rows = [binding_matrix(bones.cages[name], points[place].binding, LEVEL) for place in own]
    return there, here, sp.csr_matrix(sp.vstack(rows))


def _measured(
    bones: Bones,
    name: str,
    unit: Unit,
    side: Side,
    cage: Cage,
    shown: Surface,
    target: Surface,
    notes: tuple[str, ...],
) -> FittedBone:
    """Return the result with its figures. Raises UsageError when it is too far from the scan to be of use."""
    surface = cage.subdivided(LEVEL)
    inspection = inspect(surface)
    covered = is_covered(surface, *even_samples(target, 40_000, 7))
    gaps = np.where(covered, nearest_on(shown, surface.vertices).distances, np.nan)
    points = even_samples(shown, 20_000, 2)[0]
    both = np.concatenate([gaps[covered], nearest_on(surface, points).distances])
    distance = Distance(float(both.mean()), float(np.percentile(both, 95)), float(both.max()))
    corners = surface.vertices[surface.faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    share = float((areas * covered[surface.faces].mean(axis=1)).sum() / areas.sum())
    missing = []
    for place, spot in bones.landmarks.points.items():
        if spot.bone == name:
            matrix = binding_matrix(cage, spot.binding, LEVEL)
            near = np.linalg.norm(surface.vertices - matrix @ cage.vertices, axis=1).argsort()[:6]
            if covered[near].mean() < 0.5:
                missing.append(place)
    holes = _holes(bones, name, surface, covered, areas)
    if share < 0.98 or missing or holes:
        unseen = [place.replace("_", " ") for place in missing] or holes
        what = f"; not seen: {', '.join(unseen)}" if unseen else ""
        notes = (
            *notes,
            f"The scan shows {share:.0%} of the {WORDS[name]}; the rest keeps the shape of the template{what}.",
        )
    if not (inspection.sound and not inspection.folds):
        notes = (
            *notes,
            f"The fit has {inspection.self_intersections} self-intersections and {inspection.folds} folds; "
            "look at it closely.",
        )
    coarse = coarseness_mm(shown)
    if distance.mean_mm > WORST_MEAN_MM or distance.p95_mm > WORST_P95_MM:
        finer = (
            f"The scan has only {len(shown.faces)} faces, themselves about {coarse:.1f} mm off the bone: "
            "give one of 3,000 faces or more."
        )
        cleaner = "Give a cleaner scan of this bone alone, or mark three or more landmarks on it (--landmarks)."
        raise UsageError(
            f"The {WORDS[name]} could not be laid on the scan: it stays {distance.mean_mm:.1f} mm off on average "
            f"(95 % within {distance.p95_mm:.1f} mm). {finer if coarse > COARSE_MM else cleaner}"
        )
    if coarse > COARSE_MM:
        notes = (
            *notes,
            f"The scan is coarse: its {len(shown.faces)} faces lie about {coarse:.1f} mm off the bone themselves, "
            "and the distances tell of its corners as well.",
        )
    overall = _similarity(bones.cages[name], cage, covered)
    return FittedBone(
        name, unit, side, cage, shown, overall, distance, Coverage(share, tuple(missing)), inspection, gaps, notes
    )


def _holes(bones: Bones, name: str, surface: Surface, covered: Mask, areas: Floats) -> list[str]:
    """Return in words where, and how wide, the larger places are that the scan does not show.

    areas : twice that of each face.
    """
    bare = np.flatnonzero(~covered[surface.faces].any(axis=1))
    corners = incidence(surface.faces[bare], len(surface.vertices))
    piece = connected_components(corners @ corners.T, directed=False)[1][surface.faces[bare, 0]]
    template = bones.surface(name, LEVEL).vertices
    places = {place: bones.position(place) for place, spot in bones.landmarks.points.items() if spot.bone == name}
    widest: dict[str, float] = {}
    for number in np.unique(piece):
        faces = bare[piece == number]
        width = float(np.sqrt(2.0 * areas[faces].sum() / np.pi))  # of a disc as large
        middle = template[surface.faces[faces]].mean(axis=(0, 1))
        near = min(places, key=lambda place: float(np.linalg.norm(places[place] - middle)))
        widest[near] = max(width, widest.get(near, HOLE_MM))
    return [
        f"a place {width:.0f} mm across near the {near.replace('_', ' ')}"
        for near, width in widest.items()
        if width > HOLE_MM
    ]


def _around(cage: Cage, faulty: Ints) -> Floats:
    """Return where (n,) a cage is to be calm: around vertices of its surface at LEVEL that are at fault."""
    here = np.zeros(len(cage.subdivided(LEVEL).vertices))
    here[faulty] = 1.0
    calm = np.asarray(cage.subdivision(LEVEL)[0].T @ here > 0, dtype=np.float64)
    for share in (1.0, 0.5):
        beside = calm[cage.faces].max(axis=1)
        np.maximum.at(calm, cage.faces, share * beside[:, None])
    return calm


def _similarity(template: Cage, cage: Cage, covered: Mask) -> Similarity:
    there, here = template.subdivided(LEVEL).vertices, cage.subdivided(LEVEL).vertices
    return best_similarity(there[covered], here[covered])


def _right_hand(surface: Surface, side: Side) -> Surface:
    return surface.mirrored() if side == "left" else surface


def _within(progress: Progress, low: float, high: float) -> Callable[[float, str], None]:
    def tell(share: float, words: str) -> None:
        progress("Fitting", low + (high - low) * share)

    return tell
