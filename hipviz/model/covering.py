"""How flesh is pushed aside where bone or muscle would come through a deep crease of the skin.

Lifting each side of a crease along its own way out would drive both into each other. Here a whole ball of tissue
is moved one way, both sides alike and less towards its border, so slowly that nothing can overtake anything else.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from hipviz.model.blending import smooth_step
from hipviz.model.units import Floats

LEAST_MM = 7.5
"""Cover that is reached wherever it can be: more than is needed, for the poses between those of the table."""

BALL_MM = (4.0, 45.0)
"""Radii of a ball that is pushed: moved in full within the first, not at all beyond the second."""

MOST_MM = 4.0
"""Of one push: the steepest fall-off is then 1.5 · 4 / 41 < 1, so no tissue passes through other."""

AT_ONCE, ROUNDS, PATIENCE = 6, 80, 25
REACH_MM = 30.0


def covered(
    skin: Floats,
    inside: Floats,
    share: Floats,
    seen: Floats,
    normals: Callable[[Floats], Floats],
    ways_out: Callable[[Floats], Floats],
    sound: Callable[[Floats], bool],
) -> Floats:
    """Return a skin (n, 3) pushed outwards wherever points inside (m, 3) lie less than LEAST_MM deep, mm.

    share : (n,) 0…1, how far each vertex may be moved; seen : (n,) above 0 where the skin covers anything at all.
    normals, ways_out : unit vectors (n, 3) of a shape; sound : whether a shape does not cut through itself.
    Of all that was tried the shape with most cover is returned, the given one at worst.
    """
    best, best_cover, since = skin, -np.inf, 0
    for _ in range(ROUNDS):
        distance, nearest = map(np.asarray, cKDTree(skin).query(inside, distance_upper_bound=REACH_MM))
        found = np.flatnonzero(np.isfinite(distance))
        found = found[seen[nearest[found]] > 0.0]
        under = nearest[found]
        cover = ((skin[under] - inside[found]) * normals(skin)[under]).sum(axis=1)
        least = float(cover.min())
        since += 1
        if least > best_cover and (skin is best or sound(skin)):
            best, best_cover, since = skin, least, 0
        if least > LEAST_MM - 0.3 or since > PATIENCE:
            break
        ways = ways_out(skin)
        pushes: list[tuple[Floats, Floats, float]] = []
        for number in np.argsort(cover):
            if cover[number] > LEAST_MM - 0.3 or len(pushes) >= AT_ONCE:
                break
            centre = skin[under[number]]
            if all(np.linalg.norm(centre - other) > 2.0 * BALL_MM[1] for other, _, _ in pushes):
                pushes.append((centre, ways[under[number]], min(LEAST_MM + 0.5 - cover[number], MOST_MM)))
        for centre, way, length in pushes:
            near = share * (1.0 - smooth_step(np.linalg.norm(skin - centre, axis=1), *BALL_MM))
            skin = skin + (length * near)[:, None] * way
    return best
