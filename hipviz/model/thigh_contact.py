"""Where one thigh meets the other: both flatten at the surface half-way between the two femora.

How a thigh follows its hip lives in `thigh`; the skin that both belong to in `skin`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hipviz.model.blending import cotangent_laplacian, smooth_step
from hipviz.model.distance import DistanceField, distance_field
from hipviz.model.rotation import rotation_vector
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats, Ints, Real, Singles

GAP_MM = 2.0
"""What each thigh keeps from the surface between them."""

SOFT_MM = 6.0
"""How far before the contact a thigh begins to give, so that no edge shows around it."""

SWELLING_MM = (55.0, 100.0)
"""How far from the midplane at rest a thigh begins to swell for what is pressed flat, and swells in full."""

ORDER = 0.12
"""Share of its depth that skin keeps where it comes past the surface, so that what lay over a fold of it still
lies over it; farther on the share falls, and no more than `GAP_MM` is kept in all."""

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

    inner : (k,) vertices, out of the h of the right half of a skin, that can ever meet the other thigh.
    body : distance to the skin at rest. soft : (k,) mm, `SOFT_MM`, less where both thighs are close at rest.
    area : (k,) mm² of skin around each; swelling : (3, h) how the thigh at rest grows by one mm³.
    """

    inner: Ints
    body: DistanceField
    soft: Singles
    area: Singles
    swelling: Singles
    hip_centre: Floats

    @classmethod
    def of(cls, rest: Surface, weight: Floats, hip_centre: Floats) -> ThighContact:
        """Prepare the skin at `rest`, the first h of whose vertices follow the right thigh by `weight` (h,)."""
        neutral, points = np.eye(3), rest.vertices[: len(weight)].T
        depth, _ = _depth(points, hip_centre, neutral, neutral)
        inner = np.flatnonzero((weight > LEAST_WEIGHT) & (depth > -FARTHEST_MM))
        area = cotangent_laplacian(rest)[1][: len(weight)]
        share = smooth_step(weight, 0.5, 1.0) * smooth_step(-depth, *SWELLING_MM)
        outwards = _from_axis(points, hip_centre, np.zeros(3), np.zeros(len(weight)))[1]
        body = distance_field("skin", rest, *INNER, SPACING_MM)
        soft, around, grown = (
            np.asarray(values, np.float32)
            for values in (np.clip(-depth[inner], 1e-3, SOFT_MM), area[inner], share * outwards / (share @ area))
        )
        return cls(inner, body, soft, around, grown, hip_centre)

    def offsets(self, half: Singles, own: Floats, other: Floats) -> Singles | None:
        """Return how the right half of a shape (3, h) gives, (3, h) mm, or None when the thighs are apart.

        What is pressed flat swells the thigh away from the contact, so that it keeps its volume.
        own, other : rotations (3, 3) of the hip of this thigh and of the other one, each as if on the right side.
        """
        points = half.take(self.inner, axis=1)
        depth, _ = _depth(points, self.hip_centre, own, other)
        if not (depth > -self.soft).any():
            return None
        close = np.flatnonzero(depth > -self.soft - SWOLLEN_MM)
        places, soft = points.take(close, axis=1), self.soft[close]
        # Both this and how much is pressed away are about the same without the swelling that it leads to.
        inside = self._inside(places, other)
        give = self._give(np.minimum(depth[close], inside), soft)
        share = float(smooth_step(give.max(), *TOUCHING_MM))
        if share == 0.0:
            return None
        offsets = (float(give @ self.area[close]) * own.astype(np.float32)) @ self.swelling
        near = self.inner[close]
        places += offsets.take(near, axis=1)
        depth, way = _depth(places, self.hip_centre, own, other)
        depth = np.minimum(depth, inside)
        give = self._give(depth, soft)
        wanted, pressed = depth - give, give * way
        # The surface between the femora is curved: what goes far is looked at again.
        far = np.flatnonzero(give > FAR_MM)
        if len(far):
            moved = places[:, far] + pressed[:, far]
            depth, way = _depth(moved, self.hip_centre, own, other)
            depth = np.minimum(depth, self._inside(moved, other))
            pressed[:, far] += np.maximum(depth - wanted[far], 0.0) * way
        offsets[:, near] += pressed
        return np.asarray(share * offsets)

    @staticmethod
    def _give(depth: Singles, soft: Singles) -> Singles:
        """Return how far what lies so deep past the surface gives (k,), mm, softly at its border."""
        bounded = np.clip(depth, -soft, soft)
        past = (bounded + soft) ** 2 / (4.0 * soft) + np.maximum(depth - soft, 0.0)
        return np.asarray(past - GAP_MM * (1.0 - np.exp(-ORDER / GAP_MM * past)))

    def _inside(self, points: Singles, other: Floats) -> Singles:
        """Return how deep points (3, k) can at most lie in the other half of the body, (k,) mm.

        Around the crotch a thigh may come past the middle without meeting the other one. How that lies is known at
        rest; turned, it may have come as much nearer as it went along its arc.
        """
        mirrored = points.T * MIRROR
        arc = np.linalg.norm(mirrored - self.hip_centre, axis=1) * np.linalg.norm(rotation_vector(other))
        depth = np.minimum(-self.body.distance(mirrored), mirrored[:, 0])
        return np.asarray(depth + arc + 2.0 * GAP_MM, np.float32)


def _depth(
    points: npt.NDArray[Real], hip_centre: Floats, own: Floats, other: Floats
) -> tuple[npt.NDArray[Real], npt.NDArray[Real]]:
    """Return how far points (3, k) lie past the surface half-way between the femora, mm, and the way back (3, k).

    Near the crotch, where skin follows neither thigh, the surface passes smoothly into the midplane.
    """
    share = smooth_step(np.sqrt(_squared(points)), *CROTCH_MM)
    near, outwards = _from_axis(points, hip_centre, UP - own[:, 2], share)
    far, towards = _from_axis(points, hip_centre * MIRROR, UP - other[:, 2] * MIRROR, share)
    apart = towards - outwards
    # The difference of both distances grows by |apart|² along `apart`.
    length = np.sqrt(np.maximum(_squared(apart), LEAST_APART**2))
    return (near - far) / length + GAP_MM, apart / length


def _from_axis(
    points: npt.NDArray[Real], start: Floats, turned: Floats, share: npt.NDArray[Real]
) -> tuple[npt.NDArray[Real], npt.NDArray[Real]]:
    """Return the distance (k,) of points (3, k) to rays from `start`, and the unit way (3, k) from the rays.

    The ray for a point points down, bent by its `share` (k,) of `turned` (3,).
    """
    offset: npt.NDArray[Real] = (points - start[:, None]).astype(points.dtype)
    bent: npt.NDArray[Real] = turned.astype(points.dtype)
    length = share * (share * float(turned @ turned) - 2.0 * float(turned[2])) + 1.0
    along = np.maximum((share * (bent @ offset) - offset[2]) / length, 0.0)
    offset -= bent[:, None] * (along * share)
    offset[2] += along
    distance: npt.NDArray[Real] = np.maximum(np.sqrt(_squared(offset)), 1e-9)
    return distance, np.asarray(offset / distance)


def _squared(vectors: npt.NDArray[Real]) -> npt.NDArray[Real]:
    """Return the squared lengths (k,) of vectors (3, k)."""
    x, y, z = vectors
    return np.asarray(x * x + y * y + z * z)
