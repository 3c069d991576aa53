"""Two at once: what a second picture shows beside the first one, and how a choice made in it finds its way back.

Pure functions of the State. What the two are called lives in `hipviz.ui.comparing`, how they are drawn in `view`.
"""

from collections.abc import Mapping

import msgspec

from hipviz.model.content import Words
from hipviz.model.movement import end_key
from hipviz.model.movement_record import PelvisKey
from hipviz.model.pose import NEUTRAL
from hipviz.model.proportions import OWN
from hipviz.model.state import Beside, Camera, State, movement_of
from hipviz.model.units import opposite

REST: dict[str, object] = {"pose": NEUTRAL, "other_pose": NEUTRAL, "pelvis": PelvisKey()}
"""What stands beside a pose of one's own as its start."""


def comparisons(state: State, words: Words) -> tuple[Beside, ...]:
    """Return what may stand beside the picture of a state: what differs from it in a way that tells something.

    Where one points at places that hurt, or does something by hand, there is one picture.
    """
    if state.panel in ("pain", "practice"):
        return ()
    movement = movement_of(state, words) if state.pose is None else None
    found: list[Beside] = []
    if movement is not None and movement.compared_names:
        found.append("healthy")
    found.append("other_side")
    if movement is not None or state.pose is not None:
        found.append("start")
    if movement is not None:
        found.append("end")
    if state.specimen or state.proportions != OWN:
        found.append("default_adult")
    return tuple(found)


def comparison_of(state: State, words: Words) -> Beside | None:
    """Return what stands beside the picture of a state: what was chosen, as long as it makes sense."""
    return state.beside if state.beside in comparisons(state, words) else None


def compared(state: State, words: Words) -> State:
    """Return the state of the second picture; the state itself where nothing stands beside it.

    Both legs of one stride are seen at the same moment: an alternating movement is half a cycle on for the other
    side, and the body stands as in the first picture.
    """
    kind, movement = comparison_of(state, words), movement_of(state, words)
    changes: dict[str, object] = {}
    if kind == "other_side":
        changes = {"side": opposite(state.side), "camera": mirrored(state.camera) if state.camera else None}
        if movement is not None and movement.alternating:
            changes["phase"] = (state.phase + 0.5) % 1.0
    elif kind == "healthy" and movement is not None:
        changes = {"weakness": 0.0, "phase": (state.phase + movement.compared_after) % 1.0}
    elif kind == "start":
        changes = {"phase": 0.0} if state.pose is None else REST
    elif kind == "end" and movement is not None:
        changes = {"phase": end_key(movement).at}
    elif kind == "default_adult":
        changes = {"specimen": "", "proportions": OWN}
    return msgspec.structs.replace(state, **changes)


def brought_back(changes: Mapping[str, object], state: State, words: Words) -> dict[str, object]:
    """Return what changes made to the second picture of `state` mean for the first one, which both follow."""
    back = dict(changes)
    if comparison_of(state, words) == "other_side":
        if (side := back.get("side")) is not None:
            back["side"] = opposite(side)  # type: ignore[arg-type]
        if (camera := back.get("camera")) is not None:
            back["camera"] = mirrored(camera)  # type: ignore[arg-type]
    return back


def mirrored(camera: Camera) -> Camera:
    """Return the camera that sees the left side as `camera` sees the right one, and the reverse."""
    (fx, fy, fz), (dx, dy, dz), (ux, uy, uz) = camera.focal_point, camera.direction, camera.up
    return Camera((-fx, fy, fz), (-dx, dy, dz), (-ux, uy, uz), camera.half_height_mm)
