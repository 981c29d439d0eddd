"""Background threads of a server process: periodic work, work soon after an answer, one run at a time.

A failure never ends a thread: an error raised on purpose is logged with its message, any other by its kind
alone, since its message may quote a ticket.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable

from models.errors import TriageError

_RETRY_S = 5.0
_log = logging.getLogger(__name__)


class PeriodicTask:
    """Does `work` every `every_s` seconds in a thread of its own; `work` returns True where more is waiting.

    Then it is done again at once, as it is after `trigger`. With `at_once` the first time is at the start.
    """

    def __init__(
        self, work: Callable[[], bool | None], *, name: str, every_s: float, at_once: bool = True
    ) -> None:
        self._work = work
        self._name = name
        self._every_s = every_s
        self._at_once = at_once
        self._triggered = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; call it once."""
        self._thread.start()

    def trigger(self) -> None:
        """Do the work now, or again as soon as the present run has ended."""
        self._triggered.set()

    def request_stop(self) -> None:
        """End after the present run, without waiting for that."""
        self._stopping.set()
        self._triggered.set()

    def stop(self, timeout_s: float | None = None) -> None:
        """End after the present run, and wait for that up to the time given."""
        self.request_stop()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        if not self._at_once:
            self._triggered.wait(self._every_s)
        while not self._stopping.is_set():
            self._triggered.clear()
            has_more = False
            try:
                has_more = bool(self._work())
            except Exception as error:  # noqa: BLE001 - a thread that ends would leave all that follows undone
                log_failure(self._name, error)
            if not has_more and not self._stopping.is_set():
                self._triggered.wait(self._every_s)


class DebouncedTask:
    """Does `work` once, within `after_s`, however often it was scheduled meanwhile; in a thread of its own.

    Work that fails with an error raised on purpose is tried again some seconds later; after any other, which
    would come again, the next schedule does. What is scheduled when the process ends is done before that.
    """

    def __init__(self, work: Callable[[], None], *, name: str, after_s: float) -> None:
        self._work = work
        self._name = name
        self._after_s = after_s
        self._scheduled = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._thread: threading.Thread | None = None

    def schedule(self) -> None:
        """Ask for the work to be done."""
        self._scheduled.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None and not self._stopping.is_set():
                    self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                    self._thread.start()
                    atexit.register(self.close)

    def flush(self) -> None:
        """Do the work at once, if it is scheduled."""
        with self._working:
            if self._scheduled.is_set():
                self._scheduled.clear()
                try:
                    self._work()
                except Exception as error:  # noqa: BLE001 - a thread that ends would leave all that follows undone
                    log_failure(self._name, error)
                    if isinstance(error, TriageError):
                        self._scheduled.set()

    def close(self) -> None:
        """Do the work if it is scheduled, and stop."""
        self._stopping.set()
        self.flush()
        atexit.unregister(self.close)

    def cancel(self) -> None:
        """Stop, and leave undone what is scheduled."""
        self._stopping.set()
        self._scheduled.clear()
        atexit.unregister(self.close)

    def _run(self) -> None:
        wait_s = self._after_s
        while not self._stopping.is_set():
            self._scheduled.wait()
            if not self._stopping.wait(wait_s):
                self.flush()
                wait_s = _RETRY_S if self._scheduled.is_set() else self._after_s


class BackgroundTask:
    """Does work in a thread of its own, one run at a time; due again `every_s` seconds after a run ended."""

    def __init__(self, *, name: str, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._every_s = every_s
        self._clock = clock
        self._running = threading.Lock()
        self._ended = float("-inf")

    @property
    def is_due(self) -> bool:
        """Whether nothing runs, and the last run ended long enough ago."""
        return not self._running.locked() and self._clock() - self._ended >= self._every_s

    def run(self, work: Callable[[], None]) -> None:
        """Begin the work and return at once; nothing happens where a run has not ended yet."""
        if not self._running.acquire(blocking=False):
            return

        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - nobody waits for this thread
                log_failure(self._name, error)
            finally:
                self._ended = self._clock()
                self._running.release()

        threading.Thread(target=run, name=self._name, daemon=True).start()


def log_failure(name: str, error: Exception) -> None:
    """Log why a task failed, without a message that may quote a ticket."""
    if isinstance(error, TriageError):
        _log.warning("%s failed, the next try is later: %s", name, error.message)
    else:
        _log.error("%s failed: %s", name, type(error).__name__)
