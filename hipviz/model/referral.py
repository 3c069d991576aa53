"""A referral that is played: the trigger point beats, then the zone spreads from it outwards along the skin.

What is shown at a moment is a function of `State.referral`, 0…1; time itself passes in the window's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from hipviz.model.units import Floats

if TYPE_CHECKING:
    from hipviz.model.surface import Surface
    from hipviz.model.zones import Zone

DURATION_S = 2.8
BEATS = 2
SPREADS_FROM, SPREADS_TO, SPILLS_TO = 0.28, 0.62, 1.0
"""When the essential zone begins to show, when it is whole and the spillover begins, and when that is whole."""

WHOLE = 1.0
"""A referral that has been played, or that is not: the full zone stands."""


def beat(at: float) -> float:
    """Return how far the trigger point swells at a moment of the referral: 0 at rest … 1."""
    if not 0.0 < at < SPREADS_FROM:
        return 0.0
    return float(np.sin(np.pi * BEATS * at / SPREADS_FROM) ** 2)


def reach(at: float) -> tuple[float, float]:
    """Return which share of its way the essential zone and the spillover have come at a moment, 0…1 each."""
    essential = (at - SPREADS_FROM) / (SPREADS_TO - SPREADS_FROM)
    spillover = (at - SPREADS_TO) / (SPILLS_TO - SPREADS_TO)
    return min(1.0, max(0.0, essential)), min(1.0, max(0.0, spillover))


@dataclass(frozen=True, eq=False)
class Arrival:
    """When a spreading zone comes to each vertex of the skin, as shares (n,) of the way; 0…1 within the zone."""

    essential: Floats
    spillover: Floats


def arrival(zone: Zone, skin: Surface, trigger_point: Floats) -> Arrival:
    """Return how a zone spreads from the place on the skin that is nearest to its trigger point (3,), mm, at rest.

    Distances are measured along the skin: nearer places come first, the spillover after the essential zone.
    """
    from hipviz.model.geodesic import Geodesy  # brings scipy along, and the window's clock does not need it

    start = skin.vertices[np.argmin(((skin.vertices - trigger_point) ** 2).sum(axis=1))]
    members = (zone.essential > 0.02, zone.spillover > 0.02)
    far = float(np.linalg.norm(skin.vertices[members[1]] - start, axis=1).max())
    distance = Geodesy(skin).offset_distance(start[None], np.zeros(1), far)
    # What lies farther than any straight way to the zone was not reached, and is no part of it either.
    distance = np.minimum(distance, 2.0 * far)
    return Arrival(*(_share(distance, member) for member in members))


def _share(distance: Floats, members: npt.NDArray[np.bool_]) -> Floats:
    near, far = distance[members].min(), distance[members].max()
    return np.asarray((distance - near) / (far - near))
