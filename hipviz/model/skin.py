"""The skin of the shipped body: its rest shape, how both thighs carry it along, and what shading needs of it.

The shape itself is drawn in `skin_sculpt`; what is felt where on it lives in `zones`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
from hipviz.model.neighbours import Neighbours
from hipviz.model.ply import read_ply
from hipviz.model.pose import HipPose
from hipviz.model.skin_normals import SkinNormals
from hipviz.model.surface import Surface, incidence, vertex_normals
from hipviz.model.thigh import SMOOTHING_STEPS, Thigh, thigh_of, thigh_weights
from hipviz.model.thigh_contact import ThighContact
from hipviz.model.units import MIRROR, Floats, Ints, Side

if TYPE_CHECKING:
    from hipviz.model.assets import Bones
    from hipviz.model.gluteus_medius import GluteusMedius

FILE = "skin.ply"
"""The right half of the skin, in the folder of the meshes."""

FADE_MM = 45.0
"""Length over which the cut ends turn transparent."""

ON_THIGH = 0.75
"""Skin that takes more than this share of the hip's swing is the thigh's."""

METHOD = "skin 27"
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


def mirrored_whole(half: Surface) -> tuple[Surface, Ints]:
    """Return the whole body piece of a right half that is open at x = 0, and the mirror partner of every vertex.

    Vertices on the midline are shared (partner of themselves); the right half keeps its vertex numbers.
    """
    vertices = half.vertices.copy()
    midline = np.abs(vertices[:, 0]) < 1e-3
    vertices[midline, 0] = 0.0
    n = len(vertices)
    off = np.flatnonzero(~midline)
    partner = np.arange(n)
    partner[off] = n + np.arange(len(off))
    faces = np.concatenate((half.faces, partner[half.faces][:, ::-1]))
    return Surface(np.concatenate((vertices, vertices[off] * MIRROR)), faces), np.concatenate((partner, off))


@dataclass(frozen=True, eq=False)
class Skin:
    """The body piece from the lowest ribs to above the knees.

    rest : surface at neutral, mm, RAS; mate : (n,) number of the mirrored vertex.
    concavity : (n,) 0…1, one in the folds; fade : (n,) 0…1, zero at the cut ends.
    """

    rest: Surface
    mate: Ints
    thigh: Thigh
    contact: ThighContact
    concavity: Floats
    fade: Floats
    corners: sp.csr_matrix = field(repr=False)
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
        rest, mate = mirrored_whole(half)
        key = fingerprint(rest.vertices, rest.faces, hip_centre, METHOD)
        arrays = cached("skin-weights", key, lambda: {"weight": thigh_weights(rest, hip_centre)})
        weight = np.asarray(arrays["weight"], dtype=np.float64)
        z = rest.vertices[:, 2]
        fade = smooth_step(z.max() - z, 0.0, FADE_MM) * smooth_step(z - z.min(), 0.0, FADE_MM)
        corners = incidence(rest.faces, len(z))
        around = neighbour_average(rest)
        hollow = rest.vertices
        for _ in range(SMOOTHING_STEPS):
            hollow = 0.5 * (hollow + around @ hollow)
        depth = -((rest.vertices - hollow) * vertex_normals(rest.vertices, rest.faces, corners)).sum(axis=1)
        concavity = smooth_step(depth, 0.8, 8.0)
        return cls(
            rest=rest,
            mate=mate,
            thigh=thigh_of(rest, hip_centre, weight, around),
            contact=ThighContact.of(rest, weight, hip_centre),
            concavity=0.5 * (concavity + concavity[mate]),
            fade=fade,
            corners=corners,
        )

    def shape(self, rotation_right: Floats, rotation_left: Floats) -> Floats:
        """Return the vertices (n, 3), mm, RAS, with each thigh at its hip's rotation.

        Both rotations are as `HipPose.rotation` gives them, i.e. the left one as if on the right side.
        """
        vertices = self.rest.vertices.copy()
        for part in (self.thigh, self.cushion):
            if part is None:
                continue
            if not _is_rest(rotation_right):
                vertices[part.members] += part.offsets(rotation_right)
            if not _is_rest(rotation_left):
                vertices[self.mate[part.members]] += part.offsets(rotation_left) * MIRROR
        if not (_is_rest(rotation_right) and _is_rest(rotation_left)):
            self.make_room(vertices, rotation_right, rotation_left)
        return vertices

    def make_room(self, vertices: Floats, rotation_right: Floats, rotation_left: Floats) -> None:
        """Flatten the thighs of a shape (n, 3) where they meet; it is changed in place."""
        inner = self.contact.members
        for members, mirror, own, other in (
            (inner, np.ones(3), rotation_right, rotation_left),
            (self.mate[inner], MIRROR, rotation_left, rotation_right),
        ):
            give = self.contact.offsets(vertices[members] * mirror, own, other)
            if give is not None:
                vertices[members] += give * mirror

    def thigh_at(self, point: Floats, vertices: Floats) -> Side | None:
        """Return whose thigh carries along a place (3,) on a shape of this skin (n, 3); None beside the thighs."""
        nearest = int(((vertices - point) ** 2).sum(axis=1).argmin())
        count = len(self.thigh.members)
        on = self.thigh.swing[:count] > ON_THIGH
        right = self.thigh.members[on]
        return "right" if nearest in right else "left" if nearest in self.mate[right] else None

    def normals(self, vertices: Floats) -> Floats:
        """Return outward unit normals (n, 3) of a shape of this skin."""
        return self._shading.at(vertices)

    @cached_property
    def _shading(self) -> SkinNormals:
        parts = (self.thigh, self.contact) if self.cushion is None else (self.thigh, self.contact, self.cushion)
        right = np.unique(np.concatenate([part.members for part in parts]))
        return SkinNormals.of(self.rest, right, self.mate[right])


def _cushion(skin: Skin, bones: Bones, medius: GluteusMedius, done: Callable[[float], None]) -> Cushion:
    """Return how the tissue under this skin gives, with these bones and muscles in it."""
    right = Surface(*_right_half(skin.rest))
    thigh, n = skin.thigh, len(right.vertices)
    mine = thigh.members < n

    def carried(offsets: Floats) -> Floats:
        vertices = right.vertices.copy()
        vertices[thigh.members[mine]] += offsets[mine]
        return vertices

    def met(vertices: Floats, rotation: Floats) -> Floats:
        whole = skin.rest.vertices.copy()
        whole[:n] = vertices
        skin.make_room(whole, rotation, np.eye(3))
        return whole

    maximus = Neighbours(bones, medius).muscle("gluteus_maximus")
    pelvis = np.concatenate([bones.surface(name, 1).vertices for name in ("hip_bone", "sacrum")])
    femur = bones.surface("femur", 2).vertices - medius.hip_centre

    def inside_at(rotation: Floats) -> Floats:
        muscles = (*medius.shape(rotation).vertices, *maximus.shape(rotation).vertices)
        return np.concatenate((*muscles, pelvis, femur @ rotation.T + medius.hip_centre))

    def build() -> dict[str, npt.NDArray[np.generic]]:
        from hipviz.model.tissue import Tissue  # the start of the window does without both
        from hipviz.model.tissue_table import displacement_table

        follows = np.zeros(len(skin.rest.vertices))
        follows[thigh.members] = thigh.swing[: len(thigh.members)]
        tissue = Tissue(
            rest=right,
            whole=skin.rest,
            hip_centre=medius.hip_centre,
            follows=follows[:n],
            average=neighbour_average(right),
            turned_at=lambda rotation: carried(thigh.offsets(rotation)),
            skin_at=lambda rotation: carried(thigh.smoothed(rotation)),
            met_at=met,
            inside_at=inside_at,
        )
        table = displacement_table(tissue, done)
        members = np.flatnonzero(np.abs(table).max(axis=(0, 1, 2, 4)) > 0.05)
        return {"members": members, "table": table[..., members, :].astype(np.float32)}

    # Two poses tell what lies inside from anything else.
    samples = (inside_at(np.eye(3)), inside_at(HipPose(70.0, 20.0, 15.0).rotation()))
    key = fingerprint(skin.rest.vertices, skin.rest.faces, medius.hip_centre, *samples, METHOD)
    arrays = cached("skin-cushion", key, build)
    return Cushion(np.asarray(arrays["members"], np.int64), np.asarray(arrays["table"], np.float32))


def _right_half(whole: Surface) -> tuple[Floats, Ints]:
    """Return vertices and faces of the half that `mirrored_whole` started from."""
    n = int((whole.vertices[:, 0] >= 0.0).sum())
    return whole.vertices[:n], whole.faces[(whole.faces < n).all(axis=1)]


def _is_rest(rotation: Floats) -> bool:
    return bool(np.abs(rotation - np.eye(3)).max() < 1e-9)
