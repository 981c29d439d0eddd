"""Webhook deliveries, a durable outbox: each is received once, and worked on by one process at a time.

A delivery goes from `received` to `decided` to `done`; without a callback from `received` to `done`. It
ends as `failed` when its attempts are used up, and as `superseded` when a later state of its ticket came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from models.errors import ConflictError, InputError, NotFoundError
from triage.callback_urls import parse_origin
from triage.store.database import Database
from triage.store.ids import new_id
from triage.store.tables import deliveries

DeliveryState = Literal["received", "decided", "done", "failed", "superseded"]
PendingState = Literal["received", "decided"]
"""The states in which work is left: to decide the ticket, or to post the result."""
_MOST_URLS = 200
_LONGEST_WAIT = timedelta(hours=3)  # a retry waits for an hour at most, and machines' clocks may differ


@dataclass(frozen=True, slots=True)
class IncomingDelivery:
    """Delivery as it arrives.

    `as_of` is the time of the ticket's state that it holds; `requester` is a pseudonym; `body_hash` is the
    SHA-256 of the raw body, in hexadecimal.
    """

    connector: str
    delivery_id: str
    ticket_id: str
    as_of: datetime
    signed_at: datetime
    body_hash: str
    requester: str | None
    callback_url: str | None
    payload: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivery and its state.

    `payload` is there until the ticket is decided, `result` from then until the callback has taken it.
    `next_at` is when the delivery is due again, `claimed_until` the end of the lease of the process that
    works on it. No two claims share that time, so it also tells whether a process still has its claim.
    """

    id: str
    connector: str
    delivery_id: str
    received_at: datetime
    signed_at: datetime
    body_hash: str
    ticket_id: str
    as_of: datetime
    requester: str | None
    callback_url: str | None
    payload: str | None
    state: DeliveryState
    attempts: int
    next_at: datetime
    claimed_until: datetime | None
    decision_id: str | None
    result: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where results of a connector are posted: one origin, at some callback URLs that results wait for."""

    connector: str
    origin: str
    urls: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Delivery that was received now, or, where not `is_new`, the one that had come under this id before."""

    delivery: Delivery
    is_new: bool


@dataclass(frozen=True, slots=True)
class WebhookDeliveries:
    """The webhook deliveries of a database. All methods raise StoreUnavailableError."""

    database: Database

    def receive(self, incoming: IncomingDelivery) -> Receipt:
        """Keep a delivery durably, unless it is there already.

        Raises:
            ConflictError: its id was used for another body, or its signed body came under another id.
        """
        now = datetime.now(UTC)
        row = {name: getattr(incoming, name) for name in IncomingDelivery.__slots__}
        row |= {"id": new_id(), "received_at": now, "state": "received", "attempts": 0, "next_at": now}
        try:
            with self.database.write() as connection:
                connection.execute(insert(deliveries), [row])
                return Receipt(_get(connection, row["id"]), is_new=True)
        except IntegrityError:
            pass  # it, or its signed body, is there already
        found = self.get(incoming.connector, incoming.delivery_id)
        if found is None:
            raise ConflictError(
                "this signed body was delivered before under another id: sign each delivery anew, or repeat "
                "it with the id that it had"
            )
        if found.body_hash != incoming.body_hash:
            raise ConflictError(
                "this delivery id was used before for another body: give each delivery an id of its own"
            )
        return Receipt(found, is_new=False)

    def get(self, connector: str, delivery_id: str) -> Delivery | None:
        """Return the delivery that a connector sent under this id, or None."""
        mine = (deliveries.c.connector == connector, deliveries.c.delivery_id == delivery_id)
        with self.database.read() as reading:
            return _find(reading, *mine)

    def list(
        self, connector: str, state: DeliveryState | None, *, limit: int, before: str | None = None
    ) -> list[Delivery]:
        """Return up to `limit` deliveries, newest first; with `before`, those older than that `id`."""
        query = select(deliveries).where(deliveries.c.connector == connector)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        if before is not None:
            query = query.where(deliveries.c.id < before)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(deliveries.c.id.desc()).limit(limit)).mappings().all()
        return [Delivery(**row) for row in rows]

    def counts(self, connector: str | None = None) -> dict[str, int]:
        """Return how many deliveries, of all connectors or of one, are in each state that has any."""
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        if connector is not None:
            query = query.where(deliveries.c.connector == connector)
        with self.database.read() as connection:
            return {state: int(count) for state, count in connection.execute(query)}

    def due_destinations(self) -> Sequence[Destination]:
        """Return where results are due to be posted, the one that waits longest first.

        Of a destination with very many URLs only those are named that wait longest.
        """
        query = (
            select(deliveries.c.connector, deliveries.c.callback_url)
            .where(deliveries.c.state == "decided", _is_due(datetime.now(UTC)))
            .group_by(deliveries.c.connector, deliveries.c.callback_url)
            .order_by(func.min(deliveries.c.next_at))
        )
        urls: dict[tuple[str, str], list[str]] = {}
        with self.database.read() as connection:
            for connector, url in connection.execute(query):
                urls.setdefault((connector, _origin(url)), []).append(url)
        return [Destination(*key, tuple(found[:_MOST_URLS])) for key, found in urls.items()]

    def claim(
        self, state: PendingState, *, lease_s: float, destination: Destination | None = None
    ) -> Delivery | None:
        """Claim the delivery that is longest due for this process alone; None where nothing is due.

        With `destination`, only of those that are posted there. The attempt counts from now on, also where
        the process dies. The claim ends after `lease_s` seconds.
        """
        now = datetime.now(UTC)
        due = (
            select(deliveries.c.id)
            .where(deliveries.c.state == state, _is_due(now))
            .order_by(deliveries.c.next_at)
            .limit(1)
        )
        if destination is not None:
            due = due.where(
                deliveries.c.connector == destination.connector,
                deliveries.c.callback_url.in_(destination.urls),
            )
        with self.database.read() as reading:
            if reading.execute(due).first() is None:
                return None  # looked up first, so that an idle process takes no lock
        until = now + timedelta(seconds=lease_s)
        with self.database.write() as connection:
            # SQLite knows no row locks: there the whole transaction is alone.
            found = connection.execute(due.with_for_update(skip_locked=True)).scalar()
            if found is None:
                return None
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == found)
                .values(next_at=until, claimed_until=until, attempts=deliveries.c.attempts + 1)
            )
            return _get(connection, found)

    def is_superseded(self, delivery: Delivery) -> bool:
        """Return whether a later state of the same ticket has come; a ticket without an id has none."""
        if not delivery.ticket_id:
            return False
        later = select(deliveries.c.id).where(
            deliveries.c.connector == delivery.connector,
            deliveries.c.ticket_id == delivery.ticket_id,
            deliveries.c.as_of > delivery.as_of,
        )
        with self.database.read() as connection:
            return connection.execute(later.limit(1)).first() is not None

    def decide(self, connection: Connection, claimed: Delivery, *, decision_id: str, result: str) -> None:
        """Store the result of a delivery in the transaction that keeps its decision; the payload is cleared.

        The delivery is due for its callback at once, or done where it has none.

        Raises:
            ConflictError: another process has taken it over; the decision must not be kept.
        """
        state: DeliveryState = "decided" if claimed.callback_url else "done"
        self._change(
            connection,
            claimed,
            state=state,
            payload=None,
            decision_id=decision_id,
            result=result,
            attempts=0,
            error=None,
        )

    def finish(self, claimed: Delivery, state: Literal["done", "superseded"]) -> None:
        """End a delivery; its payload and result are cleared. Raises as `decide`."""
        with self.database.write() as connection:
            self._change(connection, claimed, state=state, payload=None, result=None, error=None)

    def retry_later(self, claimed: Delivery, error: str, *, wait_s: float, counts: bool = True) -> None:
        """Release a delivery to be tried again after `wait_s` seconds; raises as `decide`.

        Unless the attempt `counts`, it is taken back.
        """
        with self.database.write() as connection:
            attempts = claimed.attempts if counts else claimed.attempts - 1
            self._change(connection, claimed, error=error, attempts=attempts, wait_s=wait_s)

    def fail(self, claimed: Delivery, error: str) -> None:
        """Mark a delivery as failed, until somebody asks for a retry; raises as `decide`."""
        with self.database.write() as connection:
            self._change(connection, claimed, state="failed", error=error)

    def retry(self, connector: str, delivery_id: str) -> Delivery:
        """Make a failed delivery due again, with all its attempts.

        Raises:
            NotFoundError: there is no such delivery.
            ConflictError: it has not failed, or what it said was erased.
        """
        with self.database.write() as connection:
            mine = (deliveries.c.connector == connector, deliveries.c.delivery_id == delivery_id)
            failed = _find(connection, *mine)
            if failed is None:
                raise NotFoundError(f"there is no delivery {delivery_id!r} of {connector!r}")
            if failed.state != "failed":
                raise ConflictError(f"this delivery is {failed.state}: only a failed one can be tried again")
            if failed.payload is None and failed.result is None:
                raise ConflictError("what this delivery said was erased: send it again under a new id")
            state: DeliveryState = "received" if failed.result is None else "decided"
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id == failed.id, deliveries.c.state == "failed")
                .values(state=state, attempts=0, next_at=datetime.now(UTC), claimed_until=None)
            )
            return _get(connection, failed.id)

    def _change(
        self, connection: Connection, claimed: Delivery, *, wait_s: float = 0.0, **values: Any
    ) -> None:
        changed = connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == claimed.id,
                deliveries.c.state == claimed.state,
                deliveries.c.claimed_until == claimed.claimed_until,
            )
            .values(claimed_until=None, next_at=datetime.now(UTC) + timedelta(seconds=wait_s), **values)
        )
        if changed.rowcount != 1:
            raise ConflictError(f"another process has taken over the delivery {claimed.id}")


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition for a delivery's turn to have come.

    Nothing waits for as long as `_LONGEST_WAIT`: a later moment was written while the clock was wrong.
    """
    return or_(deliveries.c.next_at <= now, deliveries.c.next_at > now + _LONGEST_WAIT)


def _find(connection: Connection, *where: Any) -> Delivery | None:
    row = connection.execute(select(deliveries).where(*where)).mappings().first()
    return None if row is None else Delivery(**row)


def _get(connection: Connection, delivery_id: str) -> Delivery:
    return Delivery(
        **connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).mappings().one()
    )


@lru_cache(maxsize=1000)
def _origin(url: str) -> str:
    try:
        return parse_origin(url, with_path=True)
    except InputError:
        return ""
