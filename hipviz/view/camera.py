"""Where the eye is: canonical views of a side, the view of a movement, turns between views, and words for them.

Pure geometry on `state.Camera`; putting it into a picture is the scene's work.
"""

from functools import lru_cache
from typing import cast

import numpy as np

from hipviz.model.content import Words
from hipviz.model.movement_record import MovementRecord
from hipviz.model.pose import LYING, Position
from hipviz.model.rotation import rotation_matrix, rotation_vector
from hipviz.model.state import Camera, State, View, movement_of
from hipviz.model.units import MIRROR, Floats, Side

UP = np.array([0.0, 0.0, 1.0])
ANTERIOR = np.array([0.0, 1.0, 0.0])

REST_AZIMUTH_DEG, REST_ELEVATION_DEG = 104.0, 6.0
"""The view before a band is chosen: from the side and slightly behind, where the whole fan is seen."""

LATERAL_SHARE = 0.75
"""How far the middle of the picture lies from the midline towards the hip centre, in views of one side."""

HALF_HEIGHT_MM = 200.0
"""Shows from above the iliac crest to the middle of the thigh."""

HALF_WIDTH_MM = 165.0
"""Narrow windows step back until this half width fits."""

WHOLE_HALF_WIDTH_MM = 205.0
"""The whole body, from side to side."""

LEG_MM = 850.0
"""From the hip to the sole, about."""

GRIPS_AZIMUTH_DEG, GRIPS_ELEVATION_DEG = 96.0, 10.0
GRIPS_HALF_HEIGHT_MM, GRIPS_HALF_WIDTH_MM = 84.0, 125.0
GRIPS_MM = np.array([56.0, -8.0, 14.0])
"""The close-up of the trochanter: from the side, about a place (from the right hip centre) between grips and the
tips of their arrows, which stay in this picture over the whole range of motion."""

LEGS_CENTRE_MM, LEGS_HALF_HEIGHT_MM = -325.0, 545.0
"""Height of the middle, and half height, of a picture from above the iliac crest to under the feet."""

UPRIGHT: tuple[Position, ...] = ("standing", "seated")
LENGTHWISE = 1.3
"""A body that lies and is seen from above is upright in the picture, which is not as high as it is wide."""

VEIL_FROM, VEIL_FULL = 0.72, 0.92
"""How squarely the eye looks from the far side when that side begins to fade, and when it is gone."""

SIDEWAYS = 0.1
"""Seen from nearer than this (sine) to exactly beside the body, no side of the picture is its lateral one."""

AXES: tuple[tuple[str, Floats], ...] = (
    ("R", np.array([1.0, 0.0, 0.0])),
    ("L", np.array([-1.0, 0.0, 0.0])),
    ("A", np.array([0.0, 1.0, 0.0])),
    ("P", np.array([0.0, -1.0, 0.0])),
    ("S", np.array([0.0, 0.0, 1.0])),
    ("I", np.array([0.0, 0.0, -1.0])),
)
"""Anatomical letters and their directions."""


def lateral(side: Side) -> float:
    """Return the sign of x that points away from the midline on `side`."""
    return 1.0 if side == "right" else -1.0


def canonical(view: View, side: Side) -> tuple[Floats, Floats]:
    """Return the unit vectors to the eye and up, of one of the six views of `side`.

    From above the subject faces the top of the picture; from below, too, so that both read as maps of the pelvis.
    """
    outward = lateral(side)
    towards: dict[View, Floats] = {
        "anterior": ANTERIOR,
        "posterior": -ANTERIOR,
        "lateral": np.array([outward, 0.0, 0.0]),
        "medial": np.array([-outward, 0.0, 0.0]),
        "superior": UP,
        "inferior": -UP,
    }
    return towards[view], (ANTERIOR if view in ("superior", "inferior") else UP)


def around(side: Side, azimuth_deg: float, elevation_deg: float) -> tuple[Floats, Floats]:
    """Return the unit vectors to the eye and up; azimuth 0 is in front, 90 beside `side`, 180 behind."""
    azimuth, elevation = np.radians((azimuth_deg, elevation_deg))
    level = np.cos(elevation)
    direction = np.array([lateral(side) * np.sin(azimuth) * level, np.cos(azimuth) * level, np.sin(elevation)])
    return direction, upright(direction)


def upright(direction: Floats) -> Floats:
    """Return the unit vector up in the picture, perpendicular to `direction`, with the subject standing."""
    reference = UP if abs(direction[2]) < 0.999 else ANTERIOR
    up = reference - (reference @ direction) * direction
    return np.asarray(up / np.linalg.norm(up))


def view_of(state: State, words: Words, hip_centre: Floats, aspect: float = 1.5) -> Camera:
    """Return where the state is looked at from: the user's own turn, else a canonical view, else the movement's.

    hip_centre : (3,) of the chosen side, mm.
    aspect : width over height of the picture.
    """
    if state.camera is not None:
        return state.camera
    if state.grips:
        return close_up(state, hip_centre, aspect)
    movement = movement_of(state, words)
    if state.view is not None:
        direction, up = canonical(state.view, state.side)
        if movement is not None and state.pose is None:
            direction, up = lying(movement.position, state.side, direction, up)
    elif movement is not None:
        direction, up = around(state.side, movement.azimuth_deg, movement.elevation_deg)
    else:
        direction, up = around(state.side, REST_AZIMUTH_DEG, REST_ELEVATION_DEG)
    focal_point, half_height = np.array([LATERAL_SHARE * hip_centre[0], -17.0, -4.0]), HALF_HEIGHT_MM
    half_width = HALF_WIDTH_MM
    if state.panel == "pain" and state.view is not None:
        # Somebody points at where it hurts: both sides are asked about.
        focal_point[0], half_width = 0.0, WHOLE_HALF_WIDTH_MM
    pictured = movement if state.pose is None else None
    if pictured is not None:
        half_height = pictured.half_height_mm or half_height
        half_width = _half_width(pictured, half_height)
        if state.view is not None and pictured.position not in UPRIGHT and abs(direction[2]) > 0.9:
            half_height *= LENGTHWISE
        if pictured.centre_mm is not None:
            focal_point = np.array(pictured.centre_mm) * (lateral(state.side), 1.0, 1.0)
    if state.legs and not (pictured is not None and pictured.legs):
        # Asked for where the movement does not bring its own picture of them: step back until the feet are seen.
        focal_point, half_height = np.array([0.0, -17.0, LEGS_CENTRE_MM]), LEGS_HALF_HEIGHT_MM
    return camera(focal_point, direction, up, max(half_height, half_width / max(aspect, 0.1)))


def _half_width(movement: MovementRecord, half_height: float) -> float:
    """Return how much a picture of a movement must show to both sides of its middle, mm.

    As much more as it shows in height; a body that stands is narrow, however tall, but for its spread legs, and
    one that lies is long.
    """
    half_width = HALF_WIDTH_MM * max(1.0, half_height / HALF_HEIGHT_MM)
    if movement.position != "standing":
        return half_width if movement.position == "seated" else max(half_width, half_height)
    spread = max(abs(angle) for key in movement.keys for angle in (key.abduction_deg, key.other.abduction_deg))
    return min(half_width, HALF_WIDTH_MM + LEG_MM * float(np.sin(np.radians(spread))))


def close_up(state: State, hip_centre: Floats, aspect: float) -> Camera:
    """Return where the grips on the trochanter are seen from; a canonical view turns about the same place."""
    direction, up = around(state.side, GRIPS_AZIMUTH_DEG, GRIPS_ELEVATION_DEG)
    if state.view is not None:
        direction, up = canonical(state.view, state.side)
    focal_point = hip_centre + GRIPS_MM * (lateral(state.side), 1.0, 1.0)
    return camera(focal_point, direction, up, max(GRIPS_HALF_HEIGHT_MM, GRIPS_HALF_WIDTH_MM / max(aspect, 0.1)))


def lying(position: Position, side: Side, direction: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Return a view of the body's own axes as it is in the room when the body lies or stands there."""
    turn = LYING[position] if side == "right" else np.diag(MIRROR) @ LYING[position] @ np.diag(MIRROR)
    towards = np.round(turn @ direction, 12)
    return towards, (turn @ up if abs(towards[2]) > 0.9 else UP)


def carried(eye: Camera, matrix: Floats) -> Camera:
    """Return the camera moved along rigidly by a (4, 4) matrix."""
    turn, move = matrix[:3, :3], matrix[:3, 3]
    return camera(
        turn @ np.array(eye.focal_point) + move,
        turn @ np.array(eye.direction),
        turn @ np.array(eye.up),
        eye.half_height_mm,
    )


def camera(focal_point: Floats, direction: Floats, up: Floats, half_height_mm: float) -> Camera:
    """Return the Camera of plain arrays; directions need not be unit vectors."""
    unit = direction / np.linalg.norm(direction)
    above = up - (up @ unit) * unit
    above = above / np.linalg.norm(above)
    return Camera(_triple(focal_point), _triple(unit), _triple(above), float(half_height_mm))


def outward_in(eye: Camera, side: Side) -> int:
    """Return the side of the picture (−1 left, +1 right) on which lateral structures are named.

    Seen from beside the body that is where its front is, so that right and left are each other's mirror image.
    """
    across, ahead = frame(eye)[0, 0] * lateral(side), frame(eye)[0, 1]
    return 1 if (across if abs(across) > SIDEWAYS else ahead) >= 0.0 else -1


@lru_cache(maxsize=16)
def frame(eye: Camera) -> Floats:
    """Return the rotation (3, 3) whose rows point right, up and to the eye in the picture; do not write to it."""
    towards, up = np.array(eye.direction), np.array(eye.up)
    # Kept, as everything that is written over a picture asks for it.
    rows = np.array([np.cross(up, towards), up, towards])
    rows.setflags(write=False)
    return rows


def project(eye: Camera, points: Floats, size_px: tuple[float, float]) -> Floats:
    """Return `points` (…, 3) in the picture: (…, 3) x right and y down in px from the top left, depth in mm.

    Depth grows towards the viewer. Parallel projection, so that the same mm are the same px everywhere.
    """
    width, height = size_px
    seen = (points - np.array(eye.focal_point)) @ frame(eye).T
    scale = height / (2.0 * eye.half_height_mm)
    return np.stack([width / 2 + seen[..., 0] * scale, height / 2 - seen[..., 1] * scale, seen[..., 2]], axis=-1)


def line_of_sight(
    eye: Camera, place_px: tuple[float, float], size_px: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return a point (3,), mm, and the unit direction (3,) away from the eye of what lies under a place.

    The place counts from the top left as in `project`, which it undoes but for the depth.
    """
    (right, up, towards), (width, height) = frame(eye), size_px
    mm = 2.0 * eye.half_height_mm / height
    across, above = (place_px[0] - width / 2) * mm, (height / 2 - place_px[1]) * mm
    return np.array(eye.focal_point) + across * right + above * up, -towards


def turned(start: Camera, end: Camera, share: float) -> Camera:
    """Return the camera `share` (0…1) of the way: frames turned along the shortest arc, zoom geometrically."""
    begin, goal = frame(start), frame(end)
    rotation = rotation_vector(goal.T @ begin)
    between = begin @ rotation_matrix(-share * rotation) if share < 1.0 else goal
    focal_point = (1.0 - share) * np.array(start.focal_point) + share * np.array(end.focal_point)
    half_height = start.half_height_mm ** (1.0 - share) * end.half_height_mm**share
    return camera(focal_point, between[2], between[1], half_height)


def turn_between(start: Camera, end: Camera, share: float) -> Camera:
    """Return the camera `share` (0…1) of the way of a turn that keeps the subject standing.

    Two upright views are joined by turning about the body's long axis and lifting the eye; a straight arc would
    roll the subject. Other pairs take the shortest arc (`turned`).
    """
    if not (_is_upright(start) and _is_upright(end)):
        return turned(start, end, share)
    (azimuth, elevation), (azimuth_end, elevation_end) = _sphere(start), _sphere(end)
    way = (azimuth_end - azimuth + np.pi) % (2.0 * np.pi) - np.pi
    azimuth += share * way
    elevation += share * (elevation_end - elevation)
    level = np.cos(elevation)
    direction = np.array([np.sin(azimuth) * level, np.cos(azimuth) * level, np.sin(elevation)])
    moved = turned(start, end, share)
    return camera(np.array(moved.focal_point), direction, upright(direction), moved.half_height_mm)


def angle_between_deg(start: Camera, end: Camera) -> float:
    """Return the angle by which the picture turns from one camera to the other, degrees."""
    return float(np.degrees(np.linalg.norm(rotation_vector(frame(end).T @ frame(start)))))


def veil_of(eye: Camera, side: Side) -> float:
    """Return how far the other side is faded, 0…1: it stands in the way when `side` is seen from within."""
    across = -lateral(side) * eye.direction[0]
    return round(float(np.clip((across - VEIL_FROM) / (VEIL_FULL - VEIL_FROM), 0.0, 1.0)), 1)


def words_of(direction: tuple[float, float, float] | Floats) -> str:
    """Return where the eye is in plain words, e.g. "Seen from behind and the right"."""
    x, y, z = direction
    if abs(z) > 0.94:
        return "Seen from above" if z > 0 else "Seen from below"
    parts = []
    level = float(np.hypot(x, y))
    if abs(y) > 0.35 * level:
        parts.append("the front" if y > 0 else "behind")
    if abs(x) > 0.35 * level:
        only = not parts
        parts.append(("the right" if x > 0 else "the left") + (" side" if only else ""))
    if abs(z) > 0.42:
        parts.append("above" if z > 0 else "below")
    return "Seen from " + (", ".join(parts[:-1]) + " and " if len(parts) > 1 else "") + parts[-1]


def marker(eye: Camera) -> list[tuple[str, float, float, float]]:
    """Return the orientation marker: (letter, right, down, towards the eye) in radii, far ones first."""
    rows = [(letter, *(frame(eye) @ axis)) for letter, axis in AXES]
    return sorted(((letter, float(x), float(-y), float(z)) for letter, x, y, z in rows), key=lambda row: row[3])


def _is_upright(eye: Camera) -> bool:
    direction = np.array(eye.direction)
    return abs(direction[2]) < 0.97 and float(np.array(eye.up) @ upright(direction)) > 0.999


def _sphere(eye: Camera) -> tuple[float, float]:
    x, y, z = eye.direction
    return float(np.arctan2(x, y)), float(np.arcsin(np.clip(z, -1.0, 1.0)))


def _triple(vector: Floats) -> tuple[float, float, float]:
    return cast("tuple[float, float, float]", tuple(float(part) for part in vector))
