"""The outer sheet of a muscle in one pose, as something that another muscle lies on."""

from __future__ import annotations

import numpy as np

from hipviz.model.loft import cross
from hipviz.model.units import Floats

BESIDE_MM, REACH_MM = 7.0, 40.0
"""What lies farther aside of the nearest place than this is less and less over the sheet, from twice this on not
at all; farther away than REACH_MM nothing is asked."""


class Underlay:
    """A sheet whose heights can be asked for: below it is below the muscle's surface, however deep."""

    def __init__(self, outer: Floats) -> None:
        """Take the outer sheet (bands, rows, columns, 3), mm RAS, of a right muscle."""
        from scipy.spatial import cKDTree  # a quarter of a second, that the start of the window can do without

        normals = cross(np.gradient(outer, axis=2), np.gradient(outer, axis=1)).reshape(-1, 3)
        self._points = outer.reshape(-1, 3)
        self._normals = normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9)
        self._tree = cKDTree(self._points)

    def heights(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return for points (n, 3) their height (n,), mm, over the sheet, its normal (n, 3), and a share (n,).

        The share (0…1) tells how far a point is over the sheet at all rather than aside of it.
        """
        distance, nearest = map(np.asarray, self._tree.query(points, distance_upper_bound=REACH_MM))
        found = np.isfinite(distance)
        near = np.where(found, nearest, 0)
        normal = self._normals[near]
        height = np.einsum("ix,ix->i", points - self._points[near], normal)
        aside = np.sqrt(np.maximum(distance**2 - height**2, 0.0), where=found, out=np.full(len(points), np.inf))
        return height, normal, np.clip(2.0 - aside / BESIDE_MM, 0.0, 1.0)
