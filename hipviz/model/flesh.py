"""Flesh between the fibre sheets of a muscle in one pose: closed surfaces that keep off the bones.

The sheets slide on their footprint, are refined and rounded, lifted off what they still cut, filled to their
volume and mended where they lean over. It takes its time: what is drawn in a frame is read off a table of this
(see `fan_muscle`).
"""

from dataclasses import dataclass, fields

import numpy as np

from hipviz.model.blending import smooth_step
from hipviz.model.fan_loft import ALONG, COLUMNS, ROWS
from hipviz.model.fibres import FibreFan, smoothed
from hipviz.model.loft import Loft, cross
from hipviz.model.mending import mended
from hipviz.model.sliding import LEAST_DEG, slid
from hipviz.model.units import Floats
from hipviz.model.wrapping import Course

FIRST_ROW_ON_FEMUR = int(0.42 * ROWS)
FIXED_CLEARANCE_MM = -0.3
Part = tuple[slice, slice, slice]
"""Rows, bands and columns of the drawn sheets."""
REAR_EDGE: Part = (slice(6, 20), slice(2, 3), slice(COLUMNS - 5, COLUMNS))
LEAST_SLOPE = 0.4
LIFTS = 5
OUT_OF_FIXED, OUT_OF_MOVING = (-0.9, -0.5), (0.0, 0.3)
STEEPEST, SHARPEST = -0.15, 0.1
"""Least cosine of the angle of a cell to the way out of the muscle, and to the next cell: beyond, it is a fold."""
UNFOLDINGS = 40
UNFOLDED, DOWN_TO_TENDON, FIRST_FREE_ROW = slice(6, 28), slice(6, 32), 13
FARTHEST_LIFT_MM, SMALL_LIFT_MM = 4.0, 0.02
ROUNDS = 3


_AWAY = np.minimum(np.arange(3 * COLUMNS - 2), np.arange(3 * COLUMNS - 2)[::-1])[:, None]


EDGES = np.clip(1.5 - _AWAY / 4.0, 0.0, 1.0) * smooth_step(ALONG, 0.03, 0.15)[:, None, None]
EDGE_SMOOTHINGS = 4
"""How much a sheet is evened out near its edges, (rows, all columns, 1): a thin edge kinks easily."""
TENDON = smooth_step(ALONG, 0.6, 0.8)[:, None, None]
DEEP_ACROSS = np.maximum(TENDON, 1.0 - smooth_step(ALONG, 0.2, 0.35)[:, None, None])
"""At the tendon a sheet is evened across its edges as well; the deep one on its origin too, where it curls."""


@dataclass(frozen=True, eq=False)
class Flesh:
    """What a muscle is clothed with between its fibre sheets.

    loft : the fixed arrays.
    last_clearance : (2, ROWS) float, mm, least distance to the femur of the drawn deep and superficial sheet, by
    row; the tendon's end sinks into it.
    over_fixed : the part of the drawn sheets that might cut the fixed bone; elsewhere the fibres keep off it.
    least_slant_deg : least angle of the row of drawn ends to the pull of their fibres, see `sliding`.
    """

    loft: Loft
    last_clearance: Floats
    over_fixed: Part = REAR_EDGE
    least_slant_deg: float = LEAST_DEG

    def parts(self) -> list[Floats | str]:
        """Return all that the surfaces depend on, for the key of what is made from them."""
        arrays = [getattr(self.loft, field.name) for field in fields(self.loft)]
        return [*arrays, self.last_clearance, repr(self.over_fixed), repr(self.least_slant_deg)]

    def clothed(
        self, fan: FibreFan, course: Course, rotation: Floats, volume: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return ring vertices (3, n, 3) of the bands in a pose, mm RAS, and their swelling (3,), mm.

        rotation : (3, 3), of the moving bone. volume : (3,), mm³, to be kept; None for what comes by itself.
        """
        sheets = slid(fan, course.sheets, rotation, self.least_slant_deg)
        coarse = [*sheets, course.outward, course.bulging, course.thickening[..., None]]
        fine = self.loft.refined(np.concatenate(coarse, axis=-1))
        outward = fine[..., 6:9]
        deep, superficial = self.loft.rounded(fine[..., :3], fine[..., 3:6], outward)
        for _ in range(ROUNDS):
            both = np.stack(
                [unfolded(_evened(deep, DEEP_ACROSS), outward, DOWN_TO_TENDON), _evened(superficial, TENDON)]
            )
            deep, superficial = self._laid_on_bone(both, outward, fan, rotation)
        vertices, swelling = self.loft.filled(deep, superficial, fine[..., 9:12], fine[..., 12], volume)
        flat = mended(*map(joined, self.loft.opened(vertices)))
        return self.loft.closed(*map(parted, flat)), swelling

    def _laid_on_bone(self, sheets: Floats, outward: Floats, fan: FibreFan, rotation: Floats) -> Floats:
        """Return the refined sheets (2, rows, bands, columns, 3) with what still cuts a bone lifted off it.

        Both go the same way, out of the muscle: each by its own shortest way, they would cross. Their neighbours
        go along, so that no crease is left.
        """
        fixed = np.full(sheets.shape[:-1], -np.inf)
        fixed[:, *self.over_fixed] = FIXED_CLEARANCE_MM
        fixed[0, FIRST_FREE_ROW:-1] = FIXED_CLEARANCE_MM
        moving = np.full_like(fixed, -np.inf)
        moving[:, FIRST_ROW_ON_FEMUR:-1] = self.last_clearance[:, FIRST_ROW_ON_FEMUR:-1, None, None]
        way = np.broadcast_to(outward, sheets.shape)
        on_fixed, on_moving = np.isfinite(fixed), np.isfinite(moving)
        for _ in range(LIFTS):
            lift = np.zeros(fixed.shape)
            height, gradient = fan.fixed_bone.sample(sheets[on_fixed])
            lift[on_fixed] = _lift(fixed[on_fixed], height, gradient, way[on_fixed], OUT_OF_FIXED)
            local = (sheets[on_moving] - fan.centre) @ rotation + fan.centre
            height, gradient = fan.moving_bone.sample(local)
            gradient = gradient @ rotation.T
            off_moving = _lift(moving[on_moving], height, gradient, way[on_moving], OUT_OF_MOVING)
            lift[on_moving] = np.maximum(lift[on_moving], off_moving)
            if lift.max() < SMALL_LIFT_MM:
                break
            lift = spread(lift)
            sheets = sheets + lift[..., None] * way
            # Where nothing cut a bone around, nothing has changed.
            on_fixed, on_moving = on_fixed & (lift > 0.0), on_moving & (lift > 0.0)
        return sheets


def _evened(sheet: Floats, across_edges: Floats) -> Floats:
    """Return a sheet (rows, bands, columns, 3) with its edges drawn smooth.

    across_edges : (rows, 1, 1), how much that is done across the edges as well.
    """
    grid = joined(sheet)
    for _ in range(EDGE_SMOOTHINGS):
        along = 0.5 * grid[1:-1] + 0.25 * (grid[:-2] + grid[2:])
        grid[1:-1] += EDGES[1:-1] * (along - grid[1:-1])
        across = 0.5 * grid[:, 1:-1] + 0.25 * (grid[:, :-2] + grid[:, 2:])
        grid[:, 1:-1] += EDGES[:, 1:-1] * across_edges * (across - grid[:, 1:-1])
    return parted(grid)


def _lift(clearance: Floats, height: Floats, gradient: Floats, way: Floats, least: tuple[float, float]) -> Floats:
    """Return how far points go along `way` (n, 3) to gain what they lack of `clearance` (n,), mm.

    least : slopes of the distance along the way between which it becomes a way out of the bone at all.
    """
    slope = np.einsum("nx,nx->n", gradient, way)
    lacking = np.maximum(clearance - height, 0.0)
    amount = np.minimum(lacking / np.clip(slope, LEAST_SLOPE, 1.0), FARTHEST_LIFT_MM)
    return np.asarray(amount * smooth_step(slope, *least))


def unfolded(sheet: Floats, outward: Floats, rows: slice = UNFOLDED) -> Floats:
    """Return a sheet (rows, bands, columns, 3) with its folds drawn smooth; what is not folded stays as it is.

    outward : (rows, bands, columns, 3), unit vectors out of the muscle. rows : where folds are
    looked for; the others stay as they are.
    """
    grid, way = joined(sheet), joined(outward)
    way = way[1:, 1:] + way[:-1, :-1]
    for _ in range(UNFOLDINGS):
        first, second = grid[1:, 1:] - grid[:-1, :-1], grid[1:, :-1] - grid[:-1, 1:]
        normal = cross(first, second)
        size = np.sqrt(np.einsum("rcx,rcx->rc", normal, normal)) + 1e-9
        normal /= size[..., None]
        folded = np.einsum("rcx,rcx->rc", normal, way) < 2.0 * STEEPEST
        for axis in (0, 1):
            cells, marks = normal.swapaxes(0, axis), folded.swapaxes(0, axis)
            sharp = np.einsum("rcx,rcx->rc", cells[1:], cells[:-1]) < SHARPEST
            marks[1:] |= sharp
            marks[:-1] |= sharp
        if not folded[rows].any():
            break
        share = np.zeros(grid.shape[:2])
        for some in (slice(1, None), slice(None, -1)):
            for columns in (slice(1, None), slice(None, -1)):
                share[some, columns] = np.maximum(share[some, columns], folded)
        share = np.maximum(share, smoothed(share))
        share[: rows.start] = share[rows.stop :] = 0.0
        grid = grid + share[..., None] * (smoothed(grid) - grid)
    return parted(grid)


def spread(lift: Floats) -> Floats:
    """Return lifts (2, rows, bands, columns) that reach a little farther and fall off smoothly."""
    return np.stack([parted(_spread_over(joined(sheet))) for sheet in lift])


def _spread_over(lift: Floats) -> Floats:
    for axis in (0, 1):
        grid = lift.swapaxes(0, axis)
        most = grid.copy()
        most[1:] = np.maximum(most[1:], grid[:-1])
        most[:-1] = np.maximum(most[:-1], grid[1:])
        lift = most.swapaxes(0, axis)
    lift = smoothed(lift)
    lift[-1] = 0.0
    return lift


def joined(parts: Floats) -> Floats:
    """Return values (rows, bands, columns, …) as (rows, all columns, …), the borders once."""
    return np.concatenate([parts[:, 0], parts[:, 1, 1:], parts[:, 2, 1:]], axis=1)


def parted(joined: Floats) -> Floats:
    """Return what `joined` joined as (rows, bands, columns, …) again."""
    columns = np.arange(3)[:, None] * (COLUMNS - 1) + np.arange(COLUMNS)
    return np.asarray(joined[:, columns])
