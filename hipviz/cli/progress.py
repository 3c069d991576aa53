"""Work that takes a while: told on standard error once it has taken more than a second, and ended cleanly."""

import os
import signal
import sys
import threading
from types import FrameType, TracebackType

PATIENCE_S = 1.0
REQUESTS = (signal.SIGINT, signal.SIGTERM)


class Progress:
    """Tells `(words, share 0…1)` on standard error: one line that is rewritten, or a line per step in a log.

    Quick work stays silent: nothing is shown in the first second, then the step that is under way.

    Who asks the program to end (Ctrl+C, SIGTERM) is heeded when the next step is told: at any other moment the
    request might fall into an import or a native library, which then crashes or swallows it. Who asks twice is
    obeyed at once.
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
        self._asked = False
        self._handlers: dict[signal.Signals, object] = {}

    def __enter__(self) -> "Progress":
        self._handlers = {request: signal.signal(request, self._ask) for request in REQUESTS}
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for request, handler in self._handlers.items():
            signal.signal(request, handler)  # type: ignore[arg-type]
        self._timer.cancel()
        with self._lock:
            if not self._patient and self._rewrites:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._patient, self._current = True, ""

    def __call__(self, words: str, share: float) -> None:
        """Tell what is being done now and how much of the whole is behind; nothing is left to tell at 1.

        Raises KeyboardInterrupt, as `heed` does.
        """
        self.heed()
        with self._lock:
            self._words = words
            self._current = f"{words} … {share:.0%}" if share < 1.0 else ""
            if self._current and not self._patient:
                self._show()

    def heed(self) -> None:
        """Raise KeyboardInterrupt when somebody has asked to end the work."""
        if self._asked:
            raise KeyboardInterrupt

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self._asked = True
        if self._rewrites:
            # Not `print`: it may be what was interrupted.
            os.write(sys.stderr.fileno(), b"\r\x1b[KStopping (ask again to stop at once) ...")

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
