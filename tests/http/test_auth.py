"""Who may ask for what: by scoped tokens alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.http.toy_service import QUESTION, ask, refused, secret, toy_app, toy_settings
from tests.postgres import Postgres
from triage.access import SCOPES
from triage.first_token import ensure_first_token, first_token_file
from triage.store import Store, open_store
from triage.store.access_tokens import AccessToken, AccessTokens
from triage.store.tables import tokens as table
from triage.web.middleware import authentication as auth
from triage.web.middleware import token_cache as known_tokens
from triage.web.middleware.required_scopes import scopes_of

WEB = Path(auth.__file__).parents[1]


@pytest.fixture
def pass_time(toy_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds pass for what the process knows of tokens."""
    now = [0.0]
    authenticator: auth.Authenticator = toy_client.application.extensions["triage-authenticator"]
    monkeypatch.setattr(authenticator.cache, "_clock", lambda: now[0])

    def pass_seconds(seconds: float) -> None:
        now[0] += seconds

    return pass_seconds


def counted_reads(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by one with each time that the tokens are read."""
    reads: list[int] = []
    before = type(store.access_tokens).list

    def read(tokens: AccessTokens) -> list[AccessToken]:
        reads.append(1)
        return before(tokens)

    monkeypatch.setattr(type(store.access_tokens), "list", read)
    return reads


def test_a_route_is_open_to_its_scope_and_to_admin_only(toy_client: FlaskClient, toy_store: Store) -> None:
    for scope in SCOPES:
        answered = ask(toy_client, secret(toy_store, scope))
        if scope in {"agent", "admin"}:
            assert answered.status_code == 200
        else:
            message = refused(answered, 403, "forbidden")
            assert "admin or agent" in message
            assert scope in message


def test_a_token_for_monitoring_reads_the_metrics_and_nothing_else(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    headers = {"Authorization": f"Bearer {secret(toy_store, 'metrics')}"}
    assert b"triage_requests_total" in toy_client.get("/metrics", headers=headers).data
    for route in ("/v1/models", "/v1/statistics"):
        assert toy_client.get(route, headers=headers).status_code == 403
    assert toy_client.post("/v1/triage", json={"body": "a"}, headers=headers).status_code == 403
    for other in set(SCOPES) - {"metrics", "admin"}:
        shown = toy_client.get("/metrics", headers={"Authorization": f"Bearer {secret(toy_store, other)}"})
        assert shown.status_code == 403


def test_without_a_good_token_nothing_is_told(toy_client: FlaskClient, toy_store: Store) -> None:
    good = secret(toy_store, "agent")
    assert ask(toy_client, good).status_code == 200
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    for token in (
        None,
        wrong,
        "trg_",
        "x",
        good.upper(),
        good + "0",
        "trg_" + "0" * 12 + "_" + "0" * 64,
        "ä",
    ):
        response = ask(toy_client, token)
        refused(response, 401, "unauthenticated")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    for header in (
        f"Basic {good}",
        good,
        "Bearer",
        "Bearer ",
        f"Bearer {good} {good}",
        f"Token {good}",
    ):
        refused(
            toy_client.post("/v1/suggest", json=QUESTION, headers={"Authorization": header}),
            401,
            "unauthenticated",
        )
    assert ask(toy_client, None, f"/v1/suggest?token={good}").status_code == 401


def test_whoever_may_not_ask_does_not_learn_what_a_right_body_is(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    secret(toy_store, "agent")
    refused(
        toy_client.post("/v1/suggest", data=b"{", content_type="application/json"), 401, "unauthenticated"
    )


def test_every_route_of_version_1_names_the_scopes_that_open_it(toy_client: FlaskClient) -> None:
    found = [rule for rule in toy_client.application.url_map.iter_rules() if rule.rule.startswith("/v1/")]
    assert found
    for rule in found:
        # Webhooks are signed instead: their senders cannot send a token.
        signed = rule.rule.startswith("/v1/hooks/")
        assert signed or scopes_of(toy_client.application.view_functions[rule.endpoint]), rule.rule


def test_the_openapi_document_tells_which_scopes_open_a_route(toy_client: FlaskClient) -> None:
    document = toy_client.get("/openapi.json").get_json()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    suggest = document["paths"]["/v1/suggest"]["post"]
    assert suggest["security"] == [{"bearer": ["admin"]}, {"bearer": ["agent"]}]
    assert {"401", "403", "429", "503"} <= set(suggest["responses"])
    assert "security" not in document["paths"]["/healthz"]["get"]


def test_secrets_are_compared_in_constant_time() -> None:
    code = (WEB.parent / "store" / "access_tokens.py").read_text("utf-8")
    assert code.count("hmac.compare_digest(") == 2
    for file in WEB.rglob("*.py"):
        assert ".hash" not in file.read_text("utf-8"), f"{file} compares hashes by itself"


# --- before there is any token ---


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost"},
        {"Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080"},
        {"Host": "[::1]:8080"},
        {"Host": "localhost", "Sec-Fetch-Site": "same-origin"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=localhost"},
        {"Host": "rebound.example"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://[broken"},
    ],
    ids=str,
)
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "192.0.2.1", ""])
def test_no_address_and_no_name_gives_rights_also_before_there_is_a_token(
    toy_client: FlaskClient, headers: dict[str, str], address: str
) -> None:
    for path in ("/v1/suggest", "/v1/articles/batch", "/v1/triage"):
        response = toy_client.post(
            path, json=QUESTION, headers=headers, environ_base={"REMOTE_ADDR": address}
        )
        assert "first-token" in refused(response, 401, "unauthenticated")


def test_a_store_that_lost_all_its_tokens_lets_nobody_in_and_says_what_to_do(
    toy_client: FlaskClient, toy_store: Store, pass_time: Callable[[float], None]
) -> None:
    home = toy_client.application.extensions["triage"].settings.home
    assert ensure_first_token(toy_store.access_tokens, home)
    first = first_token_file(home).read_text("utf-8").strip()
    assert ask(toy_client, first).status_code == 200
    with toy_store.database.write() as connection:
        connection.execute(table.delete())
    pass_time(known_tokens.REFRESH_S)
    for token in (None, first):
        assert "triage token create" in refused(ask(toy_client, token), 401, "unauthenticated")
    assert not ensure_first_token(toy_store.access_tokens, home)
    assert ask(toy_client, secret(toy_store, "agent")).status_code == 200


def test_health_readiness_page_and_documentation_need_no_token(
    toy_client: FlaskClient, toy_store: Store
) -> None:
    secret(toy_store, "agent")
    for path in ("/", "/healthz", "/readyz", "/openapi.json", "/docs/", "/static/page.js"):
        with toy_client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"}) as response:
            assert response.status_code in {200, 503}, path


# --- tokens that change while the service runs ---


def test_a_revocation_holds_within_seconds_in_each_process(
    toy_client: FlaskClient, toy_store: Store, pass_time: Callable[[float], None]
) -> None:
    made = toy_store.access_tokens.create("t", ["agent"], actor="cli:test")
    assert ask(toy_client, made.secret).status_code == 200
    toy_store.access_tokens.revoke(made.token.id, actor="cli:test")
    pass_time(known_tokens.REFRESH_S)
    assert "revoked" in refused(ask(toy_client, made.secret), 401, "unauthenticated")


def test_a_new_and_a_rotated_secret_are_good_at_once(toy_client: FlaskClient, toy_store: Store) -> None:
    assert ask(toy_client, None).status_code == 401
    made = toy_store.access_tokens.create("t", ["agent"], actor="cli:test")
    assert ask(toy_client, made.secret).status_code == 200
    rotated = toy_store.access_tokens.rotate(made.token.id, actor="cli:test")
    assert ask(toy_client, rotated.secret).status_code == 200
    refused(ask(toy_client, made.secret), 401, "unauthenticated")


def test_whoever_tries_secrets_makes_no_more_than_some_reads_of_the_database(
    toy_client: FlaskClient,
    toy_store: Store,
    monkeypatch: pytest.MonkeyPatch,
    pass_time: Callable[[float], None],
) -> None:
    token = secret(toy_store, "agent")
    monkeypatch.setattr(known_tokens, "UNKNOWN_PER_MINUTE", 5)
    reads = counted_reads(toy_store, monkeypatch)
    for number in range(50):
        assert ask(toy_client, f"trg_{number:012x}_" + "0" * 64).status_code == 401
    assert len(reads) <= 6
    assert ask(toy_client, token).status_code == 200


def test_an_expired_token_is_refused(toy_client: FlaskClient, toy_store: Store) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    token = secret(toy_store, "agent", expires_at=soon)
    assert ask(toy_client, token).status_code == 200
    with toy_store.database.write() as connection:
        connection.execute(update(table).values(expires_at=soon - timedelta(hours=2)))
    fresh = toy_app(toy_settings(toy_client.application.extensions["triage"].settings.home)).test_client()
    assert "expired" in refused(ask(fresh, token), 401, "unauthenticated")


def test_a_request_costs_no_read_of_the_database(
    toy_client: FlaskClient,
    toy_store: Store,
    monkeypatch: pytest.MonkeyPatch,
    pass_time: Callable[[float], None],
) -> None:
    token = secret(toy_store, "agent")
    reads = counted_reads(toy_store, monkeypatch)
    for _ in range(20):
        assert ask(toy_client, token).status_code == 200
    assert len(reads) == 1
    pass_time(known_tokens.REFRESH_S)
    assert ask(toy_client, token).status_code == 200
    assert len(reads) == 2


def test_the_use_of_a_token_is_noted(toy_client: FlaskClient, toy_store: Store) -> None:
    token = secret(toy_store, "agent")
    for _ in range(3):
        assert ask(toy_client, token).status_code == 200
    (found,) = toy_store.access_tokens.list()
    assert found.last_used_at is not None


# --- the store is away ---


def test_while_the_store_is_away_known_tokens_go_on_and_unknown_ones_wait(
    postgres: Postgres, tmp_path: Path
) -> None:
    settings = toy_settings(tmp_path, store_url=postgres.create_database("access"))
    store = open_store(settings)
    known, unknown = secret(store, "agent"), "trg_" + "0" * 12 + "_" + "0" * 64
    client = toy_app(settings).test_client()
    assert ask(client, known).status_code == 200
    store.database.close()
    postgres.stop()
    try:
        response = ask(client, unknown)
        refused(response, 503, "store_unavailable")
        assert response.headers["Retry-After"]
        assert ask(client, known).status_code == 200
        restarted = toy_app(settings).test_client()
        refused(ask(restarted, None), 401, "unauthenticated")
        refused(ask(restarted, known), 503, "store_unavailable")
    finally:
        postgres.start()
    end = datetime.now(UTC) + timedelta(seconds=60)
    while (response := ask(restarted, known)).status_code == 503 and datetime.now(UTC) < end:
        time.sleep(0.05)
    assert response.status_code == 200
    for database in (
        store.database,
        *(c.application.extensions["triage"].store.database for c in (client, restarted)),
    ):
        database.close()
