"""A delivery is taken once, worked on by one process at a time, and never lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.errors import ConflictError, NotFoundError
from tests.store.test_decisions import decision
from triage.store import Store
from triage.store.webhook_deliveries import Delivery, IncomingDelivery, Receipt

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def incoming(delivery_id: str = "d1", **changes: object) -> IncomingDelivery:
    made = IncomingDelivery(
        connector="desk",
        delivery_id=delivery_id,
        ticket_id="4711",
        as_of=NOW,
        signed_at=NOW,
        body_hash=f"hash of {delivery_id}",
        requester=None,
        callback_url="https://desk.example.com/triage",
        payload='{"body": "Akku"}',
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def claimed(store: Store, state: str = "received", lease_s: float = 60) -> Delivery:
    held = store.webhook_deliveries.claim(state, lease_s=lease_s)  # type: ignore[arg-type]
    assert held is not None
    return held


def decide(store: Store, held: Delivery) -> None:
    made = decision()
    store.decisions.record_many(
        [made],
        lambda c: store.webhook_deliveries.decide(c, held, decision_id=made.id, result='{"id": "4711"}'),
    )


def found(store: Store, delivery_id: str = "d1", *, connector: str = "desk") -> Delivery:
    delivery = store.webhook_deliveries.get(connector, delivery_id)
    assert delivery is not None
    return delivery


def test_a_delivery_goes_through_its_states_and_what_it_said_goes_with_them(
    open_again: Callable[[], Store],
) -> None:
    first = open_again().webhook_deliveries.receive(incoming())
    assert first.is_new
    other = open_again()
    decide(other, claimed(other))
    decided = found(open_again())
    assert (decided.state, decided.payload, decided.result) == ("decided", None, '{"id": "4711"}')
    assert other.decisions.get(decided.decision_id or "") is not None
    other.webhook_deliveries.finish(claimed(other, "decided"), "done")
    done = found(open_again())
    assert (done.state, done.payload, done.result) == ("done", None, None)
    assert done.decision_id == decided.decision_id
    assert other.webhook_deliveries.counts() == {"done": 1}


def test_without_a_callback_a_decided_delivery_is_done_and_keeps_its_result(store: Store) -> None:
    store.webhook_deliveries.receive(incoming(callback_url=None))
    decide(store, claimed(store))
    assert (found(store).state, found(store).result) == ("done", '{"id": "4711"}')


def test_the_same_delivery_again_is_the_first_one(store: Store) -> None:
    first = store.webhook_deliveries.receive(incoming())
    again = store.webhook_deliveries.receive(incoming(signed_at=NOW + timedelta(seconds=9)))
    assert not again.is_new
    assert again.delivery == first.delivery
    claimed(store)
    assert store.webhook_deliveries.claim("received", lease_s=60) is None


def test_an_id_used_for_another_body_and_a_signed_body_under_another_id_are_refused(store: Store) -> None:
    store.webhook_deliveries.receive(incoming())
    with pytest.raises(ConflictError, match="another body"):
        store.webhook_deliveries.receive(incoming(body_hash="other"))
    with pytest.raises(ConflictError, match="under another id"):
        store.webhook_deliveries.receive(incoming("d2", body_hash="hash of d1"))
    assert store.webhook_deliveries.counts() == {"received": 1}


def test_the_same_body_signed_at_another_time_or_of_another_connector_is_another_delivery(
    store: Store,
) -> None:
    store.webhook_deliveries.receive(incoming())
    later = incoming("d2", body_hash="hash of d1", signed_at=NOW + timedelta(seconds=1))
    assert store.webhook_deliveries.receive(later).is_new
    assert store.webhook_deliveries.receive(incoming(connector="shop")).is_new


def test_a_delivery_sent_many_times_at_once_is_taken_once(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(6)]
    stores[0].database.ensure_migrated()
    taken: list[Receipt] = []
    threads = [
        threading.Thread(target=lambda s=s: taken.append(s.webhook_deliveries.receive(incoming())))
        for s in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [t.is_new for t in taken].count(True) == 1
    assert len({t.delivery.id for t in taken}) == 1


def test_each_delivery_is_claimed_by_one_of_many_processes(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(4)]
    names = [f"d{n}" for n in range(12)]
    for name in names:
        stores[0].webhook_deliveries.receive(incoming(name))
    claims: list[str] = []

    def work(store: Store) -> None:
        while (held := store.webhook_deliveries.claim("received", lease_s=60)) or len(claims) < len(names):
            if held:
                claims.append(held.delivery_id)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == sorted(names)


def test_what_a_dead_process_held_is_claimed_again_and_the_dead_one_decides_nothing(store: Store) -> None:
    store.webhook_deliveries.receive(incoming())
    dead = claimed(store, lease_s=0.01)
    time.sleep(0.05)
    alive = claimed(store)
    assert (dead.attempts, alive.attempts) == (1, 2)
    made = decision()
    with pytest.raises(ConflictError, match="taken over"):
        store.decisions.record_many(
            [made], lambda c: store.webhook_deliveries.decide(c, dead, decision_id=made.id, result="{}")
        )
    assert store.decisions.get(made.id) is None
    with pytest.raises(ConflictError, match="taken over"):
        store.webhook_deliveries.retry_later(dead, "late", wait_s=1)
    decide(store, alive)
    assert found(store).state == "decided"


def test_an_attempt_that_does_not_count_leaves_the_number_as_it_was(store: Store) -> None:
    store.webhook_deliveries.receive(incoming())
    store.webhook_deliveries.retry_later(claimed(store), "still loading", wait_s=0, counts=False)
    assert (found(store).attempts, found(store).error) == (0, "still loading")
    store.webhook_deliveries.retry_later(claimed(store), "no answer", wait_s=60)
    assert found(store).attempts == 1
    assert store.webhook_deliveries.claim("received", lease_s=60) is None


def test_a_later_state_of_the_ticket_supersedes_whatever_comes_first(store: Store) -> None:
    late = NOW + timedelta(seconds=1)
    new = store.webhook_deliveries.receive(incoming("new", as_of=late)).delivery
    old = store.webhook_deliveries.receive(incoming("old")).delivery
    same = store.webhook_deliveries.receive(incoming("same", as_of=late)).delivery
    other = store.webhook_deliveries.receive(incoming("other", ticket_id="4712")).delivery
    unnamed = store.webhook_deliveries.receive(incoming("unnamed", ticket_id="")).delivery
    store.webhook_deliveries.receive(incoming("unnamed-later", ticket_id="", as_of=late))
    assert store.webhook_deliveries.is_superseded(old)
    assert not any(store.webhook_deliveries.is_superseded(d) for d in (new, same, other, unnamed))


def test_only_a_failed_delivery_can_be_tried_again(store: Store) -> None:
    store.webhook_deliveries.receive(incoming())
    with pytest.raises(ConflictError, match="is received"):
        store.webhook_deliveries.retry("desk", "d1")
    with pytest.raises(NotFoundError):
        store.webhook_deliveries.retry("desk", "unknown")
    decide(store, claimed(store))
    store.webhook_deliveries.fail(claimed(store, "decided"), "status 500")
    assert (found(store).state, found(store).error) == ("failed", "status 500")
    again = store.webhook_deliveries.retry("desk", "d1")
    assert (again.state, again.attempts) == ("decided", 0)
    assert claimed(store, "decided").result == '{"id": "4711"}'


def test_the_list_goes_back_in_time_page_by_page(store: Store) -> None:
    for n in range(5):
        store.webhook_deliveries.receive(incoming(f"d{n}"))
        time.sleep(0.002)
    store.webhook_deliveries.fail(claimed(store), "wrong")
    newest = store.webhook_deliveries.list("desk", None, limit=3)
    assert [d.delivery_id for d in newest] == ["d4", "d3", "d2"]
    rest = store.webhook_deliveries.list("desk", None, limit=3, before=newest[-1].id)
    assert [d.delivery_id for d in rest] == ["d1", "d0"]
    assert [d.delivery_id for d in store.webhook_deliveries.list("desk", "failed", limit=3)] == ["d0"]
    assert store.webhook_deliveries.list("shop", None, limit=3) == []


def test_what_was_received_or_tried_while_the_clock_was_ahead_is_worked_on_when_it_is_right_again(
    store: Store,
) -> None:
    for number, ahead in enumerate((timedelta(hours=5), timedelta(days=400))):
        store.webhook_deliveries.receive(incoming(f"d{number}"))
        held = claimed(store)
        store.webhook_deliveries.retry_later(held, "x", wait_s=ahead.total_seconds())
        decide(store, claimed(store))
        due = claimed(store, "decided", lease_s=ahead.total_seconds())
        assert [destination.origin for destination in store.webhook_deliveries.due_destinations()]
        store.webhook_deliveries.finish(claimed(store, "decided"), "done")
        assert found(store, due.delivery_id).state == "done"


def test_what_is_to_be_tried_within_an_hour_is_not_due_before(store: Store) -> None:
    store.webhook_deliveries.receive(incoming())
    store.webhook_deliveries.retry_later(claimed(store), "x", wait_s=3600)
    assert store.webhook_deliveries.claim("received", lease_s=60) is None
