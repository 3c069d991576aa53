"""Sheets of a tendon that lean over are laid over each other again; sound ones stay as they are."""

import numpy as np
import pytest

from hipviz.model.mending import FIRST_ROW, mended

ROWS, COLUMNS = 38, 20


def sheets(aside_mm):
    """A deep and an outer sheet, 1.5 mm apart, the outer one slid aside in the tendon."""
    down, back = np.meshgrid(-3.0 * np.arange(ROWS), -2.0 * np.arange(COLUMNS), indexing="ij")
    deep = np.stack([np.zeros_like(down), back, down], axis=-1)
    slide = np.where(np.arange(ROWS) > FIRST_ROW, aside_mm, 0.0)[:, None]
    return deep, deep + np.stack([np.full_like(down, 1.5), slide + 0.0 * down, 0.0 * down], axis=-1)


def test_what_stands_upright_stays_as_it_is():
    deep, outer = sheets(0.3)
    for before, after in zip((deep, outer), mended(deep, outer), strict=True):
        assert np.array_equal(before, after)


def test_what_leans_over_is_laid_straight_but_for_the_ends():
    deep, outer = sheets(7.0)
    new_deep, new_outer = mended(deep, outer)
    across = (new_outer - new_deep)[FIRST_ROW + 4 : -1]
    assert np.abs(across[..., 1:]).max() < 0.4
    assert across[..., 0].min() == pytest.approx(1.5, abs=0.1)
    for before, after in ((deep, new_deep), (outer, new_outer)):
        assert np.array_equal(before[:FIRST_ROW], after[:FIRST_ROW])
        assert np.array_equal(before[-1], after[-1])
