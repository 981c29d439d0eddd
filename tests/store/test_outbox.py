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
from triage.store.webhook_deliveries import Delivery, Incoming, Taken

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def incoming(delivery_id: str = "d1", **changes: object) -> Incoming:
    made = Incoming(
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
    held = store.outbox.claim(state, lease_s=lease_s)  # type: ignore[arg-type]
    assert held is not None
    return held


def decide(store: Store, held: Delivery) -> None:
    made = decision()
    store.decisions.record_many(
        [made], lambda c: store.outbox.decide(c, held, decision_id=made.id, result='{"id": "4711"}')
    )


def found(store: Store, delivery_id: str = "d1", *, connector: str = "desk") -> Delivery:
    delivery = store.outbox.find(connector, delivery_id)
    assert delivery is not None
    return delivery


def test_a_delivery_goes_through_its_states_and_what_it_said_goes_with_them(
    open_again: Callable[[], Store],
) -> None:
    first = open_again().outbox.take(incoming())
    assert first.is_new
    other = open_again()
    decide(other, claimed(other))
    decided = found(open_again())
    assert (decided.state, decided.payload, decided.result) == ("decided", None, '{"id": "4711"}')
    assert other.decisions.get(decided.decision_id or "") is not None
    other.outbox.finish(claimed(other, "decided"), "done")
    done = found(open_again())
    assert (done.state, done.payload, done.result) == ("done", None, None)
    assert done.decision_id == decided.decision_id
    assert other.outbox.counts() == {"done": 1}


def test_without_a_callback_a_decided_delivery_is_done_and_keeps_its_result(store: Store) -> None:
    store.outbox.take(incoming(callback_url=None))
    decide(store, claimed(store))
    assert (found(store).state, found(store).result) == ("done", '{"id": "4711"}')


def test_the_same_delivery_again_is_the_first_one(store: Store) -> None:
    first = store.outbox.take(incoming())
    again = store.outbox.take(incoming(signed_at=NOW + timedelta(seconds=9)))
    assert not again.is_new
    assert again.delivery == first.delivery
    claimed(store)
    assert store.outbox.claim("received", lease_s=60) is None


def test_an_id_used_for_another_body_and_a_signed_body_under_another_id_are_refused(store: Store) -> None:
    store.outbox.take(incoming())
    with pytest.raises(ConflictError, match="another body"):
        store.outbox.take(incoming(body_hash="other"))
    with pytest.raises(ConflictError, match="under another id"):
        store.outbox.take(incoming("d2", body_hash="hash of d1"))
    assert store.outbox.counts() == {"received": 1}


def test_the_same_body_signed_at_another_time_or_of_another_connector_is_another_delivery(
    store: Store,
) -> None:
    store.outbox.take(incoming())
    later = incoming("d2", body_hash="hash of d1", signed_at=NOW + timedelta(seconds=1))
    assert store.outbox.take(later).is_new
    assert store.outbox.take(incoming(connector="shop")).is_new


def test_a_delivery_sent_many_times_at_once_is_taken_once(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(6)]
    stores[0].database.ensure()
    taken: list[Taken] = []
    threads = [threading.Thread(target=lambda s=s: taken.append(s.outbox.take(incoming()))) for s in stores]
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
        stores[0].outbox.take(incoming(name))
    claims: list[str] = []

    def work(store: Store) -> None:
        while (held := store.outbox.claim("received", lease_s=60)) or len(claims) < len(names):
            if held:
                claims.append(held.delivery_id)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == sorted(names)


def test_what_a_dead_process_held_is_claimed_again_and_the_dead_one_decides_nothing(store: Store) -> None:
    store.outbox.take(incoming())
    dead = claimed(store, lease_s=0.01)
    time.sleep(0.05)
    alive = claimed(store)
    assert (dead.attempts, alive.attempts) == (1, 2)
    made = decision()
    with pytest.raises(ConflictError, match="taken over"):
        store.decisions.record_many(
            [made], lambda c: store.outbox.decide(c, dead, decision_id=made.id, result="{}")
        )
    assert store.decisions.get(made.id) is None
    with pytest.raises(ConflictError, match="taken over"):
        store.outbox.put_off(dead, "late", wait_s=1)
    decide(store, alive)
    assert found(store).state == "decided"


def test_an_attempt_that_does_not_count_leaves_the_number_as_it_was(store: Store) -> None:
    store.outbox.take(incoming())
    store.outbox.put_off(claimed(store), "still loading", wait_s=0, counts=False)
    assert (found(store).attempts, found(store).error) == (0, "still loading")
    store.outbox.put_off(claimed(store), "no answer", wait_s=60)
    assert found(store).attempts == 1
    assert store.outbox.claim("received", lease_s=60) is None


def test_a_later_state_of_the_ticket_supersedes_whatever_comes_first(store: Store) -> None:
    late = NOW + timedelta(seconds=1)
    new = store.outbox.take(incoming("new", as_of=late)).delivery
    old = store.outbox.take(incoming("old")).delivery
    same = store.outbox.take(incoming("same", as_of=late)).delivery
    other = store.outbox.take(incoming("other", ticket_id="4712")).delivery
    unnamed = store.outbox.take(incoming("unnamed", ticket_id="")).delivery
    store.outbox.take(incoming("unnamed-later", ticket_id="", as_of=late))
    assert store.outbox.is_superseded(old)
    assert not any(store.outbox.is_superseded(d) for d in (new, same, other, unnamed))


def test_only_a_failed_delivery_can_be_tried_again(store: Store) -> None:
    store.outbox.take(incoming())
    with pytest.raises(ConflictError, match="is received"):
        store.outbox.retry("desk", "d1")
    with pytest.raises(NotFoundError):
        store.outbox.retry("desk", "unknown")
    decide(store, claimed(store))
    store.outbox.give_up(claimed(store, "decided"), "status 500")
    assert (found(store).state, found(store).error) == ("failed", "status 500")
    again = store.outbox.retry("desk", "d1")
    assert (again.state, again.attempts) == ("decided", 0)
    assert claimed(store, "decided").result == '{"id": "4711"}'


def test_the_list_goes_back_in_time_page_by_page(store: Store) -> None:
    for n in range(5):
        store.outbox.take(incoming(f"d{n}"))
        time.sleep(0.002)
    store.outbox.give_up(claimed(store), "wrong")
    newest = store.outbox.listed("desk", None, limit=3)
    assert [d.delivery_id for d in newest] == ["d4", "d3", "d2"]
    rest = store.outbox.listed("desk", None, limit=3, before=newest[-1].id)
    assert [d.delivery_id for d in rest] == ["d1", "d0"]
    assert [d.delivery_id for d in store.outbox.listed("desk", "failed", limit=3)] == ["d0"]
    assert store.outbox.listed("shop", None, limit=3) == []
