"""Cubic curves through given values: natural, closed and not-a-knot splines, and one that never overshoots.

A spline is linear in its values, so all that is kept of one are the weights of the values at any place; what is
interpolated lives with its owner. In numpy alone: the window would wait half a second for scipy.interpolate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from hipviz.model.units import Floats

Ends = Literal["natural", "not-a-knot", "periodic"]


@dataclass(frozen=True, eq=False)
class Cubic:
    """A cubic spline over given knots, for any values there; beyond the knots the outermost pieces go on.

    knots : (n,) float, increasing. slopes : (n, n) float, slopes at the knots from the values at them.
    """

    knots: Floats
    slopes: Floats

    def weights(self, places: npt.ArrayLike) -> Floats:
        """Return the (k, n) matrix that gives the values at `places` (k,) from those at the knots."""
        piece, h, t = self._pieces(places)
        return self._blend(piece, (1.0 + 2.0 * t) * (1.0 - t) ** 2, h * t * (1.0 - t) ** 2, -h * t * t * (1.0 - t))

    def slope_weights(self, places: npt.ArrayLike) -> Floats:
        """Return the (k, n) matrix that gives the slopes at `places` (k,) from the values at the knots."""
        piece, h, t = self._pieces(places)
        fall = -6.0 * t * (1.0 - t) / h
        return self._blend(piece, fall, (1.0 - t) * (1.0 - 3.0 * t), t * (3.0 * t - 2.0), total=0.0)

    def _pieces(self, places: npt.ArrayLike) -> tuple[npt.NDArray[np.intp], Floats, Floats]:
        at = np.atleast_1d(np.asarray(places, dtype=np.float64))
        piece = np.clip(np.searchsorted(self.knots, at, side="right") - 1, 0, len(self.knots) - 2)
        h = self.knots[piece + 1] - self.knots[piece]
        return piece, h, (at - self.knots[piece]) / h

    def _blend(
        self, piece: npt.NDArray[np.intp], start: Floats, leave: Floats, arrive: Floats, total: float = 1.0
    ) -> Floats:
        """Return the weights of Hermite's form: of the value before, and of the slopes before and after."""
        weights = leave[:, None] * self.slopes[piece] + arrive[:, None] * self.slopes[piece + 1]
        rows = np.arange(len(piece))
        weights[rows, piece] += start
        weights[rows, piece + 1] += total - start
        return np.asarray(weights)


def cubic(knots: npt.ArrayLike, ends: Ends = "natural") -> Cubic:
    """Return the twice continuously differentiable cubic spline over `knots` (n,), n ≥ 2 (≥ 4 for not-a-knot).

    Of a periodic one the first and the last value must be equal.
    """
    x = np.asarray(knots, dtype=np.float64)
    n, h = len(x), np.diff(x)
    left, right = np.zeros((n, n)), np.zeros((n, n))  # left @ slopes = right @ values

    def smooth(row: int, before: int, here: int, after: int, h0: float, h1: float) -> None:
        """Let the curvature be the same on both sides of a knot."""
        np.add.at(left[row], [before, here, after], [1.0 / h0, 2.0 / h0 + 2.0 / h1, 1.0 / h1])
        np.add.at(right[row], [before, here, after], [-3.0 / h0**2, 3.0 / h0**2 - 3.0 / h1**2, 3.0 / h1**2])

    for i in range(1, n - 1):
        smooth(i, i - 1, i, i + 1, h[i - 1], h[i])
    if ends == "periodic":
        smooth(0, n - 2, 0, 1, h[-1], h[0])
        left[-1, [0, -1]] = 1.0, -1.0
    else:
        for knot, inwards in ((0, 1), (n - 1, -1)):
            h0 = abs(x[knot + inwards] - x[knot])
            if ends == "natural":  # no curvature at the end
                left[knot, [knot, knot + inwards]] = 2.0, 1.0
                right[knot, [knot, knot + inwards]] = -3.0 * inwards / h0, 3.0 * inwards / h0
                continue
            # The first two pieces are one cubic (de Boor, A practical guide to splines, 1978, chapter IV).
            h1 = abs(x[knot + 2 * inwards] - x[knot + inwards])
            first, second = (3.0 * h0 + 2.0 * h1) * h1 / (h0 + h1), h0**2 / (h0 + h1)
            left[knot, [knot, knot + inwards]] = h1, h0 + h1
            steps = np.array([-first / h0, first / h0 - second / h1, second / h1]) * inwards
            right[knot, [knot, knot + inwards, knot + 2 * inwards]] = steps
    return Cubic(x, np.asarray(np.linalg.solve(left, right), dtype=np.float64))


def local_cubic(knots: npt.ArrayLike) -> Cubic:
    """Return the cubic over `knots` (n,), n ≥ 3, whose slopes are those of the parabola through three neighbours.

    Only once continuously differentiable, but a value in between depends on four knots at most.
    """
    x = np.asarray(knots, dtype=np.float64)
    return Cubic(x, np.asarray(np.gradient(np.eye(len(x)), x, axis=0, edge_order=2)))


def cubic_matrix(knots: Floats, places: Floats) -> Floats:
    """Return the (len(places), len(knots)) matrix of natural cubic interpolation from `knots` to `places`."""
    return cubic(knots).weights(places)


def monotone(knots: npt.ArrayLike, values: npt.ArrayLike, places: npt.ArrayLike) -> Floats:
    """Return a smooth curve without overshoot through `values` (n,) or (n, m) at `places` (k,); n ≥ 3.

    Slopes are the weighted harmonic means of Fritsch and Butland (SIAM J Sci Stat Comput 5:300, 1984), at the ends
    the three-point ones, held back where they would overshoot.
    """
    x, y = np.asarray(knots, dtype=np.float64), np.asarray(values, dtype=np.float64)
    shape = (-1, *[1] * (y.ndim - 1))
    h = np.diff(x).reshape(shape)
    steep = np.diff(y, axis=0) / h
    before, after = steep[:-1], steep[1:]
    one, two = 2.0 * h[1:] + h[:-1], h[1:] + 2.0 * h[:-1]
    same = before * after > 0.0
    mean = (one + two) / (one / np.where(same, before, 1.0) + two / np.where(same, after, 1.0))
    first, last = _end_slope(h[0], h[1], steep[0], steep[1]), _end_slope(h[-1], h[-2], steep[-1], steep[-2])
    slopes = np.concatenate([[first], np.where(same, mean, 0.0), [last]])
    piece, width, t = Cubic(x, np.empty(0))._pieces(places)
    t, width = t.reshape(shape), width.reshape(shape)
    falling = (1.0 + 2.0 * t) * (1.0 - t) ** 2
    curve = falling * y[piece] + (1.0 - falling) * y[piece + 1]
    return np.asarray(curve + width * t * (1.0 - t) * ((1.0 - t) * slopes[piece] - t * slopes[piece + 1]))


def _end_slope(h0: Floats, h1: Floats, steep: Floats, next_steep: Floats) -> Floats:
    slope = ((2.0 * h0 + h1) * steep - h0 * next_steep) / (h0 + h1)
    slope = np.where(slope * steep > 0.0, slope, 0.0)
    turns = (steep * next_steep < 0.0) & (np.abs(slope) > 3.0 * np.abs(steep))
    return np.where(turns, 3.0 * steep, slope)
