"""What the panel of levers costs while it follows a movement, beside drawing the picture; in one run."""

import statistics
import time

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest

from hipviz.model.pose import HipPose

pytestmark = pytest.mark.bench

LARGEST_SHARE = 0.1


def test_levers_that_follow_cost_a_small_part_of_a_picture(window):
    window.store.update(levers=True, band="posterior")
    QTest.qWait(300)
    panel, frame = [], []
    for flexion in range(0, 90, 3):
        pose = HipPose(flexion_deg=flexion, abduction_deg=flexion / 9)
        before = time.process_time()
        window.store.update(pose=pose)
        window.stage.plotter.repaint()
        QCoreApplication.processEvents()
        frame.append(time.process_time() - before)
        before = time.process_time()
        window.levers.panel.display(window.store.state)
        panel.append(time.process_time() - before)
    panel_ms, frame_ms = (1000.0 * statistics.median(times) for times in (panel, frame))
    print(f"\npanel of levers {panel_ms:.1f} ms, whole picture {frame_ms:.1f} ms ({panel_ms / frame_ms:.0%})")
    assert panel_ms <= LARGEST_SHARE * frame_ms
