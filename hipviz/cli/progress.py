"""Work that takes a while: told on standard error once it has taken more than a second, and ended cleanly."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

PATIENCE_S = 1.0


class Progress:
    """Tells `(words, share 0…1)` on standard error: one line that is rewritten, or a line per step in a log.

    Quick work stays silent: nothing is shown in the first second, then the step that is under way.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current = ""
        self._words = ""
        self._told = ""
        self._patient = True
        self._rewrites = sys.stderr.isatty()
        self._timer = threading.Timer(PATIENCE_S, self._lose_patience)
        self._timer.daemon = True

    def __enter__(self) -> "Progress":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if not self._patient and self._rewrites:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._patient, self._current = True, ""

    def __call__(self, words: str, share: float) -> None:
        """Tell what is being done now and how much of the whole is behind; nothing is left to tell at 1."""
        with self._lock:
            self._words = words
            self._current = f"{words} … {share:.0%}" if share < 1.0 else ""
            if self._current and not self._patient:
                self._show()

    def _lose_patience(self) -> None:
        with self._lock:
            self._patient = False
            if self._current:
                self._show()

    def _show(self) -> None:
        if self._rewrites:
            print(f"\r\x1b[K{self._current}", end="", file=sys.stderr, flush=True)
        elif self._words != self._told:
            print(self._current, file=sys.stderr, flush=True)
        self._told = self._words


@contextmanager
def stoppable() -> Iterator[None]:
    """Treat a request to end the program like Ctrl+C, so that nothing half-written stays behind."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
