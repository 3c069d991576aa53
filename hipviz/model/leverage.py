"""Lengths of fibres and their levers about the hip: what a band does is read off, not looked up.

A moment arm is −dL/dθ in millimetres: positive when the fibre, by shortening, moves the hip in the positive sense
(flexion, abduction, internal rotation). The fibres themselves are made by the muscle's own module.
"""

from dataclasses import dataclass

import numpy as np

from hipviz.model.gluteus_medius import ROWS, GluteusMedius
from hipviz.model.loft import volumes
from hipviz.model.pose import NEUTRAL, HipPose
from hipviz.model.units import BANDS, Band, Floats

MOVEMENTS = ("flexion", "abduction", "internal_rotation")
"""Order of every array axis that runs over the hip's three angles."""

STEP_DEG = 2.0
"""Half the angle over which a wrapped fibre's change of length is taken: wide enough to span the facets of a
polyline on bone, narrow enough that a lever changes by less than a tenth of a millimetre across it."""


@dataclass(frozen=True)
class BandMeasures:
    """One band in one pose.

    length_mm : mean over its fibres. relative_length_pct : of the mean length at neutral.
    moment_arm_mm : by movement, mean over its fibres.
    """

    length_mm: float
    relative_length_pct: float
    volume_cm3: float
    moment_arm_mm: dict[str, float]


def lengths(fibres: Floats) -> Floats:
    """Return the lengths (…) of polylines (…, points, 3), in their unit."""
    return np.asarray(np.linalg.norm(np.diff(fibres, axis=-2), axis=-1).sum(axis=-1))


def hip_axes(pose: HipPose) -> Floats:
    """Return unit axes (3, 3) of flexion, abduction and internal rotation of the right hip, RAS.

    The pelvis' lateral axis, the floating axis and the femur's own long axis (Grood and Suntay 1983), each turned
    so that a positive angle is a right-handed turn about it.
    """
    flexion = np.radians(pose.flexion_deg)
    floating = np.array([0.0, -np.cos(flexion), -np.sin(flexion)])
    return np.stack([np.array([1.0, 0.0, 0.0]), floating, pose.rotation()[:, 2]])


def straight_arms(origins: Floats, insertions: Floats, pose: HipPose, centre: Floats) -> tuple[Floats, Floats]:
    """Return lengths (n,) and moment arms (n, 3), mm, of straight lines of pull of the right hip.

    origins : (n, 3), RAS, on the pelvis. insertions : (n, 3), RAS at neutral, on the femur. A lever is the axis'
    component of the moment of a unit pull: a · ((p − c) × t), which is −dL/dθ exactly.
    """
    ends = (insertions - centre) @ pose.rotation().T
    pull = origins - centre - ends
    length = np.linalg.norm(pull, axis=-1, keepdims=True)
    arms = np.cross(ends, pull / length) @ hip_axes(pose).T
    return length[..., 0], arms


def fibre_arms(medius: GluteusMedius, pose: HipPose) -> Floats:
    """Return the moment arms (3 movements, 3 bands, fibres) of every wrapped fibre, mm, by central differences."""
    arms = []
    for name in MOVEMENTS:
        field = f"{name}_deg"
        ends = [lengths(medius.fibres(_turned(pose, field, step).rotation())) for step in (-STEP_DEG, STEP_DEG)]
        arms.append((ends[0] - ends[1]) / np.radians(2.0 * STEP_DEG))
    return np.stack(arms)


def band_measures(medius: GluteusMedius, pose: HipPose) -> dict[Band, BandMeasures]:
    """Return the measures of the three bands of the right muscle; the left one's are the same in the same pose."""
    shape = medius.shape(pose.rotation())
    length = lengths(shape.fibres).mean(axis=-1)
    at_neutral = lengths(medius.fibres(NEUTRAL.rotation())).mean(axis=-1)
    volume_cm3 = volumes(shape.vertices, ROWS) / 1000.0
    arms = fibre_arms(medius, pose).mean(axis=-1)
    return {
        band: BandMeasures(
            length_mm=float(length[i]),
            relative_length_pct=float(100.0 * length[i] / at_neutral[i]),
            volume_cm3=float(volume_cm3[i]),
            moment_arm_mm={name: float(arms[j, i]) for j, name in enumerate(MOVEMENTS)},
        )
        for i, band in enumerate(BANDS)
    }


def _turned(pose: HipPose, angle: str, step_deg: float) -> HipPose:
    angles = {"flexion_deg": pose.flexion_deg, "abduction_deg": pose.abduction_deg}
    angles["internal_rotation_deg"] = pose.internal_rotation_deg
    angles[angle] += step_deg
    return HipPose(**angles)
