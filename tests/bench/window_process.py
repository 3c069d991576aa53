"""One window in a process of its own, measured from the process' start; prints JSON for `test_window`.

`bare` is PySide6 + pyvistaqt with a sphere, the least that such a program can be; `hipviz` is the real window.
"""

import json
import sys
import time

SETTLE_S = 2.0
WATCHED_S = 4.0
SIZE = (1280, 720)


def bare():
    import pyvista as pv
    from PySide6.QtWidgets import QApplication, QMainWindow
    from pyvistaqt import QtInteractor

    application = QApplication([])
    window = QMainWindow()
    view = QtInteractor(window, auto_update=False)
    window.setCentralWidget(view)
    window.resize(*SIZE)
    window.show()
    view.add_mesh(pv.Sphere())
    return application, window, view, lambda: True


def hipviz():
    raise NotImplementedError


def main(kind: str, started: float) -> None:
    import psutil

    application, window, view, complete = {"bare": bare, "hipviz": hipviz}[kind]()
    renders = [0]
    view.render_window.AddObserver("EndEvent", lambda *_: renders.__setitem__(0, renders[0] + 1))
    run_until(application, lambda: complete() and renders[0] > 0, 120.0)
    run_for(application, 0.0)
    first_frame_s = time.time() - started

    run_for(application, SETTLE_S)
    process = psutil.Process()
    before, renders[0] = process.cpu_times(), 0
    run_for(application, WATCHED_S)
    after = process.cpu_times()
    busy = after.user + after.system - before.user - before.system
    print(
        json.dumps(
            {
                "first_frame_s": first_frame_s,
                "memory_mb": process.memory_info().rss / 2**20,
                "idle_cpu_pct": 100.0 * busy / WATCHED_S,
                "idle_renders": renders[0],
            }
        ),
        flush=True,
    )
    sys.stdout.flush()
    window.close()


def run_for(application, seconds: float) -> None:
    """Run the real event loop; polling it here would itself cost the time that is measured."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(round(1000 * seconds), application.quit)
    application.exec()


def run_until(application, reached, limit_s: float) -> None:
    end = time.time() + limit_s
    while not reached():
        if time.time() > end:
            sys.exit("the window drew no complete frame in time")
        run_for(application, 0.01)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
