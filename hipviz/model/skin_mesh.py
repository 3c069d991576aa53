"""An even triangle mesh on the zero level of the skin's field, open at the midline and at the cut ends.

The field itself is drawn in `skin_sculpt`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.ndimage import map_coordinates

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

TOP_MM, BOTTOM_MM = 214.0, -318.0
"""The cut ends: at the lowest ribs, and above the knee cap."""

EDGE_MM = 8.7
"""Spacing of the surface mesh; the half body then has about 4,600 vertices."""

GRID_MM = 4.0
LOWEST = np.array([-16.0, -184.0, -340.0])
HIGHEST = np.array([208.0, 128.0, 236.0])


def border_edges(faces: Ints) -> Ints:
    """Return the edges (k, 2) that only one triangle uses."""
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    return np.asarray(unique[count == 1])


def adjacency(edges: Ints, n: int) -> sp.csr_matrix:
    """Return the symmetric (n, n) matrix of ones over `edges` (k, 2)."""
    rows, columns = np.concatenate((edges, edges[:, ::-1])).T
    matrix = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    matrix.data[:] = 1.0
    return matrix


def row_normalised(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Return the matrix with every row summing to one (empty rows stay empty)."""
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return sp.csr_matrix(sp.diags(1.0 / np.maximum(total, 1e-12)) @ matrix)


def half_mesh(field: Floats) -> Surface:
    """Return the zero level of `field` as an even, open mesh of the right half, cut at x = 0, top and bottom."""
    from skimage.measure import marching_cubes

    n_up = round((TOP_MM - BOTTOM_MM) / EDGE_MM)
    spacing = (EDGE_MM, EDGE_MM, (TOP_MM - BOTTOM_MM) / n_up)
    start = np.array([0.0, LOWEST[1], BOTTOM_MM])
    axes = (
        np.arange(0.0, HIGHEST[0], EDGE_MM),
        np.arange(start[1], HIGHEST[1], EDGE_MM),
        BOTTOM_MM + spacing[2] * np.arange(n_up + 1),
    )
    samples = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    values = sampled(field, samples.reshape(-1, 3))
    vertices, faces, _, _ = marching_cubes(values.reshape(samples.shape[:3]), 0.0, spacing=spacing)  # type: ignore[no-untyped-call]
    vertices = np.asarray(vertices, dtype=float) + start
    faces = np.asarray(faces, dtype=np.int64)
    held = np.zeros(vertices.shape, dtype=bool)
    held[:, 0] = vertices[:, 0] < 0.05
    held[:, 2] = (vertices[:, 2] > TOP_MM - 0.05) | (vertices[:, 2] < BOTTOM_MM + 0.05)
    vertices[held[:, 0], 0] = 0.0
    return Surface(evened(vertices, faces, field, held), faces)


def sampled(field: Floats, points: Floats) -> Floats:
    """Return the field of the grid (trilinear) at `points` (n, 3)."""
    where: Floats = ((points - LOWEST) / GRID_MM).T
    return np.asarray(map_coordinates(field, where, order=1), dtype=np.float64)


def evened(vertices: Floats, faces: Ints, field: Floats, held: npt.NDArray[np.bool_], rounds: int = 40) -> Floats:
    """Slide the vertices along the surface until they are evenly spread; coordinates in `held` (n, 3) stay."""
    n = len(vertices)
    border = border_edges(faces)
    on_border = np.zeros(n, dtype=bool)
    on_border[border] = True
    around = row_normalised(adjacency(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), n))
    along = row_normalised(adjacency(border, n))
    gradient: list[Floats] = [np.asarray(g) for g in np.gradient(field, GRID_MM)]
    corner = held.sum(axis=1) > 1
    for _ in range(rounds):
        step = np.where(on_border[:, None], along @ vertices, around @ vertices) - vertices
        step[held] = 0.0
        step[corner] = 0.0
        vertices = vertices + 0.5 * step
        for _ in range(2):
            slope = np.stack([sampled(g, vertices) for g in gradient], axis=1)
            slope[held] = 0.0
            level = sampled(field, vertices)
            vertices = vertices - (level / np.maximum((slope**2).sum(axis=1), 0.05))[:, None] * slope
    return vertices


def largest_piece(surface: Surface) -> Surface:
    """Return the connected piece with the most vertices."""
    n = len(surface.vertices)
    edges = surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    _, label = sp.csgraph.connected_components(adjacency(edges, n), directed=False)
    keep = label == np.bincount(label).argmax()
    number = np.cumsum(keep) - 1
    return Surface(surface.vertices[keep], number[surface.faces[keep[surface.faces].all(axis=1)]])
