"""Levers of wrapped fibres: the spline against central differences, and of the program's own bands."""

import numpy as np
import pytest

from hipviz.model.assets import load_bones
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.leverage import Leverage, band_measures, lengths, lever, lines_of_pull
from hipviz.model.pose import ANGLES, NEUTRAL, RANGE_OF_MOTION_DEG, HipPose, axes, rotations
from hipviz.model.units import BANDS

LOW, HIGH = np.array(list(RANGE_OF_MOTION_DEG.values())).T
STEP_DEG = 2.0


@pytest.fixture(scope="module")
def medius():
    return GluteusMedius.on(load_bones())


@pytest.fixture(scope="module")
def leverage(medius):
    return Leverage.of(medius)


def by_differences(medius, angles):
    """Moment arms (3 angles, bands, fibres) of one pose, from fibres wrapped anew on both sides of it."""
    arms = []
    for step in STEP_DEG * np.eye(3):
        before, after = (lengths(medius.fibres(rotations(angles + sign * step))) for sign in (-1, 1))
        arms.append((before - after) / np.radians(2 * STEP_DEG))
    return np.stack(arms)


def random_poses(count, low=LOW, high=HIGH):
    return low + (high - low) * np.random.default_rng(5).random((count, 3))


def test_length_of_a_polyline():
    assert lengths(np.array([[[0.0, 0, 0], [3, 4, 0], [3, 4, 5]]])) == pytest.approx(10.0)


def test_lengths_are_those_of_the_fibres_drawn(medius, leverage):
    poses = random_poses(40)
    drawn = np.stack([lengths(medius.fibres(rotation)) for rotation in rotations(poses)])
    gap = np.abs(leverage.lengths(poses) - drawn)
    assert gap.mean() < 0.03
    assert np.abs(leverage.band_lengths(poses) - drawn.mean(axis=-1)).max() < 0.5


def test_levers_agree_with_central_differences_over_the_usual_range(medius, leverage):
    poses = random_poses(40, np.array([-15.0, -15, -30]), np.array([70.0, 30, 25]))
    gap = np.abs(leverage.arms(poses) - np.stack([by_differences(medius, pose) for pose in poses]))
    assert gap.mean() < 0.1
    bands = np.abs(
        leverage.band_arms(poses) - np.stack([by_differences(medius, pose).mean(axis=-1) for pose in poses])
    )
    assert bands.max() < 0.5


def test_levers_agree_with_central_differences_over_the_whole_range(medius, leverage):
    poses = random_poses(40)
    exact = np.stack([by_differences(medius, pose).mean(axis=-1) for pose in poses])
    gap = np.abs(leverage.band_arms(poses) - exact)
    assert gap.mean() < 0.1
    assert np.percentile(gap, 95) < 0.3


def test_the_line_of_pull_has_about_that_lever(medius, leverage):
    """The middle segment of a fibre that is not quite taut: right on the average, some mm off at a bend."""
    gaps = []
    for pose in random_poses(40, np.array([-15.0, -15, -30]), np.array([70.0, 30, 25])):
        point, direction = lines_of_pull(medius.fibres(rotations(pose)))
        moment = np.cross(point - medius.hip_centre, direction)
        gaps.append(axes(pose) @ moment.T - leverage.band_arms(pose))
    assert np.abs(np.mean(gaps)) < 1.0
    assert np.abs(gaps).mean() < 1.5
    assert np.abs(gaps).max() < 7.0


def test_any_number_of_poses_at_once(leverage):
    poses = random_poses(6).reshape(2, 3, 3)
    arms = leverage.arms(poses)
    assert arms.shape[:4] == (2, 3, 3, 3)
    assert np.allclose(arms[1, 2], leverage.arms(poses[1, 2]))
    assert leverage.lengths(poses).shape[:3] == (2, 3, 3)
    assert leverage.band_arms(NEUTRAL.angles_deg).shape == (3, 3)


def test_own_bands_pull_as_measured_muscles_do(medius, leverage):
    measures = band_measures(medius, leverage, NEUTRAL)
    arms = {band: found.moment_arm_mm for band, found in measures.items()}
    for found in arms.values():
        assert 30 <= found["abduction"] <= 70
        assert -25 <= found["flexion"] <= 20
    assert arms["anterior"]["abduction"] > arms["posterior"]["abduction"]
    assert 5 <= arms["anterior"]["internal_rotation"] <= 28
    assert -15 <= arms["middle"]["internal_rotation"] <= 5
    assert -35 <= arms["posterior"]["internal_rotation"] <= -20


def test_where_a_lever_changes_its_sign(leverage):
    turning = leverage.sign_change("posterior", "internal_rotation")
    assert 25 <= turning <= 50
    before, at, after = leverage.band_arms([[turning + step, 0, 0] for step in (-2.0, 0.0, 2.0)])[:, 2, 2]
    assert before < -0.5 < 0.5 < after
    assert at == pytest.approx(0.0, abs=0.02)
    assert leverage.sign_change("posterior", "abduction", along="internal_rotation") is None


def test_measures_of_the_bands(medius, leverage):
    at_rest = band_measures(medius, leverage, NEUTRAL)
    assert list(at_rest) == list(BANDS)
    assert all(found.relative_length_pct == pytest.approx(100.0) for found in at_rest.values())
    assert all(70 < found.length_mm < 140 for found in at_rest.values())
    assert 165 < sum(found.volume_cm3 for found in at_rest.values()) < 235
    for band, pose in (
        ("anterior", HipPose(45, 0, 25)),
        ("middle", HipPose(0, 35, 0)),
        ("posterior", HipPose(-15, 0, -30)),
    ):
        assert band_measures(medius, leverage, pose)[band].relative_length_pct < 93.0
    assert list(at_rest["middle"].moment_arm_mm) == list(ANGLES)


def test_levers_change_smoothly(leverage):
    flexed = np.zeros((141, 3))
    flexed[:, 0] = np.arange(-20, 121)
    assert np.abs(np.diff(leverage.band_arms(flexed), axis=0)).max() < 1.5


def test_the_lever_from_an_axis_to_a_line():
    on_axis, on_line = lever(np.array([3.0, 5, 9]), np.array([0.0, 1, 0]), np.zeros(3), np.array([0.0, 0, 1]))
    assert np.allclose(on_axis, [0, 0, 9])
    assert np.allclose(on_line, [3, 0, 9])
    on_axis, on_line = lever(np.array([3.0, 5, 9]), np.array([0.0, 0, 1]), np.zeros(3), np.array([0.0, 0, 1]))
    assert np.allclose(on_axis, 0)
    assert np.allclose(on_line, [3, 5, 0])
