"""What the body rests on, and its lower legs: floor, bed or stool, and a plain ghost of both shanks and feet.

All of it is made here from a few measures. Where the body is in the room follows from `hipviz.model.stance`.
"""

import numpy as np
import pyvista as pv

from hipviz.model.anatomy import Anatomy
from hipviz.model.movement_record import MovementRecord
from hipviz.model.pose import Posture
from hipviz.model.stance import HEEL_SHARE, SEAT_DEPTH_MM, TOE_SHARE, Build, legs
from hipviz.model.surface import Surface, joined
from hipviz.model.units import SIDES, Floats, Side
from hipviz.view.load import LoadActor
from hipviz.view.mesh_actor import MeshActor, add, depth_twin
from hipviz.view.solids import box, tube
from hipviz.view.tokens import Tokens, rgb

GHOST_OPACITY = 0.42

SHANK: tuple[tuple[float, float, float, float], ...] = (
    (0.150, 0.085, 0.085, 0.000),
    (0.130, 0.122, 0.126, 0.000),
    (0.060, 0.143, 0.148, 0.004),
    (-0.040, 0.146, 0.150, -0.004),
    (-0.130, 0.144, 0.150, -0.018),
    (-0.280, 0.160, 0.172, -0.036),
    (-0.420, 0.142, 0.154, -0.030),
    (-0.600, 0.108, 0.118, -0.014),
    (-0.780, 0.084, 0.096, -0.006),
    (-0.900, 0.078, 0.094, -0.002),
    (-1.000, 0.082, 0.096, 0.000),
    (-1.050, 0.060, 0.070, 0.000),
)
"""Sections of the lower leg, in thigh lengths: height from the knee, half width and depth, middle forwards."""

KNEE: tuple[tuple[float, float, float, float], ...] = (
    (0.145, 0.090, 0.090, 0.010),
    (0.130, 0.130, 0.140, 0.010),
    (0.092, 0.141, 0.150, 0.010),
    (0.000, 0.141, 0.148, 0.006),
    (-0.060, 0.130, 0.136, 0.000),
    (-0.105, 0.090, 0.090, 0.000),
)
"""Sections of the end of the thigh, measured as those of the lower leg: it fills what a bent knee opens."""

FOOT: tuple[tuple[float, float, float, float], ...] = (
    (-HEEL_SHARE, 0.050, 0.045, -0.105),
    (-0.115, 0.078, 0.085, -0.074),
    (-0.050, 0.088, 0.120, -0.040),
    (0.030, 0.092, 0.124, -0.036),
    (0.120, 0.100, 0.092, -0.068),
    (0.240, 0.118, 0.064, -0.096),
    (0.340, 0.124, 0.046, -0.113),
    (0.430, 0.104, 0.034, -0.125),
    (TOE_SHARE, 0.050, 0.020, -0.139),
)
"""Sections of the foot, in thigh lengths: forwards from the ankle, half width and height, middle upwards."""

FLOOR_RADIUS_MM = 540.0
BED_MM, BED_AHEAD_MM = (640.0, 1400.0, 70.0), 160.0
"""Size of the bed, and how far its middle lies from the hips towards the feet."""
SEAT_MM = (430.0, 400.0, 36.0)
STOOL_LEG_MM = 17.0
SEAT_HIGH_SHARE, BACK_MM, AHEAD_MM = 1.05, (400.0, 26.0, 380.0), 800.0
"""A chair to hold on to: height of its seat in thigh lengths, size of its back, its middle before the hips."""
SLOPE_MM = 26.0
"""How much lower than the hips the knees are on the stool."""


class RoomActors:
    """Support and lower legs; hidden until a movement asks for them."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy) -> None:
        self._plotter = plotter
        self.reshape(anatomy)
        self._legs: dict[tuple[Side, str], MeshActor] = {}
        for side in SIDES:
            parts = (("knee", knee(self.build)), ("shank", shank(self.build)), ("foot", foot(self.build)))
            for name, surface in parts:
                placed = surface if side == "right" else surface.mirrored()
                self._legs[side, name] = MeshActor(placed.vertices, placed.faces, placed.normals())
        self._depth = {key: depth_twin(mesh) for key, mesh in self._legs.items()}
        for mesh in self._legs.values():
            mesh.matte(ambient=0.34, diffuse=0.72, specular=0.06)
        add(plotter, *self._depth.values(), *(mesh.actor for mesh in self._legs.values()))
        self._supports: dict[tuple[str, str, Side], MeshActor] = {}
        self._support: MeshActor | None = None
        self._into_body = np.eye(4)
        self._load = LoadActor(plotter, self.build)
        self._below = False
        self.show_legs(False)

    def reshape(self, anatomy: Anatomy) -> None:
        """Take the measures of a body; the lower legs keep their size."""
        self.build = Build(anatomy.hip_centre("right"), anatomy.landmark("knee_centre", "right"))
        self._skin = anatomy.skin.rest.vertices

    def place(self, posture: Posture, room: Floats) -> None:
        """Put legs and support into the pelvis' frame; `room` (4, 4) leads from there into the room."""
        for side, leg in legs(self.build, posture).items():
            for name, matrix in (("knee", leg.thigh), ("shank", leg.shank), ("foot", leg.foot)):
                mesh = self._legs[side, name]
                mesh.transform(matrix)
                self._depth[side, name].SetUserMatrix(mesh.actor.GetUserMatrix())
        self._into_body = np.asarray(np.linalg.inv(room), dtype=np.float64)
        self._load.place(room)
        if self._support is not None:
            self._support.transform(self._into_body)

    def show_legs(self, shown: bool) -> None:
        """Draw the lower legs, or leave them out."""
        for key, mesh in self._legs.items():
            mesh.show(GHOST_OPACITY if shown else 0.0)
            mesh.actor.SetPickable(False)
            self._depth[key].SetVisibility(shown)

    def look_from(self, below: bool) -> None:
        """Leave out the support while the eye looks up through it."""
        if below != self._below:
            self._below = below
            if self._support is not None:
                self._support.actor.SetVisibility(not below)

    def rest_on(self, movement: MovementRecord | None, side: Side, tokens: Tokens) -> None:
        """Draw what the body rests on when a side acts in a movement, in the colours of a theme."""
        if self._support is not None:
            self._support.actor.SetVisibility(False)
            self._support = None
        self._load.show(movement.load if movement is not None else None, side, tokens)
        self._load.place(np.asarray(np.linalg.inv(self._into_body)))
        tone = rgb(tokens.skin)
        for mesh in self._legs.values():
            mesh.prop.SetColor(*tone)
        if movement is None or movement.support is None:
            return
        key = (movement.position, movement.support, side)
        if key not in self._supports:
            surface = support(self.build, self._skin, movement.position, movement.support)
            surface = surface if side == "right" else surface.mirrored()
            mesh = self._supports[key] = MeshActor(surface.vertices, surface.faces)
            mesh.prop.SetInterpolationToFlat()
            mesh.actor.SetPickable(False)
            mesh.matte(ambient=0.62, diffuse=0.42)
            add(self._plotter, mesh.actor)
        self._support = self._supports[key]
        self._support.paint(rgb(tokens.line_strong))
        self._support.transform(self._into_body)
        self._support.actor.SetVisibility(not self._below)


def knee(build: Build) -> Surface:
    """Return the end of the right thigh at neutral, mm RAS."""
    return _around_the_knee(build, KNEE)


def shank(build: Build) -> Surface:
    """Return the right lower leg at neutral: a closed tube from knee to ankle, mm RAS."""
    return _around_the_knee(build, SHANK)


def _around_the_knee(build: Build, outline: tuple[tuple[float, float, float, float], ...]) -> Surface:
    sections = [
        [build.knee[0], build.knee[1] + y * build.thigh_mm, build.knee[2] + z * build.thigh_mm]
        for z, _, _, y in outline
    ]
    radii = build.thigh_mm * np.array([(width, depth) for _, width, depth, _ in outline])
    return tube(np.array(sections), radii, np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0]))


def foot(build: Build) -> Surface:
    """Return the right foot at neutral, mm RAS; its sole is flat on the floor."""
    ankle, length = build.ankle, build.thigh_mm
    sections = [[ankle[0], ankle[1] + y * length, ankle[2] + z * length] for y, _, _, z in FOOT]
    radii = length * np.array([(width, height) for _, width, height, _ in FOOT])
    surface = tube(np.array(sections), radii, np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -1.0]))
    vertices = surface.vertices.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2], build.floor_mm)
    return surface.moved(vertices)


def support(build: Build, skin: Floats, position: str, kind: str) -> Surface:
    """Return floor, bed, stool, or chair to hold on to, mm in the room, z up; skin : (n, 3) of a body at rest."""
    if kind == "bed":
        lowest = {"side-lying": skin[:, 0].min(), "supine": skin[:, 1].min(), "prone": -skin[:, 1].max()}
        top = float(lowest.get(position, -SEAT_DEPTH_MM))
        wide, long, thick = BED_MM
        # The body lies along x on its side, along y on back and belly.
        size = (long, wide, thick) if position == "side-lying" else (wide, long, thick)
        away = np.array([1.0, 0.0, 0.0]) if position == "side-lying" else np.array([0.0, 1.0, 0.0])
        towards_feet = 1.0 if position in ("side-lying", "supine") else -1.0
        return box(towards_feet * BED_AHEAD_MM * away + (0.0, 0.0, top - thick / 2.0), size)
    if kind == "chair":
        ground = float(build.sole[0, 2] - build.knee[2]) - SLOPE_MM
        return joined([*stool(10.0, -SEAT_DEPTH_MM, ground), disc(ground, 210.0)])
    if kind == "chair_ahead":
        ground = build.floor_mm
        seat = ground + SEAT_HIGH_SHARE * build.thigh_mm
        back = np.array([0.0, AHEAD_MM - SEAT_MM[1] / 2, seat + BACK_MM[2] / 2])
        return joined([*stool(AHEAD_MM, seat, ground), box(back, BACK_MM), disc(ground, 260.0)])
    return disc(build.floor_mm)


def stool(ahead_mm: float, top_mm: float, ground_mm: float) -> list[Surface]:
    """Return a seat and its four legs; its middle lies before the hips."""
    middle = np.array([0.0, ahead_mm, top_mm - SEAT_MM[2] / 2.0])
    parts = [box(middle, SEAT_MM)]
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            aside = np.array([x * (SEAT_MM[0] / 2 - 30.0), y * (SEAT_MM[1] / 2 - 30.0)])
            corner = np.array([*(middle[:2] + aside), (top_mm + ground_mm - SEAT_MM[2]) / 2.0])
            parts.append(box(corner, (2 * STOOL_LEG_MM, 2 * STOOL_LEG_MM, top_mm - ground_mm - SEAT_MM[2])))
    return parts


def disc(height_mm: float, ahead_mm: float = 40.0) -> Surface:
    """Return a round piece of floor: its upper face is at a height, its middle before the hips, mm."""
    middles = np.array([[0.0, ahead_mm, height_mm], [0.0, ahead_mm, height_mm - 8.0]])
    radii = np.full((2, 2), FLOOR_RADIUS_MM)
    return tube(middles, radii, np.array([1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0]))
