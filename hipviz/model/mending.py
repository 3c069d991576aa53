"""Tendon whose sheets have come to lie aside of each other, laid on either side of its middle again.

Where a muscle is twisted hard, one sheet of its flat end slides out from under the other, and the edge between
them leans over until it cuts through both.
"""

import numpy as np

from hipviz.model.blending import smooth_step
from hipviz.model.fibres import smoothed
from hipviz.model.loft import cross
from hipviz.model.units import Floats

MENDINGS = 3
NORMAL_SMOOTHINGS = 3
FIRST_ROW, LAST_FREE_ROW = 28, 31
"""Of the flat end: what is mended sets in between these rows."""
UPRIGHT, LEANING = 0.85, 0.5
"""Cosine of the angle between the way from sheet to sheet and the way out: sound, and to be mended entirely."""
LEAST_MM = ((0.0, 34.0, 36.0, 37.0), (1.0, 1.0, 0.6, 0.5))
"""Least thickness of the mended plate, by row: thinner towards the end, which sinks into the bone."""


def mended(deep: Floats, outer: Floats) -> tuple[Floats, Floats]:
    """Return both sheets (rows, columns, 3), mm, of a plate with a smooth middle wherever they lean over.

    How much is done follows from how far they lean, so that nothing jumps from pose to pose; the ends stay.
    """
    least = np.interp(np.arange(float(len(deep))), *LEAST_MM)
    for _ in range(MENDINGS):
        middle, between = 0.5 * (deep + outer), outer - deep
        way = _way_out(middle)
        across = np.einsum("rcx,rcx->rc", between, way)
        upright = across / (np.sqrt(np.einsum("rcx,rcx->rc", between, between)) + 1e-9)
        share = _reaching(1.0 - smooth_step(upright, LEANING, UPRIGHT))[..., None]
        if not share.any():
            break
        middle = middle + share * (smoothed(middle) - middle)
        plate = np.maximum(across, least[:, None])[..., None] * _way_out(middle)
        half = 0.5 * (between + share * (plate - between))
        deep, outer = middle - half, middle + half
    return deep, outer


def _way_out(middle: Floats) -> Floats:
    """Return the unit normals (rows, columns, 3) of a sheet of the right side, out of the muscle."""
    way = cross(np.gradient(middle, axis=1), np.gradient(middle, axis=0))
    for _ in range(NORMAL_SMOOTHINGS):
        way = smoothed(way / (np.linalg.norm(way, axis=-1, keepdims=True) + 1e-9))
    return np.asarray(way / (np.linalg.norm(way, axis=-1, keepdims=True) + 1e-9))


def _reaching(share: Floats) -> Floats:
    """Return shares (rows, columns) that reach a little farther and fall off smoothly; 0 out of the tendon."""
    share[:FIRST_ROW] = 0.0
    for axis in (0, 1):
        for _ in range(2):
            grid = share.swapaxes(0, axis)
            most = grid.copy()
            most[1:] = np.maximum(most[1:], grid[:-1])
            most[:-1] = np.maximum(most[:-1], grid[1:])
            share = most.swapaxes(0, axis)
    share = smoothed(smoothed(share))
    share *= smooth_step(np.arange(float(len(share))), FIRST_ROW, LAST_FREE_ROW)[:, None]
    share[-1] = 0.0
    return share
