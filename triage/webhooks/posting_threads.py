"""Threads that post results, at most one for each destination, so that a silent host delays no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from triage.background import log_failure
from triage.store.webhook_deliveries import Destination

MOST = 64
"""Threads of a process: each waits for a host, and takes 0.1 MB."""

_KEPT = 16
"""Of these, kept for destinations that have taken their last result, or that are new."""


class PostingThreads:
    """Threads that post results; a destination whose last result was not taken leaves some to the others."""

    def __init__(self) -> None:
        self._busy: dict[Destination, threading.Thread] = {}
        self._refusing: set[Destination] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def has_room_for(self, destination: Destination) -> bool:
        """Return whether a thread can begin to post there: none does yet, and not too many do elsewhere."""
        with self._lock:
            if self._stopping.is_set() or destination in self._busy:
                return False
            return len(self._busy) < MOST - (_KEPT if destination in self._refusing else 0)

    def start(self, destination: Destination, posts: Iterator[bool], ended: Callable[[], None]) -> None:
        """Go through `posts` in a thread, and call `ended` after the last; each tells whether it was taken.

        A failure, such as of the store, ends them early and is logged; then `ended` is not called.
        """

        def run() -> None:
            try:
                for was_taken in posts:
                    (self._refusing.discard if was_taken else self._refusing.add)(destination)
                    if self._stopping.is_set():
                        break
            except Exception as error:  # noqa: BLE001 - nobody waits for this thread
                log_failure("posting results", error)
                self._forget(destination)
            else:
                self._forget(destination)
                ended()

        thread = threading.Thread(target=run, name="hooks-post", daemon=True)
        with self._lock:
            self._busy[destination] = thread
        thread.start()

    def request_stop(self) -> None:
        """End each thread after the result in hand, and begin no other."""
        self._stopping.set()

    def join(self, until: float) -> None:
        """Wait for the results in hand, up to a moment of the monotonic clock."""
        with self._lock:
            threads = list(self._busy.values())
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _forget(self, destination: Destination) -> None:
        with self._lock:
            del self._busy[destination]
