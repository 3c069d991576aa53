"""The command `measure`: bands, or straight paths of the user's own, in one pose or over a sweep of one angle."""

from __future__ import annotations

import csv
import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

import msgspec
import numpy as np

from hipviz.cli.arguments import SWEPT, Options, chosen_pose, chosen_proportions
from hipviz.cli.output import load, writing
from hipviz.cli.progress import Progress
from hipviz.model.errors import UsageError
from hipviz.model.paths import StraightPaths, read_paths
from hipviz.model.pose import ANGLES, NEUTRAL, RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.proportions import OWN
from hipviz.model.units import BANDS, Band, Floats

if TYPE_CHECKING:
    from hipviz.model.leverage import BandMeasures

LARGEST_SWEEP = 5_000_000
"""Rows of a sweep: about half a gigabyte of text."""

SWEEP_COLUMNS = (
    "name",
    *(f"{angle}_deg" for angle in ANGLES),
    "length_mm",
    *(f"ma_{angle}_mm" for angle in ANGLES),
)

Row = Sequence[str | float]


class Arms(msgspec.Struct, frozen=True, gc=False):
    """Moment arms of one path, mm. Quick to make: there may be a hundred thousand."""

    flexion: float
    abduction: float
    internal_rotation: float


class PathMeasures(msgspec.Struct, frozen=True, gc=False):
    """What is told of one straight path."""

    length_mm: float
    moment_arm_mm: Arms


def measure(options: Options) -> int:
    """Print what was asked for; refuse what cannot be together."""
    pose = chosen_pose(options) or NEUTRAL
    if "paths" in options and getattr(options, "side", "right") != "right":
        raise UsageError(
            "--paths are lines of the right hip, and mirrored they measure the same: leave out --side."
        )
    if "sweep" in options:
        if getattr(options, "json", False):
            raise UsageError("--sweep writes CSV: leave out --json.")
        _sweep(options, _swept_poses(options, pose))
    elif "csv" in options:
        raise UsageError("--csv is where a sweep goes: say which with --sweep ANGLE FROM TO STEP.")
    elif "paths" in options:
        _paths(options, pose)
    else:
        _bands(options, pose)
    return 0


def _bands(options: Options, pose: HipPose) -> None:
    from hipviz.model.leverage import band_measures

    with Progress() as progress:
        proportions = chosen_proportions(options)
        anatomy = load(progress, options).shaped(proportions)
        progress("Measuring", 0.9)
        measures = band_measures(anatomy.medius, anatomy.leverage, pose)
        shipped = _shipped_measures(pose) if "specimen" in options or proportions != OWN else None
    record = {
        "pose": _angles(pose),
        "side": getattr(options, "side", "right"),
        "bands": {band: rounded(dataclasses.asdict(measures[band])) for band in BANDS},
    }
    if shipped is not None:
        record["shipped"] = {band: rounded(dataclasses.asdict(shipped[band])) for band in BANDS}
    print(json.dumps(record, indent=2) if getattr(options, "json", False) else bands_table(record))


def _shipped_measures(pose: HipPose) -> dict[Band, BandMeasures]:
    """Return what the shipped adult's bands measure, to stand beside a specimen's."""
    from hipviz.model.assets import load_bones, shipped_folder
    from hipviz.model.gluteus_medius import GluteusMedius
    from hipviz.model.leverage import Leverage, band_measures

    medius = GluteusMedius.on(load_bones(shipped_folder()))
    return band_measures(medius, Leverage.of(medius), pose)


def _paths(options: Options, pose: HipPose) -> None:
    paths = read_paths(options.paths)
    length, arms = (np.round(values.T, 3).tolist() for values in paths.measured(pose.angles_deg))
    if getattr(options, "json", False):
        found = {
            name: PathMeasures(whole, Arms(*three))
            for name, whole, three in zip(paths.names, length, arms, strict=True)
        }
        record = msgspec.json.encode({"pose": _angles(pose), "paths": found})
        print(msgspec.json.format(record, indent=2).decode())
        return
    width = max(4, *(len(name) for name in paths.names))
    lines = [
        f"Straight paths; {_spoken(_angles(pose))}",
        "",
        f"{'':{width}}{'length':>10}   moment arm (mm) for",
        f"{'path':{width}}{'mm':>10}{'flexion':>10}{'abduction':>11}{'int. rotation':>15}",
    ]
    lines += [
        f"{name:{width}}{whole:10.1f}{three[0]:10.1f}{three[1]:11.1f}{three[2]:15.1f}"
        for name, whole, three in zip(paths.names, length, arms, strict=True)
    ]
    print("\n".join(lines))


def _sweep(options: Options, angles_deg: Floats) -> None:
    """Write the rows of all poses, pose by pose."""
    paths = read_paths(options.paths) if "paths" in options else None
    count = len(angles_deg) * (len(paths.names) if paths else len(BANDS))
    if count > LARGEST_SWEEP:
        raise UsageError(f"this sweep has {count:,} rows; at most {LARGEST_SWEEP:,}: take larger steps.")
    if "csv" not in options:
        # newline="" is for files; standard output already ends lines as the system does.
        _write_rows(sys.stdout, _rows(options, paths, angles_deg))
        return
    with writing(options.csv) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        _write_rows(stream, _rows(options, paths, angles_deg))


def _rows(options: Options, paths: StraightPaths | None, angles_deg: Floats) -> Iterator[Row]:
    if paths is None:
        with Progress() as progress:
            leverage = load(progress, options).shaped(chosen_proportions(options)).leverage
        for angles, length, arms in zip(
            angles_deg, leverage.band_lengths(angles_deg), leverage.band_arms(angles_deg), strict=True
        ):
            yield from _pose_rows(BANDS, angles, length, arms)
    else:
        for angles in angles_deg:
            yield from _pose_rows(paths.names, angles, *paths.measured(angles))


def _pose_rows(names: Iterable[str], angles: Floats, length: Floats, arms: Floats) -> Iterator[Row]:
    """Yield the rows of one pose: lengths (n,) and arms (3, n), mm."""
    measured = np.round(np.column_stack([length, arms.T]), 3).tolist()
    pose = np.round(angles, 6).tolist()
    for name, values in zip(names, measured, strict=True):
        yield name, *pose, *values


def _write_rows(stream: IO[str], rows: Iterable[Row]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(SWEEP_COLUMNS)
    writer.writerows(rows)


def _swept_poses(options: Options, pose: HipPose) -> Floats:
    """Return the poses (n, 3) of a sweep, degrees: `pose` with one angle replaced by each of its values."""
    name, *numbers = options.sweep
    if name not in SWEPT:
        raise UsageError(f"--sweep: '{name}' is no angle of the hip; choose from {', '.join(SWEPT)}.")
    if name in options:
        raise UsageError(f"--sweep {name} and --{name} both set that angle: give one or the other.")
    try:
        first, last, step = (float(number) for number in numbers)
    except ValueError:
        raise UsageError(f"--sweep {name}: FROM, TO and STEP are numbers, not '{' '.join(numbers)}'.") from None
    low, high = RANGE_OF_MOTION_DEG[f"{SWEPT[name]}_deg"]
    if not low <= first <= last <= high:
        raise UsageError(
            f"--sweep {name}: FROM and TO must rise within the range of motion, {low:g}° to {high:g}°."
        )
    if not step > 0.0 or (last - first) / step > LARGEST_SWEEP:
        raise UsageError(f"--sweep {name}: STEP must be a positive number of degrees, not '{numbers[2]}'.")
    values = first + step * np.arange(int((last - first) / step + 1e-9) + 1)
    poses = np.tile(np.array(pose.angles_deg), (len(values), 1))
    poses[:, ANGLES.index(SWEPT[name])] = values
    return poses


def rounded(record: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of a (nested) record to a thousandth: finer than any of them is known."""
    return {name: rounded(value) if isinstance(value, dict) else round(value, 3) for name, value in record.items()}


def bands_table(record: dict[str, Any]) -> str:
    """Return the record of the bands as a table for people."""
    lines = [
        f"Gluteus medius, {record['side']} side; {_spoken(record['pose'])}",
        "",
        f"{'':10}{'length':>9}{'relative':>10}{'volume':>9}   moment arm (mm) for",
        f"{'band':10}{'mm':>9}{'%':>10}{'cm³':>9}{'flexion':>10}{'abduction':>11}{'int. rotation':>15}",
    ]
    lines += [_band_line(band, values) for band, values in record["bands"].items()]
    if "shipped" in record:
        lines += ["", "the shipped adult (238 mm between the iliac spines):"]
        lines += [_band_line(band, values) for band, values in record["shipped"].items()]
    return "\n".join(lines)


def _band_line(band: str, values: dict[str, Any]) -> str:
    arms = values["moment_arm_mm"]
    return (
        f"{band:10}{values['length_mm']:9.1f}{values['relative_length_pct']:10.1f}{values['volume_cm3']:9.1f}"
        f"{arms['flexion']:10.1f}{arms['abduction']:11.1f}{arms['internal_rotation']:15.1f}"
    )


def _angles(pose: HipPose) -> dict[str, float]:
    return {f"{name}_deg": angle for name, angle in zip(ANGLES, pose.angles_deg, strict=True)}


def _spoken(angles: dict[str, float]) -> str:
    return ", ".join(f"{name.removesuffix('_deg').replace('_', ' ')} {value:g}°" for name, value in angles.items())
