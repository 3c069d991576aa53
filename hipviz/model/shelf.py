"""Whole objects kept on disk, so that what takes a second to build is back in a twentieth of it.

Their structure is pickled, their arrays lie beside it as they are. A pickle is code: these come from the user's
own cache alone, and nothing in them is called but classes of this model and the few named here. As with `cache`, a
file that is missing, damaged or foreign costs time, never correctness.
"""

import io
import pickle
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from hipviz.model.cache import cache_folder, forget_old
from hipviz.model.files import replacing

KEPT = 3
"""How many versions of the same thing stay on disk: of the shipped body and of a specimen or two, 50 MB each."""

MAGIC = b"hipviz shelf 1\n\n"
HEAD = struct.Struct("<16sQQ32x")
"""MAGIC, checksum of all that follows, number of parts; filled up to `ALIGNED`, as is every part."""
ALIGNED = 64
FOREIGN = frozenset(
    {
        ("builtins", "slice"),
        ("collections", "OrderedDict"),
        ("msgspec._utils", "rebuild"),
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
        ("pathlib", "PosixPath"),
        ("pathlib", "WindowsPath"),
        ("scipy.sparse._csr", "csr_array"),
        ("scipy.sparse._csr", "csr_matrix"),
    }
)
"""What may be called beside the model's own classes."""

DAMAGED = (
    *(OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ImportError),
    *(struct.error, pickle.PickleError),
)

Bytes = npt.NDArray[np.uint8]
T = TypeVar("T")


def shelved(kind: type[T], name: str, key: str, build: Callable[[], T]) -> T:
    """Return the object of `kind` that `build` makes, from disk when it was built before for the same `key`.

    `name` says what it is (for people who look into the folder). `key` must change with everything it is made of,
    its classes included.
    """
    path = cache_folder() / f"{name}-{key}.shelf"
    try:
        found = unpacked(np.fromfile(path, dtype=np.uint8))
    except DAMAGED:
        found = None
    if isinstance(found, kind):
        return found
    made = build()
    data = packed(made)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            data.tofile(temporary)
        forget_old(path, KEPT)
    except OSError:
        pass  # a read-only home only costs the time to build again
    return made


def packed(thing: object) -> Bytes:
    """Return the file of an object: head, sizes of the parts, its structure, the bytes of each of its arrays."""
    arrays: list[pickle.PickleBuffer] = []
    structure = pickle.dumps(thing, protocol=5, buffer_callback=arrays.append)
    parts = [np.frombuffer(structure, np.uint8), *(np.frombuffer(array.raw(), np.uint8) for array in arrays)]
    sizes = np.array([part.size for part in parts], dtype="<u8").view(np.uint8)
    places = _places([sizes.size, *(part.size for part in parts)])
    data = np.zeros(places[-1], np.uint8)
    for start, part in zip(places, (sizes, *parts), strict=False):
        data[start : start + part.size] = part
    HEAD.pack_into(data.data, 0, MAGIC, zlib.crc32(data[HEAD.size :].data), len(parts))
    return data


def unpacked(data: Bytes) -> object:
    """Return the object whose file `data` (n,) is; its arrays are parts of `data`, and can be written to.

    Raises one of `DAMAGED` when the file is not one of these, is incomplete, or asks for what it may not have.
    """
    magic, checksum, count = HEAD.unpack_from(data.data)
    if magic != MAGIC or zlib.crc32(data[HEAD.size :].data) != checksum:
        raise ValueError("not a complete file of this kind")
    sizes = np.frombuffer(data, "<u8", count, _places([])[0]).tolist()
    places = _places([8 * count, *sizes])[1:]
    structure, *arrays = (data[start : start + size] for start, size in zip(places, sizes, strict=False))
    return _Reader(structure, arrays).load()


def _places(sizes: list[int]) -> list[int]:
    """Return where parts of these sizes begin, and where the last one ends."""
    places = [HEAD.size]
    for size in sizes:
        places.append(-(-(places[-1] + size) // ALIGNED) * ALIGNED)
    return places


class _Reader(pickle.Unpickler):
    """Reads a structure, and refuses whatever no such structure needs."""

    def __init__(self, structure: Bytes, arrays: Iterable[Bytes]) -> None:
        super().__init__(io.BytesIO(structure.data), buffers=arrays)

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of the model or one of `FOREIGN`; raise UnpicklingError for everything else."""
        if (module, name) in FOREIGN:
            return super().find_class(module, name)
        if module.startswith("hipviz.model."):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no business here")
