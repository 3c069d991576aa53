"""What can be seen of a body from one eye: what hides a place, and how far the body reaches in the picture.

Works on projected points (see `camera.project`); what is labelled where is decided in `annotations`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hipviz.model.units import Floats

RAY_RADIUS_MM, BEHIND_MM = 3.0, 12.0
"""A place is hidden by points this near to its line of sight that lie this much nearer to the viewer."""
CELL_MM, BEYOND_MM = 14.0, 45.0
"""Size of the cells in which one part of the skin is found to lie before another, and how far before it."""
ROWS = 48


@dataclass(frozen=True, eq=False)
class Prospect:
    """What can be seen of the body over a whole movement from one eye; it stays while the thigh moves.

    landmarks : names of those in sight at the start or at the end. left, right : see `layout.Room`.
    """

    landmarks: frozenset[str]
    left: Floats
    right: Floats


@dataclass(frozen=True, eq=False)
class Sight:
    """What stands in the way: projected points (n, 3) of all that cannot be looked through. scale : px per mm."""

    solid: Floats
    scale: float

    def hides(self, place: Floats, radius_mm: float = RAY_RADIUS_MM) -> bool:
        """Return whether a projected place (3,) lies behind any of it. radius_mm : of the line of sight."""
        reach = radius_mm * self.scale
        across, down, depth = self._columns
        # Few lie in one strip of the picture: only these are asked further.
        strip = np.flatnonzero(np.abs(across - place[0]) < reach)
        near = strip[np.abs(down[strip] - place[1]) < reach]
        return bool((depth[near] > place[2] + BEHIND_MM).any())

    @cached_property
    def _columns(self) -> Floats:
        """The points as (3, n)."""
        return np.ascontiguousarray(self.solid.T)


def behind(surface: Floats, places: Floats, scale: float) -> npt.NDArray[np.bool_]:
    """Return for projected places (k, 3) whether points (n, 3) of a surface, CELL_MM apart at most, hide them.

    Coarser than `Sight`, but for many places at once. scale : px per mm.
    """
    low = surface[:, :2].min(axis=0)
    cells = ((surface[:, :2] - low) / (CELL_MM * scale)).astype(np.int64)
    nearest = np.full(cells.max(axis=0) + 1, -np.inf)
    np.maximum.at(nearest, (cells[:, 0], cells[:, 1]), surface[:, 2])
    across, down = ((places[:, :2] - low) / (CELL_MM * scale)).astype(np.int64).T
    return np.asarray(nearest[across, down] > places[:, 2] + BEYOND_MM)


def borders(solid: Floats, size: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return the leftmost and rightmost x (ROWS,) of projected points in even rows of the picture."""
    rows = np.floor(solid[:, 1] / size[1] * ROWS).astype(np.int64)
    within = (rows >= 0) & (rows < ROWS)
    left, right = np.full(ROWS, np.inf), np.full(ROWS, -np.inf)
    np.minimum.at(left, rows[within], solid[within, 0])
    np.maximum.at(right, rows[within], solid[within, 0])
    return left, right
