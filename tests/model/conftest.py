"""The shipped bones, and simple closed surfaces to test on as functions that make them."""

import numpy as np
import pytest
import trimesh

from hipviz.model.assets import load_bones
from hipviz.model.cage import Cage
from hipviz.model.surface import Surface


@pytest.fixture(scope="session")
def bones():
    return load_bones()


@pytest.fixture(scope="session")
def templates(bones):
    return {name: bones.surface(name, 2) for name in bones.cages}


def _ball(radius=30.0, fineness=2):
    mesh = trimesh.creation.icosphere(subdivisions=fineness, radius=radius)
    return Surface(np.array(mesh.vertices), np.array(mesh.faces, dtype=np.int64))


@pytest.fixture(scope="session")
def ball():
    return _ball


@pytest.fixture(scope="session")
def ball_cage():
    def make(radius=30.0):
        surface = _ball(radius, 1)
        return Cage(surface.vertices, surface.faces)

    return make


@pytest.fixture(scope="session")
def ring():
    def make(major=30.0, minor=10.0):
        mesh = trimesh.creation.torus(major, minor, major_sections=48, minor_sections=24)
        return Surface(np.array(mesh.vertices), np.array(mesh.faces, dtype=np.int64))

    return make
