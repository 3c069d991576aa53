"""What can be seen of a body from one eye: what hides a place, and how far the body reaches in the picture.

Works on projected points (see `camera.project`); what is labelled where is decided in `annotations`.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.units import Floats

RAY_RADIUS_MM, BEHIND_MM = 3.0, 12.0
"""A place is hidden by points this near to its line of sight that lie this much nearer to the viewer."""
ROWS = 48


@dataclass(frozen=True, eq=False)
class Prospect:
    """What can be seen of the body over a whole movement from one eye; it stays while the thigh moves.

    landmarks : names of those in sight at the start or at the end. left, right : see `layout.Room`.
    """

    landmarks: frozenset[str]
    left: Floats
    right: Floats


def hidden_by(solid: Floats, place: Floats, scale: float, radius_mm: float = RAY_RADIUS_MM) -> bool:
    """Return whether a projected place (3,) lies behind any of the projected points `solid` (n, 3).

    scale : px per mm. radius_mm : of the line of sight.
    """
    reach = radius_mm * scale
    near = (np.abs(solid[:, 0] - place[0]) < reach) & (np.abs(solid[:, 1] - place[1]) < reach)
    return bool((solid[near, 2] > place[2] + BEHIND_MM).any())


def borders(solid: Floats, size: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return the leftmost and rightmost x (ROWS,) of projected points in even rows of the picture."""
    rows = np.floor(solid[:, 1] / size[1] * ROWS).astype(np.int64)
    within = (rows >= 0) & (rows < ROWS)
    left, right = np.full(ROWS, np.inf), np.full(ROWS, -np.inf)
    np.minimum.at(left, rows[within], solid[within, 0])
    np.maximum.at(right, rows[within], solid[within, 0])
    return left, right
