"""What lies under the pointer. What follows from a click is decided by the window."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor, vtkCellPicker, vtkRenderer

from hipviz.model.units import Band, Floats, Side
from hipviz.view.bones import BoneActors
from hipviz.view.muscle import MuscleActors
from hipviz.view.skin import SkinActor

TOLERANCE = 5e-4
"""Share of the picture's diagonal within which a ray hits."""

Kind = Literal["band", "bone", "skin"]


@dataclass(frozen=True)
class Pick:
    """A structure and the place on it, mm, RAS; `name` is that of the mesh, e.g. "femur_right"."""

    kind: Kind
    name: str
    point: Floats
    side: Side | None = None
    band: Band | None = None


class Picker:
    """Casts rays: first at bands and bones, since the skin is looked through, then at the skin."""

    def __init__(self, renderer: vtkRenderer, bones: BoneActors, muscle: MuscleActors, skin: SkinActor) -> None:
        self._renderer = renderer
        self._skin = skin.mesh.actor
        self._meanings: dict[vtkActor, tuple[Kind, str, Side | None, Band | None]] = {}
        for name, mesh in bones.meshes.items():
            ending = name.rpartition("_")[2]
            side: Side | None = "right" if ending == "right" else "left" if ending == "left" else None
            self._meanings[mesh.actor] = ("bone", name, side, None)
        for (side, band), mesh in muscle.meshes.items():
            self._meanings[mesh.actor] = ("band", f"gluteus_medius_{band}_{side}", side, band)
        self._inner = self._caster(list(self._meanings))
        self._outer = self._caster([self._skin])

    @staticmethod
    def _caster(actors: list[vtkActor]) -> vtkCellPicker:
        caster = vtkCellPicker()
        caster.SetTolerance(TOLERANCE)
        caster.PickFromListOn()
        for actor in actors:
            caster.AddPickList(actor)
        return caster

    def pick(self, x_px: float, y_px: float) -> Pick | None:
        """Return the nearest band or bone at device px from the bottom left, else the skin, else None."""
        if self._inner.Pick(x_px, y_px, 0.0, self._renderer):
            kind, name, side, band = self._meanings[self._inner.GetActor()]
            return Pick(kind, name, np.array(self._inner.GetPickPosition()), side, band)
        return self.pick_skin(x_px, y_px)

    def pick_skin(self, x_px: float, y_px: float) -> Pick | None:
        """Return the place on the skin that faces the viewer, or None."""
        if not self._skin.GetVisibility() or not self._outer.Pick(x_px, y_px, 0.0, self._renderer):
            return None
        point = np.array(self._outer.GetPickPosition())
        return Pick("skin", "skin", point, "right" if point[0] >= 0.0 else "left")
