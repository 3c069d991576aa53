"""The pain zone of the chosen band on the skin: a crisp patch, outlines, and dots where it may spread.

What a zone covers and how it follows the skin lives in the model; here it gets actors that are kept and rewritten.
"""

from dataclasses import dataclass

import numpy as np
import pyvista as pv

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.referral import Arrival
from hipviz.model.units import Band, Floats, Side
from hipviz.model.zone_drawing import DOT_SIDES
from hipviz.model.zones import Zone
from hipviz.view.mesh_actor import MeshActor, add, flat, raise_above, shade, uniforms
from hipviz.view.tokens import Tokens, rgb

INSIDE = 0.55
"""Opacity in the depth of the patch as a share of that at its border, so that what lies beneath stays readable."""

WASH = 0.13
"""Opacity of the spillover's ground, as a share of the essential zone's."""

FRONT = 0.10
"""How wide the front of a spreading zone is, as a share of its whole way."""

SPREADING_VERTEX = "  cameAt = arrival;\n"
SPREADING_FRAGMENT = """
  gl_FragData[0].a *= 1.0 - smoothstep(spreadTo - spreadFront, spreadTo, cameAt);
  if (cameAt > spreadTo) discard;
"""


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The actors of one zone."""

    zone: Zone
    essential: MeshActor
    spillover: MeshActor
    essential_outline: MeshActor
    spillover_outline: MeshActor
    dots: MeshActor

    @property
    def meshes(self) -> tuple[MeshActor, ...]:
        return (self.spillover, self.essential, self.dots, self.spillover_outline, self.essential_outline)

    def spread(self, essential: float, spillover: float) -> None:
        """Show as much as the zone has spread: shares 0…1 of the way of each of its parts."""
        for mesh in self.meshes:
            share = essential if mesh in (self.essential, self.essential_outline) else spillover
            mesh.actor.SetVisibility(share > 0.0)
            uniforms(mesh.actor).SetUniformf("spreadTo", share * (1.0 + FRONT))

    def place(self, figure: Figure) -> None:
        """Write all points for a skin."""
        zone, skin, normals = self.zone, figure.skin_vertices, figure.skin_normals
        self.essential.place(zone.essential_patch.points(skin, normals), zone.essential_patch.normals(normals))
        self.spillover.place(zone.spillover_patch.points(skin, normals), zone.spillover_patch.normals(normals))
        self.essential_outline.place(zone.essential_outline.points(skin, normals))
        self.spillover_outline.place(zone.spillover_outline.points(skin, normals))
        self.dots.place(zone.dots.points(skin, normals))


class ZoneActors:
    """Zones are built when first chosen and kept; only the one that is shown follows the skin."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy) -> None:
        self._plotter = plotter
        self._anatomy = anatomy
        self._drawn: dict[tuple[Band, Side], _Drawn] = {}
        self._shown: tuple[Band, Side] | None = None
        self._reached = (1.0, 1.0)

    @property
    def shown(self) -> Zone | None:
        """The zone that is drawn now."""
        return self._drawn[self._shown].zone if self._shown is not None else None

    def place(self, figure: Figure) -> None:
        """Let the shown zone follow the skin."""
        if self._shown is not None:
            self._drawn[self._shown].place(figure)

    def spread(self, essential: float, spillover: float) -> None:
        """Show only what a zone that spreads has reached, in shares 0…1 of the way of each part; 1 is all."""
        self._reached = essential, spillover
        if self._shown is not None:
            self._drawn[self._shown].spread(*self._reached)

    def dress(self, chosen: tuple[Band, Side] | None, strength: float, tokens: Tokens, figure: Figure) -> None:
        """Show the zone of `chosen` (none when it has none) this strongly, in the colours of a theme."""
        shown = chosen if chosen is not None and strength > 0.0 and chosen in self._anatomy.zones else None
        if shown is not None and shown not in self._drawn:
            arrival = self._anatomy.arrival(*shown)
            self._drawn[shown] = self._built(self._anatomy.zones[shown], arrival, figure)
        self._shown = shown
        for drawn in self._drawn.values():
            for mesh in drawn.meshes:
                mesh.actor.SetVisibility(False)
        if shown is None:
            return
        drawn = self._drawn[shown]
        drawn.place(figure)
        drawn.spread(*self._reached)
        tint, line, dot = rgb(tokens.zone), rgb(tokens.zone_outline), rgb(tokens.zone_dot)
        drawn.essential.mesh.point_data["colours"][:] = _glow(drawn.zone, tint, tokens.zone_opacity * strength)
        drawn.essential.mesh.GetPointData().GetScalars().Modified()
        drawn.spillover.paint(tint, WASH * strength)
        drawn.essential_outline.paint(line, strength)
        drawn.spillover_outline.paint(line, strength)
        drawn.dots.paint(dot, strength)

    def _built(self, zone: Zone, arrival: Arrival, figure: Figure) -> _Drawn:
        skin, normals = figure.skin_vertices, figure.skin_normals
        patches = []
        for patch, coloured in ((zone.essential_patch, True), (zone.spillover_patch, False)):
            mesh = MeshActor(
                patch.points(skin, normals),
                patch.faces,
                patch.normals(normals),
                colours=np.zeros((patch.matrix.shape[0], 4), dtype=np.uint8) if coloured else None,
            )
            mesh.actor.ForceTranslucentOn()
            mesh.matte(ambient=0.45, diffuse=0.6)
            patches.append(mesh)
        lines = [
            MeshActor(piece.points(skin, normals), piece.faces)
            for piece in (zone.essential_outline, zone.spillover_outline, zone.dots)
        ]
        for mesh in lines:
            flat(mesh.actor)
            mesh.actor.ForceTranslucentOn()  # drawn after the skin, whose depth is known only then
        drawn = _Drawn(zone, patches[0], patches[1], lines[0], lines[1], lines[2])
        for mesh in drawn.meshes:
            mesh.prop.BackfaceCullingOn()
            mesh.actor.SetPickable(False)
            raise_above(mesh.actor)
        for mesh, matrix, came, repeats in (
            (drawn.essential, zone.essential_patch.matrix, arrival.essential, 1),
            (drawn.spillover, zone.spillover_patch.matrix, arrival.spillover, 1),
            (drawn.essential_outline, zone.essential_outline.matrix, arrival.essential, 2),
            (drawn.spillover_outline, zone.spillover_outline.matrix, arrival.spillover, 2),
        ):
            _let_spread(mesh, np.tile(matrix @ came, repeats))
        _let_spread(drawn.dots, np.repeat(zone.dots.matrix @ arrival.spillover, DOT_SIDES))
        add(self._plotter, *(mesh.actor for mesh in drawn.meshes))
        return drawn


def _let_spread(mesh: MeshActor, arrival: Floats) -> None:
    """Let a mesh be drawn only as far as it has spread; arrival : (n,) shares of the way, 0…1."""
    mesh.tell("arrival", np.clip(arrival, 0.0, 1.0))
    shade(mesh.actor, "Normal::Dec", "in float arrival;\nout float cameAt;\n", stage="vertex")
    shade(mesh.actor, "Normal::Impl", SPREADING_VERTEX, stage="vertex")
    shade(mesh.actor, "Normal::Dec", "in float cameAt;\n")
    shade(mesh.actor, "Light::Impl", SPREADING_FRAGMENT)
    uniforms(mesh.actor).SetUniformf("spreadFront", FRONT)


def _glow(zone: Zone, tint: Floats, opacity: float) -> Floats:
    """Return the patch's colours (k, 4) 0…255: densest along the border, clearer in the middle."""
    depth = np.clip(zone.essential_patch.matrix @ zone.essential, 0.0, 1.0)
    depth = np.clip((depth - 0.5) * 2.0, 0.0, 1.0)
    alpha = opacity * (1.0 - (1.0 - INSIDE) * depth)
    return np.concatenate([np.broadcast_to(tint, (len(alpha), 3)), alpha[:, None]], axis=1) * 255.0
