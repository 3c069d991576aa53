"""The volume of a thigh under the skin: what follows the femur by more than half, closed at both its ends.

How tissue gives, so that the thigh keeps it, is worked out in `tissue`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.blending import smooth_step
from hipviz.model.surface import Surface, open_edges
from hipviz.model.units import Floats, Ints

FOLLOWING = 0.5
"""What follows the thigh by more than this share belongs to it."""

END_MM = 60.0
"""Length above the lower end over which a thigh that grows passes into what lies below it."""


@dataclass(frozen=True, eq=False)
class ThighVolume:
    """A thigh as part of a skin with n vertices.

    faces : those of the thigh; ends : edges (k, 2) of its two open ends, upper and lower one.
    share : (n,) 0…1, how far each vertex goes along when the thigh grows.
    """

    faces: Ints
    ends: tuple[Ints, Ints]
    share: Floats

    @classmethod
    def of(cls, rest: Surface, weight: Floats) -> ThighVolume:
        """Prepare the skin at `rest`, whose n vertices follow the right thigh by `weight` (n,)."""
        faces = rest.faces[(weight[rest.faces] > FOLLOWING).all(axis=1)]
        z, border = rest.vertices[:, 2], open_edges(faces)
        lower = z[border].max(axis=1) < z.min() + 1.0
        share = smooth_step(weight, FOLLOWING, 1.0) * smooth_step(z, z.min(), z.min() + END_MM)
        return cls(faces, (border[~lower], border[lower]), share)

    def volume_mm3(self, vertices: Floats) -> float:
        """Return the volume of the thigh in a shape (n, 3) of the skin, its ends closed by fans."""
        volume = Surface(vertices, self.faces).volume_mm3()
        for end in self.ends:
            centre = vertices[np.unique(end)].mean(axis=0)
            volume += float((np.cross(vertices[end[:, 1]], vertices[end[:, 0]]) @ centre).sum()) / 6.0
        return volume
