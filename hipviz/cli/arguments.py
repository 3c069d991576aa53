"""Words of the command line and the State they ask for. What is then done with it lives in `commands`."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import hipviz
from hipviz.model.errors import UsageError
from hipviz.model.files import specimen_folder
from hipviz.model.movement_record import PelvisKey
from hipviz.model.pose import NEUTRAL, PELVIS_RANGE_DEG, RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.proportions import LIMITS, OWN, Proportion, Proportions
from hipviz.model.state import VIEWS, Beside, Layer, State
from hipviz.model.units import BANDS, SIDES

FORMATS = ("ply", "stl", "glb")

REACHED = 0.5
"""Phase at which a movement is fully reached: what is shown when a band is named without a moment."""

SMALLEST_PX, LARGEST_PX = 64, 8192

SWEPT = {"flexion": "flexion", "abduction": "abduction", "rotation": "internal_rotation"}
"""What the angles are called on the command line, and in the model."""

PELVIS = {"pelvis_tilt": "tilt_deg", "pelvis_drop": "drop_deg"}

SHAPE: dict[str, Proportion] = {
    "neck_shaft": "neck_shaft_deg",
    "torsion": "torsion_deg",
    "neck_length": "neck_length_mm",
    "pelvic_width": "pelvic_width_mm",
}

Options = argparse.Namespace


def parser() -> argparse.ArgumentParser:
    """Return the parser of `hipviz`.

    Choices that were not made are absent from the result (`argparse.SUPPRESS`), so that an option may stand before
    or after the name of a command.
    """
    top = argparse.ArgumentParser(
        prog="hipviz",
        description="Choose a band of the gluteus medius, see it move the hip, see where it is felt. "
        "Without a command the window opens.",
        epilog="Education, not diagnosis. `hipviz COMMAND --help` tells more about a command.",
        argument_default=argparse.SUPPRESS,
    )
    top.add_argument("--version", action="version", version=f"hipviz {hipviz.__version__}")
    top.add_argument("--debug", action="store_true", default=False, help="show the full trace of an error")
    top.set_defaults(command="window")
    add_specimen(top)
    add_band(top)
    _add_pose(top)
    _add_body(top)
    _add_shape(top)
    add_picture(top)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=summary, description=summary, argument_default=argparse.SUPPRESS)
        made.set_defaults(command=name)
        return made

    snapshot = command("snapshot", "Draw the scene into a PNG file, without a window or display.")
    snapshot.add_argument("out", metavar="OUT.png", type=Path, help="picture to write")
    add_specimen(snapshot)
    add_band(snapshot)
    _add_pose(snapshot)
    _add_body(snapshot)
    _add_shape(snapshot)
    add_picture(snapshot)
    snapshot.add_argument("--size", type=size_of, metavar="WIDTHxHEIGHT", help="size in pixels, default 1600x1200")

    measure = command("measure", "Print lengths and moment arms of the bands, or of straight paths of your own.")
    add_specimen(measure)
    _add_pose(measure)
    _add_shape(measure)
    measure.add_argument("--json", action="store_true", help="print JSON instead of a table")
    measure.add_argument(
        "--paths",
        type=Path,
        metavar="FILE.csv",
        help="measure these straight lines of pull instead: columns name,ox,oy,oz,ix,iy,iz, from pelvis (o) to "
        "femur (i), mm, right-anterior-superior relative to the right hip's centre, at neutral",
    )
    measure.add_argument(
        "--sweep",
        nargs=4,
        metavar=("ANGLE", "FROM", "TO", "STEP"),
        help=f"one row per pose instead, as CSV; ANGLE is {', '.join(SWEPT)}",
    )
    measure.add_argument("--csv", type=Path, metavar="OUT.csv", help="write the sweep here instead of printing it")

    meshes = command("meshes", "Write every structure of a pose into its own file (mm, RAS).")
    meshes.add_argument("folder", metavar="DIR", type=Path, help="folder to write into, made if need be")
    add_specimen(meshes)
    add_band(meshes)
    _add_pose(meshes)
    _add_body(meshes)
    _add_shape(meshes)
    meshes.add_argument("--format", choices=FORMATS, help="kind of file, default ply")

    from hipviz.cli.bones import add_bones  # they read Options from here
    from hipviz.cli.film import add_movements
    from hipviz.cli.pain import add_pain, add_sheet

    add_bones(command)
    add_movements(command)
    add_pain(command)
    add_sheet(command)

    command("doctor", "Check this installation: versions, OpenGL, system packages, meshes and words.")
    return top


def chosen_pose(options: Options) -> HipPose | None:
    """Return the pose of the acting hip, None when no angle was given; raise UsageError beyond the range."""
    if not any(name in options for name in SWEPT):
        return None
    return HipPose(*(getattr(options, name, 0.0) for name in SWEPT)).checked()


def chosen_body(options: Options) -> dict[str, object]:
    """Return the fields of State that hold the rest of the body; raise UsageError beyond the range."""
    chosen: dict[str, object] = {}
    if any(f"other_{name}" in options for name in SWEPT):
        chosen["other_pose"] = HipPose(*(getattr(options, f"other_{name}", 0.0) for name in SWEPT)).checked()
    if any(name in options for name in PELVIS):
        for name, field in PELVIS.items():
            low, high = PELVIS_RANGE_DEG[field]
            angle = getattr(options, name, 0.0)
            if not low <= angle <= high:
                words = name.replace("_", " ")
                raise UsageError(f"{words} {angle:g}° is outside {low:g}° to {high:g}°.")
        chosen["pelvis"] = PelvisKey(*(getattr(options, name, 0.0) for name in PELVIS))
    return chosen


def chosen_proportions(options: Options) -> Proportions:
    """Return the measures that the bones are to be given."""
    wanted = {field: getattr(options, name) for name, field in SHAPE.items() if name in options}
    return Proportions(**wanted)


def chosen_changes(options: Options) -> dict[str, object]:
    """Return the fields of State that the options set; raise UsageError when they contradict each other."""
    pose, body = chosen_pose(options), chosen_body(options)
    if pose is None and body:
        pose = NEUTRAL
    if "at" in options and not {"band", "movement"} & set(vars(options)):
        raise UsageError("--at is a moment in a movement: name the band with --band, or a --movement.")
    if "movement" in options and pose is not None:
        raise UsageError("--movement and angles both set the pose: give one or the other.")
    if "movement" in options:
        _check_movement(options.movement)
    if "at" in options and pose is not None:
        raise UsageError("--at and angles both set the pose: give one or the other.")
    changes: dict[str, object] = {}
    if "grips" in options:
        from hipviz.ui.changes import close_up

        changes |= close_up(State())
    changes |= {
        name: getattr(options, name)
        for name in ("band", "movement", "weakness", "side", "view", "beside", "labels", "theme", "xray")
        if name in options
    }
    if "specimen" in options:
        changes["specimen"] = str(specimen_folder(options.specimen))
    if pose is not None:
        changes |= {"pose": pose, **body}
    if (proportions := chosen_proportions(options)) != OWN:
        changes["proportions"] = proportions
    if "at" in options:
        changes["phase"] = options.at
    if "skin" in options:
        changes["skin"] = Layer(shown=options.skin > 0.0, opacity=options.skin)
    if "zones" in options:
        changes["zones"] = Layer(shown=options.zones)
    return changes


def still_state(options: Options) -> State:
    """Return the State to draw or to measure: a band's movement is fully reached unless told other."""
    changes = chosen_changes(options)
    if {"band", "movement"} & changes.keys() and "pose" not in changes:
        changes.setdefault("phase", REACHED)
    return State(**changes)  # type: ignore[arg-type]


def _check_movement(name: str) -> None:
    from hipviz.model.content import load_words

    known = load_words().movements
    if name not in known:
        raise UsageError(f"there is no movement '{name}'; there are {', '.join(known)}.")


def add_specimen(to: argparse.ArgumentParser) -> None:
    """Add the option that names the bones to show."""
    to.add_argument("--specimen", type=Path, metavar="DIR", help="bones made with `hipviz bones fit`")


def add_band(to: argparse.ArgumentParser) -> None:
    """Add the options that choose what moves, and the moment in it."""
    group = to.add_argument_group("movement")
    group.add_argument("--band", choices=BANDS, help="the band that acts")
    group.add_argument("--movement", metavar="ID", help="one of `hipviz movements`, default the band's own action")
    group.add_argument(
        "--weakness",
        type=_between(0.0, 1.0),
        metavar="0..1",
        help="how much of it happens where a movement shows a weak muscle, default 1",
    )
    group.add_argument(
        "--at",
        type=_between(0.0, 1.0),
        metavar="0..1",
        help="moment in the movement: 0 start, 0.5 fully reached",
    )


def _add_pose(to: argparse.ArgumentParser) -> None:
    group = to.add_argument_group("pose (degrees; a pose takes the place of the band's movement)")
    group.add_argument("--side", choices=SIDES, help="the hip that acts, default right")
    for option, field, meaning in (
        ("--flexion", "flexion_deg", "negative is extension"),
        ("--abduction", "abduction_deg", "negative is adduction"),
        ("--rotation", "internal_rotation_deg", "inwards; negative is outwards"),
    ):
        low, high = RANGE_OF_MOTION_DEG[field]
        group.add_argument(option, type=float, metavar="D", help=f"{low:g} to {high:g}; {meaning}")


def _add_body(to: argparse.ArgumentParser) -> None:
    group = to.add_argument_group("rest of the body (degrees; standing, as a pose of your own)")
    for name, field in zip(SWEPT, RANGE_OF_MOTION_DEG, strict=True):
        low, high = RANGE_OF_MOTION_DEG[field]
        group.add_argument(
            f"--other-{name}", type=float, metavar="D", help=f"of the other hip, {low:g} to {high:g}"
        )
    for name, meaning in (("tilt", "forwards"), ("drop", "of the other side; negative lifts it")):
        low, high = PELVIS_RANGE_DEG[f"{name}_deg"]
        group.add_argument(f"--pelvis-{name}", type=float, metavar="D", help=f"{low:g} to {high:g}; {meaning}")


def _add_shape(to: argparse.ArgumentParser) -> None:
    """Add the options that give the bones other proportions."""
    group = to.add_argument_group("shape of the bones (what is not named stays as it is)")
    for option, metavar, meaning in (
        ("--neck-shaft", "D", "angle between neck and shaft of the femur, degrees"),
        ("--torsion", "D", "how far the neck points forwards (anteversion), degrees"),
        ("--neck-length", "MM", "from the head's centre to the axis of the shaft"),
        ("--pelvic-width", "MM", "between the front hip points"),
    ):
        low, high = LIMITS[SHAPE[option.removeprefix("--").replace("-", "_")]]
        told = f"{meaning}; {low:g} to {high:g}"
        group.add_argument(option, type=_between(low, high), metavar=metavar, help=told)


def add_picture(to: argparse.ArgumentParser) -> None:
    """Add the options that choose what is shown and how."""
    group = to.add_argument_group("picture")
    group.add_argument("--view", choices=VIEWS, help="where to look from, default: what suits the movement")
    group.add_argument("--skin", type=_between(0.0, 1.0), metavar="0..1", help="opacity of the skin, 0 hides it")
    group.add_argument("--xray", action="store_true", help="look through the skin around the band's point")
    group.add_argument("--zones", action=argparse.BooleanOptionalAction, help="show where the band is felt")
    group.add_argument(
        "--beside",
        type=lambda text: text.replace("-", "_"),
        choices=get_args(Beside),
        metavar="WHAT",
        help="a second picture beside the first: " + ", ".join(get_args(Beside)).replace("_", "-"),
    )
    group.add_argument(
        "--grips", action="store_true", help="where each band grips the thigh bone, from near, and how it pulls"
    )
    group.add_argument("--labels", action=argparse.BooleanOptionalAction, help="show names and marks")
    group.add_argument("--theme", choices=("light", "dark"), help="colours of the picture and the window")


def _between(low: float, high: float) -> Callable[[str], float]:
    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is outside {low:g} to {high:g}")
        return value

    return number


def size_of(text: str) -> tuple[int, int]:
    """Read a size in pixels."""
    found = re.fullmatch(r"(\d+)[x×](\d+)", text.strip().lower())
    if not found:
        raise argparse.ArgumentTypeError(f"'{text}' is not a size like 1600x1200")
    width, height = int(found[1]), int(found[2])
    if not all(SMALLEST_PX <= side <= LARGEST_PX for side in (width, height)):
        raise argparse.ArgumentTypeError(f"{text} is outside {SMALLEST_PX} to {LARGEST_PX} pixels a side")
    return width, height
