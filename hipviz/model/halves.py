"""A skin as two mirrored halves that share the midline: what is worked out for the right half serves both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Ints, Real


@dataclass(frozen=True, eq=False)
class Halves:
    """How the n vertices of a skin fall into halves; the first h are those of the right one, midline included.

    faces : (f, 3) faces of the right half.
    middle : its vertices on the midline; beside : (n - h,) all others, in the order of the left ones they mirror.
    """

    faces: Ints
    middle: Ints
    beside: Ints

    @property
    def count(self) -> int:
        """The number of vertices of a half, h."""
        return len(self.middle) + len(self.beside)

    @cached_property
    def mate(self) -> Ints:
        """The number (n,) of each mirrored vertex; on the midline, each vertex' own."""
        right = np.arange(self.count)
        right[self.beside] = self.count + np.arange(len(self.beside))
        return np.concatenate((right, self.beside))

    def joined(self, right: npt.NDArray[Real], left: npt.NDArray[Real]) -> npt.NDArray[Real]:
        """Return vectors (n, 3) from those of both halves (h, 3), the left as if right; they add at the middle."""
        mirrored = left * MIRROR.astype(left.dtype)
        whole = np.concatenate((right, mirrored.take(self.beside, axis=0)))
        whole[self.middle] += mirrored[self.middle]
        return whole


def mirrored_whole(half: Surface) -> tuple[Surface, Halves]:
    """Return the whole body piece of a right half that is open at x = 0, and how it falls into halves."""
    vertices = half.vertices.copy()
    midline = np.abs(vertices[:, 0]) < 1e-3
    vertices[midline, 0] = 0.0
    halves = Halves(half.faces, np.flatnonzero(midline), np.flatnonzero(~midline))
    left = halves.mate[half.faces][:, ::-1]
    whole = np.concatenate((vertices, vertices[halves.beside] * MIRROR))
    return Surface(whole, np.concatenate((half.faces, left))), halves
