"""The muscles beside the medius in the picture, on both sides; nothing is made before it is shown.

Their shape comes from the anatomy's neighbours; how opaque they are follows from the state.
"""

from collections.abc import Mapping

import numpy as np
import pyvista as pv
import scipy.sparse as sp
from vtkmodules.vtkRenderingCore import vtkActor

from hipviz.model.anatomy import Anatomy
from hipviz.model.pose import Posture
from hipviz.model.state import LayerName
from hipviz.model.surface import vertex_normals
from hipviz.model.units import NEIGHBOURS, SIDES, Floats, Neighbour, Side
from hipviz.view.mesh_actor import MeshActor, add, depth_twin, shade, veiled
from hipviz.view.muscle import shading_corners
from hipviz.view.textures import band_texture

LAYERS: dict[Neighbour, LayerName] = {
    "gluteus_minimus": "minimus",
    "gluteus_maximus": "maximus",
    "piriformis": "piriformis",
}
"""The layer that shows each."""
COLOURS: dict[Neighbour, tuple[str, str, str]] = {
    "gluteus_minimus": ("#C07A55", "#B56E4B", "#A96242"),
    "gluteus_maximus": ("#C98273", "#BF786A", "#B56F61"),
    "piriformis": ("#BB8468", "#B27A5E", "#A97055"),
}
"""Three shades of each, front to rear: muscle, but neither as red as the medius nor of its bands' hues."""

TENDON_FROM: dict[Neighbour, float] = {"gluteus_minimus": 0.86, "gluteus_maximus": 0.77, "piriformis": 0.86}
"""Where along each the tendon begins; in the pattern it does at 0.86."""
SEEDS: dict[Neighbour, int] = {
    "gluteus_minimus": 3,
    "gluteus_maximus": 6,
    "piriformis": 12,
}

LOOKED_THROUGH = """
  // What is looked through is drawn by its rim and its fibres, so that the colour of what it covers stays pure.
  float veil = gl_FragData[0].a;
  float facing = clamp(abs(normalVCVSOutput.z), 0.0, 1.0);
  float rim = pow(1.0 - facing, 1.4);
  vec3 here = texture(actortexture, tcoordVCVSOutput).rgb;
  vec3 around = textureLod(actortexture, tcoordVCVSOutput, 5.0).rgb;
  float furrow = smoothstep(0.015, 0.08, dot(around - here, vec3(0.4)));
  float drawn = max(0.46, max(rim, 1.3 * furrow));
  gl_FragData[0].rgb *= 1.0 - 0.3 * furrow * (1.0 - veil);
  gl_FragData[0].a = min(1.0, veil * mix(drawn, 1.0, smoothstep(0.75, 1.0, veil)));
"""


class NeighbourActors:
    """Three parts of each muscle on each side, with a depth twin for when they are looked through."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy, under: vtkActor) -> None:
        """Prepare to draw below `under`, the first actor of the skin."""
        self._plotter, self._anatomy, self._under = plotter, anatomy, under
        self._posture = Posture()
        self._placed: dict[Neighbour, Posture] = {}
        self._corners: dict[tuple[Neighbour, Side], list[sp.csr_matrix]] = {}
        self._strength: dict[Neighbour, float] = dict.fromkeys(NEIGHBOURS, 0.0)
        self.meshes: dict[tuple[Neighbour, Side, int], MeshActor] = {}
        self._twins: dict[tuple[Neighbour, Side, int], vtkActor] = {}

    def reshape(self, anatomy: Anatomy) -> None:
        """Take the same muscles in another shape; they get it when they are placed."""
        self._anatomy = anatomy
        self._placed.clear()

    def place(self, posture: Posture) -> None:
        """Move what is shown; what is hidden is moved when it is shown again."""
        self._posture = posture
        for name in NEIGHBOURS:
            if self._strength[name] > 0.0:
                self._move(name)

    def dress(self, strengths: Mapping[Neighbour, float], far_side: Side = "left", veil: float = 0.0) -> None:
        """Draw each muscle this opaque, 0…1; those of `far_side` fainter the denser the veil over them, 0…1."""
        for name, strength in strengths.items():
            self._strength[name] = strength
            if strength > 0.0:
                self._move(name)
            for (owner, side, part), mesh in self.meshes.items():
                if owner == name:
                    opacity = veiled(strength, veil) if side == far_side else strength
                    mesh.show(opacity)
                    mesh.actor.SetPickable(False)
                    self._twins[owner, side, part].SetVisibility(0.0 < opacity < 1.0)

    def _move(self, name: Neighbour) -> None:
        if self._placed.get(name) == self._posture:
            return
        shapes = self._anatomy.neighbours.shapes(name, self._posture)
        for side in SIDES:
            for part, vertices in enumerate(shapes[side].vertices):
                if (name, side, part) not in self.meshes:
                    self._make(name, side, part, vertices)
                self.meshes[name, side, part].place(vertices, self._normals(name, side, part, vertices))
        self._placed[name] = self._posture

    def _make(self, name: Neighbour, side: Side, part: int, vertices: Floats) -> None:
        faces = self._anatomy.neighbours.faces(name, side)
        self._corners.setdefault((name, side), shading_corners(faces, len(vertices)))
        across, along = self._anatomy.neighbours.muscle(name).texture_coordinates.T
        along = np.interp(along, (0.0, TENDON_FROM[name], 1.0), (0.0, 0.86, 1.0))
        mesh = MeshActor(
            vertices,
            faces,
            self._normals(name, side, part, vertices),
            texture_coordinates=0.004 + 0.992 * np.stack([across, along], axis=1),
        )
        mesh.matte(ambient=0.14, diffuse=0.96, specular=0.16, power=16.0)
        mesh.actor.SetTexture(band_texture(SEEDS[name] + part, COLOURS[name][part]))
        shade(mesh.actor, "TCoord::Impl", LOOKED_THROUGH)
        self.meshes[name, side, part] = mesh
        twin = self._twins[name, side, part] = depth_twin(mesh)
        add(self._plotter, twin, mesh.actor, under=self._under)

    def _normals(self, name: Neighbour, side: Side, part: int, vertices: Floats) -> Floats:
        faces = self._anatomy.neighbours.faces(name, side)
        return vertex_normals(vertices, faces, self._corners[name, side][part])
