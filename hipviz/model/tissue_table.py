"""The table of `cushion`: how the skin gives in each of its poses, worked out once for every body.

What tissue does lives in `tissue`, `untangling` and `covering`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

import numpy as np

from hipviz.model.covering import covered
from hipviz.model.cushion import AXES
from hipviz.model.pose import HipPose
from hipviz.model.rotation import rotation_vector
from hipviz.model.tissue import EASING_REACH_MM, Tissue, balanced, eased, filled, lifted, way_out
from hipviz.model.units import Floats
from hipviz.model.untangling import Watch, caught, folded, untangled

STEP_DEG = 10.0
"""How far a skin is carried on at once where it cannot be brought into a pose straight away."""

COVER_MM = 2.0
"""Least cover with which no other way into a pose is tried."""

DEEPEST_DEG = 100.0
"""Deepest flexion that other ways are tried for, unless skin is tangled: beyond it bone often meets bone."""

PATIENCE, LITTLE_PATIENCE = 25, 3
"""How long better cover is sought in vain, within that flexion and beyond."""

Shaped = tuple[Floats, float]
"""A shape (n, 3) and how deep the least covered point inside lies, mm; minus infinity where it is tangled."""


def displacement_table(tissue: Tissue, done: Callable[[float], None]) -> Floats:
    """Return displacements (7, 5, 4, n, 3), mm, that keep the volume and cover what lies inside.

    done : hears after every pose which share of all is worked out, 0…1.
    """
    flexions, abductions, turns = AXES
    table = np.empty((*(len(axis) for axis in AXES), *tissue.rest.vertices.shape))
    upright = int(np.flatnonzero(flexions == 0.0)[0])
    worked_out = 0
    for (i, abduction), (j, turn) in itertools.product(enumerate(abductions), enumerate(turns)):
        # From upright both ways, so that every shape has a gentler one beside it to go on from.
        for way in (range(upright, len(flexions)), range(upright - 1, -1, -1)):
            poses = [HipPose(float(flexions[number]), float(abduction), float(turn)) for number in way]
            for number, pose, shape in zip(way, poses, shapes(tissue, poses), strict=True):
                table[number, i, j] = shape - tissue.turned_at(pose.rotation())
                worked_out += 1
                done(worked_out / table[..., 0, 0].size)
    return table


def shapes(tissue: Tissue, poses: Sequence[HipPose]) -> Iterator[Floats]:
    """Yield the skin (n, 3), mm, in poses that go farther and farther from neutral.

    Each is reached straight away; where that tangles the skin or bares what it covers, on from the pose before;
    and at last by small steps all the way from neutral.
    """
    at, shape = HipPose(), tissue.rest.vertices
    walked_to, walked, ahead = HipPose(), (tissue.rest.vertices, 0.0), []
    for pose in poses:
        ahead.append(pose)
        found = _straight(tissue, pose)
        wanted = COVER_MM if pose.flexion_deg <= DEEPEST_DEG else -np.inf
        if at != HipPose() and (found[1] < wanted or np.isneginf(found[1])):
            found = max(found, _carried_on(tissue, pose, at, shape), key=itemgetter(1))
        if found[1] < wanted or (at == HipPose() and np.isneginf(found[1])):
            for stop in ahead:
                walked_to, walked = stop, _carried_on(tissue, stop, walked_to, walked[0])
            found, ahead = max(found, walked, key=itemgetter(1)), []
        at, shape = pose, found[0]
        yield shape


def _straight(tissue: Tissue, pose: HipPose) -> Shaped:
    """Return the skin as the thigh and the give of its tissue bring it into a pose."""
    rotation = pose.rotation()
    skin = tissue.skin_at(rotation)
    taut = eased(skin, tissue)
    return _finished(tissue.on_its_side(skin), balanced(taut, tissue.ratio(taut), tissue), rotation, tissue)


def _carried_on(tissue: Tissue, pose: HipPose, before: HipPose, shape: Floats) -> Shaped:
    """Return the skin brought into a pose from its shape before by small steps; what would tangle stays behind."""
    steps = int(np.ceil(np.abs(np.subtract(pose.angles_deg, before.angles_deg)).max() / STEP_DEG))
    last, cover = before.rotation(), -np.inf
    patience = PATIENCE if pose.flexion_deg <= DEEPEST_DEG else LITTLE_PATIENCE
    for number in range(1, steps + 1):
        rotation = before.blended(pose, number / steps).rotation()
        carried = tissue.on_its_side(_turned(shape, rotation @ last.T, tissue))
        (shape, cover), last = _finished(shape, carried, rotation, tissue, patience), rotation
    return shape, cover


def _turned(shape: Floats, turn: Floats, tissue: Tissue) -> Floats:
    """Return a shape (n, 3) turned about the hip, every vertex as far as it follows the thigh (Rodrigues)."""
    vector = rotation_vector(turn)
    angle = float(np.linalg.norm(vector))
    axis = vector / max(angle, 1e-12)
    share = angle * tissue.follows[:, None]
    points = shape - tissue.hip_centre
    along = (points @ axis)[:, None] * axis
    turned = along + np.cos(share) * (points - along) + np.sin(share) * np.cross(axis, points)
    return np.asarray(turned + tissue.hip_centre)


def _finished(start: Floats, wanted: Floats, rotation: Floats, tissue: Tissue, patience: int = PATIENCE) -> Shaped:
    """Return a wanted shape with its volume and cover, untangled on the way from its start."""
    inside, watch = tissue.inside_at(rotation), Watch(folded(tissue.ratio(wanted), tissue), tissue)
    angle_deg = float(np.degrees(np.linalg.norm(rotation_vector(rotation))))
    full = lifted(filled(wanted, angle_deg, tissue), inside, tissue)
    shape = untangled(start, full, rotation, watch, tissue)
    if shape is None:
        return wanted, -np.inf
    return covered(
        shape,
        inside,
        tissue.aside(EASING_REACH_MM),
        tissue.over,
        tissue.normals,
        lambda vertex, normals: way_out(vertex, normals, tissue),
        lambda shape: caught(shape, rotation, watch, tissue) is None,
        patience,
    )
