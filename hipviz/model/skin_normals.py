"""Normals of the skin in half the time: worked out only on the side that moves, the rest are those of rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.units import Floats, Ints

STILL_MM = 0.01
"""Where no vertex has gone farther than this, normals are those of rest: nobody sees the difference."""


@dataclass(frozen=True, eq=False)
class Patch:
    """A part of a surface whose normals are worked out together.

    own : (k,) vertices that move with no other patch; vertices : (p,) those whose normals change when they do.
    faces : (3, f) the corners of all around these; corners : (p, f) which of them is a corner of which face.
    """

    own: Ints
    vertices: Ints
    faces: Ints
    corners: sp.csr_matrix

    @classmethod
    def around(cls, members: Ints, own: Ints, faces: Ints, count: int) -> Patch:
        """Return the patch that `members` of a surface with `count` vertices move, `own` among them."""
        moving = np.zeros(count, bool)
        moving[members] = True
        turned = np.unique(faces[moving[faces].any(axis=1)])
        touched = np.zeros(count, bool)
        touched[turned] = True
        near = faces[touched[faces].any(axis=1)]
        return cls(own, turned, np.ascontiguousarray(near.T), sp.csr_matrix(incidence(near, count)[turned]))

    def normals(self, vertices: Floats) -> Floats:
        """Return outward unit normals (p, 3) for a shape (n, 3) of the surface, as `vertex_normals` does."""
        axes = np.ascontiguousarray(vertices.T)
        a, b, c = (axes.take(corner, axis=1) for corner in self.faces)
        u, v = b - a, c - a
        cross = np.stack((u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]), axis=1)
        normals = self.corners @ cross
        return np.asarray(normals / np.sqrt(np.einsum("ij,ij->i", normals, normals) + 1e-24)[:, None])


@dataclass(frozen=True, eq=False)
class SkinNormals:
    """Normals of a surface whose moving vertices fall into patches: one to each side, which share the midline.

    resting, rest : vertices and normals (n, 3) at rest.
    """

    resting: Floats
    rest: Floats
    patches: tuple[Patch, Patch]

    @classmethod
    def of(cls, surface: Surface, right: Ints, left: Ints) -> SkinNormals:
        """Prepare a surface at rest; no vertex moves that is neither in `right` nor in `left`."""
        count = len(surface.vertices)
        patches = (
            Patch.around(right, np.setdiff1d(right, left), surface.faces, count),
            Patch.around(left, np.setdiff1d(left, right), surface.faces, count),
        )
        rest = vertex_normals(surface.vertices, surface.faces, incidence(surface.faces, count))
        return cls(surface.vertices, rest, patches)

    def at(self, vertices: Floats) -> Floats:
        """Return outward unit normals (n, 3) of a shape (n, 3)."""
        normals = self.rest.copy()
        for patch in self.patches:
            if np.abs(vertices[patch.own] - self.resting[patch.own]).max() > STILL_MM:
                normals[patch.vertices] = patch.normals(vertices)
        return normals
