"""The command `bones`: lay the shipped bones on a person's scans, and look for faults in a folder of bones.

The work itself lives in the model (`own_bones`, `specimen_check`).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hipviz.cli.arguments import Options
from hipviz.cli.progress import Progress
from hipviz.model.errors import AssetError, UsageError
from hipviz.model.files import new_folder
from hipviz.model.units import SIDES

if TYPE_CHECKING:
    from hipviz.model.specimen_check import Finding

FILES = {"hip_bone": "hip bone", "femur": "femur", "sacrum": "sacrum with coccyx"}


def add_bones(command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add `bones fit` and `bones check`."""
    bones = command("bones", "Make a specimen of a person's own bones, or look for faults in one.")
    parts = bones.add_subparsers(title="what to do", metavar="fit|check", required=True)

    summary = "Lay the shipped bones on scans (STL, OBJ, PLY, GLB, glTF, VTP). All happens on this machine."
    fit = parts.add_parser("fit", help=summary, description=summary, argument_default=argparse.SUPPRESS)
    fit.set_defaults(part="fit")
    fit.add_argument("folder", metavar="OUT_DIR", type=Path, help="folder to make; open it with --specimen")
    for name, words in FILES.items():
        fit.add_argument(
            f"--{name.replace('_', '-')}",
            type=Path,
            metavar="FILE",
            required=name == "hip_bone",
            help=f"scan of the {words}" + ("; or of a whole pelvis in pieces" if name == "hip_bone" else ""),
        )
    fit.add_argument("--unit", choices=("mm", "cm", "m"), help="unit of the files, default: found from their size")
    fit.add_argument("--side", choices=SIDES, help="side of hip bone and femur, default: found from their shape")
    fit.add_argument(
        "--landmarks",
        type=Path,
        metavar="FILE.toml",
        help="three or more places per bone, lines like asis = [x, y, z]; for scans that are laid wrongly",
    )
    fit.add_argument(
        "--tilt",
        type=float,
        metavar="D",
        help="tilt the pelvis D degrees farther forward than its spines and tubercles say, default 0",
    )
    fit.add_argument("--replace", action="store_true", help="replace the specimen that is in OUT_DIR")

    summary = "Name every fault of a folder of bones."
    check = parts.add_parser("check", help=summary, description=summary, argument_default=argparse.SUPPRESS)
    check.set_defaults(part="check")
    check.add_argument(
        "folder", metavar="DIR", type=Path, help="folder of a specimen, or an edited copy of meshes"
    )


def bones(options: Options) -> int:
    """Run `bones fit` or `bones check`."""
    return fit(options) if options.part == "fit" else check(options)


def fit(options: Options) -> int:
    """Make a specimen of the scans; the folder appears only when all is done."""
    tilt: float = getattr(options, "tilt", 0.0)
    if not -30.0 <= tilt <= 30.0:
        raise UsageError(f"--tilt {tilt:g} is outside -30 to 30 degrees.")
    # The systems to be solved are small: a second thread of the linear algebra only waits for the first.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    def may_replace(folder: Path) -> bool:
        from hipviz.model.assets import read_manifest

        if not getattr(options, "replace", False):
            raise UsageError(f"'{folder}' exists already; choose another name, or add --replace.")
        if read_manifest(folder / "manifest.toml").specimen is None:
            raise UsageError(f"'{folder}' is no specimen of hipviz, so it is not replaced; choose another name.")
        return True

    with Progress() as progress, new_folder(options.folder, may_replace) as folder:
        from hipviz.model.bone_set import read_places
        from hipviz.model.own_bones import Part, Wish, made, told

        part = Part(
            path="",
            unit=getattr(options, "unit", None),
            side=getattr(options, "side", None),
            places=read_places(options.landmarks) if "landmarks" in options else {},
        )
        parts = {
            name: msgspec.structs.replace(part, path=str(getattr(options, name)))
            for name in FILES
            if name in options
        }
        result = made(Wish(parts, tilt), folder, progress)
    for bone in result.fitted.values():
        print("\n".join([told(bone), *(f"  {note}" for note in bone.notes)]))
    print("\n".join([*result.notes, *lines(result.findings)]))
    print(f"Written to {options.folder}. See it with: hipviz --specimen {options.folder}")
    return 0


def check(options: Options) -> int:
    """Print all findings; return 1 when there is a fault."""
    from hipviz.model.specimen_check import examined

    if not options.folder.is_dir():
        raise AssetError(f"'{options.folder}' is no folder; name the folder of a specimen.")
    with Progress() as progress:
        progress("Looking for faults", 0.1)
        found = examined(options.folder)
    print("\n".join(lines(found)))
    faults = sum(finding.verdict == "fault" for finding in found)
    print("No faults." if not faults else f"{faults} fault{'s' if faults > 1 else ''} found.")
    return 1 if faults else 0


def lines(found: Sequence[Finding]) -> list[str]:
    """Return findings as lines of the report."""
    return [f"{finding.verdict:6}{finding.text}" for finding in found]
