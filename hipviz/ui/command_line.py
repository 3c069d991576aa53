"""What the window shows as words of the command line, to be copied and run again.

The command line itself is read in `hipviz.cli.arguments`; it understands every option that is written here.
"""

from hipviz.model.state import State

HIP = {"flexion_deg": "flexion", "abduction_deg": "abduction", "internal_rotation_deg": "rotation"}
PELVIS = {"tilt_deg": "pelvis-tilt", "drop_deg": "pelvis-drop"}


def pose_options(state: State) -> list[str]:
    """Return the options that hold the body as a state with a pose of one's own does; zeros are left out."""
    options = ["--side", state.side]
    if state.pose is None:
        return options
    angles = [(f"--{name}", getattr(state.pose, field)) for field, name in HIP.items()]
    angles += [(f"--other-{name}", getattr(state.other_pose, field)) for field, name in HIP.items()]
    angles += [(f"--{name}", getattr(state.pelvis, field)) for field, name in PELVIS.items()]
    told = [(name, round(angle, 1)) for name, angle in angles if round(angle, 1)]
    # One angle at least: without any the movement of the band would be shown.
    for name, angle in told or [("--flexion", 0.0)]:
        options += [name, f"{angle:g}"]
    return options


def snapshot_command(state: State) -> str:
    """Return the command that draws the pose of a state without a window."""
    options = pose_options(state)
    if state.band is not None:
        options += ["--band", state.band]
    if state.view is not None:
        options += ["--view", state.view]
    return " ".join(["hipviz", "snapshot", "pose.png", *options])
