"""A batch is many tickets of one request: the same answers, errors by item, nothing half kept."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.errors import StoreUnavailableError
from triage.logs import set_up_logs
from triage.store.decisions import Decisions
from triage.ticket import Ticket
from triage.web.service import Service

FILED = "2026-03-27T16:00:00+02:00"
BATTERY = {"id": "1", "body": "The battery does not charge in the cold", "articles": 1, "created_at": FILED}
INVOICE = {"id": "2", "body": "Please send the invoice to our address", "articles": 0, "created_at": FILED}


def post(client: FlaskClient, tickets: Any) -> Any:
    return client.post("/v1/triage/batch", json={"tickets": tickets})


def is_alike(one: Any, other: Any) -> bool:
    """Tell whether answers are equal but for their numbers' last digit: texts encoded together differ so."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1.5e-4
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_alike, one, other))
    return bool(one == other)


def test_each_ticket_gets_the_answer_it_would_get_alone(client: FlaskClient) -> None:
    items = post(client, [BATTERY, INVOICE]).get_json()["items"]
    assert [(item["index"], item["id"], item["status"]) for item in items] == [(0, "1", 200), (1, "2", 200)]
    for item, ticket in zip(items, [BATTERY, INVOICE], strict=True):
        alone = client.post("/v1/triage", json=ticket).get_json()
        assert item["error"] is None
        assert item["answer"].pop("decision_id") != alone.pop("decision_id")
        assert is_alike(item["answer"], alone)
    assert [len(item["answer"]["articles"]) for item in items] == [1, 0]


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ({"id": "x", "body": ""}, "body"),
        ({"id": "x", "body": "a", "articles": 99}, "articles"),
        ({"id": "x", "body": "a", "unknown": 1}, "unknown"),
        ({"id": "x", "body": "a", "attributes": {"a": {"b": 1}}}, "attributes.a"),
        ("a ticket", "_schema"),
        (None, "_schema"),
        ([], "_schema"),
        (7, "_schema"),
    ],
)
def test_one_bad_ticket_gets_its_error_and_the_others_their_answers(
    client: FlaskClient, bad: Any, place: str
) -> None:
    response = post(client, [BATTERY, bad, INVOICE])
    assert response.status_code == 200
    first, middle, last = response.get_json()["items"]
    assert (first["status"], middle["status"], last["status"]) == (200, 422, 200)
    assert middle["answer"] is None
    assert place in middle["error"]["fields"]
    assert middle["id"] == ("x" if isinstance(bad, dict) else None)
    assert last["answer"]["id"] == "2"


def test_a_batch_of_bad_tickets_only_is_answered_too(client: FlaskClient) -> None:
    items = post(client, [{}, {"id": "\ud800", "body": 1}]).get_json()["items"]
    assert [item["status"] for item in items] == [422, 422]
    assert items[1]["id"] == "\ufffd"


def test_256_tickets_are_taken_and_one_more_is_too_many(client: FlaskClient) -> None:
    assert len(post(client, [INVOICE] * 256).get_json()["items"]) == 256
    for tickets in ([INVOICE] * 257, [], "text", None):
        refused = post(client, tickets)
        assert refused.status_code == 422
        assert "tickets" in refused.get_json()["error"]["fields"]


def test_a_batch_may_be_larger_than_a_ticket_up_to_its_own_cap(client: FlaskClient) -> None:
    long = {"body": "brakes squeal " * 30_000, "articles": 0}
    assert [item["status"] for item in post(client, [long] * 4).get_json()["items"]] == [200] * 4
    refused = post(client, [long] * 25)
    assert refused.status_code == 413
    assert "8192 KiB" in refused.get_json()["error"]["message"]


def test_every_decision_of_a_batch_is_kept_as_one(client: FlaskClient) -> None:
    items = post(client, [BATTERY, {"body": ""}, INVOICE]).get_json()["items"]
    service: Service = client.application.extensions["triage"]
    for item in (items[0], items[2]):
        kept = service.store.decisions.get(item["answer"]["decision_id"])
        assert kept is not None
        assert (kept.source, kept.ticket_id) == ("batch", item["id"])


@pytest.fixture
def defective(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The service with an engine that a certain word breaks, as a defect would."""
    clean = Ticket.text

    def text(ticket: Ticket) -> str:
        if "gearbox" in ticket.body:
            raise KeyError(ticket.body)
        return clean(ticket)

    monkeypatch.setattr(Ticket, "text", text)
    return client


def test_a_ticket_that_hits_a_defect_fails_alone_and_is_logged_without_its_text(
    defective: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    service: Service = defective.application.extensions["triage"]
    broken = {"id": "9", "body": "The gearbox of Ann Smith rattles"}
    response = post(defective, [BATTERY, broken, {"body": ""}, INVOICE])
    assert response.status_code == 200
    items = response.get_json()["items"]
    assert [(item["id"], item["status"]) for item in items] == [
        ("1", 200),
        ("9", 500),
        (None, 422),
        ("2", 200),
    ]
    assert items[1]["answer"] is None
    assert items[1]["error"]["code"] == "internal"
    assert "gearbox" not in str(items[1]["error"])
    assert all(service.store.decisions.get(items[i]["answer"]["decision_id"]) for i in (0, 3))
    assert "ticket 1 of the batch failed: KeyError" in caplog.text
    assert "gearbox" not in caplog.text
    assert (
        items[0]["answer"]["fields"] == post(defective, [BATTERY]).get_json()["items"][0]["answer"]["fields"]
    )


def test_the_log_names_the_request_in_which_a_ticket_of_a_batch_failed(
    defective: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logs("json")
    try:
        headers = {"X-Request-ID": "batch-7"}
        tickets = [{"body": "The gearbox rattles"}, BATTERY]
        defective.post("/v1/triage/batch", json={"tickets": tickets}, headers=headers)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    [line] = [line for line in logged if "ticket 0 of the batch failed" in line["event"]]
    assert (line["request_id"], line["level"]) == ("batch-7", "error")
    assert "gearbox" not in str(logged)


def test_without_its_store_every_ticket_of_a_batch_is_answered_and_none_applied(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise StoreUnavailableError("the store is away")

    monkeypatch.setattr(Decisions, "record_many", away)
    for item in post(client, [BATTERY, INVOICE]).get_json()["items"]:
        assert item["status"] == 200
        assert item["answer"]["decision_id"] is None
        assert item["answer"]["missing"]["store"] == "the store is away"
        fields = item["answer"]["fields"].values()
        assert "apply" not in {field["action"] for field in fields}
        for field in fields:
            kinds = [reason["kind"] for reason in field["reasons"]]
            # Each value that is only suggested because of the store says so before anything else.
            if field["threshold"] is not None and field["confidence"] >= field["threshold"]:
                assert kinds[0] == "store"
