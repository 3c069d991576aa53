"""Keeping skin from cutting through itself, and through the other thigh, where tissue gives.

How it gives is worked out in `tissue`.
"""

from __future__ import annotations

import numpy as np

from hipviz.model.crossings import self_intersections
from hipviz.model.surface import Surface
from hipviz.model.tissue import Tissue
from hipviz.model.units import Floats, Ints

FOLDED = 0.8
FOLD_STEPS = 10
ROUNDS, HOPEFUL_ROUNDS = 20, 6
"""How often a shape is tried with less of what it gives, and after how many of these the start is looked at."""

SPREAD_STEPS = 8
LEAST_PRESSED_MM, SEAM_MM = 0.05, 12.0


def folded(ratio: Floats, tissue: Tissue) -> Ints:
    """Return the faces in and around folds, which alone can cut through each other.

    ratio : (n,) area around each vertex as a share of that at rest.
    """
    found = (ratio < FOLDED).astype(float)
    for _ in range(FOLD_STEPS):
        found = np.maximum(found, tissue.average @ found > 0.0)
    faces = tissue.rest.faces
    return np.asarray(faces[found[faces].all(axis=1)])


def caught(skin: Floats, rotation: Floats, faces: Ints, tissue: Tissue) -> Floats | None:
    """Return 1 where a skin cuts through itself, or through the other thigh … 0 farther on, (n,); else None.

    faces : those of this half that are looked at, together with all where thighs press on each other.
    """
    n = len(skin)
    apart = tissue.whole.vertices.copy()
    apart[:n] = skin
    met = tissue.met_at(skin, rotation)
    near = np.linalg.norm(met - apart, axis=1) > LEAST_PRESSED_MM
    looked_at = [(apart, faces)] if len(faces) else []
    if near.any():
        near |= np.abs(tissue.whole.vertices[:, 0]) < SEAM_MM
        near[faces] = True
        looked_at.append((met, tissue.whole.faces[near[tissue.whole.faces].all(axis=1)]))
    cutting = [some[self_intersections(Surface(shape, some))].ravel() for shape, some in looked_at]
    found = np.concatenate([np.zeros(0, np.int64), *cutting])
    found = found[found < n]
    if not len(found):
        return None
    result = np.zeros(n)
    result[found] = 1.0
    for _ in range(SPREAD_STEPS):
        result = np.maximum(result, 0.5 * (result + tissue.average @ result))
    return result


def untangled(start: Floats, wanted: Floats, rotation: Floats, faces: Ints, tissue: Tissue) -> Floats | None:
    """Return as much of the way from a shape (n, 3) to another as it can go without cutting through itself.

    None when the start cuts through itself already.
    """
    give = wanted - start
    for number in range(ROUNDS):
        tangle = caught(start + give, rotation, faces, tissue)
        if tangle is None:
            return start + give
        if number == HOPEFUL_ROUNDS and caught(start, rotation, faces, tissue) is not None:
            return None
        give = (1.0 - 0.35 * tangle)[:, None] * give
    return None
