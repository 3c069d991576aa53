"""Figures read off this model that the words may quote by name, so that they cannot go out of date.

A disagreement in `bands.toml` says `{posterior_internal_rotation_reversal}` and the card shows `29°`. How the
figures are found lives in `leverage`; where the words stand, in `content`.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hipviz.model.pose import ANGLES, NEUTRAL
from hipviz.model.units import BANDS

if TYPE_CHECKING:
    from hipviz.model.leverage import Leverage

ARMS = tuple(f"{band}_{angle}_arm" for band in BANDS for angle in ANGLES)
"""Moment arms of the bands in standing."""

REVERSALS = tuple(f"{band}_{angle}_reversal" for band in BANDS for angle in ANGLES)
"""Angles of flexion at which those change their sign."""

NOT_YET = "…"
NOWHERE = "no angle"

Readings = Mapping[str, float | None]
"""By name: an arm in mm, a reversal in degrees of flexion or None where the arm keeps its sign."""


def readings(leverage: Leverage) -> dict[str, float | None]:
    """Return everything that words may quote, measured on this model."""
    arms = leverage.band_arms(NEUTRAL.angles_deg)
    places = [(i, j) for i in range(len(BANDS)) for j in range(len(ANGLES))]
    found: dict[str, float | None] = dict(zip(ARMS, (float(arms[j, i]) for i, j in places), strict=True))
    changes = (leverage.sign_change(BANDS[i], ANGLES[j]) for i, j in places)
    return found | dict(zip(REVERSALS, changes, strict=True))


def faults(text: str) -> list[str]:
    """Return what is wrong with the quotations of a text, in words."""
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return ["a brace without its partner; write {{ or }} for a brace that is meant as such"]
    known = (*ARMS, *REVERSALS)
    return [
        f"'{{{name}}}' is no figure of this model; known are BAND_ANGLE_arm and BAND_ANGLE_reversal, "
        f"as in {REVERSALS[-1]}"
        for name in names
        if name not in known
    ]


def quoted(text: str, values: Readings) -> str:
    """Return the text with its quotations filled in; those whose value is not known yet become an ellipsis."""
    told = {name: spoken(name, values[name]) if name in values else NOT_YET for name in (*ARMS, *REVERSALS)}
    return text.format_map(told)


def spoken(name: str, value: float | None) -> str:
    """Return a figure as it is read, with its unit."""
    if value is None:
        return NOWHERE
    number = f"{abs(value):.0f}"
    sign = "" if number == "0" else "−" if value < 0 else "+" if name in ARMS else ""
    return f"{sign}{number}{' mm' if name in ARMS else '°'}"
