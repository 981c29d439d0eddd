"""New tickets are taken in once each, whatever interrupts, and what prevents that is said."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import SettingsError, StoreUnavailableError, TriageError
from triage.errors import HelpdeskBusyError, HelpdeskError
from triage.helpdesks.poller import TICKET, Poller, read_poll_state
from triage.helpdesks.protocol import HelpdeskField, HelpdeskState, HelpdeskTicket, NewTickets, TicketPage
from triage.settings import Settings
from triage.store import Store, open_store
from triage.store.webhook_deliveries import IncomingDelivery, Receipt, WebhookDeliveries

SETTINGS = {
    "kind": "django-helpdesk",
    "url": "http://desk",
    "poll_s": 3600,
    "fields": {
        "team": {"field": "queue", "values": {"Network": "network", "Front": "front"}, "defaults": ["Front"]}
    },
}


class NumberedDesk:
    """A helpdesk in memory whose cursor is how many tickets it had; the last two come again each time."""

    def __init__(self) -> None:
        self.tickets: list[HelpdeskTicket] = []
        self.queues: tuple[str, ...] = ("Front", "Network")
        self.raises: list[TriageError] = []
        self.polled = 0

    def check(self) -> HelpdeskState:
        return HelpdeskState({"open": len(self.tickets)})

    def fields(self) -> Sequence[HelpdeskField]:
        return [HelpdeskField("queue", "Queue", "team", self.queues)]

    def pull(self, cursor: str | None) -> TicketPage:
        return TicketPage([], None)

    def poll(self, cursor: str | None) -> NewTickets:
        self.polled += 1
        if self.raises:
            raise self.raises.pop()
        start = len(self.tickets) if cursor is None else max(0, int(cursor) - 2)
        return NewTickets(self.tickets[start:], str(len(self.tickets)))

    def add(self, *, queue: str = "Front", is_merged: bool = False) -> None:
        number = str(len(self.tickets) + 1)
        self.tickets.append(
            HelpdeskTicket(
                id=number,
                subject=f"Printer {number}",
                body="It does not print.",
                requester="ann@example.com",
                created_at=datetime(2026, 5, 1, tzinfo=UTC),
                values={"queue": queue},
                is_settled=False,
                is_merged=is_merged,
            )
        )


@pytest.fixture
def desk() -> NumberedDesk:
    return NumberedDesk()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, helpdesks={"desk": SETTINGS})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as opened:
        yield opened


def poller(settings: Settings, store: Store, desk: NumberedDesk) -> Poller:
    made = Poller.of(settings, "desk", store.webhook_deliveries, store.pseudonyms)
    made.open = lambda _: desk
    return made


def poll(settings: Settings, store: Store, desk: NumberedDesk) -> int:
    """Poll at once, as a process of its own."""
    return poller(settings, store, desk).poll(at_once=True)


def taken(store: Store) -> list[str]:
    return sorted(delivery.ticket_id for delivery in store.webhook_deliveries.list("desk", None, limit=100))


def test_the_first_look_takes_nothing_and_each_later_one_what_is_new(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    desk.add()
    assert poll(settings, store, desk) == 0
    desk.add()
    desk.add(is_merged=True)
    desk.add()
    assert poll(settings, store, desk) == 3  # the one before comes again, and was not taken yet
    assert poll(settings, store, desk) == 0
    assert taken(store) == ["1", "2", "4"]


def test_a_value_that_is_no_default_is_a_persons_choice(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    poll(settings, store, desk)
    desk.add(queue="Front")
    desk.add(queue="Network")
    poll(settings, store, desk)
    waiting = {
        delivery.ticket_id: delivery for delivery in store.webhook_deliveries.list("desk", None, limit=9)
    }
    assert TICKET.validate_json(waiting["1"].payload or "").current == {}
    assert TICKET.validate_json(waiting["2"].payload or "").current == {"team": "network"}
    assert waiting["1"].requester == store.pseudonyms.pseudonym_of("ann@example.com")


def test_a_ticket_is_decided_again_where_its_text_changed_and_not_where_only_its_values_did(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    poll(settings, store, desk)
    desk.add()
    assert poll(settings, store, desk) == 1
    desk.tickets[0] = replace(desk.tickets[0], values={"queue": "Network"})
    assert poll(settings, store, desk) == 0
    desk.tickets[0] = replace(desk.tickets[0], body="It does not print at all.")
    assert poll(settings, store, desk) == 1


def test_a_kill_between_two_tickets_loses_none_and_takes_none_twice(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    class DyingDeliveries(WebhookDeliveries):
        def receive(self, incoming: IncomingDelivery) -> Receipt:
            if incoming.ticket_id == "3":
                raise KeyboardInterrupt
            return store.webhook_deliveries.receive(incoming)

    poll(settings, store, desk)
    for _ in range(5):
        desk.add()
    dying = poller(settings, store, desk)
    dying.deliveries = DyingDeliveries(store.database)
    with pytest.raises(KeyboardInterrupt):
        dying.poll(at_once=True)
    assert taken(store) == ["1", "2"]
    assert poll(settings, store, desk) == 3
    assert taken(store) == ["1", "2", "3", "4", "5"]


def test_of_several_processes_one_looks_at_a_time(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    for one in (poller(settings, store, desk), poller(settings, store, desk)):
        one.poll()
        one.poll()
    assert desk.polled == 1


def test_a_helpdesk_that_asks_to_wait_a_day_is_left_alone_and_the_state_says_until_when(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    poll(settings, store, desk)
    desk.add()
    desk.raises = [HelpdeskBusyError("desk asks to wait 86,400 s", retry_after_s=86_400)]
    with pytest.raises(HelpdeskBusyError):
        poll(settings, store, desk)
    state = read_poll_state(settings.helpdesk_folder("desk"))
    assert state.problem == "desk asks to wait 86,400 s"
    assert state.not_before is not None
    assert 86_000 < (state.not_before - datetime.now(UTC)).total_seconds() <= 86_400
    assert poller(settings, store, desk).poll() == 0
    with pytest.raises(HelpdeskBusyError, match="asks to wait"):
        poll(settings, store, desk)
    assert desk.polled == 2


def test_an_outage_is_named_and_everything_caught_up_after_it(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    poll(settings, store, desk)
    for _ in range(4):
        desk.add()
        desk.raises = [HelpdeskError("desk could not be reached")]
        with pytest.raises(HelpdeskError):
            poll(settings, store, desk)
    assert read_poll_state(settings.helpdesk_folder("desk")).problem == "desk could not be reached"
    assert poll(settings, store, desk) == 4
    assert read_poll_state(settings.helpdesk_folder("desk")).problem is None


def test_a_store_that_cannot_be_written_holds_the_cursor_back(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    class BrokenDeliveries(WebhookDeliveries):
        def receive(self, incoming: IncomingDelivery) -> Receipt:
            raise StoreUnavailableError("the disk is full")

    poll(settings, store, desk)
    desk.add()
    broken = poller(settings, store, desk)
    broken.deliveries = BrokenDeliveries(store.database)
    with pytest.raises(StoreUnavailableError):
        broken.poll(at_once=True)
    assert poll(settings, store, desk) == 1


def test_a_value_that_goes_from_the_helpdesk_is_named_before_anything_is_taken(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    poll(settings, store, desk)
    desk.add()
    desk.queues = ("Front",)
    with pytest.raises(SettingsError, match="queue has no value Network"):
        poll(settings, store, desk)
    assert taken(store) == []


def test_a_state_that_cannot_be_read_begins_anew_and_is_private(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    poll(settings, store, desk)
    file = settings.helpdesk_folder("desk") / "poll.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text('{"cursor": [1]}', "utf-8")
    assert poller(settings, store, desk).poll() == 0


def test_a_clock_that_was_ahead_does_not_stop_the_looking(
    settings: Settings, store: Store, desk: NumberedDesk
) -> None:
    poll(settings, store, desk)
    file = settings.helpdesk_folder("desk") / "poll.json"
    state = json.loads(file.read_text("utf-8")) | {"tried_at": "2999-01-01T00:00:00+00:00"}
    file.write_text(json.dumps(state), "utf-8")
    poller(settings, store, desk).poll()
    assert desk.polled == 2
