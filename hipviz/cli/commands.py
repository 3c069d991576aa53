"""The commands themselves, each a function of the parsed options that returns the exit code.

How options become a State lives in `arguments`, the check of the installation in `doctor`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hipviz.cli import system
from hipviz.cli.arguments import Options, chosen_changes, still_state
from hipviz.cli.film import movements, movie
from hipviz.cli.output import load, load_beside, writing
from hipviz.cli.pain import pain, sheet
from hipviz.cli.progress import Progress
from hipviz.model.errors import HipvizError, UsageError
from hipviz.model.state import posture
from hipviz.model.units import BANDS, SIDES

if TYPE_CHECKING:
    from hipviz.model.anatomy import Anatomy
    from hipviz.model.state import State
    from hipviz.model.surface import Surface

DEFAULT_SIZE_PX = (1600, 1200)


class SystemFault(HipvizError):
    """The operating system lacks something that the request needs."""


def run(options: Options) -> int:
    """Run the command that the options name."""
    commands: dict[str, Callable[[Options], int]] = {
        "window": window,
        "snapshot": snapshot,
        "measure": measure,
        "meshes": meshes,
        "movements": movements,
        "movie": movie,
        "pain": pain,
        "sheet": sheet,
        "doctor": doctor,
        "bones": bones,
    }
    return commands[options.command](options)


def window(options: Options) -> int:
    """Open the window; a band or movement that was named plays, unless a moment or a pose was named with it."""
    changes = chosen_changes(options)
    if {"band", "movement"} & changes.keys() and not {"pose", "phase"} & changes.keys():
        changes["playing"] = True
        if "band" in changes:
            changes |= {"referral": 0.0, "spreading": True}
    if fault := system.window_fault():
        raise SystemFault(fault)
    from hipviz.ui.app import run as run_app

    return run_app(changes)


def snapshot(options: Options) -> int:
    """Draw the scene that the options describe into a PNG file."""
    state = still_state(options)
    target: Path = options.out
    if target.suffix.lower() != ".png":
        raise UsageError(f"'{target}': the picture is a PNG, so its name must end in .png.")
    if fault := system.picture_fault():
        raise SystemFault(fault)
    width, height = getattr(options, "size", DEFAULT_SIZE_PX)
    with Progress() as progress, writing(target) as temporary:
        anatomy, beside = load(progress, options), load_beside(progress, state)
        progress("Drawing", 0.9)
        from hipviz.cli.picture import png

        temporary.write_bytes(png(anatomy, state, width, height, beside))
    return 0


def meshes(options: Options) -> int:
    """Write every structure in the pose into its own file."""
    state = still_state(options)
    folder: Path = options.folder
    kind: str = getattr(options, "format", "ply")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise HipvizError(f"the folder '{folder}' cannot be made: {fault.strerror}.") from fault
    with Progress() as progress:
        anatomy = load(progress, options).shaped(state.proportions)
        surfaces = posed_surfaces(anatomy, state)
        import trimesh

        for index, (name, surface) in enumerate(surfaces.items()):
            progress(f"Writing {name}", index / len(surfaces))
            mesh = trimesh.Trimesh(surface.vertices, surface.faces, process=False)
            if name.startswith("gluteus_medius"):
                # The rims of a band are doubled for its shading; as solids for printing they must be sewn up.
                mesh.merge_vertices()
                mesh.update_faces(mesh.nondegenerate_faces())
            with writing(folder / f"{name}.{kind}") as temporary:
                mesh.export(temporary, file_type=kind)
    return 0


def posed_surfaces(anatomy: Anatomy, state: State) -> dict[str, Surface]:
    """Return every structure by its file name, in the posture of `state`, mm, RAS."""
    from hipviz.model.surface import Surface

    figure = anatomy.figure(posture(state, anatomy.words))
    surfaces = dict(anatomy.surfaces)
    for side in SIDES:
        matrix = figure.femur_matrices[side]
        femur = surfaces[f"femur_{side}"]
        surfaces[f"femur_{side}"] = femur.moved(femur.vertices @ matrix[:3, :3].T + matrix[:3, 3])
        for index, band in enumerate(BANDS):
            surfaces[f"gluteus_medius_{band}_{side}"] = Surface(
                figure.bands[side].vertices[index], anatomy.band_faces(side)
            )
    surfaces["skin"] = Surface(figure.skin_vertices, anatomy.skin.rest.faces)
    return surfaces


def measure(options: Options) -> int:
    """Print or write what bands or given paths measure."""
    from hipviz.cli.measure import measure as run_measure

    return run_measure(options)


def bones(options: Options) -> int:
    """Make a specimen of a person's own bones, or look for faults in one."""
    from hipviz.cli.bones import bones as run_bones

    return run_bones(options)


def doctor(options: Options) -> int:
    """Print the state of this installation."""
    from hipviz.cli.doctor import examine

    return examine()
