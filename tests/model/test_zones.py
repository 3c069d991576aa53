"""Where the three trigger points are reported to be felt, checked by anatomy, not by pixels."""

import re

import numpy as np
import pytest
from scipy.spatial import cKDTree

from hipviz.model.content import CONTENT_FOLDER, load_words
from hipviz.model.errors import ContentError
from hipviz.model.geodesic import resampled
from hipviz.model.pose import HipPose
from hipviz.model.surface import incidence
from hipviz.model.trigger_points import FILE, load_trigger_points
from hipviz.model.units import BANDS, MIRROR
from hipviz.model.zone_drawing import DOT_SIDES, DOT_SPACING_MM
from hipviz.model.zones import build_zones

NEUTRAL = np.eye(3)


@pytest.fixture(scope="module")
def skin(anatomy):
    return anatomy.skin


@pytest.fixture(scope="module")
def weights(skin):
    """Area around each vertex, mm²: a field must not count more where the mesh is finer."""
    a, b, c = skin.rest.vertices[skin.rest.faces].transpose(1, 0, 2)
    corners = incidence(skin.rest.faces, len(skin.rest.vertices))
    return corners @ (np.linalg.norm(np.cross(b - a, c - a), axis=1) / 6.0)


def share(field, weights, where):
    return float((field * weights)[where].sum() / (field * weights).sum())


def distance_to_line(vertices, *points):
    return cKDTree(resampled(np.array(points))).query(vertices)[0]


def on_skin(skin, point):
    """The nearest place on the skin: landmarks lie on bone, one to three fingers below it."""
    return skin.rest.vertices[cKDTree(skin.rest.vertices).query(point)[1]]


def test_every_band_has_a_zone_on_both_sides(anatomy):
    assert set(anatomy.zones) == {(band, side) for band in BANDS for side in ("right", "left")}
    assert [anatomy.zones[band, "right"].point.number for band in BANDS] == [3, 2, 1]


def test_point_1_is_felt_at_the_back_of_the_crest_and_the_sacrum(anatomy, skin, weights):
    zone = anatomy.zones["posterior", "right"]
    vertices = skin.rest.vertices
    mark = anatomy.bones.position
    line = [on_skin(skin, mark(name)) for name in ("crest_highest", "psis", "s3_spinous", "sacrum_apex")]
    assert share(zone.essential, weights, distance_to_line(vertices, *line) < 60.0) > 0.95
    assert zone.essential[vertices[:, 1] > 0.0].max() == 0.0, "nothing in front of the hip centre"
    assert share(zone.essential, weights, vertices[:, 0] > 0.0) > 0.9, "of that side"
    for name in ("psis", "sacroiliac_joint"):
        place = mark(name) * [1.0, 0.0, 1.0] + [0.0, vertices[:, 1].min(), 0.0]
        behind = (vertices[:, 1] < -60.0) & (np.linalg.norm((vertices - place)[:, [0, 2]], axis=1) < 12.0)
        assert zone.essential[behind].mean() > 0.6, name


def test_point_1_spills_over_low_back_and_buttock(anatomy, skin, weights):
    zone = anatomy.zones["posterior", "right"]
    vertices = skin.rest.vertices
    mark = anatomy.bones.position
    buttock = mark("ischial_tuberosity") * [1, 0, 1] + [25.0, vertices[:, 1].min(), 60.0]
    lumbar = mark("s1_spinous") * [0, 0, 1] + [26.0, -100.0, 22.0]
    for place in (buttock, lumbar):
        near = (vertices[:, 1] < 0.0) & (np.linalg.norm((vertices - place)[:, [0, 2]], axis=1) < 14.0)
        assert zone.spillover[near].min() > 0.2
        assert zone.essential[near].max() < 0.5
    assert share(zone.spillover, weights, vertices[:, 1] < 0.0) > 0.97


def test_point_2_is_felt_at_the_side_and_spills_down_the_thigh(anatomy, skin, weights):
    zone = anatomy.zones["middle", "right"]
    vertices = skin.rest.vertices
    mark = anatomy.bones.position
    side = on_skin(skin, mark("greater_trochanter_tip") + np.array([40.0, -10.0, 15.0]))
    assert zone.essential[np.linalg.norm(vertices - side, axis=1) < 14.0].min() > 0.5
    between = (vertices[:, 2] > mark("ischial_tuberosity")[2]) & (vertices[:, 2] < mark("crest_highest")[2])
    assert share(zone.essential, weights, between & (vertices[:, 0] > 40.0)) > 0.97
    thigh = vertices[:, 2] < mark("ischial_tuberosity")[2]
    assert zone.essential[thigh].max() == 0.0
    assert 0.3 < share(zone.spillover, weights, thigh) < 0.8
    spilled = thigh & (zone.spillover > 0.25)
    assert vertices[spilled, 2].min() > 0.7 * mark("knee_centre")[2], "the upper thigh only"
    assert (vertices[spilled, 1] < 30.0).all(), "lateral and posterior, not in front"
    assert (vertices[spilled, 0] > 60.0).all(), "not on the inner thigh"


def test_point_3_is_felt_along_the_crest_and_spills_over_both_sides(anatomy, skin, weights):
    zone = anatomy.zones["anterior", "right"]
    vertices = skin.rest.vertices
    crest = np.array([on_skin(skin, point) for point in anatomy.bones.curve("iliac_crest")])
    assert share(zone.essential, weights, distance_to_line(vertices, *crest) < 30.0) > 0.95
    felt = [zone.essential[np.linalg.norm(vertices - point, axis=1) < 9.0].max() for point in crest[2:-2]]
    assert min(felt) > 0.5, "without a gap"
    spilled = zone.spillover * (zone.essential < 0.3)
    left, right = (share(spilled, weights, sign * vertices[:, 0] > 0.0) for sign in (-1, 1))
    assert 0.25 < left < 0.6 < left + right + 0.01
    s3 = anatomy.bones.position("s3_spinous")
    middle = (np.abs(vertices[:, 0]) < 15.0) & (np.abs(vertices[:, 2] - s3[2]) < 15.0) & (vertices[:, 1] < 0.0)
    assert zone.spillover[middle].min() > 0.3


@pytest.mark.parametrize("band", BANDS)
def test_left_is_the_mirror_of_right(anatomy, skin, band):
    right, left = anatomy.zones[band, "right"], anatomy.zones[band, "left"]
    assert np.array_equal(left.essential, right.essential[skin.mate])
    assert np.array_equal(left.spillover, right.spillover[skin.mate])
    vertices, normals = skin.rest.vertices, skin.normals(skin.rest.vertices)
    for piece in ("essential_patch", "spillover_patch", "essential_outline", "spillover_outline"):
        one, other = getattr(right, piece), getattr(left, piece)
        here, there = (p.points(vertices, normals) for p in (one, other))
        corners_here, corners_there = here[one.faces] * MIRROR, there[other.faces]
        assert np.allclose(np.sort(corners_here.sum(1), 0), np.sort(corners_there.sum(1), 0), atol=1e-6)
        assert _facing(there, other.faces, skin) > 0.98, "the left faces outwards as well"


def _facing(points, faces, skin):
    """Share of faces whose normal points away from the body."""
    a, b, c = points[faces].transpose(1, 0, 2)
    nearest = cKDTree(skin.rest.vertices).query((a + b + c) / 3.0)[1]
    normals = skin.normals(skin.rest.vertices)[nearest]
    return float(((np.cross(b - a, c - a) * normals).sum(axis=1) > 0.0).mean())


@pytest.mark.parametrize("band", BANDS)
def test_fields_and_pieces_are_sound(anatomy, skin, band):
    zone = anatomy.zones[band, "right"]
    for field in (zone.essential, zone.spillover):
        assert 0.0 <= field.min() < field.max() <= 1.0
    assert zone.essential.max() > 0.95
    pose = HipPose(70, 20, -10).rotation()
    vertices = skin.shape(pose, NEUTRAL)
    normals = skin.normals(vertices)
    for piece in (
        zone.essential_patch,
        zone.spillover_patch,
        zone.essential_outline,
        zone.spillover_outline,
        zone.dots,
    ):
        points = piece.points(vertices, normals)
        assert np.isfinite(points).all()
        assert piece.faces.min() >= 0
        assert piece.faces.max() < len(points)
        on = cKDTree(vertices).query(points)[0]
        assert on.max() < 14.0, "it follows the skin"
    assert np.allclose(np.asarray(zone.essential_patch.matrix.sum(axis=1)), 1.0)


@pytest.mark.parametrize("band", BANDS)
def test_outlines_are_smooth_and_dots_evenly_spread(anatomy, skin, band):
    zone = anatomy.zones[band, "right"]
    vertices = skin.rest.vertices
    line = zone.essential_outline
    middle = line.matrix @ vertices
    ahead, behind = middle[line.after] - middle, middle - middle[line.before]
    turn = (ahead * behind).sum(1) / np.linalg.norm(ahead, axis=1) / np.linalg.norm(behind, axis=1)
    assert np.degrees(np.arccos(np.clip(turn, -1, 1))).max() < 40.0
    assert np.linalg.norm(ahead, axis=1).max() < 4.0
    dots = zone.dots.matrix @ vertices
    gaps = cKDTree(dots).query(dots, k=2)[0][:, 1]
    assert gaps.min() > 0.55 * DOT_SPACING_MM
    assert gaps.std() < 0.2 * gaps.mean()
    assert len(zone.dots.faces) == len(dots) * (DOT_SIDES - 2)


def test_sources_and_landmarks_of_the_shipped_points_exist(anatomy):
    words = load_words()
    points = load_trigger_points(frozenset(anatomy.bones.positions()), frozenset(words.sources))
    assert all(
        statement.sources for point in points for statement in (point.essential.where, point.spillover.where)
    )


SHIPPED = (CONTENT_FOLDER / FILE).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "replacement", "told"),
    [
        (r"strength = 1\.0", "strength = 1.4", "essential.strength"),
        (r"half_width_mm = 20\b", "half_width_mm = 0", "half_width_mm"),
        (r"half_width_mm = 20\b", 'half_width_mm = "wide"', "half_width_mm"),
        (r"blend_mm", "blend", "blend"),
        (r'band = "middle"', 'band = "medial"', "band"),
        (r'at = "psis"', 'at = "psi"', "no landmark is called 'psi'"),
        (r'towards = "psis"', 'towards = "elbow"', "no landmark is called 'elbow'"),
        (r'sources = \["harris", "lewis"\]', 'sources = ["nobody"]', "source 'nobody' is not in sources.toml"),
        (r"number = 2", "number = 1", "two points have the same number"),
        (r"number = 3\n", "number = 3\nhue = 7\n", "unknown key 'hue'"),
        (r'to_skin = "side"', 'to_skin = "up"', "to_skin"),
        (r"u = 0\.5", "u = 1.5", "'u'"),
        (r"\[\[point\]\]", "[[point]", "not valid TOML"),
    ],
)
def test_wrong_records_are_refused_by_name(anatomy, tmp_path, pattern, replacement, told):
    text, count = re.subn(pattern, replacement, SHIPPED, count=1)
    assert count == 1
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    landmarks, sources = frozenset(anatomy.bones.positions()), frozenset(load_words().sources)
    with pytest.raises(ContentError) as caught:
        load_trigger_points(landmarks, sources, tmp_path)
    assert told in str(caught.value)
    assert FILE in str(caught.value)


def test_all_faults_are_told_at_once(anatomy, tmp_path):
    text = SHIPPED.replace("u = 0.5", "u = 2.0").replace('at = "psis"', 'at = "nowhere"')
    text = text.replace('id = "middle_point"', 'id = "middle_point"\ncolour = "red"')
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_trigger_points(frozenset(anatomy.bones.positions()), None, tmp_path)
    told = str(caught.value).splitlines()
    assert len(told) >= 4
    assert any("middle_point" in line and "colour" in line for line in told)


def test_an_anchor_beside_the_body_is_told_by_point_and_landmark(anatomy, skin, tmp_path):
    text = SHIPPED.replace("offset_mm = [2, 0, 12]", "offset_mm = [900, 0, 12]")
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    points = load_trigger_points(folder=tmp_path)
    with pytest.raises(ContentError, match=r"posterior_point.*'psis'.*does not meet the skin"):
        build_zones(points, anatomy.bones.positions(), skin)
