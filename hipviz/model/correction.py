"""What a person puts right by hand where the bones of a specimen do not tell it well: tilt and hip centre.

The files of the bones stay as they were made: a correction stands in the manifest and is applied when they are
read.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np

from hipviz.model.cage import Cage

TILT_DEG, SHIFT_MM = 30.0, 20.0
"""How far a correction may go; beyond it, the scan was read wrongly."""

Shift = Annotated[float, msgspec.Meta(ge=-SHIFT_MM, le=SHIFT_MM)]


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much farther forwards the pelvis is tilted than was computed, and how far the hip centre is moved."""

    tilt_deg: Annotated[float, msgspec.Meta(ge=-TILT_DEG, le=TILT_DEG)] = 0.0
    outwards_mm: Shift = 0.0
    forwards_mm: Shift = 0.0
    upwards_mm: Shift = 0.0


NO_CORRECTION = Correction()


def corrected(cages: Mapping[str, Cage], correction: Correction) -> dict[str, Cage]:
    """Return the right-hand bones (mm, RAS, femur at neutral) put together as `correction` says.

    The pelvis turns about the line through both hip centres; then the femur goes to the moved hip centre, and the
    origin back midway between both.
    """
    if correction == NO_CORRECTION:
        return dict(cages)
    tilt = np.radians(correction.tilt_deg)
    cosine, sine = np.cos(tilt), np.sin(tilt)
    turn = np.array([[1.0, 0.0, 0.0], [0.0, cosine, sine], [0.0, -sine, cosine]])
    back = np.array([0.0, correction.forwards_mm, correction.upwards_mm])
    moved = {name: cage.moved(cage.vertices @ turn.T - back) for name, cage in cages.items() if name != "femur"}
    femur, outwards = cages["femur"], np.array([correction.outwards_mm, 0.0, 0.0])
    return moved | {"femur": femur.moved(femur.vertices + outwards)}
