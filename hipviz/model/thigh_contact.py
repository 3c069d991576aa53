"""Where one thigh meets the other: both flatten at the surface half-way between the two femora.

How a thigh follows its hip lives in `thigh`; the skin that both belong to in `skin`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hipviz.model.blending import cotangent_laplacian, smooth_step
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats, Ints

GAP_MM = 0.8
"""What each thigh keeps from the surface between them."""

SOFT_MM = 6.0
"""How far before the contact a thigh begins to give, so that no edge shows around it."""

SWELLING_MM = 45.0
"""How far from the contact a thigh swells in full for what is pressed flat."""

LEAST_APART = 0.6
"""Where both femora lie in nearly the same direction from a point, the way out between them is long: do not go it."""

CROTCH_MM = (80.0, 200.0)
"""How far from the middle between the hips the thighs begin to lie apart, and do so in full."""

LEAST_WEIGHT = 0.02
UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class ThighContact:
    """What the right thigh needs in order to make room for the left one.

    members : (k,) skin vertices that follow the thigh.
    weight : (k,) 0…1, how far each follows it.
    soft : (k,) mm, `SOFT_MM`, less where both thighs are close at rest.
    area : (k,) mm² of skin around each, for the volume.
    """

    members: Ints
    weight: Floats
    soft: Floats
    area: Floats
    hip_centre: Floats

    @classmethod
    def of(cls, rest: Surface, weight: Floats, hip_centre: Floats) -> ThighContact:
        """Prepare the skin at `rest`, whose n vertices follow the right thigh by `weight` (n,)."""
        members = np.flatnonzero(weight > LEAST_WEIGHT)
        _, area = cotangent_laplacian(rest)
        first = cls(members, weight[members], np.full(len(members), SOFT_MM), area[members], hip_centre)
        depth = first._depth(rest.vertices[members], np.eye(3), np.eye(3))[0]
        return replace(first, soft=np.clip(-depth, 1e-3, SOFT_MM))

    def offsets(self, points: Floats, own: Floats, other: Floats) -> Floats | None:
        """Return how the members at `points` (k, 3) give, (k, 3) mm, or None when the thighs are apart.

        What is pressed flat swells the thigh away from the contact, so that it keeps its volume.
        own, other : rotations (3, 3) of the hip of this thigh and of the other one, each as if on the right side.
        """
        depth, way, outwards = self._depth(points, own, other)
        pressed = depth > -self.soft
        if not pressed.any():
            return None
        bounded = np.clip(depth, -self.soft, self.soft)
        give = (bounded + self.soft) ** 2 / (4.0 * self.soft) + np.maximum(depth - self.soft, 0.0)
        free = smooth_step(-depth, SOFT_MM, SWELLING_MM) * smooth_step(self.weight, 0.5, 1.0)
        swelling = float(give @ self.area) / max(float(free @ self.area), 1.0)
        return np.asarray(give[:, None] * way + (swelling * free)[:, None] * outwards)

    def _depth(self, points: Floats, own: Floats, other: Floats) -> tuple[Floats, Floats, Floats]:
        """Return how far points lie past the surface half-way between the femora, mm, the way back, and outwards.

        Near the crotch, where skin follows neither thigh, the surface passes smoothly into the midplane.
        """
        share = smooth_step(np.sqrt(np.einsum("ij,ij->i", points, points)), *CROTCH_MM)[:, None]
        near, outwards = _from_axis(points, self.hip_centre, share * (UP - own[:, 2]) - UP)
        far, towards = _from_axis(points, self.hip_centre * MIRROR, share * (UP - other[:, 2] * MIRROR) - UP)
        apart = towards - outwards
        # The difference of both distances grows by |apart|² along `apart`.
        length = np.sqrt(np.maximum(np.einsum("ij,ij->i", apart, apart), LEAST_APART**2))
        return (near - far) / length + GAP_MM, apart / length[:, None], outwards


def _from_axis(points: Floats, start: Floats, axes: Floats) -> tuple[Floats, Floats]:
    """Return the distance (k,) of points (k, 3) to rays along `axes` (k, 3) and the unit way from these to them."""
    offset = points - start
    along = np.einsum("ij,ij->i", offset, axes) / np.einsum("ij,ij->i", axes, axes)
    offset -= np.maximum(along, 0.0)[:, None] * axes
    distance = np.sqrt(np.einsum("ij,ij->i", offset, offset)) + 1e-9
    return distance, offset / distance[:, None]
