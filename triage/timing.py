"""Stage timer: seconds that the stages of a request's work took.

The engine and the store mark where a stage begins and ends with `timed`; a caller that wants to know starts a
timer around the call. A context variable carries it, so that nothing in between has to pass it on. Work that
goes to another thread takes it along with `contextvars.copy_context().run`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["queue", "words", "encoder", "fields", "search", "store"]


@dataclass(frozen=True, slots=True)
class StageTimer:
    """Seconds by stage; a stage that is entered twice is counted as the sum."""

    seconds: dict[Stage, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, stage: Stage, seconds: float) -> None:
        """Count seconds to a stage; several threads may do so at once."""
        with self._lock:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


_timer: ContextVar[StageTimer | None] = ContextVar("timer", default=None)


def start_timer() -> Token[StageTimer | None]:
    """Begin to time what this context does from now on; `stop_timer` takes the token."""
    return _timer.set(StageTimer())


def stop_timer(token: Token[StageTimer | None]) -> None:
    """Time no longer."""
    _timer.reset(token)


def stage_seconds() -> dict[Stage, float]:
    """Return the seconds by stage so far; empty where no timer runs."""
    timer = _timer.get()
    return dict(timer.seconds) if timer else {}


@contextmanager
def timed(name: Stage) -> Iterator[None]:
    """Add the time of the block to a stage of the running timer, if there is one."""
    timer = _timer.get()
    if timer is None:
        yield
        return
    start = time.perf_counter()
    try:
        yield
    finally:
        timer.add(name, time.perf_counter() - start)
