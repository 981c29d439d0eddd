"""Admission control: so many requests compute at once, so many wait, and the next one is refused at once.

Without a bound, load above what the processor can do makes every request wait longer than its caller does,
and the work goes into answers that nobody reads. Here a request waits for `wait_s` at most, or is refused at
once, with 503 and Retry-After. Health checks never wait.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from apiflask import APIFlask
from flask import g, request

from models.wording import counted
from triage.errors import CompressedBodyError, OverloadedError
from triage.timing import timed

View = TypeVar("View", bound=Callable[..., Any])
RefusalReason = Literal["full", "late"]
_MARK = "__triage_unqueued__"


@dataclass(eq=False, slots=True)
class _QueuedRequest:
    """Request that waits for a slot, or has one already."""

    turn: threading.Event = field(default_factory=threading.Event)
    has_slot: bool = False

    def grant_slot(self) -> None:
        self.has_slot = True
        self.turn.set()


class AdmissionGate:
    """Semaphore of `slots` requests, with a first-come queue of at most `queue` more.

    `on_change` is called with the numbers of requests that compute and wait. `on_refused` is called with the
    reason of a refusal: the queue was `full`, or the request was `late` after `wait_s` seconds in it.
    """

    def __init__(
        self,
        slots: int,
        queue: int,
        wait_s: float,
        *,
        on_change: Callable[[int, int], None] = lambda _in_flight, _waiting: None,
        on_refused: Callable[[RefusalReason], None] = lambda _reason: None,
    ) -> None:
        self.slots, self.queue, self.wait_s = slots, queue, wait_s
        self._on_change, self._on_refused = on_change, on_refused
        self._in_flight = 0
        self._waiting: deque[_QueuedRequest] = deque()
        self._lock = threading.Lock()

    def enter(self) -> None:
        """Acquire a slot, after a wait if need be; `leave` gives it back.

        Raises:
            OverloadedError: too many wait already, or the wait took too long.
        """
        with self._lock:
            place = self._take_place()
        if place is None:
            self._on_refused("full")
            raise OverloadedError(
                f"{counted(self.slots, 'request')} {'is' if self.slots == 1 else 'are'} being answered and "
                f"{self.queue} {'waits' if self.queue == 1 else 'wait'}: ask again in a moment"
            )
        place.turn.wait(self.wait_s)
        with self._lock:
            if place.has_slot:
                return
            self._waiting.remove(place)
            self._tell()
        self._on_refused("late")
        raise OverloadedError(f"the request waited for {self.wait_s:g} s without its turn: ask again later")

    def leave(self) -> None:
        """Release the slot to the request that waits longest, else free it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().grant_slot()
            else:
                self._in_flight -= 1
            self._tell()

    def _take_place(self) -> _QueuedRequest | None:
        """Return a request with a slot, or one in the queue; None where the queue is full."""
        place = _QueuedRequest()
        if self._in_flight < self.slots:
            self._in_flight += 1
            place.grant_slot()
        elif len(self._waiting) < self.queue:
            self._waiting.append(place)
        else:
            return None
        self._tell()
        return place

    def _tell(self) -> None:
        self._on_change(self._in_flight, len(self._waiting))

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold a slot while the block runs; raises as `enter`."""
        self.enter()
        try:
            yield
        finally:
            self.leave()


def bypass_admission(view: View) -> View:
    """Mark a view under /v1 that computes next to nothing: it needs no slot."""
    setattr(view, _MARK, True)
    return view


def init_admission(app: APIFlask, gate: AdmissionGate) -> None:
    """Put the routes of version 1 behind the gate, except those marked `bypass_admission`."""

    @app.before_request
    def take_slot() -> None:
        encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            raise CompressedBodyError("the body is compressed: send it as it is, without Content-Encoding")
        view = app.view_functions.get(request.endpoint or "")
        if view is None or getattr(view, _MARK, False) or not request.path.startswith("/v1/"):
            return
        if request.method == "OPTIONS":
            return  # it computes nothing, and needs no token
        request.get_data()  # the whole body is here, or refused as too large, before a slot is taken
        with timed("queue"):
            gate.enter()
        g.has_slot = True

    @app.teardown_request
    def give_slot_back(_error: BaseException | None) -> None:
        if g.pop("has_slot", False):
            gate.leave()
