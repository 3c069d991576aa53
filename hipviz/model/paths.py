"""Straight lines of pull that a user gives: read from a table, their lengths and levers at any number of poses.

For comparing other people's models with each other and with this one. The bands of this model and their wrapped
fibres are measured in `leverage`.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hipviz.model.errors import InputError
from hipviz.model.pose import rotations
from hipviz.model.units import Floats

COORDINATES = ("ox", "oy", "oz", "ix", "iy", "iz")
COLUMNS = ("name", *COORDINATES)
SHORTEST_MM, FARTHEST_MM = 1e-3, 10_000.0
FAULTS_TOLD = 3

BLOCK = 8192
"""How many numbers are worked on at a time: intermediate results then stay in the processor's own memory."""


@dataclass(frozen=True, eq=False)
class StraightPaths:
    """Straight lines from pelvis to femur of the right hip.

    origins, insertions : (n, 3) float, mm, RAS relative to the hip joint centre, at neutral.
    """

    names: tuple[str, ...]
    origins: Floats
    insertions: Floats

    def measured(self, angles_deg: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return lengths (…, n) and moment arms (…, 3 angles, n), mm, in poses (…, 3), degrees.

        From origin o to insertion R i, L² = o² + i² − 2 o · R i, so that the lever −dL/dθ is o · (dR/dθ) i / L.
        With dR/dθ = a × R that is a · (R i × t), the moment about the axis a of a unit pull t = (o − R i) / L at
        the insertion: exact, without differences. It is 0 where the line has shrunk to a point.
        """
        angles = np.asarray(angles_deg, dtype=np.float64)
        flat = angles.reshape(-1, 3)
        n = len(self.names)
        products = (self.origins[:, :, None] * self.insertions[:, None, :]).reshape(n, 9)
        squares = np.square(self.origins).sum(axis=1) + np.square(self.insertions).sum(axis=1)
        length, arms = np.empty((n, len(flat))), np.empty((3, n, len(flat)))
        block = max(1, BLOCK // n)
        for start in range(0, len(flat), block):
            part = slice(start, start + block)
            turned, *rates = _rotations_and_rates(flat[part])
            square = squares[:, None] - 2.0 * (products @ turned)
            length[:, part] = np.sqrt(np.maximum(square, 0.0))
            share = 1.0 / np.maximum(length[:, part], SHORTEST_MM)
            for arm, rate in zip(arms, rates, strict=True):
                np.multiply(products @ rate, share, out=arm[:, part])
        lead = angles.shape[:-1]
        return (
            np.moveaxis(length.reshape(n, *lead), 0, -1),
            np.moveaxis(arms.reshape(3, n, *lead), (0, 1), (-2, -1)),
        )


def _rotations_and_rates(angles: Floats) -> Floats:
    """Return R and its derivatives by the three angles (per radian), (4, 9, poses), for angles (poses, 3)."""
    found = np.zeros((4, 3, 3, len(angles)))
    turned, by_flexion, by_abduction, by_rotation = found
    turned[...] = np.moveaxis(rotations(angles), 0, -1)
    flexion = np.radians(angles[:, 0])
    c, s = np.cos(flexion), np.sin(flexion)
    by_flexion[1], by_flexion[2] = -turned[2], turned[1]
    by_abduction[0] = s * turned[1] - c * turned[2]
    by_abduction[1], by_abduction[2] = -s * turned[0], c * turned[0]
    by_rotation[:, 0], by_rotation[:, 1] = turned[:, 1], -turned[:, 0]
    return found.reshape(4, 9, -1)


def read_paths(path: Path) -> StraightPaths:
    """Return the paths of a CSV file with the columns name, ox, oy, oz, ix, iy, iz (others are left alone).

    Raises InputError that names the file, the line and what is wrong there; of many faults the first few.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError(f"'{path}' is not a text file in UTF-8 (byte {fault.start}).") from fault
    try:
        header = [name.strip().lower() for name in next(csv.reader(io.StringIO(text, newline="")), [])]
        places = _places(path, header)
        try:
            names, values = _read(text, places)
        except (ValueError, IndexError):
            faults = _faults(text, places)
        else:
            faults = _wrong_rows(names, values, text)
    except csv.Error as fault:
        raise InputError(f"'{path}' is not a table of comma-separated values: {fault}.") from fault
    if faults:
        told = "; ".join(faults[:FAULTS_TOLD])
        more = f"; and {len(faults) - FAULTS_TOLD} more" if len(faults) > FAULTS_TOLD else ""
        raise InputError(f"'{path}', {told}{more}.")
    if not names:
        raise InputError(f"'{path}' holds no paths: only the line of column names.")
    return StraightPaths(names, values[:, :3], values[:, 3:])


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the column names, each with the number of its line; blank lines are left out."""
    rows = csv.reader(io.StringIO(text, newline=""))
    next(rows)
    for row in rows:
        if row:
            yield rows.line_num, row


def _read(text: str, places: dict[str, int]) -> tuple[tuple[str, ...], Floats]:
    """Return names and coordinates (n, 6); raise ValueError or IndexError when a row does not hold them.

    For a hundred thousand rows: no more is kept than the result, and who is at fault is looked up afterwards.
    """
    name, coordinates = places["name"], itemgetter(*(places[column] for column in COORDINATES))
    names: list[str] = []
    numbers: list[float] = []
    for _, row in _rows(text):
        names.append(row[name].strip())
        numbers.extend(map(float, coordinates(row)))
    return tuple(names), np.array(numbers).reshape(-1, len(COORDINATES))


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """Return the place of each column."""
    if not any(header):
        raise InputError(f"'{path}' is empty; its first line must be {','.join(COLUMNS)}.")
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        hint = " (columns are separated by commas)" if len(header) == 1 else ""
        raise InputError(
            f"'{path}', line 1: no column {', '.join(missing)}; it must name {','.join(COLUMNS)}{hint}."
        )
    twice = [column for column in COLUMNS if header.count(column) > 1]
    if twice:
        raise InputError(f"'{path}', line 1: the column {', '.join(twice)} is there twice.")
    return {column: header.index(column) for column in COLUMNS}


def _faults(text: str, places: dict[str, int]) -> list[str]:
    """Return what keeps rows from being read as numbers, in the order of the file."""
    faults = []
    least = 1 + max(places.values())
    for line, row in _rows(text):
        if len(row) < least:
            faults.append(f"line {line}: {len(row)} values, {least} are needed")
            continue
        for column in COORDINATES:
            try:
                float(row[places[column]])
            except ValueError:
                said = row[places[column]].strip()
                what = f"'{said}' is not a number" if said else "the value is missing"
                faults.append(f"line {line} ({row[places['name']].strip()}): {column}: {what}")
    return faults


def _wrong_rows(names: tuple[str, ...], values: Floats, text: str) -> list[str]:
    """Return what makes rows of numbers no paths, in the order of the file."""
    if len(set(names)) == len(names) and all(names) and _are_lines(values):
        return []
    lines = [line for line, _ in _rows(text)]
    bad: dict[int, str] = {}
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if not name:
            bad[index] = "the name is missing"
        elif name in first:
            bad[index] = f"the name was used before, in line {lines[first[name]]}"
        first.setdefault(name, index)
    for place in np.flatnonzero(_extents(values) < SHORTEST_MM):
        bad[int(place)] = "origin and insertion are the same point, so there is no line of pull"
    for index, column in np.argwhere(~(np.abs(values) <= FARTHEST_MM)):
        value = values[index, column]
        why = "is farther than 10 m; the unit is mm" if np.isfinite(value) else "is not a finite number"
        bad[int(index)] = f"{COORDINATES[column]}: {value:g} {why}"
    return [
        f"line {lines[index]}{f' ({names[index]})' if names[index] else ''}: {bad[index]}" for index in sorted(bad)
    ]


def _are_lines(values: Floats) -> bool:
    # Comparisons with NaN are false.
    return bool((np.abs(values) <= FARTHEST_MM).all() and (_extents(values) >= SHORTEST_MM).all())


def _extents(values: Floats) -> Floats:
    """Return the largest difference between origin and insertion along an axis, (n,) mm."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(values[:, :3] - values[:, 3:]).max(axis=1))
