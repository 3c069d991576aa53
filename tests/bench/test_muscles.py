"""What moving all muscles of a side costs beside VTK's own normals of the same meshes; in turns in one run."""

import statistics
import time

import numpy as np
import pytest
import pyvista as pv
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals

from hipviz.model.pose import RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.units import NEIGHBOURS

pytestmark = pytest.mark.bench

ROUNDS = 30
FRAME_MS = 1000.0 / 60.0
LARGEST_RATIO = 1.0


def test_a_frame_of_all_muscles_costs_less_than_vtk_needs_for_their_normals(anatomy):
    low, high = np.array(list(RANGE_OF_MOTION_DEG.values())).T
    turns = [HipPose(*angles).rotation() for angles in np.random.default_rng(3).uniform(low, high, (ROUNDS, 3))]
    muscles = [anatomy.medius, *(anatomy.neighbours.muscle(name) for name in NEIGHBOURS)]
    meshes = [
        pv.PolyData.from_regular_faces(part, muscle.faces)
        for muscle in muscles
        for part in muscle.shape(turns[0]).vertices
    ]
    own, vtk = [], []
    for rotation in turns:
        before = time.process_time()
        for muscle in muscles:
            muscle.shape(rotation)
        own.append(time.process_time() - before)
        before = time.process_time()
        for mesh in meshes:
            normals = vtkPolyDataNormals()
            normals.SplittingOff()
            normals.SetInputData(mesh)
            normals.Update()
        vtk.append(time.process_time() - before)
    own_ms, vtk_ms = (1000.0 * statistics.median(times) for times in (own, vtk))
    print(
        f"\n{len(muscles)} muscles moved in {own_ms:.1f} ms ({own_ms / FRAME_MS:.0%} of a frame at 60 a second), "
        f"VTK's normals of them {vtk_ms:.1f} ms ({own_ms / vtk_ms:.2f} ×)"
    )
    assert own_ms <= LARGEST_RATIO * vtk_ms
