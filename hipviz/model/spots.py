"""Places on the skin as samples of an area, and how a zone covers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from hipviz.model.units import Floats, Ints
from hipviz.model.zones import Zone

LEAST_SHARE, WHOLE_SHARE = 0.2, 0.6
"""Shares of an area that a zone must cover to be named, and not to be said of a part of it only."""

Kind = Literal["essential", "spillover"]


@dataclass(frozen=True, eq=False)
class Spots:
    """Places on the skin: barycentric weights (k, 3) in the triangles whose corners are skin vertices (k, 3).

    areas : (k,) what each stands for, mm² or any other unit.
    """

    corners: Ints
    weights: Floats
    areas: Floats

    def sampled(self, field: Floats) -> Floats:
        """Return a field over the skin's vertices (n,) at the places, (k,)."""
        return np.asarray(np.einsum("kj,kj->k", self.weights, field[self.corners]))

    @classmethod
    def vertices(cls, numbers: Ints, areas: Floats) -> Spots:
        """Return the places of some vertices of the skin, which stand for `areas` (k,)."""
        corners = np.repeat(numbers[:, None], 3, axis=1)
        return cls(corners, np.tile((1.0, 0.0, 0.0), (len(numbers), 1)), areas)


class Cover(NamedTuple):
    """How a zone covers places: by which of its parts, if at all, what share of them, and its mean weight, 0…1."""

    kind: Kind | None
    share: float
    weight: float

    @property
    def whole(self) -> bool:
        """Whether it can be said of all the places."""
        return self.share >= WHOLE_SHARE


def covering(zone: Zone, spots: Spots) -> Cover:
    """Return how a zone covers places.

    The border is where a field has fallen to half its strength: there the outline is drawn.
    """
    total = spots.areas.sum()
    essential, spillover = spots.sampled(zone.essential), spots.sampled(zone.spillover)
    point = zone.point
    inner = essential >= 0.5 * point.essential.strength
    outer = spillover >= 0.5 * point.spillover.strength
    weight = float((spots.areas * np.maximum(essential, spillover)).sum() / total)
    mainly, anyhow = (float((spots.areas * part).sum() / total) for part in (inner, inner | outer))
    if mainly >= LEAST_SHARE:
        return Cover("essential", mainly, weight)
    if anyhow >= LEAST_SHARE:
        return Cover("spillover", anyhow, weight)
    return Cover(None, anyhow, weight)
