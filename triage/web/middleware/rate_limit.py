"""Rate limits a minute: token buckets in the memory of one process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class TokenBuckets:
    """Token buckets by key. A full one holds a minute's worth, and it fills evenly.

    Each process counts by itself: with n workers up to n times as much gets through. The `max_keys` keys that
    were used last are kept; a key that was dropped starts with a full bucket.
    """

    max_keys: int = 10_000
    clock: Callable[[], float] = time.monotonic
    _filled: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def try_acquire(self, key: str, per_minute: int) -> float:
        """Take one token from the key's bucket and return 0; from an empty one return the seconds to wait."""
        now = self.clock()
        with self._lock:
            left, at = self._filled.pop(key, (float(per_minute), now))
            left = min(float(per_minute), left + (now - at) * per_minute / 60)
            enough = left >= 1
            self._filled[key] = (left - 1 if enough else left, now)
            while len(self._filled) > self.max_keys:
                self._filled.popitem(last=False)
        return 0.0 if enough else (1 - left) * 60 / per_minute
