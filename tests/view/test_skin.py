"""The drawn skin: closed where it is cut, when it is solid."""

import numpy as np
import pytest

from hipviz.model.pose import HipPose
from hipviz.model.surface import Surface
from hipviz.view.skin import end_rings, sections

NEUTRAL = np.eye(3)


@pytest.mark.parametrize("pose", [HipPose(), HipPose(70, 10, -20)], ids=str)
def test_sections_close_the_body(anatomy, pose):
    """Only of a closed surface the volume is the same wherever it lies; a section turned over closes nothing."""
    skin = anatomy.skin
    vertices = skin.shape(pose.rotation(), NEUTRAL)
    points, faces = sections(vertices, end_rings(skin.rest))
    parts = (Surface(vertices, skin.rest.faces), Surface(points, faces))
    volumes = [
        sum(part.moved(part.vertices + shift).volume_mm3() for part in parts)
        for shift in np.array([[0.0, 0.0, 0.0], [500.0, 0.0, 0.0], [0.0, 500.0, 0.0], [0.0, 0.0, 500.0]])
    ]
    assert volumes == pytest.approx([volumes[0]] * 4, rel=1e-6)
    assert volumes[0] > 15e6


def test_there_are_three_cut_ends(anatomy):
    rest = anatomy.skin.rest.vertices
    top, right, left = (rest[ring[:, 0]] for ring in end_rings(anatomy.skin.rest))
    for end in (top, right, left):
        assert np.ptp(end[:, 2]) < 1.0
    assert top[:, 2].min() > 100.0
    assert right[:, 0].min() > 0.0 > left[:, 0].max()
