"""A user's scan of a bone: read from any common file, mended where that is safe, split into its pieces.

Every file that cannot be used ends in one sentence and a proposal. Which bone a scan shows, and how it lies, is
found in `alignment`.
"""

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from hipviz.model.errors import AssetError
from hipviz.model.facets import outwards, turned_alike
from hipviz.model.surface import Surface, incidence
from hipviz.model.thinning import binary_stl, cells, distinct, proper, thinned, thinned_triangles
from hipviz.model.units import Floats, Ints
from hipviz.model.vtp import read_vtp

Unit = Literal["mm", "cm", "m"]
UNITS: tuple[Unit, ...] = get_args(Unit)
MILLIMETRES: dict[Unit, float] = {"mm": 1.0, "cm": 10.0, "m": 1000.0}

SUFFIXES = (".stl", ".obj", ".ply", ".glb", ".gltf", ".vtp")
READABLE = "STL, OBJ, PLY, GLB, glTF or VTP"

PACKED = (b"PK", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
"""How packed archives begin; so do the documents of many programs, which are told by their names."""

MOST_FACES = 300_000
"""Scans with more faces are thinned: a bone is then still described every half millimetre."""

WRONG_VERTICES = 0.01
"""Share of vertices that may be no numbers; they are left out, and it is said."""

LARGEST_MB = 100
"""Of a file, a binary STL excepted: read as a mesh, it takes almost twenty times as much memory."""

PIECE_SHARE = 0.08
"""A piece with less than this share of the largest one's area is a crumb."""

NOISE_MM, SHORT_EDGE_MM = 0.22, 4.0
"""Roughness (of neighbouring vertices, along the normal) from which a finely meshed scan is smoothed."""


@dataclass(frozen=True, eq=False)
class Scan:
    """Triangles as they came from a file, mended.

    surface : in the unit and frame of the file, neighbouring faces turned alike, mostly outwards.
    notes : what was mended, one sentence each.
    """

    surface: Surface
    notes: tuple[str, ...] = ()

    @property
    def length(self) -> float:
        """How long it is along its main axis, in the file's unit."""
        return length_of(self.surface)


def length_of(surface: Surface) -> float:
    """Return how long a surface is along its main axis, whatever way it is turned."""
    points = surface.vertices - surface.vertices.mean(axis=0)
    _, axes = np.linalg.eigh(points.T @ points)
    return float(np.ptp(points @ axes[:, -1]))


def read_scan(path: Path) -> Scan:
    """Read a file and mend what can be mended. Raises AssetError with a proposal for every other fault."""
    _refuse_other_files(path)
    kind = path.suffix.lower()
    triangles = binary_stl(path) if kind == ".stl" else None
    if triangles is not None and len(triangles) > MOST_FACES:
        # As a mesh of its own each of them would take 600 bytes.
        surface, wrong = thinned_triangles(triangles, MOST_FACES)
        notes = _numbers_noted(wrong, len(triangles), "faces", path.name)
        return _thinned_scan(surface, len(triangles), notes, path.name)
    size = path.stat().st_size / 1e6
    if triangles is None and size > LARGEST_MB:
        raise AssetError(
            f"{path} has {size:.0f} MB, more than hipviz reads at once ({LARGEST_MB}); export it as binary "
            f"STL, or thin it to {MOST_FACES:,} faces first (in MeshLab: Quadric Edge Collapse Decimation)."
        )
    return mended(read_vtp(path) if kind == ".vtp" else _through_trimesh(path), path.name)


def mended(surface: Surface, name: str) -> Scan:
    """Return triangles made usable: numbers only, merged, no doubles, turned alike, thinned.

    Raises AssetError (naming `name`) when there is too little to work with.
    """
    notes: list[str] = []
    vertices, faces = surface.vertices, surface.faces
    if not len(vertices):
        raise AssetError(f"{name} holds nothing, or is cut short; export the bone again as {READABLE}.")
    if not len(faces):
        raise AssetError(
            f"{name} is a cloud of {len(vertices)} points without faces; make a surface of it first (in MeshLab: "
            "Screened Poisson reconstruction) and export that."
        )
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise AssetError(f"{name} has faces that name points it does not have; export it again.")
    wrong = np.asarray(~np.isfinite(vertices).all(axis=1))
    notes += _numbers_noted(int(wrong.sum()), len(wrong), "points", name)
    if wrong.any():
        faces = faces[~wrong[faces].any(axis=1)]
        vertices = np.where(wrong[:, None], 0.0, vertices)
    if len(faces) > MOST_FACES:
        return _thinned_scan(thinned(Surface(vertices, faces), MOST_FACES), len(faces), notes, name)
    merged = _merged(vertices, faces, notes)
    _refuse_few(merged, name)
    return _noted(*turned_alike(merged), notes)


def _thinned_scan(surface: Surface, given: int, notes: list[str], name: str) -> Scan:
    _refuse_few(surface, name)
    notes = [*notes, f"It has {given:,} faces, more than needed; it was thinned."]
    # The faces of a scan that was thinned no longer meet two by two: keep them as they were turned.
    return _noted(*outwards(surface), notes)


def _noted(surface: Surface, turned: int, notes: list[str]) -> Scan:
    if turned > 0.01 * len(surface.faces):
        notes = [*notes, f"{turned} faces were turned the wrong way round and were turned back."]
    return Scan(surface, tuple(notes))


def _numbers_noted(wrong: int, count: int, what: str, name: str) -> list[str]:
    """Return what is to be said of points or faces that are no numbers. Raises AssetError when they are many."""
    if wrong > WRONG_VERTICES * count:
        raise AssetError(
            f"In {name} {wrong} of {count} {what} are no numbers; export it again from the program that made it."
        )
    return [f"{wrong} {what} were no numbers and were left out."] if wrong else []


def _refuse_few(surface: Surface, name: str) -> None:
    if len(surface.faces) < 40:
        raise AssetError(
            f"{name} has only {len(surface.faces)} faces, too few to be a bone; export it in more detail."
        )


def pieces(scan: Scan) -> list[Scan]:
    """Return the connected pieces, largest first, without crumbs and without shells inside a larger piece."""
    surface = scan.surface
    label = _labels(surface)
    corners = surface.vertices[surface.faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    total = np.bincount(label, weights=areas)
    found: list[Scan] = []
    boxes: list[tuple[Floats, Floats]] = []
    for number in np.argsort(-total):
        if total[number] < PIECE_SHARE * total.max():
            break
        piece = _used_only(surface, label == number)
        low, high = piece.vertices.min(axis=0), piece.vertices.max(axis=0)
        hollow = piece.volume_mm3() < 0 or total[number] < 0.6 * total.max()
        if hollow and any((low >= a).all() and (high <= b).all() for a, b in boxes):
            continue
        boxes.append((low, high))
        found.append(replace(scan, surface=piece))
    return found


def smoothed(surface: Surface) -> tuple[Surface, float]:
    """Return a scan in mm without the noise of its scanner, and the roughness (mm) that was found in it."""
    sides = surface.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    n = len(surface.vertices)
    graph = sp.csr_matrix((np.ones(2 * len(sides)), np.vstack([sides, sides[:, ::-1]]).T), shape=(n, n))
    graph.data[:] = 1.0
    count = np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1.0)[:, None]
    edge = np.linalg.norm(surface.vertices[sides[:, 0]] - surface.vertices[sides[:, 1]], axis=1).mean()
    bump = (graph @ surface.vertices) / count - surface.vertices
    rough = float(np.median(np.abs(np.einsum("ij,ij->i", bump, surface.normals()))))
    if rough < NOISE_MM or edge > SHORT_EDGE_MM:
        return surface, rough
    vertices = surface.vertices
    for _ in range(12):
        for share in (0.5, -0.53):  # Taubin 1995: smooths without shrinking
            vertices = vertices + share * ((graph @ vertices) / count - vertices)
    return surface.moved(vertices), rough


def _refuse_other_files(path: Path) -> None:
    """Raise AssetError for whatever is no mesh file, told from its first bytes and its name."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(132)
    except OSError as error:
        raise AssetError(f"{path} cannot be read ({error.strerror}); check the name and the rights.") from error
    if not size:
        raise AssetError(f"{path} is empty (zero bytes); export or copy it again.")
    kind = path.suffix.lower()
    if head.startswith(PACKED) and kind in ("", ".zip", ".gz", ".tgz", ".7z", ".rar", *SUFFIXES):
        raise AssetError(f"{path} is a packed archive; unpack it and give the mesh file inside.")
    if head[128:132] == b"DICM":
        raise AssetError(
            f"{path} is a CT or MR image, not a surface; segment the bone first (for instance in 3D Slicer) and "
            "export it as STL."
        )
    if kind not in SUFFIXES:
        raise AssetError(f"{path} is of a kind that hipviz does not read; export the bone as {READABLE}.")


def _through_trimesh(path: Path) -> Surface:
    import trimesh

    kind = path.suffix.lower()[1:]
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scene = trimesh.load_scene(path, file_type=kind, process=False)
            meshes: list[Any] = [mesh for mesh in scene.dump() if len(getattr(mesh, "vertices", ()))]
    except Exception as error:  # trimesh raises whatever its many readers raise
        raise AssetError(
            f"{path} cannot be read as {kind.upper()}: it is damaged, cut short or something else; export it "
            f"again as {READABLE}."
        ) from error
    vertices: list[Floats] = [np.zeros((0, 3))]
    faces: list[Ints] = [np.zeros((0, 3), dtype=np.int64)]
    start = 0
    for mesh in meshes:
        vertices.append(np.asarray(mesh.vertices, dtype=np.float64).reshape(-1, 3))
        if len(getattr(mesh, "faces", ())):
            faces.append(start + np.asarray(mesh.faces, dtype=np.int64))
        start += len(mesh.vertices)
    return Surface(np.concatenate(vertices), np.concatenate(faces))


def _merged(vertices: Floats, faces: Ints, notes: list[str]) -> Surface:
    """Merge points that lie together, and drop faces without area or given twice."""
    used = vertices[np.unique(faces)]
    low, high = used.min(axis=0), used.max(axis=0)
    cell = 1e-6 * (float((high - low).max()) or 1.0)
    _, first, group = np.unique(
        cells(vertices.clip(low, high), low, high, cell), return_index=True, return_inverse=True
    )
    faces = proper(group.ravel()[faces])
    kept = distinct(faces, len(first))
    twice = len(faces) - len(kept)
    if twice > 0.01 * len(faces) and not notes:
        notes.append(f"{twice} faces were there twice; one of each was kept.")
    return _used_only(Surface(vertices[first], kept))


def _labels(surface: Surface) -> Ints:
    """Return the number (m,) of the piece that each face belongs to."""
    corners = incidence(surface.faces, len(surface.vertices))
    label = connected_components(corners @ corners.T, directed=False)[1]
    return np.asarray(np.unique(label[surface.faces[:, 0]], return_inverse=True)[1], dtype=np.int64)


def _used_only(
    surface: Surface, chosen: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None" = None
) -> Surface:
    """Return the chosen faces (all when none are named) with only the vertices they use."""
    faces = surface.faces if chosen is None else surface.faces[chosen]
    used, compact = np.unique(faces, return_inverse=True)
    return Surface(surface.vertices[used], compact.reshape(-1, 3).astype(np.int64))
