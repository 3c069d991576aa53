"""How a thigh carries the skin along: which vertices follow it, how far, and where they go in a pose.

The body that it belongs to lives in `skin`, how its tissue gives in `tissue` and `cushion`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hipviz.model.blending import cotangent_laplacian, smooth_step
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints, Real, Singles

SMOOTHING_STEPS = 14
TENSION = 1e-3
"""How much the weights avoid steep places against bends, 1/mm²."""

SPREAD_STEPS = 5
"""How far beyond the blended vertices smoothing is felt: two standard deviations of SMOOTHING_STEPS lazy steps."""


@dataclass(frozen=True, eq=False)
class Thigh:
    """What moving the right thigh needs; every array runs over the h vertices of the right half of a skin.

    points : (3, h) rest positions relative to the hip centre, mm.
    swing, twist : (h,) share of the hip's swing and twist that each vertex takes.
    """

    points: Singles
    swing: Singles
    twist: Singles

    def offsets(self, rotation: Floats) -> Singles:
        """Return how far each vertex moves, (3, h) mm, when the femur turns by `rotation`.

        Every vertex turns by its own share of swing and twist about the hip centre, which keeps volume where
        linear blending would collapse.
        """
        return _turned(self.points, self.swing, self.twist, rotation) - self.points


@dataclass(frozen=True, eq=False)
class Bend:
    """The bend of the skin at the hip spread over a wider place than the thigh alone bends it.

    What this adds is part of the table of the `cushion`; no frame asks for it. It runs over all n vertices of a
    skin: across the midline it reaches the other half.

    blended : (b,) vertices that are smoothed; smoothing : (b, n) one smoothing step.
    points : (3, n + b) rest positions relative to the hip centre, then what smoothing takes away from the blended
    ones, mm; swing, twist : (n + b,) share of the hip's swing and twist that each of these takes.
    """

    blended: Ints
    smoothing: sp.csr_matrix
    points: Floats
    swing: Floats
    twist: Floats

    def offsets(self, rotation: Floats) -> Floats:
        """Return how far each vertex moves, (n, 3) mm, when the femur turns by `rotation`.

        Smoothing spreads the bend, and the rest shape's own detail is put back, turned along ("delta mush",
        Mancewicz et al. 2014, with the known turn as its frame).
        """
        moved = _turned(self.points, self.swing, self.twist, rotation).T
        n = self.smoothing.shape[1]
        position, detail = np.ascontiguousarray(moved[:n]), moved[n:]
        for _ in range(SMOOTHING_STEPS):
            position[self.blended] = self.smoothing @ position
        position[self.blended] += detail
        return np.asarray(position - self.points[:, :n].T)


def _turned(
    points: npt.NDArray[Real], swing_share: npt.NDArray[Real], twist_share: npt.NDArray[Real], rotation: Floats
) -> npt.NDArray[Real]:
    """Return points (3, n) relative to the hip centre, each turned by its shares (n,) of a hip's rotation."""
    axis, swing, twist = swing_and_twist(rotation)
    x, y, z = points
    cosine, sine = np.cos(twist * twist_share), np.sin(twist * twist_share)
    return swung(np.stack((cosine * x - sine * y, sine * x + cosine * y, z)), axis, swing * swing_share)


def thigh_weights(surface: Surface, hip_centre: Floats) -> Floats:
    """Return how far each vertex follows the right thigh, (n,) 0…1, as smooth as the surface allows.

    Full below a line that runs from under the gluteal fold up to the upper front of the thigh, none above the
    iliac spines, on the sacrum and across the midline; between them the bilaplacian solution (least bending).
    """
    from scipy.sparse.linalg import splu  # needed only when nothing is cached

    x, y, z = (surface.vertices - hip_centre * np.array([0.0, 1.0, 1.0])).T
    front = smooth_step(y, -40.0, 50.0)
    side = smooth_step(x, 112.0, 165.0)
    inner = 1.0 - smooth_step(x, 15.0, 70.0)
    full = (z < -146.0 + 6.0 * front * (1.0 - side) - 55.0 * inner * (1.0 - 0.4 * front)) & (x > 0.0)
    # A deep bend folds the front by more than a right angle: the more skin shares it, the less it is crushed.
    upper = (68.0 + 34.0 * front) * (1.0 - side) + 115.0 * side
    none = (x < 5.0) | (z > upper) | ((y < -55.0) & (x < 20.0) & (z > -55.0))
    weight = np.where(full, 1.0, 0.0)
    free = np.flatnonzero(~(full | none))
    fixed = np.flatnonzero(full | none)
    laplacian, area = cotangent_laplacian(surface)
    bending = sp.csc_matrix(laplacian @ sp.diags(1.0 / area) @ laplacian + TENSION * laplacian)
    rows = bending[free]
    weight[free] = splu(sp.csc_matrix(rows[:, free])).solve(-(rows[:, fixed] @ weight[fixed]))
    return np.clip(weight, 0.0, 1.0)


def swing_and_twist(rotation: Floats) -> tuple[tuple[float, float], float, float]:
    """Split `rotation` (3, 3) = swing · twist, the twist about z, the long axis of the femur.

    Returns the unit axis of the swing, which lies in the horizontal plane, and both angles, radians.
    """
    # The swing alone carries z to its image, so its axis is z × image.
    x, y, z = map(float, rotation[:, 2])
    sine = float(np.hypot(x, y))
    swing = float(np.arctan2(sine, z))
    axis = (-y / sine, x / sine) if sine > 1e-12 else (1.0, 0.0)
    # The image of x is the swing of (cos twist, sin twist, 0): undo the swing to read the twist.
    unswung = swung(rotation[:, :1], axis, np.array([-swing]))
    return axis, swing, float(np.arctan2(unswung[1, 0], unswung[0, 0]))


def swung(points: npt.NDArray[Real], axis: tuple[float, float], angle: npt.NDArray[Real]) -> npt.NDArray[Real]:
    """Return `points` (3, n), each turned about the horizontal unit `axis` (2,) by its own `angle` (n,), radians.

    Rodrigues' formula with the third component of the axis left out, which is zero.
    """
    x, y, z = points
    sine, rest = np.sin(angle), 1.0 - np.cos(angle)
    aside = axis[0] * y - axis[1] * x
    push = sine * z + rest * aside
    return np.stack((x + axis[1] * push, y - axis[0] * push, z + sine * aside - rest * z))


def thigh_of(half: Floats, hip_centre: Floats, weight: Floats) -> Thigh:
    """Return the right thigh of a half (h, 3) of a skin at rest, whose vertices follow it by `weight` (h,)."""
    points = (half - hip_centre).T
    swing, twist = weight.astype(np.float32), _twist(points[2], weight).astype(np.float32)
    return Thigh(points.astype(np.float32, order="C"), swing, twist)


def bend_of(rest: Surface, hip_centre: Floats, weight: Floats, around: sp.csr_matrix) -> Bend:
    """Return the bend at the right hip of a skin at `rest`.

    weight : (n,) of `thigh_weights`; around : (n, n) `neighbour_average` of the skin.
    """
    step = sp.csr_matrix(0.5 * sp.identity(len(weight)) + 0.5 * around)
    # Where all the neighbourhood moves as one, smoothing changes nothing: leave it out.
    mixed = (weight > 0.005) & (weight < 0.995)
    for _ in range(SPREAD_STEPS):
        mixed = np.asarray(step @ mixed.astype(float)) > 1e-9
    blended = np.flatnonzero(mixed)
    smoothing = sp.csr_matrix(step[blended])
    from_hip = rest.vertices - hip_centre
    smoothed = from_hip.copy()
    for _ in range(SMOOTHING_STEPS):
        smoothed[blended] = smoothing @ smoothed
    twist = _twist(from_hip[:, 2], weight)
    return Bend(
        blended=blended,
        smoothing=smoothing,
        points=np.concatenate((from_hip, from_hip[blended] - smoothed[blended])).T.copy(),
        swing=np.concatenate((weight, weight[blended])),
        twist=np.concatenate((twist, twist[blended])),
    )


def _twist(height: Floats, weight: Floats) -> Floats:
    """Return the share (n,) of the hip's twist that skin takes which lies so high above the hip centre, mm.

    It slides over a turning femur: near the hip it takes little of the twist, near the knee all of it.
    """
    along = smooth_step(-height, -40.0, 250.0)
    return np.asarray(weight * (0.1 + 0.9 * along) * smooth_step(weight, 0.0, 0.7))
