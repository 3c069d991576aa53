"""The generator of the body: an open half, even, smooth, cut where it should be."""

import numpy as np
import pytest

pytest.importorskip("skimage", reason="the generator needs the extra 'bones'")

from hipviz.model.checks import count_pieces
from hipviz.model.skin import mirrored_whole
from hipviz.model.skin_mesh import BOTTOM_MM, TOP_MM, border_edges
from hipviz.model.skin_sculpt import sculpted_half


@pytest.fixture(scope="module")
def half():
    """The body as drawn, without bones in it: they only push it out where it would be too thin."""
    return sculpted_half({})


def test_is_one_even_half(half):
    assert count_pieces(half) == 1
    assert 3000 < len(half.vertices) <= 5000
    assert half.vertices[:, 0].min() == 0.0
    sides = half.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    lengths = np.linalg.norm(half.vertices[sides[:, 0]] - half.vertices[sides[:, 1]], axis=1)
    assert lengths.min() > 1.0
    assert lengths.max() < 20.0


def test_is_open_only_at_the_midline_and_the_cut_ends(half):
    border = half.vertices[border_edges(half.faces)]
    on_plane = [
        np.abs(border[..., axis] - value).max(axis=1) < 0.2
        for axis, value in ((0, 0.0), (2, TOP_MM), (2, BOTTOM_MM))
    ]
    assert np.any(on_plane, axis=0).all()
    whole, _ = mirrored_whole(half)
    left_open = whole.vertices[border_edges(whole.faces)][..., 2]
    assert np.minimum(np.abs(left_open - TOP_MM), np.abs(left_open - BOTTOM_MM)).max() < 0.2


def test_is_smooth(half):
    whole, _ = mirrored_whole(half)
    inner = whole.faces[(np.abs(whole.vertices[whole.faces][..., 2]) < 200.0).all(axis=1)]
    edges, count = np.unique(
        np.sort(inner[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0, return_counts=True
    )
    assert count.max() == 2
    assert len(edges) > 10_000
    a, b, c = whole.vertices[whole.faces].transpose(1, 0, 2)
    normals = np.cross(b - a, c - a)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    assert np.percentile(_bends(whole, normals), 99.0) < 25.0


def _bends(whole, normals):
    sides = np.sort(whole.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    face = np.repeat(np.arange(len(whole.faces)), 3)
    order = np.lexsort(sides.T)
    same = (sides[order][1:] == sides[order][:-1]).all(axis=1)
    one, other = face[order][:-1][same], face[order][1:][same]
    return np.degrees(np.arccos(np.clip((normals[one] * normals[other]).sum(axis=1), -1.0, 1.0)))
