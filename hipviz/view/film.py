"""A film file from pictures: one cycle of a movement as MP4 or GIF, written whole or not at all.

ffmpeg does the coding, as the imageio-ffmpeg package carries it. Where the pictures come from is the caller's.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from hipviz.model.errors import HipvizError

KINDS = (".mp4", ".gif")
GIF_TICKS_PER_S = 100
"""GIF counts the time between pictures in hundredths of a second."""


class FilmError(HipvizError):
    """A film could not be made."""


def pace(duration_s: float, fps: float, kind: str) -> tuple[int, float]:
    """Return how many pictures a cycle has and how many are shown each second.

    The cycle begins anew after the last picture: their number is whole, and the pace is changed slightly instead,
    so that a cycle lasts as long as the movement does. GIF shows each picture for a whole number of its ticks.
    """
    if kind == ".gif":
        fps = GIF_TICKS_PER_S / max(2, round(GIF_TICKS_PER_S / fps))
        return max(2, round(duration_s * fps)), fps
    count = max(2, round(duration_s * fps))
    return count, count / duration_s


def phases(count: int) -> list[float]:
    """Return the moments (0…1) of `count` pictures, of which the first follows evenly on the last."""
    return [index / count for index in range(count)]


def write_film(target: Path, pictures: Iterable[bytes], size: tuple[int, int], fps: float) -> None:
    """Code pictures (RGB, 8 bit, row by row) into `target`, MP4 or GIF by its ending.

    Raises FilmError with what ffmpeg says. Whatever interrupts it (also the iterable) ends ffmpeg first; removing
    what was written so far is left to the caller (`files.replacing`).
    """
    if target.suffix.lower() == ".mp4":
        # Players want even sizes and the plain colour format.
        even = "pad=ceil(iw/2)*2:ceil(ih/2)*2"
        coded = ["-vf", even, "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p"]
        _code(pictures, size, fps, [*coded, "-movflags", "+faststart", str(target)])
        return
    # The colours of a GIF are chosen after all pictures are known: keep them without loss until then.
    whole, palette = target.with_suffix(".mkv"), target.with_suffix(".png")
    try:
        _code(pictures, size, fps, ["-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0", str(whole)])
        _run(["-i", str(whole), "-vf", "palettegen=stats_mode=diff", "-frames:v", "1", str(palette)])
        mixed = "paletteuse=dither=sierra2_4a:diff_mode=rectangle"
        _run(["-i", str(whole), "-i", str(palette), "-lavfi", mixed, "-loop", "0", str(target)])
    finally:
        whole.unlink(missing_ok=True)
        palette.unlink(missing_ok=True)


def _ffmpeg() -> str:
    try:
        import imageio_ffmpeg

        carrier: Any = imageio_ffmpeg  # it has no types
        return str(carrier.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as fault:
        raise FilmError("films need ffmpeg: install it with `pip install imageio-ffmpeg`.") from fault


def _code(pictures: Iterable[bytes], size: tuple[int, int], fps: float, rest: list[str]) -> None:
    raw = [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{size[0]}x{size[1]}",
        "-framerate",
        f"{fps:.6f}",
        "-i",
        "-",
    ]
    with _running([*raw, *rest]) as (process, entrance):
        # When ffmpeg has given up, what it said is told below.
        with suppress(BrokenPipeError):
            for picture in pictures:
                entrance.write(picture)
        with suppress(BrokenPipeError):
            entrance.close()
        _await(process)


def _run(arguments: list[str]) -> None:
    with _running(arguments) as (process, entrance):
        entrance.close()
        _await(process)


@contextmanager
def _running(arguments: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    command = [_ffmpeg(), "-hide_banner", "-loglevel", "error", "-y", *arguments]
    # In a session of its own: Ctrl+C is for us, who then end it.
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    try:
        yield process, process.stdin
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()
        with suppress(OSError):
            process.stdin.close()


def _await(process: subprocess.Popen[bytes]) -> None:
    assert process.stderr is not None
    lines = process.stderr.read().decode(errors="replace").strip().splitlines()
    if process.wait() != 0:
        # ffmpeg's last line is often only a consequence; without its part that says it, and an address.
        told = [re.sub(r"^(\[[^]]*\]\s*)+", "", line).rstrip(".") for line in lines]
        full = any("No space left on device" in line for line in told)
        said = "the disk is full" if full else told[-1] if told else "ffmpeg stopped"
        raise FilmError(f"the film could not be written: {said}.")
