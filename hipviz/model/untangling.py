"""Keeping skin from cutting through itself, and through the other thigh, where tissue gives.

How it gives is worked out in `tissue`.
"""

from __future__ import annotations

import numpy as np

from hipviz.model.crossings import Crossings, Flags
from hipviz.model.tissue import Tissue
from hipviz.model.units import Floats

FOLDED = 0.8
FOLD_STEPS = 10
ROUNDS, HOPEFUL_ROUNDS = 20, 6
"""How often a shape is tried with less of what it gives, and after how many of these the start is looked at."""

SPREAD_STEPS = 8
LEAST_PRESSED_MM, SEAM_MM = 0.05, 12.0


class Watch:
    """What of a skin is looked at while it is changed bit by bit in one pose.

    folds : (faces of the half,), those in and around folds, which alone can cut through each other.
    apart, together : where the half cuts through itself, and the whole body where thighs press on each other.
    """

    def __init__(self, folds: Flags, tissue: Tissue) -> None:
        self.folds = folds
        self.apart, self.together = Crossings(tissue.rest), Crossings(tissue.whole)


def folded(ratio: Floats, tissue: Tissue) -> Flags:
    """Return which faces (m,) lie in and around folds.

    ratio : (n,) area around each vertex as a share of that at rest.
    """
    found = (ratio < FOLDED).astype(float)
    for _ in range(FOLD_STEPS):
        found = np.maximum(found, tissue.average @ found > 0.0)
    return np.asarray((found > 0.0)[tissue.rest.faces].all(axis=1))


def caught(skin: Floats, rotation: Floats, watch: Watch, tissue: Tissue) -> Floats | None:
    """Return 1 where a skin cuts through itself, or through the other thigh … 0 farther on, (n,); else None."""
    n = len(skin)
    apart = tissue.whole.vertices.copy()
    apart[:n] = skin
    met = tissue.met_at(skin, rotation)
    near = np.linalg.norm(met - apart, axis=1) > LEAST_PRESSED_MM
    cutting = []
    if watch.folds.any():
        cutting.append(tissue.rest.faces[watch.apart.found(skin, watch.folds)])
    if near.any():
        near |= np.abs(tissue.whole.vertices[:, 0]) < SEAM_MM
        near[tissue.rest.faces[watch.folds]] = True
        cutting.append(tissue.whole.faces[watch.together.found(met, near[tissue.whole.faces].all(axis=1))])
    found = np.concatenate([np.zeros(0, np.int64), *(corners.ravel() for corners in cutting)])
    found = found[found < n]
    if not len(found):
        return None
    result = np.zeros(n)
    result[found] = 1.0
    for _ in range(SPREAD_STEPS):
        result = np.maximum(result, 0.5 * (result + tissue.average @ result))
    return result


def untangled(start: Floats, wanted: Floats, rotation: Floats, watch: Watch, tissue: Tissue) -> Floats | None:
    """Return as much of the way from a shape (n, 3) to another as it can go without cutting through itself.

    None when the start cuts through itself already.
    """
    give = wanted - start
    for number in range(ROUNDS):
        tangle = caught(start + give, rotation, watch, tissue)
        if tangle is None:
            return start + give
        if number == HOPEFUL_ROUNDS and caught(start, rotation, Watch(watch.folds, tissue), tissue) is not None:
            return None
        give = (1.0 - 0.35 * tangle)[:, None] * give
    return None
