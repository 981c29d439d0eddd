"""The workers: each delivery decided once and posted at least once, whatever kills a process on the way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import Connection, func, select, update
from werkzeug import Request, Response

from models.errors import NotReadyError
from tests.store.test_decisions import decision
from tests.store.test_webhook_deliveries import NOW, found, incoming
from triage.callback_urls import AllowedHost
from triage.settings.webhooks import HookSettings
from triage.store import Store
from triage.store.tables import decisions, deliveries
from triage.store.webhook_deliveries import Delivery
from triage.webhooks.worker import DeliveryWorker, wait_s

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
A_WORKER = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tests.store.test_webhook_worker import deciding, worker
from triage.settings import Settings, StoreSettings
from triage.store import open_store
home, url, callback, dies_at = sys.argv[2:]
store = open_store(Settings(home=Path(home), store=StoreSettings(url=url)))

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

decide = {
    "claimed": lambda store: die,
    "deciding": lambda store: deciding(store, in_transaction=die),
    "decided": lambda store: deciding(store, after=die),
}.get(dies_at, deciding)(store)
working = worker(store, callback, decide=decide, lease_s=0.2)
while True:
    working.process_next("received") or working.process_next("decided")
"""


def deciding(
    store: Store,
    in_transaction: Callable[[Connection], None] = lambda _: None,
    after: Callable[[], None] = lambda: None,
) -> Callable[[Delivery, HookSettings], None]:
    """Keeps a ready-made decision as the triage service keeps its own."""

    def decide(held: Delivery, _: HookSettings) -> None:
        made = decision(ticket_id=held.ticket_id, source="hook")

        def note(connection: Connection) -> None:
            store.webhook_deliveries.decide(
                connection, held, decision_id=made.id, result=json.dumps({"id": made.id})
            )
            in_transaction(connection)

        store.decisions.record_many([made], note)
        after()

    return decide


def worker(store: Store, callback: str, **changes: Any) -> DeliveryWorker:
    origin = AllowedHost(origin="/".join(callback.split("/")[:3]), internal=True)
    settings = HookSettings(
        secrets=(SECRET,), callback_url=callback, callbacks=(origin,), max_attempts=3, timeout_s=5
    )
    options = {"decide": deciding(store), "poll_every_s": 0.02, **changes}
    return DeliveryWorker(store.webhook_deliveries, {"desk": settings}, **options)


def work(working: DeliveryWorker) -> None:
    while working.process_next("received") or working.process_next("decided"):
        pass


def decided(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(decisions)).scalar_one()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("dies_at", ["claimed", "deciding", "decided", "posted"])
def test_a_process_killed_at_any_point_loses_nothing_and_decides_nothing_twice(
    open_again: Callable[[], Store], store_url: str, tmp_path: Path, httpserver: HTTPServer, dies_at: str
) -> None:
    running: list[subprocess.Popen[bytes]] = []
    posted: list[str] = []

    def take(request: Request) -> Response:
        posted.append(request.headers["webhook-id"])
        if dies_at == "posted" and len(posted) == 1:
            running[0].kill()
            running[0].wait()
        return Response(status=200)

    httpserver.expect_request("/in").respond_with_handler(take)
    callback, store = httpserver.url_for("/in"), open_again()
    store.webhook_deliveries.receive(incoming(callback_url=callback))
    arguments = [str(ROOT), str(tmp_path), store_url, callback, dies_at]
    running.append(subprocess.Popen([sys.executable, "-c", A_WORKER, *arguments]))
    assert running[0].wait(120) == -signal.SIGKILL
    assert found(store).state != "done"

    after = worker(store, callback)
    wait_until(lambda: (work(after), found(store).state == "done")[1])
    assert decided(store) == 1
    assert posted == ["d1"] * (2 if dies_at == "posted" else 1)


def test_many_workers_at_once_decide_and_post_each_delivery_once(
    open_again: Callable[[], Store], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/in").respond_with_data(status=200)
    callback, first = httpserver.url_for("/in"), open_again()
    names = {f"d{n}" for n in range(10)}
    for name in names:
        first.webhook_deliveries.receive(incoming(name, ticket_id=name, callback_url=callback))
    workers = [worker(open_again(), callback) for _ in range(3)]
    for working in workers:
        working.start()
    wait_until(lambda: first.webhook_deliveries.counts() == {"done": len(names)})
    for working in workers:
        working.stop()
    assert decided(first) == len(names)
    assert sorted(r.headers["webhook-id"] for r, _ in httpserver.log) == sorted(names)


def test_a_callback_that_fails_is_tried_again_until_its_attempts_are_used_up_and_then_by_hand(
    store: Store, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.webhooks.worker.wait_s", lambda attempts: 0.0)
    callback = httpserver.url_for("/in")
    httpserver.expect_ordered_request("/in").respond_with_data(status=500)
    httpserver.expect_ordered_request("/in").respond_with_data(status=500)
    httpserver.expect_ordered_request("/in").respond_with_data(status=503)
    httpserver.expect_ordered_request("/in").respond_with_data(status=204)
    store.webhook_deliveries.receive(incoming(callback_url=callback))
    work(worker(store, callback))
    failed = found(store)
    assert (failed.state, failed.attempts) == ("failed", 3)
    assert "status 503" in str(failed.error)
    store.webhook_deliveries.retry("desk", "d1")
    work(worker(store, callback))
    assert (found(store).state, found(store).error) == ("done", None)
    assert len(httpserver.log) == 4
    assert len({request.get_data() for request, _ in httpserver.log}) == 1


def test_an_older_state_that_comes_late_is_neither_decided_nor_posted(
    store: Store, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/in").respond_with_data(status=200)
    callback = httpserver.url_for("/in")
    store.webhook_deliveries.receive(incoming("new", as_of=NOW.replace(minute=5), callback_url=callback))
    store.webhook_deliveries.receive(incoming("old", as_of=NOW, callback_url=callback))
    work(worker(store, callback))
    assert (found(store, "new").state, found(store, "old").state) == ("done", "superseded")
    assert found(store, "old").payload is None
    assert decided(store) == 1
    assert [r.headers["X-Triage-As-Of"] for r, _ in httpserver.log] == ["2026-05-01T12:05:00+00:00"]


def test_a_ticket_that_cannot_be_decided_fails_alone(
    store: Store, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.webhooks.worker.wait_s", lambda attempts: 0.0)
    httpserver.expect_request("/in").respond_with_data(status=200)
    callback, usual = httpserver.url_for("/in"), deciding(store)

    def decide(held: Delivery, settings: HookSettings) -> None:
        if held.delivery_id == "poison":
            raise ValueError("the words of the ticket")
        usual(held, settings)

    store.webhook_deliveries.receive(incoming("poison", ticket_id="1", callback_url=callback))
    store.webhook_deliveries.receive(incoming("good", ticket_id="2", callback_url=callback))
    work(worker(store, callback, decide=decide))
    assert (found(store, "poison").state, found(store, "good").state) == ("failed", "done")
    assert "words of the ticket" not in str(found(store, "poison").error)


def test_while_the_service_is_not_ready_deliveries_wait_without_using_up_attempts(store: Store) -> None:
    def not_ready(held: Delivery, settings: HookSettings) -> None:
        raise NotReadyError("still loading")

    store.webhook_deliveries.receive(incoming())
    assert worker(store, "http://127.0.0.1:1/", decide=not_ready).process_next("received")
    assert (found(store).state, found(store).attempts, found(store).error) == (
        "received",
        0,
        "still loading",
    )


def test_a_delivery_of_a_connector_that_one_process_does_not_know_waits_for_one_that_does(
    store: Store,
) -> None:
    store.webhook_deliveries.receive(incoming(connector="new", callback_url=None))
    knows_not = worker(store, "http://127.0.0.1:1/")
    knows = replace(knows_not, connectors={"new": knows_not.connectors["desk"]})
    assert knows_not.process_next("received")
    assert not knows.process_next("received"), "it is tried again after a while"
    make_due(store)
    assert knows.process_next("received")
    assert found(store, connector="new").state == "done"


def test_a_delivery_of_a_connector_that_is_gone_fails_in_words_in_the_end(store: Store) -> None:
    store.webhook_deliveries.receive(incoming(connector="gone"))
    working = worker(store, "http://127.0.0.1:1/")
    for _ in range(10):
        assert found(store, connector="gone").state == "received"
        make_due(store)
        assert working.process_next("received")
    gone = found(store, connector="gone")
    assert (gone.state, gone.error) == ("failed", "this process has no such connector in its settings")


def make_due(store: Store) -> None:
    with store.database.write() as connection:
        connection.execute(update(deliveries).values(next_at=datetime.now(UTC)))


def test_a_stop_finishes_the_delivery_in_hand(store: Store, httpserver: HTTPServer) -> None:
    begun, usual = threading.Event(), deciding(store)

    def slowly(held: Delivery, settings: HookSettings) -> None:
        begun.set()
        time.sleep(0.3)
        usual(held, settings)

    store.webhook_deliveries.receive(incoming(callback_url=None))
    working = worker(store, httpserver.url_for("/in"), decide=slowly)
    working.start()
    assert begun.wait(30)
    working.stop()
    assert found(store).state == "done"


def test_pauses_grow_and_are_not_all_the_same() -> None:
    assert all(2.5 <= wait_s(1) <= 5 for _ in range(100))
    assert all(1800 <= wait_s(n) <= 3600 for n in (12, 100, 10_000))
    assert len({wait_s(3) for _ in range(100)}) > 50
