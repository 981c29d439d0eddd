"""Bad requests: one shape of error, clear words, and no other request suffers."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.http.toy_service import signed_in
from triage.settings import Settings
from triage.web.app import create_app
from triage.web.service import Service

ROUTES = ["/v1/triage", "/v1/suggest", "/v1/deflect"]


def assert_error(response, status: int, code: str) -> dict:
    assert response.status_code == status, response.get_data(as_text=True)
    answer = response.get_json()
    assert set(answer) == {"error", "request_id"}
    assert set(answer["error"]) == {"code", "message", "fields"}
    assert answer["error"]["code"] == code
    assert answer["error"]["message"]
    assert answer["request_id"] == response.headers["X-Request-ID"]
    return answer["error"]


@pytest.fixture(autouse=True)
def the_next_request_is_answered(client: FlaskClient):
    yield
    assert client.post("/v1/triage", json={"body": "The app crashes"}).status_code == 200


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "body", [b"", b"{", b"not json", b'{"body": "\xff\xfe"}', b'{"text": "\xc3("}', b"\x00"], ids=repr
)
def test_what_is_not_json_in_utf8_is_refused(client: FlaskClient, route: str, body: bytes) -> None:
    error = assert_error(client.post(route, data=body, content_type="application/json"), 400, "bad_request")
    assert "JSON" in error["message"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("body", ["[]", "7", '"text"'])
def test_json_that_is_no_object_is_refused(client: FlaskClient, route: str, body: str) -> None:
    response = client.post(route, data=body, content_type="application/json")
    assert_error(response, 422, "bad_input")


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("/v1/triage", {}, "body"),
        ("/v1/triage", {"subject": " ", "body": "\n"}, "body"),
        ("/v1/triage", {"subject": "\x00", "body": "\x1f\u0085"}, "body"),
        ("/v1/triage", {"body": 7}, "body"),
        ("/v1/triage", {"body": ["a"]}, "body"),
        ("/v1/triage", {"body": "a", "bodyy": "b"}, "bodyy"),
        ("/v1/triage", {"body": "a", "articles": 1000}, "articles"),
        ("/v1/triage", {"body": "a", "attributes": {"a": {"b": 1}}}, "attributes.a"),
        ("/v1/triage", {"body": "a", "language": "<script>"}, "language"),
        ("/v1/triage", {"body": "a", "created_at": "yesterday"}, "created_at"),
        ("/v1/triage", {"body": "a", "current": {"team": {"name": 7}}}, "current.team"),
        ("/v1/triage", {"body": "a", "current": {f"f{n}": "x" for n in range(51)}}, "current"),
        ("/v1/triage", {"body": "a", "undone": "team"}, "undone"),
        ("/v1/triage", {"body": "a", "headers": {"X": "y" * 10_001}}, "headers.X"),
        ("/v1/triage", {"body": "a", "headers": {f"h{n}": "x" for n in range(201)}}, "headers"),
        ("/v1/triage", {"body": "a", "is_machine": "perhaps"}, "is_machine"),
        ("/v1/suggest", {}, "text"),
        ("/v1/suggest", {"text": ""}, "text"),
        ("/v1/suggest", {"text": "a", "collection": "secret"}, "collection"),
        ("/v1/suggest", {"text": "a", "visibility": "internal"}, "visibility"),
        ("/v1/deflect", {"text": None}, "text"),
        ("/v1/deflect", {"text": "a", "visibility": "internal"}, "visibility"),
        ("/v1/deflect", {"text": "a", "collection": "reply"}, "collection"),
    ],
)
def test_a_wrong_body_is_refused_and_the_field_named(
    client: FlaskClient, route: str, body: dict, field: str
) -> None:
    error = assert_error(client.post(route, json=body), 422, "bad_input")
    assert field in error["fields"]


@pytest.mark.parametrize("route", ROUTES)
def test_ten_megabytes_of_text_are_refused_before_they_are_read(client: FlaskClient, route: str) -> None:
    key = "body" if route == "/v1/triage" else "text"
    error = assert_error(client.post(route, json={key: "a " * 5_000_000}), 413, "too_large")
    assert "1024 KiB" in error["message"]


def test_a_body_at_the_cap_is_answered(client: FlaskClient) -> None:
    assert client.post("/v1/triage", json={"body": "brakes squeal " * 70_000}).status_code == 200


@pytest.mark.parametrize(
    "text", ["\ud800", "a\x00b", "\u202eabc", "🤯" * 500, "‎", "a" * 100_000, "<p></p>", "> quoted only"]
)
def test_strange_texts_get_an_answer(client: FlaskClient, text: str) -> None:
    assert client.post("/v1/triage", json={"body": text}).status_code == 200
    assert client.post("/v1/suggest", json={"text": text}).status_code == 200


def test_unknown_addresses_and_methods_get_the_same_shape(client: FlaskClient) -> None:
    assert_error(client.get("/v1/nothing"), 404, "not_found")
    assert_error(client.get("/v1/triage"), 405, "method_not_allowed")


def test_a_request_id_is_taken_over_when_it_is_harmless(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    long = client.get("/healthz", headers={"X-Request-ID": "x" * 500}).headers["X-Request-ID"]
    assert len(long) == 32


def test_without_any_bundle_or_index_the_service_says_what_to_do(
    sample_settings: Settings, tmp_path: Path
) -> None:
    settings = sample_settings.model_copy(
        update={"home": tmp_path, "encoder_dir": sample_settings.encoder_folder}
    )
    service = Service(settings)
    service.start()
    app = create_app(settings, service)
    empty = signed_in(app)
    while service._active is None:
        assert_error(empty.get("/readyz"), 503, "not_ready")
    error = assert_error(empty.post("/v1/triage", json={"body": "hello there"}), 503, "not_ready")
    assert "triage train" in error["message"]
    error = assert_error(empty.post("/v1/suggest", json={"text": "hello there"}), 503, "not_ready")
    assert "triage index" in error["message"]
    assert_error(empty.get("/readyz"), 503, "not_ready")
    assert empty.get("/healthz").status_code == 200
