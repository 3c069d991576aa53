"""Pelvis and femora in the picture: baked light, thin outlines, rigid motion.

How bones are shaded is in `lighting`; where they are comes from the figure.
"""

import numpy as np
import pyvista as pv

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.units import SIDES, Ints, Side
from hipviz.view.lighting import bone_colours
from hipviz.view.mesh_actor import MeshActor, add, depth_twin, outline_twin, veiled, widen
from hipviz.view.tokens import Tokens, rgb

STANDING_TOGETHER = (("hip_bone_right", "hip_bone_left", "sacrum"), ("femur_right",), ("femur_left",))
"""Bones that never move against each other shade each other."""


class BoneActors:
    """The five bones; each has an outline, and a depth twin for when the layer is faded."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy) -> None:
        self.meshes: dict[str, MeshActor] = {}
        for group in STANDING_TOGETHER:
            pieces = [anatomy.surfaces[name] for name in group]
            for name, piece, colours in zip(group, pieces, bone_colours(pieces), strict=True):
                mesh = MeshActor(piece.vertices, piece.faces, piece.normals(), colours=colours)
                mesh.matte(ambient=0.13, diffuse=0.97, specular=0.12, power=20.0)
                self.meshes[name] = mesh
        self._faces = {name: (anatomy.surfaces[name].faces, coarse_faces(anatomy, name)) for name in self.meshes}
        self._fine = True
        self._depth = {name: depth_twin(mesh) for name, mesh in self.meshes.items()}
        self._outline = {name: outline_twin(mesh) for name, mesh in self.meshes.items()}
        self._outlined = True
        add(plotter, *self._depth.values(), *self._outline.values())
        add(plotter, *(mesh.actor for mesh in self.meshes.values()))

    def place(self, figure: Figure) -> None:
        """Put the femora where the figure has them."""
        for side in SIDES:
            name = f"femur_{side}"
            self.meshes[name].transform(figure.femur_matrices[side])
            for twin in (self._depth[name], self._outline[name]):
                twin.SetUserMatrix(self.meshes[name].actor.GetUserMatrix())

    def reshape(self, anatomy: Anatomy) -> None:
        """Take the same bones in another shape; the light baked into them stays."""
        for name, mesh in self.meshes.items():
            surface = anatomy.surfaces[name]
            mesh.place(surface.vertices, surface.normals())

    def fade(self, strength: float, far_side: Side = "left", veil: float = 0.0) -> None:
        """Draw the bones this opaque, 0…1; those of `far_side` fainter the denser the veil over them, 0…1."""
        for name, mesh in self.meshes.items():
            opacity = veiled(strength, veil) if name.endswith(far_side) else strength
            mesh.show(opacity)
            self._depth[name].SetVisibility(0.0 < opacity < 1.0)
            self._outline[name].SetVisibility(self._outlined and opacity == 1.0)

    def outline(self, shown: bool) -> None:
        """Draw thin outlines, or leave them out."""
        self._outlined = shown
        for name, twin in self._outline.items():
            twin.SetVisibility(shown and self.meshes[name].prop.GetOpacity() == 1.0)

    def refine(self, fine: bool) -> None:
        """Draw all faces, or a quarter of them over the same points."""
        if fine != self._fine:
            self._fine = fine
            for name, mesh in self.meshes.items():
                mesh.connect(self._faces[name][0 if fine else 1])

    def widen(self, widening: tuple[float, float]) -> None:
        """Set the width of the outlines (see `mesh_actor.widen`)."""
        for twin in self._outline.values():
            widen(twin, widening)

    def recolour(self, tokens: Tokens) -> None:
        """Take the outline's colour of a theme."""
        for twin in self._outline.values():
            twin.GetProperty().SetColor(*rgb(tokens.outline))


def coarse_faces(anatomy: Anatomy, name: str) -> Ints:
    """Return the faces (m, 3) of a bone one level of subdivision coarser.

    Loop subdivision keeps the vertices of the coarser level first, so these faces hold for the finer points too.
    """
    bone, _, side = name.rpartition("_") if name.endswith(("_right", "_left")) else (name, "", "")
    level = max(0, anatomy.bones.manifest.subdivision_level - 1)
    faces = anatomy.bones.surface(bone, level).faces
    return np.ascontiguousarray(faces[:, ::-1]) if side == "left" else faces
