"""Bones with other proportions: the neck bent and stretched, the shaft twisted, the pelvis widened.

Every change is a smooth warp of space, so that it carries cages, and with them all that is bound to them, as well
as what is attached to the bones (`carried`). The measures are in `proportions`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hipviz.model.assets import Bones
from hipviz.model.blending import smooth_step
from hipviz.model.cage import Cage
from hipviz.model.placement import Rigid
from hipviz.model.proportions import PROPORTIONS, FemurAxes, Measured, Proportions, femur_axes, measured
from hipviz.model.specimen import neutral_femur
from hipviz.model.units import MIRROR, Floats

NECK_FROM_MM, NECK_TO_MM = 3.0, 36.0
"""Between these distances from the shaft's axis, along the neck, a change of the neck fades in: beyond the
trochanters, short of the head, which keeps its shape."""
TWIST_FROM, TWIST_TO = 0.85, 0.25
"""Torsion is spread along the shaft between these shares of the way from head to knee."""
SOCKET_MM, AROUND_SOCKET_MM = 34.0, 75.0
"""The pelvis is moved as a whole within the first distance of a hip centre, widened evenly beyond the second."""
ROUNDS, CLOSE = 6, 0.02
"""Amounts are corrected until the measures are met this closely, in degrees and mm."""
FITTED_LEVEL = 2
"""The level of subdivision on which cages are made to follow a warp."""

Warp = Callable[[Floats], Floats]
"""Moves points (n, 3), mm RAS."""


@dataclass(frozen=True, eq=False)
class Amounts:
    """How much is done: degrees added to the neck's and the shaft's angle, mm to the neck and to the width."""

    neck_shaft_deg: float = 0.0
    torsion_deg: float = 0.0
    neck_length_mm: float = 0.0
    pelvic_width_mm: float = 0.0


@dataclass(frozen=True, eq=False)
class FemurWarp:
    """What is done to a femur at neutral, before it is put back into the socket."""

    axes: FemurAxes
    length_mm: float
    amounts: Amounts

    def of(self, points: Floats) -> Floats:
        """Return the points (n, 3), warped."""
        return self._twisted(self._bent(points))

    def _bent(self, points: Floats) -> Floats:
        """Return the points with head and neck moved along the neck's axis and turned about its base."""
        neck, base = self.axes.neck, self.axes.base
        share = smooth_step((points - base) @ neck, NECK_FROM_MM, NECK_TO_MM)
        moved = points + (share * self.amounts.neck_length_mm)[:, None] * neck
        axis = np.cross(-self.axes.shaft, neck)
        angles = share * np.radians(self.amounts.neck_shaft_deg)
        return base + _about(axis / np.linalg.norm(axis), moved - base, angles)

    def _twisted(self, points: Floats) -> Floats:
        """Return the points turned about the shaft's axis, the more the nearer to the head."""
        shaft, point = self.axes.shaft, self.axes.shaft_point
        down = (self.axes.head - points) @ shaft / self.length_mm
        share = smooth_step(-down, -TWIST_FROM, -TWIST_TO)
        # Seen from above, the head of a right femur goes forwards when it turns with the clock.
        return point + _about(shaft, points - point, -np.radians(self.amounts.torsion_deg) * share)


@dataclass(frozen=True, eq=False)
class PelvisWarp:
    """What is done to a pelvis; both halves go the same way, mirrored."""

    hip_centre: Floats
    asis_x_mm: float
    amounts: Amounts

    def of(self, points: Floats) -> Floats:
        """Return the points (n, 3), widened."""
        right = np.where(points[:, :1] < 0.0, MIRROR, 1.0)
        folded = points * right
        free = smooth_step(np.linalg.norm(folded - self.hip_centre, axis=1), SOCKET_MM, AROUND_SOCKET_MM)
        reach = free * folded[:, 0] + (1.0 - free) * self.hip_centre[0]
        folded[:, 0] += 0.5 * self.amounts.pelvic_width_mm / self.asis_x_mm * reach
        return np.asarray(folded * right)


@dataclass(frozen=True, eq=False)
class Reshaping:
    """Bones with other proportions, and the way there.

    seat : puts the warped femur into the moved socket, at neutral. found : the measures as they came out.
    """

    bones: Bones
    pelvis: PelvisWarp
    femur: FemurWarp
    seat: Rigid
    found: Measured

    def on_pelvis(self, points: Floats) -> Floats:
        """Return where points (…, 3) of the pelvis lie now, mm RAS; the other half goes the mirrored way."""
        return self.pelvis.of(points.reshape(-1, 3)).reshape(points.shape)

    def on_femur(self, points: Floats) -> Floats:
        """Return where points (…, 3) of the right femur lie now, mm RAS, both at neutral."""
        return self.seat.of(self.femur.of(points.reshape(-1, 3))).reshape(points.shape)


class Reshaper:
    """Gives one set of bones other proportions; what does not depend on the wish is worked out once."""

    def __init__(self, bones: Bones) -> None:
        self.bones, self.own, self._axes = bones, measured(bones), femur_axes(bones)
        self._moulds = {name: _Mould(cage) for name, cage in bones.cages.items()}

    def reshaped(self, wanted: Proportions) -> Reshaping:
        """Return the bones with the measures `wanted`, met within CLOSE; others stay as they are.

        Measures that the bones cannot reach come as near as they do in ROUNDS corrections; `found` tells.
        """
        goals = {name: getattr(wanted, name) for name in PROPORTIONS}
        amounts = Amounts()
        reshaping = self._made(amounts)
        for _ in range(ROUNDS):
            missing = {
                name: (getattr(self.own, name) if goal is None else goal) - getattr(reshaping.found, name)
                for name, goal in goals.items()
            }
            if max(map(abs, missing.values())) < CLOSE:
                break
            amounts = replace(amounts, **{name: getattr(amounts, name) + gap for name, gap in missing.items()})
            reshaping = self._made(amounts)
        return reshaping

    def _made(self, amounts: Amounts) -> Reshaping:
        bones, axes = self.bones, self._axes
        length = float(np.linalg.norm(axes.head - bones.position("knee_centre")))
        femur = FemurWarp(axes, length, amounts)
        pelvis = PelvisWarp(axes.head, float(bones.position("asis")[0]), amounts)
        cages = {name: self._moulds[name].through(pelvis.of) for name in ("hip_bone", "sacrum")}
        warped = self._moulds["femur"].through(femur.of)
        seat = neutral_femur(bones, warped, pelvis.of(axes.head[None])[0])
        made = bones.over({**cages, "femur": warped.moved(seat.of(warped.vertices))})
        return Reshaping(made, pelvis, femur, seat, measured(made))


class _Mould:
    """Finds the cage whose subdivided surface is the warped one, by least squares.

    The warped cage itself would not do: where the warp bends between its vertices, its surface cuts the corner.
    """

    def __init__(self, cage: Cage) -> None:
        self._cage = cage
        self._matrix, _ = cage.subdivision(FITTED_LEVEL)
        self._surface: Floats = self._matrix @ cage.vertices
        self._inverse = np.linalg.inv((self._matrix.T @ self._matrix).toarray())

    def through(self, warp: Warp) -> Cage:
        """Return the cage after the warp."""
        moved = self._matrix.T @ (warp(self._surface) - self._surface)
        return self._cage.moved(self._cage.vertices + self._inverse @ moved)


def _about(axis: Floats, points: Floats, angles: Floats) -> Floats:
    """Return points (n, 3) turned about an axis (3,) through the origin, each by its own angle (n,), radians."""
    cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]
    along = (points @ axis)[:, None] * axis
    return np.asarray(along + cosine * (points - along) + sine * np.cross(axis, points))
