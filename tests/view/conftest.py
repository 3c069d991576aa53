from contextlib import ExitStack

import pytest

from hipviz.view.snapshot import off_screen


@pytest.fixture
def stage(anatomy):
    """Return a function that gives a scene of a state; every plotter is closed at the end of the test."""
    with ExitStack() as stack:

        def build(state, size=(480, 360), **look):
            look.setdefault("quality", "low")
            return stack.enter_context(off_screen(anatomy, state, size, **look))

        yield build
