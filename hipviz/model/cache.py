"""Arrays that are costly to build, kept on disk under a hash of everything they were built from.

The cache may be deleted at any time; a damaged or unwritable one costs time, never correctness.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import platformdirs

from hipviz.model.files import replacing

Arrays = dict[str, npt.NDArray[np.generic]]

KEPT_PER_NAME = 4
"""How many versions of the same thing stay on disk: those of a few bodies, not those of every past release."""


def cache_folder() -> Path:
    """Return the folder of cached arrays: $HIPVIZ_CACHE, or the user's cache folder of the platform."""
    chosen = os.environ.get("HIPVIZ_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("hipviz", appauthor=False))


def fingerprint(*parts: npt.NDArray[np.generic] | str | float | bytes) -> str:
    """Return a hash of `parts`: arrays by dtype, shape and bytes, everything else by its text."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        else:
            digest.update(part if isinstance(part, bytes) else repr(part).encode())
        digest.update(b"|")
    return digest.hexdigest()[:32]


def cached(name: str, key: str, build: Callable[[], Mapping[str, npt.NDArray[np.generic]]]) -> Arrays:
    """Return the arrays that `build` makes, from disk when they were built before for the same `key`.

    `name` says what they are (for people who look into the folder). `key` must change with every input and
    with the method that builds: give a version in it (see `fingerprint`).
    """
    path = cache_folder() / f"{name}-{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {field: stored[field] for field in stored.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass
    arrays = dict(build())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            np.savez(temporary, **arrays)  # type: ignore[arg-type]
        forget_old(path, KEPT_PER_NAME)
    except OSError:
        pass  # a read-only home only costs the time to build again
    return arrays


def forget_old(path: Path, kept: int) -> None:
    """Remove all but the newest `kept` files named like `path`, whatever their key of 32 hexadecimal digits."""
    alike = f"{path.stem[:-32]}{'[0-9a-f]' * 32}{path.suffix}"
    files = sorted(path.parent.glob(alike), key=lambda file: file.stat().st_mtime)
    for file in files[:-kept]:
        file.unlink(missing_ok=True)


def digest_of(folder: Path, suffix: str) -> str:
    """Return a hash of the files with `suffix` in a folder (not in folders within it), by name and bytes."""
    files = sorted(folder.glob(f"*{suffix}"))
    return fingerprint(*(part for file in files for part in (file.name, file.read_bytes())))
