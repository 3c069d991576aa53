"""Grips of the muscles on the bones and the lines that bound them: on the surface, of published size, in order."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from hipviz.model.footprints import FACETS, LINES, OVER_BONE_MM, bone_lines, footprints
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.nearest import nearest_on
from hipviz.model.neighbours import Neighbours

SCALE = 0.93
"""Size of the shipped adult over that of the people who were measured."""


@pytest.fixture(scope="module")
def grips(bones):
    return footprints(GluteusMedius.on(bones), bones)


def test_insertion_has_the_published_size(grips):
    """535 ± 99 mm² in women (digitalcommons.kansascity.edu/studentpub/454)."""
    area = sum(grip.area_mm2() for grip in grips if grip.end == "insertion") / SCALE**2
    assert 535 - 99 < area < 535 + 99


def test_grips_lie_on_the_bone_and_face_outwards(bones, grips):
    assert [(grip.band, grip.end) for grip in grips[:2]] == [("anterior", "origin"), ("middle", "origin")]
    assert len(grips) == 6
    for grip in grips:
        surface = bones.surface(grip.bone)
        nearest = nearest_on(surface, grip.patch.vertices)
        assert np.abs(nearest.distances - OVER_BONE_MM).max() < 0.25
        a, b, c = grip.patch.vertices[grip.patch.faces].transpose(1, 0, 2)
        normals = surface.normals()[surface.faces[nearest.triangles[grip.patch.faces[:, 0]], 0]]
        assert np.mean((np.cross(b - a, c - a) * normals).sum(axis=1) > 0) > 0.97
        assert len(grip.outline) > 40


def test_neighbouring_grips_share_their_border(grips):
    for end in ("origin", "insertion"):
        anterior, middle, posterior = (grip for grip in grips if grip.end == end)
        for one, other in ((anterior, middle), (middle, posterior)):
            distance, _ = cKDTree(one.outline).query(other.outline)
            assert (distance < 1e-6).sum() > 10


def test_minimus_grips_the_anterior_facet_in_front_of_the_medius(bones, grips):
    minimus = footprints(Neighbours(bones, GluteusMedius.on(bones)).muscle("gluteus_minimus"), bones)
    facet = bones.position("anterior_facet")
    spots = np.concatenate([grip.patch.vertices for grip in minimus if grip.end == "insertion"])
    assert np.linalg.norm(spots - facet, axis=1).min() < 4.0
    others = np.concatenate([grip.patch.vertices for grip in grips if grip.end == "insertion"])
    assert spots[:, 1].mean() > others[:, 1].mean() + 8.0
    origin = np.concatenate([grip.patch.vertices for grip in minimus if grip.end == "origin"])
    above = np.concatenate([grip.patch.vertices for grip in grips if grip.end == "origin"])
    assert cKDTree(above).query(origin)[0].min() > 0.5
    assert origin[:, 2].mean() < above[:, 2].mean() - 20.0


def test_lines_and_facets(bones):
    lines = {line.name: line for line in bone_lines(bones)}
    assert set(lines) == {*LINES, *FACETS}
    for line in lines.values():
        distances = nearest_on(bones.surface(line.bone), line.points).distances
        assert np.abs(distances - OVER_BONE_MM).max() < 0.2
        assert line.closed == (line.name in FACETS)
    lateral = lines["lateral_facet_outline"].points
    assert np.linalg.norm(lateral - lateral.mean(axis=0), axis=1).max() == pytest.approx(34.8 * SCALE / 2, abs=2.5)
