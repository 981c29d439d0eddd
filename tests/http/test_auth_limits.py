"""How much a token may ask a minute, and how often an address may be wrong."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.http.toy_service import QUESTION, ask, refused, secret, signed_in, toy_app
from triage.settings import ServerSettings, Settings
from triage.store import Store
from triage.web.middleware import authentication as auth
from triage.web.middleware.rate_limit import TokenBuckets


@given(
    per_minute=st.integers(1, 1000),
    pauses=st.lists(st.floats(0, 120, allow_nan=False), max_size=60),
)
def test_no_key_gets_more_than_its_bucket_and_what_flows_in(per_minute: int, pauses: list[float]) -> None:
    now = [0.0]
    buckets = TokenBuckets(clock=lambda: now[0])
    taken = 0
    for pause in pauses:
        now[0] += pause
        wait_s = buckets.try_acquire("a", per_minute)
        taken += wait_s == 0
        assert wait_s <= 60 / per_minute + 1e-6
        assert taken <= per_minute * (1 + now[0] / 60) + 1e-6


def test_after_the_wait_that_was_named_there_is_room_again() -> None:
    now = [0.0]
    buckets = TokenBuckets(clock=lambda: now[0])
    for _ in range(30):
        assert buckets.try_acquire("a", 30) == 0
    wait_s = buckets.try_acquire("a", 30)
    assert wait_s == pytest.approx(2)
    assert buckets.try_acquire("b", 30) == 0
    now[0] += wait_s
    assert buckets.try_acquire("a", 30) == 0
    assert buckets.try_acquire("a", 30) > 0


def test_threads_share_one_bucket() -> None:
    buckets = TokenBuckets(clock=lambda: 0.0)
    taken: list[float] = []

    def take() -> None:
        taken.extend(buckets.try_acquire("a", 100) for _ in range(50))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(0.0) == 100


def test_a_million_addresses_do_not_fill_the_memory() -> None:
    buckets = TokenBuckets(max_keys=100)
    for number in range(1000):
        buckets.try_acquire(str(number), 60)
    assert len(buckets._filled) == 100


def test_a_token_that_asks_too_much_is_told_when_to_come_back_and_others_go_on(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    small, other = secret(toy_store, "agent", per_minute=3), secret(toy_store, "agent", per_minute=3)
    answers = [ask(toy_client, small) for _ in range(4)]
    assert [a.status_code for a in answers[:3]] == [200, 200, 200]
    assert "limit of 3 requests" in refused(answers[3], 429, "too_many_requests")
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
    assert ask(toy_client, other).status_code == 200


def test_requests_that_the_scope_does_not_allow_count_too(toy_client: FlaskClient, toy_store: Store) -> None:
    token = secret(toy_store, "kb", per_minute=2)
    assert [ask(toy_client, token).status_code for _ in range(3)] == [403, 403, 429]


def test_an_address_that_is_wrong_too_often_is_slowed_down_while_good_tokens_pass(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    good = secret(toy_store, "agent")
    wrong = "trg_" + "0" * 12 + "_" + "0" * 64
    toy_client.application.extensions["triage-authenticator"].failures.clock = lambda: 0.0
    status = [ask(toy_client, wrong).status_code for _ in range(auth.FAILURES_PER_MINUTE + 5)]
    assert status[: auth.FAILURES_PER_MINUTE] == [401] * auth.FAILURES_PER_MINUTE
    assert status[-1] == 429
    assert ask(toy_client, wrong).headers["Retry-After"]
    assert ask(toy_client, good).status_code == 200

    def from_address(address: str) -> int:
        bearer = {"Authorization": f"Bearer {wrong}"}
        environ = {"REMOTE_ADDR": address}
        return toy_client.post("/v1/suggest", json=QUESTION, headers=bearer, environ_base=environ).status_code

    assert from_address("192.0.2.1") == 401
    one_network = [from_address(f"2001:db8::{n:x}") for n in range(auth.FAILURES_PER_MINUTE + 5)]
    assert one_network[-1] == 429
    assert from_address("2001:db8:0:1::1") == 401


def test_a_question_that_needs_no_token_takes_no_place_in_the_queue(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, server=ServerSettings(threads=1, queue=0))
    client = signed_in(toy_app(settings))
    gate = client.application.extensions["triage"].admission
    with gate.slot():
        assert client.options("/v1/suggest").status_code == 200
        assert client.post("/v1/suggest", json=QUESTION).status_code == 503
