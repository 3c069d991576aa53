"""The translucent body skin in the picture: clear where it faces the viewer, denser towards its silhouette.

The shading is done per pixel by the graphics card, so that it follows every turn without work here.
"""

import numpy as np
import pyvista as pv
from vtkmodules.vtkRenderingCore import vtkActor

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.view.mesh_actor import MeshActor, add, depth_twin, shade, uniforms
from hipviz.view.tokens import Tokens, rgb

USUAL_STRENGTH = 0.5
"""Opacity of the layer at which the theme's own figures hold."""

SHADER = """
  float concavity = vertexColorVSOutput.r;
  float fade = vertexColorVSOutput.g;
  vec3 tone = skinTone * (1.0 - 0.34 * concavity);
  ambientColor = ambientIntensity * tone;
  diffuseColor = diffuseIntensity * tone;
"""

SHADER_OPACITY = """
  float facing = clamp(abs(normalVCVSOutput.z), 0.0, 1.0);
  float veil = mix(veilRim, veilFacing, 1.0 - (1.0 - facing) * (1.0 - facing));
  veil += concavity * max(0.0, 0.62 - veil) * 0.5 * veilHollow;
  gl_FragData[0].a = veil * fade * (0.45 + 0.55 * smoothstep(0.0, 0.14, facing));
"""


class SkinActor:
    """The skin, its depth twin (so that far parts do not shine through near ones) and how dense it is."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy, figure: Figure) -> None:
        skin = anatomy.skin
        shares = np.stack([skin.concavity, skin.fade, np.zeros(len(skin.fade))], axis=1)
        self.mesh = MeshActor(
            figure.skin_vertices,
            skin.rest.faces,
            figure.skin_normals,
            colours=np.asarray(np.clip(shares, 0.0, 1.0) * 255.0, dtype=np.uint8),
        )
        self.mesh.actor.ForceTranslucentOn()
        self.mesh.prop.BackfaceCullingOn()
        shade(self.mesh.actor, "Color::Impl", SHADER)
        shade(self.mesh.actor, "Light::Impl", SHADER_OPACITY)
        self._uniforms = uniforms(self.mesh.actor)
        self._depth = depth_twin(self.mesh)
        add(plotter, self._depth, self.mesh.actor)

    @property
    def first(self) -> vtkActor:
        """The first of its actors to be drawn; what lies under the skin must come before."""
        return self._depth

    def place(self, figure: Figure) -> None:
        """Write the skin's shape."""
        self.mesh.place(figure.skin_vertices, figure.skin_normals)

    def dress(self, strength: float, tokens: Tokens, needed_by_zones: bool) -> None:
        """Draw the skin this dense, 0 not at all … 1 opaque; an unseen skin still hides the far side of zones."""
        self.mesh.actor.SetVisibility(strength > 0.0)
        self._depth.SetVisibility(strength > 0.0 or needed_by_zones)
        self._uniforms.SetUniform3f("skinTone", rgb(tokens.skin).tolist())
        self._uniforms.SetUniformf("veilFacing", density(strength, tokens.skin_opacity_facing))
        self._uniforms.SetUniformf("veilRim", density(strength, tokens.skin_opacity_rim))
        self._uniforms.SetUniformf("veilHollow", min(1.0, 2.0 * strength))
        self.mesh.matte(ambient=tokens.skin_ambient, diffuse=tokens.skin_diffuse, specular=0.08, power=25.0)


def density(strength: float, at_usual: float) -> float:
    """Return the opacity at `strength` (0…1): 0 at 0, `at_usual` at the usual strength, 1 at 1."""
    if strength <= 0.0:
        return 0.0
    return float(strength ** (np.log(at_usual) / np.log(USUAL_STRENGTH)))
