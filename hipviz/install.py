"""Set up a fresh checkout: `python3 -m hipviz.install` makes .venv and puts hipviz and all it needs into it.

Standard library only, since it runs before anything is installed. It may be run again at any time; what is already
there is left alone. People who install a wheel do not need it.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from hipviz.cli import system

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "installed-from"
OLDEST_PYTHON = (3, 11)
SHAPING = "from hipviz.model.anatomy import Anatomy; Anatomy.load().neighbours.shape_ahead()"


def main(arguments: list[str] | None = None) -> int:
    """Run the set-up; return 0, or 1 after one sentence on standard error."""
    parser = argparse.ArgumentParser(
        prog="python3 -m hipviz.install",
        description="Set up this checkout: system packages (asks for the password if it must), .venv, hipviz.",
    )
    parser.add_argument("--checks", action="store_true", help="also what the tests and the style checks need")
    checks: bool = parser.parse_args(arguments).checks
    try:
        install_system_packages(checks=checks)
        if install_python_packages(checks=checks) and not checks:
            shape_the_body()
    except SetupError as fault:
        print(f"hipviz: {fault}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as fault:
        command = fault.cmd if isinstance(fault.cmd, str) else " ".join(map(str, fault.cmd))
        print(f"hipviz: this step failed (its message is above): {command}", file=sys.stderr)
        return 1
    return 0


class SetupError(Exception):
    """Something the person has to do first; its text is shown as it stands."""


def install_system_packages(*, checks: bool) -> None:
    """Install what the operating system lacks, with its own package manager."""
    if not sys.platform.startswith("linux"):
        return
    family = system.distribution()
    packages = system.packages_for(system.missing_libraries(window=True), family)
    if family == "debian" and not python_can_make_environments():
        packages.append("python3-venv")
    if checks and not shutil.which("Xvfb"):
        packages.append("xvfb" if family == "debian" else "xorg-x11-server-Xvfb")
    if not packages:
        return
    command = system.install_command(packages, family)
    if not system.has_package_manager(family):
        raise SetupError(f"install these with your system's package manager first: {', '.join(packages)}.")
    if os.geteuid() != 0 and not shutil.which("sudo"):
        raise SetupError(f"system packages are missing; run this as root: {command.replace('sudo ', '')}")
    say(f"Installing {len(packages)} system packages: {command}")
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive", DEBCONF_NOWARNINGS="yes")
    subprocess.run(command, shell=True, check=True, env=quiet, stdout=subprocess.DEVNULL)


def install_python_packages(*, checks: bool) -> bool:
    """Make .venv and install hipviz into it, editable; return whether there was anything to do.

    There is nothing to do when pyproject.toml has not changed.
    """
    description = ROOT / "pyproject.toml"
    if not description.is_file():
        raise SetupError("this sets up a checkout of the source; an installed hipviz needs no set-up.")
    wanted = "checks" if checks else "hipviz"
    content = description.read_text(encoding="utf-8")
    done = STAMP.read_text(encoding="utf-8") if STAMP.is_file() else ""
    if done in {f"checks\n{content}", f"{wanted}\n{content}"}:
        return False
    if not environment_python().exists():
        say(f"Making an environment in {ENVIRONMENT}")
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    say("Installing hipviz and the libraries it stands on (about 400 MB are fetched the first time)")
    target = f"{ROOT}[test]" if checks else str(ROOT)
    pip = [str(environment_python()), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        pip.append("--root-user-action=ignore")
    subprocess.run([*pip, "--editable", target], check=True)
    STAMP.write_text(f"{wanted}\n{content}", encoding="utf-8")
    return True


def shape_the_body() -> None:
    """Work out muscle and skin now, so that the first opening need not; should that fail, the window says why."""
    say("Shaping muscles and skin, once (about a minute)")
    subprocess.run([environment_python(), "-c", SHAPING], cwd=ROOT, check=False)


def python_can_make_environments() -> bool:
    """Return whether `venv` is complete (Debian splits the part that brings pip into a package of its own)."""
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def environment_python() -> Path:
    """Return the interpreter inside .venv."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(sentence: str) -> None:
    """Tell on standard error what takes time now."""
    print(f"hipviz: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"hipviz: Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, this is {sys.version}")
    sys.exit(main())
