"""Admission control: so many requests compute at once, so many wait, and the next one is refused at once.

Without a bound, load above what the processor can do makes every request wait longer than its caller does,
and the work goes into answers that nobody reads. Here a request waits for `wait_s` at most, or is refused at
once, with 503 and Retry-After. Health checks never wait.

Long work (batches of tickets, changes of articles) has a gate of its own, so that it takes no slot from
single tickets. At its checkpoints it waits while others are answered, but keeps a fifth of the time where
others never end. Where several such requests wait, they take turns there, and one whose client has left ends.

So does the work of portals: everybody can read a portal's token, and use up what it may ask.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from apiflask import APIFlask
from flask import g, request

from models.checkpoints import checkpoints
from models.wording import counted
from triage.errors import ClientGoneError, CompressedBodyError, OverloadedError
from triage.timing import timed

View = TypeVar("View", bound=Callable[..., Any])
RefusalReason = Literal["full", "late"]
_MARK = "__triage_unqueued__"
_LONG = "__triage_long_work__"
_PORTAL = "__triage_portal_work__"
_LONG_AT_ONCE = 1
_LONGEST_WAIT_S = 0.25
# Seconds that long work lets others have for each second of its own.
_WAIT_PER_WORK = 4
_HUNG_UP = getattr(select, "POLLRDHUP", 0)  # Linux alone tells of it behind bytes that nobody has read


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
        self._idle = threading.Event()
        self._idle.set()
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
            if self._in_flight == 0:
                self._idle.set()
            self._tell()

    def give_way(self) -> None:
        """Let the request that waits longest go first, and return when this one's turn has come again."""
        with self._lock:
            if not self._waiting:
                return
            place = _QueuedRequest()
            self._waiting.append(place)
            self._waiting.popleft().grant_slot()
        place.turn.wait()

    def wait_until_idle(self, longest_s: float) -> None:
        """Return when no request computes, or after that time."""
        self._idle.wait(longest_s)

    def _take_place(self) -> _QueuedRequest | None:
        """Return a request with a slot, or one in the queue; None where the queue is full."""
        place = _QueuedRequest()
        if self._in_flight < self.slots:
            self._in_flight += 1
            self._idle.clear()
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


def long_work(view: View) -> View:
    """Mark a view whose work may take long: it takes no slot from other requests."""
    setattr(view, _LONG, True)
    return view


def portal_work(view: View) -> View:
    """Mark a view that portals use: it takes no slot from tickets, whoever asks."""
    setattr(view, _PORTAL, True)
    return view


def init_admission(app: APIFlask, gate: AdmissionGate, portal_gate: AdmissionGate) -> None:
    """Put the routes of version 1 behind the gate, except those marked `bypass_admission`.

    Those marked `long_work` go through another, with as many places in its queue; those marked `portal_work`,
    and all that portals' tokens ask, through `portal_gate`.
    """
    long_gate = AdmissionGate(_LONG_AT_ONCE, gate.queue, gate.wait_s)

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
        is_long = getattr(view, _LONG, False)
        is_portal = getattr(view, _PORTAL, False) or getattr(g.get("principal"), "is_portal", False)
        entered = long_gate if is_long else portal_gate if is_portal else gate
        with timed("queue"):
            entered.enter()
        held = g.held = ExitStack()
        held.callback(entered.leave)
        if is_long:
            client = request.environ.get("gunicorn.socket")
            held.enter_context(checkpoints(LongWork(gate, long_gate, client).go_on))

    @app.teardown_request
    def give_slot_back(_error: BaseException | None) -> None:
        held = g.pop("held", None)
        if held is not None:
            held.close()


class LongWork:
    """Long work of a request, which lets others go first at its checkpoints."""

    def __init__(self, gate: AdmissionGate, long_gate: AdmissionGate, client: socket.socket | None) -> None:
        self._gate, self._long_gate, self._client = gate, long_gate, client
        self._went_on_at = time.monotonic()
        self._owed_s = 0.0

    def go_on(self) -> None:
        """Let others go first; end where the client has closed its connection."""
        reached_at = time.monotonic()
        self._owed_s += _WAIT_PER_WORK * (reached_at - self._went_on_at)
        self._owed_s = min(self._owed_s, _LONGEST_WAIT_S)
        self._gate.wait_until_idle(self._owed_s)
        self._owed_s -= time.monotonic() - reached_at
        self._long_gate.give_way()
        self._went_on_at = time.monotonic()
        if self._client is not None and _has_left(self._client):
            raise ClientGoneError("the client closed its connection: what it asked for is not finished")


def _has_left(client: socket.socket) -> bool:
    """Tell whether the client has closed its connection, also where it has sent more before that."""
    events = select.poll()
    events.register(client, _HUNG_UP)
    if events.poll(0):
        return True
    try:
        return client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
