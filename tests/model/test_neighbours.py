"""The muscles beside the medius: size, layers, course, volume, contact, both sides."""

import itertools

import numpy as np
import pytest
import pyvista as pv
from scipy.spatial import cKDTree

from hipviz.model.checks import is_watertight
from hipviz.model.content import load_words
from hipviz.model.crossings import self_intersections
from hipviz.model.fan_loft import COLUMNS, ROWS
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.impingement import Impingement
from hipviz.model.loft import ring_faces, volumes
from hipviz.model.movement import pose_at
from hipviz.model.neighbours import Neighbours
from hipviz.model.pose import NEUTRAL, RANGE_OF_MOTION_DEG, HipPose, Posture
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, NEIGHBOURS

ACTIONS = [NEUTRAL, HipPose(45, 0, 25), HipPose(0, 35, 0), HipPose(-15, 0, -30), HipPose(30)]


@pytest.fixture(scope="module")
def medius(bones):
    return GluteusMedius.on(bones)


@pytest.fixture(scope="module")
def neighbours(bones, medius):
    return Neighbours(bones, medius)


def random_poses(count, seed=0):
    low, high = np.array(list(RANGE_OF_MOTION_DEG.values())).T
    return [HipPose(*angles) for angles in np.random.default_rng(seed).uniform(low, high, (count, 3))]


def over_medius(medius, pose, points):
    """Heights (k,) over the medius' outer sheet of those points that lie beside it."""
    outer = medius.shape(pose.rotation()).sheets()[1]
    normals = np.cross(np.gradient(outer, axis=2), np.gradient(outer, axis=1))[:, 3:-6].reshape(-1, 3)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    spots = outer[:, 3:-6].reshape(-1, 3)
    distance, nearest = cKDTree(spots).query(points)
    height = ((points - spots[nearest]) * normals[nearest]).sum(axis=1)
    return height[distance**2 - height**2 < 16.0]


def test_nothing_is_built_before_it_is_asked_for_and_then_once(bones, medius, monkeypatch):
    built = []
    monkeypatch.setattr(Neighbours, "_built", lambda _, name: built.append(name) or medius)
    neighbours = Neighbours(bones, medius)
    assert not built
    for _ in range(2):
        assert neighbours.muscle("gluteus_minimus") is medius
    assert built == ["gluteus_minimus"]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("gluteus_minimus", 25, 60),
        ("gluteus_maximus", 300, 800),
        ("piriformis", 15, 40),
    ],
)
def test_size(neighbours, name, low, high):
    muscle = neighbours.muscle(name)
    assert is_watertight(muscle.faces)
    volume_cm3 = volumes(muscle.shape(NEUTRAL.rotation()).vertices, ROWS) / 1000.0
    assert low < volume_cm3.sum() < high
    assert volume_cm3.min() > 0.2 * volume_cm3.sum()


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_volume_stays_and_nothing_jumps_in_the_whole_range(neighbours, name):
    muscle = neighbours.muscle(name)
    rest = volumes(muscle.shape(NEUTRAL.rotation()).vertices, ROWS)
    for pose in [*ACTIONS, *random_poses(40)]:
        assert np.abs(volumes(muscle.shape(pose.rotation()).vertices, ROWS) / rest - 1.0).max() < 0.015, pose
    for action in ACTIONS[1:]:
        frames = [muscle.shape(NEUTRAL.blended(action, s).rotation()).vertices for s in np.linspace(0, 1, 31)]
        assert np.linalg.norm(np.diff(frames, axis=0), axis=-1).max() < 4.0


def test_minimus_keeps_off_bone_and_under_the_medius(neighbours, medius):
    minimus = neighbours.muscle("gluteus_minimus")
    for pose in [*ACTIONS, *random_poses(30)]:
        rotation = pose.rotation()
        sheets = minimus.shape(rotation).sheets()
        for sheet, first in ((sheets[1], 2), (sheets[0], 13)):
            points = sheet[:, first:-6].reshape(-1, 3)
            local = (points - minimus.hip_centre) @ rotation + minimus.hip_centre
            assert minimus.fan.fixed_bone.sample(points)[0].min() > -0.5, pose
            assert minimus.fan.moving_bone.sample(local)[0].min() > -0.5, pose
        heights = over_medius(medius, pose, sheets[1][:, 4:-8].reshape(-1, 3))
        assert np.mean(heights > 0.0) < 0.1, pose


def test_minimus_is_pressed_flat_under_the_medius_rather_than_rising_into_it(bones, neighbours, medius):
    minimus, gaps_mm = neighbours.muscle("gluteus_minimus"), Impingement.of(bones).gaps_mm
    possible = [pose for pose in random_poses(40) if gaps_mm(np.array([pose.angles_deg]))[0] > 0.0]
    depths = [outer_depth_mm(minimus, medius, pose) for pose in possible]
    assert np.mean(depths) < 4.0
    assert max(depths) < 10.0
    assert outer_depth_mm(minimus, medius, HipPose(86)) < 4.0


@pytest.mark.parametrize("name", NEIGHBOURS)
@pytest.mark.parametrize("pose", [NEUTRAL, HipPose(30), HipPose(0, 30)], ids=str)
def test_no_part_cuts_itself_in_standing_and_walking(neighbours, name, pose):
    muscle = neighbours.muscle(name)
    for vertices in muscle.shape(pose.rotation()).vertices:
        assert len(self_intersections(Surface(vertices, muscle.faces))) == 0


def test_minimus_cuts_itself_hardly_ever(bones, neighbours):
    """Never in the movements; else where the extended thigh is spread and turned in nearly as far as it goes."""
    minimus, gaps_mm = neighbours.muscle("gluteus_minimus"), Impingement.of(bones).gaps_mm
    inwards = [
        HipPose(-16, 0, 15),
        HipPose(4, 18, 32),
        HipPose(7, 10, 34),
        HipPose(20, 30, 40),
        HipPose(80, -25, -45),
    ]
    assert not any(cuts(minimus, pose) for pose in [*inwards, *poses_of_the_movements(14)])
    possible = [pose for pose in random_poses(60) if gaps_mm(np.array([pose.angles_deg]))[0] > 0.0]
    assert len(possible) > 40
    assert np.mean([cuts(minimus, pose) > 0 for pose in possible]) <= 0.02


def test_maximus_does_not_cut_the_pelvis_where_it_is_seen(neighbours):
    maximus = neighbours.muscle("gluteus_maximus")
    for pose in [*ACTIONS, HipPose(90), HipPose(120), HipPose(-20), HipPose(0, -25), *random_poses(15)]:
        outer = maximus.shape(pose.rotation()).sheets()[1]
        assert maximus.fan.fixed_bone.sample(outer[:, 3:-6].reshape(-1, 3))[0].min() > -0.5, pose


def closed(sheets):
    """A muscle's three bands as one closed surface."""
    columns = np.concatenate([np.arange(COLUMNS)] + [np.arange(1, COLUMNS)] * 2)
    bands = np.repeat(range(3), [COLUMNS, COLUMNS - 1, COLUMNS - 1])
    deep, outer = (sheet[bands, :, columns].transpose(1, 0, 2) for sheet in sheets)
    ring = np.concatenate([deep, outer[:, ::-1]], axis=1).reshape(-1, 3)
    return pv.PolyData.from_regular_faces(ring, ring_faces(ROWS, len(columns)))


def cuts(muscle, pose):
    vertices = muscle.shape(pose.rotation()).vertices
    return sum(len(self_intersections(Surface(band, muscle.faces))) for band in vertices)


def depth_mm(muscle, other, pose):
    """How deep one muscle cuts into another."""
    rotation = pose.rotation()
    points = closed(muscle.shape(rotation).sheets())
    points.compute_implicit_distance(closed(other.shape(rotation).sheets()), inplace=True)
    return -min(0.0, points["implicit_distance"].min())


def outer_depth_mm(muscle, other, pose):
    """How deep the outer sheet of one muscle, but for its ends, lies in another."""
    rotation = pose.rotation()
    points = pv.PolyData(muscle.shape(rotation).sheets()[1][:, 4:-8].reshape(-1, 3))
    points.compute_implicit_distance(closed(other.shape(rotation).sheets()), inplace=True)
    return -points["implicit_distance"].min()


def poses_of_the_movements(count):
    """A sample of the poses in which the movements have the hips: the keys' and those halfway between."""
    movements = load_words().movements.values()
    found = {key.pose for movement in movements for key in movement.keys}
    found |= {key.other for movement in movements for key in movement.keys}
    found |= {pose_at(m, 0.5 * (a.at + b.at)) for m in movements for a, b in itertools.pairwise(m.keys)}
    ordered = sorted(found, key=lambda pose: pose.angles_deg)
    return [ordered[i] for i in np.random.default_rng(7).choice(len(ordered), count, replace=False)]


def test_maximus_neither_cuts_itself_nor_the_medius_in_the_movements(neighbours, medius):
    maximus = neighbours.muscle("gluteus_maximus")
    for pose in [HipPose(90), HipPose(110), HipPose(-15, 0, -42), *poses_of_the_movements(14)]:
        assert cuts(maximus, pose) == 0, pose
        assert depth_mm(maximus, medius, pose) < 1.0, pose


def test_maximus_keeps_its_shape_wherever_the_bones_are_apart(neighbours, medius, bones):
    maximus, gaps_mm = neighbours.muscle("gluteus_maximus"), Impingement.of(bones).gaps_mm
    poses = [pose for pose in random_poses(10, seed=11) if gaps_mm(np.array([pose.angles_deg]))[0] > 1.0]
    assert len(poses) > 5
    for pose in poses:
        assert cuts(maximus, pose) == 0, pose
        assert depth_mm(maximus, medius, pose) < 2.5, pose


def test_the_lower_border_of_the_maximus_slides_off_the_ischium_when_sitting(neighbours, bones):
    """Who sits rests on bone and fat, not on the muscle."""
    maximus, hip_bone = neighbours.muscle("gluteus_maximus"), bones.surface("hip_bone").vertices
    lowest_mm = {}
    for pose in (NEUTRAL, HipPose(90)):
        outer = maximus.shape(pose.rotation()).sheets()[1].reshape(-1, 3)
        tuberosity = hip_bone[hip_bone[:, 1] < -15.0]
        tuberosity = tuberosity[tuberosity[:, 2].argmin()]
        beside = np.abs(outer[:, 0] - tuberosity[0]) < 10.0
        lowest_mm[pose] = outer[beside, 2].min() - tuberosity[2]
    assert lowest_mm[HipPose(90)] > lowest_mm[NEUTRAL] - 2.0
    assert lowest_mm[HipPose(90)] > 0.0


def test_maximus_covers_the_posterior_third_of_the_medius(neighbours, medius):
    """Seen from behind and outside, every place of the posterior band but its front edge has maximus over it."""
    eye = np.array([0.55, -0.83, 0.0])
    aside, up = np.cross([0.0, 0.0, 1.0], eye), np.array([0.0, 0.0, 1.0])
    cover = neighbours.muscle("gluteus_maximus").shape(NEUTRAL.rotation()).sheets()[1].reshape(-1, 3)
    belly = medius.shape(NEUTRAL.rotation()).sheets()[1][:, 4:-8]
    tree = cKDTree(cover @ np.stack([aside, up], axis=1))

    def covered(points):
        distance, nearest = tree.query(points @ np.stack([aside, up], axis=1))
        return np.mean((distance < 6.0) & ((cover[nearest] - points) @ eye > 0.0))

    assert covered(belly[2].reshape(-1, 3)) > 0.75
    assert covered(belly[0].reshape(-1, 3)) < 0.1


def test_maximus_lies_over_the_medius(neighbours, medius):
    maximus = neighbours.muscle("gluteus_maximus")
    for pose in ACTIONS:
        heights = over_medius(medius, pose, maximus.shape(pose.rotation()).sheets()[0][:, 4:-6].reshape(-1, 3))
        assert len(heights) > 100
        assert np.mean(heights < -0.5) < 0.05, pose
        assert heights.min() > -5.0, pose


def test_piriformis_leaves_the_pelvis_through_the_sciatic_notch(bones, neighbours):
    """From in front of the sacrum, under the roof of the notch and over the ischial spine, to the trochanter."""
    fibres = neighbours.muscle("piriformis").fibres(NEUTRAL.rotation())[:, 7:].reshape(-1, 14, 3)
    sacrum = bones.surface("sacrum").vertices
    roof, spine = bones.position("greater_sciatic_notch_apex"), bones.position("ischial_spine")
    for fibre in fibres:
        behind = sacrum[np.linalg.norm(sacrum[:, [0, 2]] - fibre[0, [0, 2]], axis=1) < 6.0]
        assert fibre[0, 1] > behind[:, 1].min()
        assert np.linalg.norm(fibre[-1] - bones.position("greater_trochanter_tip")) < 12.0
        height = np.interp(roof[0], fibre[:, 0], fibre[:, 2])
        assert spine[2] < height < roof[2] + 2.0


def test_piriformis_wraps_round_the_hip_bone_and_never_cuts_itself(neighbours, bones):
    """Also turned inwards, where it lies over the rim of the socket, and shortened under the roof of the notch."""
    piriformis, gaps_mm = neighbours.muscle("piriformis"), Impingement.of(bones).gaps_mm
    inwards = [HipPose(0, 10, 38), HipPose(-18, 35, 39), HipPose(4, 29, 35), HipPose(104, 13, -43)]
    poses = [*ACTIONS, HipPose(90), HipPose(0, 42), HipPose(-20), *inwards, *random_poses(30)]
    for pose in [pose for pose in poses if gaps_mm(np.array([pose.angles_deg]))[0] > 0.0]:
        rotation = pose.rotation()
        shape = piriformis.shape(rotation)
        assert piriformis.fan.fixed_bone.sample(shape.fibres[:, :, 1:-1].reshape(-1, 3))[0].min() > 0.0, pose
        sheets = shape.sheets()[:, :, 6:-8].reshape(-1, 3)
        local = (sheets - piriformis.hip_centre) @ rotation + piriformis.hip_centre
        assert piriformis.fan.fixed_bone.sample(sheets)[0].min() > -0.5, pose
        assert piriformis.fan.moving_bone.sample(local)[0].min() > -0.5, pose
        assert cuts(piriformis, pose) == 0, pose


def test_piriformis_does_not_cut_the_glutei(neighbours, medius):
    piriformis, maximus = neighbours.muscle("piriformis"), neighbours.muscle("gluteus_maximus")
    for pose in [*ACTIONS, HipPose(90), HipPose(0, 20, 30), *random_poses(8)]:
        assert depth_mm(piriformis, maximus, pose) < 1.5, pose
        assert depth_mm(piriformis, medius, pose) < 1.5, pose


def test_what_is_shaped_ahead_is_kept_on_disk_until_nobody_wants_it(bones, medius, monkeypatch):
    asked = []
    neighbours = Neighbours(bones, medius)
    monkeypatch.setattr(neighbours, "_built", asked.append)
    neighbours.shape_ahead(lambda: len(asked) < 2)
    assert asked == list(NEIGHBOURS[:2])


def test_both_sides(neighbours):
    pose = HipPose(30, -10, 5)
    for name in NEIGHBOURS:
        shapes = neighbours.shapes(name, Posture(pose, pose))
        assert np.allclose(shapes["left"].vertices, shapes["right"].vertices * MIRROR)
        for side in ("right", "left"):
            assert Surface(shapes[side].vertices[1], neighbours.faces(name, side)).volume_mm3() > 0
        assert neighbours.shapes(name, Posture(pose, pose))["right"] is shapes["right"]
