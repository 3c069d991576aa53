"""Backwards: from a place on the skin to the bands whose trigger point is reported to be felt there.

It reads the same fields that are drawn; how a zone covers places is worked out in `spots`, all words are told in
`pain_words`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from hipviz.model.blending import neighbour_average
from hipviz.model.cache import cached, fingerprint
from hipviz.model.content import Statement
from hipviz.model.errors import ContentError, UsageError
from hipviz.model.geodesic import Geodesy
from hipviz.model.nearest import nearest_on
from hipviz.model.pain_words import REGIONS, PainWords, RedFlag, Suspect
from hipviz.model.skin import Skin
from hipviz.model.spots import LEAST_SHARE, Cover, Kind, Spots, covering
from hipviz.model.surface import Surface
from hipviz.model.units import SIDES, Band, Floats, Side, opposite
from hipviz.model.zones import Ruler, Zone, border_distance

METHOD = "regions 1"
"""Goes into the cache key: change it with anything that changes the areas."""

BESIDE_MM = 20.0
"""A place farther than this from the skin is not meant to lie on it."""

NEARBY_MM = 40.0
"""A place outside all regions belongs to the nearest one, if that is not farther than this."""

FINGER_MM = 14.0
"""Radius of what a finger touches that points at a place."""


@dataclass(frozen=True)
class Answer:
    """A band whose point is reported to be felt there; `weight` (0…1) is that of the field, no probability.

    whole : whether that holds for most of what was asked for, not for a part of it only.
    """

    band: Band
    side: Side
    kind: Kind
    weight: float
    whole: bool
    why: Statement


@dataclass(frozen=True)
class Finding:
    """Everything the look-up says; `regions` is where the place lies, or what was asked for."""

    regions: tuple[tuple[str, Side], ...]
    answers: tuple[Answer, ...]
    suspects: tuple[Suspect, ...]
    flags: tuple[RedFlag, ...]


@dataclass(frozen=True, eq=False)
class PainMap:
    """The map read backwards. `distances`: per region the signed distance (n,) mm to its border, right side."""

    words: PainWords
    skin: Skin
    zones: Mapping[tuple[Band, Side], Zone]
    distances: Mapping[str, Floats]
    vertex_areas: Floats

    @classmethod
    def on(
        cls,
        words: PainWords,
        landmarks: Mapping[str, Floats],
        skin: Skin,
        zones: Mapping[tuple[Band, Side], Zone],
    ) -> PainMap:
        """Lay the regions on a skin. Raises ContentError for an anchor whose way to the skin misses it."""
        regions = tuple(words.regions.values())
        key = fingerprint(
            skin.rest.vertices,
            skin.rest.faces,
            *(part for name in sorted(landmarks) for part in (name, np.asarray(landmarks[name]))),
            msgspec.json.encode([(region.strip, region.blend_mm) for region in regions]),
            METHOD,
        )
        arrays = cached("regions", key, lambda: {"distance": _measured(words, landmarks, skin)})
        distances = dict(zip(words.regions, np.asarray(arrays["distance"], np.float64), strict=True))
        return cls(words, skin, zones, distances, _vertex_areas(skin.rest))

    def distance(self, region: str, side: Side) -> Floats:
        """Return the signed distance (n,) mm of the skin's vertices to a region's border, negative inside."""
        field = self.distances[region]
        return field if side == "right" else np.asarray(field[self.skin.mate])

    def spots(self, points: Floats, vertices: Floats | None = None) -> Spots:
        """Return the places of the skin nearest to `points` (k, 3) mm; `vertices` (n, 3) where it is posed.

        Raises UsageError when a point lies beside the body.
        """
        surface = Surface(self.skin.rest.vertices if vertices is None else vertices, self.skin.rest.faces)
        points = np.atleast_2d(np.asarray(points, dtype=np.float64))
        if not len(points) or not np.isfinite(points).all():
            raise UsageError("a place needs three numbers: millimetres to the right, forwards and up.")
        found = nearest_on(surface, points)
        worst = int(found.distances.argmax())
        if found.distances[worst] > BESIDE_MM:
            x, y, z = found.positions[worst]
            raise UsageError(
                f"the point {_spoken(points[worst])} lies {found.distances[worst]:.0f} mm from the skin; "
                f"the nearest place on the skin is {_spoken((x, y, z))} (mm to the right, forwards, up from "
                "between the hip joints)."
            )
        return Spots(surface.faces[found.triangles], found.weights, np.ones(len(points)))

    def at(self, spots: Spots) -> Finding:
        """Answer for places on the skin, each as broad as a fingertip: one, or those that were painted."""
        regions, touched = self.regions_of(spots), self.fingertips(spots)
        if len(spots.areas) > 1:
            return self._finding(regions, self._answers(touched, self._partly(self.words.phrases["painted"])))
        inside = [at for at in regions if spots.sampled(self.distance(*at))[0] < 0.0]
        if not inside:
            here = self.words.phrases["here"]
            return self._finding(regions, self._answers(touched, lambda zone, cover: here))
        area, name = self._area(*inside[0]), self._named(*inside[0])

        def place(zone: Zone, cover: Cover) -> Statement:
            # What holds for the place need not hold for all of the region that it is called by.
            around = covering(zone, area)
            said = around.kind == cover.kind and around.whole
            return name if said else self.words.phrase("this_part", name)

        return self._finding(regions, self._answers(touched, place))

    def fingertips(self, spots: Spots) -> Spots:
        """Return all of the skin that fingers touch which point at places."""
        rest = self.skin.rest.vertices
        places = np.einsum("kj,kji->ki", spots.weights, rest[spots.corners])
        near = np.zeros(len(rest), dtype=bool)
        for place in places:
            near |= ((rest - place) ** 2).sum(axis=1) < FINGER_MM**2
        numbers = np.flatnonzero(near)
        return Spots.vertices(numbers, self.vertex_areas[numbers]) if len(numbers) else spots

    def over(self, region: str, side: Side) -> Finding:
        """Answer for a region of one side."""
        return self.over_all(((region, side),))

    def over_all(self, regions: Sequence[tuple[str, Side]]) -> Finding:
        """Answer for some regions together, each band by the region that speaks most for it.

        Raises UsageError for an empty list.
        """
        if not regions:
            raise UsageError("choose at least one region, or a place on the skin.")
        said: dict[tuple[Band, Side], dict[tuple[str, Side], Answer]] = {}
        for region, side in regions:
            for answer in self._answers(self._area(region, side), self._partly(self._named(region, side))):
                said.setdefault((answer.band, answer.side), {})[region, side] = answer
        answers = [self._strongest(by_region) for by_region in said.values()]
        return self._finding(tuple(regions), answers)

    def _strongest(self, answers: Mapping[tuple[str, Side], Answer]) -> Answer:
        """Return what one band has to say about some regions; both sides of a region in one sentence."""
        (region, side), best = min(answers.items(), key=lambda item: _rank(item[1]))
        beside = answers.get((region, opposite(side)))
        if beside is None or (beside.kind, beside.whole) != (best.kind, best.whole):
            return best
        name = self._named(region)
        return replace(best, why=self._why(name if best.whole else self.words.phrase("part", name), best))

    def regions_of(self, spots: Spots) -> tuple[tuple[str, Side], ...]:
        """Return the regions that places lie in, deepest first; outside all of them the nearest one nearby."""
        depths = []
        for name in self.words.regions:
            for side in SIDES:
                depth = spots.sampled(self.distance(name, side))
                share = float((spots.areas * (depth < 0.0)).sum() / spots.areas.sum())
                depths.append((share < LEAST_SHARE, float(depth.mean()), name, side))
        depths.sort()
        inside = tuple((name, side) for outside, _, name, side in depths if not outside)
        if inside:
            return inside
        nearest = min(depths, key=lambda row: row[1])
        return (nearest[2:],) if nearest[1] < NEARBY_MM else ()

    def _finding(self, regions: tuple[tuple[str, Side], ...], answers: Sequence[Answer]) -> Finding:
        order, sides = [name for name, _ in regions], {side for _, side in regions}
        # What is felt on its own side comes before what is felt on the other one as well.
        answers = sorted(
            answers, key=lambda each: (each.kind != "essential", each.side not in sides, -each.weight)
        )
        suspects = [suspect for suspect in self.words.suspects if set(order) & set(suspect.regions)]
        suspects.sort(key=lambda suspect: min(order.index(name) for name in suspect.regions if name in order))
        return Finding(regions, tuple(answers), tuple(suspects), self.words.flags)

    def _answers(self, spots: Spots, place: Callable[[Zone, Cover], Statement]) -> tuple[Answer, ...]:
        """Return the answers for places; `place` says what they are called where a zone covers them so."""
        answers = []
        for (band, side), zone in self.zones.items():
            cover = covering(zone, spots)
            if cover.kind is None:
                continue
            named = place(zone, cover)
            answer = Answer(band, side, cover.kind, round(cover.weight, 3), cover.whole, named)
            answers.append(replace(answer, why=self._why(named, answer)))
        return tuple(answers)

    def _area(self, region: str, side: Side) -> Spots:
        """Return all places of a region."""
        numbers = np.flatnonzero(self.distance(region, side) < 0.0)
        return Spots.vertices(numbers, self.vertex_areas[numbers])

    def _partly(self, name: Statement) -> Callable[[Zone, Cover], Statement]:
        """Return how to call what a zone covers of an area: by the area's name, or as a part of it."""
        part = self.words.phrase("part", name)
        return lambda zone, cover: name if cover.whole else part

    def _why(self, place: Statement, answer: Answer) -> Statement:
        """Return the sentence of an answer about a place."""
        point = self.zones[answer.band, answer.side].point
        why = self.words.phrase(answer.kind, place, band=answer.band, side=answer.side, number=str(point.number))
        where = point.essential.where if answer.kind == "essential" else point.spillover.where
        return msgspec.structs.replace(why, reported=where.in_register("sources"), sources=where.sources)

    def _named(self, region: str, side: Side | None = None) -> Statement:
        """Return a region as it stands in a sentence: "the sacrum on the right", or "… on both sides"."""
        within = self.words.regions[region].within
        where = f"on the {side}" if side else "on both sides"
        return Statement(f"{within.plain} {where}", f"{within.clinical} {where}")


def _rank(answer: Answer) -> tuple[bool, float]:
    return answer.kind != "essential", -answer.weight


def _measured(words: PainWords, landmarks: Mapping[str, Floats], skin: Skin) -> Floats:
    ruler = Ruler.on(skin, landmarks)
    geodesy, average = Geodesy(ruler.fine), neighbour_average(ruler.fine)
    n = len(skin.rest.vertices)
    rows = []
    for region in words.regions.values():
        try:
            rows.append(border_distance(region.area, ruler, geodesy, average)[:n])
        except ContentError as fault:
            raise ContentError(f"{REGIONS}, region '{region.id}': {fault}") from fault
    return np.array(rows, dtype=np.float32)


def _vertex_areas(surface: Surface) -> Floats:
    """Return the area (n,) mm² that each vertex stands for: a third of its triangles."""
    a, b, c = surface.vertices[surface.faces].transpose(1, 0, 2)
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 6.0
    return np.bincount(surface.faces.ravel(), np.repeat(areas, 3), len(surface.vertices)).astype(np.float64)


def _spoken(point: Floats | tuple[float, float, float]) -> str:
    return "(" + ", ".join(f"{value:.0f}" for value in point) + ")"
