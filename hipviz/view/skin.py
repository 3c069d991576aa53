"""The translucent body skin in the picture: clear where it faces the viewer, denser towards its silhouette.

The shading is done per pixel by the graphics card, so that it follows every turn without work here.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyvista as pv
from vtkmodules.vtkRenderingCore import vtkActor

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.blending import smooth_step
from hipviz.model.surface import Surface, open_edges
from hipviz.model.units import Floats, Ints
from hipviz.view.mesh_actor import Bytes, MeshActor, add, depth_twin, shade, uniforms
from hipviz.view.tokens import Tokens, rgb

USUAL_STRENGTH = 0.5
"""Opacity of the layer at which the theme's own figures hold."""

WINDOW_FACING, WINDOW_RIM = 0.07, 0.55
"""Opacity of the skin in an x-ray window, where it faces the viewer and towards its silhouette."""
WINDOW_REACH_MM, WINDOW_SOFT_MM = 40.0, 22.0
"""Distance from the window's border that is told to the shader, and how wide the soft edge is."""
CLOSED = 0.9
"""From this strength on the cut ends are closed by plain sections instead of fading out: one sees a solid body."""
SECTION_SHADE = 0.78
"""How dark these sections are, as a share of the skin's tone."""
SOLIDER = 0.3
"""What is left of the skin's clearness around a window: it must stand out from what it opens."""

SHADER = """
  float concavity = vertexColorVSOutput.r;
  float fade = vertexColorVSOutput.g;
  float opened = smoothstep(0.5 - windowSoft, 0.5 + windowSoft, vertexColorVSOutput.b);
  // Blood shows where little light comes: folds and grazing places turn warmer as they turn darker.
  float grazing = 1.0 - clamp(abs(normalVCVSOutput.z), 0.0, 1.0);
  vec3 tone = skinTone * (1.0 - concavity * vec3(0.26, 0.38, 0.42));
  tone *= 1.0 - grazing * grazing * vec3(0.05, 0.13, 0.16);
  ambientColor = ambientIntensity * tone;
  diffuseColor = diffuseIntensity * tone;
"""

SHADER_OPACITY = """
  float facing = clamp(abs(normalVCVSOutput.z), 0.0, 1.0);
  float veil = mix(veilRim, veilFacing, 1.0 - (1.0 - facing) * (1.0 - facing));
  veil += concavity * max(0.0, 0.62 - veil) * 0.5 * veilHollow;
  veil = mix(veil, min(veil, mix(windowRim, windowFacing, facing * facing)), opened);
  // The last of the silhouette is softened, the less the denser the skin: what is solid has no bright rim.
  float edge = mix(0.45 + 0.55 * smoothstep(0.0, 0.14, facing), 1.0, veilFacing * veilFacing);
  gl_FragData[0].a = veil * max(fade, endsClosed) * edge;
"""

INSIDE = """
  ambientColor = 0.78 * insideTone;
  diffuseColor = 0.22 * insideTone;
"""
INSIDE_OPACITY = "  gl_FragData[0].a = vertexColorVSOutput.g;\n"
INSIDE_SHADE = 0.80
"""How dark the far wall is that is seen through a window, as a share of the skin's tone."""


class SkinActor:
    """The skin, its depth twin (so that far parts do not shine through near ones) and how dense it is.

    `strength` is how dense it is drawn, 0…1.
    Behind an x-ray window stands the far wall of the body: one looks into it, not through it.
    """

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy, figure: Figure) -> None:
        skin = anatomy.skin
        shares = np.stack([skin.concavity, skin.fade, np.zeros(len(skin.fade))], axis=1)
        self.mesh = MeshActor(figure.skin_vertices, skin.rest.faces, figure.skin_normals, colours=_bytes(shares))
        self.mesh.actor.ForceTranslucentOn()
        self.mesh.prop.BackfaceCullingOn()
        shade(self.mesh.actor, "Color::Impl", SHADER)
        shade(self.mesh.actor, "Light::Impl", SHADER_OPACITY)
        self._fade = skin.fade
        self._legs = (skin.rest.vertices[:, 2] < 0.0).astype(np.float64)
        self._uniforms = uniforms(self.mesh.actor)
        self._uniforms.SetUniformf("windowFacing", WINDOW_FACING)
        self._uniforms.SetUniformf("windowRim", WINDOW_RIM)
        self._uniforms.SetUniformf("windowSoft", 0.25 * WINDOW_SOFT_MM / WINDOW_REACH_MM)
        self._opened = False
        self.strength = 0.0
        self._depth = depth_twin(self.mesh)
        self._ends = end_rings(skin.rest)
        self._sections = MeshActor(*sections(figure.skin_vertices, self._ends))
        self._section = self._sections.actor
        self._section.SetPickable(False)
        self._sections.prop.SetInterpolationToFlat()
        self._sections.matte(ambient=0.55, diffuse=0.5)
        self._wall = vtkActor()
        self.mesh.follow(self._wall, coloured=True)
        self._wall.SetPickable(False)
        self._wall.ForceOpaqueOn()
        self._wall.GetProperty().FrontfaceCullingOn()
        shade(self._wall, "Color::Impl", INSIDE)
        shade(self._wall, "Light::Impl", INSIDE_OPACITY)
        # Drawn before all else: its ends fade into the background, and what it surrounds stands before it.
        drawn: Any = plotter.renderer.GetViewProps()
        add(plotter, self._wall, under=next(iter(drawn)))
        add(plotter, self._section, self._depth, self.mesh.actor)

    @property
    def first(self) -> vtkActor:
        """The first of its actors to be drawn; what lies under the skin must come before."""
        return self._section

    def place(self, figure: Figure) -> None:
        """Write the skin's shape."""
        self.mesh.place(figure.skin_vertices, figure.skin_normals)
        self._sections.place(sections(figure.skin_vertices, self._ends)[0])

    def meet_legs(self, shown: bool) -> None:
        """Let the thighs end where lower legs go on, instead of fading out."""
        fade = np.maximum(self._fade, self._legs) if shown else self._fade
        self.mesh.mesh.point_data["colours"][:, 1] = _bytes(fade)
        self.mesh.mesh.GetPointData().GetScalars().Modified()

    def open(self, border_mm: Floats | None) -> None:
        """Look through the skin within a border: signed distances (n,) mm to it, negative inside; None closes it.

        Distances, not opacities, so that the soft edge is as smooth as the surface however coarse its mesh.
        """
        self._opened = border_mm is not None
        inside = np.zeros(1) if border_mm is None else 0.5 - 0.5 * border_mm / WINDOW_REACH_MM
        self.mesh.mesh.point_data["colours"][:, 2] = _bytes(inside)
        self.mesh.mesh.GetPointData().GetScalars().Modified()

    def dress(self, strength: float, tokens: Tokens, needed_by_zones: bool) -> None:
        """Draw the skin this dense, 0 not at all … 1 opaque; an unseen skin still hides the far side of zones."""
        self.mesh.actor.SetVisibility(strength > 0.0)
        self._depth.SetVisibility(strength > 0.0 or needed_by_zones)
        if self._opened and strength > 0.0:
            strength = 1.0 - SOLIDER * (1.0 - strength)
        self.strength = strength
        solid = float(smooth_step(np.array(strength), USUAL_STRENGTH, 1.0))
        self._wall.SetVisibility(self._opened and strength > 0.0)
        closed = strength > CLOSED
        self._uniforms.SetUniformf("endsClosed", float(closed))
        self._section.SetVisibility(closed)
        self._section.GetProperty().SetColor(*(SECTION_SHADE * rgb(tokens.skin)))
        uniforms(self._wall).SetUniform3f("insideTone", (INSIDE_SHADE * rgb(tokens.skin)).tolist())
        self._uniforms.SetUniform3f("skinTone", rgb(tokens.skin).tolist())
        self._uniforms.SetUniformf("veilFacing", density(strength, tokens.skin_opacity_facing))
        self._uniforms.SetUniformf("veilRim", density(strength, tokens.skin_opacity_rim))
        self._uniforms.SetUniformf("veilHollow", min(1.0, 2.0 * strength))
        # What one looks through glows of itself, lest a dark ground swallow it; what is solid is shaped by light.
        ambient = tokens.skin_ambient + solid * (tokens.skin_solid_ambient - tokens.skin_ambient)
        diffuse = tokens.skin_diffuse + solid * (tokens.skin_solid_diffuse - tokens.skin_diffuse)
        self.mesh.matte(ambient=ambient, diffuse=diffuse, specular=0.05, power=12.0)


def end_rings(rest: Surface) -> tuple[Ints, ...]:
    """Return the edges (k, 2) of the open ends of a skin: top, right and left thigh."""
    edges, (x, _, z) = open_edges(rest.faces), rest.vertices.T
    start = edges[:, 0]
    below = z[start] < 0.0
    return tuple(edges[part] for part in (~below, below & (x[start] > 0.0), below & (x[start] < 0.0)))


def sections(vertices: Floats, rings: Sequence[Ints]) -> tuple[Floats, Ints]:
    """Return vertices and faces, facing outwards, of flat sections through rings of a shape's edges."""
    points, faces, count = [], [], 0
    for ring in rings:
        points += [vertices[ring[:, 0]], vertices[ring[:, 0]].mean(axis=0, keepdims=True)]
        order = np.argsort(ring[:, 0])
        number = np.arange(len(ring)) + count
        follows = count + order[np.searchsorted(ring[order, 0], ring[:, 1])]
        faces.append(np.stack([follows, number, np.full(len(ring), count + len(ring))], axis=1))
        count += len(ring) + 1
    return np.concatenate(points), np.concatenate(faces)


def _bytes(shares: Floats) -> Bytes:
    return np.asarray(np.clip(shares, 0.0, 1.0) * 255.0, dtype=np.uint8)


def density(strength: float, at_usual: float) -> float:
    """Return the opacity at `strength` (0…1): 0 at 0, `at_usual` at the usual strength, 1 at 1."""
    if strength <= 0.0:
        return 0.0
    return float(strength ** (np.log(at_usual) / np.log(USUAL_STRENGTH)))
