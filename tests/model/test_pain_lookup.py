"""The look-up backwards says what the drawn zones say, and names regions, suspects and red flags."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from hipviz.model.errors import UsageError
from hipviz.model.nearest import even_samples, nearest_on
from hipviz.model.pose import HipPose, Posture
from hipviz.model.spots import Spots, covering
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, SIDES
from hipviz.model.zones import shot


@pytest.fixture(scope="module")
def lookup(anatomy):
    return anatomy.pain


def test_the_lookup_agrees_with_the_drawn_zones_at_10_000_places(anatomy, lookup):
    places, _ = even_samples(anatomy.skin.rest, 10_000, seed=3)
    spots = lookup.spots(places)
    skin, up = anatomy.skin.rest.vertices, np.zeros_like(anatomy.skin.rest.vertices)
    for zone in anatomy.zones.values():
        kinds = np.array(
            [
                covering(zone, Spots(spots.corners[i : i + 1], spots.weights[i : i + 1], np.ones(1)))[0]
                for i in range(len(places))
            ]
        )
        for kind, patch, field, record in (
            ("essential", zone.essential_patch, zone.essential, zone.point.essential),
            ("spillover", zone.spillover_patch, zone.spillover, zone.point.spillover),
        ):
            drawn = nearest_on(Surface(patch.points(skin, up), patch.faces), places).distances < 0.05
            told = kinds == "essential" if kind == "essential" else kinds != None  # noqa: E711
            # The picture cuts a finer mesh than the fields live on: they may differ beside the line.
            near_border = np.abs(spots.sampled(field) - 0.5 * record.strength) < 0.35 * record.strength
            assert not (drawn != told)[~near_border].any()
            assert (drawn != told).mean() < 0.004
        assert (kinds == "essential").any()
        assert (kinds == "spillover").any()


def test_left_is_the_mirror_of_right(lookup):
    places, _ = even_samples(lookup.skin.rest, 300, seed=5)
    for place in places:
        right, left = (lookup.at(lookup.spots(at)).answers for at in (place, place * MIRROR))
        flipped = {(answer.band, {"right": "left", "left": "right"}[answer.side], answer.kind) for answer in left}
        assert {(answer.band, answer.side, answer.kind) for answer in right} == flipped


def test_what_covers_both_sides_of_a_region_says_so(lookup):
    answers = lookup.over_all((("sacrum", "right"), ("sacrum", "left"))).answers
    said = {(answer.band, answer.side): answer.why.plain for answer in answers}
    assert said["anterior", "left"].endswith("the sacrum on both sides.")
    assert said["anterior", "right"].endswith("the sacrum on both sides.")
    assert said["posterior", "left"].endswith("the sacrum on the left.")
    assert said["posterior", "right"].endswith("the sacrum on the right.")


@pytest.mark.parametrize(
    ("region", "band", "kind"),
    [
        ("sacrum", "posterior", "essential"),
        ("sacroiliac", "posterior", "essential"),
        ("low_back", "posterior", "spillover"),
        ("iliac_crest", "anterior", "essential"),
        ("mid_buttock", "middle", "essential"),
        ("side_of_hip", "middle", "essential"),
        ("outer_thigh", "middle", "spillover"),
        ("back_of_thigh", "middle", "spillover"),
    ],
)
def test_the_first_answer_of_each_region(lookup, region, band, kind):
    first = lookup.over_all([(region, "left")]).answers[0]
    assert (first.band, first.side, first.kind) == (band, "left", kind)
    assert "left" in first.why.plain
    assert band in first.why.plain
    assert first.why.sources
    assert 0.0 < first.weight <= 1.0


def test_what_holds_for_a_part_only_is_said_of_a_part(lookup):
    said = {answer.band: answer.why.plain for answer in lookup.over_all([("iliac_crest", "right")]).answers}
    assert "mainly at the rim of the hip bone on the right" in said["anterior"]
    assert "mainly at part of the rim of the hip bone on the right" in said["posterior"]
    both = lookup.over_all([("iliac_crest", "right"), ("iliac_crest", "left")]).answers
    assert {answer.why.clinical for answer in both if answer.band == "posterior"} == {
        f"Part of the iliac crest on the {side} lies in the essential zone of trigger point 1 "
        f"({side}, posterior part)."
        for side in ("right", "left")
    }


def outside_of_the_trochanter(anatomy):
    """The right greater trochanter from its tip down to its ridge, lateral of its rear corner: (k, 3) mm."""
    at = anatomy.bones.positions()
    femur = anatomy.surfaces["femur_right"].vertices
    low, high = at["greater_trochanter_lateral"][2] - 8.0, at["greater_trochanter_tip"][2]
    return femur[
        (femur[:, 0] > at["greater_trochanter_rear_corner"][0]) & (femur[:, 2] > low) & (femur[:, 2] < high)
    ]


@pytest.mark.parametrize("azimuth_deg", range(0, 181, 30))
def test_the_bony_bump_is_the_side_of_the_hip_from_wherever_it_is_seen(anatomy, lookup, azimuth_deg):
    """From in front (0) round the side (90) to behind (180)."""
    towards = np.array([np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg)), 0.0])
    for place in outside_of_the_trochanter(anatomy)[::24]:
        above = shot(lookup.skin.rest, place, towards)
        for side in SIDES:
            found = lookup.regions_of(lookup.spots(above if side == "right" else above * MIRROR))
            assert found[0] == ("side_of_hip", side), (place, above, found)


def test_skin_close_to_the_bony_bump_is_the_side_of_the_hip(anatomy, lookup):
    skin, bump = lookup.skin.rest, outside_of_the_trochanter(anatomy)
    bones = np.concatenate([surface.vertices for surface in anatomy.surfaces.values()])
    to_bump, to_bones = (cKDTree(points).query(skin.vertices)[0] for points in (bump, bones))
    near = skin.vertices[(to_bump < 25.0) & (to_bump == to_bones)]
    assert len(near) > 20
    for place in near:
        assert lookup.regions_of(lookup.spots(place))[0] == ("side_of_hip", "right"), place


@pytest.mark.parametrize(
    ("towards", "regions"),
    [((0.0, -1.0, 0.0), {"mid_buttock", "lower_buttock"}), ((0.0, 1.0, 0.0), {"groin", "front_of_thigh"})],
)
def test_a_hand_s_breadth_inwards_of_the_bony_bump_is_no_side_of_the_hip(anatomy, lookup, towards, regions):
    for place in outside_of_the_trochanter(anatomy)[::40]:
        inwards = np.array([place[0] - 60.0, *place[1:]])
        above = shot(lookup.skin.rest, inwards, np.array(towards))
        found = lookup.regions_of(lookup.spots(above))
        assert found[0][0] in regions and ("side_of_hip", "right") not in found, (above, found)


def test_pointed_at_from_behind_the_bony_bump_brings_up_tendon_and_bursa(anatomy, lookup):
    above = shot(lookup.skin.rest, anatomy.landmark("greater_trochanter", "right"), np.array([0.0, -1.0, 0.0]))
    assert "tendon_and_bursa" in {suspect.id for suspect in lookup.at(lookup.spots(above)).suspects}


@pytest.mark.parametrize(
    ("within", "said"), [(1, None), (3, "at part of the painted area"), (9, "at the painted area")]
)
def test_a_painted_area_is_told_by_how_much_of_it_a_zone_covers(anatomy, lookup, within, said):
    zone, skin = anatomy.zones["middle", "right"], lookup.skin.rest.vertices
    inside = skin[zone.essential > 0.9][::40][:within]
    outside = skin[(zone.spillover < 0.01) & (skin[:, 0] > 0.0)][::97][: 10 - within]
    answers = {
        answer.band: answer for answer in lookup.at(lookup.spots(np.concatenate([inside, outside]))).answers
    }
    if said is None:
        assert ("middle", "right") not in {(answer.band, answer.side) for answer in answers.values()}
        return
    why = answers["middle"].why
    assert f"mainly {said}" in why.plain
    assert answers["middle"].kind == "essential" and answers["middle"].whole == (within == 9)


def test_a_click_says_this_part_where_the_region_reaches_beyond_the_zone(anatomy, lookup):
    zone, depth = anatomy.zones["posterior", "right"], lookup.distance("iliac_crest", "right")
    rear = np.flatnonzero((zone.essential > 0.95) & (depth < -3.0))
    clear = [
        i for i in rear if lookup.regions_of(lookup.spots(lookup.skin.rest.vertices[i]))[0][0] == "iliac_crest"
    ]
    answers = lookup.at(lookup.spots(lookup.skin.rest.vertices[clear[0]])).answers
    said = {(answer.band, answer.side): answer.why.plain for answer in answers}
    assert "mainly at this part of the rim of the hip bone on the right" in said["posterior", "right"]
    assert "mainly at the rim of the hip bone on the right" in said["anterior", "right"]


def test_a_finger_beside_the_midline_first_names_what_is_felt_on_that_side(lookup):
    for x in (4.0, 10.0, 20.0):
        answers = lookup.at(lookup.spots(np.array([x, -125.0, 33.0]))).answers
        assert (answers[0].band, answers[0].side, answers[0].kind) == ("posterior", "right", "essential")
        assert [answer.side for answer in answers if answer.band == "anterior"] == ["right", "left"]


def test_the_sacrum_is_spillover_of_both_anterior_points(lookup):
    answers = lookup.over_all([("sacrum", "right")]).answers
    assert {("anterior", "right", "spillover"), ("anterior", "left", "spillover")} <= {
        (answer.band, answer.side, answer.kind) for answer in answers
    }


@pytest.mark.parametrize("region", ["groin", "front_of_thigh"])
def test_where_no_point_is_felt_the_suspects_and_red_flags_remain(lookup, region):
    finding = lookup.over_all([(region, "right")])
    assert not finding.answers
    assert "hip_joint" in {suspect.id for suspect in finding.suspects}
    assert len(finding.flags) == 6


def test_nothing_claims_a_cause_or_a_percentage(lookup):
    for region in lookup.words.regions:
        for answer in lookup.over_all([(region, "right"), (region, "left")]).answers:
            for wording in ("plain", "clinical", "sources"):
                said = answer.why.in_register(wording)
                assert "cause" not in said
                assert "%" not in said


def test_a_place_on_a_bent_thigh_is_the_same_place(anatomy, lookup):
    figure = anatomy.figure(Posture(right=HipPose(80.0, 10.0, 0.0)))
    places, _ = even_samples(anatomy.skin.rest, 200, seed=2)
    rest = nearest_on(anatomy.skin.rest, places)
    moved = np.einsum("kj,kji->ki", rest.weights, figure.skin_vertices[anatomy.skin.rest.faces[rest.triangles]])
    for before, after in zip(places, moved, strict=True):
        one, other = lookup.at(lookup.spots(before)), lookup.at(lookup.spots(after, figure.skin_vertices))
        assert one.answers == other.answers


def test_a_place_beside_the_body_is_told_with_the_nearest_one(lookup):
    with pytest.raises(UsageError, match=r"\(300, 0, 0\) lies \d+ mm from the skin; the nearest place"):
        lookup.spots(np.array([300.0, 0.0, 0.0]))


@pytest.mark.parametrize("place", [np.array([np.nan, 0.0, 0.0]), np.empty((0, 3))])
def test_what_is_no_place(lookup, place):
    with pytest.raises(UsageError, match="three numbers"):
        lookup.spots(place)


def test_an_empty_list(lookup):
    with pytest.raises(UsageError, match="at least one region"):
        lookup.over_all([])


def test_regions_are_understood_by_many_names(lookup):
    asked = lookup.words.asked
    assert asked("Sacrum")[0].id == "sacrum"
    assert asked("left SI joint")[0].id == "sacroiliac"
    assert asked("left SI joint")[1] == ("left",)
    assert asked("the upper hamstring")[0].id == "back_of_thigh"
    assert asked("side_of_hip")[1] == ("right", "left")
    with pytest.raises(UsageError, match="'elbow' is not a region"):
        asked("elbow")


def test_each_place_of_a_region_lies_in_it(lookup):
    for region in lookup.words.regions:
        inside = lookup.distance(region, "right") < -4.0
        assert inside.any()
        deepest = int(lookup.distance(region, "right").argmin())
        regions = lookup.regions_of(lookup.spots(lookup.skin.rest.vertices[deepest]))
        assert (region, "right") in regions
