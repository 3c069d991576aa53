"""A few small pictures against ones that were looked at; run with HIPVIZ_NEW_PICTURES=1 to draw them anew."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hipviz.model.state import Layer, State
from hipviz.view.snapshot import pixels

FOLDER = Path(__file__).parent / "pictures"
SIZE = (240, 180)
CELL = 6

PICTURES = {
    "rest": (State(), "light"),
    "posterior_reached": (State(band="posterior", phase=0.5), "light"),
    "middle_left_dark": (State(band="middle", side="left", phase=0.5, view="posterior"), "dark"),
    "anterior_isolated": (State(band="anterior", phase=0.5, isolated=True, skin=Layer(shown=False)), "light"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(stage, name):
    """Means over cells are compared: edges may be smoothed differently elsewhere, nothing may move or vanish."""
    state, theme = PICTURES[name]
    drawn = pixels(stage(state, SIZE, theme=theme, quality="normal"))
    path = FOLDER / f"{name}.png"
    if os.environ.get("HIPVIZ_NEW_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(drawn).save(path, optimize=True)
    expected = np.asarray(Image.open(path).convert("RGB"))
    difference = np.abs(cells(drawn) - cells(expected))
    assert difference.mean() < 2.0
    assert difference.max() < 45.0


def cells(picture):
    width, height = SIZE
    return picture.reshape(height // CELL, CELL, width // CELL, CELL, 3).astype(float).mean(axis=(1, 3))
