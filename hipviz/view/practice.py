"""A step of a practice as a State: a moment of a movement, or a pose and an eye for a body that lies on its side.

What a practice says lives in the model's `guidance`; how a State is drawn lives in `scene`.
"""

import msgspec
import numpy as np

from hipviz.model.guidance import Practice, Step
from hipviz.model.state import Camera, State
from hipviz.model.units import Band, Floats, Side
from hipviz.view.camera import around, camera, frame, lateral

THIGH_MM, NEAR_MM = 330.0, 130.0
"""How far down the thigh the picture must reach, also where it comes near."""

TRUNK_MM = (
    (105.0, 0.0, 225.0),
    (105.0, 75.0, 150.0),
    (105.0, -110.0, 120.0),
    (150.0, 0.0, -20.0),
    (60.0, -120.0, -60.0),
    (20.0, 110.0, 20.0),
)
"""Places on the right half of the trunk that the picture must hold; above the crest there is room for labels."""

MARGIN = 1.16


def eye_of(step: Step, side: Side, hip_centre: Floats, aspect: float = 1.5) -> Camera:
    """Return from where a step is seen; pelvis and both thighs just fit the picture.

    hip_centre : (3,) of the acting side, mm. aspect : width over height of the picture.
    """
    direction, _ = around(side, step.azimuth_deg, 0.0)
    up = np.array([lateral(side) if step.lying == "side" else -lateral(side), 0.0, 0.0])
    reach = NEAR_MM if step.near else THIGH_MM
    places = []
    for pose, mirror in ((step.pose, lateral(side)), (step.other, -lateral(side))):
        knee = np.array([abs(hip_centre[0]), *hip_centre[1:]]) + pose.rotation() @ np.array([0.0, 0.0, -reach])
        places.append(np.array([*TRUNK_MM, knee]) * (mirror, 1.0, 1.0))
    seen = np.concatenate(places) @ frame(camera(np.zeros(3), direction, up, 1.0)).T
    low, high = seen.min(axis=0), seen.max(axis=0)
    across, down, _ = 0.5 * MARGIN * (high - low)
    focal_point = 0.5 * (low + high) @ frame(camera(np.zeros(3), direction, up, 1.0))
    return camera(focal_point, direction, up, float(max(down, across / max(aspect, 0.1))))


def state_of(
    practice: Practice,
    step: Step,
    band: Band | None,
    side: Side,
    hip_centre: Floats,
    base: State,
    aspect: float = 1.5,
) -> State:
    """Return `base` changed to show a step; the step's own band goes before `band`, if the practice has that."""
    number = practice.step.index(step)
    meant = step.band or (band if band in practice.bands else practice.bands[0])
    if step.movement is not None:
        moment: dict[str, object] = {"movement": step.movement, "phase": step.at, "pose": None, "view": None}
        eye = None
    else:
        moment = {"movement": None, "pose": step.pose, "other_pose": step.other}
        if meant == "anterior" and step.band is None and step.azimuth_deg > 90.0:
            # Seen from behind, the front band would hide behind the others.
            step = msgspec.structs.replace(step, azimuth_deg=180.0 - step.azimuth_deg)
        eye = eye_of(step, side, hip_centre, aspect)
    return msgspec.structs.replace(
        base, side=side, band=meant, practice=practice.id, step=number, playing=False, camera=eye, **moment
    )
