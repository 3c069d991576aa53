"""What a window keeps, and what it leaves behind."""

from PySide6.QtTest import QTest

from hipviz.model.state import State


def test_what_was_chosen_is_there_at_the_next_start(open_window, tmp_path):
    from hipviz.ui.settings import load_settings

    path = tmp_path / "settings.json"
    first = open_window(path=path)
    first.store.update(side="left", wording="clinical", phase=0.3, playing=False)
    first.close()
    settings, told = load_settings(path)
    assert told == ""
    assert settings.state == State(side="left", wording="clinical", theme="light", quality="low")
    assert settings.geometry_bytes


def test_a_window_that_is_closed_leaves_nothing_behind(open_window):
    import gc
    import weakref

    window = open_window()
    window.store.update(band="middle", playing=True)
    QTest.qWait(60)
    traces = [weakref.ref(part) for part in (window, window.stage, window.stage.scene, window.stage.plotter)]
    open_window.dispose(window)
    del window
    gc.collect()
    assert [trace() for trace in traces] == [None] * 4


def test_a_window_that_closes_before_the_anatomy_is_there_says_nothing(qapp, words, points, tmp_path, anatomy):
    from hipviz.ui.store import Store
    from hipviz.ui.window import Window

    window = Window(Store(), words, points, tmp_path / "settings.json")
    window.show()
    window.around.progress("Reading the bones", 0.3)
    window.close()
    window.attach(anatomy)
    QTest.qWait(50)
    assert window.stage.scene is None
    window.deleteLater()
