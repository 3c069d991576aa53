"""The shipped skin warped around another person's bones: carried along by landmarks, then kept outside of them.

The shape of the shipped skin is drawn in `skin_sculpt`; how a skin moves lives in `skin`.
"""

from pathlib import Path

import msgspec
import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.spatial import cKDTree

from hipviz.model.assets import Bones, load_bones, mesh_record, read_manifest, write_manifest
from hipviz.model.blending import neighbour_average, smooth_step
from hipviz.model.correction import NO_CORRECTION
from hipviz.model.fitting import Mask
from hipviz.model.gluteus_medius import GluteusMedius
from hipviz.model.ply import write_ply
from hipviz.model.skin import FILE, read_half
from hipviz.model.surface import Surface
from hipviz.model.units import MIRROR, Floats

PROVENANCE = "the shipped skin, warped around the bones beside it"

MARGINS_MM = {"hip_bone": 4.0, "sacrum": 4.0, "femur": 9.0, "muscle": 3.5}
"""Least cover of what lies inside; a little less than the sculpt gives, so that a good place is left alone."""

END_MM = 70.0
ROUNDS = 14


def warped_half(shipped: Bones, own: Bones) -> Surface:
    """Return the right half of the skin (open at x = 0 and at its ends) around the bones of `own`."""
    half = read_half(shipped.folder / FILE)
    there, here = partners(shipped, own)
    carry = RBFInterpolator(there, here - there, kernel="linear", smoothing=2.0, degree=1)
    vertices = half.vertices + carry(half.vertices)
    vertices = _flat_ends(half.vertices, vertices)
    midline = np.abs(half.vertices[:, 0]) < 1e-3
    vertices[:, 0] = np.where(midline, 0.0, np.maximum(vertices[:, 0], 0.02))
    return _kept_outside(half.moved(vertices), own, midline)


def rewarped_half(own: Bones) -> Surface:
    """Return the right half of a specimen's skin, carried along with what was put right of its bones by hand."""
    return warped_half(load_bones(own.folder, NO_CORRECTION), own)


def write_specimen_skin(folder: Path, shipped: Bones, own: Bones) -> None:
    """Write the warped skin into the folder of a specimen and note it in its manifest."""
    write_ply(folder / FILE, warped_half(shipped, own), ("hipviz skin, right half, mm, RAS", PROVENANCE))
    manifest = read_manifest(folder / "manifest.toml")
    record = mesh_record(folder / FILE, "half", PROVENANCE)
    write_manifest(
        folder / "manifest.toml", msgspec.structs.replace(manifest, meshes={**manifest.meshes, "skin": record})
    )


def partners(shipped: Bones, own: Bones) -> tuple[Floats, Floats]:
    """Return where named places lie in the shipped adult and in the specimen, (k, 3) each, both sides."""
    there: list[Floats] = []
    here: list[Floats] = []
    for found, bones in ((there, shipped), (here, own)):
        places = [*bones.positions().values(), *bones.curve("iliac_crest")[::4]]
        found += [*places, *(place * MIRROR for place in places)]
    first, second = np.array(there), np.array(here)
    # The same place may bear two names; the warp must not be asked twice.
    _, once = np.unique(np.round(first, 1), axis=0, return_index=True)
    first, second = first[once], second[once]
    central = np.abs(first[:, 0]) < 1.5
    second[central, 0] = first[central, 0]
    return first, second


def _flat_ends(before: Floats, after: Floats) -> Floats:
    """Return the warped vertices with both cut ends level, as they were before."""
    z = before[:, 2]
    result = after.copy()
    for end, inward in ((z.max(), -1.0), (z.min(), 1.0)):
        rim = np.abs(z - end) < 0.5
        level = after[rim, 2].mean()
        share = 1.0 - smooth_step(inward * (z - end), 0.0, END_MM)
        straight = level + (z - end)
        result[:, 2] = (1.0 - share) * result[:, 2] + share * straight
    return result


def _kept_outside(half: Surface, own: Bones, midline: Mask) -> Surface:
    """Return the skin pushed out, smoothly, where bones or muscle would come too near to it."""
    core = [own.surface(name, 2).vertices for name in ("hip_bone", "sacrum", "femur")]
    core.append(GluteusMedius.on(own).shape(np.eye(3)).vertices.reshape(-1, 3)[::3])
    points = np.concatenate(core)
    margin = np.concatenate(
        [np.full(len(part), size) for part, size in zip(core, MARGINS_MM.values(), strict=True)]
    )
    low, high = half.vertices[:, 2].min() + 8.0, half.vertices[:, 2].max() - 8.0
    inside = (points[:, 2] > low) & (points[:, 2] < high) & (points[:, 0] > -2.0)
    points, margin = points[inside], margin[inside]
    average = neighbour_average(half)
    base, vertices = half.vertices, half.vertices
    lift = np.zeros(len(base))
    normals = half.normals()
    for _ in range(ROUNDS):
        near = np.asarray(cKDTree(vertices).query(points)[1])
        short = np.einsum("ij,ij->i", points - vertices[near], normals[near]) + margin
        sideways = np.linalg.norm(points - vertices[near], axis=1)
        needed = np.where(sideways < 60.0, np.maximum(short, 0.0), 0.0)
        if needed.max() < 0.3:
            break
        more = np.zeros(len(base))
        np.maximum.at(more, near, needed)
        wanted = lift + more
        lift = wanted
        for _ in range(6):
            lift = np.maximum(wanted, average @ lift)
        vertices = base + lift[:, None] * normals
        vertices[:, 0] = np.where(midline, 0.0, np.maximum(vertices[:, 0], 0.02))
    return half.moved(vertices)
