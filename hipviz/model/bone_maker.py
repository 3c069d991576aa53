"""Making the shipped bones: sculpt a template, lay it on a scan, bring it into the adult's frame, bind landmarks.

Run by hand: `python -m hipviz.model.bone_maker FOLDER_OF_SCANS` makes all cages anew, `--check MESHES` looks
closely at edited ones, `--rebind MESHES` binds landmarks to a cage whose triangles changed. The program itself
reads the files made here through `assets`.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipviz.model import reference_scans
from hipviz.model.assets import (
    BONE_NAMES,
    Manifest,
    MeshRecord,
    faces_digest,
    load_bones,
    mesh_record,
    meshes_folder,
    read_manifest,
    write_manifest,
)
from hipviz.model.cage import Cage
from hipviz.model.checks import Inspection, inspect
from hipviz.model.errors import HipvizError
from hipviz.model.fitting import SELF_FIT, fit, surface_distance
from hipviz.model.joint import joint_space_mm
from hipviz.model.landmarks import Landmarks, read_landmarks, rebound, write_landmarks
from hipviz.model.nearest import nearest_on
from hipviz.model.ply import read_ply, write_ply
from hipviz.model.pose import RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.remesh import Sizing, remeshed
from hipviz.model.sculpt import Sculpt, sculpted
from hipviz.model.surface import Surface
from hipviz.model.template_femur import FEMUR
from hipviz.model.template_hip_bone import HIP_BONE
from hipviz.model.template_sacrum import SACRUM
from hipviz.model.units import Floats

ASIS_BREADTH_MM = 238.0
"""Between the anterior superior iliac spines of the adult shown (mean of adults, doi 10.1002/ca.23273)."""

SUBDIVISION_LEVEL = 3

PROVENANCE = (
    "topology drawn by this project's own sculpted template; positions measured by template fitting on the CT "
    "bones of BMFToolkit (M. Sreenivasa and D. Gonzalez-Alvarado, zlib licence; Visible Human Female)"
)


@dataclass(frozen=True)
class Recipe:
    """How the template of one bone is made."""

    sculpt: Sculpt
    sizing: Sizing
    step_mm: float = 2.0


# Sizings ask for more vertices than come out: even triangles are rarer than the estimate takes them to be.
RECIPES = {
    "hip_bone": Recipe(
        HIP_BONE,
        Sizing(
            465,
            5.5,
            20.0,
            fine_at=(
                (58.0, -44.0, 113.0, 9.0),  # border and hollow of the sacropelvic face
                (61.0, -40.0, 78.0, 8.0),
                (48.0, -74.0, 96.0, 9.0),
                (60.0, -66.0, 78.0, 8.0),
                (4.0, 30.0, -22.0, 7.0),  # edge of the symphysis
                (61.0, -54.0, -2.0, 6.0),  # ischial spine
            ),
        ),
    ),
    "femur": Recipe(
        FEMUR,
        Sizing(
            390,
            6.0,
            34.0,
            fine_at=(
                (108.0, -14.0, -46.0, 6.0),  # lesser trochanter
                (140.0, -19.0, -15.0, 7.0),  # trochanteric fossa
            ),
        ),
    ),
    "sacrum": Recipe(SACRUM, Sizing(440, 4.5, 20.0), step_mm=1.25),
}


@dataclass(frozen=True, eq=False)
class AdultFrame:
    """The way from the scans' frame to that of the adult shown."""

    scale: float
    hip_centre: Floats
    femur_rotation: Floats

    def pelvis(self, points: Floats) -> Floats:
        """Return points (…, 3) of the hip bone or sacrum in the adult's frame."""
        return self.scale * (points - self.hip_centre * (0.0, 1.0, 1.0))

    def femur(self, points: Floats) -> Floats:
        """Return points (…, 3) of the femur in the adult's frame: neutral, its mechanical axis straight down."""
        turned = (points - self.hip_centre) @ self.femur_rotation.T
        return self.scale * (turned + self.hip_centre * (1.0, 0.0, 0.0))

    def of(self, bone: str, points: Floats) -> Floats:
        """Return points (…, 3) of a bone in the adult's frame."""
        return self.femur(points) if bone == "femur" else self.pelvis(points)


def template(recipe: Recipe) -> Cage:
    """Return the template cage of a recipe, in the scans' frame."""
    surface = sculpted(recipe.sculpt, recipe.step_mm)
    cage = remeshed(surface, recipe.sizing, start=sculpted(recipe.sculpt, recipe.step_mm + 0.5))
    return fit(cage, surface, SELF_FIT, samples=8000)


def adult_frame(hip_bone: Cage) -> AdultFrame:
    """Return the frame of the adult; its size comes from the fitted hip bone, in the scans' frame."""
    asis = nearest_on(hip_bone.subdivided(SUBDIVISION_LEVEL), reference_scans.ASIS[None]).positions[0]
    return adult_frame_of_scale(0.5 * ASIS_BREADTH_MM / float(asis[0]))


def adult_frame_of_scale(scale: float) -> AdultFrame:
    """Return the frame of an adult who is `scale` times as large as the person scanned."""
    up = reference_scans.HIP_CENTRE - reference_scans.KNEE_CENTRE
    return AdultFrame(scale, reference_scans.HIP_CENTRE, _turning(up / np.linalg.norm(up)))


def _turning(up: Floats) -> Floats:
    """Return the smallest rotation (3, 3) that brings the unit vector `up` onto +z."""
    axis = np.cross(up, (0.0, 0.0, 1.0))
    cross = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1.0 + up[2]))


def fitted_to(name: str, target: Surface) -> Cage:
    """Return the template of a bone laid on `target`. Raises HipvizError when the result is not sound."""
    cage = fit(template(RECIPES[name]), target)
    surface = cage.subdivided(SUBDIVISION_LEVEL)
    distance, found = surface_distance(surface, target), inspect(surface)
    _tell(
        f"{name}: {len(cage.vertices)} vertices, mean {distance.mean_mm:.3f} mm, 95 % {distance.p95_mm:.3f} mm, "
        f"{found}"
    )
    _refuse_unsound(name, found)
    return cage


def make(reference: Path, meshes: Path) -> None:
    """Make all cages from the scans in `reference` and write them, landmarks and manifest into `meshes`."""
    fitted: dict[str, Cage] = {}
    fitted["hip_bone"] = fitted_to("hip_bone", reference_scans.hip_bone(reference))
    fitted["femur"] = fitted_to("femur", reference_scans.femur(reference))
    hip_bone = fitted["hip_bone"].subdivided(SUBDIVISION_LEVEL)
    fitted["sacrum"] = fitted_to("sacrum", reference_scans.sacrum(reference, hip_bone))
    frame = adult_frame(fitted["hip_bone"])
    _tell(f"scale {frame.scale:.4f}, right hip centre at x = {frame.scale * frame.hip_centre[0]:.2f}")
    cages = {name: cage.moved(np.round(frame.of(name, cage.vertices), 4)) for name, cage in fitted.items()}
    for name, cage in cages.items():
        write_ply(
            meshes / f"{name}.ply", Surface(cage.vertices, cage.faces), (f"hipviz {name}, Loop cage, mm, RAS",)
        )
    _write_landmarks(meshes, cages, BONE_NAMES)
    _write_manifest(meshes, frame.scale)


def check(meshes: Path) -> None:
    """Tell all that can be found out about the bones in a folder. Raises HipvizError for an unsound one."""
    bones = load_bones(meshes)
    for note in bones.notes:
        _tell(note)
    for name in BONE_NAMES:
        for level in (2, SUBDIVISION_LEVEL):
            found = inspect(bones.surface(name, level))
            _tell(f"{name}, level {level}: {found}")
            _refuse_unsound(name, found)
    ends = [HipPose(**{angle: end}) for angle, both in RANGE_OF_MOTION_DEG.items() for end in both]
    spaces = joint_space_mm(
        bones.surface("hip_bone"),
        bones.surface("femur"),
        bones.position("femoral_head_centre"),
        [HipPose(), *ends],
    )
    _tell(f"least joint space at neutral and at the end of each movement: {np.round(spaces, 2).tolist()} mm")
    if spaces.min() <= 0.0:
        raise HipvizError("The head of the femur cuts into the hip bone; mend the socket or the head.")


def rebind(meshes: Path) -> None:
    """Bind landmarks anew on every bone whose triangles differ from the manifest's; note the files as they are."""
    manifest = read_manifest(meshes / "manifest.toml")
    cages = {}
    for name in BONE_NAMES:
        surface = read_ply(meshes / manifest.meshes[name].file)
        cages[name] = Cage(surface.vertices, surface.faces)
    changed = tuple(n for n in BONE_NAMES if faces_digest(cages[n].faces) != manifest.meshes[n].faces_sha256)
    for name in changed:
        found = inspect(cages[name].subdivided(SUBDIVISION_LEVEL))
        _tell(f"{name}: {found}")
        _refuse_unsound(name, found)
    _write_landmarks(meshes, cages, changed)
    _write_manifest(meshes, manifest.scale)
    _tell(f"bound anew: {', '.join(changed) or 'nothing'}")


def _write_landmarks(meshes: Path, cages: dict[str, Cage], changed: tuple[str, ...]) -> None:
    path = meshes / "landmarks.toml"
    landmarks = read_landmarks(path, None) if path.exists() else Landmarks()
    write_landmarks(path, rebound(landmarks, cages, changed))


def _write_manifest(meshes: Path, scale: float) -> None:
    path = meshes / "manifest.toml"
    records: dict[str, MeshRecord] = dict(read_manifest(path).meshes) if path.exists() else {}
    for name in BONE_NAMES:
        records[name] = mesh_record(meshes / f"{name}.ply", "cage", PROVENANCE)
    write_manifest(
        path,
        Manifest(
            unit="mm", frame="RAS", side="right", subdivision_level=SUBDIVISION_LEVEL, scale=scale, meshes=records
        ),
    )


def _refuse_unsound(name: str, found: Inspection) -> None:
    if not found.sound:
        raise HipvizError(
            f"{name} is not sound: {found}. Nothing was written for it; mend the cage or the recipe."
        )


def _tell(words: str) -> None:
    sys.stdout.write(words + "\n")


def main() -> int:
    """Read the command line and make or rebind the bones."""
    parser = argparse.ArgumentParser(prog="python -m hipviz.model.bone_maker", description=__doc__)
    parser.add_argument(
        "reference", type=Path, nargs="?", help="folder with hip_bone_right, femur_right, sacrum .ply"
    )
    parser.add_argument("--rebind", type=Path, metavar="MESHES", help="bind landmarks anew after editing a cage")
    parser.add_argument("--check", type=Path, metavar="MESHES", help="inspect the bones in a folder closely")
    parser.add_argument("--meshes", type=Path, help="folder to write to (default: the one hipviz reads)")
    wishes = parser.parse_args()
    try:
        if wishes.check:
            check(wishes.check)
        elif wishes.rebind:
            rebind(wishes.rebind)
        elif wishes.reference:
            make(wishes.reference, wishes.meshes or meshes_folder())
        else:
            parser.error("name the folder of the scans, or --check or --rebind a folder of meshes")
    except HipvizError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
