"""Named places on the bones: points, centres, curves and attachment patches, bound to the cages.

The file format and the evaluation live here; which file is read, and what follows from a fault, in `assets`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from hipviz.model.cage import Binding, Cage, bind, place
from hipviz.model.errors import AssetError
from hipviz.model.files import write_text
from hipviz.model.records import read_record
from hipviz.model.units import Floats

Triple = tuple[float, float, float]
Fit = Literal["sphere", "circle", "middle"]

HEADER = """\
# Named places on the right-hand bones, bound to the control cages beside this file: a place is a cage triangle
# and barycentric weights, so it moves along when the cage is edited. `at` tells where it lay when it was bound
# (mm, RAS); it serves to bind anew when the triangles have changed (python -m hipviz.model.bone_maker --rebind).
"""


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Places on one bone: one for a point, several for a curve, rows × columns for a patch, a few for a centre.

    fit : what a centre is – the centre of the sphere through its places, of the circle through them in a sagittal
    plane, or the middle between them.
    columns : of a patch; its places run row by row.
    """

    bone: str
    at: tuple[Triple, ...]
    triangles: tuple[int, ...]
    weights: tuple[Triple, ...]
    fit: Fit | None = None
    columns: int | None = None
    note: str = ""

    @property
    def binding(self) -> Binding:
        """The places as a binding to the bone's cage."""
        return Binding(np.array(self.triangles, dtype=np.int64), np.array(self.weights, dtype=np.float64))


class Landmarks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All named places, right side. Cages are handed in, so that a refitted bone moves its landmarks."""

    points: dict[str, Place] = {}
    centres: dict[str, Place] = {}
    curves: dict[str, Place] = {}
    patches: dict[str, Place] = {}

    def position(self, cages: Mapping[str, Cage], name: str) -> Floats:
        """Return a point or a centre, (3,) mm. Raises AssetError for an unknown name."""
        if name in self.points:
            return np.asarray(_placed(cages, self.points[name])[0])
        centre = _named(self.centres, name, "point")
        return _centre(_placed(cages, centre), centre.fit)

    def bone_of(self, name: str) -> str:
        """Return the bone of a point or a centre. Raises AssetError for an unknown name."""
        return (self.points.get(name) or _named(self.centres, name, "point")).bone

    def curve(self, cages: Mapping[str, Cage], name: str) -> Floats:
        """Return the places of a curve, (k, 3) mm. Raises AssetError for an unknown name."""
        return _placed(cages, _named(self.curves, name, "curve"))

    def patch(self, cages: Mapping[str, Cage], name: str) -> Floats:
        """Return the places of a patch, (rows, columns, 3) mm. Raises AssetError for an unknown name."""
        patch = _named(self.patches, name, "patch")
        return _placed(cages, patch).reshape(-1, patch.columns or 1, 3)

    def everything(self) -> dict[str, dict[str, Place]]:
        """Return the four tables by the names they have in the file."""
        return {name: getattr(self, name) for name in ("points", "centres", "curves", "patches")}


def bound(
    cages: Mapping[str, Cage], bone: str, positions: Floats, note: str = "", fit: Fit | None = None
) -> Place:
    """Bind positions to the nearest places of a bone.

    positions : (3,) for a point, (k, 3) for a curve or a centre, (rows, columns, 3) for a patch; mm, right side.
    """
    array = np.asarray(positions, dtype=np.float64)
    binding = bind(cages[bone], array.reshape(-1, 3))
    return Place(
        bone=bone,
        at=_triples(place(cages[bone], binding), 2),
        triangles=tuple(binding.triangles.tolist()),
        weights=_triples(binding.weights, 5),
        fit=fit,
        columns=array.shape[1] if array.ndim == 3 else None,
        note=note,
    )


def rebound(landmarks: Landmarks, cages: Mapping[str, Cage], bones: tuple[str, ...]) -> Landmarks:
    """Return the landmarks with those on `bones` bound anew where they lay: for cages whose triangles changed."""

    def anew(spot: Place) -> Place:
        if spot.bone not in bones:
            return spot
        at = np.array(spot.at)
        shaped = at.reshape(-1, spot.columns, 3) if spot.columns else at
        return bound(cages, spot.bone, shaped, spot.note, spot.fit)

    return Landmarks(
        **{
            table: {name: anew(spot) for name, spot in rows.items()}
            for table, rows in landmarks.everything().items()
        }
    )


def read_landmarks(path: Path, cages: Mapping[str, Cage] | None) -> Landmarks:
    """Read landmarks and check that they fit the cages (None: do not check, they will be bound anew).

    Raises AssetError naming file and record.
    """
    landmarks = read_record(path, Landmarks)
    if cages is None:
        return landmarks
    for rows in landmarks.everything().values():
        for name, spot in rows.items():
            fault = _fault(spot, cages)
            if fault:
                raise AssetError(f"{path}: '{name}' {fault}; mend that record or restore the file.")
    return landmarks


def write_landmarks(path: Path, landmarks: Landmarks) -> None:
    """Write landmarks, one table each, in the order they stand; the same landmarks always give the same text."""
    parts = [HEADER]
    for table, rows in landmarks.everything().items():
        for name, spot in rows.items():
            lines = [f"[{table}.{name}]", f'bone = "{spot.bone}"']
            if spot.fit:
                lines.append(f'fit = "{spot.fit}"')
            if spot.columns:
                lines.append(f"columns = {spot.columns}")
            lines.append(f"at = {_rows(spot.at, 2)}")
            lines.append(f"triangles = {list(spot.triangles)}")
            lines.append(f"weights = {_rows(spot.weights, 5)}")
            if spot.note:
                lines.append(f"note = {msgspec.json.encode(spot.note).decode()}")
            parts.append("\n".join(lines) + "\n")
    write_text(path, "\n".join(parts))


def write_places(path: Path, table: str, places: Mapping[str, Place], cages: Mapping[str, Cage]) -> None:
    """Add places to one table (points, centres, curves, patches) of a landmarks file, replacing namesakes."""
    landmarks = read_landmarks(path, cages)
    getattr(landmarks, table).update(places)
    write_landmarks(path, landmarks)


def _placed(cages: Mapping[str, Cage], spot: Place) -> Floats:
    return place(cages[spot.bone], spot.binding)


def _named(rows: Mapping[str, Place], name: str, kind: str) -> Place:
    if name not in rows:
        raise AssetError(f"landmarks.toml has no {kind} '{name}'; restore the file or add it.")
    return rows[name]


def _centre(places: Floats, fit: str | None) -> Floats:
    """Return the middle of `places`, or the centre of the sphere or sagittal circle nearest to them."""
    if fit == "middle":
        return np.asarray(places.mean(axis=0))
    axes = [1, 2] if fit == "circle" else [0, 1, 2]
    flat = places[:, axes]
    system = np.column_stack([2.0 * flat, np.ones(len(flat))])
    solution = np.linalg.lstsq(system, (flat**2).sum(axis=1), rcond=None)[0]
    centre = places.mean(axis=0)
    centre[axes] = solution[: len(axes)]
    return np.asarray(centre)


def _fault(spot: Place, cages: Mapping[str, Cage]) -> str:
    if spot.bone not in cages:
        return f"names the bone '{spot.bone}', which is not there"
    if not spot.at or not len(spot.at) == len(spot.triangles) == len(spot.weights):
        return "has unequal numbers of at, triangles and weights"
    if not all(0 <= triangle < len(cages[spot.bone].faces) for triangle in spot.triangles):
        return f"names a triangle that {spot.bone} does not have"
    if abs(np.array(spot.weights).sum(axis=1) - 1.0).max() > 1e-3:
        return "has weights that do not add up to 1"
    if spot.columns is not None and (spot.columns < 1 or len(spot.at) % spot.columns):
        return "has places that do not fill its columns"
    return ""


def _triples(array: Floats, digits: int) -> tuple[Triple, ...]:
    return tuple((round(a, digits), round(b, digits), round(c, digits)) for a, b, c in (array + 0.0).tolist())


def _rows(triples: tuple[Triple, ...], digits: int) -> str:
    texts = [f"[{', '.join(f'{value:.{digits}f}' for value in triple)}]" for triple in triples]
    if len(texts) == 1:
        return f"[{texts[0]}]"
    lines = [", ".join(texts[start : start + 3]) for start in range(0, len(texts), 3)]
    return "[\n  " + ",\n  ".join(lines) + ",\n]"
