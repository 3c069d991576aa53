"""Sculpting template bones: named spheres joined by rods and plates, united smoothly and polygonised.

The shapes themselves stand in `template_*`; turning a sculpt into a control cage is the work of `remesh`.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage

from hipviz.model.errors import UsageError
from hipviz.model.nearest import closest_weights
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

MARGIN_MM = 8.0
"""Distances are kept up to this far from the surface: enough for blurring and blending."""


@dataclass(frozen=True)
class Tunnel:
    """A tapered rod that is taken away: from `start` to `end` (mm) with a radius at either, edges rounded."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    start_radius: float
    end_radius: float
    rounding: float = 1.5


@dataclass(frozen=True)
class Sculpt:
    """A bone in words: one sphere per line of `spheres` (name x y z radius, mm), joined by name.

    triangles, rods : names separated by spaces, primitives by commas; radii are blended between the spheres.
    blur_mm : standard deviation of the blur that turns the union into one smooth body.
    tunnels : taken away after the blur, so that they keep their size.
    """

    spheres: str
    triangles: str
    rods: str
    blur_mm: float = 1.4
    tunnels: tuple[Tunnel, ...] = ()
    shells: tuple["Shell", ...] = field(default=())


@dataclass(frozen=True)
class Shell:
    """A ball that is added, cut off flat by a plane: the wall around a joint socket."""

    centre: tuple[float, float, float]
    radius: float
    plane_point: tuple[float, float, float]
    plane_normal: tuple[float, float, float]
    spared: Tunnel | None = None
    rounding: float = 5.0


@dataclass(frozen=True, eq=False)
class Grid:
    """A regular grid: values[i, j, k] belongs to the place lowest + step · (i, j, k)."""

    values: Floats
    lowest: Floats
    step: float

    def points(self) -> Floats:
        """Return the places of all values, (i, j, k, 3), mm."""
        axes = [low + self.step * np.arange(n) for low, n in zip(self.lowest, self.values.shape, strict=True)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def sculpted(sculpt: Sculpt, step_mm: float = 2.0) -> Surface:
    """Return the closed surface of a sculpt, polygonised on a grid of `step_mm` and lightly smoothed."""
    grid = distance_field(sculpt, step_mm)
    return smoothed(polygonised(grid), rounds=10)


def distance_field(sculpt: Sculpt, step_mm: float) -> Grid:
    """Return roughly the signed distance to the sculpt (negative inside), clipped to ±MARGIN_MM."""
    spheres, primitives = _primitives(sculpt)
    grid = _empty_grid(spheres, step_mm)
    for corners in primitives:
        _unite(grid, spheres[corners])
    values = grid.values
    points = grid.points()
    for shell in sculpt.shells:
        values = smooth_minimum(values, np.clip(_shell(shell, points), -MARGIN_MM, MARGIN_MM), shell.rounding)
    values = ndimage.gaussian_filter(np.clip(values, -MARGIN_MM, MARGIN_MM), sculpt.blur_mm / step_mm)
    return carved(Grid(values, grid.lowest, step_mm), sculpt.tunnels)


def carved(grid: Grid, tunnels: tuple[Tunnel, ...]) -> Grid:
    """Return `grid` with tunnels taken away."""
    values = grid.values
    points = grid.points()
    for tunnel in tunnels:
        values = -smooth_minimum(-values, _rod(tunnel, points), tunnel.rounding)
    return Grid(values, grid.lowest, grid.step)


def polygonised(grid: Grid) -> Surface:
    """Return the largest closed piece of the zero surface (marching cubes, faces outwards).

    Raises UsageError when scikit-image is not installed.
    """
    try:
        from skimage.measure import marching_cubes
    except ImportError as error:
        raise UsageError("Making bones needs scikit-image: pip install 'hipviz[bones]'.") from error
    vertices, faces, _, _ = marching_cubes(  # type: ignore[no-untyped-call]
        grid.values, 0.0, spacing=(grid.step,) * 3
    )
    surface = _largest_piece(Surface(vertices.astype(np.float64) + grid.lowest, faces.astype(np.int64)))
    return surface if surface.volume_mm3() > 0 else Surface(surface.vertices, surface.faces[:, ::-1].copy())


def smoothed(surface: Surface, rounds: int, shrink: float = 0.5, swell: float = -0.53) -> Surface:
    """Return the surface after Taubin's smoothing, which takes steps out of it without shrinking it."""
    import scipy.sparse as sp

    n = len(surface.vertices)
    sides = surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    neighbours = sp.csr_matrix((np.ones(len(sides)), sides.T), shape=(n, n))
    average = sp.diags(1.0 / np.maximum(np.asarray(neighbours.sum(axis=1)).ravel(), 1.0)) @ neighbours
    vertices = surface.vertices
    for _ in range(rounds):
        for weight in (shrink, swell):
            vertices = vertices + weight * (average @ vertices - vertices)
    return surface.moved(np.asarray(vertices))


def smooth_minimum(a: Floats, b: Floats, width: float) -> Floats:
    """Return the minimum, rounded where a and b differ by less than `width` (polynomial, after I. Quilez)."""
    share = np.clip(0.5 + 0.5 * (b - a) / width, 0.0, 1.0)
    return np.asarray(b * (1.0 - share) + a * share - width * share * (1.0 - share))


def mirrored_words(midline: str, right: str, joined: str) -> tuple[str, str]:
    """Return spheres and primitives of a symmetric bone from its midline and its right half.

    Every primitive is repeated with the left spheres, whose names get the ending `_left`.
    """
    middle = {line.split()[0] for line in midline.split("\n") if line.strip()}
    left = []
    for line in filter(str.strip, right.split("\n")):
        name, x, *rest = line.split()
        left.append(" ".join([f"{name}_left", str(-float(x)), *rest]))
    other = [
        " ".join(name if name in middle else f"{name}_left" for name in words.split())
        for words in joined.split(",")
    ]
    return "\n".join([midline, right, *left]), ", ".join([joined, *other])


def _primitives(sculpt: Sculpt) -> tuple[Floats, list[Ints]]:
    rows = [line.split() for line in sculpt.spheres.split("\n") if line.strip()]
    index = {row[0]: number for number, row in enumerate(rows)}
    spheres = np.array([row[1:] for row in rows], dtype=np.float64)
    words = [part.split() for part in f"{sculpt.triangles},{sculpt.rods}".split(",")]
    # A rod is a triangle whose last corner is repeated.
    corners = [np.array([index[name] for name in (*names, names[-1])[:3]]) for names in words if names]
    return spheres, corners


def _empty_grid(spheres: Floats, step: float) -> Grid:
    reach = spheres[:, 3:] + MARGIN_MM + step
    lowest = (spheres[:, :3] - reach).min(axis=0)
    highest = (spheres[:, :3] + reach).max(axis=0)
    shape = np.ceil((highest - lowest) / step).astype(int) + 1
    return Grid(np.full(shape, MARGIN_MM), lowest, step)


def _unite(grid: Grid, spheres: Floats) -> None:
    """Lower the values of `grid` to the distance from one plate or rod, within its own bounding box."""
    reach = spheres[:, 3:] + MARGIN_MM
    first = np.floor(((spheres[:, :3] - reach).min(axis=0) - grid.lowest) / grid.step).astype(int)
    last = np.ceil(((spheres[:, :3] + reach).max(axis=0) - grid.lowest) / grid.step).astype(int)
    box = tuple(slice(max(a, 0), b + 1) for a, b in zip(first, last, strict=True))
    part = grid.values[box]
    axes = [grid.lowest[i] + grid.step * np.arange(box[i].start, box[i].start + part.shape[i]) for i in range(3)]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    weights = closest_weights(points, np.broadcast_to(spheres[:, :3], (len(points), 3, 3)))
    nearest = weights @ spheres
    distance = np.linalg.norm(nearest[:, :3] - points, axis=1) - nearest[:, 3]
    np.minimum(part, distance.reshape(part.shape), out=part)


def _rod(rod: Tunnel, points: Floats) -> Floats:
    start, end = np.array(rod.start), np.array(rod.end)
    along = end - start
    share = np.clip((points - start) @ along / (along @ along), 0.0, 1.0)
    radius = rod.start_radius + share * (rod.end_radius - rod.start_radius)
    return np.asarray(np.linalg.norm(points - start - share[..., None] * along, axis=-1) - radius)


def _shell(shell: Shell, points: Floats) -> Floats:
    ball = np.linalg.norm(points - np.array(shell.centre), axis=-1) - shell.radius
    normal = np.array(shell.plane_normal) / np.linalg.norm(shell.plane_normal)
    cut = -smooth_minimum(-ball, -((points - np.array(shell.plane_point)) @ normal), 2.0)
    return cut if shell.spared is None else -smooth_minimum(-cut, _rod(shell.spared, points), 3.0)


def _largest_piece(surface: Surface) -> Surface:
    import scipy.sparse as sp
    from scipy.sparse.csgraph import connected_components

    n = len(surface.vertices)
    sides = surface.faces[:, [0, 1, 1, 2]].reshape(-1, 2)
    _, piece = connected_components(sp.csr_matrix((np.ones(len(sides)), sides.T), shape=(n, n)), directed=False)
    kept = piece == np.bincount(piece).argmax()
    number = np.cumsum(kept) - 1
    return Surface(surface.vertices[kept], number[surface.faces[kept[surface.faces[:, 0]]]])
