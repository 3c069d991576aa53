"""Modules that other libraries import at the start and hipviz needs late or never: put off until they are used."""

import importlib
import sys
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from types import ModuleType

PUT_OFF: dict[str, Sequence[str]] = {
    # pyvista imports these for charts that are not drawn here,
    "matplotlib.pyplot": (),
    "matplotlib.backends.backend_agg": ("FigureCanvasAgg",),
    # and scipy looks at everything in numpy.
    "numpy.f2py": (),
    "numpy.testing": (),
}
"""The modules, 0.3 s and 20 MB together, and what is taken out of them by name only to be called later."""


class Later(ModuleType):
    """Stands for a module until something in it is asked for, and is then replaced by it."""

    def __init__(self, name: str, called: Sequence[str] = ()) -> None:
        super().__init__(name)
        spec = find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            self.__path__ = list(spec.submodule_search_locations)
        for function in called:
            setattr(self, function, partial(_call, name, function))

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # asked by the import system itself
            raise AttributeError(name)
        return getattr(_real(self.__name__), name)


def put_off() -> None:
    """Let the modules that are not imported yet be imported only when they are used."""
    for name, called in PUT_OFF.items():
        if name not in sys.modules:
            later = Later(name, called)
            sys.modules[name] = later
            package, _, last = name.rpartition(".")
            setattr(sys.modules[package], last, later)


def _real(name: str) -> ModuleType:
    # All at once: pyplot, for one, looks into the module of its canvas without asking for anything.
    for each in PUT_OFF:
        if isinstance(sys.modules.get(each), Later):
            del sys.modules[each]
    return importlib.import_module(name)


def _call(module: str, function: str, *args: object, **kwargs: object) -> object:
    return getattr(_real(module), function)(*args, **kwargs)
