"""What several commands do: build the anatomy and tell how far it is; write a file whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hipviz.cli.progress import Progress
from hipviz.model.errors import HipvizError
from hipviz.model.files import replacing

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy


def load(progress: Progress) -> Anatomy:
    """Build the anatomy, telling how far it is."""
    from hipviz.model.anatomy import Anatomy

    return Anatomy.load(progress=progress)


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
