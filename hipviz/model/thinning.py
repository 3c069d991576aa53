"""Surfaces of very many faces made coarser: what lies in one cell of a grid becomes one point.

The triangles are taken a part at a time, those of a binary STL straight from the disk, so that the memory needed
hardly grows with their number.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

AT_ONCE = 200_000
"""Triangles in one part."""

Triangles = np.ndarray[Any, np.dtype[np.float32]]

_STL_HEAD = 84
_STL_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def binary_stl(path: Path) -> Triangles | None:
    """Return the triangles (n, 3, 3) of a binary STL, read when they are used; None when it is another kind."""
    with path.open("rb") as file:
        head = file.read(_STL_HEAD)
    count = int.from_bytes(head[80:84], "little")
    if len(head) < _STL_HEAD or not count or path.stat().st_size != _STL_HEAD + count * _STL_TRIANGLE.itemsize:
        return None
    triangles: Triangles = np.memmap(path, dtype=_STL_TRIANGLE, mode="r", offset=_STL_HEAD)["corners"]
    return triangles


def thinned(surface: Surface, most: int) -> Surface:
    """Return a surface with about `most` faces at most."""
    if len(surface.faces) <= most:
        return surface
    parts = (surface.faces[start : start + AT_ONCE] for start in range(0, len(surface.faces), AT_ONCE))
    used = np.zeros(len(surface.vertices), dtype=bool)
    used[surface.faces.ravel()] = True
    low, high = surface.vertices[used].min(axis=0), surface.vertices[used].max(axis=0)
    return _clustered((surface.vertices[faces] for faces in parts), low, high, most)


def thinned_triangles(triangles: Triangles, most: int) -> tuple[Surface, int]:
    """Return loose triangles as a surface with about `most` faces at most, and how many were left out.

    Left out are those with a corner that is no number; the surface is empty when all are.
    """
    low, high, usable = np.full(3, np.inf), np.full(3, -np.inf), 0
    for corners in _numbers_only(triangles):
        usable += len(corners)
        low = np.minimum(low, corners.min(axis=(0, 1), initial=np.inf))
        high = np.maximum(high, corners.max(axis=(0, 1), initial=-np.inf))
    if not usable:
        return Surface(np.zeros((0, 3)), np.zeros((0, 3), dtype=np.int64)), len(triangles)
    return _clustered(_numbers_only(triangles), low, high, most), len(triangles) - usable


def proper(faces: Ints) -> Ints:
    """Return the faces that have three different corners."""
    a, b, c = faces.T
    return np.asarray(faces[(a != b) & (b != c) & (c != a)])


def distinct(faces: Ints, count: int) -> Ints:
    """Return each face once, whichever way it is turned; count : of the vertices."""
    ordered = np.sort(faces, axis=1)
    first = np.unique((ordered[:, 0] * count + ordered[:, 1]) * count + ordered[:, 2], return_index=True)[1]
    return np.asarray(faces[np.sort(first)])


def cells(points: Floats, low: Floats, high: Floats, cell: float) -> Ints:
    """Return the number (n,) of the cell, of a grid from `low` to `high`, that each point lies in."""
    size = np.floor((high - low) / cell + 0.5).astype(np.int64) + 1
    place = np.floor((points - low) / cell + 0.5).astype(np.int64)
    return np.asarray((place[:, 0] * size[1] + place[:, 1]) * size[2] + place[:, 2])


def _numbers_only(triangles: Triangles) -> Iterator[Floats]:
    for start in range(0, len(triangles), AT_ONCE):
        corners = triangles[start : start + AT_ONCE].astype(np.float64)
        yield corners[np.isfinite(corners).all(axis=(1, 2))]


def _clustered(parts: Iterable[Floats], low: Floats, high: Floats, most: int) -> Surface:
    # A surface crosses about 2 faces per cell of a grid; its area is about twice the square of its length.
    cell = (float((high - low).max()) or 1.0) / np.sqrt(0.6 * most / 2.0)
    keys: list[Ints] = []
    sums: list[Floats] = []
    faces: list[Ints] = []
    for corners in parts:
        points = corners.reshape(-1, 3)
        own, group = np.unique(cells(points, low, high, cell), return_inverse=True)
        group = group.ravel()
        weights = (None, *points.T)
        sums.append(np.stack([np.bincount(group, weight, len(own)) for weight in weights], axis=1))
        keys.append(own)
        faces.append(own[distinct(proper(group.reshape(-1, 3)), len(own))])
    own, group = np.unique(np.concatenate(keys), return_inverse=True)
    count, *total = (np.bincount(group.ravel(), column) for column in np.concatenate(sums).T)
    kept = distinct(np.searchsorted(own, np.concatenate(faces)), len(own))
    used, compact = np.unique(kept, return_inverse=True)
    vertices = np.stack(total, axis=1) / count[:, None]
    return Surface(vertices[used], compact.reshape(-1, 3).astype(np.int64))
