"""How the skin around a hip gives in every pose, read from a table: trilinear between the poses that it holds.

What stands in the table is worked out in `tissue`; the skin itself lives in `skin`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hipviz.model.pose import angles_of
from hipviz.model.units import Floats, Ints

FLEXIONS_DEG = (-20.0, 0.0, 30.0, 60.0, 90.0, 100.0, 120.0)
ABDUCTIONS_DEG = (-20.0, -10.0, 0.0, 25.0, 45.0)
ROTATIONS_DEG = (-40.0, 0.0, 40.0)
AXES = tuple(np.array(angles) for angles in (FLEXIONS_DEG, ABDUCTIONS_DEG, ROTATIONS_DEG))


@dataclass(frozen=True, eq=False)
class Cushion:
    """Displacements of the skin around the right hip.

    members : (k,) skin vertices that ever give.
    table : (7, 5, 3, k, 3) float32, mm, at the angles of AXES.
    """

    members: Ints
    table: npt.NDArray[np.float32]

    def offsets(self, rotation: Floats) -> Floats:
        """Return how far the members give, (k, 3) mm: trilinear between the poses of the table."""
        corners, weights = [], []
        for axis, angle in zip(AXES, angles_of(rotation), strict=True):
            low = int(np.clip(np.searchsorted(axis, angle, side="right") - 1, 0, len(axis) - 2))
            share = float(np.clip((angle - axis[low]) / (axis[low + 1] - axis[low]), 0.0, 1.0))
            corners.append((low, low + 1))
            weights.append((1.0 - share, share))
        total = np.zeros(self.table.shape[3:])
        for corner, weight in zip(itertools.product(*corners), itertools.product(*weights), strict=True):
            if (share := float(np.prod(weight))) > 0.0:
                total += share * self.table[corner]
        return total
