"""How the drawn end of a muscle slides over its footprint, so that its sheet is not folded however the bone turns.

A fibre is held by its own spot of bone, and its lever is that of the spot. The sheet that is drawn through the
ends of all fibres would fold over where the bone has turned so far that the row of spots points along the fibres:
they then no longer lie side by side but behind each other, or in the opposite order. Flesh does not do that; its
tendon shears, and comes to lie with its width across the pull. Here the row of ends is turned towards that, spot
by spot and no more than needed, along the bone.
"""

import numpy as np

from hipviz.model.fibres import SUPERFICIAL, FibreFan
from hipviz.model.units import Floats

LEAST_DEG, MOST_DEG = 15.0, 150.0
"""Between these angles of the row of ends to the pull of their fibres nothing slides; the first is by muscle."""
SOFT_DEG = 10.0
PULL_ROW = -6
"""The pull of a fibre at its end is that of the chord to this row."""
SMOOTHINGS = 3
BEGINS = 0.5
"""Share of the fibre's way from which its sheet follows the end that slides, unless a muscle has its own."""
MOST_MM = 14.0
EVENINGS = 4


def slid(
    fan: FibreFan, sheets: Floats, rotation: Floats, least_deg: float = LEAST_DEG, begins: float = BEGINS
) -> Floats:
    """Return the sheets (2, rows, n, 3), mm RAS, in a pose, their ends slid on the turned bone.

    rotation : (3, 3), of the moving bone about the joint centre. least_deg, begins : see LEAST_DEG and BEGINS.
    """
    aside = _slide(fan, sheets[SUPERFICIAL], rotation, least_deg)
    along = np.clip((np.linspace(0.0, 1.0, fan.rows) - begins) / (1.0 - begins), 0.0, 1.0)
    share = along * along * (3.0 - 2.0 * along)
    moved = sheets + share[:, None, None] * aside
    outer = moved[SUPERFICIAL]
    for _ in range(EVENINGS):
        outer += share[:, None, None] * (_evened(outer) - outer)
    free = slice(1, -1)
    clearance = fan.moving_clearance[:, free].ravel()
    cleared = fan.pushed_off_moving_bone(moved[:, free].reshape(-1, 3), clearance, rotation)
    moved[:, free] = cleared.reshape(moved[:, free].shape)
    return moved


def _evened(grid: Floats) -> Floats:
    """Return points (rows, n, 3) averaged with their neighbours; at a border, with those along it."""
    out = grid.copy()
    out[1:-1] = 0.5 * grid[1:-1] + 0.25 * (grid[:-2] + grid[2:])
    inner = out.copy()
    out[:, 1:-1] = 0.5 * inner[:, 1:-1] + 0.25 * (inner[:, :-2] + inner[:, 2:])
    out[-1] = grid[-1]
    return out


def _slide(fan: FibreFan, sheet: Floats, rotation: Floats, least_deg: float) -> Floats:
    """Return how far the ends (n, 3) of a sheet (rows, n, 3) slide, mm RAS in the pose."""
    local = (sheet - fan.centre) @ rotation + fan.centre
    ends, pull = local[-1], local[PULL_ROW] - local[-1]
    for _ in range(SMOOTHINGS):
        pull[1:-1] = 0.5 * pull[1:-1] + 0.25 * (pull[:-2] + pull[2:])
    row = np.gradient(ends, axis=0)
    _, normal = fan.moving_bone.sample(ends)
    row -= _along(row, normal) * normal / _along(normal, normal)
    size = np.sqrt(_along(row, row))
    across = np.cross(normal, row)
    across *= size / np.sqrt(_along(across, across))
    nearer = fan.insertion[0] - fan.insertion[-1]
    across *= np.sign(np.einsum("nx,nx->", across, nearer))
    angle = np.degrees(np.arctan2(_along(pull, across), _along(pull, row)))[:, 0]
    middle = len(angle) // 2
    angle[middle:] = np.unwrap(angle[middle:], period=360.0)
    angle[: middle + 1] = np.unwrap(angle[middle::-1], period=360.0)[::-1]
    turn = np.radians(angle - _held(angle, least_deg))[:, None]
    turned = np.cos(turn) * row + np.sin(turn) * across
    change = turned - row
    step = 0.5 * (change[1:] + change[:-1])
    shift = np.concatenate(
        [-np.cumsum(step[:middle][::-1], axis=0)[::-1], np.zeros((1, 3)), np.cumsum(step[middle:], axis=0)]
    )
    length = np.linalg.norm(shift, axis=1, keepdims=True)
    shift *= MOST_MM * np.tanh(length / MOST_MM) / np.maximum(length, 1e-9)
    height = fan.moving_bone.distance(ends)
    place = fan.moving_bone.snapped(ends + shift, height)
    return np.asarray((place - ends) @ rotation.T)


def _held(angle_deg: Floats, least_deg: float) -> Floats:
    """Return angles brought softly between the least and the most one."""
    low = least_deg + SOFT_DEG * np.logaddexp(0.0, (angle_deg - least_deg) / SOFT_DEG)
    return np.asarray(MOST_DEG - SOFT_DEG * np.logaddexp(0.0, (MOST_DEG - low) / SOFT_DEG))


def _along(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("nx,nx->n", a, b)[:, None])
