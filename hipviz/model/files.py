"""The one place where files are written: to a temporary name beside the target, then moved.

A crash or a full disk therefore never leaves a half-written file under the real name. Folders of bones are told
from others here, too, where that costs no time at the start.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hipviz.model.errors import HipvizError, UsageError


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target` (same suffix); move it there if the block ends without error.

    Raises OSError when the folder does not exist or cannot be written; `target` is then untouched.
    """
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files private; give the result the permissions that a plain open() would have.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(target: Path, content: bytes) -> None:
    """Write `content` to `target` in one step."""
    with replacing(target) as temporary:
        temporary.write_bytes(content)


def write_text(target: Path, text: str) -> None:
    """Write `text` to `target` as UTF-8 in one step."""
    write_bytes(target, text.encode())


def holds_bones(folder: Path) -> bool:
    """Tell whether a folder looks like one of bones."""
    return (folder / "manifest.toml").is_file()


def specimen_folder(folder: Path) -> Path:
    """Return the absolute path of a folder of bones; raise UsageError when there are none in it."""
    if not holds_bones(folder):
        raise UsageError(f"'{folder}' holds no bones of hipviz; make them with `hipviz bones fit`.")
    return folder.absolute()


@contextmanager
def new_folder(target: Path, may_replace: Callable[[Path], bool] = lambda folder: False) -> Iterator[Path]:
    """Yield an empty folder beside `target` that takes its name at the end, and is gone if the work does not end.

    may_replace : asked whether a folder that is there already, and not empty, may be replaced.

    Raises UsageError when something is there that may not be replaced, HipvizError when it cannot be made.
    """
    target = target.absolute()
    taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    if taken and not (target.is_dir() and may_replace(target)):
        raise UsageError(f"'{target}' exists already; choose another name.")
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as fault:
        raise HipvizError(f"'{target}' cannot be made: {fault.strerror}.") from fault
    try:
        yield temporary
        temporary.chmod(0o755)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            target.replace(old)
            temporary.replace(target)
            shutil.rmtree(old)
        else:
            temporary.replace(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
