"""How long the stages of a request's work took.

The engine and the store say where a stage begins and ends; who wants to know starts a clock around the call.
A context variable carries it, so that nothing between the two has to pass it on; work that goes to another
thread takes it along with `contextvars.copy_context().run`.
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


_clock: ContextVar[StageTimer | None] = ContextVar("clock", default=None)


def start_timer() -> Token[StageTimer | None]:
    """Begin to measure what this context does from now on; `stop_timer` takes the token."""
    return _clock.set(StageTimer())


def stop_timer(token: Token[StageTimer | None]) -> None:
    """Measure no longer."""
    _clock.reset(token)


def stage_seconds() -> dict[Stage, float]:
    """Return the seconds by stage so far; empty where no clock runs."""
    clock = _clock.get()
    return dict(clock.seconds) if clock else {}


@contextmanager
def timed(name: Stage) -> Iterator[None]:
    """Count what happens within to a stage of the clock that runs, if one does."""
    clock = _clock.get()
    if clock is None:
        yield
        return
    start = time.perf_counter()
    try:
        yield
    finally:
        clock.add(name, time.perf_counter() - start)
