"""Delivery worker: one thread decides webhook deliveries, others post results, one for each destination.

Several processes, on several machines, may work on one store. A decision and the note that it was made are
kept in one transaction, so it is made once; a result may be posted more than once, where a process dies
between the post and the note of it, so each post carries the delivery's id.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from models.errors import ConflictError, NotReadyError, StoreUnavailableError, TriageError
from triage.background import PeriodicTask
from triage.errors import OverloadedError
from triage.settings.webhooks import HookSettings
from triage.store.webhook_deliveries import Delivery, Destination, PendingState, WebhookDeliveries
from triage.webhooks.callback_client import send
from triage.webhooks.posting_threads import PostingThreads
from triage.webhooks.signing import AS_OF

LEASE_S = 90.0
"""Seconds that a claim lasts: longer than a ticket, a name look-up and the longest post take together."""

_POLL_EVERY_S = 1.0
_FIRST_WAIT_S = 5.0
_LONGEST_WAIT_S = 3600.0
_DECIDE_ATTEMPTS = 5
_OTHERS_ATTEMPTS = 10
_log = logging.getLogger(__name__)

Decide = Callable[[Delivery, HookSettings], None]
"""Decides a delivery, keeping the decision and `WebhookDeliveries.decide` in one transaction."""


def wait_s(attempts: int) -> float:
    """Return the seconds until the next attempt: doubled each time, up to an hour, a random half off.

    >>> 2.5 <= wait_s(1) <= 5, 20 <= wait_s(4) <= 40, 1800 <= wait_s(40) <= 3600
    (True, True, True)
    """
    longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20))
    return longest * (1 + random.random()) / 2


@dataclass(frozen=True, slots=True)
class DeliveryWorker:
    """Works on the deliveries of the connectors that the settings name.

    `helpdesks` says how the tickets of each connected helpdesk are decided; these are posted nowhere.
    """

    deliveries: WebhookDeliveries
    connectors: Mapping[str, HookSettings]
    decide: Decide
    helpdesks: Mapping[str, Callable[[Delivery], None]] = field(default_factory=dict)
    poll_every_s: float = _POLL_EVERY_S
    lease_s: float = LEASE_S
    _tasks: dict[PendingState, PeriodicTask] = field(default_factory=dict)
    _posting: PostingThreads = field(default_factory=PostingThreads)

    def start(self) -> None:
        """Begin to work."""
        works: dict[PendingState, Callable[[], bool]] = {
            "received": partial(self.process_next, "received"),
            "decided": self._post_due,
        }
        for state, work in works.items():
            self._tasks[state] = PeriodicTask(work, name=f"hooks-{state}", every_s=self.poll_every_s)
            self._tasks[state].start()

    def stop(self, timeout_s: float = LEASE_S) -> None:
        """Finish the deliveries in hand, up to the time given, and take no more."""
        until = time.monotonic() + timeout_s
        self._posting.request_stop()
        for task in self._tasks.values():
            task.request_stop()
        for task in self._tasks.values():
            task.stop(max(0.0, until - time.monotonic()))
        self._posting.join(until)

    def notify(self) -> None:
        """Poll at once for what has just arrived in this process."""
        self._trigger("received")

    def _trigger(self, state: PendingState) -> None:
        if state in self._tasks:
            self._tasks[state].trigger()

    def process_next(self, state: PendingState) -> bool:
        """Take one delivery a step further; return False where none is due.

        Raises:
            StoreUnavailableError: the store cannot be reached.
        """
        claimed = self.deliveries.claim(state, lease_s=self.lease_s)
        if claimed is None:
            return False
        self._process(claimed)
        return True

    def _post_due(self) -> bool:
        """Begin to post at each destination where results are due and where no thread posts already.

        Each first result is claimed here, so that a store that cannot be written is asked once, not by each.
        """
        for destination in self.deliveries.due_destinations():
            if self._posting.has_room_for(destination):
                claimed = self.deliveries.claim("decided", lease_s=self.lease_s, destination=destination)
                if claimed is not None:
                    # What became due there while the thread ended is looked for once more.
                    posts = self._post_all(destination, claimed)
                    self._posting.start(destination, posts, ended=partial(self._trigger, "decided"))
        return False

    def _post_all(self, destination: Destination, claimed: Delivery | None) -> Iterator[bool]:
        """Post what is due at a destination; yield after each whether it was taken."""
        while claimed is not None:
            yield self._process(claimed)
            claimed = self.deliveries.claim("decided", lease_s=self.lease_s, destination=destination)

    def _process(self, claimed: Delivery) -> bool:
        """Take a claimed delivery a step further; return False where its callback did not take the result."""
        try:
            decide = self._decider(claimed.connector)
            if decide is None:
                # Another process may have it: settings change in one process after the other.
                self._failed(claimed, "this process has no such connector in its settings", _OTHERS_ATTEMPTS)
            elif self.deliveries.is_superseded(claimed):
                self.deliveries.finish(claimed, "superseded")
            elif claimed.state == "received":
                self._decide(claimed, decide)
            else:
                return self._post(claimed, self.connectors[claimed.connector])
        except ConflictError as error:
            _log.warning("%s", error.message)  # the lease ran out; who has it now goes on
        return True

    def _decider(self, connector: str) -> Callable[[Delivery], None] | None:
        settings = self.connectors.get(connector)
        return self.helpdesks.get(connector) if settings is None else lambda it: self.decide(it, settings)

    def _decide(self, claimed: Delivery, decide: Callable[[Delivery], None]) -> None:
        if claimed.attempts > _DECIDE_ATTEMPTS:  # each attempt ended with the process
            self.deliveries.fail(
                claimed, claimed.error or "the service stopped each time it read this ticket"
            )
            return
        try:
            decide(claimed)
        except (ConflictError, StoreUnavailableError):
            raise
        except (NotReadyError, OverloadedError) as error:  # not its fault: it waits for the service
            self.deliveries.retry_later(claimed, error.message, wait_s=_FIRST_WAIT_S, counts=False)
        except Exception as error:  # noqa: BLE001 - one ticket must not stop those behind it
            kind = error.message if isinstance(error, TriageError) else type(error).__name__
            self._failed(claimed, f"the ticket could not be decided: {kind}", _DECIDE_ATTEMPTS)
        else:
            self._trigger("decided")

    def _post(self, claimed: Delivery, settings: HookSettings) -> bool:
        if claimed.attempts > settings.max_attempts:
            self.deliveries.fail(
                claimed, claimed.error or "the service stopped each time it posted this result"
            )
            return True
        posted = send(
            claimed.callback_url or "",
            (claimed.result or "").encode(),
            key=settings.keys()[0],
            delivery_id=claimed.delivery_id,
            headers={AS_OF: claimed.as_of.isoformat()},
            allowed=settings.allowed(),
            timeout_s=settings.timeout_s,
        )
        if posted.error is None:
            self.deliveries.finish(claimed, "done")
        else:
            self._failed(claimed, posted.error, settings.max_attempts)
        return posted.error is None

    def _failed(self, claimed: Delivery, error: str, max_attempts: int) -> None:
        _log.warning(
            "delivery %s of %s, attempt %d: %s", claimed.id, claimed.connector, claimed.attempts, error
        )
        if claimed.attempts >= max_attempts:
            self.deliveries.fail(claimed, error)
        else:
            self.deliveries.retry_later(claimed, error, wait_s=wait_s(claimed.attempts))
