import numpy as np
import pytest
import pyvista as pv

from hipviz.model.assets import load_bones
from hipviz.view.bench import DISTANCE_COLOURS, UNSEEN, Bench, Body, distance_colours
from hipviz.view.tokens import BONE, rgb

SIZE = (300, 200)


@pytest.fixture(scope="module")
def sacrum():
    return load_bones().surface("sacrum", 1)


@pytest.fixture
def plotter():
    made = pv.Plotter(off_screen=True, window_size=list(SIZE), lighting="none")
    yield made
    made.close()


def seen(plotter):
    plotter.render_window.Render()
    return np.asarray(plotter.screenshot(return_img=True), dtype=int)[..., :3]


def test_distances_grow_darker_and_unseen_places_are_blue():
    colours = distance_colours(np.array([0.0, 0.4, 0.9, 1.6, 2.0, 9.0, np.nan])) / 255.0
    assert np.allclose(colours[0], rgb(DISTANCE_COLOURS[0]), atol=0.01)
    assert (np.diff(colours[:5] @ [0.21, 0.72, 0.07]) < -0.05).all()
    assert np.allclose(colours[4], colours[5])
    assert np.allclose(colours[6], rgb(UNSEEN), atol=0.01)


def test_two_bodies_lie_side_by_side_and_are_picked_in_their_own_frame(plotter, sacrum):
    bench = Bench(plotter, "light")
    bench.lay([Body(sacrum, "#0000FF", -1), Body(sacrum, BONE, 1)])
    bench.turn(np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]), 1.0, SIZE[0] / SIZE[1])
    picture = seen(plotter)
    blue = (picture[..., 2] - picture[..., 0]) > 60
    assert blue[:, : SIZE[0] // 2].any()
    assert not blue[:, SIZE[0] // 2 :].any()
    for body, x in ((0, SIZE[0] // 4), (1, 3 * SIZE[0] // 4)):
        number, point = bench.pick(x, SIZE[1] // 2)
        assert number == body
        assert np.linalg.norm(sacrum.vertices - point, axis=1).min() < 8.0
        assert abs(point[0]) < 6.0  # in the middle of the bone, not of the picture
    assert bench.pick(1, 1) is None


def test_a_body_bends_and_marks_come_and_go(plotter, sacrum):
    bench = Bench(plotter, "dark")
    bench.lay([Body(sacrum, BONE)])
    bench.turn(np.eye(3), 1.0, SIZE[0] / SIZE[1])
    plain = seen(plotter)
    bench.mark([(0, sacrum.vertices[sacrum.vertices[:, 2].argmax()], "#FF0000")])
    marked = seen(plotter)
    assert (marked != plain).any()
    bench.mark(())
    assert (seen(plotter) == plain).all()
    bench.bend(0, sacrum.moved(0.5 * sacrum.vertices))
    assert (seen(plotter) != plain).any()
    bench.clear()
    assert bench.pick(SIZE[0] // 2, SIZE[1] // 2) is None
