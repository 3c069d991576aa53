"""What is baked into surfaces and colours: textures, bone light, distances between colours."""

import itertools

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from hipviz.model.surface import Surface
from hipviz.model.units import BANDS
from hipviz.view.lighting import curvature, neighbours, openness
from hipviz.view.textures import HEIGHT, band_pixels, band_texture
from hipviz.view.tokens import DARK, LIGHT, MUSCLE_MUTED, TENDON, rgb

SEEN_BY = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear RGB as seen without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1)."""


def lab(colour, seen_by):
    value = rgb(colour)
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(SEEN_BY[seen_by]).T, 0.0, 1.0)
    back = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    return rgb2lab(back[None, None])[0, 0]


def luminance(colour):
    value = rgb(colour)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_bands_can_be_told_apart_by_everybody(theme, eyes):
    """Smallest CIEDE2000 between bands: 21; between a chosen band and muted muscle: 16 (and it has an outline)."""
    fills = [theme.bands[band].fill for band in BANDS]
    for one, other in itertools.combinations(fills, 2):
        assert deltaE_ciede2000(lab(one, eyes), lab(other, eyes)) > 20
    for fill, muted in itertools.product(fills, MUSCLE_MUTED.values()):
        assert deltaE_ciede2000(lab(fill, eyes), lab(muted, eyes)) > 16


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read(theme):
    inks = [theme.text, theme.text_second, theme.zone_text, *(theme.bands[band].ink for band in BANDS)]
    for ink in inks:
        assert contrast(ink, theme.surface) > 5.8
        assert contrast(ink, theme.label_ground) > 5.8


def test_a_band_is_flesh_in_the_middle_and_tendon_at_the_trochanter():
    picture = band_pixels(1, "#B9473F").astype(float) / 255
    middle = picture[HEIGHT // 2].mean(axis=0)
    end = picture[-8:].mean(axis=(0, 1))
    assert middle == pytest.approx(rgb("#B9473F"), abs=0.08)
    assert end == pytest.approx(rgb(TENDON), abs=0.12)


def test_striae_run_along_the_fibres():
    flesh = band_pixels(0, "#B9473F")[200:700].astype(float).mean(axis=2)
    assert np.abs(np.diff(flesh, axis=1)).mean() > 6 * np.abs(np.diff(flesh, axis=0)).mean()


def test_textures_have_mipmaps_against_moire():
    assert band_texture(0, "#B9473F").GetMipmap()


def ball(radius, inwards=False):
    import pyvista as pv

    mesh = pv.Icosphere(radius=radius, nsub=4)
    faces = mesh.faces.reshape(-1, 4)[:, 1:].astype(np.int64)
    return Surface(np.asarray(mesh.points, dtype=np.float64), faces[:, ::-1] if inwards else faces)


@pytest.mark.parametrize("radius", [10.0, 30.0])
def test_curvature_of_a_ball_is_one_over_its_radius(radius):
    surface = ball(radius)
    found = curvature(surface, surface.normals(), neighbours(surface.faces, len(surface.vertices)), 2)
    assert np.median(found) == pytest.approx(1.0 / radius, rel=0.25)


def test_the_outside_of_a_ball_is_lit_and_its_inside_is_not():
    outside, inside = ball(30.0), ball(30.0, inwards=True)
    assert openness(outside.vertices, outside.normals()).min() > 0.95
    assert openness(inside.vertices, inside.normals()).mean() < 0.1
