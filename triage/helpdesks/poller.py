"""Polling: a helpdesk's new tickets are taken into the durable outbox, each state of a ticket once.

Several processes may poll for one home: they take turns, and whoever comes within `poll_s` of another does
nothing. The tickets are on disk before the cursor moves on, so that a kill loses none; those that come again
are known by their id and state.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from models.errors import ConflictError, TriageError
from models.storage.artifact import new_text_file
from models.storage.filelock import exclusive_lock
from models.storage.private import make_private_folder
from triage.errors import HelpdeskBusyError
from triage.helpdesks.mapping import check_mapping, live_ticket
from triage.helpdesks.protocol import Helpdesk, HelpdeskTicket
from triage.helpdesks.systems import open_helpdesk
from triage.settings import Settings
from triage.settings.fields import FieldSettings
from triage.settings.helpdesks import HelpdeskSettings
from triage.store.ids import Pseudonyms
from triage.store.webhook_deliveries import IncomingDelivery, WebhookDeliveries
from triage.ticket import Ticket

TICKET: TypeAdapter[Ticket] = TypeAdapter(Ticket)
"""Tickets as they wait in the outbox."""

_CHECK_EVERY_S = 900.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollState:
    """State of polling: the cursor, when it was last tried and succeeded, and what prevents it."""

    cursor: str | None = None
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    not_before: datetime | None = None
    problem: str | None = None


_STATE: TypeAdapter[PollState] = TypeAdapter(PollState)


def read_poll_state(folder: Path) -> PollState:
    """Return the state in a helpdesk's folder; a new one where there is none, or none that can be read."""
    try:
        return _STATE.validate_json((folder / "poll.json").read_bytes())
    except (OSError, ValidationError):
        return PollState()


@dataclass(slots=True)
class Poller:
    """Looks for new tickets of one helpdesk. `fields` are those of the settings."""

    name: str
    settings: HelpdeskSettings
    fields: Mapping[str, FieldSettings]
    folder: Path
    deliveries: WebhookDeliveries
    pseudonyms: Pseudonyms
    open: Callable[[HelpdeskSettings], Helpdesk] = open_helpdesk
    _helpdesk: Helpdesk | None = None
    _checked: float = field(default=float("-inf"))

    @classmethod
    def of(
        cls, settings: Settings, name: str, deliveries: WebhookDeliveries, pseudonyms: Pseudonyms
    ) -> Poller:
        """Return the poller of a helpdesk that the settings name."""
        return cls(
            name,
            settings.helpdesks[name],
            settings.fields,
            settings.helpdesk_folder(name),
            deliveries,
            pseudonyms,
        )

    def poll(self, *, at_once: bool = False) -> int:
        """Take in the tickets that are new, unless another process just did; return how many.

        With `at_once` it is done also within the pause, and a wait that the helpdesk asked for is an error.

        Raises:
            HelpdeskBusyError: the helpdesk asks to wait.
            TriageError: the helpdesk, the mapping or the store prevents it; the state says so too.
        """
        make_private_folder(self.folder.parent)
        make_private_folder(self.folder)
        with exclusive_lock(self.folder / "poll.lock"):
            state, now = read_poll_state(self.folder), datetime.now(UTC)
            if state.not_before is not None and now < state.not_before:
                if at_once:
                    wait_s = int((state.not_before - now).total_seconds()) + 1
                    raise HelpdeskBusyError(
                        state.problem or "the helpdesk asks to wait", retry_after_s=wait_s
                    )
                return 0
            if not at_once and not self._is_due(state, now):
                return 0
            state = replace(state, tried_at=now, not_before=None)
            try:
                helpdesk = self._checked_helpdesk()
                found = helpdesk.poll(state.cursor)
                count = sum(self._receive(ticket, now) for ticket in found.tickets if not ticket.is_merged)
            except TriageError as error:
                if isinstance(error, HelpdeskBusyError):
                    state = replace(state, not_before=now + timedelta(seconds=error.retry_after_s))
                self._write(replace(state, problem=error.message))
                raise
            self._write(replace(state, cursor=found.cursor, succeeded_at=now, problem=None))
        return count

    def _is_due(self, state: PollState, now: datetime) -> bool:
        """Tell whether it is time; a try in the future was noted by a clock that was wrong."""
        pause = timedelta(seconds=self.settings.poll_s) * 0.9  # timers are not exact
        return state.tried_at is None or not timedelta(0) <= now - state.tried_at < pause

    def _checked_helpdesk(self) -> Helpdesk:
        """Return the helpdesk, whose fields and values are compared with the mapping now and then."""
        if self._helpdesk is None:
            self._helpdesk = self.open(self.settings)
        if time.monotonic() - self._checked > _CHECK_EVERY_S:
            offered = self._helpdesk.fields()
            check_mapping(self.name, self.settings.active_fields, offered, self.fields)
            self._checked = time.monotonic()
        return self._helpdesk

    def _receive(self, ticket: HelpdeskTicket, now: datetime) -> bool:
        """Keep a ticket to be decided; return whether this state of it is new."""
        state = self.pseudonyms.keyed_name(f"{ticket.subject}\0{ticket.body}", "state of a ticket")
        delivery_id = f"{ticket.id}:{state}"
        live = live_ticket(ticket, self.settings.active_fields)
        with suppress(ConflictError):  # not of this body: the id is made of what the hash is made of
            return self.deliveries.receive(
                IncomingDelivery(
                    connector=self.name,
                    delivery_id=delivery_id,
                    ticket_id=ticket.id,
                    as_of=now,
                    signed_at=now,
                    body_hash=hashlib.sha256(delivery_id.encode()).hexdigest(),
                    requester=self.pseudonyms.pseudonym_of(ticket.requester),
                    callback_url=None,
                    payload=TICKET.dump_json(live).decode(),
                )
            ).is_new
        return False

    def _write(self, state: PollState) -> None:
        with new_text_file(self.folder / "poll.json") as stream:
            json.dump(asdict(state), stream, default=lambda at: at.isoformat())
