"""Checkpoints of long work: places between its pieces where it can be held up or ended.

The work calls `checkpoint`; a caller that wants a say there surrounds the work with `checkpoints`. A context
variable carries it, so that nothing in between has to pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_called: ContextVar[Callable[[], None] | None] = ContextVar("checkpoint", default=None)


def checkpoint() -> None:
    """Let the caller of this work hold it up, or end it by an error."""
    call = _called.get()
    if call is not None:
        call()


def stepwise(items: Sequence[T]) -> Iterator[T]:
    """Yield the items, with a checkpoint after each where there are several."""
    for item in items:
        yield item
        if len(items) > 1:
            checkpoint()


@contextmanager
def checkpoints(call: Callable[[], None] | None) -> Iterator[None]:
    """Call `call` at each checkpoint of the work in the block; None calls nothing."""
    token = _called.set(call)
    try:
        yield
    finally:
        _called.reset(token)
