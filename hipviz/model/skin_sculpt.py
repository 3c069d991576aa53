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
from hipviz.model.units import Floats

PROVENANCE = "this project's own sculpt, drawn by python -m hipviz.model.skin_sculpt"

# Each row: height z, half-axes of the section towards medial, lateral, front and back, its centre x and y, and the
# exponents of the superellipse in front and behind (2 = ellipse, larger = squarer).
TORSO = np.array(
    [
        [260, 146, 146, 92, 96, 0, -10, 2.2, 2.40],
        [214, 136, 136, 93, 93, 0, -8, 2.2, 2.45],
        [180, 131, 131, 95, 89, 0, -6, 2.35, 2.50],
        [150, 135, 135, 97, 91, 0, -5, 2.5, 2.50],
        [120, 143, 143, 97, 97, 0, -4, 2.65, 2.45],
        [90, 148, 148, 95, 104, 0, -4, 2.7, 2.40],
        [55, 148, 148, 90, 110, 0, -6, 2.6, 2.30],
        [20, 145, 145, 84, 106, 0, -8, 2.4, 2.20],
        [-10, 141, 141, 79, 92, 0, -10, 2.2, 2.10],
        [-40, 130, 130, 69, 70, 0, -11, 2.0, 2.00],
        [-70, 108, 108, 48, 54, 0, -8, 2.0, 2.00],
        [-100, 80, 80, 22, 30, 0, -6, 2.0, 2.00],
        [-400, 60, 60, 10, 20, 0, -6, 2.0, 2.00],
    ],
    dtype=float,
)
THIGH = np.array(
    [
        [236, 70, 30, 46, 60, 98, -10, 2.2, 2.20],
        [60, 74, 47, 58, 76, 96, -8, 2.2, 2.20],
        [20, 83, 63, 66, 86, 94, -8, 2.2, 2.20],
        [-30, 88, 79, 74, 98, 93, -8, 2.2, 2.15],
        [-70, 87, 84, 81, 103, 92, -8, 2.15, 2.15],
        [-110, 84, 84.5, 86, 98, 91, -8, 2.15, 2.15],
        [-150, 77, 80, 87.5, 91, 91, -8, 2.15, 2.15],
        [-200, 65, 72.5, 83, 79.5, 91, -7, 2.15, 2.15],
        [-250, 55, 63, 73, 66.5, 91, -5, 2.15, 2.20],
        [-290, 49, 53.5, 61, 55, 90.5, -4, 2.2, 2.25],
        [-318, 47, 49, 54, 49, 90.5, -3, 2.25, 2.30],
        [-380, 47, 48, 48, 46, 90.5, -3, 2.3, 2.30],
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
    """A raised (height > 0) or hollow (height < 0) streak along a curve; one point makes a dimple. All in mm."""

    curve: tuple[tuple[float, float, float], ...]
    width: float
    height: float


PERINEUM = Mass((0, -12, -62), (26, 56, 22), 24.0)
BUTTOCK = (
    Mass((72, -58, -12), (74, 88, 82), 0.0, 2.1),
    Mass((84, -48, 54), (56, 62, 78), 56.0),
)

RELIEFS = (
    Relief(((46, -108, 84),), 11, -3.5),  # dimple over the posterior superior iliac spine
    Relief(((0, -98, 205), (0, -96, 170), (0, -104, 130)), 12, -4.5),  # furrow of the lumbar spine
    Relief(((30, -96, 200), (33, -99, 160), (38, -108, 118)), 15, 3.0),  # erector spinae beside it
    Relief(((0, 92, 142),), 7.5, -7.0),  # navel
    Relief(((0, 94, 200), (0, 92, 165)), 10, -1.5),  # linea alba
    Relief(((60, 76, 200), (58, 80, 150), (44, 78, 90), (30, 74, 40)), 12, -1.5),  # edge of rectus abdominis
    Relief(((112, 60, 62), (92, 74, 26), (62, 74, -14), (40, 68, -42)), 12, -2.2),  # groin
    Relief(((108, 64, 50), (98, 76, -60), (70, 74, -150), (44, 44, -240), (42, 4, -318)), 15, -3.2),  # sartorius
    Relief(((172, -4, -30), (172, -8, -110), (160, -8, -220), (138, -6, -318)), 15, -3.2),  # iliotibial tract
    Relief(
        ((118, 70, -70), (122, 76, -150), (116, 66, -240), (112, 50, -300)), 22, 4.0
    ),  # rectus femoris and vastus lateralis
    Relief(((56, 42, -262), (54, 36, -296)), 18, 5.0),  # vastus medialis above the knee
    Relief(((112, -96, -140), (108, -76, -220), (116, -48, -318)), 18, 3.4),  # biceps femoris
    Relief(((70, -92, -140), (68, -70, -220), (66, -46, -318)), 18, 3.4),  # semitendinosus
    Relief(((92, -88, -190), (92, -68, -250), (92, -52, -330)), 11, -3.0),  # groove between the two
    Relief(((0, -122, 22), (0, -124, -12), (0, -104, -48)), 9, -4.0),  # cleft between the buttocks
    Relief(((158, -62, -22),), 26, -5.0),  # hollow behind the trochanter
)

BLEND_BUTTOCK, BLEND_FOLD, BLEND_GROIN, BLEND_FLANK, BLEND_CORE = 40.0, 14.0, 42.0, 56.0, 16.0
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
    distance = grid.distance_to(curve, reach=4.0 * shape.width)
    return np.asarray(-shape.height * np.exp(-0.5 * (distance / shape.width) ** 2))


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
    body = smooth_union(torso, buttock, BLEND_BUTTOCK)
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
    """Return points on the bones and on the muscle at rest, right side and sacrum, for `sculpted_half`."""
    from hipviz.model.assets import load_bones
    from hipviz.model.gluteus_medius import GluteusMedius

    bones = load_bones(folder)
    core = {name: bones.surface(name).vertices for name in ("hip_bone", "sacrum", "femur")}
    core["muscle"] = GluteusMedius.on(bones).shape(np.eye(3)).vertices.reshape(-1, 3)
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
