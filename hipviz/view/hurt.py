"""Where it hurts: the area of the skin that was painted or ticked, with an outline, following the skin.

Which area that is comes from the state and the model's regions; what may be felt there is no work of the view.
"""

import numpy as np
import pyvista as pv
import scipy.sparse as sp

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.pain_lookup import FINGER_MM
from hipviz.model.units import Floats, Side
from hipviz.model.zone_drawing import Ribbon, SkinPatch, clipped, outline_ribbon
from hipviz.view.mesh_actor import MeshActor, add, flat, raise_above
from hipviz.view.tokens import Tokens, rgb

OPACITY = 0.38


class HurtActors:
    """Holds patch and outline of the area; both are made anew when the area changes."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy) -> None:
        self._plotter = plotter
        self._anatomy = anatomy
        self._shape: tuple[SkinPatch, Ribbon] | None = None
        self._meshes: tuple[MeshActor, MeshActor] | None = None

    def dress(
        self,
        regions: tuple[tuple[str, Side], ...],
        places: tuple[tuple[float, float, float], ...],
        tokens: Tokens,
        figure: Figure,
    ) -> None:
        """Show the area of regions and places, nothing without any."""
        renderer = self._plotter.renderer
        for mesh in self._meshes or ():
            renderer.RemoveActor(mesh.actor)
        self._shape = self._meshes = None
        distance = area(self._anatomy, regions, places)
        if distance is None or not (distance < 0.0).any():
            return
        rest = self._anatomy.skin.rest
        identity = sp.identity(len(rest.vertices), format="csr")
        patch, border = clipped(rest.faces, distance, identity)
        self._shape = patch, outline_ribbon(patch, border, rest.vertices)
        skin, normals = figure.skin_vertices, figure.skin_normals
        filled = MeshActor(patch.points(skin, normals), patch.faces, patch.normals(normals))
        line = MeshActor(self._shape[1].points(skin, normals), self._shape[1].faces)
        self._meshes = filled, line
        for mesh, opacity in ((filled, OPACITY), (line, 1.0)):
            flat(mesh.actor)
            mesh.actor.ForceTranslucentOn()
            mesh.prop.BackfaceCullingOn()
            mesh.actor.SetPickable(False)
            mesh.paint(rgb(tokens.hurt), opacity)
            raise_above(mesh.actor)
        add(self._plotter, filled.actor, line.actor)

    def place(self, figure: Figure) -> None:
        """Let the area follow the skin."""
        if self._shape is not None and self._meshes is not None:
            skin, normals = figure.skin_vertices, figure.skin_normals
            self._meshes[0].place(self._shape[0].points(skin, normals), self._shape[0].normals(normals))
            self._meshes[1].place(self._shape[1].points(skin, normals))


def area(
    anatomy: Anatomy,
    regions: tuple[tuple[str, Side], ...],
    places: tuple[tuple[float, float, float], ...],
) -> Floats | None:
    """Return the signed distance (n,) mm of the skin's vertices to the area's border, None without area."""
    fields = [anatomy.pain.distance(region, side) for region, side in regions if region in anatomy.pain.distances]
    vertices = anatomy.skin.rest.vertices
    fields += [np.linalg.norm(vertices - np.array(place), axis=1) - FINGER_MM for place in places]
    return np.asarray(np.min(fields, axis=0)) if fields else None
