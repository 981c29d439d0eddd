"""Hostile bodies: each gets an answer in the one shape, and the service goes on."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import make_request, problem_of
from models.text.unicode import without_surrogates
from tests.http.test_errors import assert_error
from tests.http.toy_service import empty_client
from tests.store.test_decisions import decision
from triage.web.json import MOST_LEVELS, parse_json
from triage.web.service import Service

JSON = "application/json"
TAKEN = {"subject", "body", "text"}
TEXTS = {
    "SQL": "'; DROP TABLE decisions; --",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "template": "{{7*7}}${7*7}%s%n%x",
    "NUL": "a\x00b",
    "half a pair": "a \ud800 b",
    "right to left": "\u202eabc\u202c \u2066x\u2069",
    "combining": "e\u0301\u0300" * 2_000,
    "header": "a\r\nX-Injected: 1",
    "path": "../../../../etc/passwd",
}


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Articles and no bundle: a route that needs one says so, after it has read the body."""
    client = empty_client(tmp_path_factory.mktemp("hostile"))
    client.put("/v1/articles/lamp", json={"title": "Change the lamp", "body": "Open the cover"})
    return client


def post(client: FlaskClient, content: bytes, **more: object):
    return client.post("/v1/suggest", data=content, **{"content_type": JSON, **more})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json", "", None])
@pytest.mark.parametrize("route", ["/v1/triage", "/v1/suggest", "/v1/articles/batch"])
def test_what_is_not_said_to_be_json_is_refused(toy: FlaskClient, route: str, kind: str | None) -> None:
    assert_error(toy.post(route, data=b'{"text": "a"}', content_type=kind), 415, "unsupported_media_type")


def test_a_kind_of_json_and_a_charset_are_taken(toy: FlaskClient) -> None:
    for kind in ("application/json; charset=utf-8", "application/vnd.helpdesk+json"):
        assert post(toy, b'{"text": "lamp"}', content_type=kind).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[" * 100_000, id="deep, never closed"),
        pytest.param(b"[" * 900 + b"]" * 900, id="deep list"),
        pytest.param(b'{"a":' * 900 + b"1" + b"}" * 900, id="deep object"),
        pytest.param(b'{"text": "a", "k": 1e999}', id="infinite"),
        pytest.param(b'{"text": "a", "k": -1e999}', id="minus infinite"),
        pytest.param(b'{"text": "a", "k": ' + b"9" * 5_000 + b"}", id="5,000 digits"),
        pytest.param(b'{"text": "a", "k": NaN}', id="NaN"),
        pytest.param(b'{"text": "a", "k": Infinity}', id="Infinity"),
        pytest.param(b'{"text": "a", "text": "b"}', id="a key twice"),
        pytest.param(b'{"text": "a", "te\\u0078t": "b"}', id="a key twice, written differently"),
        pytest.param(b'{"text": "a\x00b"}', id="a raw NUL"),
        pytest.param(b'{"text": "\xed\xa0\x80"}', id="half a pair in UTF-8"),
        pytest.param('{"text": "a"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b"null", id="null"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_json_that_two_programs_could_read_differently_is_refused(toy: FlaskClient, content: bytes) -> None:
    assert_error(post(toy, content), 400, "bad_request")


def test_numbers_too_large_for_a_field_are_refused_by_name(toy: FlaskClient) -> None:
    error = assert_error(post(toy, b'{"text": "a", "k": ' + b"9" * 400 + b"}"), 422, "bad_input")
    assert "k" in error["fields"]
    error = assert_error(post(toy, b'{"text": "a", "k": 1e308}'), 422, "bad_input")
    assert "k" in error["fields"]


def test_bodies_as_deep_as_any_route_needs_are_read() -> None:
    inner = b"[" * (MOST_LEVELS - 1) + b"]" * (MOST_LEVELS - 1)
    assert parse_json(b'{"a": [' * 3 + b"1" + b"]}" * 3)
    assert parse_json(b'{"a": ' + inner + b"}")
    assert parse_json(b"[" + b"[]," * 500 + b"[]]")
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", bytes)]
)
def test_a_compressed_body_is_never_unpacked(toy: FlaskClient, encoding: str, compress) -> None:
    bomb = compress(b'{"text": "' + b"a" * 10_000_000 + b'"}')[:1_000_000]
    response = post(toy, bomb, headers={"Content-Encoding": encoding})
    assert_error(response, 415, "compressed_body")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_texts_in_every_text_of_an_article_are_kept_as_text(toy: FlaskClient, text: str) -> None:
    article = {
        "title": f"Lamp {text}"[:900],
        "body": f"Open the cover {text}",
        "labels": [text[:200]],
        "url": f"https://help.example.com/{text}"[:900],
        "translation_of": text[:900],
    }
    results = toy.post(
        "/v1/articles/batch", json={"operations": [{"put": {**article, "id": f"hostile {text}"[:900]}}]}
    ).get_json()["results"]
    [status] = [result["status"] for result in results]
    if "\ud800" in text:  # labels are names, not texts that are taken as they come
        assert status == 422
        del article["labels"]
        put = {**article, "id": "hostile"}
        [result] = toy.post("/v1/articles/batch", json={"operations": [{"put": put}]}).get_json()["results"]
        assert result["status"] in {200, 201}
        return
    assert status in {200, 201}
    found = toy.post("/v1/suggest", json={"text": f"Lamp {text}", "k": 50})
    assert found.status_code == 200
    assert found.mimetype == JSON
    assert "X-Injected" not in found.headers
    assert found.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(
    ("route", "fields"),
    [
        ("/v1/triage", ["id", "subject", "body", "channel", "requester", "undone"]),
        ("/v1/triage", ["body", "attributes", "current", "headers"]),
        ("/v1/suggest", ["text", "labels"]),
        ("/v1/deflect", ["text"]),
    ],
)
def test_hostile_texts_in_every_field_get_an_answer(
    toy: FlaskClient, route: str, fields: list[str], text: str
) -> None:
    many = {"undone": [text[:100]], "labels": [text[:100]]}
    named = {name: {"a": text[:100], text[:100]: "a"} for name in ("attributes", "current", "headers")}
    body = {name: (many | named).get(name, text[: 10_000 if name in TAKEN else 100]) for name in fields}
    response = toy.post(route, json=body)
    assert problem_of(response.status_code, response.get_data()) is None
    assert response.status_code in {200, 422, 503}
    assert response.mimetype == JSON


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_texts_in_feedback_are_taken_as_text(toy: FlaskClient, text: str) -> None:
    service: Service = toy.application.extensions["triage"]
    made = decision()
    service.store.decisions.record(made)
    said = {"about": "decision", "decision_id": made.id, "final": {"category": text[:100], text[:100]: "a"}}
    answer = toy.post("/v1/feedback", json={**said, "id": text[:100]})
    assert (answer.status_code, answer.mimetype) == (200, JSON)
    assert answer.get_json() == {
        "recorded": True,
        "right": {"category": False},
        "unknown": [without_surrogates(text)[:100]],
        "new_values": {},
    }
    assert toy.post("/v1/feedback", json={**said, "id": text[:100]}).get_json()["recorded"] is False
    event = {"kind": "helpful", "article_id": text[:100]}
    events = {"about": "articles", "decision_id": made.id, "events": [event]}
    told = toy.post("/v1/feedback", json=events).get_json()
    assert (told["recorded"], told["unknown"]) == (False, [without_surrogates(text)[:100]])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_texts_in_addresses_get_an_answer_and_change_nothing(toy: FlaskClient, text: str) -> None:
    written = quote(text[:200].encode("utf-8", "surrogatepass"), safe="")
    before = toy.get("/v1/articles").get_json()
    for address in (
        f"/v1/articles/{written}",
        f"/v1/articles?after={written}",
        f"/v1/articles?collection={written}",
        f"/v1/statistics?language={written}&segment={written}",
        f"/v1/hooks/{written}/deliveries/{written}",
    ):
        answer = toy.get(address, headers={"If-None-Match": '"x", W/"y", *'})
        assert answer.status_code in {200, 304, 404, 422}, address
        assert problem_of(answer.status_code, answer.get_data()) is None, address
    assert toy.get("/v1/articles").get_json() == before


def test_keys_with_halves_of_characters_are_named_in_an_answer_that_is_json(toy: FlaskClient) -> None:
    error = assert_error(post(toy, b'{"text": "a", "\\ud800": 1}'), 422, "bad_input")
    json.dumps(error, ensure_ascii=False).encode()


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_no_mutated_request_to_any_route_ends_in_an_internal_error(toy: FlaskClient, seed: int) -> None:
    document = toy.get("/openapi.json").get_json()
    request = make_request(document, random.Random(seed))
    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    response = toy.open(
        request.target,
        method=request.method,
        data=request.body,
        headers=headers,
        content_type=request.headers.get("Content-Type"),
    )
    assert problem_of(response.status_code, response.get_data()) is None, request
