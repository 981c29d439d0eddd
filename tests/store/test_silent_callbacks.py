"""Hosts that accept a result's connection and say nothing: they delay their own results and no others."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pytest_httpserver import HTTPServer

from tests.store.test_webhook_deliveries import found, incoming
from tests.store.test_webhook_worker import SECRET, deciding, wait_until
from triage.callback_urls import AllowedHost
from triage.settings.webhooks import HookSettings
from triage.store import Store
from triage.webhooks.worker import DeliveryWorker

SILENT = 20
Post = Callable[..., DeliveryWorker]


@dataclass(frozen=True)
class Hosts:
    """Hosts that listen and never say anything, and the URLs of their callbacks."""

    listening: list[socket.socket]

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{host.getsockname()[1]}/in" for host in self.listening]

    def close(self) -> None:
        """Cut off whoever is still connected."""
        for host in self.listening:
            host.close()


@pytest.fixture
def silent() -> Iterator[Hosts]:
    hosts = Hosts([socket.create_server(("127.0.0.1", 0)) for _ in range(SILENT)])
    yield hosts
    hosts.close()


@pytest.fixture
def good(httpserver: HTTPServer) -> str:
    httpserver.expect_request("/in").respond_with_data(status=200)
    return httpserver.url_for("/in")


@pytest.fixture
def post(open_again: Callable[[], Store], silent: Hosts) -> Iterator[Post]:
    """Starts workers of two connectors that may post to any host of this machine.

    By itself a worker looks for work only once a minute.
    """
    begun: list[DeliveryWorker] = []

    def start(store: Store, *callbacks: str) -> DeliveryWorker:
        origins = [AllowedHost(origin=url.removesuffix("/in"), internal=True) for url in callbacks]
        settings = HookSettings(secrets=(SECRET,), callbacks=tuple(origins), timeout_s=30)
        connectors = {"desk": settings, "shop": settings}
        begun.append(DeliveryWorker(store.webhook_deliveries, connectors, deciding(store), poll_every_s=60))
        begun[-1].start()
        return begun[-1]

    yield start
    silent.close()
    for working in begun:
        working.stop()


def receive(store: Store, name: str, callback: str, connector: str = "desk") -> None:
    store.webhook_deliveries.receive(
        incoming(name, ticket_id=name, callback_url=callback, connector=connector)
    )


def is_in_hand(store: Store, name: str) -> bool:
    delivery = found(store, name)
    return (delivery.state, delivery.attempts, delivery.error) == ("decided", 1, None)


def test_no_result_waits_for_hosts_that_say_nothing(
    store: Store, post: Post, silent: Hosts, good: str
) -> None:
    for n, url in enumerate(silent.urls):
        receive(store, f"silent{n}", url)
    working = post(store, *silent.urls, good)
    wait_until(lambda: all(is_in_hand(store, f"silent{n}") for n in range(SILENT)))
    for n in range(5):
        receive(store, f"good{n}", good)
        working.notify()
        wait_until(lambda name=f"good{n}": found(store, name).state == "done")
    assert all(is_in_hand(store, f"silent{n}") for n in range(SILENT))


def test_nor_does_one_of_another_connector_at_the_same_host(store: Store, post: Post, silent: Hosts) -> None:
    host = silent.urls[0]
    receive(store, "d1", host)
    receive(store, "d2", host)
    receive(store, "s1", host, connector="shop")
    post(store, host)
    wait_until(lambda: is_in_hand(store, "d1") and found(store, "s1", connector="shop").attempts == 1)
    assert found(store, "d2").attempts == 0, "one after another, at one host"


def test_a_host_with_an_address_for_each_ticket_is_one_host(store: Store, post: Post, silent: Hosts) -> None:
    for n in range(5):
        receive(store, f"d{n}", f"{silent.urls[0]}?ticket={n}".replace("http", "HTTP" if n % 2 else "http"))
    post(store, silent.urls[0])
    wait_until(lambda: found(store, "d0").attempts == 1 and found(store, "d4").state == "decided")
    assert len(store.webhook_deliveries.due_destinations()) == 1
    assert sum(found(store, f"d{n}").attempts for n in range(5)) == 1


def test_several_processes_post_beside_silent_hosts_each_result_once(
    open_again: Callable[[], Store], post: Post, silent: Hosts, good: str, httpserver: HTTPServer
) -> None:
    first = open_again()
    names = {f"good{n}" for n in range(10)}
    for n, name in enumerate(sorted(names)):
        receive(first, f"silent{n}", silent.urls[n])
        receive(first, name, good)
    for _ in range(3):
        post(open_again(), *silent.urls, good)
    wait_until(lambda: first.webhook_deliveries.counts().get("done") == len(names))
    assert sorted(request.headers["webhook-id"] for request, _ in httpserver.log) == sorted(names)


def test_a_result_that_comes_while_another_is_posted_there_follows_at_once(
    store: Store, post: Post, good: str, httpserver: HTTPServer
) -> None:
    working = post(store, good)
    for n in range(30):
        receive(store, f"d{n}", good)
        working.notify()
    wait_until(lambda: store.webhook_deliveries.counts() == {"done": 30})
    assert len(httpserver.log) == 30
    working.stop()
