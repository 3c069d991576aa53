"""Loose bones on a bench: side by side or laid over each other, turned in place, with marks and a distance map.

What is laid out is decided by the dialog for a person's own bones. All come in the frame of the shipped bones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvista as pv
from vtkmodules.vtkRenderingCore import vtkActor, vtkCellPicker

from hipviz.model.surface import Surface
from hipviz.model.units import Floats
from hipviz.view.lighting import lamps
from hipviz.view.mesh_actor import Bytes, MeshActor, add
from hipviz.view.picking import TOLERANCE
from hipviz.view.tokens import Theme, rgb, tokens

SCAN = "#9FB8D0"
"""Colour of scans: cool beside the warm one of bone, and lighter or darker than nothing else."""

DISTANCE_STOPS_MM = (0.0, 0.5, 1.0, 1.5, 2.0)
DISTANCE_COLOURS = ("#FFF8DC", "#FED27A", "#F08A24", "#B8450A", "#571C05")
UNSEEN = "#6F93B5"
"""Colours of a distance: darker from near to far, so that lightness alone tells them apart; blue, which no mixture
of them is, is kept for places that the scan does not show."""

EYE_MM = 3000.0
BALL_MM = 3.2
FILLED = 0.86
"""How much of its place a bone fills."""


@dataclass(frozen=True, eq=False)
class Body:
    """One surface on the bench; `slot` is where it lies: −1 left, 0 in the middle, 1 right."""

    surface: Surface
    colour: str
    slot: int = 0
    opacity: float = 1.0
    colours: Bytes | None = None


def distance_colours(gaps_mm: Floats) -> Bytes:
    """Return the colours (n, 3) of distances (n,) in mm, NaN where there is nothing to measure."""
    table = np.array([rgb(colour) for colour in DISTANCE_COLOURS])
    known = np.nan_to_num(gaps_mm, nan=0.0)
    mixed = np.stack([np.interp(known, DISTANCE_STOPS_MM, table[:, channel]) for channel in range(3)], axis=1)
    mixed[np.isnan(gaps_mm)] = rgb(UNSEEN)
    return np.asarray((255.0 * mixed).round(), dtype=np.uint8)


class Bench:
    """Draws bodies into `plotter`; the owner of the plotter renders."""

    def __init__(self, plotter: pv.BasePlotter, theme: Theme) -> None:
        self._stage: Any = plotter
        self._actors: list[MeshActor] = []
        self._bodies: list[Body] = []
        self._balls: list[tuple[int, MeshActor, Floats]] = []
        self._points, self._middle = np.zeros((1, 3)), np.zeros(3)
        self._rotation = np.eye(3)
        self._aspect, self._zoom, self._half_height = 1.0, 1.0, 150.0
        self._caster = vtkCellPicker()
        self._caster.SetTolerance(TOLERANCE)
        self._caster.PickFromListOn()
        lamps(plotter)
        self.dress(theme)

    def dress(self, theme: Theme) -> None:
        """Take the background of a theme."""
        table = tokens(theme)
        self._stage.set_background(table.stage_bottom, top=table.stage_top)

    def lay(self, bodies: Sequence[Body]) -> None:
        """Take everything off the bench and lay out other bodies, all of them of one place in the body."""
        self.clear()
        self._bodies = list(bodies)
        for body in bodies:
            mesh = MeshActor(
                body.surface.vertices, body.surface.faces, body.surface.normals(), colours=body.colours
            )
            mesh.matte(ambient=0.18, diffuse=0.9, specular=0.1, power=20.0)
            if body.colours is None:
                mesh.paint(rgb(body.colour))
            mesh.show(body.opacity)
            self._actors.append(mesh)
            self._caster.AddPickList(mesh.actor)
        add(self._stage, *(mesh.actor for mesh in self._actors))
        if bodies:
            points = self._points = np.concatenate([body.surface.vertices for body in bodies])
            self._middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
        self._place()

    def clear(self) -> None:
        """Take everything off."""
        self.mark(())
        for mesh in self._actors:
            self._stage.remove_actor(mesh.actor, reset_camera=False, render=False)
        self._actors, self._bodies = [], []
        self._caster.InitializePickList()

    def bend(self, body: int, surface: Surface) -> None:
        """Move the vertices of a body that lies on the bench."""
        self._actors[body].place(surface.vertices, surface.normals())

    def mark(self, places: Sequence[tuple[int, Floats, str]]) -> None:
        """Put a ball of a colour on each place: the number of the body, the point (3,) on it, the colour."""
        for _, ball, _ in self._balls:
            self._stage.remove_actor(ball.actor, reset_camera=False, render=False)
        self._balls = []
        for body, point, colour in places:
            round_: Any = pv.Sphere(radius=BALL_MM, theta_resolution=20, phi_resolution=20)
            faces = np.asarray(round_.regular_faces, dtype=np.int64)
            ball = MeshActor(np.asarray(round_.points), faces, np.asarray(round_.point_normals))
            ball.matte(ambient=0.5, diffuse=0.6)
            ball.paint(rgb(colour))
            ball.actor.SetPickable(False)
            add(self._stage, ball.actor)
            self._balls.append((body, ball, np.asarray(point)))
        self._place()

    def turn(self, rotation: Floats, zoom: float, aspect: float) -> None:
        """Turn all bodies: the rows of `rotation` (3, 3) point right, up and to the eye in their frame."""
        self._rotation, self._zoom, self._aspect = rotation, zoom, aspect
        self._place()

    def pick(self, x_px: float, y_px: float) -> tuple[int, Floats] | None:
        """Return the body at device px from the bottom left and the place on it, in its own frame."""
        if not self._caster.Pick(x_px, y_px, 0.0, self._stage.renderer):
            return None
        actor: vtkActor = self._caster.GetActor()
        number = next(number for number, mesh in enumerate(self._actors) if mesh.actor is actor)
        return number, self._rotation.T @ (
            np.array(self._caster.GetPickPosition()) - self._shift(number)
        ) + self._middle

    def _shift(self, number: int) -> Floats:
        return np.array([self._bodies[number].slot * self._half_height * self._aspect / 2.0, 0.0, 0.0])

    def _place(self) -> None:
        if not self._bodies:
            return
        points = (self._points - self._middle) @ self._rotation.T
        across, up = np.abs(points[:, 0]).max(), np.abs(points[:, 1]).max()
        width = self._aspect * (0.5 if any(body.slot for body in self._bodies) else 1.0)
        # As large as it can be in every turn: the size must not change while it is turned.
        reach = float(np.linalg.norm(points, axis=1).max())
        fitting = max(up, across / width, min(reach, 1.12 * max(up, across / width)))
        self._half_height = fitting / FILLED / self._zoom
        for number, mesh in enumerate(self._actors):
            mesh.transform(self._matrix(number))
        for number, ball, point in self._balls:
            move = np.eye(4)
            move[:3, 3] = self._rotation @ (point - self._middle) + self._shift(number)
            ball.transform(move)
        camera = self._stage.camera
        camera.SetParallelProjection(True)
        camera.SetFocalPoint(0.0, 0.0, 0.0)
        camera.SetPosition(0.0, 0.0, EYE_MM)
        camera.SetViewUp(0.0, 1.0, 0.0)
        camera.SetParallelScale(self._half_height)
        camera.SetClippingRange(EYE_MM - 900.0, EYE_MM + 900.0)

    def _matrix(self, number: int) -> Floats:
        matrix = np.eye(4)
        matrix[:3, :3] = self._rotation
        matrix[:3, 3] = self._shift(number) - self._rotation @ self._middle
        return matrix
