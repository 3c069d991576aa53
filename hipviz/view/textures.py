"""The pattern of a muscle band as an image: fascicles and striae along its fibres, tendon feathered into them.

Across the image u runs from the front to the rear of the band, down the image v from the crest to the trochanter.
"""

import functools

import numpy as np
import pyvista as pv

from hipviz.model.units import Floats
from hipviz.view.mesh_actor import Bytes
from hipviz.view.tokens import TENDON, rgb

WIDTH, HEIGHT = 512, 1024
FASCICLES = 11
"""Bundles that can be told apart across one band."""


def _wave(rng: np.random.Generator, knots: int, at: Floats) -> Floats:
    """Return smooth noise of unit spread with `knots` random values over 0…1, at the places `at` (any shape)."""
    values = rng.normal(size=knots + 2)
    place = np.clip(at, 0.0, 1.0) * knots
    left = np.minimum(place.astype(np.int64), knots - 1)
    t = place - left
    t = t * t * (3.0 - 2.0 * t)
    return np.asarray(values[left] * (1.0 - t) + values[left + 1] * t)


@functools.cache
def pattern(seed: int) -> tuple[Floats, Floats]:
    """Return brightness (HEIGHT, WIDTH) around 1 and the share of tendon (HEIGHT, WIDTH) 0…1 of one band."""
    rng = np.random.default_rng(seed)
    v, u = np.meshgrid(np.linspace(0.0, 1.0, HEIGHT), np.linspace(0.0, 1.0, WIDTH), indexing="ij")
    # Fascicles wander a little and slant into one another, as in a multipennate muscle.
    wander = u + 0.012 * _wave(rng, 4, v) + 0.018 * _wave(rng, 3, v) * (2.0 * u - 1.0)
    phase = wander * FASCICLES + 0.35 * _wave(rng, FASCICLES, wander)
    gap = np.abs(phase - np.round(phase)) * 2.0
    furrow = np.exp(-(((1.0 - gap) / 0.16) ** 2))
    tone = 0.045 * _wave(rng, FASCICLES, wander) + 0.05 * _wave(rng, 60, wander) + 0.055 * _wave(rng, 170, wander)
    broken = 0.75 + 0.25 * _wave(rng, 24, (v + 0.7 * _wave(rng, 40, wander)) % 1.0)
    brightness = 1.0 + np.clip(tone, -0.16, 0.16) * np.clip(broken, 0.3, 1.2) - 0.15 * furrow

    fingers = 0.030 * _wave(rng, 26, wander) + 0.022 * _wave(rng, 90, wander)
    lower = 1.0 / (1.0 + np.exp(-(v - 0.86 + fingers) / 0.020))
    upper = 0.55 / (1.0 + np.exp((v - 0.022 + 0.5 * fingers) / 0.010))
    # Aponeurosis: pale slips that run up from the tendon and fade away.
    slips = np.clip(_wave(rng, 34, wander) - 0.9, 0.0, 1.0) * np.clip((v - 0.55) / 0.3, 0.0, 1.0) * 0.35
    return brightness, np.clip(np.maximum(lower, upper) + slips, 0.0, 1.0)


def band_pixels(seed: int, colour: str) -> Bytes:
    """Return the image (HEIGHT, WIDTH, 3) of a band of the given colour; the first row is the crest."""
    brightness, tendon = pattern(seed)
    flesh = rgb(colour)[None, None, :] * brightness[:, :, None] ** 1.35
    sinew = rgb(TENDON)[None, None, :] * (0.35 + 0.65 * brightness[:, :, None])
    share = tendon[:, :, None]
    return np.asarray(np.clip(flesh * (1.0 - share) + sinew * share, 0.0, 1.0) * 255.0, dtype=np.uint8)


@functools.lru_cache(maxsize=24)
def band_texture(seed: int, colour: str) -> pv.Texture:
    """Return the texture of a band; mipmaps keep its fine lines from shimmering at a distance."""
    texture = pv.Texture(np.ascontiguousarray(band_pixels(seed, colour)[::-1]))  # type: ignore[no-untyped-call]
    texture.SetInterpolate(True)
    texture.SetMipmap(True)
    texture.SetMaximumAnisotropicFiltering(8)
    texture.RepeatOff()
    texture.EdgeClampOn()
    return texture
