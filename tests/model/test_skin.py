"""The body that a person sees: symmetric, around everything inside it, and sound in every pose."""

import itertools

import numpy as np
import pytest
from scipy.spatial import cKDTree

from hipviz.model.crossings import self_intersections
from hipviz.model.errors import AssetError
from hipviz.model.ply import write_ply
from hipviz.model.pose import HipPose, angles_of
from hipviz.model.skin import read_half
from hipviz.model.surface import Surface, incidence, open_edges, vertex_normals
from hipviz.model.thigh import swing_and_twist, swung
from hipviz.model.thigh_contact import GAP_MM
from hipviz.model.units import MIRROR, NEIGHBOURS

NEUTRAL = np.eye(3)
POSES = [
    HipPose(-15, 0, 0),
    HipPose(60, 0, 0),
    HipPose(100, 0, 0),
    HipPose(0, 45, 0),
    HipPose(0, 0, 40),
    HipPose(0, 0, -40),
    HipPose(90, 30, 0),
    HipPose(60, 25, -20),
    HipPose(-15, 10, -35),
    HipPose(0, -20, 0),
    HipPose(75, -10, 15),
]
DEEP = [HipPose(90, -15, 30), HipPose(90, 0, 40), HipPose(100, -12, 14)]
"""The groin closes over the femur, with its flesh pushed in front of it."""
CORNERS = [HipPose(*map(float, angles)) for angles in itertools.product((-15, 100), (-20, 45), (-40, 40))]
ANYWHERE = [
    HipPose(*map(float, angles))
    for angles in np.random.default_rng(4).uniform((-15, -20, -40), (100, 45, 40), (10, 3)).round(1)
]
ACROSS = [
    *(HipPose(0, -20, 40), HipPose(30, -20, -40), HipPose(60, -20, 0), HipPose(100, -12, 0)),
    *(HipPose(100, -20, 20), HipPose(100, -8, -40)),
]
"""One thigh over or behind the other, which stands still."""
MEETING = [
    (HipPose(0, -20, 0), HipPose()),
    (HipPose(0, -12, 0), HipPose(0, -12, 0)),
    (HipPose(45, -20, 0), HipPose(-5, -5, 0)),
    (HipPose(90, -10, 0), HipPose(90, -5, 0)),
]
"""Both hips with one thigh against the other."""


@pytest.fixture(scope="module")
def skin(anatomy):
    return anatomy.skin


def areas(vertices, faces):
    a, b, c = vertices[faces].transpose(1, 0, 2)
    return 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)


def right_half(skin, vertices):
    """Coordinates (3, h) of the right half of a shape, as frames work on it."""
    return vertices[: skin.halves.count].T.astype(np.float32)


def cover(skin, vertices, points):
    """Depth of points below the skin, mm, along the normal of the nearest of its vertices.

    Where that vertex is far aside it may belong to the other thigh, or to another fold; there its distance counts.
    """
    distance, nearest = cKDTree(vertices).query(points)
    height = -((points - vertices[nearest]) * skin.normals(vertices)[nearest]).sum(axis=1)
    doubtful = np.flatnonzero((height < 8.0) & (distance > np.abs(height) + 12.0))
    inside = enclosed(skin, vertices, points[doubtful])
    height[doubtful] = np.where(inside, distance[doubtful], -distance[doubtful])
    return height


def enclosed(skin, vertices, points):
    """Whether the skin, closed by flat sections, goes round points: the solid angle that it fills for them."""
    edges, faces, corners = open_edges(skin.rest.faces), [skin.rest.faces], [vertices]
    x, _, z = skin.rest.vertices[edges[:, 0]].T
    for number, end in enumerate((z > 0.0, (z < 0.0) & (x > 0.0), (z < 0.0) & (x < 0.0))):
        faces.append(np.insert(edges[end][:, ::-1], 2, len(vertices) + number, axis=1))
        corners.append(vertices[edges[end, 0]].mean(axis=0, keepdims=True))
    triangles = np.concatenate(corners)[np.concatenate(faces)]
    found = np.zeros(len(points), dtype=bool)
    for number, point in enumerate(points):
        a, b, c = (triangles - point).transpose(1, 0, 2)
        p, q, r = (np.linalg.norm(way, axis=1) for way in (a, b, c))
        dots = (a * b).sum(axis=1) * r + (b * c).sum(axis=1) * p + (c * a).sum(axis=1) * q
        angles = np.arctan2((a * np.cross(b, c)).sum(axis=1), p * q * r + dots)
        found[number] = abs(angles.sum()) > np.pi
    return found


def thigh_volume(skin, vertices):
    """Volume of the part that follows the right thigh by more than half, its two ends closed by fans."""
    weight = np.zeros(len(vertices))
    weight[: skin.halves.count] = skin.thigh.swing
    faces = skin.rest.faces[(weight[skin.rest.faces] > 0.5).all(axis=1)]
    volume = Surface(vertices, faces).volume_mm3()
    sides = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    known = {tuple(side) for side in sides.tolist()}
    border = np.array([side for side in known if side[::-1] not in known])
    upper = skin.rest.vertices[border[:, 0], 2] > -250.0
    for end in (border[upper], border[~upper]):
        centre = vertices[np.unique(end)].mean(axis=0)
        volume += (np.cross(vertices[end[:, 1]], vertices[end[:, 0]]) @ centre).sum() / 6.0
    return volume


def test_left_is_the_mirror_of_right(skin):
    vertices = skin.rest.vertices
    assert np.array_equal(skin.mate[skin.mate], np.arange(len(vertices)))
    assert np.abs(vertices[skin.mate] * MIRROR - vertices).max() < 1e-9
    pose = HipPose(50, 20, -15).rotation()
    right, left = skin.shape(pose, NEUTRAL), skin.shape(NEUTRAL, pose)
    assert np.abs(right[skin.mate] * MIRROR - left).max() < 1e-9
    both = skin.shape(pose, pose)
    assert np.abs(both[skin.mate] * MIRROR - both).max() < 1e-9


def test_halves_are_joined_on_the_midline(skin):
    """What each half does to the midline adds up; beside it each keeps its own."""
    halves, rng = skin.halves, np.random.default_rng(2)
    right, left = rng.normal(size=(2, halves.count, 3))
    whole = halves.joined(right, left)
    assert np.array_equal(whole[halves.beside], right[halves.beside])
    assert np.array_equal(whole[halves.mate[halves.beside]], left[halves.beside] * MIRROR)
    assert np.allclose(whole[halves.middle], (right + left * MIRROR)[halves.middle], atol=1e-12)
    assert np.array_equal(skin.rest.vertices[halves.middle, 0], np.zeros(len(halves.middle)))


def test_rest_is_rest(skin):
    assert np.array_equal(skin.shape(NEUTRAL, NEUTRAL), skin.rest.vertices)
    nearly = HipPose(1e-4, 0, 0).rotation()
    assert np.abs(skin.shape(nearly, NEUTRAL) - skin.rest.vertices).max() < 0.01


def test_reaches_from_the_lowest_ribs_to_above_the_knee_and_faces_outwards(skin, anatomy):
    low, high = skin.rest.vertices[:, 2].min(), skin.rest.vertices[:, 2].max()
    assert high > anatomy.bones.position("crest_highest")[2] + 50.0
    assert anatomy.bones.position("lateral_epicondyle")[2] < low < -280.0
    assert skin.rest.volume_mm3() > 15e6
    assert np.linalg.norm(skin.normals(skin.rest.vertices), axis=1).min() > 0.999


def test_has_the_size_of_a_person(skin):
    """Hips of an adult with 238 mm between the ASIS: 320–400 mm broad, and narrower at the waist."""
    vertices = skin.rest.vertices

    def breadth(height):
        near = np.abs(vertices[:, 2] - height) < 8.0
        return np.ptp(vertices[near, 0])

    assert 320.0 < breadth(-30.0) < 400.0
    assert breadth(175.0) < 0.8 * breadth(-30.0)
    heights = np.arange(60.0, 170.0, 8.0)
    assert (np.diff([breadth(height) for height in heights]) < 1.0).all(), "a bulge at the crest"


@pytest.mark.parametrize("pose", [HipPose(), *POSES, *DEEP], ids=str)
def test_keeps_bone_and_muscle_inside(skin, anatomy, pose):
    rotation = pose.rotation()
    vertices = skin.shape(rotation, NEUTRAL)
    neighbours = anatomy.neighbours
    centre = anatomy.medius.hip_centre
    femur = anatomy.bones.surface("femur", 2).vertices
    femur = femur[femur[:, 2] > skin.rest.vertices[:, 2].min() + 15.0]
    femur = (femur - centre) @ rotation.T + centre
    for name, points, least in (
        ("femur", femur, 0.8 if pose in DEEP else 6.0),
        ("hip bone", anatomy.bones.surface("hip_bone", 2).vertices, 6.0),
        ("sacrum", anatomy.bones.surface("sacrum", 2).vertices, 6.0),
        ("medius", np.concatenate(anatomy.medius.shape(rotation).vertices), 2.0),
        ("minimus", np.concatenate(neighbours.muscle("gluteus_minimus").shape(rotation).vertices), 2.0),
        ("maximus", np.concatenate(neighbours.muscle("gluteus_maximus").shape(rotation).vertices), 2.0),
    ):
        assert cover(skin, vertices, points).min() > least, name


@pytest.mark.parametrize("pose", POSES, ids=str)
def test_does_not_collapse(skin, pose):
    vertices = skin.shape(pose.rotation(), NEUTRAL)
    faces = skin.rest.faces
    ratio = areas(vertices, faces) / areas(skin.rest.vertices, faces)
    assert ratio.min() > 0.05
    assert ratio.max() < 4.5
    assert np.percentile(ratio[ratio != 1.0], 1.0) > 0.2


@pytest.mark.parametrize("pose", [*POSES, *DEEP], ids=str)
def test_does_not_cut_through_itself(skin, pose):
    vertices = skin.shape(pose.rotation(), NEUTRAL)
    assert len(self_intersections(Surface(vertices, skin.rest.faces))) == 0


@pytest.mark.parametrize("pose", [*POSES, *DEEP], ids=str)
def test_thigh_keeps_its_volume(skin, pose):
    change = (
        thigh_volume(skin, skin.shape(pose.rotation(), NEUTRAL)) / thigh_volume(skin, skin.rest.vertices) - 1.0
    )
    assert abs(change) < 0.05


@pytest.mark.parametrize("pose", [*CORNERS, *ANYWHERE, *ACROSS], ids=str)
def test_is_sound_in_every_pose_of_its_range(skin, anatomy, pose):
    """It does not cut itself, the thigh keeps its volume, bones and muscles stay inside; also where bones meet."""
    rotation = pose.rotation()
    vertices = skin.shape(rotation, NEUTRAL)
    assert len(self_intersections(Surface(vertices, skin.rest.faces))) == 0
    assert abs(thigh_volume(skin, vertices) / thigh_volume(skin, skin.rest.vertices) - 1.0) < 0.05
    centre = anatomy.medius.hip_centre
    femur = anatomy.bones.surface("femur", 2).vertices
    femur = femur[femur[:, 2] > skin.rest.vertices[:, 2].min() + 15.0]
    muscles = [anatomy.medius, *(anatomy.neighbours.muscle(name) for name in NEIGHBOURS)]
    inside = np.concatenate(
        (
            (femur - centre) @ rotation.T + centre,
            anatomy.bones.surface("hip_bone", 2).vertices,
            anatomy.bones.surface("sacrum", 2).vertices,
            *(band for muscle in muscles for band in muscle.shape(rotation).vertices),
        )
    )
    shallow = inside[cover(skin, vertices, inside) < 0.5]
    assert enclosed(skin, vertices, shallow).all()


@pytest.mark.parametrize(("right", "left"), MEETING, ids=str)
def test_thighs_that_meet_flatten(skin, right, left):
    """Neither enters the other, both keep their volume, and the femur stays well inside."""
    vertices = skin.shape(right.rotation(), left.rotation())
    assert len(self_intersections(Surface(vertices, skin.rest.faces))) == 0
    assert abs(thigh_volume(skin, vertices) / thigh_volume(skin, skin.rest.vertices) - 1.0) < 0.05
    half, inner = right_half(skin, vertices), skin.contact.inner
    assert skin.contact.offsets(half, right.rotation(), left.rotation()) is not None
    assert (np.abs(vertices[inner] - skin.rest.vertices[inner]).max(axis=1) > 0.5).any()


def test_what_is_pressed_keeps_its_order_and_never_reaches_the_other_thigh(skin):
    """Where a fold is pressed flat its layers stay one over the other."""
    depth = np.linspace(-6.0, 60.0, 400, dtype=np.float32)
    kept = depth - skin.contact._give(depth, np.full(400, 6.0, np.float32))
    assert (np.diff(kept) > 0.0).all()
    assert kept.max() < GAP_MM


def test_thighs_apart_leave_each_other_alone(skin):
    apart = HipPose(0, 15, 0).rotation()
    assert skin.contact.offsets(right_half(skin, skin.shape(apart, apart)), apart, apart) is None


def test_poses_of_the_table_are_read_without_a_copy(skin):
    assert skin.cushion.table.flags.c_contiguous


def test_moves_without_a_jump(skin):
    """Neighbouring poses give neighbouring shapes, also where the table of the soft tissue has its nodes."""
    angles = np.linspace(80.0, 100.0, 21)
    shapes = [skin.shape(HipPose(angle, 5.0, 0.0).rotation(), NEUTRAL) for angle in angles]
    steps = np.array([np.linalg.norm(b - a, axis=1).max() for a, b in itertools.pairwise(shapes)])
    assert steps.max() < 1.3 * np.median(steps)


def test_cut_ends_fade_and_folds_are_found(skin):
    z = skin.rest.vertices[:, 2]
    assert skin.fade[z > z.max() - 1.0].max() < 0.01
    assert skin.fade[z < z.min() + 1.0].max() < 0.01
    assert skin.fade[np.abs(z) < 100.0].min() == 1.0
    assert np.array_equal(skin.concavity, skin.concavity[skin.mate])
    deepest = skin.rest.vertices[skin.concavity.argmax()]
    assert abs(deepest[0]) < 60.0, "the deepest fold lies at the midline, not on a flank"


@pytest.mark.parametrize("moving", ["right", "left", "both"])
def test_normals_of_single_precision_agree_with_those_of_double(skin, moving):
    pose = HipPose(40, 10, 0).rotation()
    vertices = skin.shape(*{"right": (pose, NEUTRAL), "left": (NEUTRAL, pose), "both": (pose, pose)}[moving])
    expected = vertex_normals(vertices, skin.rest.faces, incidence(skin.rest.faces, len(vertices)))
    assert np.abs(skin.normals(vertices) - expected).max() < 1e-4


@pytest.mark.parametrize("pose", POSES, ids=str)
def test_angles_and_swing_and_twist_give_the_rotation_back(pose):
    rotation = pose.rotation()
    found = angles_of(rotation)
    assert np.allclose(found, (pose.flexion_deg, pose.abduction_deg, pose.internal_rotation_deg), atol=1e-6)
    axis, swing, twist = swing_and_twist(rotation)
    c, s = np.cos(twist), np.sin(twist)
    spun = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    assert np.allclose(swung(spun, axis, np.full(3, swing)), rotation, atol=1e-9)


def test_a_wrong_half_is_refused(skin, tmp_path):
    path = tmp_path / "skin.ply"
    whole = Surface(skin.rest.vertices, skin.rest.faces)
    write_ply(path, whole)
    with pytest.raises(AssetError, match="not the right half"):
        read_half(path)
    write_ply(path, Surface(np.abs(whole.vertices) / 1000.0, whole.faces))
    with pytest.raises(AssetError, match="mm tall"):
        read_half(path)
