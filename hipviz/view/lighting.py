"""Light that belongs to a surface: hollows and edges baked into bone once, and the three lamps of the scene.

All of it is arithmetic on meshes except `lamps`.
"""

import numpy as np
import pyvista as pv
import scipy.sparse as sp

from hipviz.model.cache import cached, fingerprint
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints
from hipviz.view.mesh_actor import Bytes
from hipviz.view.tokens import BONE, rgb

DIRECTIONS = 72
CELL_MM = 2.0
TOLERANCE_MM = 5.0

KEY, FILL, RIM = ((-0.5, 0.8, 1.0), 0.84), ((1.1, 0.1, 0.6), 0.32), ((0.1, -0.8, 0.6), 0.16)
"""Lamps fixed to the camera (right, up, towards the eye) and their strength."""


def lamps(plotter: pv.BasePlotter) -> None:
    """Light the scene with a key from the upper left, a fill from the right and a little from below."""
    plotter.remove_all_lights()
    for position, intensity in (KEY, FILL, RIM):
        plotter.add_light(
            pv.Light(position=position, focal_point=(0, 0, 0), intensity=intensity, light_type="camera light")
        )


def neighbours(faces: Ints, n_vertices: int) -> sp.csr_matrix:
    """Return the (n, n) matrix that averages over the neighbours of each vertex."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    rows = np.concatenate([edges[:, 0], edges[:, 1]])
    columns = np.concatenate([edges[:, 1], edges[:, 0]])
    links = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n_vertices, n_vertices))
    links.data[:] = 1.0
    counts = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1.0)
    return sp.csr_matrix(sp.diags(1.0 / counts) @ links)


def curvature(surface: Surface, normals: Floats, average: sp.csr_matrix, smoothing: int) -> Floats:
    """Return signed mean curvature (n,), 1/mm, positive on edges and bumps, smoothed over some rings.

    The offset of a vertex from the mean of its neighbours, against the normal, is half the mean curvature times
    the squared edge length (umbrella operator, as in Taubin 1995).
    """
    vertices, faces = surface.vertices, surface.faces
    offset = average @ vertices - vertices
    edge = np.linalg.norm(vertices[faces[:, 0]] - vertices[faces[:, 1]], axis=1)
    squared = np.zeros(len(vertices))
    count = np.zeros(len(vertices))
    for corner in range(3):
        np.add.at(squared, faces[:, corner], edge**2)
        np.add.at(count, faces[:, corner], 1.0)
    squared /= np.maximum(count, 1.0)
    value = -2.0 * np.einsum("ij,ij->i", offset, normals) / np.maximum(squared, 1e-6)
    value = np.clip(value, -0.4, 0.4)
    for _ in range(smoothing):
        value = 0.5 * value + 0.5 * (average @ value)
    return np.asarray(value)


def openness(points: Floats, normals: Floats) -> Floats:
    """Return how much of the sky each surface point sees (n,), 0 shut in … 1 open: ambient occlusion.

    From each of evenly spread directions the points are dropped into a grid of depths; a point counts as lit from
    there when nothing in its cell lies more than a tolerance nearer to that sky. Weighted by the cosine.
    """
    index = np.arange(DIRECTIONS) + 0.5
    polar, azimuth = np.arccos(1.0 - 2.0 * index / DIRECTIONS), np.pi * (1.0 + 5.0**0.5) * index
    skies = np.stack([np.cos(azimuth) * np.sin(polar), np.sin(azimuth) * np.sin(polar), np.cos(polar)], axis=1)
    seen = np.zeros(len(points))
    total = np.zeros(len(points))
    for sky in skies:
        across = np.cross(sky, (0.0, 0.0, 1.0) if abs(sky[2]) < 0.9 else (1.0, 0.0, 0.0))
        across /= np.linalg.norm(across)
        plane = np.stack([points @ across, points @ np.cross(sky, across)], axis=1)
        cells = np.floor((plane - plane.min(axis=0)) / CELL_MM).astype(np.int64)
        code = cells[:, 0] * (cells[:, 1].max() + 1) + cells[:, 1]
        depth = points @ sky
        nearest = np.full(int(code.max()) + 1, -np.inf)
        np.maximum.at(nearest, code, depth)
        cosine = np.clip(normals @ sky, 0.0, None)
        total += cosine
        seen += cosine * (depth > nearest[code] - TOLERANCE_MM)
    return np.asarray(seen / np.maximum(total, 1e-9))


def bone_colours(pieces: list[Surface]) -> list[Bytes]:
    """Return vertex colours (n, 3) of bones that stand together: warm ivory, pale edges, brown hollows.

    Kept on disk, since the light that the bones take from one another takes a second or two to find.
    """
    key = fingerprint("bone colours 3", *(array for piece in pieces for array in (piece.vertices, piece.faces)))

    def build() -> dict[str, Bytes]:
        normals = [piece.normals() for piece in pieces]
        sky = openness(np.concatenate([piece.vertices for piece in pieces]), np.concatenate(normals))
        starts = np.cumsum([0, *(len(piece.vertices) for piece in pieces)])
        return {
            f"piece_{i}": _bone_colour(piece, normals[i], sky[starts[i] : starts[i + 1]])
            for i, piece in enumerate(pieces)
        }

    arrays = cached("bone-colours", key, build)
    return [arrays[f"piece_{i}"].astype(np.uint8) for i in range(len(pieces))]


def _bone_colour(piece: Surface, normals: Floats, sky: Floats) -> Bytes:
    average = neighbours(piece.faces, len(piece.vertices))
    for _ in range(8):
        sky = 0.5 * sky + 0.5 * (average @ sky)
    fine = curvature(piece, normals, average, 6)
    broad = curvature(piece, normals, average, 40)
    bump = np.clip(0.6 * fine / 0.08 + 0.7 * broad / 0.04, -1.0, 1.0)[:, None]
    shut = np.clip((0.92 - sky) / 0.75, 0.0, 1.0)[:, None]
    base = rgb(BONE)
    colour = np.where(
        bump > 0, base + (1.0 - base) * 0.45 * bump, base * (1.0 + bump * np.array([0.20, 0.26, 0.32]))
    )
    colour = colour * (1.0 - shut * np.array([0.46, 0.54, 0.60]))
    return np.asarray((np.clip(colour, 0.0, 1.0) * 255.0).round(), dtype=np.uint8)
