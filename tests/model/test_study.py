"""An adult with other proportions: what is carried along against what is made anew on the reshaped bones."""

import numpy as np
import pytest

from hipviz.model.crossings import self_intersections
from hipviz.model.fan_loft import ROWS
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.leverage import lengths
from hipviz.model.loft import volumes
from hipviz.model.nearest import nearest_on
from hipviz.model.pose import ANGLES, HipPose, Posture, rotations
from hipviz.model.proportions import OWN, Proportions
from hipviz.model.study import demand
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR

STEP_DEG = 3.0
POSES = np.array([[0.0, 0.0, 0.0], [40.0, 0.0, 0.0], [0.0, 30.0, 0.0], [30.0, 10.0, -20.0]])
WIDE = Proportions(neck_shaft_deg=136.0, torsion_deg=22.0, pelvic_width_mm=255.0)


def arms(muscle) -> np.ndarray:
    """Moment arms (poses, 3 angles, bands), mm, by central differences."""
    found = []
    for angle in range(3):
        step = np.zeros(3)
        step[angle] = STEP_DEG
        ahead, behind = (
            np.stack([lengths(muscle.fibres(turn)) for turn in rotations(POSES + way)]) for way in (step, -step)
        )
        found.append(-(ahead - behind).mean(axis=-1) / np.radians(2.0 * STEP_DEG))
    return np.stack(found, axis=1)


def at_rest(adult) -> np.ndarray:
    """Moment arms (3 angles, bands) in standing, mm."""
    return adult.leverage.band_arms((0.0, 0.0, 0.0))


@pytest.fixture(scope="module")
def wide(anatomy):
    return anatomy.shaped(WIDE)


def test_nothing_wanted_is_the_adult_itself(anatomy):
    assert anatomy.shaped(OWN) is anatomy


def test_carried_muscle_pulls_as_one_made_anew(anatomy, wide):
    anew = arms(GluteusMedius.on(wide.bones))
    carried, before = arms(wide.medius), arms(anatomy.medius)
    error, effect = np.abs(carried - anew), np.abs(anew - before)
    assert error.mean() < 0.1 * effect.mean() and error.mean() < 0.7


def test_carried_muscle_keeps_its_volume(wide):
    at_rest = volumes(wide.medius.shape(np.eye(3)).vertices, ROWS)
    for turn in rotations(POSES):
        assert volumes(wide.medius.shape(turn).vertices, ROWS) == pytest.approx(at_rest, rel=0.015)


@pytest.mark.parametrize("name", ["gluteus_medius", "gluteus_minimus", "piriformis"])
@pytest.mark.parametrize(
    "wanted",
    [Proportions(torsion_deg=35.0), Proportions(neck_shaft_deg=140.0), Proportions(pelvic_width_mm=265.0)],
)
def test_carried_muscle_does_not_cut_itself_in_standing(anatomy, wanted, name):
    shaped = anatomy.shaped(wanted)
    muscle = shaped.medius if name == "gluteus_medius" else shaped.neighbours.muscle(name)
    for vertices in muscle.shape(np.eye(3)).vertices:
        assert len(self_intersections(Surface(vertices, muscle.faces))) == 0


def test_levers_read_off_are_those_of_the_carried_fibres(wide):
    read = wide.leverage.band_arms(POSES)
    assert np.abs(read - arms(wide.medius)).mean() < 0.4


@pytest.mark.parametrize("pose", [HipPose(), HipPose(70.0), HipPose(-12.0, 20.0, -25.0)], ids=str)
def test_skin_encloses_what_is_carried(anatomy, wide, pose):
    posture = Posture(pose, HipPose())
    worst = []
    for adult in (anatomy, wide):
        figure = adult.figure(posture)
        skin = adult.skin.rest.moved(figure.skin_vertices)
        points = np.concatenate([part[::6] for part in figure.bands["right"].vertices])
        nearest = nearest_on(skin, points)
        normals = figure.skin_normals[skin.faces[nearest.triangles]].mean(axis=1)
        worst.append(np.einsum("ij,ij->i", points - nearest.positions, normals).max())
    assert worst[1] < worst[0] + 3.0


def test_the_other_side_is_the_mirror_image(wide):
    figure = wide.figure(Posture(HipPose(40.0, 10.0, 5.0), HipPose(40.0, 10.0, 5.0)))
    mirrored = figure.skin_vertices[wide.skin.mate] * MIRROR
    assert np.abs(mirrored - figure.skin_vertices).max() < 1e-6
    assert np.allclose(figure.bands["left"].vertices, figure.bands["right"].vertices * MIRROR)


def test_a_steep_neck_and_a_broad_pelvis_ask_more_of_the_muscle(anatomy):
    steep, flat = (anatomy.shaped(Proportions(neck_shaft_deg=angle)) for angle in (138.0, 112.0))
    abduction = [at_rest(adult)[ANGLES.index("abduction")].mean() for adult in (steep, anatomy, flat)]
    assert abduction == sorted(abduction)
    assert demand(steep, anatomy) > 1.1 > 1.0 > demand(flat, anatomy)
    assert demand(anatomy.shaped(Proportions(pelvic_width_mm=262.0)), anatomy) > 1.05
    assert demand(anatomy, anatomy) == 1.0


def test_a_neck_turned_back_makes_the_front_band_a_stronger_flexor(anatomy):
    """Torsion carries the trochanter: with the neck turned back it lies farther forward."""
    adults = (anatomy.shaped(Proportions(torsion_deg=angle)) for angle in (25.0, -8.0))
    turned_forwards, turned_back = (at_rest(adult)[0, 0] for adult in adults)
    assert turned_forwards < -5.0 < 5.0 < turned_back
