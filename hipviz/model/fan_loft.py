"""The fixed arrays that clothe a fan of fibres: where its bands are rounded, where belly and where tendon.

They are worked out once per muscle from a few tables; `loft` applies them in every pose.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.loft import Loft, ring_faces
from hipviz.model.splines import cubic_matrix, monotone
from hipviz.model.units import Floats

FIBRES_PER_BAND = 6
FAN = np.linspace(0.0, 3.0, 3 * FIBRES_PER_BAND + 1)
"""Place of every fibre across the fan: 0 the front edge, 1 and 2 the borders between bands, 3 the rear edge."""
ORIGIN_ROWS, FREE_ROWS, INSERTION_ROWS = 6, 10, 3
COARSE_ROWS = ORIGIN_ROWS + FREE_ROWS + INSERTION_ROWS
ROWS, COLUMNS = 38, 13
FIBRE_POINTS = 14

ALONG = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0.0, 1.0, ROWS))
ALONG = 0.4 * ALONG + 0.6 * np.linspace(0.0, 1.0, ROWS)
"""Place of every row of the drawn surface from origin (0) to insertion (1), closer together at the ends."""

COARSE = np.linspace(0.0, 1.0, COARSE_ROWS)
"""Place of every point of a fibre."""
FREE = np.clip((COARSE - COARSE[ORIGIN_ROWS - 1]) / (COARSE[-INSERTION_ROWS] - COARSE[ORIGIN_ROWS - 1]), 0.0, 1.0)
"""Place of every point of a deep fibre between the patches: 0 on the origin, 1 on the insertion."""

_EVEN = np.linspace(0.0, 1.0, COLUMNS)
# Columns crowd where a free edge is rounded.
PLACE = np.stack([_EVEN**1.4, _EVEN, 1.0 - (1.0 - _EVEN) ** 1.4]) + np.arange(3)[:, None]
"""Place across the fan of every column of the three bands, (3, COLUMNS)."""

Keys = tuple[tuple[float, ...], tuple[float, ...]]
"""Places and the values there, of a smooth curve."""


@dataclass(frozen=True)
class Build:
    """How a muscle is built between its fibre sheets. Along: 0 origin … 1 insertion; across: 0 front … 3 rear.

    belly, belly_mm : how far the belly stands out along (0…1) and across (mm).
    swells, gives : along, where it swells to keep its volume, and where it thickens as its fibres shorten.
    edges : share of the fan over which the front and the rear edge are rounded.
    groove : share of the thickness that is missing at the borders between bands.
    front, rear : along, how much of the rounding of each edge is taken off the deep sheet.
    tendon : along, 0…1. tendon_mm, tendon_across : its thickness along, and the factor of it across;
        none where the flesh has its own thickness up to the end.
    """

    belly: Keys
    belly_mm: Keys
    swells: Keys
    gives: Keys
    tendon: Keys = ((0, 0.5, 1), (0.0, 0.0, 0.0))
    tendon_mm: Keys = ((0, 0.5, 1), (1.0, 1.0, 1.0))
    tendon_across: Keys = ((0, 1.5, 3), (1.0, 1.0, 1.0))
    front: Keys = ((0, 0.25, 0.55, 0.85, 1), (1.0, 1.0, 0.75, 0.35, 0.0))
    rear: Keys = ((0, 0.28, 0.52, 0.7, 1), (0.0, 0.0, 0.3, 0.3, 0.0))
    edges: tuple[float, float] = (0.52, 0.52)
    groove: float = 0.12

    def belly_of_fibres(self) -> Floats:
        """Return (COARSE_ROWS, fibres), mm, how far the belly stands out of the superficial fibres."""
        return np.asarray(table(self.belly, COARSE)[:, None] * table(self.belly_mm, FAN))

    def loft(self) -> Loft:
        """Return the arrays that turn the fan into its three drawn bands."""
        round_edge = round_edges(*self.edges)
        border = np.minimum(np.abs(PLACE - 1.0), np.abs(PLACE - 2.0))
        groove = self.groove * np.exp(-((border / 0.07) ** 2))
        ends = np.sin(np.pi * ALONG) ** 0.5
        rounding = 1.0 - ends[:, None, None] * (1.0 - round_edge + groove)
        # The front edge follows the outer string where the deep sheet still lies on bone; the rear edge stays on
        # bone as long as it can.
        rearness = table(((0, 1, 2, 3), (0.0, 0.2, 0.8, 1.0)), PLACE)
        deep_share = _along(self.front) * (1.0 - rearness) + _along(self.rear) * rearness
        tendon = _along(self.tendon) * np.ones_like(PLACE)
        # Towards the tendon and towards both edges the deep sheet comes to lie straight under the outer one.
        free_edge = np.clip((np.abs(PLACE - 1.5) - 1.0) / 0.5, 0.0, 1.0) ** 2
        off_bone = _along(((0, 0.2, 0.34, 1), (0.0, 0.0, 1.0, 1.0)))
        aside = _along(((0, 0.6, 0.85, 1), (1.0, 1.0, 0.0, 0.0))) * (1.0 - free_edge * off_bone)
        soft_edge = soft_edges(0.7, 0.7)
        return Loft(
            along=cubic_matrix(COARSE, ALONG),
            across=np.stack([cubic_matrix(FAN, row) for row in PLACE]),
            rounding=np.clip(rounding, 0.0, 1.0),
            deep_share=np.maximum(deep_share, tendon),
            aside=aside,
            tendon=tendon,
            tendon_mm=_along(self.tendon_mm) * table(self.tendon_across, PLACE),
            belly=_along(self.belly) * round_edge * table(self.belly_mm, PLACE),
            give=_along(self.gives) * soft_edge,
            profile=_along(self.swells) * soft_edge,
            swelling=swelling_shares(),
            faces=ring_faces(ROWS, COLUMNS),
        )


def table(keys: Keys, at: Floats) -> Floats:
    """Return a smooth curve without overshoot through the given places and values, at `at` (any shape)."""
    return monotone(*keys, at.ravel()).reshape(at.shape)


def _along(keys: Keys) -> Floats:
    """Return a curve along the muscle as (ROWS, 1, 1)."""
    return table(keys, ALONG)[:, None, None]


def round_edges(front: float, rear: float) -> Floats:
    """Return the share (3, COLUMNS) of the full thickness: rounded off over `front` and `rear` of the fan."""
    inside = np.minimum(PLACE / front, (3.0 - PLACE) / rear)
    return np.asarray(np.sqrt(np.maximum(1.0 - (1.0 - np.clip(inside, 0.0, 1.0)) ** 2, 0.0)))


def soft_edges(front: float, rear: float) -> Floats:
    """Return shares (3, COLUMNS) that fall off more gently than `round_edges`: what swells has no steep flank."""
    inside = np.clip(np.minimum(PLACE / front, (3.0 - PLACE) / rear), 0.0, 1.0)
    return np.asarray(1.0 - (1.0 - inside) ** 2)


def swelling_shares() -> Floats:
    """Return (3, 3, COLUMNS), how much the swelling of each band counts at each column of every band."""
    centres = (0.5, 1.5, 2.5)
    at = np.clip(PLACE, 0.5, 2.5)
    return np.stack([table((centres, tuple(row)), at) for row in np.eye(3)])
