"""Lengths of fibres and their levers about the hip: what a band does is read off, not looked up.

A moment arm is −dL/dθ in millimetres: positive when the fibre, by shortening, moves the hip in the positive sense
(flexion, abduction, internal rotation). The fibres themselves are made by the muscle's own module; straight lines
that a user gives are measured in `paths`.

The length of a wrapped fibre is found once at every node of a grid over the whole range of motion, and read off a
tensor-product cubic spline, its lever off the spline's derivative (as in Sartori, Reggiani, van den Bogert and
Lloyd 2012, J Biomech 45:595). So length and lever cannot disagree, cost next to nothing, and do not jitter where a
fibre passes from one facet of bone to the next. The lever of the line of pull itself (`lines_of_pull`) would equal
them for a taut, frictionless string. These fibres are held off the bones by the muscle beneath them and are
relaxed by a fixed number of steps, so that their tension is not quite even: which of a curved fibre's segments is
taken for the line of pull moves its lever by several millimetres. It is therefore drawn, and the spline is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hipviz.model.cache import cached, fingerprint
from hipviz.model.fan_muscle import FanMuscle
from hipviz.model.gluteus_medius import ROWS, GluteusMedius
from hipviz.model.loft import volumes
from hipviz.model.pose import ANGLES, NEUTRAL, RANGE_OF_MOTION_DEG, Angle, HipPose, rotations
from hipviz.model.splines import Cubic, cubic
from hipviz.model.units import BANDS, Band, Floats

NODES_APART_DEG = 10.0
"""Largest distance of the grid's nodes. Against central differences over ±2° a fibre's lever is then off by
0.03 mm on the average over the whole range of motion and 0.12 mm at the 95th percentile, a band's by 0.55 mm."""

SEARCH_STEP_DEG = 0.5
POSES_AT_ONCE = 512


def lengths(fibres: Floats) -> Floats:
    """Return the lengths (…) of polylines (…, points, 3), in their unit."""
    return np.asarray(np.linalg.norm(np.diff(fibres, axis=-2), axis=-1).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class Leverage:
    """Lengths and levers of all fibres of one muscle of the right side, as smooth functions of the hip's angles.

    Angles are (…, 3) degrees in the order of `ANGLES`, within the range of motion.

    lengths_mm : (n₁, n₂, n₃, bands, fibres) at the nodes of the grid; splines : over its three axes.
    """

    lengths_mm: Floats
    splines: tuple[Cubic, Cubic, Cubic]

    @classmethod
    def of(cls, medius: GluteusMedius) -> Leverage:
        """Return the leverage of a muscle, from the cache when these fibres were measured before."""
        return cls.measured(lambda rotation: lengths(medius.fibres(rotation)), "gluteus-medius")

    @classmethod
    def measured(cls, measure: Callable[[Floats], Floats], name: str) -> Leverage:
        """Return the leverage of fibres whose lengths (bands, fibres) `measure` gives for a rotation (3, 3)."""
        axes = _nodes_deg()
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        # Lengths at the corners of the grid stand for everything that they were made from, the method included.
        corners = grid[np.ix_(*[[0, len(axis) // 2, -1] for axis in axes])].reshape(-1, 3)
        probe = np.stack([measure(rotation) for rotation in rotations(corners)])
        key = fingerprint("leverage 1", probe, *axes)

        def build() -> dict[str, Floats]:
            found = [measure(rotation) for rotation in rotations(grid.reshape(-1, 3))]
            return {"lengths_mm": np.stack(found).reshape(*grid.shape[:-1], -1)}

        values = np.asarray(cached(f"leverage-{name}", key, build)["lengths_mm"], dtype=np.float64)
        first, second, third = (cubic(axis, "not-a-knot") for axis in axes)
        return cls(values.reshape(*grid.shape[:-1], *probe.shape[1:]), (first, second, third))

    def lengths(self, angles_deg: npt.ArrayLike) -> Floats:
        """Return the lengths (…, bands, fibres) of all fibres, mm, in poses (…, 3)."""
        return self._read(angles_deg)

    def arms(self, angles_deg: npt.ArrayLike) -> Floats:
        """Return the moment arms (…, 3 angles, bands, fibres) of all fibres, mm, in poses (…, 3)."""
        return np.stack([self._arm(angles_deg, name) for name in ANGLES], axis=-3)

    def band_lengths(self, angles_deg: npt.ArrayLike) -> Floats:
        """Return the mean length (…, bands) of each band's fibres, mm."""
        return np.asarray(self.lengths(angles_deg).mean(axis=-1))

    def band_arms(self, angles_deg: npt.ArrayLike) -> Floats:
        """Return the mean moment arm (…, 3 angles, bands) of each band's fibres, mm."""
        return np.asarray(self.arms(angles_deg).mean(axis=-1))

    def sign_change(self, band: Band, of: Angle, along: Angle = "flexion") -> float | None:
        """Return at how many degrees of `along`, all else at neutral, a band's lever in `of` changes its sign.

        Of several angles the one nearest to neutral; None when there is none within the range of motion.
        """
        low, high = RANGE_OF_MOTION_DEG[f"{along}_deg"]
        angles = np.linspace(low, high, round((high - low) / SEARCH_STEP_DEG) + 1)
        poses = np.zeros((len(angles), 3))
        poses[:, ANGLES.index(along)] = angles
        arms = self._arm(poses, of)[:, BANDS.index(band)].mean(axis=-1)
        before = np.flatnonzero(arms[:-1] * arms[1:] <= 0.0)
        if not len(before):
            return None
        share = arms[before] / (arms[before] - arms[before + 1])
        crossings = angles[before] + share * SEARCH_STEP_DEG
        return float(crossings[np.abs(crossings).argmin()])

    def _arm(self, angles_deg: npt.ArrayLike, of: Angle) -> Floats:
        """Return the moment arms (…, bands, fibres) in one angle, mm."""
        return np.asarray(self._read(angles_deg, of) * (-180.0 / np.pi))

    def _read(self, angles_deg: npt.ArrayLike, slope_in: Angle | None = None) -> Floats:
        """Return the lengths (…, bands, fibres), mm, or their slopes in one angle, mm per degree."""
        angles = np.asarray(angles_deg, dtype=np.float64)
        weights = [
            spline.slope_weights(along) if name == slope_in else spline.weights(along)
            for name, spline, along in zip(ANGLES, self.splines, angles.reshape(-1, 3).T, strict=True)
        ]
        table = self.lengths_mm.reshape(-1, self.lengths_mm[0, 0, 0].size)
        found = np.empty((len(weights[0]), table.shape[1]))
        for start in range(0, len(found), POSES_AT_ONCE):
            first, second, third = (part[start : start + POSES_AT_ONCE] for part in weights)
            nodes = first[:, :, None, None] * second[:, None, :, None] * third[:, None, None, :]
            found[start : start + POSES_AT_ONCE] = nodes.reshape(len(nodes), -1) @ table
        return found.reshape(*angles.shape[:-1], *self.lengths_mm.shape[3:])


@dataclass(frozen=True)
class BandMeasures:
    """One band in one pose.

    length_mm : mean over its fibres. relative_length_pct : of the mean length at neutral.
    moment_arm_mm : by angle, mean over its fibres.
    """

    length_mm: float
    relative_length_pct: float
    volume_cm3: float
    moment_arm_mm: dict[Angle, float]


def band_measures(medius: FanMuscle, leverage: Leverage, pose: HipPose) -> dict[Band, BandMeasures]:
    """Return the measures of the three bands of the right muscle; the left one's are the same in the same pose."""
    volume_cm3 = volumes(medius.shape(pose.rotation()).vertices, ROWS) / 1000.0
    length, at_neutral = leverage.band_lengths([pose.angles_deg, NEUTRAL.angles_deg])
    arms = leverage.band_arms(pose.angles_deg)
    return {
        band: BandMeasures(
            length_mm=float(length[i]),
            relative_length_pct=float(100.0 * length[i] / at_neutral[i]),
            volume_cm3=float(volume_cm3[i]),
            moment_arm_mm={name: float(arms[j, i]) for j, name in enumerate(ANGLES)},
        )
        for i, band in enumerate(BANDS)
    }


def lines_of_pull(fibres: Floats) -> tuple[Floats, Floats]:
    """Return where (bands, 3), mm, and in which direction (bands, 3), unit, each band pulls on the femur.

    fibres : (bands, fibres, points, 3), from origin to insertion. The middle segment of each fibre crosses the
    joint freely; the band's line is their mean.
    """
    middle = fibres.shape[2] // 2
    ends = fibres[:, :, middle - 1 : middle + 1]
    pull = ends[:, :, 0] - ends[:, :, 1]
    pull /= np.linalg.norm(pull, axis=-1, keepdims=True)
    mean = pull.mean(axis=1)
    return np.asarray(ends.mean(axis=(1, 2))), np.asarray(mean / np.linalg.norm(mean, axis=-1, keepdims=True))


def lever(point: Floats, direction: Floats, centre: Floats, axis: Floats) -> tuple[Floats, Floats]:
    """Return the feet (3,) of the shortest way from a joint axis to a line of pull: on the axis, on the line.

    point, direction : of the line. centre, axis : of the axis. All (3,), directions unit. For parallel lines the
    foot on the axis is the centre.
    """
    across = np.cross(axis, direction)
    steepness = across @ across
    if steepness < 1e-9:
        return centre, centre + (point - centre) - ((point - centre) @ axis) * axis
    gap = point - centre
    on_axis = centre + axis * (np.cross(gap, direction) @ across / steepness)
    on_line = point + direction * (np.cross(gap, axis) @ across / steepness)
    return on_axis, on_line


def _nodes_deg() -> list[Floats]:
    """Return the places of the grid's nodes along each angle, degrees."""
    return [
        np.linspace(low, high, int(np.ceil((high - low) / NODES_APART_DEG)) + 1)
        for low, high in RANGE_OF_MOTION_DEG.values()
    ]
