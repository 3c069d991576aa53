"""What hangs from the hands in a movement, drawn simply: a bag at one side, or a box before the thighs.

Arms are not drawn; where the hands are follows from `hipviz.model.stance`.
"""

import numpy as np
import pyvista as pv

from hipviz.model.movement_record import Load
from hipviz.model.stance import Build, hands
from hipviz.model.surface import Surface, joined
from hipviz.model.units import Floats, Side
from hipviz.view.mesh_actor import MeshActor, add
from hipviz.view.solids import box
from hipviz.view.tokens import Tokens, rgb

BAG_MM, BOX_MM = (120.0, 320.0, 250.0), (310.0, 220.0, 170.0)
HANDLE_MM, HANDLE_REACH_MM = 16.0, (120.0, 62.0)
"""Thickness of the bag's handle, its length and its height over the bag."""
BEFORE_MM, UNDER_MM, BESIDE_MM = 185.0, 55.0, 48.0
"""How far before and under the hands the box is held, so that the thighs have room, and how far aside the bag."""


class LoadActor:
    """One of the loads, or none."""

    def __init__(self, plotter: pv.BasePlotter, build: Build) -> None:
        self._build = build
        self._meshes: dict[Load, MeshActor] = {}
        for kind, surface in (("bag", bag()), ("box", box(np.zeros(3), BOX_MM))):
            mesh = MeshActor(surface.vertices, surface.faces)
            mesh.prop.SetInterpolationToFlat()
            mesh.actor.SetPickable(False)
            mesh.matte(ambient=0.62, diffuse=0.42)
            mesh.actor.SetVisibility(False)
            self._meshes[kind] = mesh  # type: ignore[index]
        add(plotter, *(mesh.actor for mesh in self._meshes.values()))
        self._shown: tuple[Load, Side] | None = None

    def show(self, load: Load | None, acting: Side, tokens: Tokens) -> None:
        """Draw what is carried when a side acts, in the colours of a theme."""
        for kind, mesh in self._meshes.items():
            mesh.actor.SetVisibility(kind == load)
            mesh.paint(rgb(tokens.line_strong))
        self._shown = (load, acting) if load is not None else None

    def place(self, room: Floats) -> None:
        """Hang it from the hands, or stand it on the floor that it reaches; `room` leads from the pelvis there."""
        if self._shown is None:
            return
        load, acting = self._shown
        self._meshes[load].transform(np.linalg.inv(room) @ place_of(load, acting, self._build, room))


def place_of(load: Load, acting: Side, build: Build, room: Floats) -> Floats:
    """Return where a load is (4, 4), mm in the room."""
    right, left = hands(build, room)
    matrix = np.eye(4)
    if load == "bag":
        free = left if acting == "right" else right
        aside = BESIDE_MM if acting == "left" else -BESIDE_MM
        hang = BAG_MM[2] / 2.0 + HANDLE_REACH_MM[1] - HANDLE_MM / 2.0
        matrix[:3, 3] = free + np.array([aside, 0.0, -hang])
        height = BAG_MM[2]
    else:
        matrix[:3, 3] = (right + left) / 2.0 + np.array([0.0, BEFORE_MM, -UNDER_MM])
        height = BOX_MM[2]
    matrix[2, 3] = max(matrix[2, 3], build.floor_mm + height / 2.0)
    return matrix


def bag() -> Surface:
    """Return a bag with its handle, around its middle."""
    length, rise = HANDLE_REACH_MM
    top = BAG_MM[2] / 2.0
    posts = [
        box(np.array([0.0, y * length / 2.0, top + rise / 2.0]), (HANDLE_MM, HANDLE_MM, rise)) for y in (-1.0, 1.0)
    ]
    grip = box(np.array([0.0, 0.0, top + rise]), (HANDLE_MM, length + HANDLE_MM, HANDLE_MM))
    return joined([box(np.zeros(3), BAG_MM), *posts, grip])
