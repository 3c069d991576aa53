"""Drawing the edges of the gluteus medius' attachments, and the line below them, for the landmarks file.

Run as `python -m hipviz.model.attachments [MESHES]` after the bones have been made. What grows between the
edges is the business of `gluteus_medius`; how landmarks are kept, of `landmarks`.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipviz.model.landmarks import bound, write_places
from hipviz.model.nearest import nearest_on
from hipviz.model.splines import monotone
from hipviz.model.surface import Surface
from hipviz.model.units import Floats

PLACES = np.linspace(0.0, 3.0, 25)
"""Places across the fan at which the edges are kept: 0 the front edge, 3 the rear edge."""

# Keys are (place, y, z): mm seen from the side, in the frame of the shipped adult. The origin lies between the
# crest and the anterior gluteal line in front, and reaches the posterior gluteal line behind; both edges run
# together at its ends, which makes the outline a teardrop without corners.
ORIGIN_UPPER = (
    (0.0, 34.0, 72.5), (0.2, 32.0, 80.0), (0.5, 26.5, 88.5), (1.0, 7.5, 105.0), (1.35, -5.5, 112.5),
    (1.7, -20.5, 121.5), (2.0, -35.0, 126.5), (2.3, -48.5, 125.5), (2.55, -60.0, 118.0), (2.75, -65.5, 106.0),
    (2.9, -64.0, 93.0), (2.96, -60.5, 84.0), (3.0, -55.5, 77.5),
)  # fmt: skip
ORIGIN_LOWER = (
    (0.0, 31.5, 67.5), (0.25, 25.0, 72.0), (0.6, 15.0, 78.5), (1.0, 2.0, 83.5), (1.35, -8.5, 83.5),
    (1.7, -17.5, 79.5), (2.0, -26.0, 74.0), (2.3, -34.0, 68.5), (2.6, -41.5, 66.0), (2.8, -47.0, 68.0),
    (3.0, -52.0, 73.5),
)  # fmt: skip
# The anterior gluteal line parts this origin from that of the gluteus minimus: (y, z) from crest to notch.
ANTERIOR_LINE = (
    (38.6, 69.0), (34.8, 66.4), (30.5, 66.0), (25.0, 69.4), (18.0, 74.4), (10.2, 78.6), (2.0, 81.0), (-5.6, 81.2),
    (-12.4, 80.0), (-18.9, 76.0), (-25.4, 70.6), (-30.5, 64.6), (-34.0, 57.6), (-36.6, 50.2),
)  # fmt: skip
# Middle line of the insertion: up the lateral facet from its antero-inferior end, on to the superoposterior one.
INSERTION = ((0.0, -0.5, -26.5), (1.0, -7.5, -19.0), (2.0, -15.5, -9.5), (2.5, -20.5, -5.0), (3.0, -26.0, -3.5))
NEAR_WIDTH = ((0.0, 3.0), (0.3, 5.4), (1.0, 6.3), (2.0, 7.2), (2.6, 8.4), (2.85, 7.4), (3.0, 5.2))
FAR_WIDTH = (
    (0.0, 3.0), (0.25, 6.4), (0.6, 7.8), (1.0, 6.3), (1.5, 8.6), (2.0, 6.8), (2.5, 9.4), (2.8, 7.8), (3.0, 4.2),
)  # fmt: skip
"""Width of the insertion on either side of that line, mm: about 12 in all on the lateral facet and 17 on the
superoposterior one (PMID 18237695). The far edge has a tongue per band."""
FRINGE_MM = 0.6
"""Every other fibre ends this much farther or nearer: a tendon has no straight edge."""

Keys = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Drawing:
    """Where the edges of a muscle's attachments are drawn, as keys (place, …) like those above."""

    origin_upper: Keys = ORIGIN_UPPER
    origin_lower: Keys = ORIGIN_LOWER
    insertion: Keys = INSERTION
    near_width: Keys = NEAR_WIDTH
    far_width: Keys = FAR_WIDTH
    fringe_mm: float = FRINGE_MM


NAMES = {
    "origin_upper": "upper edge of the origin, under the iliac crest and down the posterior gluteal line",
    "origin_lower": "lower edge of the origin, along the anterior gluteal line",
    "insertion_upper": "edge of the insertion towards the muscle, on the lateral and superoposterior facets",
    "insertion_lower": "far edge of the insertion, on the lateral and superoposterior facets",
}
LINE_NOTE = "crest to upper edge of the notch, between the origins of gluteus medius and minimus; ±8 mm"


@dataclass(frozen=True, eq=False)
class Attachments:
    """Edges of the muscle's origin and insertion, each (k, 3) mm RAS, evenly spaced over the fan, front to rear.

    origin_upper, origin_lower : on the hip bone. insertion_upper, insertion_lower : on the femur at neutral.
    """

    origin_upper: Floats
    origin_lower: Floats
    insertion_upper: Floats
    insertion_lower: Floats


def landmark_name(edge: str) -> str:
    """Return the name that an edge has in the landmarks file."""
    return f"gluteus_medius_{edge}"


def drawn(hip_bone: Surface, femur: Surface, drawing: Drawing | None = None) -> Attachments:
    """Return the edges drawn on the shipped adult's bones (or on bones of the same size and place).

    drawing : of the gluteus medius when none is given.
    """
    drawing = drawing or Drawing()
    upper = seen_from_the_side(hip_bone, _line(drawing.origin_upper))
    lower = seen_from_the_side(hip_bone, _line(drawing.origin_lower))
    middle = seen_from_the_side(femur, _line(drawing.insertion))
    towards = _across(femur, middle, (upper + lower) / 2.0)
    fringe = drawing.fringe_mm * np.where(np.arange(len(PLACES)) % 2, 1.0, -1.0)[:, None]
    near_edge = nearest_on(femur, middle + _line(drawing.near_width) * towards).positions
    far_edge = nearest_on(femur, middle - (_line(drawing.far_width) + fringe) * towards).positions
    return Attachments(upper, lower, near_edge, far_edge)


def seen_from_the_side(surface: Surface, yz: Floats) -> Floats:
    """Return the points (k, 3) of the surface that an observer at its right sees at `yz` (k, 2).

    Raises ValueError where the observer looks past the surface.
    """
    corners = surface.vertices[surface.faces]
    a, b, c = corners[:, 0, 1:], corners[:, 1, 1:], corners[:, 2, 1:]
    doubled = _cross2(b - a, c - a)
    points = []
    for place in yz:
        weights = np.stack([_cross2(b - place, c - place), _cross2(c - place, a - place)])
        weights /= np.where(np.abs(doubled) < 1e-9, np.inf, doubled)
        weights = np.stack([*weights, 1.0 - weights.sum(axis=0)])
        hit = (weights >= -1e-9).all(axis=0) & (np.abs(doubled) >= 1e-9)
        if not hit.any():
            raise ValueError(f"no bone at y {place[0]:.1f}, z {place[1]:.1f} mm")
        depth = np.einsum("cf,fc->f", weights[:, hit], corners[hit, :, 0])
        points.append([depth.max(), *place])
    return np.array(points)


def _line(keys: Keys) -> Floats:
    table = np.array(keys)
    return monotone(table[:, 0], table[:, 1:], PLACES)


def _across(surface: Surface, line: Floats, goal: Floats) -> Floats:
    """Return unit vectors (k, 3) in the surface, across `line` and towards `goal`."""
    near = np.linalg.norm(surface.vertices[None] - line[:, None], axis=2).argmin(axis=1)
    normal = surface.normals()[near]
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    towards = goal - line
    towards -= normal * np.einsum("ij,ij->i", towards, normal)[:, None]
    # Mostly across the line, so that the strip keeps its width, yet leaning the way the fibres come.
    towards -= 0.6 * along * np.einsum("ij,ij->i", towards, along)[:, None]
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    for _ in range(6):
        towards[1:-1] = 0.5 * towards[1:-1] + 0.25 * (towards[:-2] + towards[2:])
    return np.asarray(towards / np.linalg.norm(towards, axis=1, keepdims=True))


def _cross2(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def write(meshes: Path | None = None) -> None:
    """Draw the edges on the bones in `meshes` and keep them in its landmarks file."""
    from hipviz.model.assets import load_bones

    bones = load_bones(meshes)
    edges = drawn(bones.surface("hip_bone"), bones.surface("femur"))
    places = {
        landmark_name(edge): bound(
            bones.cages, "hip_bone" if edge.startswith("origin") else "femur", getattr(edges, edge), note
        )
        for edge, note in NAMES.items()
    }
    line = seen_from_the_side(bones.surface("hip_bone"), np.array(ANTERIOR_LINE))
    places["anterior_gluteal_line"] = bound(bones.cages, "hip_bone", line, LINE_NOTE)
    write_places(bones.folder / "landmarks.toml", "curves", places, bones.cages)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Draw the attachments of the gluteus medius into landmarks.toml.")
    parser.add_argument(
        "meshes", type=Path, nargs="?", help="folder of the meshes (the shipped one when not given)"
    )
    write(parser.parse_args().meshes)


if __name__ == "__main__":
    main()
