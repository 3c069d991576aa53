"""What a hand does in a step of a practice: strokes, places to hold, where fingers lie; a ball, a cushion.

Where they belong is content (`hipviz.model.guidance`); all follow the pose. Painting is done above the picture,
except for ball and cushion, which are things in it.
"""

from dataclasses import dataclass

import numpy as np
import pyvista as pv

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.guidance import HandMark, MarkKind, Step, step_of
from hipviz.model.stance import Build, legs
from hipviz.model.state import Camera, State
from hipviz.model.units import BANDS, SIDES, Floats
from hipviz.view.camera import project
from hipviz.view.mesh_actor import MeshActor, add
from hipviz.view.solids import tube
from hipviz.view.tokens import Tokens, rgb

BALL_RADIUS_MM, SUNK_MM = 32.0, 12.0
"""A small soft ball, and how deep the body sinks onto it."""
CUSHION_MM = (40.0, 84.0, 52.0)
"""Half its thickness between the knees, half its length from front to back and half its width along the thighs."""
CUSHION_OUTLINE = (
    *((-1.0, 0.2), (-0.97, 0.5), (-0.88, 0.76), (-0.7, 0.94), (-0.4, 1.0)),
    *((0.4, 1.0), (0.7, 0.94), (0.88, 0.76), (0.97, 0.5), (1.0, 0.2)),
)
"""Its sections: where along its length, and how thick and wide there, as shares."""
AROUND_MM, DEEPEST_MM = 16.0, 90.0
"""The skin over a place: within this distance of the line straight out of the muscle, at most so far away."""
SAMPLES = 16
FACING = -0.15
"""How squarely a place must face the viewer not to be pale."""


@dataclass(frozen=True, eq=False)
class HandSign:
    """One mark, its places (k, 2) px from the top left; `hidden` when the body turns it away from the viewer."""

    kind: MarkKind
    points: Floats
    hidden: bool

    @property
    def middle(self) -> Floats:
        """The place (2,) that its name points at: half-way along a stroke, half-way between two ends."""
        return np.asarray(0.5 * (self.points[(len(self.points) - 1) // 2] + self.points[len(self.points) // 2]))


class Hands:
    """Finds the marks of a step, and keeps those of the last figure: turning the eye is then free."""

    def __init__(self, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._found: tuple[object, list[tuple[MarkKind, Floats, Floats]]] | None = None

    def signs(self, state: State, figure: Figure, eye: Camera, size: tuple[float, float]) -> tuple[HandSign, ...]:
        """Return the marks of the step that a state shows, seen from `eye`; none without a step."""
        step = step_of(state.practice, state.step, self._anatomy.guidance)
        if step is None:
            return ()
        key = (step, state.side, state.band, figure.posture)
        if self._found is None or self._found[0] != key:
            painted = [mark for mark in _placed(step, state) if mark.kind not in ("ball", "cushion")]
            self._found = (key, [(mark.kind, *_places(self._anatomy, mark, state, figure)) for mark in painted])
        facing = np.array(eye.direction)
        return tuple(
            HandSign(kind, project(eye, places, size)[:, :2], float((outward @ facing).mean()) < FACING)
            for kind, places, outward in self._found[1]
        )


class BallActor:
    """The ball of a step, outside the skin."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        round_mesh = pv.Sphere(radius=BALL_RADIUS_MM, theta_resolution=48, phi_resolution=32)
        faces = np.asarray(round_mesh.regular_faces, dtype=np.int64)
        points = np.asarray(round_mesh.points, dtype=np.float64)
        self._mesh = MeshActor(points, faces, points / BALL_RADIUS_MM)
        self._mesh.actor.SetPickable(False)
        self._mesh.actor.SetVisibility(False)
        self._mesh.matte(ambient=0.25, diffuse=0.8, specular=0.25, power=30.0)
        add(plotter, self._mesh.actor)

    def show(self, state: State, figure: Figure, tokens: Tokens) -> None:
        """Put the ball where the step has it, or away."""
        step = step_of(state.practice, state.step, self._anatomy.guidance)
        balls = [mark for mark in _placed(step, state) if mark.kind == "ball"] if step is not None else []
        self._mesh.actor.SetVisibility(bool(balls))
        for mark in balls:
            places, outward = _places(self._anatomy, mark, state, figure)
            matrix = np.eye(4)
            matrix[:3, 3] = _over(places[0], outward[0], figure) + (BALL_RADIUS_MM - SUNK_MM) * outward[0]
            self._mesh.transform(matrix)
            self._mesh.paint(rgb(tokens.text_third))


class CushionActor:
    """The cushion of a step, between the knees."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy) -> None:
        self._anatomy = anatomy
        self._build = Build(anatomy.hip_centre("right"), anatomy.landmark("knee_centre", "right"))
        thick, long, wide = CUSHION_MM
        middles = np.array([[0.0, at * long, 0.0] for at, _ in CUSHION_OUTLINE])
        radii = np.array([[share * thick, share * wide] for _, share in CUSHION_OUTLINE])
        surface = tube(middles, radii, np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -1.0]))
        self._mesh = MeshActor(surface.vertices, surface.faces, surface.normals())
        self._mesh.actor.SetPickable(False)
        self._mesh.actor.SetVisibility(False)
        self._mesh.matte(ambient=0.35, diffuse=0.72, specular=0.05)
        add(plotter, self._mesh.actor)

    def show(self, state: State, figure: Figure, tokens: Tokens) -> None:
        """Put the cushion between the knees where the step has it, or away."""
        step = step_of(state.practice, state.step, self._anatomy.guidance)
        shown = step is not None and any(mark.kind == "cushion" for mark in step.mark)
        self._mesh.actor.SetVisibility(shown)
        if shown:
            both = legs(self._build, figure.posture)
            knees = np.array([both[side].knee for side in SIDES])
            down = knees.mean(axis=0) - (0.0, *self._build.hip[1:])  # from between the hips
            down[0] = 0.0
            down /= np.linalg.norm(down)
            matrix = np.eye(4)
            # Its length lies across the thighs, its width along them, just above the knees.
            matrix[:3, 1], matrix[:3, 2] = np.cross([1.0, 0.0, 0.0], down), -down
            matrix[:3, 3] = knees.mean(axis=0) - 0.5 * CUSHION_MM[2] * down
            self._mesh.transform(matrix)
            self._mesh.paint(rgb(tokens.line_strong))


def _placed(step: Step, state: State) -> list[HandMark]:
    """Return the marks of a step that have a place: at the trigger point there is none while no band is chosen."""
    return [mark for mark in step.mark if mark.at or mark.fan or state.band is not None]


def _places(anatomy: Anatomy, mark: HandMark, state: State, figure: Figure) -> tuple[Floats, Floats]:
    """Return the places (k, 3) mm of a mark on muscle or bone, and where the body faces there (k, 3)."""
    if not mark.at:
        return _on_fan(anatomy, mark, state, figure)
    places = np.array([anatomy.landmark(name, state.side, figure) for name in mark.at])
    near = [int(((figure.skin_vertices - place) ** 2).sum(axis=1).argmin()) for place in places]
    return places, figure.skin_normals[near]


def _on_fan(anatomy: Anatomy, mark: HandMark, state: State, figure: Figure) -> tuple[Floats, Floats]:
    """Return places and outward normals (k, 3) on the muscle: a mark without a place is at the trigger point."""
    if not mark.fan:
        assert state.band is not None
        place, normal = anatomy.trigger_point(state.band, state.side, figure)
        return place[None], normal[None]
    knots = np.array(mark.fan)
    if len(knots) > 1:
        at = np.linspace(0.0, len(knots) - 1.0, SAMPLES)
        knots = np.stack([np.interp(at, np.arange(len(knots)), column) for column in knots.T], axis=1)
    shapes = figure.bands[state.side]
    bands = np.minimum(knots[:, 0].astype(int), len(BANDS) - 1)
    found = [
        shapes.surface_point(int(band), across - band, along)
        for band, (across, along) in zip(bands, knots, strict=True)
    ]
    return np.array([place for place, _ in found]), np.array([normal for _, normal in found])


def _over(place: Floats, outward: Floats, figure: Figure) -> Floats:
    """Return the place (3,) on the skin straight out from a place under it."""
    apart = figure.skin_vertices - place
    height = apart @ outward
    aside = np.linalg.norm(apart - height[:, None] * outward, axis=1)
    weight = np.maximum(0.0, 1.0 - aside / AROUND_MM) * ((height > 0.0) & (height < DEEPEST_MM))
    if not weight.any():
        return place
    return np.asarray(place + float(weight @ height / weight.sum()) * outward)
