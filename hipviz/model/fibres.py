"""Fibres of a fan-shaped muscle: strings between two attachment patches that wrap over the bones in any pose.

A muscle is two sheets of strings over the same fan, deep and superficial; the flesh between them is made in
`loft`, lengths and levers in `leverage`. The strings start straight in every pose and relax a fixed number of
steps, so that a pose always gives the same fibres whatever was shown before.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.distance import DistanceField
from hipviz.model.units import Floats

DEEP, SUPERFICIAL = 0, 1
RELAXATION_STEPS, STEPS_PER_PUSH = 6, 3
GUIDE_FROM_MM, GUIDE_OVER_MM = 0.0, 8.0


@dataclass(frozen=True, eq=False)
class FibreFan:
    """Two sheets of fibres between a patch on a fixed bone and a patch on a moving one.

    origin : (a, n, 3) float, mm, RAS. Rows from the far (proximal) edge to the near one, columns across.
    insertion : (b, n, 3) float, mm, RAS at neutral. Rows from the near (proximal) edge to the far one.
    ends : (2, n, 3) float, mm, where superficial fibres begin and (at neutral) end.
    free_rows : number of points of a deep fibre between the patches.
    centre : (3,) float, joint centre about which the insertion turns.
    fixed_bone, moving_bone : distance fields of the two bones, both at neutral.
    fixed_clearance, moving_clearance : (2, rows, n) float, mm, how far each point stays off the
        bones (rows = a + free_rows + b, proximal to distal).
    lift : (rows, n) float, mm, how far superficial fibres start outside their chord.
    bow : (2, rows, n, 1) float, mm, how far fibres start aside of their chord, towards the last column.
    """

    origin: Floats
    insertion: Floats
    ends: Floats
    free_rows: int
    centre: Floats
    fixed_bone: DistanceField
    moving_bone: DistanceField
    fixed_clearance: Floats
    moving_clearance: Floats
    lift: Floats
    bow: Floats
    guide: Floats | None = None
    joint_radius_mm: float = 32.0
    chord_share: float = 4.0

    @property
    def rows(self) -> int:
        """Number of points along a fibre."""
        return len(self.origin) + self.free_rows + len(self.insertion)

    def wrapped(self, rotation: Floats) -> tuple[Floats, Floats]:
        """Return the sheets (2, rows, n, 3), deep and superficial, and the fan's normals (rows, n, 3).

        rotation : (3, 3), of the moving bone about the joint centre.
        """
        a, b, rows = len(self.origin), len(self.insertion), self.rows
        moved = (self.insertion - self.centre) @ rotation.T + self.centre
        sheets = np.empty((2, rows, self.origin.shape[1], 3))
        sheets[DEEP, :a], sheets[DEEP, -b:] = self.origin, moved
        along = np.linspace(0.0, 1.0, self.free_rows + 2)[1:-1, None, None]
        start, end = self.origin[-1], moved[0]
        sheets[DEEP, a:-b] = start + (end - start) * along
        along = np.linspace(0.0, 1.0, rows)[:, None, None]
        start, end = self.ends[0], (self.ends[1] - self.centre) @ rotation.T + self.centre
        sheets[SUPERFICIAL] = start + (end - start) * along
        outward, across = _fan_directions(start, end, along)
        sheets[SUPERFICIAL] += self.lift[..., None] * outward
        sheets += self.bow * across
        if self.guide is not None:
            self._led_around(sheets, rotation)
        self._clear_of_joint(sheets)

        held = np.zeros((2, rows), dtype=bool)
        held[DEEP, :a] = held[DEEP, -b:] = True
        held[SUPERFICIAL, 0] = held[SUPERFICIAL, -1] = True
        free = ~held
        fixed_clearance = self.fixed_clearance[free].ravel()
        moving_clearance = self.moving_clearance[free].ravel()
        for step in range(RELAXATION_STEPS + 1):
            if step:
                _relax(sheets, free)
            if step % STEPS_PER_PUSH == 0:
                points = self.pushed_off_moving_bone(sheets[free].reshape(-1, 3), moving_clearance, rotation)
                points = self.fixed_bone.pushed(points, fixed_clearance)
                sheets[free] = points.reshape(-1, *sheets.shape[2:])
        return sheets, self._outward(sheets[SUPERFICIAL], outward)

    def pushed_off_moving_bone(self, points: Floats, clearance_mm: Floats | float, rotation: Floats) -> Floats:
        """Return `points` (n, 3), those nearer to the turned bone than `clearance_mm` (n,) moved out to it."""
        local = (points - self.centre) @ rotation + self.centre
        return np.asarray((self.moving_bone.pushed(local, clearance_mm) - self.centre) @ rotation.T + self.centre)

    def _led_around(self, sheets: Floats, rotation: Floats) -> None:
        """Where a chord runs through the moving bone, let its far half start as at neutral, in place.

        Pushed straight out, it would leave the trochanter on whichever side is nearer, and jump from one to the
        other in the course of a movement; carried along, it stays on the side from which it was attached.
        """
        assert self.guide is not None
        first = self.rows // 2
        far = sheets[:, first:]
        local = (far - self.centre) @ rotation
        distance, _ = self.moving_bone.sample((local + self.centre).reshape(-1, 3))
        depth = (GUIDE_FROM_MM - distance.reshape(far.shape[:-1]))[:, : 1 - len(self.insertion)]
        need = np.clip(depth.max(axis=(0, 1)) / GUIDE_OVER_MM, 0.0, 1.0)
        need[1:-1] = np.maximum(need[1:-1], np.maximum(need[:-2], need[2:]))
        for _ in range(8):
            need[1:-1] = 0.5 * need[1:-1] + 0.25 * (need[:-2] + need[2:])
        share = np.linspace(0.0, 1.0, far.shape[1])
        share = (share * share * (3.0 - 2.0 * share))[:, None] * need
        far += (share[..., None] * (self.guide[:, first:] - self.centre - local)) @ rotation.T

    def _clear_of_joint(self, sheets: Floats) -> None:
        """Move points within `joint_radius_mm` of the joint centre straight out of it, in place.

        A chord through head and neck would be pushed out of the bone on whichever side is nearer; from here on it
        can only leave on the side of the muscle.
        """
        from_centre = sheets - self.centre
        distance = np.sqrt(np.einsum("...x,...x->...", from_centre, from_centre))
        sheets += (np.maximum(self.joint_radius_mm / distance - 1.0, 0.0))[..., None] * from_centre

    def _outward(self, sheet: Floats, chord_normal: Floats) -> Floats:
        """Return unit vectors (rows, n, 3) out of the muscle: away from the fixed bone, smoothed over the sheet.

        The normal of the chords alone turns over when a fan is twisted or squeezed until it is slack.
        """
        _, away = self.fixed_bone.sample(sheet.reshape(-1, 3))
        away = away.reshape(sheet.shape)
        agreement = np.einsum("rnx,rnx->rn", away, chord_normal)[..., None]
        outward = away + self.chord_share * np.clip(agreement, 0.0, 0.5) * chord_normal
        for _ in range(4):
            outward[1:-1] = 0.5 * outward[1:-1] + 0.25 * (outward[:-2] + outward[2:])
            outward[:, 1:-1] = 0.5 * outward[:, 1:-1] + 0.25 * (outward[:, :-2] + outward[:, 2:])
        return np.asarray(outward / np.linalg.norm(outward, axis=-1, keepdims=True))


def _relax(sheets: Floats, free: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    """Pull every free point towards the middle of its neighbours along the fibre, a little also across."""
    pulled = sheets.copy()
    for sheet, strength in ((DEEP, 0.5), (SUPERFICIAL, 0.35)):
        x = sheets[sheet]
        pulled[sheet, 1:-1] = (1.0 - strength) * x[1:-1] + (0.5 * strength) * (x[:-2] + x[2:])
    levelled = pulled.copy()
    levelled[:, :, 1:-1] = 0.5 * pulled[:, :, 1:-1] + 0.25 * (pulled[:, :, :-2] + pulled[:, :, 2:])
    relaxed = 0.6 * pulled + 0.4 * levelled
    sheets[free] = relaxed[free]


def _fan_directions(start: Floats, end: Floats, along: Floats) -> tuple[Floats, Floats]:
    """Return unit vectors (rows, n, 3) out of the fan of chords `start`→`end` (n, 3) and (n, 3) across it."""
    across = np.stack([np.gradient(edge, axis=0) for edge in (start, end)])
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    outward = np.cross(across[0] * (1.0 - along) + across[1] * along, end - start)
    outward /= np.linalg.norm(outward, axis=-1, keepdims=True)
    for _ in range(2):
        outward[:, 1:-1] = 0.5 * outward[:, 1:-1] + 0.25 * (outward[:, :-2] + outward[:, 2:])
    mean = across.sum(axis=0)
    return outward, mean / np.linalg.norm(mean, axis=-1, keepdims=True)
