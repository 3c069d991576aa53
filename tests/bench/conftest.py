"""The real window at the size of a usual screen, with the anatomy on its stage."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest


@pytest.fixture
def window(anatomy, tmp_path):
    from hipviz.model.content import load_words
    from hipviz.model.state import State
    from hipviz.model.trigger_points import load_trigger_points
    from hipviz.ui.store import Store
    from hipviz.ui.window import Window

    store = Store(State(theme="light", quality="normal", band="middle"))
    window = Window(store, load_words(), load_trigger_points(), tmp_path / "settings.json")
    window.resize(1600, 1000)
    window.show()
    QTest.qWaitForWindowExposed(window)
    window.attach(anatomy)
    QTest.qWait(800)
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
