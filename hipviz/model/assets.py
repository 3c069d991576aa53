"""Finding and loading the shipped bones: cages, manifest, landmarks. Every fault is an AssetError for people.

The PLY format itself is read in `ply`, the records of landmarks in `landmarks`.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from hipviz.model.cage import Cage
from hipviz.model.checks import count_pieces, genus, is_watertight
from hipviz.model.correction import NO_CORRECTION, Correction, corrected
from hipviz.model.errors import AssetError
from hipviz.model.files import write_text
from hipviz.model.landmarks import Landmarks, read_landmarks
from hipviz.model.ply import read_ply
from hipviz.model.records import read_record
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

BONE_NAMES = ("hip_bone", "femur", "sacrum")
PLAUSIBLE_SIZE_MM = (60.0, 700.0)
"""Longest side of the box around a bone; beyond these the file is surely not in millimetres."""


class MeshRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the manifest says about one mesh file.

    faces_sha256 : of the corners of the faces; landmarks stay valid as long as it stays the same.
    """

    file: str
    kind: str
    provenance: str
    sha256: str
    faces_sha256: str
    genus: int = 0


class BoneRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the manifest of a specimen says about how one of its bones was had.

    source : "scan" (fitted) or "template" (the shipped bone, scaled). scale : size relative to the shipped bone.
    unit, side : of the scan. mean_mm, p95_mm, max_mm : distance from it. coverage : share of the bone that it
    shows; not_seen : named places beyond that.
    """

    source: Literal["scan", "template"]
    scale: float
    unit: str = ""
    side: str = ""
    mean_mm: float | None = None
    p95_mm: float | None = None
    max_mm: float | None = None
    coverage: float | None = None
    not_seen: tuple[str, ...] = ()


class SpecimenRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the manifest says when the bones are one person's; never who that is.

    correction : what was put right by hand; the files of the bones are as they were made.
    """

    created: str
    hip_centre: str
    socket_radius_mm: float
    bones: dict[str, BoneRecord]
    head_radius_mm: float | None = None
    correction: Correction = NO_CORRECTION


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the manifest says about the whole folder."""

    unit: str
    frame: str
    side: str
    subdivision_level: int
    scale: float
    meshes: dict[str, MeshRecord]
    specimen: SpecimenRecord | None = None


@dataclass(frozen=True, eq=False)
class Bones:
    """The bones of the right side and the midline, with everything bound to them.

    cages : "hip_bone", "femur" (at neutral), "sacrum".
    notes : what people should know about these files, one sentence each (edited since they were shipped, …).
    """

    cages: Mapping[str, Cage]
    landmarks: Landmarks
    manifest: Manifest
    folder: Path
    notes: tuple[str, ...] = ()
    _surfaces: dict[tuple[str, int], Surface] = field(default_factory=dict, repr=False)
    _positions: dict[str, Floats] = field(default_factory=dict, repr=False)

    def over(self, cages: Mapping[str, Cage]) -> "Bones":
        """Return the same bones, landmarks included, in another shape: `cages` of the same topology."""
        return Bones(cages, self.landmarks, self.manifest, self.folder, self.notes)

    def surface(self, name: str, level: int | None = None) -> Surface:
        """Return a bone subdivided (at the manifest's level when none is given); kept, so do not write to it."""
        key = (name, self.manifest.subdivision_level if level is None else level)
        if key not in self._surfaces:
            self._surfaces[key] = self.cages[name].subdivided(key[1])
        return self._surfaces[key]

    def position(self, name: str) -> Floats:
        """Return a named point or centre, (3,) mm, right side, femur at neutral; kept, so do not write to it."""
        if name not in self._positions:
            self._positions[name] = self.landmarks.position(self.cages, name)
        return self._positions[name]

    def bone_of(self, name: str) -> str:
        """Return the bone that a named point or centre is bound to. Raises AssetError for an unknown name."""
        return self.landmarks.bone_of(name)

    def curve(self, name: str) -> Floats:
        """Return a named curve, (k, 3) mm."""
        return self.landmarks.curve(self.cages, name)

    def patch(self, name: str) -> Floats:
        """Return a named attachment patch, (rows, columns, 3) mm."""
        return self.landmarks.patch(self.cages, name)

    def positions(self) -> dict[str, Floats]:
        """Return all named points and centres, (3,) mm each."""
        return {name: self.position(name) for name in (*self.landmarks.points, *self.landmarks.centres)}


def meshes_folder() -> Path:
    """Return the folder of the shipped meshes: $HIPVIZ_MESHES, inside the installed package, or beside it.

    Raises AssetError when none of them is there.
    """
    chosen = os.environ.get("HIPVIZ_MESHES")
    if not chosen:
        return shipped_folder()
    return _first_folder([Path(chosen)], "set HIPVIZ_MESHES to an existing folder or unset it")


def shipped_folder() -> Path:
    """Return the folder of the meshes inside the installed package, or beside it, whatever the user has chosen.

    Raises AssetError when neither is there.
    """
    package = Path(__file__).resolve().parents[1]
    return _first_folder([package / "meshes", package.parent / "meshes"], "reinstall hipviz")


def _first_folder(options: list[Path], hint: str) -> Path:
    for folder in options:
        if folder.is_dir():
            return folder
    where = " nor ".join(str(folder) for folder in options)
    raise AssetError(f"The folder of the meshes is not at {where}; {hint}.")


def load_bones(folder: Path | None = None, correction: Correction | None = None) -> Bones:
    """Load cages, manifest and landmarks from `folder` (the shipped one when none is given).

    correction : of a specimen, instead of the one that its manifest tells.

    A bone that was edited by hand is loaded and noted; one that cannot be a bone raises AssetError.
    """
    folder = meshes_folder() if folder is None else folder
    manifest = read_manifest(folder / "manifest.toml")
    missing = [name for name in BONE_NAMES if name not in manifest.meshes]
    if missing:
        raise AssetError(f"{folder / 'manifest.toml'} does not list {', '.join(missing)}; restore the file.")
    cages: dict[str, Cage] = {}
    notes: list[str] = []
    for name in BONE_NAMES:
        record = manifest.meshes[name]
        surface = read_mesh(folder / record.file, record, notes)
        cages[name] = Cage(surface.vertices, surface.faces)
        if faces_digest(surface.faces) != record.faces_sha256:
            raise AssetError(
                f"{folder / record.file} has other triangles than the landmarks were bound to; bind them anew "
                f"with python -m hipviz.model.bone_maker --rebind {folder}, or restore the file."
            )
    landmarks = read_landmarks(folder / "landmarks.toml", cages)
    specimen = manifest.specimen
    if specimen is not None:
        if correction is not None:
            specimen = msgspec.structs.replace(specimen, correction=correction)
        manifest = msgspec.structs.replace(manifest, specimen=specimen)
        landmarks = _completed(landmarks, manifest, folder)
        cages = corrected(cages, specimen.correction)
    return Bones(cages, landmarks, manifest, folder, tuple(notes))


def _completed(landmarks: Landmarks, manifest: Manifest, folder: Path) -> Landmarks:
    """Return the landmarks of a specimen with those that the shipped bones have been given since it was made.

    They are bound to the template's triangles, which a specimen shares. Raises AssetError when it does not.
    """
    shipped = read_landmarks(shipped_folder() / "landmarks.toml", None).everything()
    own = landmarks.everything()
    missing = [name for table, rows in shipped.items() for name in rows if name not in own[table]]
    if not missing:
        return landmarks
    template = read_manifest(shipped_folder() / "manifest.toml").meshes
    if any(manifest.meshes[name].faces_sha256 != template[name].faces_sha256 for name in BONE_NAMES):
        raise AssetError(
            f"{folder / 'landmarks.toml'} lacks {', '.join(missing)}, and its bones have other triangles than the "
            "shipped ones: make the specimen anew with `hipviz bones fit`."
        )
    return Landmarks(**{table: {**rows, **own[table]} for table, rows in shipped.items()})


def read_manifest(path: Path) -> Manifest:
    """Read the manifest. Raises AssetError when it is missing, damaged, or speaks of another unit or frame."""
    manifest = read_record(path, Manifest)
    for entry, wanted in (("unit", "mm"), ("frame", "RAS"), ("side", "right")):
        found = getattr(manifest, entry)
        if found != wanted:
            raise AssetError(
                f"{path}: {entry} is '{found}', hipviz reads only '{wanted}'; convert meshes and entry."
            )
    if not 0 <= manifest.subdivision_level <= 4:
        raise AssetError(f"{path}: subdivision_level is {manifest.subdivision_level}; choose 0 to 4.")
    return manifest


def read_mesh(path: Path, record: MeshRecord, notes: list[str]) -> Surface:
    """Read one mesh of the manifest and check it; append a sentence to `notes` when it was edited.

    Raises AssetError when it cannot be what the manifest says.
    """
    surface = read_ply(path)
    size = float(np.ptp(surface.vertices, axis=0).max())
    low, high = PLAUSIBLE_SIZE_MM
    if record.kind == "cage" and not low <= size <= high:
        raise AssetError(
            f"{path} is {size:.3g} mm long, which no bone is ({low:.0f} to {high:.0f}); it is probably in another "
            "unit: scale it to millimetres and export it again."
        )
    if record.kind == "cage":
        _refuse_open(path, surface, record)
    if file_digest(path) != record.sha256:
        notes.append(f"{path.name} has been edited since it was made.")
    return surface


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest; the same manifest always gives the same text."""
    lines = [
        "# What the mesh files in this folder are. Written by python -m hipviz.model.bone_maker.",
        f'unit = "{manifest.unit}"',
        f'frame = "{manifest.frame}"  # +x the right side, +y front, +z up; origin midway between the hip centres',
        f'side = "{manifest.side}"  # the left is its mirror',
        f"subdivision_level = {manifest.subdivision_level}  # steps of Loop subdivision from cage to bone",
        f"scale = {manifest.scale:.6f}  # from the person measured to the adult shown",
    ]
    for name, record in manifest.meshes.items():
        lines += ["", f"[meshes.{name}]"]
        for entry in ("file", "kind", "provenance", "sha256", "faces_sha256"):
            lines.append(f"{entry} = {msgspec.json.encode(getattr(record, entry)).decode()}")
        lines.append(f"genus = {record.genus}")
    if manifest.specimen:
        lines += _specimen_lines(manifest.specimen)
    write_text(path, "\n".join(lines) + "\n")


def _specimen_lines(specimen: SpecimenRecord) -> list[str]:
    lines = ["", "[specimen]", *_entries(specimen, leave_out=("bones", "correction"))]
    lines += ["", "# Put right by hand: the pelvis tilted farther forwards, the right hip centre moved in it."]
    lines += ["[specimen.correction]", *_entries(specimen.correction)]
    for name, record in specimen.bones.items():
        lines += ["", f"[specimen.bones.{name}]", *_entries(record)]
    return lines


def _entries(record: msgspec.Struct, leave_out: tuple[str, ...] = ()) -> list[str]:
    """Return the entries of a record as lines of TOML, without those that say nothing."""
    found = {name: getattr(record, name) for name in record.__struct_fields__ if name not in leave_out}
    return [
        f"{name} = {msgspec.json.encode(value).decode()}"
        for name, value in found.items()
        if value not in (None, "", ())
    ]


def mesh_record(path: Path, kind: str, provenance: str) -> MeshRecord:
    """Return the manifest's record of a mesh file as it is now."""
    surface = read_ply(path)
    return MeshRecord(
        file=path.name,
        kind=kind,
        provenance=provenance,
        sha256=file_digest(path),
        faces_sha256=faces_digest(surface.faces),
        genus=genus(surface) if is_watertight(surface.faces) else 0,
    )


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def faces_digest(faces: Ints) -> str:
    """Return the SHA-256 of the corners of faces, whatever the file they came from."""
    return hashlib.sha256(np.ascontiguousarray(faces, dtype="<i4").tobytes()).hexdigest()


def _refuse_open(path: Path, surface: Surface, record: MeshRecord) -> None:
    again = "close it in the modelling program and export it again, or restore the file"
    if not is_watertight(surface.faces):
        raise AssetError(f"{path} is not a closed surface (it has a hole, a cut or a doubled face); {again}.")
    if count_pieces(surface) != 1:
        raise AssetError(f"{path} falls into {count_pieces(surface)} pieces; {again}.")
    if surface.volume_mm3() <= 0:
        raise AssetError(f"{path} is inside out; flip its normals and export it again.")
    if genus(surface) != record.genus:
        raise AssetError(
            f"{path} has {genus(surface)} through-holes, the manifest says {record.genus}; restore the file or "
            "correct the manifest."
        )
