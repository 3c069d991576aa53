import numpy as np
import pytest

from hipviz.model.state import Layer, State
from hipviz.model.units import BANDS, SIDES
from hipviz.view.camera import project

SIZE = (600, 450)


def at(scene, place):
    """Return a place of the model in px from the bottom left."""
    x, y, _ = project(scene.camera(), place, SIZE)
    return x, SIZE[1] - y


def band_place(scene, side, band):
    return scene.figure.bands[side].surface_point(BANDS.index(band), 0.5, 0.4)[0]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("band", BANDS)
def test_each_band_is_hit_from_the_side(stage, side, band):
    scene = stage(State(side=side), SIZE)
    place = band_place(scene, side, band)
    found = scene.pick(*at(scene, place))
    assert (found.kind, found.band, found.side) == ("band", band, side)
    assert found.point == pytest.approx(place, abs=2.0)


def test_a_moved_band_and_femur_are_hit_where_they_are_now(stage):
    state = State(band="middle", phase=0.5, view="posterior")
    scene = stage(state, SIZE)
    found = scene.pick(*at(scene, band_place(scene, "right", "posterior")))
    assert found.band == "posterior"
    shaft = scene.anatomy.landmark("femoral_shaft", "right", scene.figure)
    assert scene.pick(*at(scene, shaft)).name == "femur_right"
    rest = scene.anatomy.landmark("femoral_shaft", "right")
    found = scene.pick(*at(scene, rest))
    assert found is None or found.name != "femur_right"


def test_skin_is_looked_through_but_found_where_nothing_lies_under_it(stage):
    scene = stage(State(view="anterior"), SIZE)
    belly = scene.anatomy.hip_centre("right") + np.array([-30.0, 0.0, 150.0])
    found = scene.pick(*at(scene, belly))
    assert found.kind == "skin" and found.side == "right"
    assert found.point[1] > 50.0  # in front
    scene.show(State(view="anterior", skin=Layer(shown=False)))
    assert scene.pick(*at(scene, belly)) is None


def test_the_background_is_nothing(stage):
    assert stage(State(), SIZE).pick(3, 3) is None


def test_hidden_bands_are_clicked_through(stage):
    scene = stage(State(view="lateral", bands=Layer(shown=False)), SIZE)
    found = scene.pick(*at(scene, band_place(scene, "right", "middle")))
    assert found.name == "hip_bone_right"


def test_what_is_faded_because_it_stands_in_the_way_is_clicked_through(stage):
    scene = stage(State(view="medial"), SIZE)
    place = scene.anatomy.landmark("asis", "right") + np.array([0.0, -20.0, 20.0])
    found = scene.pick(*at(scene, place))
    assert found.side == "right"
