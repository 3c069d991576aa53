"""Drawing the attachments of the gluteus medius' neighbours, and the facets of the greater trochanter.

Run as `python -m hipviz.model.neighbour_attachments [MESHES]` after the bones have been made. Those of the medius
itself are drawn in `attachments`; what grows on them is the business of each muscle's module.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.attachments import PLACES, Attachments, Drawing, Keys, drawn
from hipviz.model.landmarks import Place, bound, write_places
from hipviz.model.nearest import nearest_on
from hipviz.model.splines import monotone
from hipviz.model.surface import Surface
from hipviz.model.units import Floats

if TYPE_CHECKING:
    from hipviz.model.assets import Bones

SCALE = 0.93
"""Size of the shipped adult over that of those whose facets were measured (PMID 18237695)."""

# The minimus lies between the anterior and inferior gluteal lines and ends on the anterior facet (PMID 11687692).
MINIMUS = Drawing(
    origin_upper=(
        (0.0, 26.0, 62.0), (0.3, 20.0, 68.0), (0.7, 10.0, 74.5), (1.2, -1.0, 78.0), (1.6, -10.0, 76.0),
        (2.0, -18.0, 70.5), (2.4, -24.5, 62.5), (2.75, -29.0, 53.5), (3.0, -31.0, 46.5),
    ),
    origin_lower=(
        (0.0, 24.5, 58.5), (0.5, 16.0, 58.5), (1.0, 6.5, 57.0), (1.5, -4.0, 53.5), (2.0, -13.5, 48.5),
        (2.5, -22.0, 44.0), (2.8, -27.0, 42.5), (3.0, -29.5, 43.5),
    ),
    insertion=((0.0, 4.5, -21.0), (1.0, 4.0, -16.5), (2.0, 2.0, -11.0), (3.0, -3.0, -4.0)),
    near_width=((0.0, 2.5), (0.5, 4.0), (2.5, 4.0), (3.0, 2.5)),
    far_width=((0.0, 2.5), (0.5, 4.0), (1.5, 4.6), (2.5, 4.0), (3.0, 2.5)),
    fringe_mm=0.2,
)  # fmt: skip

# The maximus, keys (place, x, y, z), 0 its upper border: from behind the posterior gluteal line over the sacrum's
# edge to the coccyx. Each edge is brought to the nearest bone.
MAXIMUS_FAR = (
    (0.0, 84.0, -62.0, 122.5), (0.4, 71.0, -75.5, 111.5), (0.8, 63.0, -82.5, 92.5), (1.1, 58.0, -82.5, 75.0),
    (1.13, 46.0, -88.0, 72.0), (1.5, 36.0, -97.0, 60.0), (2.0, 26.0, -104.0, 44.0), (2.5, 15.0, -105.0, 25.0),
    (2.8, 8.0, -99.0, 9.0), (3.0, 3.0, -83.0, -1.5),
)  # fmt: skip
MAXIMUS_NEAR = (
    (0.0, 82.0, -61.5, 118.0), (0.4, 75.0, -69.5, 106.0), (0.8, 71.5, -70.0, 90.0), (1.1, 68.0, -68.0, 74.0),
    (1.13, 50.0, -76.0, 70.0), (1.5, 42.0, -85.0, 56.0), (2.0, 32.0, -93.0, 40.0), (2.5, 20.0, -100.0, 23.0),
    (2.8, 9.0, -96.0, 8.0), (3.0, 4.0, -81.0, -2.0),
)  # fmt: skip
# Its upper fibres end in the iliotibial tract, over the bone; the lowest on the gluteal tuberosity.
MAXIMUS_END_NEAR = (
    (0.0, 158.0, 2.0, -42.0), (1.0, 156.0, -12.0, -48.0), (2.0, 146.0, -28.0, -54.0), (3.0, 128.0, -27.0, -66.0),
)  # fmt: skip
MAXIMUS_END_FAR = (
    (0.0, 156.0, 2.0, -66.0), (1.0, 154.0, -12.0, -80.0), (2.0, 142.0, -24.0, -92.0), (3.0, 127.0, -20.0, -94.0),
)  # fmt: skip

# The piriformis, 0 its upper border: from the front of the sacrum, beside and between its second to fourth
# foramina, to the upper border of the trochanter (Gray's Anatomy).
PIRIFORMIS: dict[str, tuple[str, Keys]] = {
    "origin_upper": (
        "sacrum",
        ((0.0, 17.0, -60.0, 66.0), (1.0, 17.0, -80.0, 58.0), (2.0, 17.0, -88.0, 48.0), (3.0, 17.0, -94.0, 36.0)),
    ),
    "origin_lower": (
        "sacrum",
        ((0.0, 32.0, -56.0, 64.0), (1.0, 34.0, -72.0, 58.0), (2.0, 33.0, -84.0, 49.0), (3.0, 28.0, -91.0, 37.0)),
    ),
    "insertion_upper": (
        "femur",
        ((0.0, 135.0, -9.5, 3.5), (1.0, 134.5, -12.0, 3.0), (2.0, 134.0, -14.5, 2.0), (3.0, 134.0, -17.0, 1.0)),
    ),
    "insertion_lower": (
        "femur",
        ((0.0, 140.0, -8.0, 2.5), (1.0, 140.0, -11.0, 3.0), (2.0, 140.0, -14.0, 3.0), (3.0, 139.0, -17.0, 2.5)),
    ),
}  # fmt: skip

# Facets: named point, length and width in mm, direction of the long axis in degrees from up towards behind.
FACETS = {
    "lateral_facet_outline": ("lateral_facet", 34.8, 11.2, 36.8),
    "superoposterior_facet_outline": ("superoposterior_facet", 17.0, 17.0, 0.0),
    "anterior_facet_outline": ("anterior_facet", 22.0, 9.0, 25.0),
}
# The posterior facet holds a bursa, no tendon (PMID 11687692). Its size is not published: as the bone shows it.
POSTERIOR_FACET = ((146.5, -25.5, -21.0), (29.0, 13.0), 8.0)
NOTES = {
    "origin_upper": "upper edge of the origin",
    "origin_lower": "lower edge of the origin",
    "insertion_upper": "edge of the insertion towards the muscle",
    "insertion_lower": "far edge of the insertion",
}


def drawn_maximus(bones: Mapping[str, Surface]) -> dict[str, tuple[str, Floats]]:
    """Return the edges of the maximus by name: the bone that each runs on, and its places (k, 3), upper to lower.

    The part of the origin on the hip bone and that on the sacrum are edges of their own.
    """
    edges: dict[str, tuple[str, Floats]] = {}
    on_ilium = PLACES <= 1.1
    origin: dict[str, Keys] = {"origin_far": MAXIMUS_FAR, "origin_near": MAXIMUS_NEAR}
    insertion: dict[str, Keys] = {"insertion_near": MAXIMUS_END_NEAR, "insertion_far": MAXIMUS_END_FAR}
    for edge, keys in origin.items():
        points = _line(keys)
        for bone, part in (("hip_bone", on_ilium), ("sacrum", ~on_ilium)):
            edges[f"{edge}_{bone}"] = bone, nearest_on(bones[bone], points[part]).positions
    for edge, keys in insertion.items():
        edges[edge] = "femur", nearest_on(bones["femur"], _line(keys)).positions
    return edges


def facet_outline(femur: Surface, centre: Floats, size_mm: tuple[float, float], axis_deg: float) -> Floats:
    """Return a closed outline (k, 3) on the trochanter: an ellipse round `centre`, laid on the bone.

    axis_deg : of the long axis, from the femur's own axis (up) towards behind.
    """
    near = np.linalg.norm(femur.vertices - centre, axis=1) < 6.0
    normal = femur.normals()[near].mean(axis=0)
    normal /= np.linalg.norm(normal)
    up = np.array([0.0, 0.0, 1.0])
    up -= normal * (up @ normal)
    up /= np.linalg.norm(up)
    behind = np.cross(up, normal)
    behind *= -np.sign(behind[1])
    angle = np.radians(axis_deg)
    long, across = np.cos(angle) * up + np.sin(angle) * behind, np.cos(angle) * behind - np.sin(angle) * up
    turn = np.linspace(0.0, 2.0 * np.pi, 33)[:-1, None]
    half = 0.5 * SCALE * np.array(size_mm)
    return nearest_on(femur, centre + half[0] * np.cos(turn) * long + half[1] * np.sin(turn) * across).positions


def _line(keys: Keys) -> Floats:
    spots = np.array(keys)
    return monotone(spots[:, 0], spots[:, 1:], PLACES)


def places(bones: "Bones") -> dict[str, Place]:
    """Return everything that this module draws, bound to the bones."""
    surfaces = {name: bones.surface(name) for name in ("hip_bone", "femur", "sacrum")}
    found: dict[str, Place] = {}
    minimus: Attachments = drawn(surfaces["hip_bone"], surfaces["femur"], MINIMUS)
    for edge, note in NOTES.items():
        bone = "hip_bone" if edge.startswith("origin") else "femur"
        found[f"gluteus_minimus_{edge}"] = bound(bones.cages, bone, getattr(minimus, edge), note)
    for edge, (bone, line) in drawn_maximus(surfaces).items():
        found[f"gluteus_maximus_{edge}"] = bound(bones.cages, bone, line, "edge of the gluteus maximus")
    for edge, (bone, keys) in PIRIFORMIS.items():
        line = nearest_on(surfaces[bone], _line(keys)).positions
        found[f"piriformis_{edge}"] = bound(bones.cages, bone, line, NOTES[edge])
    for name, (point, length, width, axis) in FACETS.items():
        outline = facet_outline(surfaces["femur"], bones.position(point), (length, width), axis)
        found[name] = bound(bones.cages, "femur", outline, "closed outline, of published size (PMID 18237695)")
    place, size, axis = POSTERIOR_FACET
    centre = nearest_on(surfaces["femur"], np.array([place])).positions[0]
    outline = facet_outline(surfaces["femur"], centre, size, axis)
    found["posterior_facet_outline"] = bound(bones.cages, "femur", outline, "closed outline, as the bone shows it")
    return found


def main() -> None:
    """Run from the command line."""
    from hipviz.model.assets import load_bones

    parser = argparse.ArgumentParser(description="Draw the neighbours' attachments into landmarks.toml.")
    parser.add_argument(
        "meshes", type=Path, nargs="?", help="folder of the meshes (the shipped one when not given)"
    )
    bones = load_bones(parser.parse_args().meshes)
    write_places(bones.folder / "landmarks.toml", "curves", places(bones), bones.cages)


if __name__ == "__main__":
    main()
