"""The measures of a hip: read off the shipped bones, compared with the CT bones, and given to other ones."""

import tomllib

import numpy as np
import pytest

from hipviz.model.assets import load_bones
from hipviz.model.crossings import self_intersections
from hipviz.model.joint import joint_space_mm
from hipviz.model.pose import HipPose
from hipviz.model.proportions import LIMITS, PROPORTIONS, Proportions, section_centre
from hipviz.model.reshaping import CLOSE, Reshaper
from hipviz.model.surface import Surface

EXTREMES = [
    *(Proportions(**{name: end}) for name, ends in LIMITS.items() for end in ends),
    Proportions(neck_shaft_deg=143.0, torsion_deg=38.0, neck_length_mm=46.0, pelvic_width_mm=210.0),
    Proportions(neck_shaft_deg=107.0, torsion_deg=-13.0, neck_length_mm=59.0, pelvic_width_mm=266.0),
]


@pytest.fixture(scope="module")
def reshaper():
    return Reshaper(load_bones())


def test_a_section_of_a_tilted_cylinder_has_its_middle_on_the_axis():
    angle = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    rings = [np.stack([10 + 5 * np.cos(angle), 5 * np.sin(angle), np.full(60, z)], axis=1) for z in (0.0, 40.0)]
    i = np.arange(60)
    j = (i + 1) % 60
    faces = np.concatenate([np.stack([i, j, i + 60], 1), np.stack([j, j + 60, i + 60], 1)])
    tilted = np.array([0.3, 0.0, 1.0]) / np.hypot(0.3, 1.0)
    found = section_centre(Surface(np.concatenate(rings), faces), np.array([9.0, 1.0, 20.0]), tilted, np.inf)
    assert found == pytest.approx([10.0, 0.0, 20.0 - 0.3], abs=0.05)


def test_the_shipped_bones_measure_as_the_ct_bones_do(reshaper, reference):
    """The CT bones were measured by hand: neck and shaft 122 ± 3°, torsion 6.6 ± 3° against the rear condyles."""
    lines = (reference / "landmarks.toml").read_text(encoding="utf-8")
    assert "neck-shaft angle 122 deg; anteversion 6.6 deg" in lines
    assert tomllib.loads(lines)
    assert reshaper.own.neck_shaft_deg == pytest.approx(122.0, abs=3.0)
    assert reshaper.own.torsion_deg == pytest.approx(6.6, abs=3.0)


def test_own_measures_lie_within_the_limits(reshaper):
    for name in PROPORTIONS:
        low, high = LIMITS[name]
        assert low < getattr(reshaper.own, name) < high


def test_without_a_wish_the_bones_stay(reshaper):
    same = reshaper.reshaped(Proportions()).bones
    for name, cage in reshaper.bones.cages.items():
        # Shipped coordinates are rounded.
        assert np.abs(same.cages[name].vertices - cage.vertices).max() < 0.01


@pytest.mark.parametrize("wanted", EXTREMES, ids=str)
def test_wishes_are_met_and_the_rest_stays(reshaper, wanted):
    found = reshaper.reshaped(wanted).found
    for name in PROPORTIONS:
        goal = getattr(wanted, name)
        goal = getattr(reshaper.own, name) if goal is None else goal
        assert getattr(found, name) == pytest.approx(goal, abs=3.0 * CLOSE)


@pytest.mark.parametrize("wanted", EXTREMES[-2:], ids=["all up", "all down"])
def test_reshaped_bones_are_sound(reshaper, wanted):
    reshaping = reshaper.reshaped(wanted)
    bones, centre = reshaping.bones, reshaping.bones.position("femoral_head_centre")
    for name in bones.cages:
        assert len(self_intersections(bones.surface(name, 2))) == 0
    assert centre[1:] == pytest.approx(reshaper.bones.position("femoral_head_centre")[1:], abs=0.05)
    space = joint_space_mm(
        bones.surface("hip_bone"), bones.surface("femur"), centre, [HipPose(), HipPose(80.0, 20.0, 10.0)]
    )
    assert (space > 1.0).all() and (space < 4.0).all()
    knee, head = bones.position("knee_centre"), bones.position("femoral_head_centre")
    assert knee[:2] == pytest.approx(head[:2], abs=0.05)
