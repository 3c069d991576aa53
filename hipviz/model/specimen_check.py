"""Everything that can be wrong with a folder of bones, one sentence per fault.

Loading, in `assets`, stops at the first fault; here all are named, and what the bones mean for the
muscle is judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from hipviz.model.assets import BONE_NAMES, Bones, faces_digest, load_bones, read_manifest, read_mesh
from hipviz.model.cage import Cage, place
from hipviz.model.checks import FOLD_DEG, dihedral_angles_deg
from hipviz.model.crossings import self_intersections
from hipviz.model.errors import AssetError
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.joint import joint_space_mm
from hipviz.model.landmarks import Landmarks, read_landmarks
from hipviz.model.leverage import Leverage
from hipviz.model.nearest import nearest_on
from hipviz.model.pose import ANGLES, NEUTRAL, RANGE_OF_MOTION_DEG, HipPose
from hipviz.model.recognition import WORDS
from hipviz.model.skin import FILE, read_half
from hipviz.model.units import BANDS

Verdict = Literal["fault", "note"]

OFF_SURFACE_MM = 3.0
"""A landmark farther than this from the bone it names is a fault."""

JOINT_SPACE_MM = (0.0, 6.0)
"""Least distance between head and socket at neutral."""

DEEPEST_MM = 2.5
"""A band may lie so deep in bone: its ends are sunk into it on purpose, by about a millimetre."""

USUAL_ARMS_MM = {
    "flexion": ((-25.0, 20.0), (-25.0, 20.0), (-25.0, 20.0)),
    "abduction": ((30.0, 70.0), (30.0, 70.0), (30.0, 70.0)),
    "internal_rotation": ((5.0, 28.0), (-15.0, 5.0), (-35.0, -20.0)),
}
"""Moment arms at neutral by band: about those of published models (OpenSim Gait2392; Dostal and Andrews 1981)."""

POSES = (NEUTRAL, HipPose(60.0, 0.0, 0.0), HipPose(0.0, 30.0, 0.0), HipPose(0.0, -15.0, 0.0))


@dataclass(frozen=True)
class Finding:
    """One sentence; a fault makes the bones unfit for use, a note is for judgement."""

    verdict: Verdict
    text: str


def examined(folder: Path) -> list[Finding]:
    """Return all findings on a folder of bones. It raises nothing that the folder could be the cause of."""
    found: list[Finding] = []
    try:
        manifest = read_manifest(folder / "manifest.toml")
    except AssetError as fault:
        return [Finding("fault", str(fault))]
    cages: dict[str, Cage] = {}
    touched: set[str] = set()
    for name in BONE_NAMES:
        record = manifest.meshes.get(name)
        if record is None:
            found.append(Finding("fault", f"{folder / 'manifest.toml'} does not list {name}; restore the entry."))
            continue
        edited: list[str] = []
        try:
            surface = read_mesh(folder / record.file, record, edited)
        except AssetError as fault:
            found.append(Finding("fault", str(fault)))
            continue
        if edited:
            touched.add(name)
            found += [Finding("note", f"{note} Its landmarks have moved along.") for note in edited]
        cages[name] = Cage(surface.vertices, surface.faces)
        found += list(_shape(name, cages[name]))
        if faces_digest(surface.faces) != record.faces_sha256:
            found.append(
                Finding(
                    "fault",
                    f"{record.file} has other triangles than its landmarks were bound to; bind them anew with "
                    f"python -m hipviz.model.bone_maker --rebind {folder}.",
                )
            )
    found += list(_places(folder, cages, touched))
    try:
        read_half(folder / FILE)
    except AssetError as fault:
        found.append(Finding("fault", str(fault)))
    try:
        bones = load_bones(folder)
    except AssetError:
        return found  # what hinders it has been named
    return [*found, *_together(bones)]


def _shape(name: str, cage: Cage) -> Iterator[Finding]:
    surface = cage.subdivided(2)
    crossing = len(self_intersections(surface))
    if crossing:
        yield Finding("fault", f"The {WORDS[name]} cuts through itself in {crossing} places; pull these apart.")
    folds = int((dihedral_angles_deg(surface) > FOLD_DEG).sum())
    if folds:
        yield Finding("fault", f"The {WORDS[name]} has {folds} folded edges; smooth it there.")


def _places(folder: Path, cages: dict[str, Cage], touched: set[str]) -> Iterator[Finding]:
    """Yield the landmarks that do not lie on their bone, or (on bones not `touched` since) not where they say."""
    try:
        landmarks = read_landmarks(folder / "landmarks.toml", None)
        if len(cages) == len(BONE_NAMES):
            landmarks = read_landmarks(folder / "landmarks.toml", cages)
    except AssetError as fault:
        yield Finding("fault", str(fault))
        landmarks = Landmarks()
    surfaces = {name: cage.subdivided(2) for name, cage in cages.items()}
    for rows in landmarks.everything().values():
        for name, spot in rows.items():
            if spot.bone not in cages or max(spot.triangles) >= len(cages[spot.bone].faces):
                continue
            if np.min(spot.weights) < -1e-3:
                yield Finding("fault", f"The landmark '{name}' lies beside its triangle, off the surface.")
            if spot.bone in touched:
                continue
            said = np.array(spot.at)
            off = float(nearest_on(surfaces[spot.bone], said).distances.max())
            moved = float(np.linalg.norm(place(cages[spot.bone], spot.binding) - said, axis=1).max())
            bone = WORDS[spot.bone]
            if off > OFF_SURFACE_MM:
                yield Finding(
                    "fault",
                    f"The landmark '{name}' was put {off:.1f} mm off the surface of the {bone}.",
                )
            elif moved > OFF_SURFACE_MM:
                yield Finding("note", f"The landmark '{name}' has moved by {moved:.1f} mm since it was bound.")


def _together(bones: Bones) -> Iterator[Finding]:
    """Yield what shows only when the bones are put together."""
    ends = [HipPose(**{angle: end}) for angle, both in RANGE_OF_MOTION_DEG.items() for end in both]
    centre = bones.position("femoral_head_centre")
    spaces = joint_space_mm(bones.surface("hip_bone"), bones.surface("femur"), centre, [NEUTRAL, *ends])
    low, high = JOINT_SPACE_MM
    if spaces[0] < low:
        yield Finding("fault", f"The head of the femur lies {-spaces[0]:.1f} mm deep in the hip bone at neutral.")
    elif spaces[0] > high:
        yield Finding("fault", f"Head and socket are {spaces[0]:.1f} mm apart at neutral; usual are 1 to 4 mm.")
    elif spaces.min() < low:
        yield Finding("note", f"At the end of a movement the head touches the socket ({spaces.min():.1f} mm).")
    middle = abs(float(bones.position("promontory")[0]))
    if middle > 8.0:
        yield Finding("fault", f"The sacrum lies {middle:.0f} mm beside the midline.")
    medius = GluteusMedius.on(bones)
    yield from _bands_in_bone(medius)
    arms = Leverage.of(medius).band_arms(NEUTRAL.angles_deg)
    for row, angle in enumerate(ANGLES):
        for column, band in enumerate(BANDS):
            least, most = USUAL_ARMS_MM[angle][column]
            arm = float(arms[row, column])
            if not least <= arm <= most:
                turning = angle.replace("_", " ")
                yield Finding(
                    "note",
                    f"The {band} part's moment arm for {turning} at neutral is {arm:.1f} mm, outside "
                    f"the published {least:.0f} to {most:.0f} mm.",
                )


def _bands_in_bone(medius: GluteusMedius) -> Iterator[Finding]:
    deepest = dict.fromkeys(BANDS, 0.0)
    for pose in POSES:
        rotation = pose.rotation()
        shape = medius.shape(rotation)
        for index, band in enumerate(BANDS):
            points = shape.vertices[index]
            on_femur = (points - medius.hip_centre) @ rotation + medius.hip_centre
            depths = [medius.fan.fixed_bone.distance(points), medius.fan.moving_bone.distance(on_femur)]
            deepest[band] = min(deepest[band], *(float(depth.min()) for depth in depths))
    for band, depth in deepest.items():
        if depth < -DEEPEST_MM:
            yield Finding("fault", f"The {band} part of gluteus medius lies up to {-depth:.1f} mm inside bone.")
