"""What an animated frame costs beside the same scene drawn without change; both measured in turns in one run."""

import statistics
import time

import msgspec
import pytest

from hipviz.model.state import State

pytestmark = pytest.mark.bench

ROUNDS = 40
SIZE = (1200, 800)
LARGEST_RATIO = 1.3


@pytest.mark.parametrize("band", ["anterior", "middle", "posterior"])
def test_an_animated_frame_costs_little_more_than_a_still_one(band, anatomy, record_property):
    import pyvista as pv

    from hipviz.view.camera import view_of
    from hipviz.view.scene import Scene

    plotter = pv.Plotter(off_screen=True, window_size=SIZE)
    scene = Scene(plotter, anatomy)
    state = State(band=band)
    scene.show(state)
    scene.set_camera(view_of(state, anatomy.words, anatomy.hip_centre("right"), SIZE[0] / SIZE[1]))
    scene.set_moving(True)
    plotter.show(auto_close=False)

    still, moving, own = [], [], []
    for count in range(ROUNDS):
        # Phases that never come twice: what is cached for a repeated posture must not be measured.
        state = msgspec.structs.replace(state, phase=0.08 + 0.8 * (count + 0.5) / ROUNDS)
        before = time.perf_counter()
        scene.show(state)
        own.append(time.perf_counter() - before)
        draw(plotter)
        moving.append(time.perf_counter() - before)
        before = time.perf_counter()
        draw(plotter)
        still.append(time.perf_counter() - before)
    plotter.close()

    still_ms, moving_ms, own_ms = (1000 * statistics.median(times) for times in (still, moving, own))
    print(
        f"\n{band}: still {still_ms:.1f} ms, animated {moving_ms:.1f} ms ({moving_ms / still_ms:.2f} ×); "
        f"hipviz's own share {own_ms:.1f} ms, {own_ms / moving_ms:.0%} of the frame"
    )
    assert moving_ms <= LARGEST_RATIO * still_ms


def draw(plotter):
    plotter.render_window.Render()
    plotter.render_window.WaitForCompletion()
