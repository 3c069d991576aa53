"""Muscle and skin carried along when bones are given other proportions.

Nothing is wrapped or sculpted anew: the attachments go with the bones, and what lies between them goes as the
straight fibres between the attachments do, so that all of it follows while a measure is being changed. How far
that is from soft tissue made anew on the reshaped bones is measured in the tests.
"""

from dataclasses import dataclass, field, fields, replace

import numpy as np

from hipviz.model.assets import Bones
from hipviz.model.blending import smooth_step
from hipviz.model.fan_loft import COARSE, ROWS
from hipviz.model.fan_muscle import BandShapes, FanMuscle, fibres_of
from hipviz.model.fibres import FibreFan
from hipviz.model.leverage import Leverage, lengths
from hipviz.model.loft import volumes
from hipviz.model.pose import RANGE_OF_MOTION_DEG, rotations
from hipviz.model.reshaping import Reshaping
from hipviz.model.skin import Skin
from hipviz.model.specimen_skin import partners
from hipviz.model.units import MIRROR, Floats

NODES = (6, 4, 4)
"""Poses, along flexion, abduction and rotation, at which the change of the fibres' lengths is worked out: levers
read off in between differ by 0.2 mm on the average from those worked out on the whole grid."""
SMOOTHING = 2.0
TOGETHER = smooth_step(COARSE, 0.15, 0.45)[:, None, None]
"""How far the drawn deep sheet goes along with the outer one, by row: each on its own way they would cross.
Only on its origin it goes along with the bone that it lies on."""


class CarriedMuscle(FanMuscle):
    """A fan-shaped muscle of the right side on reshaped bones."""

    def __init__(self, base: FanMuscle, reshaping: Reshaping) -> None:
        self._base = base
        self.fan = carried_fan(base.fan, reshaping)
        self.hip_centre = self.fan.centre
        self.faces, self.texture_coordinates = base.faces, base.texture_coordinates
        self.loft = base.loft
        self._volume = volumes(self._carried(np.eye(3)), ROWS)

    def fibres(self, rotation: Floats) -> Floats:
        """Return only the fibres of `shape`, (3, 14, 14, 3)."""
        return self._base.fibres(rotation) + fibres_of(self._moved(rotation))

    def shape(self, rotation: Floats) -> BandShapes:
        """Return the three bands when the right femur is turned by `rotation` (3, 3) about the hip centre."""
        vertices = self.loft.brought_to(self._carried(rotation), self._volume)
        return BandShapes(vertices, self.fibres(rotation), self._base.shape(rotation).swelling)

    def _carried(self, rotation: Floats) -> Floats:
        """Return the vertices (3, n, 3) of the muscle before, gone along with its fibres."""
        before = self._base.shape(rotation).vertices
        deep, outer = self._moved(rotation)
        fine = self.loft.refined(np.concatenate([deep + TOGETHER * (outer - deep), outer], axis=-1))
        ring = np.concatenate([fine[..., :3], fine[:, :, ::-1, 3:]], axis=2)
        return np.asarray(before + ring.transpose(1, 0, 2, 3).reshape(before.shape))

    def _moved(self, rotation: Floats) -> Floats:
        """Return how far the sheets (2, rows, n, 3) have gone from where they ran on the bones as they were."""
        return self.fan.unhindered(rotation) - self._base.fan.unhindered(rotation)


def carried_fan(fan: FibreFan, reshaping: Reshaping) -> FibreFan:
    """Return a fan of fibres with its attachments, and the joint, gone along with the bones."""
    ends = np.stack([reshaping.on_pelvis(fan.ends[0]), reshaping.on_femur(fan.ends[1])])
    return replace(
        fan,
        origin=reshaping.on_pelvis(fan.origin),
        insertion=reshaping.on_femur(fan.insertion),
        ends=ends,
        centre=reshaping.on_pelvis(fan.centre),
    )


class LeverChange:
    """What becomes of a muscle's levers when it is carried along.

    The change of the fibres' lengths is smooth where the lengths themselves are not, so that few poses tell it.
    """

    def __init__(self, base: Leverage, muscle: FanMuscle) -> None:
        ranges = zip(RANGE_OF_MOTION_DEG.values(), NODES, strict=True)
        self._axes = [np.linspace(low, high, count) for (low, high), count in ranges]
        self._turns = rotations(np.stack(np.meshgrid(*self._axes, indexing="ij"), axis=-1))
        self._base, self._before = base, self._lengths(muscle)

    def of(self, muscle: FanMuscle) -> Leverage:
        """Return the leverage of the muscle after it was carried."""
        from scipy.interpolate import make_interp_spline  # half a second at the start of the window

        change = self._lengths(muscle) - self._before
        for axis, (coarse, spline) in enumerate(zip(self._axes, self._base.splines, strict=True)):
            change = make_interp_spline(coarse, change, axis=axis)(spline.knots)
        return replace(self._base, lengths_mm=self._base.lengths_mm + change)

    def _lengths(self, muscle: FanMuscle) -> Floats:
        """Return the lengths (nodes of three axes, bands, fibres), mm."""
        found = np.stack([lengths(muscle.fibres(turn)) for turn in self._turns.reshape(-1, 3, 3)])
        return found.reshape(*NODES, *found.shape[1:])


@dataclass(frozen=True, eq=False)
class CarriedSkin(Skin):
    """A skin that goes along with reshaped bones; its folds and what it gives are those of the skin before.

    moved : (n, 3) float, mm, how far each vertex has gone at neutral; joint : (3,), how far the right hip centre.
    follows : (n,) float, 0…1, how far each follows the right thigh.
    """

    before: Skin | None = None
    moved: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    joint: Floats = field(default_factory=lambda: np.zeros(3))
    follows: Floats = field(default_factory=lambda: np.zeros(0))

    def shape(self, rotation_right: Floats, rotation_left: Floats) -> Floats:
        """Return the vertices (n, 3), mm, RAS, as `Skin.shape`."""
        assert self.before is not None
        vertices = self.before.shape(rotation_right, rotation_left) + self.moved
        sides = ((rotation_right, np.ones(3), self.follows), (rotation_left, MIRROR, self.follows[self.mate]))
        for turn, mirror, follows in sides:
            # What has gone along with the thigh turns with it, about the joint where that is now.
            way = self.moved * mirror - self.joint
            vertices += follows[:, None] * (way @ turn.T - way) * mirror
        return vertices


def carried_skin(skin: Skin, before: Bones, reshaping: Reshaping) -> CarriedSkin:
    """Return the skin, carried along smoothly by the landmarks and the crest of both sides."""
    from scipy.interpolate import RBFInterpolator

    there, here = partners(before, reshaping.bones)
    carry = RBFInterpolator(there, here - there, kernel="linear", smoothing=SMOOTHING, degree=1)
    moved = carry(skin.rest.vertices)
    moved = 0.5 * (moved + moved[skin.mate] * MIRROR)
    joint = reshaping.on_pelvis(reshaping.femur.axes.head) - reshaping.femur.axes.head
    follows = np.zeros(len(moved))
    follows[: skin.halves.count] = skin.thigh.swing
    known = {entry.name: getattr(skin, entry.name) for entry in fields(Skin)}
    rest = skin.rest.moved(skin.rest.vertices + moved)
    return CarriedSkin(**known | {"rest": rest}, before=skin, moved=moved, joint=joint, follows=follows)
