"""What several commands do: build the anatomy and tell how far it is; write a file whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hipviz.cli.progress import Progress
from hipviz.model.errors import HipvizError
from hipviz.model.files import replacing, specimen_folder

if TYPE_CHECKING:
    from hipviz.cli.arguments import Options
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.state import State


def load(progress: Progress, options: Options) -> Anatomy:
    """Build the anatomy on the bones that the options name, telling how far it is."""
    from hipviz.model.anatomy import Anatomy

    return Anatomy.load(specimen(options), progress)


def load_beside(progress: Progress, state: State) -> Anatomy | None:
    """Build the default adult where a second picture shows it beside a specimen."""
    from hipviz.model.anatomy import Anatomy

    return Anatomy.load(progress=progress) if state.specimen and state.beside == "default_adult" else None


def specimen(options: Options) -> Path | None:
    """Return the folder of the bones that the options name, None for the shipped ones.

    Raises UsageError when there are none in it.
    """
    return specimen_folder(options.specimen) if "specimen" in options else None


@contextmanager
def writing(target: Path) -> Iterator[Path]:
    """Yield a temporary path that becomes `target` at the end.

    Opened before the work begins, so that a place that cannot be written is told at once.
    """
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        with replacing(target) as temporary:
            yield temporary
    except OSError as fault:
        raise HipvizError(f"'{target}' cannot be written: {fault.strerror or fault}.") from fault
