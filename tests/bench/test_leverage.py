"""Moment arms per second of processor time beside OpenSim and a plain loop; measured in turns in one run.

The same straight paths (Gait2392's and Dostal's gluteus medius) at the same poses, the values compared as well.
OpenSim comes with `pip install hipviz[compare]`.
"""

import math
import statistics
import time

import numpy as np
import pytest

from hipviz.model.leverage import lengths
from hipviz.model.paths import StraightPaths
from hipviz.model.pose import ANGLES, RANGE_OF_MOTION_DEG, rotations

pytestmark = pytest.mark.bench

ROUNDS = 5
FRAME_MS = 1000.0 / 60.0
LEAST_RATIO_TO_OPENSIM = 500
LEAST_RATIO_TO_A_LOOP = 10
LOW, HIGH = np.array(list(RANGE_OF_MOTION_DEG.values())).T
PATHS = StraightPaths(  # RAS, right hip: Gait2392 med1–3, Dostal's three parts
    ("med1", "med2", "med3", "med_ant", "med_mid", "med_post"),
    np.array(
        [
            [37.4, 29.9, 96.5],
            [-6.9, -14.8, 110.6],
            [-18.7, -51.6, 76.6],
            [62.0, 27.0, 102.0],
            [18.0, -2.0, 132.0],
            [-15.0, -48.0, 97.0],
        ]
    ),
    np.array([[55.5, -21.8, -11.7], [52.7, -25.8, -5.8], [51.8, -30.9, -4.7], *[[73.0, -18.0, -26.0]] * 3]),
)


def poses(count):
    return LOW + (HIGH - LOW) * np.random.default_rng(7).random((count, 3))


def seconds(work):
    before = time.process_time()
    work()
    return time.process_time() - before


class OpenSimHip:
    """A pelvis, a femur, three coordinates in hipviz' order and signs, and the paths as path springs."""

    def __init__(self, paths):
        osim = pytest.importorskip("opensim", reason="needs OpenSim: pip install hipviz[compare]")
        osim.Logger.setLevelString("off")
        self.model = model = osim.Model()
        femur = osim.Body("femur", 1.0, osim.Vec3(0), osim.Inertia(0.1, 0.1, 0.1))
        model.addBody(femur)
        transform = osim.SpatialTransform()
        # OpenSim's axes: x forward, y up, z right. Abduction is the negative turn about the forward axis.
        turns = (osim.Vec3(0, 0, 1), osim.Vec3(-1, 0, 0), osim.Vec3(0, 1, 0))
        for index, (name, axis) in enumerate(zip(ANGLES, turns, strict=True)):
            about = transform.updTransformAxis(index)
            about.setCoordinateNames(osim.ArrayStr(name, 1))
            about.setAxis(axis)
            about.set_function(osim.LinearFunction(1.0, 0.0))
        at = osim.Vec3(0)
        model.addJoint(osim.CustomJoint("hip", model.getGround(), at, at, femur, at, at, transform))
        for name, origin, insertion in zip(paths.names, paths.origins, paths.insertions, strict=True):
            spring = osim.PathSpring(name, 0.1, 1.0, 0.0)
            for end, body, point in (("o", model.getGround(), origin), ("i", femur, insertion)):
                place = osim.Vec3(point[1] / 1000.0, point[2] / 1000.0, point[0] / 1000.0)
                spring.updGeometryPath().appendNewPathPoint(f"{name}_{end}", body, place)
            model.addForce(spring)
        model.finalizeConnections()
        self.state = model.initSystem()
        self.coordinates = [model.getCoordinateSet().get(name) for name in ANGLES]
        self.geometry = [
            osim.PathSpring.safeDownCast(model.getForceSet().get(name)).getGeometryPath() for name in paths.names
        ]

    def arms(self, angles_deg):
        """Moment arms (poses, angles, paths), mm."""
        found = np.empty((len(angles_deg), 3, len(self.geometry)))
        for p, angles in enumerate(np.radians(angles_deg)):
            for coordinate, angle in zip(self.coordinates, angles, strict=True):
                coordinate.setValue(self.state, float(angle), False)
            self.model.realizePosition(self.state)
            for n, path in enumerate(self.geometry):
                for k, coordinate in enumerate(self.coordinates):
                    found[p, k, n] = 1000.0 * path.computeMomentArm(self.state, coordinate)
        return found


def loop_arms(paths, angles_deg):
    """The same as a plain loop: one fibre, one pose and one axis after the other, without numpy."""
    origins, insertions = paths.origins.tolist(), paths.insertions.tolist()
    found = []
    for flexion, abduction, rotation in np.radians(angles_deg).tolist():
        cf, sf = math.cos(flexion), math.sin(flexion)
        ca, sa = math.cos(abduction), math.sin(abduction)
        cr, sr = math.cos(rotation), math.sin(rotation)
        turned = (
            (ca * cr, -ca * sr, -sa),
            (cf * sr - sf * sa * cr, cf * cr + sf * sa * sr, -sf * ca),
            (sf * sr + cf * sa * cr, sf * cr - cf * sa * sr, cf * ca),
        )
        axes = ((1.0, 0.0, 0.0), (0.0, -cf, -sf), tuple(row[2] for row in turned))
        for o, i in zip(origins, insertions, strict=True):
            p = [row[0] * i[0] + row[1] * i[1] + row[2] * i[2] for row in turned]
            length = math.dist(o, p)
            moment = (p[1] * o[2] - p[2] * o[1], p[2] * o[0] - p[0] * o[2], p[0] * o[1] - p[1] * o[0])
            found.append([(a[0] * moment[0] + a[1] * moment[1] + a[2] * moment[2]) / length for a in axes])
    return np.array(found).reshape(len(angles_deg), len(origins), 3).swapaxes(1, 2)


def compared(name, other, own, few, many):
    """Print and return how many times more moment arms per second `own` computes than `other`."""
    theirs, ours = [], []
    for _ in range(ROUNDS):
        theirs.append(few / seconds(other))
        ours.append(many / seconds(own))
    per_second, own_per_second = statistics.median(theirs), statistics.median(ours)
    ratio = own_per_second / per_second
    print(f"\n{name}: {per_second:,.0f} moment arms per second; hipviz {own_per_second:,.0f}, {ratio:,.0f} ×")
    return ratio


def test_straight_paths_beside_opensim():
    hip = OpenSimHip(PATHS)
    few, many = poses(60), poses(20_000)
    assert np.abs(PATHS.measured(few)[1] - hip.arms(few)).max() < 1e-3
    arms = 3 * len(PATHS.names)
    ratio = compared(
        "OpenSim", lambda: hip.arms(few), lambda: PATHS.measured(many), arms * len(few), arms * len(many)
    )
    assert ratio >= LEAST_RATIO_TO_OPENSIM


def test_straight_paths_beside_a_plain_loop():
    few, many = poses(1_000), poses(20_000)
    assert np.abs(PATHS.measured(few)[1] - loop_arms(PATHS, few)).max() < 1e-9
    arms = 3 * len(PATHS.names)
    ratio = compared(
        "plain loop",
        lambda: loop_arms(PATHS, few),
        lambda: PATHS.measured(many),
        arms * len(few),
        arms * len(many),
    )
    assert ratio >= LEAST_RATIO_TO_A_LOOP


def test_wrapped_fibres_beside_differences(anatomy):
    medius, leverage = anatomy.medius, anatomy.leverage
    sweep = poses(100)

    def best_ms(work, rounds=20):
        return 1000 * min(seconds(work) for _ in range(rounds))

    pose_ms = best_ms(lambda: (leverage.lengths(sweep[0]), leverage.arms(sweep[0])))
    sweep_ms = best_ms(lambda: (leverage.lengths(sweep), leverage.arms(sweep)))
    seven = rotations(sweep[0] + 2.0 * np.concatenate([np.zeros((1, 3)), np.eye(3), -np.eye(3)]))
    differences_ms = best_ms(lambda: [lengths(medius.fibres(rotation)) for rotation in seven], 5)
    print(
        f"\nall fibres of one pose {pose_ms:.3f} ms ({pose_ms / FRAME_MS:.1%} of a frame), "
        f"of 100 poses {sweep_ms:.2f} ms; wrapped anew for central differences {differences_ms:.1f} ms a pose, "
        f"{differences_ms / pose_ms:.0f} ×"
    )
    assert pose_ms <= 3.0
    assert sweep_ms <= 150.0
