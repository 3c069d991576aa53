"""What moving the skin costs beside what VTK alone takes for the normals of the same mesh; in turns in one run."""

import statistics
import time

import numpy as np
import pytest

from hipviz.model.movement import posture_at

pytestmark = pytest.mark.bench

ROUNDS = 16
LARGEST_RATIO = 1.6


@pytest.fixture(scope="module")
def vtk_normals(anatomy):
    import pyvista as pv
    from vtkmodules.vtkFiltersCore import vtkPolyDataNormals

    rest = anatomy.skin.rest
    mesh = pv.PolyData.from_regular_faces(rest.vertices.astype(np.float32), rest.faces)
    filtered = vtkPolyDataNormals()
    filtered.SetInputData(mesh)
    filtered.SplittingOff()
    filtered.ConsistencyOff()

    def update(vertices):
        mesh.points[:] = vertices
        mesh.GetPoints().Modified()
        filtered.Update()

    return update


def seconds(work):
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


def test_a_movement_carries_the_skin_along_in_about_the_time_that_vtk_takes_for_its_normals(anatomy, vtk_normals):
    """Both thighs, with all that gives where they bend and meet, and the normals as well."""
    skin, ratios = anatomy.skin, {}
    for name, movement in anatomy.words.movements.items():
        own, bare = [], []
        for count in range(ROUNDS):
            posture = posture_at(movement, (count + 0.37) / ROUNDS, "right")
            right, left = posture.right.rotation(), posture.left.rotation()
            shaping, vertices = seconds(lambda right=right, left=left: skin.shape(right, left))
            shading, _ = seconds(lambda vertices=vertices: skin.normals(vertices))
            own.append(shaping + shading)
            bare.append(seconds(lambda vertices=vertices: vtk_normals(vertices))[0])
        own_ms, bare_ms = (1000 * statistics.median(times) for times in (own, bare))
        ratios[name] = own_ms / bare_ms
        print(f"{name}: {own_ms:.2f} ms, slowest {1000 * max(own):.2f} ms; VTK's normals {bare_ms:.2f} ms")
    print(f"median {statistics.median(ratios.values()):.2f} ×, largest {max(ratios.values()):.2f} ×")
    assert max(ratios.values()) <= LARGEST_RATIO, max(ratios, key=ratios.get)
