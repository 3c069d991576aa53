"""The shape of the shipped muscle: size, footing, closed bands, volume, no bone poking through, no jumps."""

import itertools

import numpy as np
import pytest
from scipy.spatial import cKDTree

from hipviz.model.attachments import drawn
from hipviz.model.checks import is_watertight
from hipviz.model.crossings import self_intersections
from hipviz.model.gluteus_medius import ALONG, ROWS, GluteusMedius
from hipviz.model.impingement import Impingement
from hipviz.model.loft import volumes
from hipviz.model.pose import NEUTRAL, RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.surface import Surface
from hipviz.model.units import BANDS

ACTIONS = [HipPose(45, 0, 25), HipPose(0, 35, 0), HipPose(-15, 0, -30)]
"""Ends of the three bands' actions, in the order of BANDS."""


@pytest.fixture(scope="module")
def medius(bones):
    return GluteusMedius.on(bones)


@pytest.fixture(scope="module")
def neutral(medius):
    return medius.shape(NEUTRAL.rotation())


def outer(shape):
    return shape.sheets()[1]


def deep(shape):
    return shape.sheets()[0]


def random_poses(count, seed=0):
    low, high = np.array(list(RANGE_OF_MOTION_DEG.values())).T
    return [HipPose(*angles) for angles in np.random.default_rng(seed).uniform(low, high, (count, 3))]


def test_size_is_that_of_a_real_muscle(medius, neutral):
    volume_cm3 = volumes(neutral.vertices, ROWS) / 1000.0
    assert 170.0 < volume_cm3.sum() < 235.0
    assert volume_cm3.min() > 35.0
    width = np.ptp(neutral.vertices[..., 1])
    assert 85.0 < width < 105.0
    thickness, _ = cKDTree(deep(neutral).reshape(-1, 3)).query(outer(neutral).reshape(-1, 3))
    assert 18.0 < thickness.max() < 25.0


def test_bands_are_closed_and_turned_outwards(medius, neutral):
    assert is_watertight(medius.faces)
    for vertices, volume in zip(neutral.vertices, volumes(neutral.vertices, ROWS), strict=True):
        assert Surface(vertices, medius.faces).volume_mm3() == pytest.approx(volume, rel=1e-9)
        assert volume > 0


SINGLE = [
    *map(HipPose, (-20, -10, 30, 60, 90, 100, 110, 120)),
    *(HipPose(0, angle) for angle in (-25, 20, 45)),
    *(HipPose(0, 0, angle) for angle in (-45, -20, 20, 40)),
]
TWISTED = [HipPose(92, 40, -22), HipPose(63, 34, -33), HipPose(74, 25, -31), HipPose(87, 39, -34)]
"""The thigh bent, spread and turned out: the front edge of the tendon is twisted most."""
COMBINED = [*ACTIONS, HipPose(30, -20, 20), HipPose(60, 20, -20), HipPose(66, 2, 40), HipPose(95, 9, -25)]


@pytest.mark.parametrize("pose", [NEUTRAL, *SINGLE, *COMBINED, *TWISTED], ids=str)
def test_a_band_does_not_cut_itself(medius, pose):
    for vertices in medius.shape(pose.rotation()).vertices:
        assert len(self_intersections(Surface(vertices, medius.faces))) == 0


def test_few_extremes_fold_the_tendon(bones, medius):
    """Where deep flexion meets abduction and external rotation; where bone cuts bone is no pose of a hip."""
    impingement = Impingement.of(bones)
    cuts = [
        sum(
            len(self_intersections(Surface(band, medius.faces))) for band in medius.shape(pose.rotation()).vertices
        )
        for pose in random_poses(40)
        if impingement.depth_mm(pose) < 0.5
    ]
    assert len(cuts) > 30
    assert np.mean(np.array(cuts) > 0) <= 0.03
    assert max(cuts) <= 20


def test_the_drawn_end_slides_on_the_footprint_only_when_the_hip_is_bent(bones, medius):
    ends = {}
    for pose in (NEUTRAL, HipPose(20), HipPose(120)):
        end = outer(medius.shape(pose.rotation()))[:, -1].reshape(-1, 3)
        ends[pose] = (end - medius.hip_centre) @ pose.rotation() + medius.hip_centre
    assert np.linalg.norm(ends[HipPose(20)] - ends[NEUTRAL], axis=1).max() < 3.0
    slid = np.linalg.norm(ends[HipPose(120)] - ends[NEUTRAL], axis=1)
    assert 5.0 < slid.max() < 20.0
    assert np.median(slid) < 3.0
    assert np.abs(medius.fan.moving_bone.sample(ends[HipPose(120)])[0]).max() < 1.5


@pytest.mark.parametrize("pose", [NEUTRAL, *ACTIONS, HipPose(100, -20, 30), HipPose(-20, 40, -40)], ids=str)
def test_neighbouring_bands_share_their_border(medius, pose):
    shape = medius.shape(pose.rotation())
    for front, rear in ((0, 1), (1, 2)):
        assert np.abs(outer(shape)[front, :, -1] - outer(shape)[rear, :, 0]).max() < 1e-9
        assert np.abs(deep(shape)[front, :, -1] - deep(shape)[rear, :, 0]).max() < 1e-9


@pytest.mark.parametrize("band_index", range(3))
def test_a_band_keeps_its_volume_and_bulges_in_its_action(medius, neutral, band_index):
    rest = volumes(neutral.vertices, ROWS)
    for share in (0.25, 0.5, 0.75, 1.0):
        pose = NEUTRAL.blended(ACTIONS[band_index], share)
        shape = medius.shape(pose.rotation())
        assert np.abs(volumes(shape.vertices, ROWS) / rest - 1.0).max() < 0.015
    assert shape.swelling[band_index] > 1.5


def test_the_whole_range_of_motion(medius, neutral):
    rest = volumes(neutral.vertices, ROWS)
    extremes = [HipPose(*angles) for angles in itertools.product(*RANGE_OF_MOTION_DEG.values())]
    for pose in [*random_poses(100), *extremes]:
        rotation = pose.rotation()
        shape = medius.shape(rotation)
        assert np.abs(volumes(shape.vertices, ROWS) / rest - 1.0).max() < 0.008, pose
        for sheet, first, allowed in ((outer(shape), 2, 0.5), (deep(shape), 13, 1.5)):
            points = sheet[:, first : ROWS - 6].reshape(-1, 3)
            local = (points - medius.hip_centre) @ rotation + medius.hip_centre
            assert medius.fan.fixed_bone.sample(points)[0].min() > -allowed, pose
            assert medius.fan.moving_bone.sample(local)[0].min() > -allowed, pose


def test_the_same_pose_gives_the_same_shape(medius):
    rotation = HipPose(60, 20, -10).rotation()
    first = medius.shape(rotation).vertices.copy()
    medius.shape(HipPose(-20, -20, 30).rotation())
    assert np.array_equal(medius.shape(rotation).vertices, first)


def test_neighbouring_frames_do_not_jump(medius):
    for action in ACTIONS:
        frames = [medius.shape(NEUTRAL.blended(action, s).rotation()).vertices for s in np.linspace(0, 1, 46)]
        steps = np.linalg.norm(np.diff(frames, axis=0), axis=-1)
        assert steps.max() < 2.5
        assert np.abs(np.diff(steps.max(axis=(1, 2)))).max() < 0.6


def test_one_degree_moves_no_point_far(medius):
    names = tuple(RANGE_OF_MOTION_DEG)
    for pose in [*random_poses(25, seed=1), HipPose(19, -22, 35)]:
        here = medius.shape(pose.rotation()).vertices
        for name in names:
            angles = {key: getattr(pose, key) for key in names}
            angles[name] -= np.sign(angles[name])
            there = medius.shape(HipPose(**angles).rotation()).vertices
            assert np.linalg.norm(there - here, axis=-1).max() < 2.5, (pose, name)


def test_attachments_lie_on_the_bones(bones, medius):
    for place, bone in ((medius.fan.origin, "hip_bone"), (medius.fan.insertion, "femur")):
        distance, _ = cKDTree(bones.surface(bone).vertices).query(place.reshape(-1, 3))
        assert distance.max() < 2.0
    asis = bones.position("asis")
    front = outer(medius.shape(NEUTRAL.rotation()))[0, 0, 0]
    assert 5.0 < np.linalg.norm(front - asis) < 25.0


def test_bound_edges_are_the_drawn_ones(bones):
    edges = drawn(bones.surface("hip_bone"), bones.surface("femur"))
    for name in ("origin_upper", "origin_lower", "insertion_upper", "insertion_lower"):
        kept = bones.curve(f"gluteus_medius_{name}")
        assert np.linalg.norm(kept - getattr(edges, name), axis=1).max() < 1.0, name


def test_insertion_covers_both_facets(bones, medius):
    patch = medius.fan.insertion
    cells = np.cross(patch[1:, :-1] - patch[:-1, :-1], patch[:-1, 1:] - patch[:-1, :-1])
    assert 400.0 < np.linalg.norm(cells, axis=-1).sum() < 640.0
    for facet in ("lateral_facet", "superoposterior_facet"):
        distance = np.linalg.norm(patch - bones.position(facet), axis=-1).min()
        assert distance < 6.0, facet


def test_points_on_the_surface(medius, neutral):
    for index, band in enumerate(BANDS):
        for v in (0.1, 0.5, 0.8):
            point, normal = neutral.surface_point(index, 0.5, v)
            nearest = np.linalg.norm(outer(neutral)[index] - point, axis=-1).min()
            assert nearest < 3.5, band
            assert np.linalg.norm(normal) == pytest.approx(1.0)
            assert normal[0] > 0.1, band  # out of a right-hand muscle
    mirrored = neutral.mirrored()
    point, normal = mirrored.surface_point(1, 0.5, 0.5)
    assert point[0] < 0
    assert normal[0] < -0.1
    crest, _ = neutral.surface_point(1, 0.0, 0.0)
    assert np.allclose(crest, outer(neutral)[1, 0, 0])
    end, _ = neutral.surface_point(1, 1.0, 1.0)
    assert np.allclose(end, outer(neutral)[1, -1, -1])


def test_texture_runs_from_crest_to_trochanter(medius, neutral):
    u, v = medius.texture_coordinates.T
    assert (u.min(), u.max(), v.min(), v.max()) == (0.0, 1.0, 0.0, 1.0)
    assert np.allclose(v.reshape(ROWS, -1)[:, 0], ALONG)
    height = neutral.vertices[1][:, 2]
    assert height[v < 0.05].min() > height[v > 0.95].max() + 50.0


def test_fibres_lie_between_the_sheets_of_the_neutral_muscle(neutral):
    assert neutral.fibres.shape == (3, 14, 14, 3)
    assert (neutral.fibres[:, :, 0, 2] > neutral.fibres[:, :, -1, 2] + 60.0).all()
