"""The pattern of a muscle band as an image: fascicles and striae along its fibres, tendon feathered into them.

Across the image u runs from the front to the rear of the band, down the image v from the crest to the trochanter.
"""

import functools

import numpy as np
import numpy.typing as npt
import pyvista as pv

from hipviz.model.cache import cached, fingerprint
from hipviz.view.mesh_actor import Bytes
from hipviz.view.tokens import TENDON, rgb

WIDTH, HEIGHT = 512, 1024
FASCICLES = 11
"""Bundles that can be told apart across one band."""


METHOD = "band pattern 2"
"""Goes into the cache key: change it with anything that changes the pattern."""

SAMPLES = 4096
"""Entries of a table of noise over 0…1: eight for every pixel across the image."""

Tones = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]


def _noise(rng: np.random.Generator, knots: int) -> Tones:
    """Return smooth noise of unit spread with `knots` random values over 0…1, as a table (SAMPLES,)."""
    values = rng.normal(size=knots + 2)
    place = np.linspace(0.0, knots, SAMPLES)
    left = np.minimum(place.astype(np.int64), knots - 1)
    t = place - left
    t = t * t * (3.0 - 2.0 * t)
    return np.asarray(values[left] * (1.0 - t) + values[left + 1] * t, dtype=np.float32)


def _places(at: npt.NDArray[np.floating]) -> Places:
    """Return where in a table the places `at` (any shape, 0…1) lie."""
    return np.asarray(np.clip(at, 0.0, 1.0) * (SAMPLES - 1) + 0.5, dtype=np.int32)


def pattern(seed: int) -> tuple[Tones, Tones]:
    """Return `drawn_pattern`, from disk if it was drawn before."""

    def build() -> dict[str, Tones]:
        flesh, sinew = drawn_pattern(seed)
        return {"flesh": flesh, "sinew": sinew}

    arrays = cached("band-pattern", fingerprint(METHOD, seed, WIDTH, HEIGHT, FASCICLES, SAMPLES), build)
    return np.asarray(arrays["flesh"], np.float32), np.asarray(arrays["sinew"], np.float32)


def drawn_pattern(seed: int) -> tuple[Tones, Tones]:
    """Return how bright flesh and tendon of one band are, (HEIGHT, WIDTH) each: their shares times their light."""
    rng = np.random.default_rng(seed)
    v = np.linspace(0.0, 1.0, HEIGHT, dtype=np.float32)[:, None]
    u = np.linspace(0.0, 1.0, WIDTH, dtype=np.float32)[None, :]
    down = _places(v)
    # Fascicles wander a little and slant into one another, as in a multipennate muscle.
    wander = u + 0.012 * _noise(rng, 4)[down] + 0.018 * _noise(rng, 3)[down] * (2.0 * u - 1.0)
    across = _places(wander)
    phase = wander * FASCICLES + 0.35 * _noise(rng, FASCICLES)[across]
    gap = np.abs(phase - np.round(phase)) * 2.0
    furrow = np.exp(-(((1.0 - gap) / 0.16) ** 2))
    tone = (0.045 * _noise(rng, FASCICLES) + 0.05 * _noise(rng, 60) + 0.055 * _noise(rng, 170))[across]
    ragged = _noise(rng, 40)  # drawn in this order: another one is another pattern
    broken = 0.75 + 0.25 * _noise(rng, 24)[_places((v + 0.7 * ragged[across]) % 1.0)]
    brightness = 1.0 + np.clip(tone, -0.16, 0.16) * np.clip(broken, 0.3, 1.2) - 0.15 * furrow

    fingers = (0.030 * _noise(rng, 26) + 0.022 * _noise(rng, 90))[across]
    lower = 1.0 / (1.0 + np.exp(-(v - 0.86 + fingers) / 0.020))
    upper = 0.55 / (1.0 + np.exp(np.minimum((v - 0.022 + 0.5 * fingers) / 0.010, 60.0)))
    # Aponeurosis: pale slips that run up from the tendon and fade away.
    slips = np.clip(_noise(rng, 34) - 0.9, 0.0, 1.0)[across] * np.clip((v - 0.55) / 0.3, 0.0, 1.0) * 0.35
    tendon = np.clip(np.maximum(lower, upper) + slips, 0.0, 1.0)
    return (1.0 - tendon) * brightness**1.35, tendon * (0.35 + 0.65 * brightness)


@functools.lru_cache(maxsize=12)
def band_pixels(seed: int, colour: str) -> Bytes:
    """Return the image (HEIGHT, WIDTH, 3) of a band of the given colour; the first row is the crest."""
    of_flesh, of_sinew = pattern(seed)
    image = np.empty((HEIGHT, WIDTH, 3), dtype=np.uint8)
    for channel, (flesh, sinew) in enumerate(255.0 * np.stack([rgb(colour), rgb(TENDON)], axis=1)):
        image[:, :, channel] = np.minimum(float(flesh) * of_flesh + float(sinew) * of_sinew, 255.0)
    return image


def band_texture(seed: int, colour: str) -> pv.Texture:
    """Return the texture of a band; mipmaps keep its fine lines from shimmering at a distance.

    A texture belongs to the window that draws it: keep it there, never across windows.
    """
    texture = pv.Texture(np.ascontiguousarray(band_pixels(seed, colour)[::-1]))  # type: ignore[no-untyped-call]
    texture.SetInterpolate(True)
    texture.SetMipmap(True)
    texture.SetMaximumAnisotropicFiltering(8)
    texture.RepeatOff()
    texture.EdgeClampOn()
    return texture
