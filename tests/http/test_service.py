"""The service within the application: what a swap of bundles keeps, frees and reports."""

from __future__ import annotations

import gc
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.bundle import Bundle
from models.errors import TriageError
from tests.http.conftest import wait_until_loaded
from tests.http.serving import wait_until
from tests.http.toy_service import QUESTION, toy_service, toy_settings
from triage.opening import model_registry
from triage.settings import Settings
from triage.store.article_events import ArticleEvent
from triage.web.app import create_app
from triage.web.service import Service


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    """The sample helpdesk's home, to be changed."""
    for part in ("models", "kb"):
        shutil.copytree(sample_settings.home / part, tmp_path / part)
    return sample_settings.model_copy(update={"home": tmp_path})


def bundles_in_memory() -> int:
    gc.collect()
    # Not isinstance, which asks things that only pretend to be of a class, such as torch's deprecated names.
    return sum(type(thing) is Bundle for thing in gc.get_objects())


def test_a_swap_frees_the_old_bundle_and_keeps_the_encoder(copied: Settings) -> None:
    service = Service(copied)
    service.start()
    client = create_app(copied, service).test_client()
    wait_until_loaded(client)
    registry, encoder, before = model_registry(copied), service.engine().encoder, bundles_in_memory()
    for name in ("second", "third", "fourth"):
        shutil.copytree(registry.current(), registry.path(name))
        registry.make_current(name)
        wait_until(lambda name=name: client.get("/readyz").get_json()["bundle"] == name)
        assert client.post("/v1/triage", json={"body": "The app crashes"}).get_json()["bundle"] == name
    assert service.engine().encoder is encoder
    assert bundles_in_memory() == before
    assert 'triage_bundle_loads_total{result="taken_up"} 4.0' in client.get("/metrics").get_data(as_text=True)


def test_what_people_did_before_a_process_died_is_learnt_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.learning._AFTER_S", 0.05)
    monkeypatch.setattr("triage.learning._SETTLED", timedelta())
    died = toy_service(toy_settings(tmp_path))
    found = died.portal.deflect(died.engine(), QUESTION["text"], "en")
    died.portal.writer.flush()
    died.store.article_events.record([ArticleEvent("opened", "vpn", search_id=found.search_id)])
    service = toy_service(toy_settings(tmp_path))
    service.start()
    wait_until(lambda: service.store.article_events.waiting() == 0)
    articles = service.engine().articles
    assert not isinstance(articles, TriageError)
    assert articles.usage.counts("portal", datetime.now(UTC).date())["vpn"].sum() == pytest.approx(1)
