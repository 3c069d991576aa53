"""Reading and writing triangle meshes as PLY, the way modelling programs write them: ASCII or binary.

Only the file format lives here; whether a mesh makes a sound bone is asked in `checks` and `assets`.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from hipviz.model.errors import AssetError
from hipviz.model.files import write_text
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4", "float": "f4",
    "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
    "float32": "f4", "float64": "f8",
}  # fmt: skip
_ORDER = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}

Properties = list[tuple[str, tuple[str, ...]]]
Table = dict[str, npt.NDArray[np.generic]]


def read_ply(path: Path) -> Surface:
    """Return the triangles of a PLY file.

    Raises AssetError when the file is missing, not a PLY, cut short, has vertices that are not numbers, faces that
    are not triangles, or faces that name vertices it does not have.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AssetError(f"{path} cannot be read ({error.strerror}); restore the file.") from error
    elements, order, body = _header(path, content)
    try:
        tables = _ascii(elements, body) if order == "" else _binary(elements, order, body)
    except (ValueError, IndexError) as error:
        raise AssetError(
            f"{path} is cut short, damaged or made of unlike polygons: its rows do not fit its header; "
            "triangulate the mesh and export it again, or restore the file."
        ) from error
    if "vertex" not in tables or "face" not in tables:
        raise AssetError(f"{path} has no vertices or no faces; export it as a triangle mesh.")
    return _checked(path, *_arrays(path, tables))


def write_ply(path: Path, surface: Surface, comments: tuple[str, ...] = ()) -> None:
    """Write a surface as ASCII PLY (text keeps its history readable); coordinates to a ten-thousandth of a mm."""
    header = ["ply", "format ascii 1.0", *(f"comment {comment}" for comment in comments)]
    header += [f"element vertex {len(surface.vertices)}", *(f"property double {axis}" for axis in "xyz")]
    header += [f"element face {len(surface.faces)}", "property list uchar int vertex_indices", "end_header"]
    vertices = [" ".join(f"{value:.4f}" for value in row) for row in surface.vertices + 0.0]
    faces = [f"3 {a} {b} {c}" for a, b, c in surface.faces]
    write_text(path, "\n".join(header + vertices + faces) + "\n")


def _header(path: Path, content: bytes) -> tuple[list[tuple[str, int, Properties]], str, bytes]:
    start = content.find(b"end_header")
    end = content.find(b"\n", start)
    if not content.startswith(b"ply") or start < 0 or end < 0:
        raise AssetError(f"{path} is not a PLY file; export the mesh as PLY.")
    order = "?"
    elements: list[tuple[str, int, Properties]] = []
    try:
        for line in content[:start].decode("ascii", "replace").splitlines():
            words = line.split()
            if words[:1] == ["format"]:
                order = _ORDER[words[1]]
            elif words[:1] == ["element"]:
                elements.append((words[1], int(words[2]), []))
            elif words[:1] == ["property"]:
                kinds = tuple(_TYPES[word] for word in words[1:-1] if word != "list")
                elements[-1][2].append((words[-1], kinds))
    except (KeyError, IndexError, ValueError) as error:
        raise AssetError(f"{path} has a header that makes no sense; export the mesh as PLY again.") from error
    if order == "?":
        raise AssetError(f"{path} does not say its format; export the mesh as PLY again.")
    return elements, order, content[end + 1 :]


def _binary(elements: list[tuple[str, int, Properties]], order: str, body: bytes) -> dict[str, Table]:
    tables = {}
    offset = 0
    for name, count, properties in elements:
        fields: list[tuple[str, str] | tuple[str, str, tuple[int]]] = []
        for label, kinds in properties:
            if len(kinds) == 1:
                fields.append((label, order + kinds[0]))
            else:
                # All lists of a mesh of one kind of polygon are equally long: take the first one's length.
                probe = np.dtype(fields).itemsize if fields else 0
                length = int(np.frombuffer(body, order + kinds[0], 1, offset + probe)[0]) if count else 3
                fields += [(f"#{label}", order + kinds[0]), (label, order + kinds[1], (length,))]
        table = np.frombuffer(body, np.dtype(fields), count, offset)
        offset += table.nbytes
        tables[name] = {label: table[label] for label in table.dtype.names or ()}
    return tables


def _ascii(elements: list[tuple[str, int, Properties]], body: bytes) -> dict[str, Table]:
    lines = [line for line in body.decode("ascii", "replace").splitlines() if line.strip()]
    tables = {}
    start = 0
    for name, count, properties in elements:
        rows = [line.split() for line in lines[start : start + count]]
        if len(rows) < count:
            raise ValueError
        start += count
        values = np.array(rows, dtype=np.float64)
        columns: Table = {}
        at = 0
        for label, kinds in properties:
            if len(kinds) == 1:
                columns[label] = values[:, at]
                at += 1
            else:
                length = int(values[0, at]) if count else 3
                columns[f"#{label}"] = values[:, at]
                columns[label] = values[:, at + 1 : at + 1 + length]
                at += 1 + length
        tables[name] = columns
    return tables


def _arrays(path: Path, tables: dict[str, Table]) -> tuple[Floats, Ints]:
    vertex, face = tables["vertex"], tables["face"]
    label = next((word for word in ("vertex_indices", "vertex_index") if word in face), None)
    if label is None or not {"x", "y", "z"} <= vertex.keys():
        raise AssetError(f"{path} lacks positions of vertices or corners of faces; export it as a triangle mesh.")
    if (face[f"#{label}"] != 3).any():
        raise AssetError(f"{path} has faces that are not triangles; triangulate the mesh and export it again.")
    vertices = np.stack([vertex[axis] for axis in "xyz"], axis=1).astype(np.float64)
    return vertices, np.ascontiguousarray(face[label]).astype(np.int64)


def _checked(path: Path, vertices: Floats, faces: Ints) -> Surface:
    wrong = np.flatnonzero(~np.isfinite(vertices).all(axis=1))
    if len(wrong):
        raise AssetError(
            f"{path}: vertex {wrong[0]} is not a number ({len(wrong)} such in all); repair the mesh or restore "
            "the file."
        )
    if len(vertices) < 4 or len(faces) < 4:
        raise AssetError(f"{path} holds no closed surface; restore the file.")
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise AssetError(f"{path} has faces that name vertices it does not have; restore the file.")
    return Surface(vertices, faces)
