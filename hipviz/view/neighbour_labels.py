"""The names of the muscles beside the medius, written while they are shown."""

import numpy as np

from hipviz.model.anatomy import Anatomy
from hipviz.model.pose import Posture
from hipviz.model.state import Camera, State
from hipviz.model.units import NEIGHBOURS
from hipviz.view.camera import project
from hipviz.view.layout import Point, Wish
from hipviz.view.neighbours import LAYERS

FACING = 0.1
"""Least cosine between the way out of a muscle where its name points and the way to the eye."""


def neighbour_wishes(anatomy: Anatomy, state: State, posture: Posture, eye: Camera, size: Point) -> list[Wish]:
    """Return the labels of those that are shown and face the eye, each on the nearer side of the picture."""
    wishes = []
    for name in NEIGHBOURS:
        if not state.layer(LAYERS[name]).strength:
            continue
        words = anatomy.words.neighbours[name]
        shape = anatomy.neighbours.shapes(name, posture)[state.side]
        place, normal = shape.surface_point(words.part - 1, words.across, words.along)
        if normal @ np.array(eye.direction) < FACING:
            continue
        seen = project(eye, place, size)
        anchor = float(seen[0]), float(seen[1])
        wishes.append(Wish(name, "landmark", words.name.in_register(state.wording), anchor, 0))
    return wishes
