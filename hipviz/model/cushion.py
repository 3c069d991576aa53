"""How the skin around a hip gives in every pose, read from a table: trilinear between the poses that it holds.

What stands in the table is worked out in `tissue`; the skin itself lives in `skin`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from hipviz.model.pose import angles_of
from hipviz.model.units import Floats, Singles

FLEXIONS_DEG = (-20.0, 0.0, 30.0, 60.0, 90.0, 100.0, 120.0)
ABDUCTIONS_DEG = (-20.0, -10.0, 0.0, 25.0, 45.0)
ROTATIONS_DEG = (-40.0, 0.0, 20.0, 40.0)
AXES = tuple(np.array(angles) for angles in (FLEXIONS_DEG, ABDUCTIONS_DEG, ROTATIONS_DEG))


@dataclass(frozen=True, eq=False)
class Cushion:
    """Displacements of the skin around the right hip.

    table : (7, 5, 4, 3, h), mm, coordinates of the h vertices of the right half of the skin at the angles of AXES.
    """

    table: Singles

    def offsets(self, rotation: Floats) -> Singles:
        """Return how far the vertices give, (3, h) mm: trilinear between the poses of the table."""
        (i, of_flexion), (j, of_abduction), (k, of_turn) = (
            _below(axis, float(angle)) for axis, angle in zip(AXES, angles_of(rotation), strict=True)
        )
        poses = self.table.reshape(*self.table.shape[:3], -1)
        total = np.zeros(poses.shape[-1], np.float32)
        for (down, flexed), (aside, abducted) in itertools.product(enumerate(of_flexion), enumerate(of_abduction)):
            if flexed * abducted > 0.0:
                total += (flexed * abducted * of_turn) @ poses[i + down, j + aside, k : k + 2]
        return total.reshape(self.table.shape[3:])


def _below(axis: Floats, angle: float) -> tuple[int, Singles]:
    """Return which angle of an axis comes next below, and the shares (2,) that it and the one above it have."""
    low = int(np.clip(np.searchsorted(axis, angle, side="right") - 1, 0, len(axis) - 2))
    share = np.clip((angle - axis[low]) / (axis[low + 1] - axis[low]), 0.0, 1.0)
    return low, np.array((1.0 - share, share), np.float32)
