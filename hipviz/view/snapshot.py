"""A State as pixels without a window: the scene in an off-screen plotter, closed again whatever happens.

Labels are painted over it by whoever asked, while the scene is still there to say where they belong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyvista as pv

from hipviz.model.anatomy import Anatomy
from hipviz.model.state import State
from hipviz.view.camera import view_of
from hipviz.view.mesh_actor import Bytes
from hipviz.view.scene import Quality, Scene
from hipviz.view.tokens import Theme


@contextmanager
def off_screen(
    anatomy: Anatomy, state: State, size: tuple[int, int], theme: Theme = "light", quality: Quality = "high"
) -> Iterator[Scene]:
    """Give a scene that shows `state` off screen, seen from where the state is looked at."""
    build: Any = pv.Plotter
    plotter = build(off_screen=True, window_size=list(size), lighting="none")
    try:
        scene = Scene(plotter, anatomy)
        scene.set_theme(theme)
        scene.set_quality(quality)
        scene.show(state)
        scene.set_camera(view_of(state, anatomy.words, anatomy.hip_centre(state.side), size[0] / size[1]))
        yield scene
    finally:
        plotter.close()


def pixels(scene: Scene) -> Bytes:
    """Return the picture of a scene, (height, width, 3) uint8."""
    plotter: Any = scene.plotter
    plotter.render_window.Render()  # pyvista hands out the last picture when it thinks that nothing has changed
    picture = np.ascontiguousarray(np.asarray(plotter.screenshot(return_img=True))[..., :3], dtype=np.uint8)
    # Under X a second picture could not be drawn as long as this one's context is current.
    plotter.render_window.ReleaseCurrent()
    return picture
