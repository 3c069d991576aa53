"""Joint angles mean the same on both sides and in every order that the conventions fix."""

import numpy as np
import pytest

from hipviz.model.errors import UsageError
from hipviz.model.pose import HipPose, Posture
from hipviz.model.units import MIRROR

KNEE = np.array([0.0, 0.0, -400.0])
FRONT_OF_KNEE = np.array([0.0, 50.0, -400.0])


def test_flexion_brings_the_knee_forwards() -> None:
    np.testing.assert_allclose(HipPose(flexion_deg=90).rotation() @ KNEE, [0, 400, 0], atol=1e-9)


def test_abduction_brings_the_right_knee_to_the_right() -> None:
    x, y, z = HipPose(abduction_deg=30).rotation() @ KNEE
    assert x == pytest.approx(200)
    assert y == pytest.approx(0)
    assert z == pytest.approx(-400 * np.cos(np.radians(30)))


def test_internal_rotation_turns_the_front_of_the_right_knee_to_the_left() -> None:
    moved = HipPose(internal_rotation_deg=90).rotation() @ FRONT_OF_KNEE
    np.testing.assert_allclose(moved, [-50, 0, -400], atol=1e-9)


def test_rotation_is_about_the_femur_itself_after_flexion() -> None:
    flexed = HipPose(flexion_deg=90).rotation() @ KNEE
    turned = HipPose(flexion_deg=90, internal_rotation_deg=35).rotation() @ KNEE
    np.testing.assert_allclose(flexed, turned, atol=1e-9)


def test_the_left_side_is_the_mirror() -> None:
    x, _, _ = (HipPose(abduction_deg=30).rotation() @ (KNEE * MIRROR)) * MIRROR
    assert x == pytest.approx(-200)


def test_angles_beyond_the_range_are_refused_with_the_range() -> None:
    with pytest.raises(UsageError, match=r"flexion 130° is outside the range of motion, -20° to 120°"):
        HipPose(flexion_deg=130).checked()
    with pytest.raises(UsageError, match="abduction"):
        HipPose(abduction_deg=float("nan")).checked()


def test_a_one_sided_posture_leaves_the_other_hip_alone() -> None:
    posture = Posture.one_sided("left", HipPose(flexion_deg=10))
    assert posture.of("left").flexion_deg == 10
    assert posture.of("right") == HipPose()
