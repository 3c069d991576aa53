"""`hipviz doctor`: what is installed here, what can be drawn, and whether meshes and words are sound.

Every check answers on its own, so that one fault does not hide the next. What is missing on the system is found
in `system`; how meshes and words are judged lives in the model.
"""

import importlib.metadata
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import hipviz
from hipviz.cli import system
from hipviz.cli.progress import Progress
from hipviz.model.errors import ContentError, HipvizError

LIBRARIES = (
    "PySide6-Essentials",
    "pyvista",
    "pyvistaqt",
    "vtk",
    "numpy",
    "scipy",
    "trimesh",
    "msgspec",
    "platformdirs",
    "qtawesome",
)

RENDERER_PROBE = """
import vtkmodules.vtkRenderingOpenGL2
from vtkmodules.vtkRenderingCore import vtkRenderWindow
window = vtkRenderWindow()
window.SetOffScreenRendering(1)
window.SetSize(16, 16)
window.Render()
print(window.ReportCapabilities())
"""
PROBE_TIMEOUT_S = 60.0

INSPECTED_LEVEL = 2
"""Level of subdivision at which bones are inspected: as telling as the drawn one at a quarter of its time."""


class Finding(NamedTuple):
    """One line of the report; only a "fault" makes hipviz unfit, a "note" is for information."""

    verdict: Literal["ok", "note", "fault"]
    text: str


def examine() -> int:
    """Print the report; return 0 when all is well, 1 when there is a fault."""
    checks: list[Callable[[], Iterator[Finding]]]
    checks = [versions, packages, display, renderer, words, bones, anchors, whole]
    faults, sound = 0, True
    print(f"hipviz {hipviz.__version__}, Python {platform.python_version()}, {platform.platform()}")
    for check in checks:
        if check in (anchors, whole) and not sound:
            continue  # what is built on words and bones would find the same again
        before = faults
        try:
            for finding in check():
                faults += finding.verdict == "fault"
                print(f"{finding.verdict:6} {finding.text}", flush=True)
        except HipvizError as fault:
            lines = str(fault).splitlines()
            faults += len(lines)
            print("\n".join(f"fault  {line}" for line in lines), flush=True)
        except Exception as fault:
            faults += 1
            print(f"fault  {check.__name__}: {type(fault).__name__}: {fault}", flush=True)
        sound = sound and (faults == before or check not in (words, bones, anchors))
    print("All is well." if not faults else f"{faults} fault{'s' if faults > 1 else ''} found.")
    return 1 if faults else 0


def versions() -> Iterator[Finding]:
    """Tell the version of every library that hipviz stands on."""
    for name in LIBRARIES:
        try:
            yield Finding("ok", f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            yield Finding("fault", f"{name} is not installed: install hipviz again with pip.")


def packages() -> Iterator[Finding]:
    """Tell which system packages are missing and the one command that installs them."""
    fault = system.library_fault(window=True)
    yield Finding("fault", fault) if fault else Finding("ok", "system packages: all there")


def display() -> Iterator[Finding]:
    """Tell whether a window can be opened; a machine without any display is fit for everything else."""
    if not system.loadable("libX11.so.6") and sys.platform.startswith("linux"):
        yield Finding("note", "display: not checked, libX11 is missing")
        return
    fault = system.display_fault()
    verdict: Literal["note", "fault"] = "fault" if system.has_display() else "note"
    yield Finding(verdict, f"display: {fault}") if fault else Finding("ok", "display: answers")


def renderer() -> Iterator[Finding]:
    """Tell who draws OpenGL here, asked in a process of its own since a broken driver ends the process."""
    try:
        probe = subprocess.run(
            [sys.executable, "-c", RENDERER_PROBE], capture_output=True, text=True, timeout=PROBE_TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        yield Finding("fault", f"OpenGL: no picture within {PROBE_TIMEOUT_S:g} s; update the graphics driver.")
        return
    report = dict(line.split(":", 1) for line in probe.stdout.splitlines() if ":" in line)
    name, version = (report.get(f"OpenGL {word} string", "").strip() for word in ("renderer", "version"))
    if probe.returncode or not name:
        reason = (probe.stderr.strip().splitlines() or [f"it ended with code {probe.returncode}"])[-1]
        yield Finding("fault", f"OpenGL: nothing can be drawn off screen: {reason}")
    else:
        yield Finding("ok", f"OpenGL: {name}, version {version}")


def words() -> Iterator[Finding]:
    """Tell whether all content files are sound."""
    from hipviz.model.content import load_words
    from hipviz.model.guidance import load_guidance
    from hipviz.model.pain_words import load_pain_words
    from hipviz.model.published import load_published

    content = load_words()
    guidance, pain = load_guidance(content.sources, content.movements), load_pain_words(content.sources)
    load_published(content.sources)
    yield Finding(
        "ok",
        f"words: {len(content.bands)} bands, {len(content.movements)} movements, "
        f"{len(content.landmarks)} landmarks, {len(content.sources)} sources, "
        f"{len(guidance.practices)} practices, {len(pain.regions)} regions of the skin",
    )


def bones() -> Iterator[Finding]:
    """Tell whether the bones are the closed surfaces that they should be."""
    from hipviz.model.assets import load_bones
    from hipviz.model.checks import inspect

    shipped = load_bones()
    yield Finding("ok", f"meshes: {shipped.folder}")
    for note in shipped.notes:
        yield Finding("note", note)
    for name in shipped.cages:
        found = inspect(shipped.surface(name, INSPECTED_LEVEL))
        sound = found.watertight and found.pieces == 1 and not found.self_intersections
        yield Finding(
            "ok" if sound else "fault",
            f"{name}: {'closed' if found.watertight else 'not closed'}, pieces {found.pieces}, "
            f"through-holes {found.genus}, self-intersections {found.self_intersections}, "
            f"{found.volume_cm3:.0f} cm³",
        )


def anchors() -> Iterator[Finding]:
    """Tell whether zones and regions are told from landmarks that the bones have."""
    from hipviz.model.assets import load_bones
    from hipviz.model.content import load_words
    from hipviz.model.pain_words import load_pain_words
    from hipviz.model.trigger_points import load_trigger_points

    places, sources = frozenset(load_bones().positions()), load_words().sources
    found = []
    for load in (
        lambda: load_trigger_points(places, frozenset(sources)),
        lambda: load_pain_words(sources, places),
    ):
        try:
            load()
        except ContentError as fault:
            found += str(fault).splitlines()
    yield from (Finding("fault", fault) for fault in found)
    if not found:
        yield Finding("ok", f"zones and regions: told from {len(places)} landmarks of the bones")


def whole() -> Iterator[Finding]:
    """Tell whether muscle, skin and pain zones can be built on the bones."""
    from hipviz.model.anatomy import Anatomy

    with Progress() as progress:
        anatomy = Anatomy.load(progress=progress)
    yield Finding(
        "ok",
        f"muscle, skin, zones: {len(anatomy.skin.rest.vertices)} vertices of skin, {len(anatomy.zones)} zones",
    )
