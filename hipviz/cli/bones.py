"""The command `bones`: lay the shipped bones on a person's scans, and look for faults in a folder of bones.

The work itself lives in the model (`bone_set`, `specimen`, `specimen_check`).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hipviz.cli.arguments import Options
from hipviz.cli.progress import Progress
from hipviz.model.errors import AssetError, HipvizError, UsageError
from hipviz.model.units import SIDES

if TYPE_CHECKING:
    from hipviz.model.bone_fit import FittedBone
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
    with new_folder(options.folder, getattr(options, "replace", False)) as folder, Progress() as progress:
        from hipviz.model.assets import load_bones
        from hipviz.model.bone_set import fit_set, read_places
        from hipviz.model.scan import read_scan
        from hipviz.model.specimen import assembled, written
        from hipviz.model.specimen_check import examined

        progress("Reading the scans", 0.0)
        shipped = load_bones()
        places = read_places(options.landmarks) if "landmarks" in options else None
        scans = {name: read_scan(getattr(options, name)) for name in FILES if name in options}
        fitted = fit_set(
            shipped,
            scans,
            unit=getattr(options, "unit", None),
            side=getattr(options, "side", None),
            places=places,
            progress=lambda words, share: progress(words, 0.85 * share),
        )
        progress("Putting the bones together", 0.85)
        specimen = assembled(shipped, fitted, tilt)
        progress("Laying muscle and skin on them", 0.88)
        written(specimen, shipped, folder)
        progress("Looking for faults", 0.95)
        found = examined(folder)
    for bone in fitted.values():
        print("\n".join(report(bone)))
    print("\n".join([*specimen.notes, *lines(found)]))
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


def report(bone: FittedBone) -> Iterator[str]:
    """Yield what was found out about one bone, for people."""
    away = bone.distance
    yield (
        f"{FILES[bone.name].capitalize()}: mean {away.mean_mm:.2f} mm from the scan, 95 % within "
        f"{away.p95_mm:.2f}, at most {away.max_mm:.1f}; {bone.coverage.share:.0%} of the bone was covered."
    )
    for note in bone.notes:
        yield f"  {note}"


def lines(found: list[Finding]) -> list[str]:
    """Return findings as lines of the report."""
    return [f"{finding.verdict:6}{finding.text}" for finding in found]


@contextmanager
def new_folder(target: Path, replace: bool) -> Iterator[Path]:
    """Yield an empty folder beside `target` that takes its name at the end, and is gone if the work does not end.

    Raises UsageError when something is there already that may not be replaced.
    """
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        from hipviz.model.assets import read_manifest

        if not replace:
            raise UsageError(f"'{target}' exists already; choose another name, or add --replace.")
        if not target.is_dir() or read_manifest(target / "manifest.toml").specimen is None:
            raise UsageError(f"'{target}' is no specimen of hipviz, so it is not replaced; choose another name.")
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as fault:
        raise HipvizError(f"'{target}' cannot be made: {fault.strerror}.") from fault
    try:
        yield temporary
        temporary.chmod(0o755)
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            target.replace(old)
            temporary.replace(target)
            shutil.rmtree(old)
        else:
            temporary.replace(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
