"""Reading the triangles of VTK's XML polygon files (.vtp), in all the ways in which they are stored.

Only points and polygons are read; data fields are passed over. What the mesh is good for is asked in `scan`.
"""

import base64
import re
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hipviz.model.errors import AssetError
from hipviz.model.surface import Surface
from hipviz.model.units import Ints

_TYPES = {
    "Int8": "i1", "UInt8": "u1", "Int16": "i2", "UInt16": "u2", "Int32": "i4", "UInt32": "u4", "Int64": "i8",
    "UInt64": "u8", "Float32": "f4", "Float64": "f8",
}  # fmt: skip


def read_vtp(path: Path) -> Surface:
    """Return the polygons of a VTP file as triangles, in the file's own unit and frame.

    Raises AssetError when the file is not one, is damaged, or is packed in a way that is not read here.
    """
    content = path.read_bytes()
    try:
        return _polygons(*_split(content))
    except (ElementTree.ParseError, KeyError, ValueError, IndexError, zlib.error, AttributeError) as error:
        raise AssetError(
            f"{path} cannot be read as VTP: it is damaged, cut short or packed in an unusual way; export it again "
            "as STL or PLY."
        ) from error


def _split(content: bytes) -> tuple[ElementTree.Element, bytes, bool]:
    """Return the XML, the bytes appended to it, and whether these are raw (raw bytes are not XML)."""
    found = re.search(rb"<AppendedData([^>]*)>\s*_", content)
    if not found:
        return ElementTree.fromstring(content), b"", False
    end = content.rfind(b"</AppendedData>")
    appended = content[found.end() : end if end > 0 else None]
    return ElementTree.fromstring(content[: found.start()] + b"</VTKFile>"), appended, b"raw" in found[1]


def _polygons(root: ElementTree.Element, appended: bytes, raw: bool) -> Surface:
    points, faces, start = [], [], 0
    for piece in root.iter("Piece"):
        placed = piece.find("Points")
        polygons = piece.find("Polys")
        arrays = {array.get("Name"): array for array in polygons.iter("DataArray")} if polygons is not None else {}
        if placed is None:
            continue
        vertices = _values(root, placed.find("DataArray"), appended, raw).reshape(-1, 3).astype(np.float64)
        points.append(vertices)
        if "connectivity" in arrays:
            connectivity = _values(root, arrays["connectivity"], appended, raw).astype(np.int64)
            offsets = _values(root, arrays["offsets"], appended, raw).astype(np.int64)
            faces.append(start + _fans(connectivity, offsets))
        start += len(vertices)
    none = np.zeros((0, 3))
    triangles = np.concatenate(faces) if faces else none.astype(np.int64)
    return Surface(np.concatenate(points) if points else none, triangles)


def _fans(connectivity: Ints, ends: Ints) -> Ints:
    """Return the triangles (k, 3) of polygons that are listed one after the other, each up to its end."""
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    count = np.maximum(ends - starts - 2, 0)
    first = np.repeat(starts, count)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.stack(
        [connectivity[first], connectivity[first + number + 1], connectivity[first + number + 2]], axis=1
    )


def _values(
    root: ElementTree.Element, array: ElementTree.Element | None, appended: bytes, raw: bool
) -> npt.NDArray[np.generic]:
    if array is None:
        raise ValueError
    kind = array.get("format", "ascii")
    order = ">" if root.get("byte_order") == "BigEndian" else "<"
    dtype = np.dtype(order + _TYPES[array.attrib["type"]])
    if kind == "ascii":
        return np.array((array.text or "").split(), dtype=dtype)
    compressor = root.get("compressor", "")
    if compressor and compressor != "vtkZLibDataCompressor":
        raise ValueError(compressor)
    header = np.dtype(order + _TYPES[root.get("header_type", "UInt32")])
    packed = appended[int(array.attrib["offset"]) :] if kind == "appended" else (array.text or "").strip().encode()
    encoded = kind != "appended" or not raw
    return np.frombuffer(_unpacked(packed, header, encoded, bool(compressor)), dtype)


def _unpacked(packed: bytes, header: "np.dtype[np.generic]", encoded: bool, compressed: bool) -> bytes:
    """Return the bytes of one array; they stand behind a header that tells their length(s)."""
    if not compressed:
        content = _decoded(packed, header.itemsize) if encoded else packed
        length = int(np.frombuffer(content, header, 1)[0])
        whole = _decoded(packed, header.itemsize + length) if encoded else packed
        return _exactly(whole[header.itemsize : header.itemsize + length], length)
    content = _decoded(packed, header.itemsize) if encoded else packed
    blocks = int(np.frombuffer(content, header, 1)[0])
    head = (3 + blocks) * header.itemsize
    content = _decoded(packed, head) if encoded else packed
    sizes = np.frombuffer(content, header, blocks, 3 * header.itemsize).astype(np.int64)
    body = packed[-(-head // 3) * 4 :] if encoded else packed[head:]
    if encoded:
        body = _decoded(body, int(sizes.sum()))
    ends = np.cumsum(sizes)
    return b"".join(zlib.decompress(body[end - size : end]) for end, size in zip(ends, sizes, strict=True))


def _decoded(text: bytes, length: int) -> bytes:
    """Return the first `length` bytes of base64 `text`."""
    return _exactly(base64.b64decode(text[: -(-length // 3) * 4])[:length], length)


def _exactly(content: bytes, length: int) -> bytes:
    if len(content) < length:
        raise ValueError
    return content
