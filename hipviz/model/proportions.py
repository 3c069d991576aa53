"""Four measures that make hips differ: neck–shaft angle, femoral torsion, neck length and pelvic width.

Here they are read off a set of bones; `reshaping` gives bones other ones, `content/proportions.toml` tells what is
published about them.
"""

from typing import TYPE_CHECKING, Annotated, Literal, get_args

import msgspec
import numpy as np

from hipviz.model.units import Floats

if TYPE_CHECKING:  # the State knows this module, and the window must not wait for scipy
    from hipviz.model.assets import Bones
    from hipviz.model.surface import Surface

Proportion = Literal["neck_shaft_deg", "torsion_deg", "neck_length_mm", "pelvic_width_mm"]
PROPORTIONS: tuple[Proportion, ...] = get_args(Proportion)

LIMITS: dict[Proportion, tuple[float, float]] = {
    "neck_shaft_deg": (105.0, 145.0),
    "torsion_deg": (-15.0, 40.0),
    "neck_length_mm": (45.0, 60.0),
    "pelvic_width_mm": (208.0, 268.0),
}
"""What the study offers: angles within what was found among 1070 femora (PMC4775021), widths within one and a
half standard deviations of the mean (doi 10.1002/ca.23273), necks whose offset stays near what is published."""

SHAFT_SHARES = np.linspace(0.22, 0.5, 6)
"""Where the shaft's axis is laid through its cross-sections, as shares of the way from head to knee."""

LEVEL = 2
"""Subdivision at which cross-sections are taken: measures differ by less than 0.1 from the finest one."""
REACH_MM = 32.0
"""A cross-section ends this far from its middle: what lies beyond belongs to another part of the bone."""


class Proportions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Wanted measures; None leaves a measure as it is on the bones."""

    neck_shaft_deg: Annotated[float, msgspec.Meta(ge=105.0, le=145.0)] | None = None
    torsion_deg: Annotated[float, msgspec.Meta(ge=-15.0, le=40.0)] | None = None
    neck_length_mm: Annotated[float, msgspec.Meta(ge=45.0, le=60.0)] | None = None
    pelvic_width_mm: Annotated[float, msgspec.Meta(ge=208.0, le=268.0)] | None = None


OWN = Proportions()
"""The bones as they are."""


class Measured(msgspec.Struct, frozen=True):
    """What was read off a set of bones.

    neck_shaft_deg : between the axes of neck and shaft. torsion_deg : of the neck against the line on which both
    condyles rest from behind, seen along the mechanical axis, positive forwards. neck_length_mm : from the head's
    centre along the neck to the shaft's axis; offset_mm : straight across to it. pelvic_width_mm : between both
    anterior superior iliac spines; hip_to_midline_mm : from the hip centre.
    """

    neck_shaft_deg: float
    torsion_deg: float
    neck_length_mm: float
    pelvic_width_mm: float
    offset_mm: float
    hip_to_midline_mm: float


class FemurAxes(msgspec.Struct, frozen=True):
    """The axes of a femur, all (3,), mm RAS: points, and unit directions.

    neck : from the shaft towards the head. base : on the neck's axis, where the shaft's passes it.
    shaft : upwards. shaft_point : on the shaft's axis, level with `base`.
    """

    head: Floats
    neck: Floats
    base: Floats
    shaft: Floats
    shaft_point: Floats


def measured(bones: "Bones") -> Measured:
    """Read the measures off a set of bones, the femur at neutral."""
    axes = femur_axes(bones)
    medial = _rearmost(bones, "medial") - _rearmost(bones, "lateral")
    medial[2] = 0.0
    forwards = np.cross(medial, [0.0, 0.0, 1.0])
    torsion = np.arctan2(axes.neck @ forwards, axes.neck @ medial)
    across = axes.head - axes.shaft_point
    across = across - (across @ axes.shaft) * axes.shaft
    return Measured(
        neck_shaft_deg=float(np.degrees(np.arccos(-(axes.neck @ axes.shaft)))),
        torsion_deg=float(np.degrees(torsion)),
        neck_length_mm=float((axes.head - axes.base) @ axes.neck),
        pelvic_width_mm=2.0 * float(bones.position("asis")[0]),
        offset_mm=float(np.linalg.norm(across)),
        hip_to_midline_mm=float(bones.position("femoral_head_centre")[0]),
    )


def femur_axes(bones: "Bones") -> FemurAxes:
    """Return the axes of neck and shaft: through the head's centre and the narrow neck, and along the shaft."""
    femur = bones.surface("femur", LEVEL)
    head, knee = bones.position("femoral_head_centre"), bones.position("knee_centre")
    down = np.array([0.0, 0.0, -1.0])
    middles = np.array(
        [section_centre(femur, head + share * (knee - head), down, np.inf) for share in SHAFT_SHARES]
    )
    shaft_point = middles.mean(axis=0)
    shaft = np.linalg.svd(middles - shaft_point)[2][0]
    shaft *= np.sign(shaft[2])
    # The plane across the neck depends on the neck's axis, which passes the middle of that plane's section.
    waist = bones.position("femoral_neck")
    neck = head - waist
    for _ in range(6):
        neck = neck / np.linalg.norm(neck)
        narrow = head + ((waist - head) @ neck) * neck
        neck = head - section_centre(femur, narrow, neck, REACH_MM)
    neck = neck / np.linalg.norm(neck)
    # Where the two axes pass each other most closely.
    gap, cosine = head - shaft_point, neck @ shaft
    along_neck = (cosine * (shaft @ gap) - neck @ gap) / (1.0 - cosine**2)
    base = head + along_neck * neck
    return FemurAxes(head, neck, base, shaft, shaft_point + ((base - shaft_point) @ shaft) * shaft)


def _rearmost(bones: "Bones", condyle: str) -> Floats:
    """Return the rearmost point (3,) of a condyle of the femur at neutral."""
    vertices = bones.surface("femur", LEVEL).vertices
    near = np.linalg.norm(vertices - bones.position(f"{condyle}_condyle_centre"), axis=1) < REACH_MM
    return np.asarray(vertices[near][vertices[near, 1].argmin()])


def section_centre(surface: "Surface", point: Floats, normal: Floats, reach_mm: float) -> Floats:
    """Return the middle (3,) of the cross-section of a surface through `point`, across the unit `normal`.

    The middle of its outline by length; pieces of outline farther than `reach_mm` from `point` are left out.
    """
    height = (surface.vertices - point) @ normal
    above = height[surface.faces] > 0.0
    count = above[:, 0].astype(np.int8) + above[:, 1] + above[:, 2]
    cut = (count == 1) | (count == 2)
    corners, above = surface.faces[cut], above[cut]
    # Of the three corners of a cut face, one lies alone on its side.
    alone = np.where(above.sum(axis=1, keepdims=True) == 1, above, ~above).argmax(axis=1)
    order = (alone[:, None] + np.arange(3)) % 3
    a, b, c = np.take_along_axis(corners, order, axis=1).T
    ends = []
    for other in (b, c):
        share = (height[a] / (height[a] - height[other]))[:, None]
        ends.append(surface.vertices[a] * (1.0 - share) + surface.vertices[other] * share)
    middle, length = 0.5 * (ends[0] + ends[1]), np.linalg.norm(ends[1] - ends[0], axis=1)
    length = np.where(np.linalg.norm(middle - point, axis=1) < reach_mm, length, 0.0)
    return np.asarray(length @ middle / length.sum())
