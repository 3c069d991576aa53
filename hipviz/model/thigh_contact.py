"""Where one thigh meets the other: both flatten at the surface half-way between the two femora.

How a thigh follows its hip lives in `thigh`; the skin that both belong to in `skin`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.blending import cotangent_laplacian, smooth_step
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats, Ints

GAP_MM = 0.8
"""What each thigh keeps from the surface between them."""

SOFT_MM = 6.0
"""How far before the contact a thigh begins to give, so that no edge shows around it."""

SWELLING_MM = (55.0, 100.0)
"""How far from the midplane at rest a thigh begins to swell for what is pressed flat, and swells in full."""

LEAST_APART = 0.6
"""Where both femora lie nearly the same way from a point, the way out between them is long: do not go it all."""

CROTCH_MM = (80.0, 200.0)
"""How far from the middle between the hips the thighs begin to lie apart, and do so in full."""

LEAST_WEIGHT, FARTHEST_MM = 0.02, 130.0
"""What follows the thigh less, or lies farther from the midplane at rest, never meets the other thigh."""

UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class ThighContact:
    """What the right thigh needs in order to make room for the left one.

    members : (k,) skin vertices that follow it, first the k_inner ones that can ever meet the other thigh.
    soft : (k_inner,) mm, `SOFT_MM`, less where both thighs are close at rest.
    area : (k_inner,) mm² of skin around each; swelling : (k, 3) how the thigh at rest grows by one mm³.
    """

    members: Ints
    soft: Floats
    area: Floats
    swelling: Floats
    hip_centre: Floats

    @classmethod
    def of(cls, rest: Surface, weight: Floats, hip_centre: Floats) -> ThighContact:
        """Prepare the skin at `rest`, whose n vertices follow the right thigh by `weight` (n,)."""
        neutral = np.eye(3)
        depth, _ = _depth(rest.vertices, hip_centre, neutral, neutral)
        following = weight > LEAST_WEIGHT
        members = np.concatenate(
            (
                np.flatnonzero(following & (depth > -FARTHEST_MM)),
                np.flatnonzero(following & (depth <= -FARTHEST_MM)),
            )
        )
        depth = depth[members]
        inner = int((depth > -FARTHEST_MM).sum())
        area = cotangent_laplacian(rest)[1][members]
        share = smooth_step(weight[members], 0.5, 1.0) * smooth_step(-depth, *SWELLING_MM)
        outwards = _from_axis(rest.vertices[members], hip_centre, np.broadcast_to(-UP, (len(members), 3)))[1]
        swelling = share[:, None] * outwards / (share @ area)
        return cls(members, np.clip(-depth[:inner], 1e-3, SOFT_MM), area[:inner], swelling, hip_centre)

    def offsets(self, points: Floats, own: Floats, other: Floats) -> Floats | None:
        """Return how the members at `points` (k, 3) give, (k, 3) mm, or None when the thighs are apart.

        What is pressed flat swells the thigh away from the contact, so that it keeps its volume.
        own, other : rotations (3, 3) of the hip of this thigh and of the other one, each as if on the right side.
        """
        inner = len(self.soft)
        depth, way = _depth(points[:inner], self.hip_centre, own, other)
        if not (depth > -self.soft).any():
            return None
        bounded = np.clip(depth, -self.soft, self.soft)
        give = (bounded + self.soft) ** 2 / (4.0 * self.soft) + np.maximum(depth - self.soft, 0.0)
        offsets = (give @ self.area) * (self.swelling @ own.T)
        offsets[:inner] += give[:, None] * way
        return np.asarray(offsets)


def _depth(points: Floats, hip_centre: Floats, own: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Return how far points lie past the surface half-way between the femora, mm, and the way back (k, 3).

    Near the crotch, where skin follows neither thigh, the surface passes smoothly into the midplane.
    """
    share = smooth_step(np.sqrt(np.einsum("ij,ij->i", points, points)), *CROTCH_MM)[:, None]
    near, outwards = _from_axis(points, hip_centre, share * (UP - own[:, 2]) - UP)
    far, towards = _from_axis(points, hip_centre * MIRROR, share * (UP - other[:, 2] * MIRROR) - UP)
    apart = towards - outwards
    # The difference of both distances grows by |apart|² along `apart`.
    length = np.sqrt(np.maximum(np.einsum("ij,ij->i", apart, apart), LEAST_APART**2))
    return (near - far) / length + GAP_MM, apart / length[:, None]


def _from_axis(points: Floats, start: Floats, axes: Floats) -> tuple[Floats, Floats]:
    """Return the distance (k,) of points (k, 3) to rays along `axes` (k, 3), and the unit way from the rays."""
    offset = points - start
    along = np.einsum("ij,ij->i", offset, axes) / np.einsum("ij,ij->i", axes, axes)
    offset -= np.maximum(along, 0.0)[:, None] * axes
    distance = np.sqrt(np.einsum("ij,ij->i", offset, offset)) + 1e-9
    return distance, offset / distance[:, None]
