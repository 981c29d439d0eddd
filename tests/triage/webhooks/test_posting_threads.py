"""Threads that post results: few enough, one for each destination, and some kept for hosts that answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from models.errors import StoreUnavailableError
from tests.store.test_webhook_worker import wait_until
from triage.store.webhook_deliveries import Destination
from triage.webhooks import posting_threads
from triage.webhooks.posting_threads import PostingThreads


def at(name: str) -> Destination:
    return Destination("desk", f"https://{name}:443", ())


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> PostingThreads:
    """Four threads, of which hosts that refused their last result leave two to the others."""
    monkeypatch.setattr(posting_threads, "MOST", 4)
    monkeypatch.setattr(posting_threads, "_KEPT", 2)
    return PostingThreads()


@pytest.fixture
def silent() -> Iterator[threading.Event]:
    """What posts wait for."""
    event = threading.Event()
    yield event
    event.set()


def waiting(event: threading.Event) -> Iterator[bool]:
    event.wait()
    yield False


def ended() -> None:
    """Nothing is to be done after the last."""


def post_now(threads: PostingThreads, name: str, *, was_taken: bool) -> None:
    done = threading.Event()
    threads.start(at(name), iter([was_taken]), done.set)
    assert done.wait(30)


def test_one_thread_posts_at_a_destination(threads: PostingThreads, silent: threading.Event) -> None:
    threads.start(at("a"), waiting(silent), ended)
    assert not threads.has_room_for(at("a"))
    assert threads.has_room_for(at("b"))
    silent.set()
    wait_until(lambda: threads.has_room_for(at("a")))


def test_hosts_that_refused_their_last_result_leave_threads_to_the_others(
    threads: PostingThreads, silent: threading.Event
) -> None:
    for name in "abc":
        post_now(threads, name, was_taken=False)
    for name in "ab":
        assert threads.has_room_for(at(name))
        threads.start(at(name), waiting(silent), ended)
    assert not threads.has_room_for(at("c"))
    assert threads.has_room_for(at("new"))
    post_now(threads, "c", was_taken=True)
    assert threads.has_room_for(at("c")), "it takes results again"


def test_there_are_no_more_threads_than_that(threads: PostingThreads, silent: threading.Event) -> None:
    for name in "abcd":
        threads.start(at(name), waiting(silent), ended)
    assert not threads.has_room_for(at("e"))


def test_a_thread_that_cannot_reach_the_store_leaves_its_place_and_is_not_followed_at_once(
    threads: PostingThreads, caplog: pytest.LogCaptureFixture
) -> None:
    def posts() -> Iterator[bool]:
        yield True
        raise StoreUnavailableError("the disk is full")

    followed = threading.Event()
    threads.start(at("a"), posts(), followed.set)
    wait_until(lambda: threads.has_room_for(at("a")))
    assert "the disk is full" in caplog.text
    assert not followed.is_set()


def test_a_stop_waits_for_the_result_in_hand_and_begins_no_other(
    threads: PostingThreads, silent: threading.Event
) -> None:
    posted = []

    def posts() -> Iterator[bool]:
        for number in range(3):
            silent.wait()
            posted.append(number)
            yield True

    threads.start(at("a"), posts(), ended)
    threads.request_stop()
    assert not threads.has_room_for(at("b"))
    silent.set()
    threads.join(time.monotonic() + 30)
    assert posted == [0]
