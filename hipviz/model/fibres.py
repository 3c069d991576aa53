"""Fibres of a fan-shaped muscle: strings between two attachment patches that wrap over the bones.

A muscle is two sheets of strings over the same fan, deep and superficial. Here stand where the strings are
attached, where they run when nothing is in their way, and how contact moves them aside; `wrapping` does that for
every pose, `loft` makes the flesh between the sheets, `leverage` reads off lengths and levers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hipviz.model.distance import DistanceField
from hipviz.model.units import Floats

DEEP, SUPERFICIAL = 0, 1
STEPS_PER_PUSH = 2
OUTWARD_SMOOTHINGS, BULGE_SMOOTHINGS = 5, 12
"""Passes of smoothing of the normals, and those on top that make them the way in which flesh swells."""
LED_BY_BONE = 0.7
"""How much of the way out of the muscle near its origin is the way out of the bone."""
WIDEST = 2.2
"""Fibres shorter than this share of their length at neutral make their band no wider."""
EVEN_SHARE = 0.15
"""How far the points of a superficial fibre are spread evenly, rather than beside those of the deep one."""

Rows = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
"""Some rows of the deep and of the superficial sheet, (2, rows)."""

Push = Callable[[Floats], Floats]
"""Moves some rows (k, n, 3) of both sheets, mm RAS, out of what is in their way in one pose."""


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
    lift : (2, rows, n) float, mm, how far fibres run outside their chord where nothing is in their way.
    bow : (2, rows, n) float, mm, how far they run aside of it, towards the last column.
    widening : (2, rows, n) float, 0…1, where along a fibre the fan widens when it gets shorter.
    column_mm : width of the muscle's belly per fibre at neutral.
    joint_radius_mm : fibres pass the joint centre at least this far away.
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
    widening: Floats
    column_mm: float
    joint_radius_mm: float = 32.0

    @property
    def rows(self) -> int:
        """Number of points along a fibre."""
        return len(self.origin) + self.free_rows + len(self.insertion)

    @property
    def held(self) -> Rows:
        """Which points (2, rows) are attached to a bone."""
        held = np.zeros((2, self.rows), dtype=bool)
        held[DEEP, : len(self.origin)] = held[DEEP, -len(self.insertion) :] = True
        held[SUPERFICIAL, 0] = held[SUPERFICIAL, -1] = True
        return held

    @cached_property
    def rest_length_mm(self) -> Floats:
        """Lengths (n,) of the superficial chords at neutral."""
        return np.asarray(np.linalg.norm(self.ends[1] - self.ends[0], axis=-1))

    @cached_property
    def across(self) -> Floats:
        """Unit vectors (n, 3) across the fan at neutral, towards the last column; bellies give way along them."""
        return _fan_directions(self.ends[0], self.ends[1], np.zeros((1, 1, 1)))[1]

    def turned(self, points: Floats, rotation: Floats) -> Floats:
        """Return points (…, 3) of the moving bone at neutral when it is turned by `rotation` (3, 3)."""
        return np.asarray((points - self.centre) @ rotation.T + self.centre)

    def unhindered(self, rotation: Floats) -> Floats:
        """Return the sheets (2, rows, n, 3) as they would run through the bones.

        rotation : (3, 3), of the moving bone about the joint centre.
        """
        a, b, rows = len(self.origin), len(self.insertion), self.rows
        moved = self.turned(self.insertion, rotation)
        sheets = np.empty((2, rows, self.origin.shape[1], 3))
        sheets[DEEP, :a], sheets[DEEP, -b:] = self.origin, moved
        along = np.linspace(0.0, 1.0, self.free_rows + 2)[1:-1, None, None]
        sheets[DEEP, a:-b] = self.origin[-1] + (moved[0] - self.origin[-1]) * along
        start, end = self.ends[0], self.turned(self.ends[1], rotation)
        along = self._beside_the_deep(sheets[DEEP])
        sheets[SUPERFICIAL] = start + (end - start) * along
        outward, _ = _fan_directions(start, end, along)
        ratio = np.clip(self.rest_length_mm / np.linalg.norm(end - start, axis=-1), 1.0 / WIDEST, WIDEST)
        level = np.minimum(ratio, 1.0 / ratio)
        bow = self.bow * level + self._spread(np.maximum(ratio, 1.0))
        sheets += (self.lift * level)[..., None] * outward + bow[..., None] * self.across
        return sheets

    def _spread(self, ratio: Floats) -> Floats:
        """Return (2, rows, n), mm, how far fibres give way to each other: what gets shorter also gets wider.

        ratio : (n,), length at neutral over length now. Flesh keeps its volume by widening both ways across.
        """
        gained = self.column_mm * (np.sqrt(ratio) - 1.0)
        place = np.cumsum(gained) - 0.5 * gained
        return np.asarray((place - place[len(place) // 2]) * self.widening)

    def pushed_off_moving_bone(self, points: Floats, clearance_mm: Floats | float, rotation: Floats) -> Floats:
        """Return `points` (n, 3), those nearer to the turned bone than `clearance_mm` (n,) moved out to it."""
        local = (points - self.centre) @ rotation + self.centre
        return np.asarray((self.moving_bone.pushed(local, clearance_mm) - self.centre) @ rotation.T + self.centre)

    def push(self, rotation: Floats, free: Rows) -> Push:
        """Return what keeps the `free` rows of the sheets clear of both bones and of the joint in a pose."""
        fixed, moving = self.fixed_clearance[free].ravel(), self.moving_clearance[free].ravel()

        def apart(rows: Floats) -> Floats:
            points = rows.reshape(-1, 3)
            from_centre = points - self.centre
            distance = np.sqrt(np.einsum("ix,ix->i", from_centre, from_centre))
            points = points + np.maximum(self.joint_radius_mm / distance - 1.0, 0.0)[:, None] * from_centre
            points = self.pushed_off_moving_bone(points, moving, rotation)
            return self.fixed_bone.pushed(points, fixed).reshape(rows.shape)

        return apart

    def outward(self, sheet: Floats) -> tuple[Floats, Floats]:
        """Return two fields of unit vectors (rows, n, 3) out of the muscle, smoothed a little and much.

        Near the origin they lead away from the bone (as far as LED_BY_BONE says), near the insertion along the
        normal of the sheet. The normal alone turns over when a fan is twisted or squeezed until it is slack.
        """
        points = sheet.reshape(-1, 3)
        _, away = self.fixed_bone.sample(points)
        normal = np.cross(np.gradient(sheet, axis=1), np.gradient(sheet, axis=0))
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-9
        share = np.linspace(0.0, 1.0, len(sheet))[:, None, None]
        share = 1.0 - LED_BY_BONE * np.clip((0.85 - share) / 0.25, 0.0, 1.0)
        outward = (1.0 - share) * away.reshape(sheet.shape) + share * normal

        fields = []
        for passes in (OUTWARD_SMOOTHINGS, BULGE_SMOOTHINGS):
            for _ in range(passes):
                outward = smoothed(outward)
                outward /= np.linalg.norm(outward, axis=-1, keepdims=True) + 1e-9
            fields.append(outward)
        return fields[0], fields[1]

    def _beside_the_deep(self, deep: Floats) -> Floats:
        """Return the place (rows, n, 1), 0…1, of each superficial point: as far along as the deep one under it."""
        steps = np.diff(deep, axis=0)
        way = np.zeros(deep.shape[:2])
        np.cumsum(np.sqrt(np.einsum("rnx,rnx->rn", steps, steps)), axis=0, out=way[1:])
        even = np.linspace(0.0, 1.0, len(deep))[:, None]
        return np.asarray((1.0 - EVEN_SHARE) * way / way[-1] + EVEN_SHARE * even)[..., None]


def relaxed(fan: FibreFan, rest: Floats, aside: Floats, push: Push, steps: int) -> Floats:
    """Return how far the fibres lie aside of `rest`, both (2, rows, n, 3), after `steps` of relaxation.

    Tension along the fibres and a little across draws them back to where they would run unhindered; `push` moves
    them out of what is in their way.
    """
    free = ~fan.held
    unhindered = rest[free]
    for step in range(steps):
        aside = np.where(free[..., None, None], drawn_back(aside), 0.0)
        if step % STEPS_PER_PUSH == 0 or step == steps - 1:
            aside[free] = push(unhindered + aside[free]) - unhindered
    return aside


def drawn_back(aside: Floats) -> Floats:
    """Return displacements (sheets, rows, n, 3) after one step of tension along the fibres and a little across."""
    pulled = aside.copy()
    pulled[:, 1:-1] = 0.5 * aside[:, 1:-1] + 0.25 * (aside[:, :-2] + aside[:, 2:])
    return np.asarray(0.6 * pulled + 0.4 * _levelled(pulled, 2))


def smoothed(grid: Floats) -> Floats:
    """Return values (rows, n, …) averaged with their neighbours."""
    return _levelled(_levelled(grid, 0), 1)


def smoothed_rows(grid: Floats) -> Floats:
    """Return values (rows, …) averaged with those in the neighbouring rows."""
    return _levelled(grid, 0)


def _levelled(grid: Floats, axis: int) -> Floats:
    """Return a grid averaged with its neighbours along one axis; at the border, with the one there is."""
    quarter = 0.25 * grid.swapaxes(0, axis)
    out = quarter + quarter
    out[1:] += quarter[:-1]
    out[:-1] += quarter[1:]
    out[0] += quarter[0]
    out[-1] += quarter[-1]
    return out.swapaxes(0, axis)


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
