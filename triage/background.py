"""Work that an answer need not wait for: done soon after it, and before the process stops."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable

from models.errors import TriageError

_AGAIN_AFTER_S = 5.0
_log = logging.getLogger(__name__)


class DebouncedTask:
    """Does `work` within `after_s` of being woken, in a thread of its own, however often it was woken.

    Work that fails with an error raised on purpose is tried again some seconds later; after any other, which
    would come again, the next one who wakes it does.
    """

    def __init__(self, work: Callable[[], None], *, name: str, after_s: float) -> None:
        self._work = work
        self._name = name
        self._after_s = after_s
        self._wanted = threading.Event()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._thread: threading.Thread | None = None

    def schedule(self) -> None:
        """Ask for the work to be done."""
        self._wanted.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None and not self._stop.is_set():
                    self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                    self._thread.start()
                    atexit.register(self.close)

    def flush(self) -> None:
        """Do the work at once, if it was asked for."""
        with self._working:
            if self._wanted.is_set():
                self._wanted.clear()
                try:
                    self._work()
                except TriageError as error:
                    _log.warning("%s: %s", self._name, error.message)
                    self._wanted.set()
                except Exception as error:  # noqa: BLE001 - a thread that ends would leave all that follows undone
                    _log.error("%s failed: %s", self._name, type(error).__name__)

    def close(self) -> None:
        """Do what is left to do, and stop."""
        self._stop.set()
        self.flush()
        atexit.unregister(self.close)

    def _run(self) -> None:
        wait_s = self._after_s
        while not self._stop.is_set():
            self._wanted.wait()
            if not self._stop.wait(wait_s):
                self.flush()
                wait_s = _AGAIN_AFTER_S if self._wanted.is_set() else self._after_s
