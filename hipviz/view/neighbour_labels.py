"""The names of the muscles beside the medius, written while they are shown, and what these muscles hide."""

from collections.abc import Sequence

import numpy as np

from hipviz.model.anatomy import Anatomy
from hipviz.model.pose import Posture
from hipviz.model.state import Camera, State
from hipviz.model.units import NEIGHBOURS, Floats, Neighbour, Side
from hipviz.view.camera import project
from hipviz.view.layout import Point, Wish
from hipviz.view.neighbours import LAYERS
from hipviz.view.sight import Sight

FACING = 0.1
"""Least cosine between the way out of a muscle where its name points and the way to the eye."""


OPAQUE = 0.9
"""Denser muscles hide what lies under them."""


def opaque(state: State) -> list[Neighbour]:
    """Return the muscles beside the medius that nobody looks through."""
    return [name for name in NEIGHBOURS if state.layer(LAYERS[name]).strength > OPAQUE]


def covers(anatomy: Anatomy, state: State, posture: Posture, sides: Sequence[Side]) -> list[Floats]:
    """Return points (n, 3) of those muscles on the given sides, an array each."""
    return [
        anatomy.neighbours.shapes(name, posture)[side].vertices.reshape(-1, 3)
        for name in opaque(state)
        for side in sides
    ]


def neighbour_wishes(
    anatomy: Anatomy, state: State, posture: Posture, eye: Camera, size: Point, sight: Sight
) -> list[Wish]:
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
        hidden = sight.hides(seen)
        wishes.append(Wish(name, "landmark", words.name.in_register(state.wording), anchor, 0, 1, hidden))
    return wishes
