"""How a thigh carries the skin along: which vertices follow it, how far, and where they go in a pose.

The body that it belongs to lives in `skin`, how its tissue gives in `tissue` and `cushion`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hipviz.model.blending import cotangent_laplacian, smooth_step
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

SMOOTHING_STEPS = 14
TENSION = 1e-3
"""How much the weights avoid steep places against bends, 1/mm²."""

SPREAD_STEPS = 5
"""How far beyond the blended vertices smoothing is felt: two standard deviations of SMOOTHING_STEPS lazy steps."""


@dataclass(frozen=True, eq=False)
class Thigh:
    """What moving the right thigh needs; every array runs over the m vertices that it can move.

    In every frame `offsets` is asked for; what `smoothed` adds to it is part of the table of the `cushion`.

    members : (m,) vertex numbers.
    blended : (b,) numbers within `members` of those that are smoothed; smoothing : (b, m) one smoothing step.
    points : (3, m + b) rest positions relative to the hip centre, then what smoothing takes away from the blended
    ones, mm; swing, twist : (m + b,) share of the hip's swing and twist that each of these takes.
    """

    members: Ints
    blended: Ints
    smoothing: sp.csr_matrix
    points: Floats
    swing: Floats
    twist: Floats

    def offsets(self, rotation: Floats) -> Floats:
        """Return how far each member moves, (m, 3) mm, when the femur turns by `rotation`.

        Every vertex turns by its own share of swing and twist about the hip centre, which keeps volume where
        linear blending would collapse.
        """
        m = len(self.members)
        return np.asarray(
            (_turned(self.points[:, :m], self.swing[:m], self.twist[:m], rotation) - self.points[:, :m]).T
        )

    def smoothed(self, rotation: Floats) -> Floats:
        """Return the same as `offsets` with the bend spread over a wider place.

        Smoothing spreads it, and the rest shape's own detail is put back, turned along ("delta mush", Mancewicz
        et al. 2014, with the known turn as its frame).
        """
        moved = _turned(self.points, self.swing, self.twist, rotation).T
        m, b = len(self.members), self.blended
        position, detail = np.ascontiguousarray(moved[:m]), moved[m:]
        for _ in range(SMOOTHING_STEPS):
            position[b] = self.smoothing @ position
        position[b] += detail
        return np.asarray(position - self.points[:, :m].T)


def _turned(points: Floats, swing_share: Floats, twist_share: Floats, rotation: Floats) -> Floats:
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


def swing_and_twist(rotation: Floats) -> tuple[Floats, float, float]:
    """Split `rotation` (3, 3) = swing · twist, the twist about z, the long axis of the femur.

    Returns the unit axis of the swing (2,), which lies in the horizontal plane, and both angles, radians.
    """
    # The swing alone carries z to its image, so its axis is z × image.
    image = rotation[:, 2]
    sine = float(np.hypot(image[0], image[1]))
    swing = float(np.arctan2(sine, image[2]))
    axis = np.array([-image[1], image[0]]) / sine if sine > 1e-12 else np.array([1.0, 0.0])
    # The image of x is the swing of (cos twist, sin twist, 0): undo the swing to read the twist.
    unswung = swung(rotation[:, :1], axis, np.array([-swing]))
    return axis, swing, float(np.arctan2(unswung[1, 0], unswung[0, 0]))


def swung(points: Floats, axis: Floats, angle: Floats) -> Floats:
    """Return `points` (3, n), each turned about the horizontal unit `axis` (2,) by its own `angle` (n,), radians.

    Rodrigues' formula with the third component of the axis left out, which is zero.
    """
    x, y, z = points
    sine, rest = np.sin(angle), 1.0 - np.cos(angle)
    aside = axis[0] * y - axis[1] * x
    push = sine * z + rest * aside
    return np.stack((x + axis[1] * push, y - axis[0] * push, z + sine * aside - rest * z))


def thigh_of(rest: Surface, hip_centre: Floats, weight: Floats, around: sp.csr_matrix) -> Thigh:
    """Return the right thigh of a skin at `rest`.

    weight : (n,) of `thigh_weights`; around : (n, n) `neighbour_average` of the skin.
    """
    step = sp.csr_matrix(0.5 * sp.identity(len(weight)) + 0.5 * around)
    # Where all the neighbourhood moves as one, smoothing changes nothing: leave it out.
    mixed = (weight > 0.005) & (weight < 0.995)
    for _ in range(SPREAD_STEPS):
        mixed = np.asarray(step @ mixed.astype(float)) > 1e-9
    members = np.flatnonzero((weight > 0.0) | mixed)
    place = np.full(len(weight), -1)
    place[members] = np.arange(len(members))
    blended = place[np.flatnonzero(mixed)]
    # A few rows reach a neighbour outside `members`; it never moves, so it may be left out with its share kept.
    smoothing = sp.csr_matrix(step[members[blended]][:, members])
    smoothing = sp.csr_matrix(sp.diags(1.0 / np.asarray(smoothing.sum(axis=1)).ravel()) @ smoothing)
    from_hip = rest.vertices[members] - hip_centre
    smoothed = from_hip.copy()
    for _ in range(SMOOTHING_STEPS):
        smoothed[blended] = smoothing @ smoothed
    # The skin slides over a turning femur: near the hip it takes little of the twist, near the knee all of it.
    along = smooth_step(-from_hip[:, 2], -40.0, 250.0)
    turning = weight[members] * (0.1 + 0.9 * along) * smooth_step(weight[members], 0.0, 0.7)
    return Thigh(
        members=members,
        blended=blended,
        smoothing=smoothing,
        points=np.concatenate((from_hip, from_hip[blended] - smoothed[blended])).T.copy(),
        swing=np.concatenate((weight[members], weight[members[blended]])),
        twist=np.concatenate((turning, turning[blended])),
    )
