"""One person's bones put together: fitted ones brought into the common frame, missing ones scaled.

Fitting a single scan lives in `bone_fit`, the skin around the result in `specimen_skin`, its judgement in
`specimen_check`. Nothing about a person is kept but shape: no names, no file names, no scan.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from hipviz.model.assets import (
    BONE_NAMES,
    BoneRecord,
    Bones,
    Manifest,
    SpecimenRecord,
    load_bones,
    mesh_record,
    write_manifest,
)
from hipviz.model.bone_fit import FittedBone
from hipviz.model.cage import Cage, place
from hipviz.model.correction import NO_CORRECTION, Correction
from hipviz.model.landmarks import Landmarks, Place, write_landmarks
from hipviz.model.nearest import nearest_on
from hipviz.model.placement import Rigid, Sphere, sphere_through, turned
from hipviz.model.ply import write_ply
from hipviz.model.recognition import WORDS
from hipviz.model.surface import Surface
from hipviz.model.units import Floats, Ints

LEVEL = 3

SAME_FRAME_MM, SAME_FRAME_DEG = 35.0, 20.0
"""Two scans come from the same examination when the template's bones lie so near to their usual places."""

JOINT_MM = 8.0
"""Head and socket of one examination lie within this of each other's centre."""

SOCKET_REACH_MM, SOCKET_FACING = 29.0, 0.6
MIDLINE = ("promontory", "sacrum_centre", "s1_spinous", "s3_spinous", "sacrum_apex")


@dataclass(frozen=True, eq=False)
class Specimen:
    """One person's bones in the common frame, in true size.

    cages : as in `Bones`, right-hand, mm, RAS, origin midway between the hip centres.
    record : what the manifest keeps; notes : what the user should know, one sentence each.
    """

    cages: dict[str, Cage]
    record: SpecimenRecord
    notes: tuple[str, ...]


def assembled(
    bones: Bones, fitted: Mapping[str, FittedBone], tilt_deg: float = 0.0, day: datetime.date | None = None
) -> Specimen:
    """Put the fitted bones of one person together.

    Parameters
    ----------
    bones
        The shipped bones.
    fitted
        By name; the hip bone must be among them. Others that are missing are scaled from the shipped ones.
    tilt_deg
        Correction by hand: how much farther forward the pelvis is tilted than the plane of ASIS and pubic
        tubercles says. It is only recorded here, and applied when the bones are read.
    day
        Kept in the manifest, today when none is given.

    """
    hip = fitted["hip_bone"]
    notes: list[str] = []
    bearing = _socket(bones)
    socket = sphere_through(hip.cage.subdivided(LEVEL).vertices[bearing])
    usual = sphere_through(bones.surface("hip_bone", LEVEL).vertices[bearing])
    if np.isnan(hip.gaps_mm[bearing]).mean() > 0.5:
        notes.append(
            "The scan does not show the socket: the hip centre is where the shipped hip bone has it, and can be "
            "corrected by hand."
        )
    # A bone that is missing must fit those that are there: the head of a femur fits the socket.
    scales = {"femur": socket.radius_mm / usual.radius_mm, "sacrum": hip.similarity.scale}
    centre, means = socket.centre, "socket"
    femur, sacrum = fitted.get("femur"), fitted.get("sacrum")
    head: Sphere | None = None
    if femur is not None:
        head = sphere_through(place(femur.cage, bones.landmarks.centres["femoral_head_centre"].binding))
        if np.linalg.norm(head.centre - socket.centre) < JOINT_MM and femur.side == hip.side:
            centre, means = head.centre, "head and socket"
            notes.append("Hip bone and femur lie in one frame: the joint stays as it was scanned.")
        elif head.radius_mm > socket.radius_mm:
            notes.append(
                f"The head of the femur (radius {head.radius_mm:.1f} mm) is larger than the socket "
                f"({socket.radius_mm:.1f} mm); the bones may be of two people."
            )
    shared = sacrum is not None and _same_frame(hip, sacrum)
    frame = _pelvis_frame(bones, hip, sacrum if shared else None, centre)
    cages = {"hip_bone": hip.cage.moved(frame.of(hip.cage.vertices))}
    hip_centre = frame.of(centre)
    if sacrum is not None and shared:
        cages["sacrum"] = sacrum.cage.moved(frame.of(sacrum.cage.vertices))
    else:
        cages["sacrum"] = _placed_sacrum(bones, cages["hip_bone"], sacrum, hip.similarity.scale)
        if sacrum is not None:
            notes.append("The sacrum was scanned in another frame: it was put against the hip bone.")
    shape = femur.cage if femur else bones.cages["femur"].moved(bones.cages["femur"].vertices * scales["femur"])
    cages["femur"] = shape.moved(neutral_femur(bones, shape, hip_centre).of(shape.vertices))
    for name in BONE_NAMES:
        if name not in fitted:
            notes.append(
                f"No scan of the {WORDS[name]} was given: the shipped one was taken, {scales[name]:.0%} of "
                f"its size, to fit the {'socket' if name == 'femur' else 'hip bone'}."
            )
    record = SpecimenRecord(
        created=(day or datetime.date.today()).isoformat(),
        hip_centre=means,
        socket_radius_mm=round(socket.radius_mm, 2),
        head_radius_mm=round(head.radius_mm, 2) if head else None,
        correction=Correction(tilt_deg=tilt_deg),
        bones={name: _record(fitted.get(name), scales.get(name, 1.0)) for name in BONE_NAMES},
    )
    rounded = {name: cages[name].moved(np.round(cages[name].vertices, 4)) for name in BONE_NAMES}
    return Specimen(rounded, record, tuple(notes))


def written(specimen: Specimen, bones: Bones, folder: Path) -> Bones:
    """Write cages, landmarks, manifest and skin of a specimen into an empty folder, and load them from there."""
    from hipviz.model.specimen_skin import write_specimen_skin

    for name, cage in specimen.cages.items():
        write_ply(
            folder / f"{name}.ply", Surface(cage.vertices, cage.faces), (f"hipviz {name}, Loop cage, mm, RAS",)
        )
    write_landmarks(folder / "landmarks.toml", _moved_landmarks(bones.landmarks, specimen.cages))
    told = {
        name: "hipviz template fitted to a scan" if record.source == "scan" else "scaled from the shipped bone"
        for name, record in specimen.record.bones.items()
    }
    write_manifest(
        folder / "manifest.toml",
        Manifest(
            unit="mm",
            frame="RAS",
            side="right",
            subdivision_level=bones.manifest.subdivision_level,
            scale=1.0,
            meshes={name: mesh_record(folder / f"{name}.ply", "cage", told[name]) for name in BONE_NAMES},
            specimen=specimen.record,
        ),
    )
    own = load_bones(folder, NO_CORRECTION)
    write_specimen_skin(folder, bones, own)
    return load_bones(folder)


def _socket(bones: Bones) -> Ints:
    """Return the numbers of the vertices of the socket's bearing part, at level 3 of the shipped hip bone."""
    surface = bones.surface("hip_bone", LEVEL)
    away = surface.vertices - bones.position("femoral_head_centre")
    distance = np.linalg.norm(away, axis=1)
    facing = -np.einsum("ij,ij->i", surface.normals(), away) / distance
    usual = np.median(distance[(distance < SOCKET_REACH_MM) & (facing > SOCKET_FACING)])
    return np.asarray(np.flatnonzero((distance < 1.06 * usual) & (facing > SOCKET_FACING)))


def _same_frame(hip: FittedBone, sacrum: FittedBone) -> bool:
    """Return whether the template, laid on the hip bone, brings its sacrum about to where that was scanned."""
    turn = hip.similarity.rotation.T @ sacrum.similarity.rotation
    angle = np.degrees(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0)))
    expected, found = (bone.similarity.of(np.array([0.0, -80.0, 60.0])) for bone in (hip, sacrum))
    return bool(
        angle < SAME_FRAME_DEG
        and np.linalg.norm(expected - found) < SAME_FRAME_MM
        and hip.side == sacrum.side
        and hip.unit == sacrum.unit
    )


def _pelvis_frame(bones: Bones, hip: FittedBone, sacrum: FittedBone | None, centre: Floats) -> Rigid:
    """Return the way from the scan's frame to the common one.

    The midline comes from the sacrum and the symphysis, or, without a sacrum, from the template laid on the hip
    bone; the tilt from ASIS and pubic tubercle, which stand to each other as in the shipped adult; the origin from
    the hip centre.
    """
    rotation = hip.similarity.rotation.T
    shift = -rotation @ hip.similarity.shift
    points = bones.landmarks.points

    def at(bone: FittedBone, name: str) -> Floats:
        return np.asarray(rotation @ place(bone.cage, points[name].binding)[0] + shift)

    if sacrum is not None:
        middle = [at(sacrum, name) for name in MIDLINE]
        half_gap = bones.position("symphysis_top")[0] * hip.similarity.scale
        middle.append(at(hip, "symphysis_top") - [half_gap, 0.0, 0.0])
        places = np.array(middle)
        slope = np.linalg.lstsq(np.column_stack([places[:, 1:], np.ones(len(places))]), places[:, 0], rcond=None)[
            0
        ]
        # Rotate so that the plane x = a·y + b·z + c becomes x = 0.
        normal = np.array([1.0, -slope[0], -slope[1]])
        turn = turned(normal / np.linalg.norm(normal), np.array([1.0, 0.0, 0.0]))
        rotation = turn @ rotation
        shift = turn @ shift - [slope[2] / np.linalg.norm(normal), 0.0, 0.0]
    front = at(hip, "asis") - at(hip, "pubic_tubercle")
    usual = bones.position("asis") - bones.position("pubic_tubercle")
    angle = np.arctan2(front[1], front[2]) - np.arctan2(usual[1], usual[2])
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]])
    rotation, shift = turn @ rotation, turn @ shift
    shift = shift - (rotation @ centre + shift) * [0.0, 1.0, 1.0]
    return Rigid(rotation, shift)


def _placed_sacrum(bones: Bones, hip_bone: Cage, sacrum: FittedBone | None, scale: float) -> Cage:
    """Return a sacrum that no frame ties to the hip bone, put against its joint surface."""
    shipped = bones.surface("hip_bone", LEVEL).vertices
    joint = nearest_on(bones.surface("sacrum", 2), shipped).distances < 5.0
    there = shipped[joint].mean(axis=0)
    here = hip_bone.subdivided(LEVEL).vertices[joint].mean(axis=0)
    if sacrum is None:
        vertices = bones.cages["sacrum"].vertices
        size = np.array([here[0] / there[0], scale, scale])
        return bones.cages["sacrum"].moved((vertices - there * [0, 1, 1]) * size + here * [0, 1, 1])
    laid = (sacrum.cage.vertices - sacrum.similarity.shift) @ sacrum.similarity.rotation
    return sacrum.cage.moved(laid + (here - sacrum.similarity.scale * there) * [0, 1, 1])


def neutral_femur(bones: Bones, femur: Cage, hip_centre: Floats) -> Rigid:
    """Return how a femur gets to neutral: head in the hip centre, knee below, turned as the shipped one."""
    points = bones.landmarks.points
    cages = {"femur": femur}
    head = bones.landmarks.position(cages, "femoral_head_centre")
    up = head - bones.landmarks.position(cages, "knee_centre")
    turn = turned(up / np.linalg.norm(up), np.array([0.0, 0.0, 1.0]))

    def across(cage: Cage, by: Floats) -> float:
        ends = [place(cage, points[name].binding)[0] for name in ("lateral_epicondyle", "medial_epicondyle")]
        way = by @ (ends[0] - ends[1])
        return float(np.arctan2(way[1], way[0]))

    angle = across(bones.cages["femur"], np.eye(3)) - across(femur, turn)
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]]) @ turn
    return Rigid(turn, hip_centre - turn @ head)


def _moved_landmarks(landmarks: Landmarks, cages: Mapping[str, Cage]) -> Landmarks:
    """Return the landmarks with what they say of their place brought up to date."""
    tables: dict[str, dict[str, Place]] = {}
    for table, rows in landmarks.everything().items():
        tables[table] = {}
        for name, spot in rows.items():
            at = np.round(place(cages[spot.bone], spot.binding), 2) + 0.0
            tables[table][name] = msgspec.structs.replace(spot, at=tuple(tuple(row) for row in at.tolist()))
    return Landmarks(**tables)


def _record(bone: FittedBone | None, scale: float) -> BoneRecord:
    if bone is None:
        return BoneRecord(source="template", scale=round(scale, 4))
    return BoneRecord(
        source="scan",
        scale=round(bone.similarity.scale, 4),
        unit=bone.unit,
        side=bone.side,
        mean_mm=round(bone.distance.mean_mm, 3),
        p95_mm=round(bone.distance.p95_mm, 3),
        max_mm=round(bone.distance.max_mm, 2),
        coverage=round(bone.coverage.share, 3),
        not_seen=bone.coverage.missing,
    )
