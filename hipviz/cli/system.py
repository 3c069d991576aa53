"""What hipviz needs from the operating system: shared libraries and a display, and how to get them.

Standard library only, so that it can answer before Qt, VTK or even numpy are there. Nothing is installed here.
"""

import ctypes
import os
import platform
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Library(NamedTuple):
    """A shared library that the Qt and VTK wheels load but do not carry, and the package that has it."""

    file: str
    debian: str
    fedora: str
    for_window_only: bool


LIBRARIES: tuple[Library, ...] = (
    Library("libGL.so.1", "libgl1", "libglvnd-glx", False),
    Library("libEGL.so.1", "libegl1", "libglvnd-egl", False),
    Library("libX11.so.6", "libx11-6", "libX11", False),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", False),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2", False),
    Library("libgthread-2.0.so.0", "libglib2.0-0", "glib2", False),
    Library("libfreetype.so.6", "libfreetype6", "freetype", False),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig", False),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", False),
    Library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", True),
    Library("libxcb.so.1", "libxcb1", "libxcb", True),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", True),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", True),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", True),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", True),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libxcb", True),
    Library("libxcb-render.so.0", "libxcb-render0", "libxcb", True),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", True),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", True),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb", True),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libxcb", True),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util", True),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", True),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", True),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", True),
)
"""Read off the wheels of PySide6 6.11 and VTK 9.7 with `readelf -d` (Qt's own message may name the wrong one)."""

DEBIAN_LIKE = frozenset({"debian", "ubuntu"})
FEDORA_LIKE = frozenset({"fedora", "rhel", "centos"})


def loadable(file: str) -> bool:
    """Return whether the dynamic linker finds a shared library and everything that it needs in turn."""
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def missing_libraries(*, window: bool) -> list[Library]:
    """Return the libraries that are absent, on Linux (elsewhere the wheels are complete).

    window : whether a window is wanted, or only pictures drawn off screen.
    """
    if not sys.platform.startswith("linux"):
        return []
    wanted = [library for library in LIBRARIES if window or not library.for_window_only]
    return [library for library in wanted if not loadable(library.file)]


def distribution() -> str:
    """Return the family of the Linux distribution: "debian", "fedora", or "" for any other."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    names = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    return "debian" if names & DEBIAN_LIKE else "fedora" if names & FEDORA_LIKE else ""


def packages_for(libraries: list[Library], family: str) -> list[str]:
    """Return the names of the packages to install, or of the files themselves on an unknown distribution."""
    if family == "debian":
        return sorted({library.debian for library in libraries})
    if family == "fedora":
        return sorted({library.fedora for library in libraries})
    return sorted(library.file for library in libraries)


def install_command(packages: list[str], family: str) -> str:
    """Return the one shell command that installs `packages`, "" where the family is unknown or none is missing."""
    if not packages or not family:
        return ""
    sudo = "" if os.geteuid() == 0 else "sudo "
    names = " ".join(packages)
    if family == "debian":
        return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {names}"
    return f"{sudo}dnf install -y {names}"


def library_fault(*, window: bool) -> str | None:
    """Return one sentence with every missing package and the command that installs them; None if all are there."""
    libraries = missing_libraries(window=window)
    if not libraries:
        return None
    family = distribution()
    packages = packages_for(libraries, family)
    command = install_command(packages, family)
    noun = "system package" if family else "system library"
    if len(packages) > 1:
        noun = "system packages" if family else "system libraries"
    cure = f"install with: {command}" if command else "install what your distribution calls them."
    return f"{len(packages)} {noun} missing ({', '.join(packages)}); {cure}"


def display_fault(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return one sentence when no window can be opened on Linux: no display, out of reach, or without OpenGL."""
    if not sys.platform.startswith("linux"):
        return None
    platform_name = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform_name in {"offscreen", "minimal", "vnc"}:
        return (
            f"the window cannot be drawn with QT_QPA_PLATFORM={platform_name}: unset that variable, "
            "or use `hipviz snapshot` for a picture without a window."
        )
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if not wayland and not x11:
        return (
            "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): start hipviz from a desktop, "
            "under `xvfb-run`, or use `hipviz snapshot` for a picture without a window."
        )
    if wayland and platform_name != "xcb" and _wayland_answers(wayland, environment.get("XDG_RUNTIME_DIR", "")):
        return None
    if not x11:
        return f"the Wayland display '{wayland}' does not answer: start hipviz from a running desktop session."
    return _x11_fault(x11)


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether this session claims to have a display at all."""
    return not sys.platform.startswith("linux") or bool(
        environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    )


def _wayland_answers(name: str, runtime_folder: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2.0)
        try:
            probe.connect(str(Path(runtime_folder) / name))
        except OSError:
            return False
    return True


def _x11_fault(name: str) -> str | None:
    """Open the X display through Xlib, so that address and permission are judged as Qt will judge them."""
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XOpenDisplay.argtypes = [ctypes.c_char_p]
    xlib.XCloseDisplay.argtypes = [ctypes.c_void_p]
    xlib.XQueryExtension.argtypes = [ctypes.c_void_p, ctypes.c_char_p, *[ctypes.POINTER(ctypes.c_int)] * 3]
    display = xlib.XOpenDisplay(name.encode())
    if not display:
        return (
            f"the display '{name}' does not answer or refuses this user: check DISPLAY, "
            "or use `hipviz snapshot` for a picture without a window."
        )
    answers = [ctypes.c_int() for _ in range(3)]
    has_opengl = xlib.XQueryExtension(display, b"GLX", *map(ctypes.byref, answers))
    xlib.XCloseDisplay(display)
    if not has_opengl:
        return f"the display '{name}' offers no OpenGL (its GLX extension is off): use a display that does."
    return None


def picture_fault() -> str | None:
    """Return one sentence when nothing can be drawn off screen here; None when it can."""
    if fault := library_fault(window=False):
        return fault
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY") or loadable("libOSMesa.so.8"):
        return None
    egl = ctypes.CDLL("libEGL.so.1")
    egl.eglGetDisplay.restype = ctypes.c_void_p
    egl.eglGetDisplay.argtypes = [ctypes.c_void_p]
    if egl.eglGetDisplay(None):
        return None
    # Without any driver behind libEGL, VTK would end the process where it should fail.
    family = distribution()
    driver = {"debian": "libegl-mesa0", "fedora": "mesa-libEGL"}.get(family, "Mesa")
    command = install_command([driver], family)
    return f"no OpenGL driver is installed ({driver}); install {f'with: {command}' if command else 'it.'}"


def window_fault() -> str | None:
    """Return the first reason why no window can be opened here, as one sentence; None if one can."""
    return library_fault(window=True) or display_fault()


def has_package_manager(family: str) -> bool:
    """Return whether the command of `install_command` can be run on this machine."""
    return bool(family) and shutil.which("apt-get" if family == "debian" else "dnf") is not None
