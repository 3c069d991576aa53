"""Making the shipped bones: sculpt a template, lay it on a scan, bring it into the adult's frame, bind landmarks.

Run by maintainers only (`python -m hipviz.model.bone_maker REFERENCE_FOLDER`, or `--rebind MESHES_FOLDER` after a
cage was edited so that its triangles changed); the program itself reads the files made here through `assets`.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hipviz.model.assets import (
    BONE_NAMES,
    Manifest,
    MeshRecord,
    faces_digest,
    mesh_record,
    meshes_folder,
    read_manifest,
    write_manifest,
)
from hipviz.model.cage import Cage
from hipviz.model.checks import Inspection, inspect
from hipviz.model.distance import distance_field
from hipviz.model.errors import HipvizError
from hipviz.model.fitting import FROM_NEARBY, SELF_FIT, Stage, fit, surface_distance
from hipviz.model.landmarks import Landmarks, read_landmarks, rebound, write_landmarks
from hipviz.model.nearest import nearest_on
from hipviz.model.ply import read_ply, write_ply
from hipviz.model.remesh import Sizing, remeshed
from hipviz.model.sculpt import MARGIN_MM, Grid, Sculpt, carved, polygonised, sculpted
from hipviz.model.surface import Surface
from hipviz.model.template_femur import FEMUR
from hipviz.model.template_hip_bone import HIP_BONE
from hipviz.model.template_sacrum import FORAMINA, SACRUM
from hipviz.model.units import Floats

ASIS_BREADTH_MM = 238.0
"""Between the anterior superior iliac spines of the adult shown (mean of adults, doi 10.1002/ca.23273)."""

SUBDIVISION_LEVEL = 3

# Measured on the scans, mm, in their own frame.
SCAN_ASIS = (128.1, 49.3, 65.2)
SCAN_HIP_CENTRE = (98.4, 0.0, 0.1)
SCAN_HEAD_RADIUS = 23.75
SCAN_KNEE_CENTRE = (99.25, -4.1, -376.6)

PROVENANCE = (
    "topology drawn by this project's own sculpted template; positions measured by template fitting on the CT bones "
    "of BMFToolkit (M. Sreenivasa and D. Gonzalez-Alvarado, zlib licence; Visible Human Female)"
)


@dataclass(frozen=True)
class Recipe:
    """How one bone is made."""

    sculpt: Sculpt
    sizing: Sizing
    scan_file: str
    stages: tuple[Stage, ...] = FROM_NEARBY
    step_mm: float = 2.0


RECIPES = {
    "hip_bone": Recipe(HIP_BONE, Sizing(460, 5.5, 20.0), "hip_bone_right.ply"),
    "femur": Recipe(FEMUR, Sizing(380, 6.0, 34.0), "femur_right.ply"),
    "sacrum": Recipe(SACRUM, Sizing(460, 5.0, 20.0), "sacrum.ply", step_mm=1.5),
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
        """Return points (…, 3) of the femur in the adult's frame: at neutral, its mechanical axis straight down."""
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


def scan(recipe: Recipe, folder: Path) -> Surface:
    """Return the scanned bone of a recipe; the sacral foramina, which the scan lacks, are opened."""
    surface = read_ply(folder / recipe.scan_file)
    return opened(surface) if recipe.sculpt is SACRUM else surface


def opened(sacrum: Surface, step_mm: float = 1.25) -> Surface:
    """Return the scanned sacrum with the template's foramina taken away."""
    low = sacrum.vertices.min(axis=0) - MARGIN_MM
    high = sacrum.vertices.max(axis=0) + MARGIN_MM
    distances = distance_field("scanned-sacrum", sacrum, low, high, step_mm)
    values = np.clip(distances.samples[:, 0].reshape(distances.shape).astype(np.float64), -MARGIN_MM, MARGIN_MM)
    return polygonised(carved(Grid(values, low, step_mm), FORAMINA))


def adult_frame(hip_bone: Cage, femur: Cage) -> AdultFrame:
    """Return the frame of the adult from the cages in the scans' frame."""
    head = femur.subdivided(SUBDIVISION_LEVEL).vertices
    near = np.abs(np.linalg.norm(head - np.array(SCAN_HIP_CENTRE), axis=1) - SCAN_HEAD_RADIUS) < 1.5
    ball = head[near]
    solution = np.linalg.lstsq(
        np.column_stack([2.0 * ball, np.ones(len(ball))]), (ball**2).sum(axis=1), rcond=None
    )[0]
    centre = solution[:3]
    asis = nearest_on(hip_bone.subdivided(SUBDIVISION_LEVEL), np.array([SCAN_ASIS])).positions[0]
    up = centre - np.array(SCAN_KNEE_CENTRE)
    return AdultFrame(0.5 * ASIS_BREADTH_MM / float(asis[0]), centre, _turning(up / np.linalg.norm(up)))


def _turning(up: Floats) -> Floats:
    """Return the smallest rotation (3, 3) that brings the unit vector `up` onto +z."""
    axis = np.cross(up, (0.0, 0.0, 1.0))
    cross = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1.0 + up[2]))


def make(reference: Path, meshes: Path) -> None:
    """Make all cages from the scans in `reference` and write them, landmarks and manifest into `meshes`."""
    fitted: dict[str, Cage] = {}
    for name, recipe in RECIPES.items():
        target = scan(recipe, reference)
        fitted[name] = fit(template(recipe), target, recipe.stages)
        distance = surface_distance(fitted[name].subdivided(SUBDIVISION_LEVEL), target)
        found = inspect(fitted[name].subdivided(SUBDIVISION_LEVEL))
        _tell(f"{name}: {len(fitted[name].vertices)} vertices, {_figures(distance.mean_mm, distance.p95_mm)}, {found}")
        _refuse_unsound(name, found)
    frame = adult_frame(fitted["hip_bone"], fitted["femur"])
    _tell(f"scale {frame.scale:.4f}, right hip centre at x = {frame.scale * frame.hip_centre[0]:.2f}")
    cages = {name: cage.moved(np.round(frame.of(name, cage.vertices), 4)) for name, cage in fitted.items()}
    for name, cage in cages.items():
        write_ply(meshes / f"{name}.ply", Surface(cage.vertices, cage.faces), (f"hipviz {name}, Loop cage, mm, RAS",))
    _write_landmarks(meshes, cages, BONE_NAMES)
    _write_manifest(meshes, frame.scale)


def rebind(meshes: Path) -> None:
    """Bind the landmarks anew on every bone whose triangles differ from the manifest's, and note the files as they are."""
    manifest = read_manifest(meshes / "manifest.toml")
    cages = {}
    for name in BONE_NAMES:
        surface = read_ply(meshes / manifest.meshes[name].file)
        cages[name] = Cage(surface.vertices, surface.faces)
        found = inspect(cages[name].subdivided(SUBDIVISION_LEVEL))
        _tell(f"{name}: {found}")
        _refuse_unsound(name, found)
    changed = tuple(n for n in BONE_NAMES if faces_digest(cages[n].faces) != manifest.meshes[n].faces_sha256)
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


def _figures(mean_mm: float, p95_mm: float) -> str:
    return f"mean {mean_mm:.3f} mm, 95 % {p95_mm:.3f} mm"


def _refuse_unsound(name: str, found: Inspection) -> None:
    if not found.sound:
        raise HipvizError(f"{name} is not sound: {found}. Nothing was written for it; mend the cage or the recipe.")


def _tell(words: str) -> None:
    sys.stdout.write(words + "\n")


def main() -> int:
    """Read the command line and make or rebind the bones."""
    parser = argparse.ArgumentParser(prog="python -m hipviz.model.bone_maker", description=__doc__)
    parser.add_argument("reference", type=Path, nargs="?", help="folder with hip_bone_right, femur_right, sacrum .ply")
    parser.add_argument("--rebind", type=Path, metavar="MESHES", help="bind landmarks anew after editing a cage")
    parser.add_argument("--meshes", type=Path, help="folder to write to (default: the one hipviz reads)")
    wishes = parser.parse_args()
    try:
        if wishes.rebind:
            rebind(wishes.rebind)
        elif wishes.reference:
            make(wishes.reference, wishes.meshes or meshes_folder())
        else:
            parser.error("name the folder of the scans, or --rebind a folder of meshes")
    except HipvizError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
