"""The closed surfaces of bands of flesh between a deep and a superficial sheet of fibres.

Fixed cubic matrices refine the coarse sheets; a belly of constant volume is added outwards. Where the sheets lie
is the business of `fibres`; what muscle it is, of the muscle's own module.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hipviz.model.units import Floats, Ints

SWELLING_LIMITS_MM = (-25.0, 40.0)
SMALL_SHARE = 0.003
"""Share of its volume that a band may lack before `brought_to` makes up for it."""
LEAST_MM = 0.25
LEAST_BELLY_MM = 2.0
"""Least thickness, and what comes to it in the belly: where a band is thin its sheets must not cross."""


def ring_faces(rows: int, columns: int) -> Ints:
    """Return the faces (m, 3) of one closed band whose vertices run row by row around a ring.

    Each row is the deep sheet's `columns` points front to rear, then the superficial sheet's rear to front; the
    first and last row are closed by a cap between the sheets. Outward is counter-clockwise.
    """
    ring = 2 * columns
    row, place = np.meshgrid(np.arange(rows - 1), np.arange(ring), indexing="ij")
    here, beside = row * ring + place, row * ring + (place + 1) % ring
    below, diagonal = here + ring, beside + ring
    sides = np.stack([here, below, diagonal, here, diagonal, beside], axis=-1).reshape(-1, 3)
    deep = np.arange(columns - 1)
    superficial = ring - 1 - deep
    cap = np.stack([deep, deep + 1, superficial, deep + 1, superficial - 1, superficial], axis=-1).reshape(-1, 3)
    last = (rows - 1) * ring
    return np.concatenate([sides, cap, cap[:, ::-1] + last]).astype(np.int64)


def inner_walls(rows: int, columns: int) -> npt.NDArray[np.bool_]:
    """Return which faces (3, m) of each band, as `ring_faces` counts them, are walls between it and the next."""
    ring = 2 * columns
    place = np.repeat(np.tile(np.arange(ring), rows - 1), 2)
    front, rear = place == ring - 1, place == columns - 1
    walls = np.zeros((3, 2 * ring * (rows - 1) + 4 * (columns - 1)), dtype=bool)
    walls[:, : len(place)] = [rear, front | rear, front]
    return walls


def volumes(vertices: Floats, rows: int) -> Floats:
    """Return the volume (bands,) enclosed by ring vertices (bands, n, 3) with `ring_faces`.

    The two triangles of a cell a, b (beside), c (below), d (diagonal) add a · (d × (b − c)) to six volumes; a cap
    is a row of such cells between the sheets.
    """
    bands = len(vertices)
    ring = np.ascontiguousarray(np.moveaxis(vertices - vertices[:, :1], -1, 0)).reshape(3, bands, rows, -1)
    closed = np.concatenate([ring, ring[..., :1]], axis=-1)
    sides = _six_volumes(
        closed[:, :, :-1, :-1], closed[:, :, :-1, 1:], closed[:, :, 1:, :-1], closed[:, :, 1:, 1:]
    )
    columns = ring.shape[-1] // 2
    deep, superficial = ring[..., :columns], ring[..., : columns - 1 : -1]
    first, last = (
        _six_volumes(superficial[:, :, k, :-1], superficial[:, :, k, 1:], deep[:, :, k, :-1], deep[:, :, k, 1:])
        for k in (0, -1)
    )
    return np.asarray((sides + first - last) / 6.0)


def _six_volumes(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Return Σ a · (d × (b − c)) per band over cells, coordinates on the first axis and bands on the second."""
    e = b - c
    triple = a[0] * (d[1] * e[2] - d[2] * e[1]) + a[1] * (d[2] * e[0] - d[0] * e[2])
    triple += a[2] * (d[0] * e[1] - d[1] * e[0])
    return np.asarray(triple.reshape(triple.shape[0], -1).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class Loft:
    """How the coarse sheets become drawn surfaces; all arrays are fixed once per muscle.

    along : (rows, coarse rows), across : (bands, columns, coarse columns), refining matrices.
    rounding : (rows, bands, columns) float, 0…1, full thickness to none: rounds free edges and grooves borders.
    deep_share : (rows, bands, columns) float, how much of that rounding is taken off the deep sheet.
    aside : (rows, bands, columns) float, 0…1, how much of what the sheets lie aside of each other is left.
    tendon : (rows, bands, columns) float, 0…1, where the band is tendon, `tendon_mm` (same shape) thick.
    belly : (rows, bands, columns) float, mm, how far the belly stands out at rest.
    give : (rows, bands, columns) float, 0…1, where the flesh thickens as its place gets smaller.
    profile : (rows, bands, columns) float, 0…1, where the belly swells to make up what is still missing.
    swelling : (bands, bands, columns) float, how much each band's swelling counts at each column.
    faces : of one band, see `ring_faces`.
    """

    along: Floats
    across: Floats
    rounding: Floats
    deep_share: Floats
    aside: Floats
    tendon: Floats
    tendon_mm: Floats
    belly: Floats
    give: Floats
    profile: Floats
    swelling: Floats
    faces: Ints

    def refined(self, coarse: Floats) -> Floats:
        """Return coarse points or vectors (coarse rows, coarse columns, k) at (rows, bands, columns, k)."""
        rows, columns, k = coarse.shape
        lengthwise = (self.along @ coarse.reshape(rows, -1)).reshape(-1, columns, k)
        return np.asarray(np.matmul(self.across, lengthwise[:, None]))

    def rounded(self, deep: Floats, superficial: Floats, outward: Floats) -> tuple[Floats, Floats]:
        """Return both sheets (rows, bands, columns, 3), drawn together where the band thins out.

        Towards the tendon the deep sheet comes to lie straight under the superficial one, so that they cannot
        cross however the fan is twisted. outward : unit vectors of the same shape.
        """
        between = superficial - deep
        across = np.einsum("rbcx,rbcx->rbc", between, outward)
        height = self.rounding * (across + self.tendon * (self.tendon_mm - across))
        thinned = (across - height)[..., None] * outward
        share = self.deep_share[..., None]
        aside = (1.0 - self.aside[..., None]) * (between - across[..., None] * outward)
        return deep + share * thinned + aside, superficial - (1.0 - share) * thinned

    def closed(self, deep: Floats, superficial: Floats) -> Floats:
        """Return ring vertices (bands, n, 3) of the two sheets (rows, bands, columns, 3)."""
        ring = np.concatenate([deep, superficial[:, :, ::-1]], axis=2)
        bands = ring.shape[1]
        return np.ascontiguousarray(ring.transpose(1, 0, 2, 3)).reshape(bands, -1, 3)

    def opened(self, vertices: Floats) -> tuple[Floats, Floats]:
        """Return the two sheets (rows, bands, columns, 3) that `closed` made ring vertices (bands, n, 3) of."""
        rows, bands, columns = self.profile.shape
        ring = vertices.reshape(bands, rows, 2 * columns, 3).transpose(1, 0, 2, 3)
        return ring[:, :, :columns], ring[:, :, : columns - 1 : -1]

    def filled(
        self, deep: Floats, superficial: Floats, outward: Floats, thickening: Floats, target: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return ring vertices (bands, n, 3) and the swelling (bands,), mm, that gives each its `target` volume.

        thickening : (rows, bands, columns) float, mm, how much farther out the flesh stands by its own length.
        Without a target the swelling is 0.
        """
        superficial = superficial + (self.belly + self.give * thickening)[..., None] * outward
        across = np.einsum("rbcx,rbcx->rbc", superficial - deep, outward)
        least = LEAST_MM + LEAST_BELLY_MM * self.profile
        superficial += np.maximum(least - across, 0.0)[..., None] * outward
        belly = self.profile[..., None] * outward
        if target is None:
            return self.closed(deep, superficial), np.zeros(self.across.shape[0])
        superficial, swelling = self.swollen_to(deep, superficial, belly, target)
        return self.closed(deep, superficial), swelling

    def swollen_to(
        self, deep: Floats, superficial: Floats, belly: Floats, target: Floats
    ) -> tuple[Floats, Floats]:
        """Return the outer sheet moved along `belly` so that each band has its `target` volume, and how far.

        All sheets (rows, bands, columns, 3), mm; belly of the same shape; the swelling (bands,) in shares of it.
        Over the way from no swelling to the right one the volume is nearly quadratic, so its derivative (the flux
        of the belly through the surface) halfway leads there.
        """
        swelling = np.zeros(self.across.shape[0])
        missing = target - volumes(self.closed(deep, superficial), len(deep))
        for _ in range(3):
            halfway = self._flux(deep, self._swollen(superficial, belly, 0.5 * swelling), belly)
            swelling = np.clip(np.linalg.solve(halfway, missing), *SWELLING_LIMITS_MM)
        return self._swollen(superficial, belly, swelling), swelling

    def brought_to(self, vertices: Floats, target: Floats) -> Floats:
        """Return ring vertices (bands, n, 3), their outer sheet moved so that each band has its `target` volume.

        For the little that is missing in between the poses in which `filled` worked them out: one linear step, and
        none where next to nothing is missing.
        """
        missing = target - volumes(vertices, len(self.profile))
        if np.abs(missing / target).max() < SMALL_SHARE:
            return vertices
        deep, superficial = self.opened(vertices)
        thickness = self.profile[..., None] * (superficial - deep)
        share = np.asarray(np.linalg.solve(self._flux(deep, superficial, thickness), missing), dtype=np.float64)
        return self.closed(deep, self._swollen(superficial, thickness, share))

    def _swollen(self, superficial: Floats, belly: Floats, swelling: Floats) -> Floats:
        amount = np.einsum("a,abc->bc", swelling, self.swelling)
        return np.asarray(superficial + amount[None, :, :, None] * belly)

    def _flux(self, deep: Floats, outer: Floats, belly: Floats) -> Floats:
        """Return (bands, bands), the change of each band's volume per mm of each swelling.

        Outer sheet and, with half the belly on average, the walls between the sheets sweep volume.
        """
        downwards = _difference(outer, 0)
        area = cross(_difference(outer, 2), downwards)
        wall = 0.5 * cross(downwards[:, :, [0, -1]], (outer - deep)[:, :, [0, -1]])
        area[:, :, 0] -= wall[:, :, 0]
        area[:, :, -1] += wall[:, :, 1]
        flux = np.einsum("rbcx,rbcx->bc", area, belly)
        return np.asarray(np.einsum("bc,abc->ba", flux, self.swelling))


def cross(a: Floats, b: Floats) -> Floats:
    """Return the cross product over the last axis (np.cross takes three times as long here)."""
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def _difference(grid: Floats, axis: int) -> Floats:
    """Return the vectors that a point of the grid stands for along `axis` (half steps at the ends)."""
    step = np.diff(grid, axis=axis)
    first, last = np.take(step, [0], axis=axis), np.take(step, [-1], axis=axis)
    return np.asarray(0.5 * (np.concatenate([0.0 * first, step], axis) + np.concatenate([step, 0.0 * last], axis)))
