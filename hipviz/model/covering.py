"""How flesh is pushed aside where bone or muscle would come through a deep crease of the skin.

Lifting each side of a crease along its own way out would drive both into each other. Here a whole ball of tissue
is moved one way, both sides alike and less towards its border, so slowly that nothing can overtake anything else.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from hipviz.model.blending import smooth_step
from hipviz.model.crossings import along_curve
from hipviz.model.units import Floats, Ints

LEAST_MM = 7.5
"""Cover that is reached wherever it can be: more than is needed, for the poses between those of the table."""

BALL_MM = (4.0, 45.0)
"""Radii of a ball that is pushed: moved in full within the first, not at all beyond the second."""

MOST_MM = 4.0
"""Of one push: the steepest fall-off is then 1.5 · 4 / 41 < 1, so no tissue passes through other."""

AT_ONCE, ROUNDS = 6, 80
REACH_MM = 30.0
FARTHEST_MM = 20.0
"""How much nearer than at first pushes aside can bring skin to what lies inside."""

BLOCK = 16
"""Points side by side that are asked about together first."""


def covered(
    skin: Floats,
    inside: Floats,
    share: Floats,
    seen: Floats,
    normals: Callable[[Floats], Floats],
    way_out: Callable[[int, Floats], Floats],
    sound: Callable[[Floats], bool],
    patience: int,
) -> tuple[Floats, float]:
    """Return a skin (n, 3) pushed outwards wherever points inside (m, 3) lie less than LEAST_MM deep, mm.

    With it comes how deep the least covered point lies.

    share : (n,) 0…1, how far each vertex may be moved; seen : (n,) above 0 where the skin covers anything at all.
    normals : unit vectors (n, 3) of a shape; way_out : the unit way (3,) out at a vertex, the normals given.
    sound : whether a shape does not cut through itself.
    patience : how many rounds may pass without a better one.
    Of all that was tried the shape with most cover is returned, the given one at worst.
    """
    best, best_cover, since = skin, -np.inf, 0
    tree = cKDTree(skin, balanced_tree=False)
    inside = inside[_within(inside, tree, REACH_MM + FARTHEST_MM)]
    distance, under = map(np.asarray, tree.query(inside, distance_upper_bound=REACH_MM))
    stale = np.zeros(len(inside), bool)
    for _ in range(ROUNDS):
        distance[stale], under[stale] = cKDTree(skin, balanced_tree=False).query(
            inside[stale], distance_upper_bound=REACH_MM
        )
        found = np.flatnonzero(np.isfinite(distance))
        found = found[seen[under[found]] > 0.0]
        above = under[found]
        normal = normals(skin)
        cover = np.einsum("ij,ij->i", skin[above] - inside[found], normal[above])
        least = float(cover.min())
        since += 1
        if least > best_cover and (skin is best or sound(skin)):
            best, best_cover, since = skin, least, 0
        if least > LEAST_MM - 0.3 or since > patience:
            break
        pushes: list[tuple[Floats, Floats, float]] = []
        wanting = np.flatnonzero(cover <= LEAST_MM - 0.3)
        while len(wanting) and len(pushes) < AT_ONCE:
            number = wanting[cover[wanting].argmin()]
            vertex = int(above[number])
            centre = skin[vertex]
            pushes.append((centre, way_out(vertex, normal), min(LEAST_MM + 0.5 - cover[number], MOST_MM)))
            wanting = wanting[np.linalg.norm(skin[above[wanting]] - centre, axis=1) > 2.0 * BALL_MM[1]]
        stale[:] = False
        for centre, way, length in pushes:
            near = share * (1.0 - smooth_step(np.linalg.norm(skin - centre, axis=1), *BALL_MM))
            skin = skin + (length * near)[:, None] * way
            # Where no skin within reach has moved, the nearest vertex is the one of before.
            reach = np.minimum(distance, REACH_MM) + BALL_MM[1] + MOST_MM
            stale |= np.linalg.norm(inside - centre, axis=1) < reach
    return best, best_cover


def _within(points: Floats, tree: cKDTree, reach_mm: float) -> Ints:
    """Return the numbers of points (m, 3) that may lie within reach of those in a tree, told by the block."""
    order = along_curve(points)
    blocked = len(points) // BLOCK * BLOCK
    blocks = points[order[:blocked]].reshape(-1, BLOCK, 3)
    centres = blocks.mean(axis=1)
    ways = blocks - centres[:, None]
    radius = np.sqrt(np.einsum("kij,kij->ki", ways, ways).max(axis=1))
    distance = np.asarray(tree.query(centres, distance_upper_bound=reach_mm + float(radius.max(initial=0.0)))[0])
    near = order[:blocked].reshape(-1, BLOCK)[distance <= reach_mm + radius]
    return np.sort(np.concatenate((near.ravel(), order[blocked:])))
