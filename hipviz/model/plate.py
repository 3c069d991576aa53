"""Where the fibres of a thick muscle run that lies on others: its deep fibres wrap, its flesh stands on them.

Made for a muscle that turns round a corner. Strings of their own for its surface would cut the corner or stay
behind on the wrong side of it, and the two sheets would cross; a layer that stands on the deep sheet cannot.
The flesh itself is made in `plate_flesh`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.fibres import DEEP, STEPS_PER_PUSH, Push, Rows, drawn_back, smoothed
from hipviz.model.loft import cross
from hipviz.model.posed import NODES, Node, node_pose
from hipviz.model.units import Floats
from hipviz.model.wrapping import (
    THICKER,
    THINNER,
    Course,
    Part,
    Wrapping,
    carried,
    lengths,
    steps_from_neutral,
    towards_neutral,
)

SHEET_SMOOTHINGS, OUTWARD_SMOOTHINGS, BULGE_SMOOTHINGS = 4, 8, 10
FIRST_FREE_ROW = 3
"""Before this row the sheet lies on its origin."""
METHOD = "plate 12"
"""Change it whenever the numbers change, also those of `plate_flesh`: it is part of the key of what is cached."""


@dataclass(frozen=True, eq=False)
class Plate(Wrapping):
    """How a plate is wrapped: as any fan, but `belly` is how thick the flesh is over the deep fibres."""

    def parts(self) -> list[Part]:
        """Return all that the courses depend on, for the key of what is made from them."""
        return [*super().parts(), METHOD]

    def courses(self) -> dict[Node, Course]:
        """Return the fibres at every node of the grid, neutral first."""
        asides: dict[Node, Floats] = {}
        found: dict[Node, Course] = {}
        at_rest = np.zeros(0)
        for node in sorted(NODES, key=steps_from_neutral):
            pose = node_pose(node)
            rotation = pose.rotation()
            before = towards_neutral(node)
            rest = self.fan.unhindered(rotation)[DEEP]
            if before is None:
                aside, steps = np.zeros_like(rest), self.steps[0]
            else:
                aside = carried(asides[before], rotation @ node_pose(before).rotation().T)
                steps = self.steps[1]
            asides[node] = self._relaxed(rest, aside, self._push(pose), steps)
            deep = respaced(rest + asides[node])
            length = lengths(deep)
            at_rest = length if before is None else at_rest
            # What gets shorter gets wider and thicker, by the root each.
            thickening = self.belly * (np.sqrt(np.clip(at_rest / length, THINNER, THICKER)) - 1.0)
            for _ in range(3):
                thickening = smoothed(thickening)
            outward = normals(deep)
            bulging = outward
            for _ in range(BULGE_SMOOTHINGS):
                bulging = unit(smoothed(bulging))
            found[node] = Course(self._sheets(deep, outward), outward, bulging, thickening)
        return found

    def _sheets(self, fibres: Floats, outward: Floats) -> Floats:
        """Return the deep and the outer sheet (2, rows, n, 3) of the flesh on the fibres (rows, n, 3)."""
        return np.stack([fibres, fibres + self.belly[..., None] * outward])

    def _relaxed(self, rest: Floats, aside: Floats, push: Push, steps: int) -> Floats:
        """Return how far the deep fibres lie aside of `rest`, both (rows, n, 3), after `steps` of relaxation."""
        free = self._free[DEEP]
        unhindered = rest[free]
        for step in range(steps):
            aside = np.where(free[:, None, None], drawn_back(aside[None])[0], 0.0)
            if step % STEPS_PER_PUSH == 0 or step == steps - 1:
                aside[free] = push(unhindered + aside[free]) - unhindered
        return aside

    @property
    def _free(self) -> Rows:
        return np.asarray(~self.fan.held & (np.arange(2) == DEEP)[:, None])


def respaced(sheet: Floats) -> Floats:
    """Return a sheet (rows, n, 3) whose points lie evenly along its fibres.

    Crowded on the bone and far apart behind it, a smooth curve through them would swing over.
    """
    even = np.linspace(0.0, 1.0, len(sheet))
    way = np.zeros(sheet.shape[:2])
    np.cumsum(np.linalg.norm(np.diff(sheet, axis=0), axis=-1), axis=0, out=way[1:])
    columns = [
        [np.interp(even, along / along[-1], points[:, axis]) for axis in range(3)]
        for along, points in zip(way.T, sheet.swapaxes(0, 1), strict=True)
    ]
    return np.asarray(np.moveaxis(np.array(columns), (0, 1, 2), (1, 2, 0)))


def normals(sheet: Floats) -> Floats:
    """Return unit vectors (rows, n, 3) out of a muscle of the right side whose deep sheet (rows, n, 3) this is.

    On its origin the sheet turns with every edge of the bone; the flesh rises there as it goes on.
    """
    even = sheet
    for _ in range(SHEET_SMOOTHINGS):
        even = smoothed(even)
    normal = unit(cross(np.gradient(even, axis=1), np.gradient(even, axis=0)))
    normal[:FIRST_FREE_ROW] = normal[FIRST_FREE_ROW]
    for _ in range(OUTWARD_SMOOTHINGS):
        normal = unit(smoothed(normal))
    return normal


def unit(vectors: Floats) -> Floats:
    """Return vectors (…, 3) brought to length 1."""
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9))
