"""Levers against closed formulae, against published straight lines of pull, and of the program's own bands."""

import numpy as np
import pytest

from hipviz.model.assets import load_bones
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.leverage import MOVEMENTS, band_measures, fibre_arms, lengths, straight_arms
from hipviz.model.pose import NEUTRAL, HipPose

# Path end points relative to the hip joint centre, mm, x forward, y up, z right: OpenSim's Gait2392 and Dostal and
# Andrews 1981; with their moment arms at neutral, flexion / abduction / internal rotation.
PUBLISHED = {
    "gait2392 anterior": ((29.9, 96.5, 37.4), (-21.8, -11.7, 55.5), (-14, 48, 20)),
    "gait2392 middle": ((-14.8, 110.6, -6.9), (-25.8, -5.8, 52.7), (-22, 44, -7)),
    "gait2392 posterior": ((-51.6, 76.6, -18.7), (-30.9, -4.7, 51.8), (-24, 35, -30)),
    "dostal anterior": ((27, 102, 62), (-18, -26, 73), (-8, 67, 23)),
    "dostal middle": ((-2, 132, 18), (-18, -26, 73), (-14, 60, 1)),
    "dostal posterior": ((-48, 97, -15), (-18, -26, 73), (-19, 43, -24)),
}


def ras(point):
    forward, up, right = point
    return np.array([right, forward, up], dtype=float)


@pytest.fixture(scope="module")
def medius():
    return GluteusMedius.on(load_bones())


def test_length_of_a_polyline():
    assert lengths(np.array([[[0.0, 0, 0], [3, 4, 0], [3, 4, 5]]])) == pytest.approx(10.0)


@pytest.mark.parametrize("name", PUBLISHED)
def test_straight_lines_have_the_published_levers(name):
    origin, insertion, arms = PUBLISHED[name]
    _, own = straight_arms(ras(origin)[None], ras(insertion)[None], NEUTRAL, np.zeros(3))
    assert own[0] == pytest.approx(arms, abs=0.6)


def test_the_lever_is_minus_the_derivative_of_length():
    generator = np.random.default_rng(3)
    origins, insertions = generator.normal(0, 60, (2, 30, 3))
    pose = HipPose(35, -12, 18)
    _, arms = straight_arms(origins, insertions, pose, np.zeros(3))
    step = 1e-3
    for index, name in enumerate(("flexion_deg", "abduction_deg", "internal_rotation_deg")):
        ends = []
        for sign in (-1, 1):
            angles = {"flexion_deg": 35.0, "abduction_deg": -12.0, "internal_rotation_deg": 18.0}
            angles[name] += sign * step
            ends.append(straight_arms(origins, insertions, HipPose(**angles), np.zeros(3))[0])
        assert arms[:, index] == pytest.approx((ends[0] - ends[1]) / np.radians(2 * step), abs=1e-5)


def test_own_bands_pull_as_measured_muscles_do(medius):
    arms = {band: found.moment_arm_mm for band, found in band_measures(medius, NEUTRAL).items()}
    for found in arms.values():
        assert 30 <= found["abduction"] <= 70
        assert -25 <= found["flexion"] <= 20
    assert arms["anterior"]["abduction"] > arms["posterior"]["abduction"]
    assert 5 <= arms["anterior"]["internal_rotation"] <= 28
    assert -15 <= arms["middle"]["internal_rotation"] <= 5
    assert -35 <= arms["posterior"]["internal_rotation"] <= -20


def test_the_posterior_band_changes_its_rotation_when_the_hip_is_flexed(medius):
    def rotation_arm(flexion):
        return band_measures(medius, HipPose(flexion))["posterior"].moment_arm_mm["internal_rotation"]

    assert rotation_arm(25) < 0 < rotation_arm(50)


def test_measures_of_the_bands(medius):
    at_rest = band_measures(medius, NEUTRAL)
    assert all(found.relative_length_pct == pytest.approx(100.0) for found in at_rest.values())
    assert all(70 < found.length_mm < 140 for found in at_rest.values())
    assert 165 < sum(found.volume_cm3 for found in at_rest.values()) < 235
    for band, pose in (
        ("anterior", HipPose(45, 0, 25)),
        ("middle", HipPose(0, 35, 0)),
        ("posterior", HipPose(-15, 0, -30)),
    ):
        assert band_measures(medius, pose)[band].relative_length_pct < 93.0
    assert set(at_rest["middle"].moment_arm_mm) == set(MOVEMENTS)


def test_wrapped_levers_change_smoothly(medius):
    sweep = np.stack([fibre_arms(medius, HipPose(angle)).mean(axis=-1) for angle in range(-15, 60, 5)])
    assert np.abs(np.diff(sweep, axis=0)).max() < 6.0
