"""The pain zones on the skin: fields over its vertices, and what is needed to draw them, on both sides.

Where they lie is told in `content/trigger_points.toml`; how patches, outlines and dots follow the skin lives in
`zone_drawing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
import scipy.sparse as sp

from hipviz.model.blending import neighbour_average, smooth_step, smooth_union
from hipviz.model.cache import Arrays, cached, fingerprint
from hipviz.model.errors import ContentError
from hipviz.model.geodesic import Geodesy, midpoint_subdivision
from hipviz.model.nearest import nearest_on
from hipviz.model.skin import Skin
from hipviz.model.surface import Surface
from hipviz.model.trigger_points import FILE, Anchor, Strip, TriggerPoint, ZoneRecord
from hipviz.model.units import MIRROR, Floats, Ints, Side
from hipviz.model.zone_drawing import Dots, Ribbon, SkinPatch, clipped, dots_at, outline_ribbon, spread_dots

METHOD = "zones 3"
"""Goes into the cache key: change it with anything that changes the fields."""

REFERENCE_BREADTH_MM = 238.0
"""Distance between the ASIS for which offsets and widths are given."""

MEASURED = ("essential", "spillover", "corners", "weights")
REACH_MM = 36.0
SMOOTHING_ROUNDS = 6
DIRECTIONS = {"back": (0.0, -1.0, 0.0), "side": (1.0, 0.0, 0.0), "front": (0.0, 1.0, 0.0)}


@dataclass(frozen=True, eq=False)
class Zone:
    """What is felt when one trigger point is active.

    essential, spillover : (n,) 0…1 over the skin's vertices. The spillover includes the essential zone.
    """

    point: TriggerPoint
    side: Side
    essential: Floats
    spillover: Floats
    essential_patch: SkinPatch
    spillover_patch: SkinPatch
    essential_outline: Ribbon
    spillover_outline: Ribbon
    dots: Dots

    def mirrored(self, skin: Skin) -> Zone:
        """Return the same zone on the other side of the body."""
        mate = skin.mate
        return Zone(
            point=self.point,
            side="left" if self.side == "right" else "right",
            essential=self.essential[mate],
            spillover=self.spillover[mate],
            essential_patch=self.essential_patch.mirrored(mate),
            spillover_patch=self.spillover_patch.mirrored(mate),
            essential_outline=self.essential_outline.mirrored(mate),
            spillover_outline=self.spillover_outline.mirrored(mate),
            dots=self.dots.mirrored(mate),
        )


def build_zones(points: tuple[TriggerPoint, ...], landmarks: Mapping[str, Floats], skin: Skin) -> tuple[Zone, ...]:
    """Return the zones of all points, right side first, in the order of `points`.

    landmarks : places (3,) on the right side of the body, mm, RAS; "asis" must be among them.
    Raises ContentError for an anchor whose way to the skin misses it.
    """
    key = fingerprint(
        skin.rest.vertices,
        skin.rest.faces,
        *(part for name in sorted(landmarks) for part in (name, np.asarray(landmarks[name]))),
        msgspec.json.encode(points),
        METHOD,
    )
    ruler = Ruler.on(skin, landmarks)
    arrays = cached("zones", key, lambda: _measured(points, ruler))
    right = [_zone(point, ruler, *_taken(arrays, i)) for i, point in enumerate(points)]
    return (*right, *(zone.mirrored(skin) for zone in right))


@dataclass(frozen=True, eq=False)
class Ruler:
    """A skin with its landmarks, and the finer mesh on which distances are measured.

    refine : (n_fine, n) matrix from skin vertices to those of the finer mesh; its first n rows are the identity.
    """

    skin: Skin
    landmarks: Mapping[str, Floats]
    refine: sp.csr_matrix
    fine: Surface
    scale: float

    @classmethod
    def on(cls, skin: Skin, landmarks: Mapping[str, Floats]) -> Ruler:
        """Prepare a skin."""
        refine, faces = midpoint_subdivision(skin.rest.faces, len(skin.rest.vertices))
        fine = Surface(np.asarray(refine @ skin.rest.vertices), faces)
        scale = 2.0 * float(landmarks["asis"][0]) / REFERENCE_BREADTH_MM
        return cls(skin, landmarks, refine, fine, scale)

    def place(self, anchor: Anchor) -> Floats:
        """Return where an anchor lies on the skin, (3,) mm."""
        start = np.asarray(self.landmarks[anchor.at])
        if anchor.towards is not None:
            start = start + anchor.share * (np.asarray(self.landmarks[anchor.towards]) - start)
        if anchor.other_side:
            start = start * MIRROR
        start = start + self.scale * np.array(anchor.offset_mm)
        if anchor.to_skin == "nearest":
            return np.asarray(nearest_on(self.skin.rest, start[None]).positions[0])
        place = shot(self.skin.rest, start, np.array(DIRECTIONS[anchor.to_skin]))
        if place is None:
            raise ContentError(
                f"the anchor at '{anchor.at}' with offset {list(anchor.offset_mm)} does not meet the skin "
                f"straight to the {anchor.to_skin}; move it or choose another to_skin"
            )
        return place

    def curve(self, strip: Strip) -> tuple[Floats, Floats]:
        """Return the places (k, 3) along a strip, on the skin, and the half-width (k,) at each, mm."""
        places = np.array([self.place(anchor) for anchor in strip.anchors])
        widths = self.scale * np.array([anchor.half_width_mm for anchor in strip.anchors])
        if len(places) == 1:
            return places, widths
        knots = np.arange(len(places))
        at = np.linspace(0.0, knots[-1], 12 * knots[-1] + 1)
        between = np.stack([np.interp(at, knots, column) for column in places.T], axis=1)
        for _ in range(10):  # round the corners
            between[1:-1] = 0.5 * between[1:-1] + 0.25 * (between[:-2] + between[2:])
        return nearest_on(self.skin.rest, between).positions, np.interp(at, knots, widths)


def shot(surface: Surface, start: Floats, direction: Floats) -> Floats | None:
    """Return the last place (3,) where the line through `start` along `direction` meets the surface, if it does.

    Where the start lies along the line does not matter. Intersection after Möller and Trumbore, 1997.
    """
    a, b, c = surface.vertices[surface.faces].transpose(1, 0, 2)
    p = np.cross(direction, c - a)
    determinant = ((b - a) * p).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = ((start - a) * p).sum(axis=1) / determinant
        q = np.cross(start - a, b - a)
        v = q @ direction / determinant
        t = ((c - a) * q).sum(axis=1) / determinant
    hit = (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1.0 + 1e-9) & np.isfinite(t)
    if not hit.any():
        return None
    return np.asarray(start + t[hit].max() * direction)


def _measured(points: tuple[TriggerPoint, ...], ruler: Ruler) -> Arrays:
    """Return what is costly about each zone, by the names of MEASURED and the point's place in the list.

    essential, spillover : signed distance to the zone's border over the finer mesh, (n_fine,) mm, negative inside.
    corners, weights : the dots, see `spread_dots`.
    """
    geodesy = Geodesy(ruler.fine)
    average = neighbour_average(ruler.fine)
    arrays: Arrays = {}
    for i, point in enumerate(points):
        try:
            essential = border_distance(point.essential, ruler, geodesy, average)
            spillover = border_distance(point.spillover, ruler, geodesy, average)
        except ContentError as fault:
            raise ContentError(f"{FILE}, point '{point.id}': {fault}") from fault
        # What spills over starts from the essential zone: take that in, so that there is no gap between them.
        spillover = np.minimum(smooth_union(spillover, essential + 6.0, 14.0), essential)
        dots = spread_dots(ruler.fine, spillover, essential)
        arrays |= {f"{name} {i}": part for name, part in zip(MEASURED, (essential, spillover, *dots), strict=True)}
    return arrays


def _taken(arrays: Arrays, i: int) -> tuple[Floats, Floats, Ints, Floats]:
    essential, spillover, corners, weights = (arrays[f"{name} {i}"] for name in MEASURED)
    return essential.astype(float), spillover.astype(float), corners.astype(np.int64), weights.astype(float)


def border_distance(record: ZoneRecord, ruler: Ruler, geodesy: Geodesy, average: sp.csr_matrix) -> Floats:
    """Return the signed distance to the border of the union of strips, (n_fine,) mm, negative inside."""
    total: Floats | None = None
    for strip in record.strip:
        curve, radius = ruler.curve(strip)
        for mirror in (False, True) if strip.both_sides else (False,):
            distance = geodesy.offset_distance(curve * MIRROR if mirror else curve, radius, REACH_MM)
            distance = np.minimum(distance, 2.0 * REACH_MM)
            total = distance if total is None else smooth_union(total, distance, record.blend_mm)
    assert total is not None  # a record has at least one strip
    return _smoothed(total, average)


def _smoothed(values: Floats, average: sp.csr_matrix) -> Floats:
    for _ in range(SMOOTHING_ROUNDS):
        values = 0.5 * (values + average @ values)
    return values


def _zone(
    point: TriggerPoint, ruler: Ruler, essential: Floats, spillover: Floats, corners: Ints, weights: Floats
) -> Zone:
    n = len(ruler.skin.rest.vertices)

    def weight(distance: Floats, record: ZoneRecord) -> Floats:
        return record.strength * smooth_step(-distance[:n], -record.soft_mm, record.soft_mm)

    inner, inner_border = clipped(ruler.fine.faces, essential, ruler.refine)
    outer, outer_border = clipped(ruler.fine.faces, spillover, ruler.refine)
    rest = ruler.skin.rest.vertices
    essential_at = outer.matrix @ essential[:n]
    return Zone(
        point=point,
        side="right",
        essential=weight(essential, point.essential),
        spillover=np.maximum(
            weight(spillover, point.spillover), weight(essential, point.essential) * point.spillover.strength
        ),
        essential_patch=inner,
        spillover_patch=outer,
        essential_outline=outline_ribbon(inner, inner_border, rest),
        spillover_outline=outline_ribbon(outer, outer_border, rest, beside=essential_at),
        dots=dots_at(corners, weights, ruler.refine),
    )
