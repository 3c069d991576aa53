"""What one session leaves to the next: the last State and the window's place, in one JSON file.

The file is written in one step; a damaged one is set aside under a new name, never overwritten.
"""

import base64
import datetime
import os
from pathlib import Path

import msgspec
import platformdirs

from hipviz.model.files import holds_bones, write_bytes
from hipviz.model.state import FORGOTTEN, State


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file; `geometry` is Qt's own description of the window's place, base64.

    `recent` are the folders of specimens that were opened, the last one first.
    """

    state: State = State()
    geometry: str = ""
    recent: tuple[str, ...] = ()

    @property
    def geometry_bytes(self) -> bytes:
        """The window's place as Qt restores it; empty at the first start."""
        return base64.b64decode(self.geometry)


def settings_file() -> Path:
    """Return the file: in $HIPVIZ_CONFIG, or in the user's configuration folder of the platform."""
    chosen = os.environ.get("HIPVIZ_CONFIG")
    folder = Path(chosen) if chosen else Path(platformdirs.user_config_dir("hipviz", appauthor=False))
    return folder / "settings.json"


def load_settings(path: Path) -> tuple[Settings, str]:
    """Return the settings and a sentence for the user, empty when there is nothing to tell.

    A file that cannot be understood is renamed beside itself and defaults are returned.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings(), ""
    except OSError as fault:
        return (
            Settings(),
            f"The settings in {path} could not be read ({fault.strerror}); hipviz uses its defaults.",
        )
    try:
        settings = msgspec.json.decode(content, type=Settings)
        base64.b64decode(settings.geometry, validate=True)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        aside = set_aside(path)
        kept = f"was kept as {aside.name}" if aside else "could not be renamed"
        return Settings(), f"The settings file was damaged and {kept}; hipviz uses its defaults. ({path.parent})"
    state = remembered(settings.state)
    there = tuple(folder for folder in settings.recent if holds_bones(Path(folder)))
    if state.specimen and not holds_bones(Path(state.specimen)):
        told = f"The specimen in {state.specimen} is not there any more; the default adult is shown."
        return msgspec.structs.replace(
            settings, state=msgspec.structs.replace(state, specimen=""), recent=there
        ), told
    return msgspec.structs.replace(settings, state=state, recent=there), ""


def save_settings(path: Path, state: State, geometry: bytes, recent: tuple[str, ...] = ()) -> None:
    """Write the settings; raises OSError when the folder cannot be written."""
    settings = Settings(remembered(state), base64.b64encode(geometry).decode(), recent)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, msgspec.json.format(msgspec.json.encode(settings), indent=2))


def remembered(state: State) -> State:
    """Return the state without the fields that a new session does not take over."""
    fresh = State()
    return msgspec.structs.replace(state, **{name: getattr(fresh, name) for name in FORGOTTEN})


def set_aside(path: Path) -> Path | None:
    """Rename a damaged file to a name that says so and is not taken; None when that is impossible."""
    stamp = datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for count in range(100):
        aside = path.with_name(f"{path.stem}-damaged-{stamp}{f'-{count}' if count else ''}{path.suffix}")
        if not aside.exists():
            try:
                path.rename(aside)
            except OSError:
                return None
            return aside
    return None
