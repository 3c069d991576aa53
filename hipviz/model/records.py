"""One TOML file of the meshes folder read as one frozen struct. Content, with its many records, has `content`."""

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from hipviz.model.errors import AssetError

Record = TypeVar("Record", bound=msgspec.Struct)


def read_record(path: Path, kind: type[Record]) -> Record:
    """Return the whole file as a `kind`. Raises AssetError naming the file, the entry and what to do."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), kind)
    except OSError as error:
        raise AssetError(f"{path} cannot be read ({error.strerror}); restore the file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssetError(f"{path} is not valid TOML: {error}; mend that line or restore the file.") from error
    except msgspec.ValidationError as error:
        raise AssetError(f"{path}: {error}; mend that entry or restore the file.") from error
