"""`hipviz movements` lists the library, `hipviz movie` writes a film of one of them.

What moves how stands in `content/movements.toml`; pictures come from `hipviz.ui.reel`, the file from
`hipviz.view.film`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hipviz.cli import system
from hipviz.cli.arguments import Options, add_band, add_picture, add_specimen, chosen_changes, size_of
from hipviz.cli.output import load, load_beside, writing
from hipviz.cli.progress import Progress
from hipviz.model.errors import HipvizError, UsageError
from hipviz.model.referral import DURATION_S
from hipviz.model.state import State, movement_of
from hipviz.model.units import SIDES

if TYPE_CHECKING:
    import argparse

DEFAULT_SIZE_PX, DEFAULT_FPS = (1280, 720), 30.0
STANDS_S = 1.5
"""How long the whole zone stands at the end of a film of a referral, before it begins anew."""
FPS_RANGE = (1.0, 60.0)
TOLD = 20
"""How often it is told how far the film is: a log must stay readable."""


def add_movements(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add `hipviz movements` and `hipviz movie`."""
    movements_parser = command("movements", "List the movements: their ids, titles, bands and sources.")
    movements_parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    movie_parser = command(
        "movie", "Write one cycle of a movement as a film that loops, without window or display."
    )
    movie_parser.add_argument("out", metavar="OUT.mp4|OUT.gif", type=Path, help="film to write")
    add_specimen(movie_parser)
    add_band(movie_parser)
    movie_parser.add_argument("--side", choices=SIDES, help="the side that acts, default right")
    add_picture(movie_parser)
    movie_parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE.json",
        help="begin with all that a window showed, camera and layers included; other options go first",
    )
    movie_parser.add_argument(
        "--referral",
        action="store_true",
        help="film how what is felt from the band's trigger point spreads, instead of its movement",
    )
    movie_parser.add_argument(
        "--fps", type=float, metavar="N", help=f"pictures per second, default {DEFAULT_FPS:g}"
    )
    movie_parser.add_argument(
        "--size", type=size_of, metavar="WIDTHxHEIGHT", help="size in pixels, default 1280x720"
    )


def movements(options: Options) -> int:
    """Print the library of movements."""
    from hipviz.model.content import load_words

    rows = [
        {
            "id": movement.id,
            "title": movement.title.plain,
            "position": movement.position,
            "duration_s": movement.duration_s,
            "bands": list(movement.bands),
            "sources": list(movement.sources),
        }
        for movement in load_words().movements.values()
    ]
    if "json" in options:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    widths = {name: max(len(str(row[name])) for row in rows) for name in ("id", "title", "position")}
    for row in rows:
        cells = [str(row[name]).ljust(width) for name, width in widths.items()]
        print("  ".join([*cells, f"{row['duration_s']:>4g} s"]))
    return 0


def movie(options: Options) -> int:
    """Write a film of one cycle."""
    from hipviz.view import film

    target: Path = options.out
    kind = target.suffix.lower()
    if kind not in film.KINDS:
        raise UsageError(f"'{target}': a film's name must end in .mp4 or .gif.")
    if "at" in options:
        raise UsageError(
            "a film shows the whole cycle: leave --at out, or draw one moment with `hipviz snapshot`."
        )
    fps = getattr(options, "fps", DEFAULT_FPS)
    if not FPS_RANGE[0] <= fps <= FPS_RANGE[1]:
        raise UsageError(f"--fps {fps:g} is outside {FPS_RANGE[0]:g} to {FPS_RANGE[1]:g}.")
    kept = kept_state(options.state) if "state" in options else State()
    state = msgspec.structs.replace(kept, **chosen_changes(options))
    if state.band is None and state.movement is None:
        raise UsageError("name what is to be filmed: --movement ID (see `hipviz movements`) or --band.")
    if fault := system.library_fault(window=False) or system.picture_fault():
        raise HipvizError(fault)
    if "referral" in options and (state.band is None or state.movement is not None):
        raise UsageError("--referral films what is felt from one band's point: name a --band, and no --movement.")
    size = getattr(options, "size", DEFAULT_SIZE_PX)
    with Progress() as progress, writing(target) as temporary:
        anatomy, beside = load(progress, options), load_beside(progress, state)
        movement = movement_of(state, anatomy.words)
        assert movement is not None
        whole_s = DURATION_S + STANDS_S if "referral" in options else movement.duration_s
        count, pace = film.pace(whole_s, fps, kind)
        from hipviz.ui.reel import movement_caption, reel, referral_caption

        if "referral" in options:
            caption = referral_caption
            state = state if state.view else msgspec.structs.replace(state, view="posterior")  # where all is seen
            moments = [min(1.0, share * whole_s / DURATION_S) for share in film.phases(count)]
            states = [msgspec.structs.replace(state, referral=moment) for moment in moments]
        else:
            caption = movement_caption
            states = [msgspec.structs.replace(state, phase=phase) for phase in film.phases(count)]
        with closing(reel(anatomy, states, size, caption, beside)) as pictures:  # type: ignore[type-var]
            film.write_film(temporary, told(pictures, count, progress), size, pace)
    return 0


def kept_state(path: Path) -> State:
    """Read what a window showed. Raises UsageError when the file is missing or is something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except OSError as fault:
        raise UsageError(f"--state '{path}' cannot be read: {fault.strerror}.") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"--state '{path}' holds no state of hipviz: {fault}.") from fault


def told(pictures: Iterable[bytes], count: int, progress: Progress) -> Iterator[bytes]:
    """Pass pictures on and tell how many are done; after each somebody may stop."""
    step = max(1, count // TOLD)
    for index, picture in enumerate(pictures):
        progress.heed()
        if index % step == 0:
            progress(f"Drawing picture {index + 1} of {count}", index / count)
        yield picture
