"""The line of pull of each band and its lever to an axis of the hip, as lines in the picture.

What a lever is and how long, is the business of `hipviz.model.leverage`; the lines are painted above the picture.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.anatomy import Anatomy, Figure
from hipviz.model.leverage import lever, lines_of_pull
from hipviz.model.pose import ANGLES, NEUTRAL, Angle, HipPose, axes
from hipviz.model.state import Camera, State
from hipviz.model.units import BANDS, MIRROR, Band, Floats, Side
from hipviz.view.camera import project

AXIS_REACH_MM = 78.0
ARROW_MM = 46.0
"""Length of the arrows at the grips: all alike, since a direction is all that they tell."""
CHOSEN_PX, OTHER_PX, GRIP_PX = 3.0, 1.6, 5.0
"""Thickness of the lines of pull, of those of bands beside the chosen one, and of the arrows at the grips."""
REACH_MM = 45.0
"""Levers whose foot lies farther beyond the line are not drawn: the pull runs almost along the axis."""
NOTICEABLE_MM = 2.0
"""A lever shorter than this turns nothing worth a word."""

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Pull:
    """One band's line of pull, logical px from the top left.

    line : where it grips the femur, and where it pulls to. foot : both ends of the lever, on the axis and on the
    line; None where none is shown, as where the pull runs almost along the axis. arm_mm : the moment arm about it.
    thickness : of the line, px.
    """

    band: Band
    line: tuple[Point, Point]
    foot: tuple[Point, Point] | None
    arm_mm: float = 0.0
    thickness: float = CHOSEN_PX


def charted_angle(state: State) -> Angle:
    """Return the angle whose axis the levers are drawn to: the one charted, abduction where lengths are."""
    return "abduction" if state.charted == "length" else state.charted


def axis_line(anatomy: Anatomy, side: Side, pose: HipPose, angle: Angle) -> Floats:
    """Return both ends (2, 3) mm of the axis of an angle through the hip of a side."""
    axis = _as_right(_axis(angle, pose), side)
    centre = anatomy.hip_centre(side)
    return np.stack([centre + AXIS_REACH_MM * axis, centre - AXIS_REACH_MM * axis])


def pulls(
    anatomy: Anatomy, state: State, figure: Figure, pose: HipPose, eye: Camera, size: Point
) -> tuple[Pull, ...]:
    """Return the lines of all bands of the acting side."""
    side = state.side
    fibres = _as_right(figure.bands[side].fibres, side)
    points, directions = lines_of_pull(fibres)
    centre = anatomy.medius.hip_centre
    angle = charted_angle(state)
    arms = anatomy.leverage.band_arms(pose.angles_deg)[ANGLES.index(angle)]
    axis = _axis(angle, pose)
    found = []
    for index, band in enumerate(BANDS):
        point, direction = points[index], directions[index]
        reach = [float((fibres[index, :, place].mean(axis=0) - point) @ direction) for place in (-1, 0)]
        ends = [point + far * direction for far in reach]
        feet = lever(point, direction, centre, axis)
        foot = float((feet[1] - point) @ direction)
        near = reach[0] - REACH_MM < foot < reach[1] + REACH_MM
        seen = project(eye, _as_right(np.stack([*ends, *feet]), side), size)
        grip, goal, on_axis, on_line = ((float(x), float(y)) for x, y in seen[:, :2])
        shown = state.band in (None, band)
        feet_seen = (on_axis, on_line) if shown and near else None
        found.append(Pull(band, (grip, goal), feet_seen, float(arms[index]), CHOSEN_PX if shown else OTHER_PX))
    return tuple(found)


def reaching(axis: tuple[Point, Point], lines: tuple[Pull, ...]) -> tuple[Point, Point]:
    """Return both ends of an axis in the picture, px, moved out along it to the feet of all levers shown."""
    start, end = np.array(axis[0]), np.array(axis[1])
    way = end - start
    long = float(way @ way)
    feet = [np.array(line.foot[0]) for line in lines if line.foot is not None]
    if long < 1.0 or not feet:
        return axis
    shares = [float((foot - start) @ way) / long for foot in feet]
    first, last = start + min(0.0, *shares) * way, start + max(1.0, *shares) * way
    return (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))


def grip_arrows(anatomy: Anatomy, state: State, figure: Figure, eye: Camera, size: Point) -> tuple[Pull, ...]:
    """Return an arrow from each band's grip on the trochanter the way it pulls, all of one length in space."""
    side, found = state.side, []
    matrix = figure.femur_matrices[side]
    _, directions = lines_of_pull(_as_right(figure.bands[side].fibres, side))
    for grip in anatomy.grips:
        if grip.end == "origin":
            continue
        start = matrix[:3, :3] @ _as_right(grip.middle, side) + matrix[:3, 3]
        way = _as_right(directions[BANDS.index(grip.band)], side)
        tail, tip = project(eye, np.stack([start, start + ARROW_MM * way]), size)[:, :2]
        line = (float(tail[0]), float(tail[1])), (float(tip[0]), float(tip[1]))
        thickness = GRIP_PX if state.band in (None, grip.band) else CHOSEN_PX
        found.append(Pull(grip.band, line, None, thickness=thickness))
    return tuple(found)


def turns_against(anatomy: Anatomy, pose: HipPose) -> dict[Band, bool]:
    """Return which bands, in a pose, turn the thigh the other way about its length than they do in standing."""
    here, standing = anatomy.leverage.band_arms([pose.angles_deg, NEUTRAL.angles_deg])[
        :, ANGLES.index("internal_rotation")
    ]
    return {
        band: bool(here[index] * standing[index] < 0.0 and abs(here[index]) > NOTICEABLE_MM)
        for index, band in enumerate(BANDS)
    }


def _axis(angle: Angle, pose: HipPose) -> Floats:
    """Return the axis (3,) of an angle of the right hip."""
    return np.asarray(axes(pose.angles_deg)[ANGLES.index(angle)])


def _as_right(points: Floats, side: Side) -> Floats:
    """Return points of a left side mirrored to the right one, or the reverse."""
    return np.asarray(points * MIRROR) if side == "left" else points
