"""The project's own body sculpt: a field of signed distance, drawn with a few dozen numbers, made into `skin.ply`.

Run `python -m hipviz.model.skin_sculpt` after a change of shape. Reading the result and moving it live in `skin`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from hipviz.model.blending import smooth_step, smooth_union
from hipviz.model.ply import write_ply
from hipviz.model.skin import FILE
from hipviz.model.skin_mesh import GRID_MM, HIGHEST, LOWEST, half_mesh, largest_piece
from hipviz.model.surface import Surface
from hipviz.model.units import NEIGHBOURS, Floats

PROVENANCE = "this project's own sculpt, drawn by python -m hipviz.model.skin_sculpt"

# Each row: height z, half-axes of the section towards medial, lateral, front and back, its centre x and y, and the
# exponents of the superellipse in front and behind (2 = ellipse, larger = squarer).
TORSO = np.array(
    [
        [260, 138, 138, 87, 98, 0, -10, 2.2, 2.40],
        [214, 131, 131, 91, 91, 0, -7, 2.2, 2.45],
        [180, 128, 128, 94, 85, 0, -5, 2.3, 2.50],
        [150, 133, 133, 96, 85, 0, -4, 2.4, 2.50],
        [120, 142, 142, 96, 92, 0, -4, 2.5, 2.45],
        [90, 149, 149, 94, 103, 0, -4, 2.5, 2.40],
        [60, 152, 152, 90, 110, 0, -5, 2.45, 2.30],
        [20, 148, 148, 83, 111, 0, -7, 2.35, 2.20],
        [-10, 140, 140, 77, 99, 0, -9, 2.2, 2.10],
        [-40, 128, 128, 69, 76, 0, -10, 2.0, 2.00],
        [-70, 106, 106, 50, 56, 0, -8, 2.0, 2.00],
        [-100, 80, 80, 24, 30, 0, -6, 2.0, 2.00],
        [-400, 60, 60, 10, 20, 0, -6, 2.0, 2.00],
    ],
    dtype=float,
)
THIGH = np.array(
    [
        [236, 70, 30, 46, 50, 98, -10, 2.2, 2.20],
        [60, 74, 52, 60, 66, 96, -8, 2.2, 2.20],
        [20, 82, 66, 68, 76, 94, -8, 2.2, 2.20],
        [-30, 88, 76, 76, 86, 93, -8, 2.2, 2.15],
        [-70, 88, 80.5, 83, 90, 92, -8, 2.15, 2.15],
        [-110, 86, 78, 87, 90, 91, -7, 2.15, 2.10],
        [-150, 79, 73, 88, 87, 91, -6, 2.15, 2.10],
        [-200, 68, 66, 84, 78, 91, -4, 2.15, 2.10],
        [-250, 56.5, 57.5, 74.5, 66, 91, -2, 2.15, 2.15],
        [-290, 49, 50.5, 63, 55, 90.5, -1, 2.2, 2.20],
        [-318, 46.5, 47.5, 56, 50, 90.5, 0, 2.25, 2.25],
        [-380, 46, 47, 50, 46, 90.5, 0, 2.3, 2.30],
    ],
    dtype=float,
)


@dataclass(frozen=True)
class Mass:
    """A rounded mass (superellipsoid): centre and radii, mm; blend: how softly it joins the rest."""

    centre: tuple[float, float, float]
    radii: tuple[float, float, float]
    blend: float
    exponent: float = 2.0


@dataclass(frozen=True)
class Relief:
    """A raised (height > 0) or hollow (height < 0) streak along a curve; one point makes a dimple. All in mm.

    A streak rises and sinks over a quarter of its length at either end.
    """

    curve: tuple[tuple[float, float, float], ...]
    width: float
    height: float


PERINEUM = Mass((0, -2, -58), (26, 56, 20), 24.0)
BUTTOCK = (
    Mass((72, -62, -16), (75, 88, 77), 0.0, 2.15),
    Mass((84, -46, 44), (58, 66, 82), 56.0),
)

RELIEFS = (
    Relief(((51, -112, 82),), 9, -2.5),  # dimple over the posterior superior iliac spine
    Relief(((0, -92, 214), (0, -88, 170), (0, -102, 118)), 11, -5.0),  # furrow of the lumbar spine
    Relief(((28, -92, 214), (31, -88, 165), (36, -104, 115)), 15, 3.0),  # erector spinae beside it
    Relief(((0, 92, 140),), 6.5, -7.0),  # navel
    Relief(((0, 90, 214), (0, 92, 160)), 10, -1.5),  # linea alba
    Relief(((66, 74, 214), (66, 78, 150), (52, 78, 90)), 14, -1.5),  # edge of rectus abdominis
    Relief(((106, 68, 40), (86, 74, 12), (62, 74, -18), (40, 66, -46)), 11, -3.0),  # groin
    Relief(((0, 64, -30),), 24, 2.5),  # mons
    Relief(((112, 66, 30), (104, 78, -60), (74, 78, -150), (46, 46, -240), (42, 4, -318)), 14, -3.0),  # sartorius
    Relief(((172, -6, -60), (166, -8, -130), (154, -6, -220), (138, -4, -318)), 13, -2.4),  # iliotibial tract
    Relief(((112, 74, -90), (112, 80, -160), (104, 72, -240), (98, 60, -290)), 18, 2.5),  # rectus femoris
    Relief(((156, 30, -50), (154, 40, -130), (148, 42, -200), (126, 34, -300)), 22, 3.4),  # vastus lateralis
    Relief(((70, 60, -190), (58, 44, -245), (50, 26, -296), (50, 10, -330)), 19, 4.5),  # vastus medialis
    Relief(((14, 16, -80), (24, 6, -150), (44, 0, -230)), 26, 3.0),  # adductors
    Relief(((108, -98, -90), (112, -80, -200), (120, -44, -330)), 18, 3.6),  # biceps femoris
    Relief(((76, -98, -90), (68, -76, -200), (62, -42, -330)), 18, 3.6),  # semitendinosus
    Relief(((94, -92, -150), (92, -72, -240), (92, -48, -340)), 11, -3.4),  # groove between the two
    Relief(((166, -58, -24),), 26, -3.0),  # hollow behind the trochanter
)

BLEND_FOLD, BLEND_GROIN, BLEND_FLANK, BLEND_CORE = 15.0, 42.0, 56.0, 16.0
BLEND_CLEFT, BLEND_LOIN = 10.0, 46.0
CORE_MARGINS = {"hip_bone": 6.0, "sacrum": 6.0, "femur": 13.0, "muscle": 5.0}
"""Least cover, mm, of what lies inside; the field is blurred a little afterwards."""


@dataclass(frozen=True, eq=False)
class Grid:
    """A regular grid of sample points over the right half of the body, a little past the midline.

    points : (nx, ny, nz, 3) float, mm, RAS; x is folded to |x|, so that every shape comes out symmetric.
    """

    points: Floats

    @classmethod
    def over_half_body(cls) -> Grid:
        """Return the grid that `body_field` needs."""
        axes = [np.arange(a, b + 0.1, GRID_MM) for a, b in zip(LOWEST, HIGHEST, strict=True)]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        points[..., 0] = np.abs(points[..., 0])
        return cls(points)

    def distance_to(self, cloud: Floats, reach: float = 60.0) -> Floats:
        """Return the distance from every sample to the nearest of `cloud` (n, 3), cut off at `reach`."""
        distance, _ = cKDTree(cloud).query(self.points.reshape(-1, 3), distance_upper_bound=reach)
        return np.minimum(distance, reach).reshape(self.points.shape[:-1])


def as_distance(level: Floats) -> Floats:
    """Scale an implicit function towards a distance by the steepness of its own sections (x and y)."""
    gx, gy, gz = np.gradient(level, GRID_MM)
    across = gx**2 + gy**2
    # A steep end of a loft would otherwise be read as a long distance.
    return np.asarray(level / np.sqrt(across + np.minimum(gz**2, 0.25 * across) + 1e-9))


def loft(grid: Grid, table: Floats) -> Floats:
    """Return the distance to a loft of superellipse sections (rows of TORSO or THIGH)."""
    x, y = grid.points[..., 0], grid.points[..., 1]
    rows = table[np.argsort(table[:, 0])]
    profile = PchipInterpolator(rows[:, 0], rows[:, 1:])(grid.points[0, 0, :, 2])
    medial, lateral, front, back, cx, cy, n_front, n_back = (profile[None, None, :, i] for i in range(8))
    u = np.abs(x - cx) / np.where(x > cx, lateral, medial)
    v = np.abs(y - cy) / np.where(y > cy, front, back)
    # The exponent passes smoothly from back to front, so that no seam shows along the side.
    n = n_back + (n_front - n_back) * smooth_step(y - cy, -40.0, 40.0)
    return as_distance((u**n + v**n + 1e-9) ** (1.0 / n) - 1.0)


def rounded_mass(grid: Grid, mass: Mass) -> Floats:
    """Return the approximate distance to a superellipsoid."""
    radii = np.array(mass.radii)
    u = np.abs(grid.points - np.array(mass.centre)) / radii
    n = mass.exponent
    level = (u**n).sum(-1) ** (1.0 / n)
    steepness = np.sqrt((((u ** (n - 1.0)) / radii * (level[..., None] + 1e-6) ** (1.0 - n)) ** 2).sum(-1))
    return np.asarray((level - 1.0) / (steepness + 1e-6))


def relief(grid: Grid, shape: Relief) -> Floats:
    """Return what the streak adds to the distance (negative where the body is raised)."""
    curve = np.array(shape.curve, dtype=float)
    if len(curve) > 2:
        knots = np.arange(len(curve))
        curve = CubicSpline(knots, curve)(np.linspace(0, knots[-1], 24 * len(curve)))
    elif len(curve) == 2:
        curve = np.linspace(curve[0], curve[1], 40)
    distance, place = cKDTree(curve).query(grid.points, distance_upper_bound=4.0 * shape.width)
    along = np.minimum(place, len(curve) - 1) / max(len(curve) - 1, 1)
    share = smooth_step(0.5 - np.abs(along - 0.5), -0.05, 0.25) if len(curve) > 1 else 1.0
    return np.asarray(-shape.height * share * np.exp(-0.5 * (distance / shape.width) ** 2))


def body_field(grid: Grid, core: dict[str, Floats]) -> Floats:
    """Return the signed distance to the skin (negative inside) on the grid.

    core : points (n, 3) on what must stay inside, by the names of CORE_MARGINS; names may be missing.
    """
    x, y, z = np.moveaxis(grid.points, -1, 0)
    torso = -smooth_union(-loft(grid, TORSO), z + 76.0, 46.0)
    thigh = -smooth_union(-loft(grid, THIGH), 96.0 - z, 80.0)
    buttock = rounded_mass(grid, BUTTOCK[0])
    for mass in BUTTOCK[1:]:
        buttock = smooth_union(buttock, rounded_mass(grid, mass), mass.blend)
    # Beside the cleft the buttock stands free; upwards and sideways it passes softly into loin and flank.
    soft = np.maximum(smooth_step(z, -10.0, 60.0), smooth_step(x, 20.0, 90.0))
    body = smooth_union(torso, buttock, BLEND_CLEFT + (BLEND_LOIN - BLEND_CLEFT) * soft)
    # The gluteal fold is a crease near the midline and fades towards the side; in front the groin is soft.
    fold = BLEND_FOLD + (BLEND_FLANK - BLEND_FOLD) * smooth_step(x, 78.0, 150.0)
    blend = BLEND_GROIN + (fold - BLEND_GROIN) * smooth_step(-y, 18.0, 70.0)
    blend = blend + (BLEND_FLANK - blend) * smooth_step(x, 100.0, 155.0)
    body = smooth_union(body, thigh, blend)
    body = smooth_union(body, rounded_mass(grid, PERINEUM), PERINEUM.blend)
    for name, cloud in core.items():
        body = smooth_union(body, grid.distance_to(cloud) - CORE_MARGINS[name], BLEND_CORE)
    for shape in RELIEFS:
        body = body + relief(grid, shape)
    return np.asarray(gaussian_filter(body, 3.4 / GRID_MM))


def sculpted_half(core: dict[str, Floats]) -> Surface:
    """Return the right half of the skin around `core` (see `body_field`)."""
    surface = largest_piece(half_mesh(body_field(Grid.over_half_body(), core)))
    # Marching cubes may wind its triangles either way.
    return surface if surface.volume_mm3() > 0 else Surface(surface.vertices, surface.faces[:, ::-1].copy())


def core_of(folder: Path | None = None) -> dict[str, Floats]:
    """Return points on the bones and on the muscles at rest, right side and sacrum, for `sculpted_half`."""
    from hipviz.model.assets import load_bones
    from hipviz.model.gluteus_medius import GluteusMedius
    from hipviz.model.neighbours import Neighbours

    bones = load_bones(folder)
    core = {name: bones.surface(name).vertices for name in ("hip_bone", "sacrum", "femur")}
    medius = GluteusMedius.on(bones)
    muscles = Neighbours(bones, medius)
    rest = [medius.shape(np.eye(3)), *(muscles.muscle(name).shape(np.eye(3)) for name in NEIGHBOURS)]
    core["muscle"] = np.concatenate([shape.vertices.reshape(-1, 3) for shape in rest])
    return core


def write_skin(folder: Path, half: Surface) -> None:
    """Write the right half of the skin into the folder of the meshes and note it in the manifest."""
    from hipviz.model.assets import mesh_record, read_manifest, write_manifest

    write_ply(folder / FILE, half, ("hipviz skin, right half, mm, RAS", PROVENANCE))
    path = folder / "manifest.toml"
    manifest = read_manifest(path)
    record = mesh_record(folder / FILE, "half", PROVENANCE)
    write_manifest(path, msgspec.structs.replace(manifest, meshes={**manifest.meshes, "skin": record}))


def main() -> None:
    """Make the skin anew around the bones and the muscle, and write it into the folder of the meshes."""
    from hipviz.model.assets import meshes_folder

    parser = argparse.ArgumentParser(prog="python -m hipviz.model.skin_sculpt", description=main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="the folder of the meshes (default: the shipped one)")
    folder = parser.parse_args().folder or meshes_folder()
    write_skin(folder, sculpted_half(core_of(folder)))


if __name__ == "__main__":
    main()
