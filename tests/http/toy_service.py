"""The application over a small knowledge base and no bundle: `/v1/suggest` and `/v1/deflect` answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from apiflask import APIFlask
from flask import Response
from flask.testing import FlaskClient

from kb_index.articles.article import Article
from kb_index.storage.article_store import ArticleStore
from models.bundle import Bundle
from models.errors import NotReadyError
from models.language.detector import LanguageDetector
from tests.kb_toy import ENCODER
from triage.pipeline.engine import Engine
from triage.pipeline.part import Part
from triage.settings import ServerSettings, Settings, StoreSettings
from triage.store import Store
from triage.web.app import create_app
from triage.web.service import ActiveEngine, Service

ARTICLE = Article("vpn", "Connect to the VPN", "Open the client and press Connect.", "en")
QUESTION = {"text": "connect to the vpn"}


def toy_settings(home: Path, *, host: str = "127.0.0.1", store_url: str = "") -> Settings:
    return Settings(home=home, server=ServerSettings(host=host), store=StoreSettings(url=store_url))


def toy_app(
    settings: Settings, articles: Sequence[Article] = (ARTICLE,), bundle_id: str | None = None
) -> APIFlask:
    """Return the application of a process of its own over the settings' home."""
    service = toy_service(settings, articles)
    if bundle_id is not None:  # in name only: it decides nothing
        named = Part(cast(Bundle, SimpleNamespace(id=bundle_id)))
        service._active = ActiveEngine(replace(service.active().engine, bundle=named), None)
    app = create_app(settings, service)
    app.testing = False  # errors are answered as in production
    return app


def toy_service(settings: Settings, articles: Sequence[Article] = (ARTICLE,)) -> Service:
    """Return a service whose engine is there at once; `articles` are put where there were none."""
    store = ArticleStore(settings.kb_folder, ENCODER, auto_compact=False)
    if articles and not settings.kb_folder.exists():
        store.put(articles)
    service = Service(settings)
    bundle: Part[Bundle] = Part(None, NotReadyError("there is no trained bundle yet: run `triage train`"))
    service._active = ActiveEngine(Engine(ENCODER, _detector(), bundle, Part(store)), None)
    return service


def empty_client(home: Path) -> FlaskClient:
    """Return a client, signed in, of an application that has neither bundle nor articles."""
    return signed_in(toy_app(toy_settings(home), ()))


def signed_in(app: APIFlask, *scopes: str) -> FlaskClient:
    """Return a client that sends a token of its own each time, of the scope admin unless one is named."""
    store: Store = app.extensions["triage"].store
    client = app.test_client()
    token = secret(store, *(scopes or ["admin"]), per_minute=1_000_000)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


@lru_cache
def _detector() -> LanguageDetector:
    return LanguageDetector(["en", "de"])


def secret(store: Store, *scopes: str, **options: object) -> str:
    """Make a token and return its secret."""
    return store.access_tokens.create("t", scopes, actor="cli:test", **options).secret  # type: ignore[arg-type]  # any of its options


def ask(client: FlaskClient, token: str | None, path: str = "/v1/suggest", **headers: str) -> Response:
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(path, json=QUESTION, headers={**bearer, **headers})


def refused(response: Response, status: int, code: str) -> str:
    """Check that a request was refused in the one error shape, and return the message."""
    assert response.status_code == status, response.get_data(as_text=True)
    answer = response.get_json()
    assert answer["error"]["code"] == code
    assert answer["request_id"] == response.headers["X-Request-ID"]
    message: str = answer["error"]["message"]
    return message
