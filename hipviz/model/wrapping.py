"""Where the fibres of a muscle run in every pose of the grid, relaxed thoroughly.

The grid is walked from neutral outwards, each pose starting from the one before it, so that a fibre stays on the
side of a bone on which it was attached. The strings themselves live in `fibres`, the flesh between them in
`flesh`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hipviz.model.fibres import DEEP, LED_BY_BONE, SUPERFICIAL, FibreFan, Push, Rows, relaxed, smoothed
from hipviz.model.pose import HipPose
from hipviz.model.posed import NEUTRAL_NODE, NODES, Node, node_pose
from hipviz.model.units import Floats

FIRST_STEPS, NEXT_STEPS = 80, 30
THICKER, THINNER = 2.6, 0.5
"""Most and least that a place may be thicker than at neutral before the whole band is brought to its volume."""

Part = np.ndarray[tuple[int, ...], np.dtype[np.generic]] | str | float
"""Something of the key of what is cached."""
METHOD = "wrapping 7"
"""Change it whenever the numbers change: it is part of the key of what is cached."""


@dataclass(frozen=True, eq=False)
class Course:
    """The fibres in one pose.

    sheets : (2, rows, n, 3) float, mm RAS, deep and superficial.
    outward : (rows, n, 3) float, unit, out of the muscle.
    bulging : (rows, n, 3) float, unit, the way in which flesh swells: much the same, smoother.
    thickening : (rows, n) float, mm, how much farther out than at neutral the flesh stands there.
    """

    sheets: Floats
    outward: Floats
    bulging: Floats
    thickening: Floats


@dataclass(frozen=True, eq=False)
class Wrapping:
    """How a fan of fibres is wrapped.

    belly : (rows, n), mm, how far the flesh stands out of the superficial fibres at neutral.
    more : what else is in the way in a pose; `key` must then change whenever that does.
    steps : of relaxation at neutral, and at every other pose of the grid.
    """

    fan: FibreFan
    belly: Floats
    more: Callable[[HipPose], Push] | None = None
    key: str = ""
    steps: tuple[int, int] = (FIRST_STEPS, NEXT_STEPS)

    def parts(self) -> list[Part]:
        """Return all that the courses depend on, for the key of what is made from them."""
        fields = [getattr(self.fan, name) for name in self.fan.__dataclass_fields__]
        arrays = [field for field in fields if isinstance(field, np.ndarray)]
        bones = [self.fan.fixed_bone.samples, self.fan.moving_bone.samples]
        of_fan = [self.fan.column_mm, self.fan.joint_radius_mm, LED_BY_BONE]
        numbers = [*of_fan, *self.steps, THICKER, THINNER]
        return [METHOD, self.key, *arrays, *bones, self.belly, *numbers]

    def courses(self) -> dict[Node, Course]:
        """Return the fibres at every node of the grid, neutral first."""
        asides: dict[Node, Floats] = {}
        found: dict[Node, Course] = {}
        at_rest, thickness = np.zeros(0), np.zeros(0)
        for node in sorted(NODES, key=steps_from_neutral):
            pose = node_pose(node)
            rotation = pose.rotation()
            rest = self.fan.unhindered(rotation)
            push = self._push(pose)
            before = towards_neutral(node)
            if before is None:
                aside = relaxed(self.fan, rest, np.zeros_like(rest), push, self.steps[0])
            else:
                turn = rotation @ node_pose(before).rotation().T
                aside = relaxed(self.fan, rest, carried(asides[before], turn), push, self.steps[1])
            asides[node] = aside
            sheets = rest + aside
            outward, bulging = self.fan.outward(sheets[SUPERFICIAL])
            length = lengths(sheets[SUPERFICIAL])
            if before is None:
                at_rest = length
                thickness = np.linalg.norm(sheets[SUPERFICIAL] - sheets[DEEP], axis=-1) + self.belly
            # What gets shorter gets wider and thicker, by the root each.
            thickening = thickness * (np.sqrt(np.clip(at_rest / length, THINNER, THICKER)) - 1.0)
            for _ in range(3):
                thickening = smoothed(thickening)
            found[node] = Course(sheets, outward, bulging, thickening)
        return found

    @property
    def _free(self) -> Rows:
        return ~self.fan.held

    def _push(self, pose: HipPose) -> Push:
        off_bone = self.fan.push(pose.rotation(), self._free)
        if self.more is None:
            return off_bone
        off_more = self.more(pose)
        return lambda points: off_more(off_bone(points))


def steps_from_neutral(node: Node) -> list[int]:
    """Return how far a node is from neutral along each axis, rotation first: what the nodes are sorted by."""
    return [abs(n - c) for n, c in zip(node, NEUTRAL_NODE, strict=True)][::-1]


def towards_neutral(node: Node) -> Node | None:
    """Return the neighbour of `node` on the way to neutral: rotation is undone first, then abduction."""
    for axis in (2, 1, 0):
        if node[axis] != NEUTRAL_NODE[axis]:
            nearer = list(node)
            nearer[axis] += 1 if NEUTRAL_NODE[axis] > node[axis] else -1
            return nearer[0], nearer[1], nearer[2]
    return None


def carried(aside: Floats, turn: Floats) -> Floats:
    """Return displacements (2, rows, n, 3), the farther ones turned with the moving bone by `turn` (3, 3)."""
    share = np.linspace(0.0, 1.0, aside.shape[1])[:, None, None]
    return np.asarray((1.0 - share) * aside + share * (aside @ turn.T))


def lengths(sheet: Floats) -> Floats:
    """Return the lengths (n,), mm, of fibres (rows, n, 3), evened out over their neighbours."""
    length = np.linalg.norm(np.diff(sheet, axis=0), axis=-1).sum(axis=0)[None]
    for _ in range(3):
        length = smoothed(length)
    return np.asarray(length[0])
