"""The bands of the gluteus medius in the picture, on both sides: texture, colour, outline of the chosen one.

Their shape comes from the figure; which of them are coloured and how follows from the state.
"""

import numpy as np
import pyvista as pv
import scipy.sparse as sp

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.fan_loft import COLUMNS, ROWS
from hipviz.model.loft import inner_walls
from hipviz.model.surface import incidence, vertex_normals
from hipviz.model.units import BANDS, SIDES, Band, Floats, Ints, Side
from hipviz.view.band_look import BandLook
from hipviz.view.mesh_actor import MeshActor, add, depth_twin, flat, outline_twin, raise_above, widen
from hipviz.view.textures import band_texture
from hipviz.view.tokens import MUSCLE_AT_REST, MUSCLE_MUTED, Tokens, rgb

CORD_RADIUS_PX = 2.1
CORD_SIDES = 6
CORD_LIFT_MM = 0.5

WALL = 0.12
"""How much a wall between two bands counts in the shading of its edges."""

QUIET, BUSY = (0.06, 0.50), (0.62, 0.92)
"""Ambient and diffuse light of a band that does nothing, and at the peak of its activity."""


class MuscleActors:
    """Six bands; the chosen one is also outlined, so that hue is never all that sets it apart."""

    def __init__(self, plotter: pv.BasePlotter, anatomy: Anatomy, figure: Figure) -> None:
        coordinates = anatomy.medius.texture_coordinates
        self._anatomy = anatomy
        self._faces = {side: anatomy.band_faces(side) for side in SIDES}
        self._corners = {side: shading_corners(self._faces[side], len(coordinates)) for side in SIDES}
        self._edge = perimeter(coordinates)
        self._looks: dict[tuple[Side, Band], BandLook] = {}
        self._textures: dict[tuple[Band, str], pv.Texture] = {}
        self._outlined = True
        self._activity: dict[tuple[Side, Band], float] = {}
        self.meshes: dict[tuple[Side, Band], MeshActor] = {}
        for side in SIDES:
            for index, band in enumerate(BANDS):
                vertices = figure.bands[side].vertices[index]
                mesh = MeshActor(
                    vertices,
                    self._faces[side],
                    self._normals(side, index, vertices),
                    texture_coordinates=0.004 + 0.992 * coordinates,
                )
                mesh.matte(ambient=0.14, diffuse=0.96, specular=0.20, power=16.0)
                self.meshes[side, band] = mesh
        self._depth = {key: depth_twin(mesh) for key, mesh in self.meshes.items()}
        self._outline = {key: outline_twin(mesh) for key, mesh in self.meshes.items()}
        points, faces = cord(figure.bands["right"].vertices[0][self._edge], np.ones((len(self._edge), 3)))
        # Two bands at most are marked: the chosen one and the one under the pointer.
        self._cords = [MeshActor(points, faces) for _ in range(2)]
        for spare in self._cords:
            spare.actor.SetPickable(False)
            spare.actor.SetVisibility(False)
            flat(spare.actor)
            raise_above(spare.actor)
        self._corded: dict[tuple[Side, Band], MeshActor] = {}
        self._cord_radius_mm = 1.0
        add(plotter, *self._depth.values(), *self._outline.values())
        add(plotter, *(mesh.actor for mesh in (*self.meshes.values(), *self._cords)))

    def place(self, figure: Figure, sides: tuple[Side, ...] = SIDES) -> None:
        """Write the shapes of the bands on the given sides."""
        for side in sides:
            shapes = figure.bands[side]
            for index, band in enumerate(BANDS):
                mesh = self.meshes[side, band]
                normals = self._normals(side, index, shapes.vertices[index])
                mesh.place(shapes.vertices[index], normals)
                if (side, band) in self._corded:
                    self._lay(self._corded[side, band], shapes.vertices[index], normals)

    def dress(self, looks: dict[tuple[Side, Band], BandLook], tokens: Tokens) -> None:
        """Colour, fade and outline every band."""
        self._looks = looks
        self._corded = {}
        for (side, band), look in looks.items():
            mesh = self.meshes[side, band]
            fill = {
                "rest": MUSCLE_AT_REST[band],
                "muted": MUSCLE_MUTED[band],
                "chosen": tokens.bands[band].fill,
            }[look.look]
            mesh.actor.SetTexture(self._texture(band, fill))
            mesh.show(look.opacity)
            self._depth[side, band].SetVisibility(0.0 < look.opacity < 1.0)
            marked = _is_marked(look)
            outline = self._outline[side, band]
            outline.SetVisibility((marked or self._outlined) and look.opacity == 1.0)
            outline.GetProperty().SetColor(*rgb(tokens.bands[band].ink if marked else tokens.outline))
            if marked and look.opacity > 0.0 and len(self._corded) < len(self._cords):
                line = self._corded[side, band] = self._cords[len(self._corded)]
                line.paint(rgb(tokens.bands[band].ink), look.opacity)
                self._lay(line, np.asarray(mesh.mesh.points), np.asarray(mesh.mesh.point_data["normals"]))
        for line in self._cords:
            line.actor.SetVisibility(line in self._corded.values())
        self.glow(self._activity)

    def glow(self, activity: dict[tuple[Side, Band], float]) -> None:
        """Light every band as strongly as it works, 0…1 of its peak; evenly where nothing is known of it."""
        self._activity = activity
        for key, mesh in self.meshes.items():
            ambient, diffuse = (0.34 if self._looks.get(key, BandLook()).hovered else 0.14), 0.96
            if key in activity:
                share = activity[key]
                ambient, diffuse = QUIET[0] + share * (BUSY[0] - QUIET[0]), QUIET[1] + share * (BUSY[1] - QUIET[1])
            mesh.prop.SetAmbient(ambient)
            mesh.prop.SetDiffuse(diffuse)

    def outline(self, shown: bool, tokens: Tokens) -> None:
        """Draw thin outlines around the bands that are not marked, or leave them out."""
        self._outlined = shown
        self.dress(self._looks, tokens)

    def widen(self, widening: tuple[float, float]) -> None:
        """Set the width of the thin outlines; marked bands get a heavier one."""
        for key, twin in self._outline.items():
            look = self._looks.get(key, BandLook())
            factor = 2.4 if _is_marked(look) else 1.0
            widen(twin, (factor * widening[0], factor * widening[1]))

    def scale(self, mm_per_px: float) -> None:
        """Keep the cords around marked bands as thick on the screen at every zoom."""
        self._cord_radius_mm = CORD_RADIUS_PX * mm_per_px
        for key, line in self._corded.items():
            mesh = self.meshes[key].mesh
            self._lay(line, np.asarray(mesh.points), np.asarray(mesh.point_data["normals"]))

    def _texture(self, band: Band, fill: str) -> pv.Texture:
        if (band, fill) not in self._textures:
            self._textures[band, fill] = band_texture(BANDS.index(band), fill)
        return self._textures[band, fill]

    def _normals(self, side: Side, index: int, vertices: Floats) -> Floats:
        return vertex_normals(vertices, self._faces[side], self._corners[side][index])

    def _lay(self, line: MeshActor, vertices: Floats, normals: Floats) -> None:
        edge = self._edge
        middle = vertices[edge] + CORD_LIFT_MM * normals[edge]
        line.place(cord_points(middle, normals[edge], self._cord_radius_mm))


def _is_marked(look: BandLook) -> bool:
    return look.hovered or (look.look == "chosen" and look.marked)


def shading_corners(faces: Ints, count: int) -> list[sp.csr_matrix]:
    """Return, for each of a muscle's three parts, how much each face counts at each vertex's normal (count, m).

    The walls between parts, which nobody sees, count just enough for a soft groove: in full they would cut the
    muscle in three by black lines.
    """
    corners = incidence(faces, count)
    return [sp.csr_matrix(corners.multiply(np.where(walls, WALL, 1.0))) for walls in inner_walls(ROWS, COLUMNS)]


def perimeter(texture_coordinates: Floats) -> Ints:
    """Return the vertices (k,) around the edge of a band's superficial sheet, once around.

    The rows of a band's vertices are rings: the deep sheet's points, then as many of the superficial sheet,
    backwards.
    """
    v = texture_coordinates[:, 1]
    ring = int(np.count_nonzero(v == v[0]))
    rows = len(v) // ring
    first, last = ring // 2, ring - 1
    row = np.arange(rows) * ring
    crest = np.arange(first, ring)
    trochanter = crest[::-1] + (rows - 1) * ring
    return np.concatenate([crest, row[1:-1] + last, trochanter, row[1:-1][::-1] + first])


def cord_points(points: Floats, normals: Floats, radius_mm: float = 1.0) -> Floats:
    """Return the vertices (k · CORD_SIDES, 3) of a tube around the loop `points` (k, 3)."""
    along = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    side = np.cross(along, normals)
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    up = np.cross(side, along)
    up /= np.linalg.norm(up, axis=1, keepdims=True) + 1e-9
    angle = 2.0 * np.pi * np.arange(CORD_SIDES) / CORD_SIDES
    rim = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * up[:, None]
    return np.asarray((points[:, None] + radius_mm * rim).reshape(-1, 3))


def cord(points: Floats, normals: Floats) -> tuple[Floats, Ints]:
    """Return vertices, as `cord_points`, and faces of a closed tube around the loop `points` (k, 3)."""
    count = len(points)
    i, j = np.meshgrid(np.arange(count), np.arange(CORD_SIDES), indexing="ij")
    here = (i * CORD_SIDES + j).ravel()
    beside = (i * CORD_SIDES + (j + 1) % CORD_SIDES).ravel()
    ahead = (((i + 1) % count) * CORD_SIDES + j).ravel()
    across = (((i + 1) % count) * CORD_SIDES + (j + 1) % CORD_SIDES).ravel()
    faces = np.concatenate([np.stack([here, ahead, across], 1), np.stack([here, across, beside], 1)])
    return cord_points(points, normals), faces
