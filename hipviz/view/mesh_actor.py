"""One triangle mesh in the picture: arrays in, actor out, rewritten in place from frame to frame.

What a mesh stands for (bone, muscle, skin) and how it is coloured lives in the modules that use it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyvista as pv
from vtkmodules.vtkCommonCore import vtkInformation
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLActor

from hipviz.model.units import Floats, Ints

SOLID_ENOUGH = 0.3
"""Structures fainter than this are clicked through."""
VEIL_OPACITY = 0.07
"""What the densest veil leaves of a structure that stands in the way."""

Bytes = npt.NDArray[np.uint8]


class MeshActor:
    """A mesh whose points and normals may be rewritten; `actor` is what a plotter takes.

    vertices, normals : (n, 3) mm, RAS.
    faces : (m, 3), counter-clockwise seen from outside.
    colours : (n, 3 or 4) uint8, drawn as they are.
    texture_coordinates : (n, 2), 0…1.
    """

    def __init__(
        self,
        vertices: Floats,
        faces: Ints,
        normals: Floats | None = None,
        *,
        colours: Bytes | None = None,
        texture_coordinates: Floats | None = None,
    ) -> None:
        # Single precision is what the graphics card takes: no conversion in every frame.
        build: Any = pv.PolyData.from_regular_faces
        self.mesh: Any = build(np.ascontiguousarray(vertices, dtype=np.float32), faces)
        if normals is not None:
            self.mesh.point_data.set_array(np.ascontiguousarray(normals, dtype=np.float32), "normals")
            self.mesh.point_data.active_normals_name = "normals"
        if texture_coordinates is not None:
            self.mesh.active_texture_coordinates = np.ascontiguousarray(texture_coordinates, dtype=np.float32)
        if colours is not None:
            self.mesh.point_data.set_array(np.ascontiguousarray(colours), "colours")
            self.mesh.set_active_scalars("colours")
        self.actor = vtkActor()
        self._over(self.actor, coloured=colours is not None)
        self.prop = self.actor.GetProperty()
        self.prop.SetInterpolationToPhong()

    def _over(self, actor: vtkActor, coloured: bool = False) -> None:
        # vtkPolyDataMapper on the mesh itself: the data-set mapper would filter and copy it in every frame.
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(self.mesh)
        mapper.SetScalarVisibility(coloured)
        if coloured:
            mapper.SetColorModeToDirectScalars()
        actor.SetMapper(mapper)

    def place(self, vertices: Floats, normals: Floats | None = None) -> None:
        """Move the mesh: write (n, 3) points and normals where the graphics card reads them from."""
        self.mesh.points[:] = vertices
        self.mesh.GetPoints().Modified()
        if normals is not None:
            array = self.mesh.point_data["normals"]
            array[:] = normals
            self.mesh.GetPointData().GetNormals().Modified()
        self.mesh.Modified()

    def tell(self, name: str, values: Floats) -> None:
        """Give added shader code a number for each vertex (n,), there called `name` (an `in float`)."""
        self.mesh.point_data.set_array(np.ascontiguousarray(values, dtype=np.float32), name)
        points = vtkDataObject.FIELD_ASSOCIATION_POINTS
        mapper: Any = self.actor.GetMapper()
        mapper.MapDataArrayToVertexAttribute(name, name, points, -1)

    def connect(self, faces: Ints) -> None:
        """Draw other faces (m, 3) over the same points, also in every twin."""
        build: Any = pv.CellArray.from_regular_cells
        self.mesh.SetPolys(build(faces))
        self.mesh.Modified()

    def transform(self, matrix: Floats) -> None:
        """Move the mesh rigidly by a (4, 4) matrix, without touching its points."""
        copy = vtkMatrix4x4()
        copy.DeepCopy(matrix.ravel().tolist())
        self.actor.SetUserMatrix(copy)

    def follow(self, other: vtkActor, *, coloured: bool = False) -> None:
        """Put `other` over the same mesh and the same rigid motion, with or without the mesh's colours."""
        self._over(other, coloured)
        other.SetUserMatrix(self.actor.GetUserMatrix())

    def matte(self, ambient: float, diffuse: float, specular: float = 0.0, power: float = 18.0) -> None:
        """Set how the surface answers the light."""
        self.prop.SetAmbient(ambient)
        self.prop.SetDiffuse(diffuse)
        self.prop.SetSpecular(specular)
        self.prop.SetSpecularPower(power)

    def show(self, opacity: float) -> None:
        """Draw a closed surface this opaque: 0 not at all; a translucent one without its far wall."""
        self.actor.SetVisibility(opacity > 0.0)
        self.actor.SetPickable(opacity > SOLID_ENOUGH)
        self.prop.SetOpacity(opacity)
        self.prop.SetBackfaceCulling(opacity < 1.0)

    def paint(self, colour: Sequence[float] | Floats, opacity: float = 1.0) -> None:
        """Give the whole mesh one colour (0…1) and opacity."""
        self.prop.SetColor(*(float(part) for part in colour[:3]))
        self.prop.SetOpacity(opacity)


def veiled(opacity: float, veil: float) -> float:
    """Return an opacity under a veil, 0…1."""
    return opacity * (1.0 + veil * (VEIL_OPACITY - 1.0))


def add(plotter: pv.BasePlotter, *actors: vtkActor, under: vtkActor | None = None) -> None:
    """Put actors into the picture in this order, without moving the eye or drawing.

    VTK draws in the order of its list, what is opaque first: `under` is the first of those that stay above.
    """
    stage: Any = plotter
    listed: Any = plotter.renderer.GetViewProps()
    above = list(listed)[listed.IsItemPresent(under) - 1 :] if under is not None else []
    for actor in actors:
        stage.add_actor(actor, reset_camera=False, render=False)
    for actor in above:
        listed.RemoveItem(actor)
        listed.AddItem(actor)


def flat(actor: vtkActor) -> None:
    """Let an actor be drawn in its own colour, whatever the light."""
    prop = actor.GetProperty()
    prop.SetAmbient(1.0)
    prop.SetDiffuse(0.0)
    prop.SetSpecular(0.0)


def shade(actor: vtkActor, tag: str, code: str, *, stage: str = "fragment") -> None:
    """Add `code` to VTK's own shader of an actor, right after what VTK puts at `tag` (e.g. "Color::Impl")."""
    place = f"//VTK::{tag}"
    shader = actor.GetShaderProperty()
    add = shader.AddVertexShaderReplacement if stage == "vertex" else shader.AddFragmentShaderReplacement
    add(place, True, f"{place}\n{code}", False)


def uniforms(actor: vtkActor, stage: str = "fragment") -> Any:
    """Return the numbers that added shader code may read, to be set by SetUniformf and its like."""
    shader = actor.GetShaderProperty()
    return shader.GetVertexCustomUniforms() if stage == "vertex" else shader.GetFragmentCustomUniforms()


def raise_above(actor: vtkActor) -> None:
    """Draw an actor as if it lay a few mm nearer to the viewer, so that what it lies on never shows through it."""
    shade(actor, "PositionVC::Impl", "  gl_Position.z -= 3e-3 * gl_Position.w;\n", stage="vertex")


def depth_twin(mesh: MeshActor) -> vtkActor:
    """Return an invisible actor that fills the depth buffer with `mesh`.

    Drawn before a translucent surface, it keeps the parts of that surface that lie behind others from shining
    through (the far leg through the near one).
    """
    twin = vtkActor()
    mesh.follow(twin)
    twin.SetPickable(False)
    twin.ForceTranslucentOn()
    twin.GetProperty().SetOpacity(0.002)
    twin.GetProperty().SetLighting(False)
    twin.GetProperty().BackfaceCullingOn()
    write_depth = vtkInformation()
    write_depth.Set(vtkOpenGLActor.GLDepthMaskOverride(), 1)
    twin.SetPropertyKeys(write_depth)
    return twin


def outline_twin(mesh: MeshActor) -> vtkActor:
    """Return an actor that draws the silhouette of a closed `mesh` as a line around it.

    The mesh is drawn inside out and widened along its normals by a number of pixels on the screen, so that a rim
    of constant width shows (the "inverted hull" of cartoon shading). It costs one more pass of the graphics card
    and no work per frame here, unlike tracing silhouette edges. Width is set by `widen`.
    """
    twin = vtkActor()
    mesh.follow(twin)
    twin.SetPickable(False)
    flat(twin)
    twin.GetProperty().FrontfaceCullingOn()
    twin.GetProperty().SetInterpolationToPhong()
    shade(
        twin,
        "PositionVC::Impl",
        """
  vec3 outward = normalize(normalMatrix * normalMC);
  gl_Position.xy += outward.xy * widening * gl_Position.w;
  gl_Position.z += 2e-4 * gl_Position.w;
""",
        stage="vertex",
    )
    widen(twin, (0.0, 0.0))
    return twin


def widen(twin: vtkActor, widening: tuple[float, float]) -> None:
    """Set the width of an outline as a share of half the picture's width and height."""
    uniforms(twin, "vertex").SetUniform2f("widening", widening)
