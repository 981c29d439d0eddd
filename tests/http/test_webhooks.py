"""Signed deliveries: taken at once, each processed once, and whoever cannot sign gets nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from werkzeug.test import TestResponse

from models.errors import NotReadyError
from tests.http.conftest import wait_until_loaded
from tests.http.test_errors import assert_error
from tests.http.toy_service import signed_in
from tests.store.test_webhook_worker import wait_until
from triage.callback_urls import AllowedHost
from triage.settings import Settings
from triage.settings.webhooks import HookSettings
from triage.store.webhook_deliveries import Delivery, WebhookDeliveries
from triage.web.app import create_app
from triage.web.service import ActiveEngine, Service
from triage.webhooks.signing import SigningKey, verify
from triage.webhooks.worker import DeliveryWorker

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER_SECRET = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
FORMER_SECRET = "fedcba9876543210fedcba9876543210"
SECRETS = [SECRET, OTHER_SECRET, FORMER_SECRET]
TICKET = {"id": "4711", "body": "The battery does not charge in the cold"}


def deliver(
    client: FlaskClient,
    body: Any = TICKET,
    delivery_id: str = "d1",
    *,
    connector: str = "desk",
    secret: str = SECRET,
    at: float | None = None,
    **headers: str | None,
) -> TestResponse:
    """Post a delivery as a helpdesk does; `headers` replaces id, timestamp or signature, or leaves it out."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    timestamp = int(time.time() if at is None else at)
    key = SigningKey.parse(secret)
    changed = {getattr(key.scheme, name): value for name, value in headers.items()}
    sent = {"Content-Type": "application/json", **key.headers(delivery_id, timestamp, raw), **changed}
    kept = {name: value for name, value in sent.items() if value is not None}
    return client.post(f"/v1/hooks/{connector}", data=raw, headers=kept)


class StillLoading(Service):
    """What is taken waits."""

    def active(self) -> ActiveEngine:
        raise NotReadyError("the service is still loading")


def make_client(settings: Settings, service: type[Service], **hook: Any) -> FlaskClient:
    connector = HookSettings(secrets=SECRETS, **hook)
    settings = settings.model_copy(update={"hooks": {"desk": connector}})
    return signed_in(create_app(settings, service(settings)))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """A service that is still loading."""
    callbacks = (AllowedHost(origin="https://desk.example.com"),)
    client = make_client(Settings(home=tmp_path), StillLoading, callbacks=callbacks)
    yield client
    worker: DeliveryWorker = client.application.extensions["triage.webhooks.worker"]
    worker.stop()


def deliveries(client: FlaskClient) -> WebhookDeliveries:
    service: Service = client.application.extensions["triage"]
    return service.store.webhook_deliveries


def kept(client: FlaskClient, delivery_id: str = "d1") -> Delivery:
    found = deliveries(client).get("desk", delivery_id)
    assert found is not None
    return found


def test_a_signed_ticket_is_taken_before_anything_is_loaded(client: FlaskClient) -> None:
    response = deliver(client)
    assert response.status_code == 202
    answer = response.get_json()
    assert (answer["id"], answer["state"], answer["ticket_id"]) == ("d1", "received", "4711")
    assert json.loads(kept(client).payload or "") == TICKET
    assert client.get("/v1/hooks/desk/deliveries/d1").get_json()["state"] == "received"


def test_every_secret_of_the_connector_is_valid_while_they_are_changed(client: FlaskClient) -> None:
    for secret in SECRETS:
        assert deliver(client, {**TICKET, "id": secret}, secret[-8:-1], secret=secret).status_code == 202
    for unknown in ("whsec_" + "A" * 32, "x" * 32):
        assert_error(deliver(client, delivery_id="c", secret=unknown), 401, "bad_signature")


def test_one_of_several_signatures_is_enough(client: FlaskClient) -> None:
    at, raw = int(time.time()), json.dumps(TICKET).encode()
    keys = [SigningKey.parse(secret) for secret in ("whsec_" + "A" * 32, SECRET)]
    several = " ".join(["v1a,unknown", *(key.sign("d1", at, raw) for key in keys)])
    assert deliver(client, at=at, signature=several).status_code == 202


@pytest.mark.parametrize("secret", [SECRET, FORMER_SECRET])
@pytest.mark.parametrize("missing", ["timestamp", "signature", "id"])
def test_without_a_header_nothing_is_taken_and_the_header_named(
    client: FlaskClient, missing: str, secret: str
) -> None:
    error = assert_error(deliver(client, secret=secret, **{missing: None}), 401, "bad_signature")
    assert getattr(SigningKey.parse(secret).scheme, missing) in error["message"]
    assert deliveries(client).counts() == {}


def test_every_missing_header_is_named_in_one_sentence(client: FlaskClient) -> None:
    error = assert_error(deliver(client, timestamp=None, signature=None), 401, "bad_signature")
    assert error["message"].startswith(
        "these headers are missing: webhook-timestamp, webhook-signature. docs/hooks.md shows"
    )
    error = assert_error(deliver(client, id=None, timestamp=None, signature=None), 401, "bad_signature")
    assert "webhook-timestamp, webhook-signature, webhook-id" in error["message"]
    assert deliveries(client).counts() == {}


@pytest.mark.parametrize("seconds", [-301, 302, -(10**9), 10**9])
def test_a_stale_or_future_timestamp_is_refused_though_its_signature_is_right(
    client: FlaskClient, seconds: int
) -> None:
    error = assert_error(deliver(client, at=time.time() + seconds), 401, "bad_signature")
    assert "300 s" in error["message"]
    assert deliveries(client).counts() == {}


@pytest.mark.parametrize("timestamp", ["", "yesterday", "-1", "1e9", "١٧٠٠٠٠٠٠٠٠", "9" * 400, "17.0", " "])
def test_a_timestamp_that_is_none_is_refused(client: FlaskClient, timestamp: str) -> None:
    assert_error(deliver(client, timestamp=timestamp.encode().decode("latin-1")), 401, "bad_signature")


@pytest.mark.parametrize("secret", [SECRET, FORMER_SECRET])
def test_every_wrong_signature_gets_the_very_same_answer(client: FlaskClient, secret: str) -> None:
    at = int(time.time())
    right = SigningKey.parse(secret).sign("d1", at, json.dumps(TICKET).encode())
    start = right.index("," if right.startswith("v1") else "=") + 1
    flip = {True: "0", False: "1"}
    wrong = [
        "",
        " ",
        ",",
        right[:start],
        right[start:],
        "v2" + right[2:],
        right[:-1],
        right + "0",
        "x" * 2000,
    ]
    wrong += [right[:n] + flip[right[n] != "0"] + right[n + 1 :] for n in (start, 30, len(right) - 2)]
    messages = {
        assert_error(deliver(client, at=at, secret=secret, signature=one), 401, "bad_signature")["message"]
        for one in wrong
    }
    assert len(messages) == 1
    assert deliveries(client).counts() == {}


def test_the_id_is_signed_too(client: FlaskClient) -> None:
    assert_error(deliver(client, id="d2"), 401, "bad_signature")
    assert deliver(client, id="d2", secret=FORMER_SECRET).status_code == 202  # its scheme leaves it out


def test_a_body_changed_on_the_way_is_refused(client: FlaskClient) -> None:
    at = int(time.time())
    signature = SigningKey.parse(SECRET).sign("d1", at, json.dumps(TICKET).encode())
    changed = {**TICKET, "body": "Another text"}
    assert_error(deliver(client, changed, at=at, signature=signature), 401, "bad_signature")


def test_nothing_of_a_body_is_looked_at_before_its_signature(client: FlaskClient) -> None:
    assert_error(deliver(client, b"not json", secret="whsec_" + "A" * 32), 401, "bad_signature")
    assert_error(deliver(client, b"not json"), 400, "bad_request")


def test_an_unknown_connector_is_not_found(client: FlaskClient) -> None:
    for name in ("nobody", "DESK", "desk%00", "desk'--"):
        assert_error(deliver(client, connector=name), 404, "not_found")
    for path in ("/deliveries", "/deliveries/d1"):
        assert_error(client.get(f"/v1/hooks/nobody{path}"), 404, "not_found")


@pytest.mark.parametrize(
    "delivery_id", ["", " ", "a/b", "a b", "ä", "a" * 201, "<script>", "'; DROP TABLE x"]
)
def test_a_delivery_id_that_fits_no_address_is_refused(client: FlaskClient, delivery_id: str) -> None:
    assert_error(deliver(client, delivery_id=delivery_id), 422, "bad_input")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"body": ""}, "body"),
        ({**TICKET, "unknown": 1}, "unknown"),
        ({**TICKET, "updated_at": "soon"}, "updated_at"),
        ({**TICKET, "updated_at": "0001-01-01T00:00:00+14:00"}, "updated_at"),
        ({**TICKET, "updated_at": "9999-12-31T23:59:59-14:00"}, "updated_at"),
        ({**TICKET, "callback_url": "https://evil.example/"}, "callback_url"),
        ({**TICKET, "callback_url": "http://desk.example.com/"}, "callback_url"),
        ({**TICKET, "callback_url": "https://desk.example.com:22/"}, "callback_url"),
        ({**TICKET, "callback_url": "https://u:p@desk.example.com/"}, "callback_url"),
        ({**TICKET, "callback_url": "http://169.254.169.254/latest/meta-data"}, "callback_url"),
    ],
)
def test_a_wrong_ticket_is_refused_at_once(client: FlaskClient, body: Any, field: str) -> None:
    error = assert_error(deliver(client, body), 422, "bad_input")
    assert field in error["fields"]
    assert deliveries(client).counts() == {}


def test_a_callback_to_a_listed_host_is_taken(client: FlaskClient) -> None:
    url = "https://desk.example.com/in?ticket=4711"
    assert deliver(client, {**TICKET, "callback_url": url}).status_code == 202
    assert kept(client).callback_url == url


def test_a_repeated_delivery_is_answered_with_the_first_one_s_state(client: FlaskClient) -> None:
    assert deliver(client).status_code == 202
    again = deliver(client, at=time.time() - 7)  # the helpdesk signs each sending anew
    assert again.status_code == 200
    assert again.get_json()["state"] == "received"
    assert deliveries(client).counts() == {"received": 1}


def test_the_same_id_with_another_body_and_a_replay_under_another_id_are_conflicts(
    client: FlaskClient,
) -> None:
    at = time.time()
    assert deliver(client, at=at, secret=FORMER_SECRET).status_code == 202
    error = assert_error(deliver(client, {**TICKET, "id": "8"}, secret=FORMER_SECRET), 409, "conflict")
    assert "another body" in error["message"]
    error = assert_error(deliver(client, delivery_id="d2", at=at, secret=FORMER_SECRET), 409, "conflict")
    assert "under another id" in error["message"]
    assert deliveries(client).counts() == {"received": 1}


def test_with_signed_ids_the_same_body_may_come_twice_in_a_second(client: FlaskClient) -> None:
    at = time.time()
    assert deliver(client, at=at).status_code == 202
    assert deliver(client, delivery_id="d2", at=at).status_code == 202
    error = assert_error(deliver(client, {**TICKET, "id": "8"}), 409, "conflict")
    assert "another body" in error["message"]


def test_the_moment_of_the_ticket_s_state_is_what_the_sender_says_or_the_signed_time(
    client: FlaskClient,
) -> None:
    at = int(time.time()) - 5
    deliver(client, {**TICKET, "updated_at": "2026-03-27T16:00:00+02:00"}, "said", at=at)
    deliver(client, TICKET, "unsaid", at=at)
    assert kept(client, "said").as_of == datetime(2026, 3, 27, 14, tzinfo=UTC)
    assert kept(client, "unsaid").as_of == datetime.fromtimestamp(at, UTC)


def test_a_delivery_sent_by_many_at_once_is_taken_once(client: FlaskClient) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(deliver(client.application.test_client()).status_code)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 7 + [202]
    assert deliveries(client).counts() == {"received": 1}


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\u202e", "'; DROP TABLE deliveries; --", "<script>"])
def test_strange_texts_are_kept_as_they_came(client: FlaskClient, text: str) -> None:
    sent = {"id": "1", "body": f"x{text}", "attributes": {text: text}}
    assert deliver(client, sent).status_code == 202
    assert json.loads(kept(client).payload or "") == sent


def test_too_large_a_body_is_refused(client: FlaskClient) -> None:
    assert_error(deliver(client, {"body": "x" * 2_000_000}), 413, "too_large")


def test_the_list_of_deliveries_comes_in_pages_and_a_failed_one_can_be_tried_again(
    client: FlaskClient,
) -> None:
    client.application.extensions["triage.webhooks.worker"].stop()
    for n in range(3):
        deliver(client, {**TICKET, "id": str(n)}, f"d{n}")
        time.sleep(0.002)
    held = deliveries(client).claim("received", lease_s=60)
    assert held is not None
    deliveries(client).fail(held, "wrong")
    first = client.get("/v1/hooks/desk/deliveries?limit=2").get_json()
    assert [d["id"] for d in first["deliveries"]] == ["d2", "d1"]
    rest = client.get(f"/v1/hooks/desk/deliveries?limit=2&after={first['next']}").get_json()
    assert ([d["id"] for d in rest["deliveries"]], rest["next"]) == (["d0"], None)
    failed = client.get("/v1/hooks/desk/deliveries?state=failed").get_json()["deliveries"]
    assert [(d["id"], d["error"], d["next_at"]) for d in failed] == [(held.delivery_id, "wrong", None)]
    retry = f"/v1/hooks/desk/deliveries/{held.delivery_id}/retry"
    assert client.post(retry).get_json()["state"] == "received"
    assert_error(client.post(retry), 409, "conflict")
    assert_error(client.post("/v1/hooks/desk/deliveries/unknown/retry"), 404, "not_found")
    assert_error(client.get("/v1/hooks/desk/deliveries?limit=0"), 422, "bad_input")
    assert_error(client.get("/v1/hooks/desk/deliveries?after=x"), 422, "bad_input")


@pytest.fixture(scope="module")
def sample(
    sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory, make_httpserver: HTTPServer
) -> Iterator[FlaskClient]:
    """The sample helpdesk with a connector whose results may go to the local server."""
    callbacks = (AllowedHost(origin=make_httpserver.url_for("")[:-1], internal=True),)
    client = make_client(sample_settings, Service, callbacks=callbacks, articles=1)
    client.application.extensions["triage"].start()
    wait_until_loaded(client)
    yield client
    client.application.extensions["triage.webhooks.worker"].stop()


def test_the_result_is_the_answer_of_the_triage_route_and_is_posted_signed(
    sample: FlaskClient, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/in").respond_with_data(status=200)
    ticket = {**TICKET, "created_at": "2026-03-27T16:00:00+02:00"}
    deliver(sample, {**ticket, "callback_url": httpserver.url_for("/in")}, "posted")
    wait_until(lambda: kept(sample, "posted").state == "done")
    request = httpserver.log[0][0]
    keys = [SigningKey.parse(SECRET)]
    signed = verify(dict(request.headers), request.get_data(), keys, now=time.time(), tolerance_s=300)
    assert signed.id == "posted"
    result = request.get_json()
    alone = sample.post("/v1/triage", json={**ticket, "articles": 1}).get_json()
    decision_id = result.pop("decision_id")
    assert decision_id != alone.pop("decision_id")
    assert result == alone
    service: Service = sample.application.extensions["triage"]
    decided = service.store.decisions.get(decision_id)
    assert decided is not None
    assert (decided.source, decided.ticket_id) == ("hook", "4711")
    state = sample.get("/v1/hooks/desk/deliveries/posted").get_json()
    assert (state["state"], state["decision_id"], state["result"]) == ("done", decision_id, None)
    assert kept(sample, "posted").result is None


def test_without_a_callback_the_result_can_be_fetched_and_is_kept_without_what_names_a_person(
    sample: FlaskClient,
) -> None:
    body = "The battery does not charge. Call me at +49 30 1234567, ann@example.com"
    deliver(sample, {"id": "12", "body": body, "requester": "ann@example.com"}, "fetched")
    wait_until(lambda: kept(sample, "fetched").state == "done")
    result = sample.get("/v1/hooks/desk/deliveries/fetched").get_json()["result"]
    alone = sample.post("/v1/triage", json={"body": body, "articles": 1}).get_json()
    for name, field in alone["fields"].items():
        field["reasons"] = [reason for reason in field["reasons"] if reason["kind"] != "words"]
        assert result["fields"][name] == field
    assert [a["id"] for a in result["articles"]] == [a["id"] for a in alone["articles"]]
    assert "[mail]" in result["text"]
    whole = str(kept(sample, "fetched"))
    assert "ann@" not in whole
    assert "1234567" not in whole
