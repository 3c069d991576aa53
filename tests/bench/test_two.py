"""What a second picture costs while a movement plays, and that nothing of it is left when it is closed."""

import gc
import statistics
import time
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest

pytestmark = pytest.mark.bench

FRAMES = 16
LARGEST_RATIO = 2.3


def seconds_of_a_frame(window, offset):
    """Return what the processor spends on one frame of the movement, median, s."""
    spent = []
    for count in range(FRAMES):
        # Phases that never come twice: what is cached for a repeated posture must not be measured.
        before = time.process_time()
        window.store.update(phase=offset + 0.4 * (count + 0.5) / FRAMES)
        for stage in window.stages.all:
            stage.plotter.repaint()
        QCoreApplication.processEvents()
        spent.append(time.process_time() - before)
    return statistics.median(spent)


def test_two_pictures_cost_about_twice_as_much_as_one_and_nothing_when_they_are_gone(window):
    alone = seconds_of_a_frame(window, 0.1)
    window.store.update(beside="other_side")
    QTest.qWait(800)
    both = seconds_of_a_frame(window, 0.101)
    scene = weakref.ref(window.stages.second.scene)
    window.store.update(beside=None)
    QTest.qWait(800)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert scene() is None
    after = seconds_of_a_frame(window, 0.102)
    one, two, again = (round(1000 * seconds) for seconds in (alone, both, after))
    print(f"\none {one} ms, two {two} ms ({both / alone:.2f} ×), one again {again} ms")
    assert both <= LARGEST_RATIO * alone
    assert after <= 1.25 * alone
