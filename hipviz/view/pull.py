"""The line of pull of each band and its lever to an axis of the hip, as lines in the picture.

What a lever is and how long, is the business of `hipviz.model.leverage`; the lines are painted above the picture.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.leverage import lever, lines_of_pull
from hipviz.model.pose import ANGLES, Angle, HipPose, axes
from hipviz.model.state import Camera, State
from hipviz.model.units import BANDS, MIRROR, Band, Floats, Side
from hipviz.view.camera import project

AXIS_REACH_MM = 78.0

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Pull:
    """One band's line of pull, logical px from the top left.

    line : where it grips the femur, and where it pulls to. foot : both ends of the lever, on the axis and on the
    line; None for a band that is not chosen while another is. arm_mm : the moment arm about that axis.
    """

    band: Band
    line: tuple[Point, Point]
    foot: tuple[Point, Point] | None
    arm_mm: float


def charted_angle(state: State) -> Angle:
    """Return the angle whose axis the levers are drawn to: the one charted, abduction where lengths are."""
    return "abduction" if state.charted == "length" else state.charted


def axis_line(anatomy: Anatomy, state: State, pose: HipPose) -> Floats:
    """Return both ends (2, 3) mm of the axis of the charted angle through the acting hip."""
    axis = _axis(state, pose) * (MIRROR if state.side == "left" else 1.0)
    centre = anatomy.hip_centre(state.side)
    return np.stack([centre + AXIS_REACH_MM * axis, centre - AXIS_REACH_MM * axis])


def pulls(
    anatomy: Anatomy, state: State, figure: Figure, pose: HipPose, eye: Camera, size: Point
) -> tuple[Pull, ...]:
    """Return the lines of all bands of the acting side."""
    side = state.side
    fibres = _as_right(figure.bands[side].fibres, side)
    points, directions = lines_of_pull(fibres)
    centre = anatomy.medius.hip_centre
    arms = anatomy.leverage.band_arms(pose.angles_deg)[ANGLES.index(charted_angle(state))]
    axis = _axis(state, pose)
    found = []
    for index, band in enumerate(BANDS):
        point, direction = points[index], directions[index]
        ends = [
            point + ((fibres[index, :, place].mean(axis=0) - point) @ direction) * direction for place in (-1, 0)
        ]
        feet = lever(point, direction, centre, axis)
        seen = project(eye, _as_right(np.stack([*ends, *feet]), side), size)
        grip, goal, on_axis, on_line = ((float(x), float(y)) for x, y in seen[:, :2])
        shown = state.band in (None, band)
        found.append(Pull(band, (grip, goal), (on_axis, on_line) if shown else None, float(arms[index])))
    return tuple(found)


def _axis(state: State, pose: HipPose) -> Floats:
    """Return the axis (3,) of the charted angle, of the right hip."""
    return np.asarray(axes(pose.angles_deg)[ANGLES.index(charted_angle(state))])


def _as_right(points: Floats, side: Side) -> Floats:
    """Return points of a left side mirrored to the right one, or the reverse."""
    return np.asarray(points * MIRROR) if side == "left" else points
