"""No secret and no word of a ticket reaches a log, whatever is sent and whatever fails."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.http.conftest import wait_until_loaded
from tests.sample_home import copy_sample
from triage.pipeline.engine import Engine
from triage.settings import Settings
from triage.store import Store, open_store
from triage.web.app import create_app

MARK = "zqxwvmark"


class Marked:
    """Makes texts that each hold the mark, and bodies of them for any schema of the OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.components = document["components"]["schemas"]
        self.paths = document["paths"]

    def body(self, schema: dict[str, Any]) -> Any:
        """Return a body that is right where that can be told from the schema, with the mark in each text."""
        if "$ref" in schema:
            return self.body(self.components[schema["$ref"].rsplit("/", 1)[1]])
        if "anyOf" in schema:
            return self.body(schema["anyOf"][0])
        if "enum" in schema or "const" in schema:
            return schema.get("const", [*schema.get("enum", []), None][0])
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            return {n: self.body(s) for n, s in schema["properties"].items() if not self._is_strict(s)}
        if kind == "object":
            return {f"{MARK} key": f"battery {MARK}"}
        if kind == "array":
            return [self.body(schema.get("items", {"type": "string"}))]
        plain = {"integer": schema.get("minimum", 1), "number": 0.5, "boolean": False, "null": None}
        return plain.get(str(kind), f"The battery {MARK} does not charge, {MARK}@example.com")

    @staticmethod
    def _is_strict(schema: dict[str, Any]) -> bool:
        return any(key in json.dumps(schema) for key in ('"pattern"', '"format"'))

    def requests(self) -> Iterator[dict[str, Any]]:
        """Yield requests to all routes: right ones as far as possible, and wrong ones of several kinds."""
        for path, operations in self.paths.items():
            for method, operation in operations.items():
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema", {})
                good = self.body(schema) if schema else {}
                bodies = [
                    json.dumps(good),
                    json.dumps({**good, MARK: MARK} if isinstance(good, dict) else [MARK]),
                    json.dumps({key: [MARK] for key in good}) if isinstance(good, dict) else "{}",
                    json.dumps([MARK]),
                    f'{{"body": "{MARK}',
                    MARK,
                ]
                for body in bodies:
                    yield {
                        "path": path.replace("{", "").replace("}", ""),
                        "method": method.upper(),
                        "data": body,
                        "content_type": "application/json",
                        "query_string": {"text": MARK},
                    }
                yield {"path": path, "method": method.upper(), "data": MARK, "content_type": f"text/{MARK}"}


@pytest.fixture
def settings(sample_settings: Settings, tmp_path: Path) -> Settings:
    return copy_sample(sample_settings, tmp_path)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.database.close()


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    app = create_app(settings)
    app.testing = False
    client = app.test_client()
    wait_until_loaded(client, 180)
    return client


def test_no_secret_and_no_text_is_logged_or_printed(
    client: FlaskClient,
    store: Store,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)  # of everything, SQLAlchemy's log of statements included
    marked = Marked(client.get("/openapi.json").get_json())
    admin = store.access_tokens.create("admin", ["admin"], actor="cli:test").secret
    narrow = store.access_tokens.create("narrow", ["kb"], actor="cli:test", per_minute=60).secret
    wrong = admin[:-1] + ("0" if admin[-1] != "0" else "1")
    headers: list[dict[str, str]] = [
        {"Authorization": f"Bearer {secret}", "Cookie": f"session={MARK}", "X-Ticket": MARK, "Referer": MARK}
        for secret in (admin, narrow, wrong)
    ] + [
        {"Authorization": f"Basic {MARK}"},
        {"Authorization": f"Bearer {MARK}"},
        {"Origin": f"https://{MARK}"},
    ]

    seen: set[int] = set()

    def drive() -> None:
        for asked, sent in itertools.product(marked.requests(), headers):
            seen.add(client.open(**asked, headers=sent).status_code)

    drive()

    def fail(*_: object) -> None:
        raise RuntimeError(f"could not read {MARK}")

    with monkeypatch.context() as broken:
        broken.setattr(Engine, "triage", fail)
        broken.setattr(Engine, "search", fail)
        drive()
    with store.database.write() as connection:
        connection.execute(text("DROP TABLE decision_fields"))
    drive()

    assert seen >= {200, 400, 401, 403, 422, 429, 500}
    assert "RuntimeError" in caplog.text
    assert "decisions were not recorded" in caplog.text
    printed = capfd.readouterr()
    for log in (caplog.text, printed.out, printed.err):
        assert MARK not in log
        for secret in (admin, narrow, wrong):
            assert secret.rsplit("_", 1)[1] not in log


def test_no_secret_is_in_the_openapi_document_or_on_a_page(client: FlaskClient, store: Store) -> None:
    made = store.access_tokens.create("t", ["admin"], actor="cli:test")
    for path in ("/", "/docs/", "/openapi.json", "/readyz", "/healthz"):
        told = client.get(path, headers={"Authorization": f"Bearer {made.secret}"}).get_data(as_text=True)
        assert made.secret not in told
        assert made.token.hash not in told
