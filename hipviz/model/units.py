"""The conventions of the whole project: frame, units, signs, sides, bands.

Millimetres and degrees everywhere. The frame is RAS: +x the subject's right, +y anterior, +z superior,
origin midway between the hip joint centres, pelvis upright (the plane through both ASIS and the pubic
tubercles is vertical). Joint angles are flexion, abduction and internal rotation, positive in those
directions on both sides. Geometry is stored for the right side; the left is its mirror.
"""

from typing import Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
"""For the skin in every frame: half the memory and time of `Floats`, and exact to a thousandth of a mm."""
Ints = npt.NDArray[np.int64]
Real = TypeVar("Real", np.float32, np.float64)

Side = Literal["right", "left"]
SIDES: tuple[Side, ...] = get_args(Side)

Band = Literal["anterior", "middle", "posterior"]
BANDS: tuple[Band, ...] = get_args(Band)
"""Order of every array axis that runs over bands."""

Neighbour = Literal["gluteus_minimus", "gluteus_maximus", "piriformis"]
NEIGHBOURS: tuple[Neighbour, ...] = get_args(Neighbour)
"""The muscles beside the gluteus medius."""

MIRROR: Floats = np.array([-1.0, 1.0, 1.0])
"""Multiply points or vectors (…, 3) by this to pass from one side to the other (faces must be flipped too)."""


def opposite(side: Side) -> Side:
    """Return the other side."""
    return "left" if side == "right" else "right"
