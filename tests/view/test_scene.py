import colorsys

import msgspec
import numpy as np
import pytest

from hipviz.model.pose import HipPose, Posture
from hipviz.model.state import Layer, State
from hipviz.model.units import BANDS, MIRROR, SIDES
from hipviz.view.camera import project
from hipviz.view.muscle import perimeter
from hipviz.view.snapshot import pixels
from hipviz.view.tokens import LIGHT, rgb, tokens

BARE = {"skin": Layer(shown=False), "zones": Layer(shown=False)}


def hue_deg(colour):
    return 360.0 * colorsys.rgb_to_hsv(*np.asarray(colour, dtype=float) / np.max([np.max(colour), 1]))[0]


def colour_of_band(scene, state, picture, band, u=0.5, v=0.45):
    """Return the mean colour (3,) 0…255 of the picture around a place on a band."""
    place, _ = scene.figure.bands[state.side].surface_point(BANDS.index(band), u, v)
    height, width = picture.shape[:2]
    x, y, _ = np.round(project(scene.camera(), place, (width, height))).astype(int)
    return picture[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3).mean(axis=0)


def test_camera_goes_in_and_comes_out_unchanged(stage):
    scene = stage(State(band="middle"))
    eye = scene.camera()
    scene.set_camera(eye)
    again = scene.camera()
    assert again.direction == pytest.approx(eye.direction)
    assert again.half_height_mm == pytest.approx(eye.half_height_mm)


def test_a_landmark_is_drawn_where_it_is_projected(stage):
    """The numpy projection of labels and VTK's own must agree to the pixel."""
    state = State(view="lateral", **BARE)
    scene = stage(state)
    pixels(scene)
    renderer = scene.plotter.renderer
    for name in ("asis", "crest_highest", "greater_trochanter"):
        place = scene.anatomy.landmark(name, "right")
        renderer.SetWorldPoint(*place, 1.0)
        renderer.WorldToDisplay()
        x, y, _ = renderer.GetDisplayPoint()
        mine = project(scene.camera(), place, (480, 360))
        assert (mine[0], 360 - mine[1]) == pytest.approx((x, y), abs=1.0)


@pytest.mark.parametrize("side", SIDES)
def test_only_the_acting_femur_turns_and_by_the_pose(stage, side):
    pose = HipPose(30.0, 10.0, -20.0)
    scene = stage(State(side=side, pose=pose))
    matrices = {}
    for name in SIDES:
        user = scene.bones.meshes[f"femur_{name}"].actor.GetUserMatrix()
        matrices[name] = np.array([[user.GetElement(i, j) for j in range(4)] for i in range(4)])
    mirror = np.diag(MIRROR) if side == "left" else np.eye(3)
    other = "left" if side == "right" else "right"
    assert matrices[side][:3, :3] == pytest.approx(mirror @ pose.rotation() @ mirror)
    assert matrices[other] == pytest.approx(np.eye(4))
    centre = scene.anatomy.hip_centre(side)
    assert matrices[side][:3, :3] @ centre + matrices[side][:3, 3] == pytest.approx(centre)


@pytest.mark.parametrize("band", BANDS)
def test_the_chosen_band_takes_its_hue_and_the_others_are_quiet(stage, band):
    state = State(band=band, view="lateral", **BARE)
    scene = stage(state)
    picture = pixels(scene)
    wanted = hue_deg(255 * rgb(LIGHT.bands[band].fill))
    for other in BANDS:
        if other == "posterior" != band:
            continue  # seen edge-on from the side
        seen = colour_of_band(scene, state, picture, other)
        if other == band:
            assert abs((hue_deg(seen) - wanted + 180) % 360 - 180) < 14
        else:
            saturation = (seen.max() - seen.min()) / seen.max()
            assert hue_deg(seen) < 25 and saturation < 0.5


def test_all_bands_are_red_while_none_is_chosen(stage):
    state = State(view="lateral", **BARE)
    scene = stage(state)
    for band in ("anterior", "middle"):
        seen = colour_of_band(scene, state, pixels(scene), band)
        assert (hue_deg(seen) + 20) % 360 < 40 and seen[0] > 1.6 * seen[1]


def test_hovering_brightens_a_band(stage):
    state = State(view="lateral", **BARE)
    scene = stage(state)
    before = colour_of_band(scene, state, pixels(scene), "middle").sum()
    scene.show(State(view="lateral", hovered="middle", **BARE))
    assert colour_of_band(scene, state, pixels(scene), "middle").sum() > 1.1 * before


def test_isolating_leaves_the_chosen_band_alone(stage):
    scene = stage(State(band="middle", isolated=True))
    shown = [key for key, mesh in scene.muscle.meshes.items() if mesh.actor.GetVisibility()]
    assert shown == [("right", "middle")]


def test_a_zone_reddens_the_skin_above_it_and_only_there(stage):
    without = State(band="posterior", view="posterior", zones=Layer(shown=False))
    scene = stage(without)
    before = pixels(scene).astype(float)
    scene.show(State(band="posterior", view="posterior"))
    after = pixels(scene).astype(float)
    zone = scene.anatomy.zones["posterior", "right"]
    facing = scene.figure.skin_normals @ np.array(scene.camera().direction) > 0.5
    redder = (after[..., 0] - after[..., 1]) - (before[..., 0] - before[..., 1])

    def mean_at(members):
        places = project(scene.camera(), scene.figure.skin_vertices[members & facing], (480, 360))
        x, y = np.clip(places[:, :2].round().astype(int).T, 0, [[479], [359]])
        return redder[y, x].mean()

    assert mean_at(zone.essential > 0.9) > 20
    assert abs(mean_at(zone.spillover < 0.01)) < 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_background_is_the_themes_gradient(stage, theme):
    picture = pixels(stage(State(), theme=theme))
    colours = tokens(theme)
    assert picture[1, 2] == pytest.approx(255 * rgb(colours.stage_top), abs=4)
    assert picture[-2, 2] == pytest.approx(255 * rgb(colours.stage_bottom), abs=4)


def test_the_skin_is_denser_at_its_silhouette_than_in_front(stage):
    plain = State(view="anterior", bones=Layer(shown=False), bands=Layer(shown=False), skin=Layer(shown=False))
    scene = stage(plain)
    ground = pixels(scene).astype(float)
    scene.show(State(view="anterior", bones=Layer(shown=False), bands=Layer(shown=False)))
    skin = np.abs(pixels(scene).astype(float) - ground).sum(axis=2)
    row = skin[150]
    body = np.flatnonzero(row > 3)
    middle = row[(body[0] + body[-1]) // 2 - 10 :][:20].mean()
    assert np.percentile(row[body[0] : body[0] + 12], 80) > 1.8 * middle


def test_a_state_drawn_from_nothing_looks_as_when_it_was_reached_step_by_step(stage):
    goal = State(side="left", band="anterior", phase=0.5, view="lateral", skin=Layer(opacity=0.3))
    direct = pixels(stage(goal)).astype(int)
    scene = stage(State())
    for step in (State(band="middle", phase=0.3), State(band="middle", side="left", isolated=True), goal):
        scene.show(step)
    eye = stage(goal).camera()
    scene.set_camera(eye)
    assert np.abs(pixels(scene).astype(int) - direct).max() <= 2


def test_what_has_not_changed_is_left_alone(stage):
    scene = stage(State(band="middle", phase=0.2))
    meshes = {
        "resting side": scene.muscle.meshes["left", "middle"].mesh,
        "bone": scene.bones.meshes["sacrum"].mesh,
        "acting side": scene.muscle.meshes["right", "middle"].mesh,
        "skin": scene.skin.mesh.mesh,
    }
    before = {name: mesh.GetMTime() for name, mesh in meshes.items()}
    scene.show(State(band="middle", phase=0.2, labels=False, wording="clinical"))
    assert {name: mesh.GetMTime() for name, mesh in meshes.items()} == before
    scene.show(State(band="middle", phase=0.3))
    changed = {name for name, mesh in meshes.items() if mesh.GetMTime() != before[name]}
    assert changed == {"acting side", "skin"}


def test_the_far_side_fades_when_looked_through(stage):
    scene = stage(State(view="medial"))
    pixels(scene)
    assert scene.bones.meshes["hip_bone_left"].prop.GetOpacity() < 0.1
    assert scene.bones.meshes["hip_bone_right"].prop.GetOpacity() == 1.0
    assert scene.muscle.meshes["left", "middle"].prop.GetOpacity() < 0.1


def test_coarse_bones_keep_their_shape(stage):
    scene = stage(State())
    coarse = scene.bones.meshes["femur_right"].mesh
    count, volume = coarse.n_cells, coarse.volume
    scene.set_quality("high")
    fine = scene.bones.meshes["femur_right"].mesh
    assert fine.n_cells == 4 * count
    assert volume == pytest.approx(fine.volume, rel=0.01)


def test_the_edge_of_a_band_runs_around_its_superficial_sheet(anatomy):
    coordinates = anatomy.medius.texture_coordinates
    edge = perimeter(coordinates)
    assert len(set(edge.tolist())) == len(edge)
    u, v = coordinates[edge].T
    assert np.all((u < 1e-9) | (u > 1 - 1e-9) | (v < 1e-9) | (v > 1 - 1e-9))
    outer = anatomy.figure(Posture()).bands["right"].vertices[1][edge]
    steps = np.linalg.norm(np.diff(np.concatenate([outer, outer[:1]]), axis=0), axis=1)
    assert steps.max() < 12.0


def test_an_x_ray_shows_the_muscle_under_a_solid_skin(stage, anatomy):
    """Around the point the muscle's own colour is seen again; elsewhere the skin stays as it was."""
    solid = State(band="middle", view="lateral", labels=False, skin=Layer(opacity=1.0), zones=Layer(shown=False))
    opened = msgspec.structs.replace(solid, xray=True)
    bare = msgspec.structs.replace(solid, skin=Layer(shown=False))
    scene = stage(solid)
    closed = pixels(scene).astype(int)
    scene.show(bare)
    muscle = pixels(scene).astype(int)
    scene.show(opened)
    seen = pixels(scene).astype(int)
    point, _ = anatomy.trigger_point("middle", "right", scene.figure)
    column, row = (round(float(part)) for part in project(scene.camera(), point, (480.0, 360.0))[:2])
    assert np.abs(closed[row, column] - muscle[row, column]).max() > 60
    assert np.abs(seen[row, column] - muscle[row, column]).max() < 40
    scene.show(solid)
    assert np.array_equal(pixels(scene), closed)
    # The thigh stays closed, but for the last pixels of its silhouette.
    assert (np.abs(seen[-40:] - closed[-40:]).max(axis=2) > 2).mean() < 0.02


def test_a_referral_grows_until_the_whole_zone_stands(stage):
    scene = stage(State(band="posterior", view="posterior", labels=False, referral=0.0))
    whole = State(band="posterior", view="posterior", labels=False)
    pictures = []
    for moment in (0.0, 0.45, 0.62, 0.8, 1.0):
        scene.show(msgspec.structs.replace(whole, referral=moment))
        pictures.append(pixels(scene).astype(int))
    none, *grown = (np.abs(picture - pictures[0]).max(axis=2) > 8 for picture in pictures)
    counts = [int(each.sum()) for each in grown]
    assert not none.any() and counts == sorted(counts) and counts[0] > 300
    assert counts[-1] > 1.5 * counts[1]
    fresh = stage(whole)
    assert np.abs(pixels(fresh).astype(int) - pictures[-1]).max() <= 2


def test_a_spreading_zone_costs_no_new_geometry(stage, monkeypatch):
    scene = stage(State(band="posterior", referral=0.3))

    def never(*_):
        raise AssertionError("geometry was made anew")

    monkeypatch.setattr(type(scene.zones), "_built", never)
    monkeypatch.setattr(type(scene.skin), "place", never)
    monkeypatch.setattr(type(scene.muscle), "place", never)
    for moment in (0.4, 0.7, 0.9, 1.0):
        scene.show(State(band="posterior", referral=moment))


def test_on_dense_skin_zones_are_dark_in_either_theme(stage):
    def line_of(scene):
        drawn = scene.zones._drawn["middle", "right"]
        return drawn.essential_outline.prop.GetColor()

    for theme in ("light", "dark"):
        scene = stage(State(band="middle", theme=theme, skin=Layer(opacity=1.0)), theme=theme)
        assert line_of(scene) == pytest.approx(rgb(LIGHT.zone_outline), abs=1e-3)
        scene.show(State(band="middle", theme=theme))
        assert line_of(scene) == pytest.approx(rgb(tokens(theme).zone_outline), abs=1e-3)
        scene.show(State(band="middle", theme=theme, xray=True))
        assert line_of(scene) == pytest.approx(rgb(LIGHT.zone_outline), abs=1e-3)


def test_hardly_any_shadow_falls_along_the_borders_of_the_bands(stage):
    """Where two bands meet, the shading turns by a quarter of a circle at most: walls would make it a half."""
    meshes = stage(State(skin=Layer(shown=False))).muscle.meshes
    normals = {}
    for band in ("anterior", "middle"):
        mesh = meshes["right", band].mesh
        rows = np.asarray(mesh.point_data["normals"]).reshape(-1, 26, 3)
        normals[band] = rows[10:24, 13] if band == "anterior" else rows[10:24, 25]
    assert (np.einsum("rx,rx->r", normals["anterior"], normals["middle"]) > 0.0).all()
