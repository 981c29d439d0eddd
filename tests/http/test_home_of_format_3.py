"""A home that an earlier version made still opens: store and articles at once, tickets after `triage train`.

`home_format_3.tar.gz` was made by the version of commit 13b3fa0, whose bundles are of format 3: trained,
indexed, asked once, and told once what was right, with the encoder below.
"""

from __future__ import annotations

import pickle
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from numpy.typing import NDArray

from models.encoder import TextKind
from tests.http.conftest import wait_until_loaded
from tests.http.toy_service import refused
from tests.kb_toy import WordEncoder
from tests.toy import topic_tickets
from training.fitting.promotion import train_and_store
from triage.pipeline import factory as opening
from triage.settings import Settings, load_settings
from triage.store import open_store
from triage.web.app import create_app

HOME = Path(__file__).with_name("home_format_3.tar.gz")
DECISION = "01a22c753f9d61dc523f3de30c313913"
TOKEN = "trg_8ae69213d64b_2dccdb8d6613aa346ca2bc023d1bff164b75649708c495a03bd3d3072dfe774c"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
TICKET = {"body": "the battery is empty"}


class SmallEncoder(WordEncoder):
    name = "words/16"
    dim = 16

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        rows = super().encode(texts, kind)[:, : self.dim]
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The old home, whose entries are kept however old they are by now."""
    with tarfile.open(HOME) as archive:
        archive.extractall(tmp_path, filter="data")
    monkeypatch.setattr(opening, "open_encoder", lambda *_, **__: SmallEncoder())
    monkeypatch.setenv("TRIAGE_STORE__KEEP_DAYS", "0")
    monkeypatch.setenv("TRIAGE_STORE__KEEP_AUDIT_DAYS", "0")
    return load_settings(tmp_path / "triage.toml", home=tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    with serving(settings) as client:
        yield client


@contextmanager
def serving(settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(settings)
    app.testing = False  # errors are answered as in production
    client = app.test_client()
    wait_until_loaded(client)
    yield client
    app.extensions["triage"].store.database.close()


class LeavesATrace:
    """Does what a harmful file does: acts as soon as it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.write_text, (self.trace, "was here"))


def test_articles_are_found_at_once_by_who_had_a_token(client: FlaskClient) -> None:
    question = {"text": "how do I charge the battery"}
    refused(client.post("/v1/suggest", json=question), 401, "unauthenticated")
    found = client.post("/v1/suggest", json=question, headers=BEARER).get_json()["articles"]
    assert [article["id"] for article in found] == ["charge", "refund"]


def test_tickets_are_refused_with_what_to_do(client: FlaskClient) -> None:
    message = refused(client.post("/v1/triage", json=TICKET, headers=BEARER), 503, "damaged_folder")
    assert "format version 3" in message
    assert "triage train" in message
    assert set(client.get("/readyz").get_json()["missing"]) == {"bundle"}


def test_nothing_of_the_old_bundle_is_unpickled(settings: Settings, tmp_path: Path) -> None:
    (stored,) = settings.models_folder.glob("*/models.joblib")
    stored.write_bytes(pickle.dumps(LeavesATrace(tmp_path / "trace")))
    with serving(settings) as client:
        refused(client.post("/v1/triage", json=TICKET, headers=BEARER), 503, "damaged_folder")
    assert not (tmp_path / "trace").exists()
    pickle.loads(stored.read_bytes())
    assert (tmp_path / "trace").exists()  # so it would have been noticed


def test_what_the_store_remembers_is_still_there(settings: Settings) -> None:
    store = open_store(settings)
    decision = store.decisions.get(DECISION)
    assert decision is not None
    assert decision.text == TICKET["body"]
    assert [(field.field, field.value) for field in decision.fields] == [("category", "battery")]
    assert ("token.create", "8ae69213d64b") in [(e.action, e.target) for e in store.audit_log.list()]
    assert [token.name for token in store.access_tokens.list()] == ["panel"]
    store.database.close()


def test_tickets_are_answered_once_it_is_trained_again(settings: Settings, client: FlaskClient) -> None:
    stored = train_and_store(topic_tickets(60), settings, only=["category"])
    end = time.monotonic() + 60
    while (answer := client.post("/v1/triage", json=TICKET, headers=BEARER)).status_code != 200:
        assert time.monotonic() < end, answer.get_data(as_text=True)
        time.sleep(0.1)
    assert answer.get_json()["bundle"] == stored.bundle_id
