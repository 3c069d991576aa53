"""How a movement goes for the bands: their lengths, and their activity where it is told, over the whole cycle.

What a moment of a movement is lives in `movement`, what a length is in `leverage`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hipviz.model.content import Words
from hipviz.model.leverage import Leverage
from hipviz.model.movement import activity_at, values_at
from hipviz.model.movement_record import MovementRecord
from hipviz.model.pose import NEUTRAL, RANGE_OF_MOTION_DEG
from hipviz.model.state import State, movement_of
from hipviz.model.units import Floats

MOMENTS = 181
"""Moments of the cycle at which the curves are computed, both ends included: one each 20 ms of a walking cycle."""
KEPT = 16


@dataclass(frozen=True, eq=False)
class Course:
    """The bands of the acting side over one cycle.

    phases : (n,) 0…1. length_pct : (n, bands), of the length in standing. activity : (n, bands), shares of the
    peak, or None where the movement tells none.
    """

    phases: Floats
    length_pct: Floats
    activity: Floats | None

    def at(self, phase: float) -> Floats:
        """Return the lengths (bands,) in per cent at a moment."""
        return np.array([np.interp(phase, self.phases, curve) for curve in self.length_pct.T])


def course_of(leverage: Leverage, state: State, words: Words) -> Course | None:
    """Return the course of the movement that a state shows, None when it shows none; the last few are kept.

    It is the same for both sides, since the left hip measures what the right one does in the same pose.
    """
    movement = movement_of(state, words)
    if movement is None:
        return None
    healthy = words.movements.get(movement.compared_with)
    return _computed(leverage, movement, healthy, state.weakness if healthy is not None else 1.0)


@lru_cache(maxsize=KEPT)
def _computed(
    leverage: Leverage, movement: MovementRecord, healthy: MovementRecord | None, weakness: float
) -> Course:
    phases = np.linspace(0.0, 1.0, MOMENTS)
    angles = np.array([values_at(movement, phase)[:3] for phase in phases])
    if healthy is not None:
        strong = np.array([values_at(healthy, phase)[:3] for phase in phases])
        angles = strong + weakness * (angles - strong)
    low, high = np.array(list(RANGE_OF_MOTION_DEG.values())).T
    lengths = leverage.band_lengths(np.clip(angles, low, high))
    activity = np.array([activity_at(movement, phase) for phase in phases]) if movement.activity else None
    return Course(phases, 100.0 * lengths / leverage.band_lengths(NEUTRAL.angles_deg), activity)
