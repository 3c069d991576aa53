import numpy as np

from hipviz.model.crossings import Crossings, self_intersections
from hipviz.model.surface import Surface


def crumpled(surface, random, count=12):
    """Some vertices pushed at random, so far that faces cut through each other."""
    vertices = surface.vertices.copy()
    vertices[random.choice(len(vertices), count, replace=False)] += random.normal(0.0, 12.0, (count, 3))
    return surface.moved(vertices)


def as_set(pairs):
    return {tuple(pair) for pair in pairs}


def test_only_pairs_with_a_face_that_moved_are_found(ball):
    random = np.random.default_rng(1)
    surface = crumpled(ball(), random, 40)
    moved = random.random(len(surface.faces)) < 0.3
    every = self_intersections(surface)
    some = as_set(self_intersections(surface, moved))
    assert some == as_set(every[moved[every].any(axis=1)])
    assert 0 < len(some) < len(every)
    assert len(self_intersections(surface, np.zeros_like(moved))) == 0


def test_looking_only_at_what_moved_finds_the_same_as_looking_at_all(ball):
    random = np.random.default_rng(2)
    surface = ball()
    crossings = Crossings(surface)
    counts = []
    for _ in range(6):
        surface = crumpled(surface, random)
        among = random.random(len(surface.faces)) < 0.8
        numbers = np.flatnonzero(among)
        every = numbers[self_intersections(Surface(surface.vertices, surface.faces[numbers]))]
        assert as_set(crossings.found(surface.vertices, among)) == as_set(every)
        counts.append(len(every))
    assert min(counts) > 0


def test_what_is_mended_is_no_longer_found(ball):
    crossings = Crossings(ball())
    every = np.ones(len(ball().faces), bool)
    assert len(crossings.found(crumpled(ball(), np.random.default_rng(3)).vertices, every)) > 0
    assert len(crossings.found(ball().vertices, every)) == 0
