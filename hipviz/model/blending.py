"""Smooth transitions: between two numbers, between two distances, and over the vertices of a mesh.

What is blended (skin, zones, the sculpt) lives in the modules that use these.
"""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Real


def smooth_step(x: npt.NDArray[Real], start: float, end: float) -> npt.NDArray[Real]:
    """Return 0 before `start`, 1 past `end`, and the cubic 3t²−2t³ between."""
    t = np.clip((x - start) / (end - start), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def smooth_union(a: Floats, b: Floats, blend: Floats | float) -> Floats:
    """Return the lower of two distances with a fillet about `blend` wide (quadratic polynomial smooth minimum)."""
    h = np.maximum(blend - np.abs(a - b), 0.0)
    return np.minimum(a, b) - h * h / np.maximum(4.0 * blend, 1e-6)


def neighbour_average(surface: Surface) -> sp.csr_matrix:
    """Return the (n, n) matrix that averages the neighbours of each vertex; on a cut end it leaves them alone."""
    faces = surface.faces
    n = len(surface.vertices)
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    code, count = np.unique(edges[:, 0] * n + edges[:, 1], return_counts=True)  # as pairs five times as slow
    unique = np.stack(np.divmod(code, n), axis=1)
    rows, columns = np.concatenate((unique, unique[:, ::-1])).T
    ones = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    border = np.zeros(n)
    border[unique[count == 1]] = 1.0
    average = sp.diags((1.0 - border) / np.asarray(ones.sum(axis=1)).ravel()) @ ones + sp.diags(border)
    return sp.csr_matrix(average)


def cotangent_laplacian(surface: Surface) -> tuple[sp.csr_matrix, Floats]:
    """Return the positive semi-definite cotangent Laplacian (n, n) and the area around each vertex (n,), mm²."""
    vertices, faces = surface.vertices, surface.faces
    n = len(vertices)
    rows, columns, values = [], [], []
    area = np.zeros(n)
    for k in range(3):
        i, j, l = faces[:, k], faces[:, (k + 1) % 3], faces[:, (k + 2) % 3]  # noqa: E741
        u, v = vertices[j] - vertices[i], vertices[l] - vertices[i]
        double_area = np.linalg.norm(np.cross(u, v), axis=1)
        cotangent = 0.5 * np.clip((u * v).sum(axis=1) / np.maximum(double_area, 1e-9), 0.0, 8.0)
        rows += [j, l]
        columns += [l, j]
        values += [cotangent, cotangent]
        area += np.bincount(i, double_area / 6.0, minlength=n)
    where = (np.concatenate(rows), np.concatenate(columns))
    weights = sp.csr_matrix((np.concatenate(values), where), shape=(n, n))
    return sp.csr_matrix(sp.diags(np.asarray(weights.sum(axis=1)).ravel()) - weights), area
