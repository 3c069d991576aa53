"""One window in a process of its own, measured from the process' start; prints JSON for `test_window`.

`bare` is PySide6 + pyvistaqt with a sphere, the least that such a program can be; `hipviz` is the real window.
"""

import json
import sys
import time

SETTLE_S = 2.0
WATCHED_S = 4.0
LIMIT_S = 120.0
SIZE = (1280, 720)


def bare(measure) -> None:
    import pyvista as pv
    from PySide6.QtWidgets import QApplication, QMainWindow
    from pyvistaqt import QtInteractor

    application = QApplication([])  # noqa: F841 (kept alive for as long as the window)
    window = QMainWindow()
    view = QtInteractor(window, auto_update=False)
    window.setCentralWidget(view)
    window.resize(*SIZE)
    window.show()
    shown = time.time()
    view.add_mesh(pv.Sphere())
    measure(window, shown, lambda: view)


def hipviz(measure) -> None:
    from PySide6.QtWidgets import QApplication

    from hipviz.ui import app
    from hipviz.ui.window import Window

    def measured(application) -> int:
        (window,) = (widget for widget in application.topLevelWidgets() if isinstance(widget, Window))
        window.resize(*SIZE)
        QApplication.exec = original
        run_for(0.0)
        measure(window, time.time(), lambda: window.stage.plotter)
        return 0

    original, QApplication.exec = QApplication.exec, measured
    app.run({"band": "posterior"})


def measured_from(started: float):
    """Return the function that takes the figures of a window that was just shown, and prints them."""

    def measure(window, shown, view) -> None:
        import psutil

        run_until(lambda: view() is not None and not view().render_window.GetNeverRendered())
        run_for(0.0)
        first_frame_s, first_frame_cpu_s = time.time() - started, time.process_time()

        run_for(SETTLE_S)
        renders = [0]
        view().render_window.AddObserver("EndEvent", lambda *_: renders.__setitem__(0, renders[0] + 1))
        process = psutil.Process()
        before, renders[0] = process.cpu_times(), 0
        run_for(WATCHED_S)
        after = process.cpu_times()
        busy = after.user + after.system - before.user - before.system
        figures = {
            "shown_s": shown - started,
            "first_frame_s": first_frame_s,
            "first_frame_cpu_s": first_frame_cpu_s,
            "memory_mb": process.memory_info().rss / 2**20,
            "idle_cpu_pct": 100.0 * busy / WATCHED_S,
            "idle_renders": renders[0],
        }
        print(json.dumps(figures), flush=True)
        window.close()

    return measure


def run_for(seconds: float) -> None:
    """Run the real event loop; polling it here would itself cost the time that is measured."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def run_until(reached) -> None:
    end = time.time() + LIMIT_S
    while not reached():
        if time.time() > end:
            sys.exit("the window drew no complete frame in time")
        run_for(0.01)


if __name__ == "__main__":
    {"bare": bare, "hipviz": hipviz}[sys.argv[1]](measured_from(float(sys.argv[2])))
