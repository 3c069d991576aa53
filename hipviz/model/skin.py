"""The skin of the shipped body: its rest shape, how both thighs carry it along, and what shading needs of it.

The shape itself is drawn in `skin_sculpt`; what is felt where on it lives in `zones`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from hipviz.model.blending import neighbour_average, smooth_step
from hipviz.model.cache import cached, fingerprint
from hipviz.model.correction import NO_CORRECTION
from hipviz.model.cushion import Cushion
from hipviz.model.errors import AssetError
from hipviz.model.halves import Halves, mirrored_whole
from hipviz.model.neighbours import Neighbours
from hipviz.model.ply import read_ply
from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.thigh import SMOOTHING_STEPS, Thigh, bend_of, thigh_of, thigh_weights
from hipviz.model.thigh_contact import ThighContact
from hipviz.model.units import Floats, Ints, Side, Singles

if TYPE_CHECKING:
    from hipviz.model.assets import Bones
    from hipviz.model.gluteus_medius import GluteusMedius

FILE = "skin.ply"
"""The right half of the skin, in the folder of the meshes."""

FADE_MM = 45.0
"""Length over which the cut ends turn transparent."""

ON_THIGH = 0.75
"""Skin that takes more than this share of the hip's swing is the thigh's."""

METHOD = "skin 29"
"""Goes into the cache keys: change it with anything that changes the weights or how tissue gives."""


def read_half(path: Path) -> Surface:
    """Return the right half of a skin from a PLY file, mm, RAS, open at x = 0 and at its cut ends.

    Raises AssetError when the file is damaged or cannot be such a half.
    """
    half = read_ply(path)
    low, high = half.vertices.min(axis=0), half.vertices.max(axis=0)
    again = "make it anew with python -m hipviz.model.skin_sculpt, or restore the file"
    if not (high - low).max() <= 1500.0 or (high - low).max() < 200.0:
        raise AssetError(f"{path} is {(high - low).max():.3g} mm tall, which no such skin is; {again}.")
    if low[0] < -1e-2 or not (np.abs(half.vertices[:, 0]) < 1e-3).any():
        raise AssetError(f"{path} is not the right half of a body, cut at x = 0; {again}.")
    return half


@dataclass(frozen=True, eq=False)
class Skin:
    """The body piece from the lowest ribs to above the knees.

    rest : surface at neutral, mm, RAS; halves : how its n vertices fall into halves.
    concavity : (n,) 0…1, one in the folds; fade : (n,) 0…1, zero at the cut ends.
    """

    rest: Surface
    halves: Halves
    thigh: Thigh
    contact: ThighContact
    concavity: Floats
    fade: Floats
    cushion: Cushion | None = None

    @classmethod
    def around(
        cls, bones: Bones, medius: GluteusMedius, done: Callable[[float], None] = lambda share: None
    ) -> Skin:
        """Build the skin around loaded bones; `done` hears how far it is, 0…1, when that takes long.

        Raises AssetError when its file is missing or damaged.
        """
        specimen = bones.manifest.specimen
        if specimen is None or specimen.correction == NO_CORRECTION:
            half = read_half(bones.folder / FILE)
        else:
            from hipviz.model.specimen_skin import rewarped_half  # needs this module, and slow parts of scipy

            half = rewarped_half(bones)
        skin = cls.of(half, medius.hip_centre)
        return replace(skin, cushion=_cushion(skin, bones, medius, done))

    @classmethod
    def of(cls, half: Surface, hip_centre: Floats) -> Skin:
        """Build the skin from its right half (open at x = 0) around a body with this right hip centre (3,)."""
        rest, halves = mirrored_whole(half)
        key = fingerprint(rest.vertices, rest.faces, hip_centre, METHOD)
        arrays = cached("skin-weights", key, lambda: {"weight": thigh_weights(rest, hip_centre)})
        weight = np.asarray(arrays["weight"], dtype=np.float64)
        mate, right, z = halves.mate, slice(halves.count), rest.vertices[:, 2]
        fade = smooth_step(z.max() - z, 0.0, FADE_MM) * smooth_step(z - z.min(), 0.0, FADE_MM)
        around, hollow = neighbour_average(rest), rest.vertices
        for _ in range(SMOOTHING_STEPS):
            hollow = 0.5 * (hollow + around @ hollow)
        depth = -((rest.vertices - hollow) * rest.normals()).sum(axis=1)
        concavity = smooth_step(depth, 0.8, 8.0)
        return cls(
            rest=rest,
            halves=halves,
            thigh=thigh_of(rest.vertices[right], hip_centre, weight[right]),
            contact=ThighContact.of(rest, weight[right], hip_centre),
            concavity=0.5 * (concavity + concavity[mate]),
            fade=fade,
        )

    @property
    def mate(self) -> Ints:
        """The number (n,) of each mirrored vertex."""
        return self.halves.mate

    def shape(self, rotation_right: Floats, rotation_left: Floats) -> Floats:
        """Return the vertices (n, 3), mm, RAS, with each thigh at its hip's rotation.

        Both rotations are as `HipPose.rotation` gives them, i.e. the left one as if on the right side.
        """
        right, left = self._offsets(rotation_right, rotation_left), self._offsets(rotation_left, rotation_right)
        moved = self.halves.joined(right, left)
        return self.rest.vertices + moved

    def _offsets(self, own: Floats, other: Floats) -> Singles:
        """Return how far the right half moves, (h, 3) mm, by the rotation of its own hip and of the other one."""
        offsets = np.zeros_like(self.resting)
        if _is_rest(own) and _is_rest(other):
            return offsets.T
        if not _is_rest(own):
            offsets += self.thigh.offsets(own)
            if self.cushion is not None:
                offsets += self.cushion.offsets(own)
        return (offsets + self.give(self.resting + offsets, own, other)).T

    def give(self, half: Singles, own: Floats, other: Floats) -> Singles:
        """Return how the right half of a shape, (3, h), flattens where it meets the other thigh, (3, h) mm."""
        give = self.contact.offsets(half, own, other)
        return np.zeros_like(half) if give is None else give

    def thigh_at(self, point: Floats, vertices: Floats) -> Side | None:
        """Return whose thigh carries along a place (3,) on a shape of this skin (n, 3); None beside the thighs."""
        nearest = int(((vertices - point) ** 2).sum(axis=1).argmin())
        right = np.flatnonzero(self.thigh.swing > ON_THIGH)
        return "right" if nearest in right else "left" if nearest in self.mate[right] else None

    def normals(self, vertices: Floats) -> Floats:
        """Return outward unit normals (n, 3) of a shape of this skin."""
        faces, corners = self._shading
        return vertex_normals(vertices.astype(np.float32), faces, corners).astype(np.float64)

    @cached_property
    def _shading(self) -> tuple[Ints, sp.csr_matrix]:
        faces = self.rest.faces
        return np.asfortranarray(faces), incidence(faces, len(self.rest.vertices)).astype(np.float32)

    @cached_property
    def resting(self) -> Singles:
        """The vertices (3, h) of the right half at rest."""
        return self.rest.vertices[: self.halves.count].T.astype(np.float32, order="C")


def _cushion(skin: Skin, bones: Bones, medius: GluteusMedius, done: Callable[[float], None]) -> Cushion:
    """Return how the tissue under this skin gives, with these bones and muscles in it."""
    right = Surface(skin.rest.vertices[: skin.halves.count], skin.halves.faces)

    def met(vertices: Floats, rotation: Floats) -> Floats:
        half, resting = vertices.T.astype(np.float32), skin.resting
        moved = half - resting + skin.give(half, rotation, np.eye(3))
        still = skin.give(resting, np.eye(3), rotation)
        return skin.rest.vertices + skin.halves.joined(moved.T, still.T)

    maximus = Neighbours(bones, medius).muscle("gluteus_maximus")
    pelvis = np.concatenate([bones.surface(name, 1).vertices for name in ("hip_bone", "sacrum")])
    femur = bones.surface("femur", 2).vertices - medius.hip_centre

    def inside_at(rotation: Floats) -> Floats:
        muscles = (*medius.shape(rotation).vertices, *maximus.shape(rotation).vertices)
        return np.concatenate((*muscles, pelvis, femur @ rotation.T + medius.hip_centre))

    def build() -> dict[str, npt.NDArray[np.generic]]:
        from hipviz.model.tissue import Tissue  # the start of the window does without both
        from hipviz.model.tissue_table import displacement_table

        swing = skin.thigh.swing.astype(np.float64)
        whole = np.concatenate((swing, np.zeros(len(skin.rest.vertices) - len(swing))))
        bend = bend_of(skin.rest, medius.hip_centre, whole, neighbour_average(skin.rest))
        tissue = Tissue(
            rest=right,
            whole=skin.rest,
            hip_centre=medius.hip_centre,
            follows=swing,
            average=neighbour_average(right),
            turned_at=lambda rotation: right.vertices + skin.thigh.offsets(rotation).T,
            skin_at=lambda rotation: right.vertices + bend.offsets(rotation)[: skin.halves.count],
            met_at=met,
            inside_at=inside_at,
        )
        table = displacement_table(tissue, done)
        # One pose after the other in memory: nothing is copied when a frame reads some of them.
        return {"table": np.moveaxis(table, -1, -2).astype(np.float32, order="C")}

    # Two poses tell what lies inside from anything else.
    samples = (inside_at(np.eye(3)), inside_at(HipPose(70.0, 20.0, 15.0).rotation()))
    key = fingerprint(skin.rest.vertices, skin.rest.faces, medius.hip_centre, *samples, METHOD)
    arrays = cached("skin-cushion", key, build)
    return Cushion(np.asarray(arrays["table"], np.float32))


def _is_rest(rotation: Floats) -> bool:
    return bool(np.abs(rotation - np.eye(3)).max() < 1e-9)
