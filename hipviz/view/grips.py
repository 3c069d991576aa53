"""Where the bands grip the bones, painted on them, with the gluteal lines, the crest and the trochanter's facets.

Origins are striped and insertions full, each in its band's colour, so that hue is never all that tells them apart.
What lies where comes from `hipviz.model.footprints`; nothing is made before it is shown.
"""

from typing import Any

import numpy as np
import pyvista as pv

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.footprints import BoneLine
from hipviz.model.surface import Surface, joined
from hipviz.model.units import SIDES, Band, Floats, Side
from hipviz.view.mesh_actor import MeshActor, add, flat, raise_above
from hipviz.view.muscle import CORD_SIDES, cord_points
from hipviz.view.tokens import Tokens, rgb

LINE_MM, FACET_MM, EDGE_MM, STRIPE_MM = 0.42, 0.24, 0.28, 0.22
"""Radius of the lines on the bones, of the facets' outlines, of those of the grips and of the origins' stripes."""
ORIGIN_OPACITY, INSERTION_OPACITY = 0.45, 1.0


class GripActors:
    """Grips and lines of both sides; those on the femur move along with it."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy, figure: Figure) -> None:
        self._plotter, self._anatomy, self._figure = plotter, anatomy, figure
        self._stage: Any = plotter  # pyvista's wrapped methods defeat static types
        self.patches: dict[tuple[Side, Band, str], MeshActor] = {}
        self.edges: dict[tuple[Side, Band, str], MeshActor] = {}
        self.lines: dict[tuple[Side, str], MeshActor] = {}
        self._on_femur: list[tuple[Side, MeshActor]] = []

    def reshape(self, anatomy: Anatomy) -> None:
        """Take the same bones in another shape: what was drawn on them goes, and is made anew when it is shown."""
        self._anatomy = anatomy
        for meshes in (self.patches, self.edges, self.lines):
            for mesh in meshes.values():
                self._stage.remove_actor(mesh.actor, render=False)
            meshes.clear()
        self._on_femur.clear()

    def place(self, figure: Figure) -> None:
        """Put what lies on the femora where the figure has them."""
        self._figure = figure
        for side, mesh in self._on_femur:
            mesh.transform(figure.femur_matrices[side])

    def dress(self, strength: float, tokens: Tokens) -> None:
        """Draw everything this opaque, 0…1."""
        if strength > 0.0 and not self.patches:
            self._make()
            self.place(self._figure)
        for meshes, opaque in ((self.patches, True), (self.edges, False)):
            for (_, band, end), mesh in meshes.items():
                share = (ORIGIN_OPACITY if end == "origin" else INSERTION_OPACITY) if opaque else 1.0
                colours = tokens.bands[band]
                mesh.paint(rgb(colours.fill if opaque else colours.ink), strength * share)
                mesh.actor.SetVisibility(strength > 0.0)
        for mesh in self.lines.values():
            mesh.paint(rgb(tokens.outline), 0.85 * strength)
            mesh.actor.SetVisibility(strength > 0.0)

    def _make(self) -> None:
        ground = {name: Ground(self._anatomy.bones.surface(name)) for name in ("hip_bone", "femur")}
        for grip in self._anatomy.grips:
            under = ground[grip.bone]
            drawn = [tube(BoneLine("", grip.bone, grip.outline, True), under, EDGE_MM)]
            drawn += [tube(stripe, under, STRIPE_MM) for stripe in grip.stripes() if grip.end == "origin"]
            edges = joined(drawn)
            for side in SIDES:
                self.patches[side, grip.band, grip.end] = self._added(side, grip.bone, grip.patch)
                self.edges[side, grip.band, grip.end] = self._added(side, grip.bone, edges)
        for line in self._anatomy.lines:
            surface = tube(line, ground[line.bone], FACET_MM if line.closed else LINE_MM)
            for side in SIDES:
                self.lines[side, line.name] = self._added(side, line.bone, surface)

    def _added(self, side: Side, bone: str, surface: Surface) -> MeshActor:
        drawn = surface if side == "right" else surface.mirrored()
        mesh = MeshActor(drawn.vertices, drawn.faces, drawn.normals())
        mesh.actor.SetPickable(False)
        flat(mesh.actor)
        raise_above(mesh.actor)
        add(self._plotter, mesh.actor)
        if bone == "femur":
            self._on_femur.append((side, mesh))
        return mesh


class Ground:
    """Which way a bone faces near any place; made once for all that is drawn on it."""

    def __init__(self, bone: Surface) -> None:
        from scipy.spatial import cKDTree  # takes a moment to import, and grips are shown late

        self._vertices, self._normals = cKDTree(bone.vertices), bone.normals()

    def normals(self, spots: Floats) -> Floats:
        """Return the outward unit normals (k, 3) of the bone's vertices nearest to `spots` (k, 3)."""
        return np.asarray(self._normals[self._vertices.query(spots)[1]])


def tube(line: BoneLine, ground: Ground, radius_mm: float) -> Surface:
    """Return a thin tube along a line on a bone."""
    spots, count = line.points, len(line.points)
    if not line.closed:  # a loop of tube bends towards its other end: let it do so beyond both
        spots = np.concatenate([[2.0 * spots[0] - spots[1]], spots, [2.0 * spots[-1] - spots[-2]]])
    points = cord_points(spots, ground.normals(spots), radius_mm)
    if not line.closed:
        points = points[CORD_SIDES:-CORD_SIDES]
    here, around = np.meshgrid(
        np.arange(count if line.closed else count - 1), np.arange(CORD_SIDES), indexing="ij"
    )
    ahead, beside = (here + 1) % count, (around + 1) % CORD_SIDES
    a, b = (here * CORD_SIDES + around).ravel(), (here * CORD_SIDES + beside).ravel()
    c, d = (ahead * CORD_SIDES + around).ravel(), (ahead * CORD_SIDES + beside).ravel()
    return Surface(points, np.concatenate([np.stack([a, c, d], 1), np.stack([a, d, b], 1)]))
