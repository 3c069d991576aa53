"""Simple bodies of few measures: tubes of elliptic sections and boxes, closed, facing outwards."""

from collections.abc import Sequence

import numpy as np

from hipviz.model.surface import Surface
from hipviz.model.units import Floats

AROUND = 28
"""Corners of a section."""


def tube(middles: Floats, radii: Floats, across: Floats, along: Floats) -> Surface:
    """Return a closed tube of elliptic sections: middles (k, 3), half axes (k, 2) along two unit vectors (3,)."""
    turn = 2.0 * np.pi * np.arange(AROUND) / AROUND
    rim = np.cos(turn)[:, None, None] * across, np.sin(turn)[:, None, None] * along
    rings = middles + (rim[0] * radii[:, :1] + rim[1] * radii[:, 1:])
    vertices = np.concatenate([rings.transpose(1, 0, 2).reshape(-1, 3), middles[[0, -1]]])
    count = len(middles)
    i, j = (part.ravel() for part in np.meshgrid(np.arange(count - 1), np.arange(AROUND), indexing="ij"))
    here, beside = i * AROUND + j, i * AROUND + (j + 1) % AROUND
    sides = [np.stack([here, here + AROUND, beside], 1), np.stack([beside, here + AROUND, beside + AROUND], 1)]
    first, last = np.arange(AROUND), (count - 1) * AROUND + np.arange(AROUND)
    top = np.stack([np.full(AROUND, count * AROUND), first, np.roll(first, -1)], 1)
    end = np.stack([np.full(AROUND, count * AROUND + 1), np.roll(last, -1), last], 1)
    faces = np.concatenate([*sides, top, end])
    surface = Surface(vertices, faces)
    # Whether a tube runs up or down decides which way its faces look.
    return surface if surface.volume_mm3() > 0.0 else Surface(vertices, np.ascontiguousarray(faces[:, ::-1]))


def box(middle: Floats, size: Sequence[float]) -> Surface:
    """Return a box of three edge lengths around its middle (3,), mm."""
    corners = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = np.array([face for a, b, c, d in quads for face in ((a, b, c), (a, c, d))])
    return Surface(middle + corners * np.asarray(size), faces)
