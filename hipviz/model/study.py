"""The study of shapes: one adult made anew with other proportions, fast enough to follow a slider.

The bones come from `reshaping`, soft tissue from `carried`; zones and regions lie on the same triangles of the
skin and so come along by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipviz.model.carried import CarriedMuscle, LeverChange, carried_skin
from hipviz.model.fan_muscle import FanMuscle
from hipviz.model.neighbours import Neighbours
from hipviz.model.pose import ANGLES, NEUTRAL
from hipviz.model.proportions import Measured, Proportions, measured
from hipviz.model.reshaping import Reshaper, Reshaping
from hipviz.model.units import Neighbour

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy


class Study:
    """Makes an adult with other proportions; what does not depend on the wish is worked out once."""

    def __init__(self, adult: Anatomy) -> None:
        self._adult = adult
        self._reshaper = Reshaper(adult.bones)
        self._levers = LeverChange(adult.leverage, adult.medius)

    @property
    def own(self) -> Measured:
        """The measures of the adult as it is."""
        return self._reshaper.own

    def shaped(self, wanted: Proportions) -> Anatomy:
        """Return the adult with other proportions; may be called in any thread."""
        adult = self._adult
        reshaping = self._reshaper.reshaped(wanted)
        medius = CarriedMuscle(adult.medius, reshaping)
        made = type(adult)(
            words=adult.unquoted,
            bones=reshaping.bones,
            medius=medius,
            leverage=self._levers.of(medius),
            skin=carried_skin(adult.skin, adult.bones, reshaping),
            zones=tuple(adult.zones.values()),
            pain=adult.pain,
            guidance=adult.guidance,
        )
        made.neighbours = CarriedNeighbours(adult.neighbours, medius, reshaping)
        return made


class CarriedNeighbours(Neighbours):
    """The muscles beside a carried medius, carried in the same way."""

    def __init__(self, before: Neighbours, medius: CarriedMuscle, reshaping: Reshaping) -> None:
        super().__init__(reshaping.bones, medius)
        self._before, self._reshaping = before, reshaping

    def _built(self, name: Neighbour) -> FanMuscle:
        return CarriedMuscle(self._before.muscle(name), self._reshaping)


def demand(adult: Anatomy, default: Anatomy) -> float:
    """Return how hard the muscle has to pull to hold the pelvis level on one leg, against the default adult.

    The weight above the hip turns the pelvis about the standing hip with the distance from there to the midline,
    the muscle holds it with the mean lever of its bands for abduction; the weight is the same. A free body in the
    frontal plane, as in the textbooks.
    """

    def pull(of: Anatomy) -> float:
        arms = of.leverage.band_arms(NEUTRAL.angles_deg)[ANGLES.index("abduction")]
        return measured(of.bones).hip_to_midline_mm / float(np.mean(arms))

    return pull(adult) / pull(default)
