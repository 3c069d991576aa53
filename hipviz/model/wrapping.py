"""Where the fibres of a muscle run in every pose: relaxed thoroughly over a grid of poses, read off in between.

The grid is walked from neutral outwards, each pose starting from the one before it, so that a fibre stays on the
side of a bone on which it was attached; what a frame costs is one product with a table. The strings themselves
live in `fibres`, the flesh between them in `loft`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hipviz.model.cache import cached, fingerprint
from hipviz.model.fibres import DEEP, SUPERFICIAL, FibreFan, Push, relaxed, smoothed
from hipviz.model.pose import HipPose
from hipviz.model.splines import cubic
from hipviz.model.units import Floats

FLEXIONS_DEG = (-20.0, 0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0)
ABDUCTIONS_DEG = (-25.0, -12.0, 0.0, 15.0, 30.0, 45.0)
ROTATIONS_DEG = (-45.0, -22.0, 0.0, 20.0, 40.0)
AXES = tuple(np.array(angles) for angles in (FLEXIONS_DEG, ABDUCTIONS_DEG, ROTATIONS_DEG))
BEYOND_DEG = 5.0
"""How far outside the grid the table is followed."""

FIRST_STEPS, NEXT_STEPS = 80, 30
THICKER, THINNER = 2.6, 0.5
"""Most and least that a place may be thicker than at neutral before the whole band is brought to its volume."""

_METHOD = "wrapping 6"  # change it whenever the numbers change: it is part of the cache key


def angles_deg(rotation: Floats) -> Floats:
    """Return flexion, abduction and internal rotation (3,), degrees, of a rotation made by `HipPose.rotation`."""
    flexion = np.arctan2(-rotation[1, 2], rotation[2, 2])
    abduction = np.arcsin(np.clip(-rotation[0, 2], -1.0, 1.0))
    internal = np.arctan2(-rotation[0, 1], rotation[0, 0])
    return np.asarray(np.degrees([flexion, abduction, internal]), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Course:
    """The fibres in one pose.

    sheets : (2, rows, n, 3) float, mm RAS, deep and superficial.
    outward : (rows, n, 3) float, unit, out of the muscle.
    bulging : (rows, n, 3) float, unit, the way in which flesh swells: much the same, smoother.
    thickening : (rows, n) float, mm, how much farther out than at neutral the flesh stands there.
    """

    sheets: Floats
    outward: Floats
    bulging: Floats
    thickening: Floats


class Wrapping:
    """A fan of fibres over its bones, ready for any pose."""

    def __init__(
        self,
        name: str,
        fan: FibreFan,
        belly: Floats,
        more: Callable[[HipPose], Push] | None = None,
        key: str = "",
        steps: tuple[int, int] = (FIRST_STEPS, NEXT_STEPS),
    ) -> None:
        """Wrap `fan`; `name` says whose it is, for the cache.

        belly : (rows, n), mm, how far the flesh stands out of the superficial fibres at neutral.
        more : what else is in the way in a pose; `key` must then change whenever that does.
        steps : of relaxation at neutral, and at every other pose of the grid.
        """
        self.fan = fan
        self._splines = [cubic(axis) for axis in AXES]
        parts = [getattr(fan, field) for field in fan.__dataclass_fields__]
        arrays = [part for part in parts if isinstance(part, np.ndarray)]
        fields = [fan.fixed_bone.samples, fan.moving_bone.samples]
        digest = fingerprint(_METHOD, key, *arrays, *fields, belly, *AXES, *steps, THICKER, fan.column_mm)
        tables = cached(f"wrapping-{name}", digest, lambda: {"table": _table(fan, belly, more, steps)})
        self._table: npt.NDArray[np.float32] = np.asarray(tables["table"], dtype=np.float32)

    def at(self, rotation: Floats) -> Course:
        """Return the fibres when the moving bone is turned by `rotation` (3, 3), made by `HipPose.rotation`."""
        angles = angles_deg(rotation)
        weights = np.ones(1)
        for axis, spline, angle in zip(AXES, self._splines, angles, strict=True):
            within = np.clip(angle, axis[0] - BEYOND_DEG, axis[-1] + BEYOND_DEG)
            weights = np.outer(weights, spline.weights(within)).ravel()
        values = (weights.astype(np.float32) @ self._table).astype(np.float64)
        rest, _ = self.fan.unhindered(rotation)
        size, points = rest.size, rest.shape[1] * rest.shape[2]
        ways = values[size : size + 6 * points].reshape(*rest.shape[1:3], 2, 3)
        ways /= np.sqrt(np.einsum("rnwx,rnwx->rnw", ways, ways))[..., None] + 1e-9
        thickening = values[size + 6 * points :].reshape(rest.shape[1:3])
        return Course(rest + values[:size].reshape(rest.shape), ways[:, :, 0], ways[:, :, 1], thickening)


def _table(
    fan: FibreFan, belly: Floats, more: Callable[[HipPose], Push] | None, steps: tuple[int, int]
) -> npt.NDArray[np.float32]:
    """Return a row per pose of the grid: displacements, outward vectors, thickening."""
    neutral = tuple(int(np.flatnonzero(axis == 0.0)[0]) for axis in AXES)
    asides: dict[tuple[int, ...], Floats] = {}
    rows: dict[tuple[int, ...], Floats] = {}
    order = sorted(
        itertools.product(*(range(len(axis)) for axis in AXES)),
        key=lambda node: [abs(n - c) for n, c in zip(node, neutral, strict=True)][::-1],
    )
    at_rest, thickness = np.zeros(0), np.zeros(0)
    for node in order:
        pose = HipPose(*(float(axis[n]) for axis, n in zip(AXES, node, strict=True)))
        rotation = pose.rotation()
        rest, chord_normal = fan.unhindered(rotation)
        push = _both(fan.push(rotation), more(pose)) if more else fan.push(rotation)
        before = _towards(node, neutral)
        if before is None:
            aside = relaxed(fan, rest, np.zeros_like(rest), push, steps[0])
        else:
            was = HipPose(*(float(axis[n]) for axis, n in zip(AXES, before, strict=True))).rotation()
            aside = relaxed(fan, rest, _carried(asides[before], rotation @ was.T), push, steps[1])
        asides[node] = aside
        sheets = rest + aside
        outward = fan.outward(sheets[SUPERFICIAL], chord_normal)
        length = _lengths(sheets[SUPERFICIAL])
        if before is None:
            at_rest = length
            thickness = np.linalg.norm(sheets[SUPERFICIAL] - sheets[DEEP], axis=-1) + belly
        # What gets shorter gets wider and thicker, by the root each.
        thickening = thickness * (np.sqrt(np.clip(at_rest / length, THINNER, THICKER)) - 1.0)
        for _ in range(3):
            thickening = smoothed(thickening)
        rows[node] = np.concatenate([aside.ravel(), outward.ravel(), thickening.ravel()])
    return np.array([rows[node] for node in sorted(rows)], dtype=np.float32)


def _towards(node: tuple[int, ...], neutral: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the neighbour of `node` on the way to `neutral`: rotation is undone first, then abduction."""
    for axis in (2, 1, 0):
        if node[axis] != neutral[axis]:
            step = 1 if neutral[axis] > node[axis] else -1
            return (*node[:axis], node[axis] + step, *node[axis + 1 :])
    return None


def _carried(aside: Floats, turn: Floats) -> Floats:
    """Return displacements (2, rows, n, 3), the farther ones turned with the moving bone by `turn` (3, 3)."""
    share = np.linspace(0.0, 1.0, aside.shape[1])[:, None, None]
    return np.asarray((1.0 - share) * aside + share * (aside @ turn.T))


def _both(first: Push, second: Push) -> Push:
    return lambda points: second(first(points))


def _lengths(sheet: Floats) -> Floats:
    """Return the lengths (n,), mm, of fibres (rows, n, 3), evened out over their neighbours."""
    length = np.linalg.norm(np.diff(sheet, axis=0), axis=-1).sum(axis=0)[None]
    for _ in range(3):
        length = smoothed(length)
    return np.asarray(length[0])
