"""Which web pages may ask: those of the service, and those of the origins that a token names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Response
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.http.toy_service import ask, refused, secret, toy_app
from triage.store import Store
from triage.store.tables import tokens

PORTAL, OTHER = "https://help.example.com", "https://shop.example.com"


def preflight(client: FlaskClient, origin: str, path: str = "/v1/deflect", method: str = "POST") -> Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return client.options(path, headers=asked)


def test_a_portal_s_page_may_ask_what_is_open_to_portals(toy_client: FlaskClient, toy_store: Store) -> None:
    token = secret(toy_store, "portal", origins=[PORTAL])
    before = preflight(toy_client, PORTAL)
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Origin"] == PORTAL
    assert before.headers["Access-Control-Allow-Methods"] == "POST"
    assert "authorization" in before.headers["Access-Control-Allow-Headers"].lower()
    assert "Origin" in before.vary
    asked = ask(toy_client, token, "/v1/deflect", Origin=PORTAL)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "Origin" in asked.vary


def test_no_answer_lets_a_page_send_cookies_or_names_every_origin(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    token = secret(toy_store, "portal", origins=[PORTAL])
    for response in (preflight(toy_client, PORTAL), ask(toy_client, token, "/v1/deflect", Origin=PORTAL)):
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert response.headers["Access-Control-Allow-Origin"] != "*"


@pytest.mark.parametrize(
    ("origin", "path", "method"),
    [
        (OTHER, "/v1/deflect", "POST"),
        ("null", "/v1/deflect", "POST"),
        (PORTAL + ".evil.example", "/v1/deflect", "POST"),
        ("http://help.example.com", "/v1/deflect", "POST"),
        (PORTAL, "/v1/triage", "POST"),
        (PORTAL, "/v1/suggest", "POST"),
        (PORTAL, "/v1/deflect", "DELETE"),
        (PORTAL, "/v1/nothing", "POST"),
        (PORTAL, "/", "GET"),
    ],
)
def test_other_pages_and_other_routes_get_no_leave(
    toy_client: FlaskClient, toy_store: Store, origin: str, path: str, method: str
) -> None:
    secret(toy_store, "portal", origins=[PORTAL])
    response = preflight(toy_client, origin, path, method)
    refused(response, 403, "forbidden")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_the_request_itself_is_checked_against_its_own_token(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    token = secret(toy_store, "portal", origins=[PORTAL])
    secret(toy_store, "portal", origins=[OTHER])
    assert preflight(toy_client, OTHER).status_code == 204
    response = ask(toy_client, token, "/v1/deflect", Origin=OTHER)
    assert "pages of this origin" in refused(response, 403, "forbidden")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_helpdesk_s_token_is_of_no_use_to_a_web_page(toy_client: FlaskClient, toy_store: Store) -> None:
    for scope in ("triage", "agent", "kb", "admin"):
        response = ask(toy_client, secret(toy_store, scope), Origin=PORTAL)
        refused(response, 403, "forbidden")
        assert "Access-Control-Allow-Origin" not in response.headers


def test_the_service_s_own_page_may_ask_also_behind_a_proxy(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    token = secret(toy_store, "agent")
    assert ask(toy_client, token, Origin="http://localhost").status_code == 200
    proxied = {"Origin": "https://triage.example.com", "Sec-Fetch-Site": "same-origin", "Host": "upstream"}
    assert ask(toy_client, token, **proxied).status_code == 200


def test_a_portal_learns_why_it_was_refused(toy_client: FlaskClient, toy_store: Store) -> None:
    token = secret(toy_store, "portal", origins=[PORTAL], per_minute=1)
    responses = [
        ask(toy_client, token, "/v1/triage", Origin=PORTAL),
        ask(toy_client, token, "/v1/deflect", Origin=PORTAL),
    ]
    assert [r.status_code for r in responses] == [403, 429]
    for response in responses:
        assert response.headers["Access-Control-Allow-Origin"] == PORTAL
        assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]


def test_the_origin_of_a_revoked_or_expired_token_gets_no_leave(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    revoked = toy_store.access_tokens.create("t", ["portal"], actor="a", origins=[PORTAL])
    toy_store.access_tokens.create("t", ["portal"], actor="a", origins=[OTHER])
    toy_store.access_tokens.revoke(revoked.token.id, actor="a")
    with toy_store.database.write() as connection:
        past = datetime.now(UTC)
        connection.execute(update(tokens).where(tokens.c.revoked_at.is_(None)).values(expires_at=past))
    for origin in (PORTAL, OTHER):
        refused(preflight(toy_client, origin), 403, "forbidden")


def test_a_server_may_use_a_portal_s_token_without_any_origin(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    assert ask(toy_client, secret(toy_store, "portal"), "/v1/deflect").status_code == 200


def test_a_new_portal_s_pages_get_leave_in_a_process_that_just_started(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    secret(toy_store, "portal", origins=[PORTAL])
    settings = toy_client.application.extensions["triage"].settings
    assert preflight(toy_app(settings).test_client(), PORTAL).status_code == 204
