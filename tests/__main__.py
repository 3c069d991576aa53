"""`python -m tests` runs every check: style, types, layers, then the tests. It ends with pytest's closing line.

Arguments are handed on to pytest, e.g. `python -m tests -k cage`. Each file runs in one of several processes, each
with a display of its own; `-n 0` runs all in one.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BESIDE_PYTHON = Path(sys.executable).parent

IN_PARALLEL = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]

CHECKS = {
    "style": ["ruff", "check", "--quiet"],
    "types": ["mypy", "--no-error-summary"],
    "layers": ["lint-imports", "--no-cache"],
}


def main(arguments: list[str]) -> int:
    failed = []
    for name, command in CHECKS.items():
        result = subprocess.run(
            [BESIDE_PYTHON / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True
        )
        print(f"{name}: {'passed' if result.returncode == 0 else 'FAILED'}", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout, result.stderr, sep="", flush=True)
    tests = subprocess.run([sys.executable, "-m", "pytest", *IN_PARALLEL, *arguments], cwd=ROOT)
    return 1 if failed else tests.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
