"""Where one thigh meets the other: both flatten at the surface half-way between the two femora.

How a thigh follows its hip lives in `thigh`; the skin that both belong to in `skin`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hipviz.model.blending import cotangent_laplacian, smooth_step
from hipviz.model.distance import DistanceField, distance_field
from hipviz.model.rotation import rotation_vector
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats, Ints

GAP_MM = 2.0
"""What each thigh keeps from the surface between them."""

SOFT_MM = 6.0
"""How far before the contact a thigh begins to give, so that no edge shows around it."""

SWELLING_MM = (55.0, 100.0)
"""How far from the midplane at rest a thigh begins to swell for what is pressed flat, and swells in full."""

ORDER = 0.06
"""Share of its depth that skin keeps past the surface, so that what lay over a fold of it still lies over it."""

LEAST_APART = 0.6
"""Where both femora lie nearly the same way from a point, the way out between them is long: do not go it all."""

CROTCH_MM = (80.0, 200.0)
"""How far from the middle between the hips the thighs begin to lie apart, and do so in full."""

LEAST_WEIGHT, FARTHEST_MM = 0.02, 165.0
"""What follows the thigh less, or lies farther from the midplane at rest, never meets the other thigh."""

SPACING_MM = 5.0
INNER = (np.array([0.0, -130.0, -320.0]), np.array([90.0, 110.0, 20.0]))
"""Box around the inside of the right thigh: how deep a place lies under the skin at rest is known in it."""

SWOLLEN_MM = 8.0
"""What lies so near the contact may come into it by swelling."""

TOUCHING_MM = (0.3, 0.9)
"""Thighs pressed less far than the first do not give, which nobody sees; from the second on, in full."""

FAR_MM = 2.0
"""What is pressed farther than this falls short of the surface in one step."""

UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, eq=False)
class ThighContact:
    """What the right thigh needs in order to make room for the left one.

    members : (k,) skin vertices that follow it, first the k_inner ones that can ever meet the other thigh.
    body : distance to the skin at rest. soft : (k_inner,) mm, `SOFT_MM`, less where both thighs are close at rest.
    area : (k_inner,) mm² of skin around each; swelling : (k, 3) how the thigh at rest grows by one mm³.
    """

    members: Ints
    body: DistanceField
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
        body = distance_field("skin", rest, *INNER, SPACING_MM)
        return cls(members, body, np.clip(-depth[:inner], 1e-3, SOFT_MM), area[:inner], swelling, hip_centre)

    def offsets(self, points: Floats, own: Floats, other: Floats) -> Floats | None:
        """Return how the members at `points` (k, 3) give, (k, 3) mm, or None when the thighs are apart.

        What is pressed flat swells the thigh away from the contact, so that it keeps its volume.
        own, other : rotations (3, 3) of the hip of this thigh and of the other one, each as if on the right side.
        """
        depth, way = _depth(points[: len(self.soft)], self.hip_centre, own, other)
        if not (depth > -self.soft).any():
            return None
        close = np.flatnonzero(depth > -self.soft - SWOLLEN_MM)
        places, soft = points[close], self.soft[close]
        # How much is pressed away is about the same without the swelling that this leads to.
        give = self._give(np.minimum(depth[close], self._inside(places, other)), soft)
        share = float(smooth_step(give.max(), *TOUCHING_MM))
        if share == 0.0:
            return None
        offsets = (give @ self.area[close]) * (self.swelling @ own.T)
        places = places + offsets[close]
        depth, way = _depth(places, self.hip_centre, own, other)
        depth = np.minimum(depth, self._inside(places, other))
        give = self._give(depth, soft)
        wanted, pressed = depth - give, give[:, None] * way
        # The surface between the femora is curved: what goes far is looked at again.
        far = np.flatnonzero(give > FAR_MM)
        if len(far):
            moved = places[far] + pressed[far]
            depth, way = _depth(moved, self.hip_centre, own, other)
            depth = np.minimum(depth, self._inside(moved, other))
            pressed[far] += np.maximum(depth - wanted[far], 0.0)[:, None] * way
        offsets[close] += pressed
        return np.asarray(share * offsets)

    @staticmethod
    def _give(depth: Floats, soft: Floats) -> Floats:
        """Return how far what lies so deep past the surface gives (k,), mm, softly at its border."""
        bounded = np.clip(depth, -soft, soft)
        return np.asarray((1.0 - ORDER) * ((bounded + soft) ** 2 / (4.0 * soft) + np.maximum(depth - soft, 0.0)))

    def _inside(self, points: Floats, other: Floats) -> Floats:
        """Return how deep points (k, 3) can at most lie in the other half of the body, (k,) mm.

        Around the crotch a thigh may come past the middle without meeting the other one. How that lies is known at
        rest; turned, it may have come as much nearer as it went along its arc.
        """
        mirrored = points * MIRROR
        arc = np.linalg.norm(mirrored - self.hip_centre, axis=1) * np.linalg.norm(rotation_vector(other))
        depth = np.minimum(-self.body.sample(mirrored)[0], mirrored[:, 0])
        return np.asarray(depth + arc + 2.0 * GAP_MM)


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
