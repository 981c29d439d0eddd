"""The service within the application: what a swap of bundles keeps, frees and reports."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.bundle import Bundle
from models.errors import EncoderError
from tests.http.conftest import wait_until_loaded
from tests.http.serving import wait_until
from tests.http.toy_service import QUESTION, signed_in, toy_service, toy_settings
from tests.sample_home import copy_sample
from triage.pipeline.engine import Engine
from triage.pipeline.factory import model_registry, open_engine
from triage.settings import Settings
from triage.store.article_events import ArticleEvent
from triage.web.app import create_app
from triage.web.service import Service


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    """The sample helpdesk's home, to be changed."""
    return copy_sample(sample_settings, tmp_path)


def bundles_in_memory() -> int:
    gc.collect()
    # Not isinstance, which asks things that only pretend to be of a class, such as torch's deprecated names.
    return sum(type(thing) is Bundle for thing in gc.get_objects())


def opened(settings: Settings) -> Future[Engine]:
    """Return the engine as `serve.py` hands it over."""
    engine: Future[Engine] = Future()
    engine.set_result(open_engine(settings, auto_compact=False))
    return engine


def test_a_swap_frees_the_old_bundle_and_keeps_the_encoder(copied: Settings) -> None:
    service = Service(copied)
    service.start(opened(copied))
    client = signed_in(create_app(copied, service))
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


def test_a_bundle_that_became_current_while_the_first_was_opened_is_taken_up(copied: Settings) -> None:
    service, registry, early = Service(copied), model_registry(copied), opened(copied)
    shutil.copytree(registry.current(), registry.path("later"))
    registry.make_current("later")
    service.start(early)
    client = signed_in(create_app(copied, service))
    wait_until(lambda: client.get("/readyz").get_json().get("bundle") == "later")


def test_until_the_engine_is_open_the_service_is_not_ready_and_then_it_is(copied: Settings) -> None:
    service, engine = Service(copied), opened(copied).result()
    opening: Future[Engine] = Future()
    service.start(opening)
    client = signed_in(create_app(copied, service))
    assert client.get("/readyz").status_code == 503
    assert client.post("/v1/triage", json={"body": "The app crashes"}).status_code == 503
    opening.set_result(engine)
    wait_until_loaded(client)
    assert client.post("/v1/triage", json={"body": "The app crashes"}).status_code == 200


def test_an_engine_that_could_not_be_opened_is_opened_again(copied: Settings) -> None:
    service = Service(copied)
    failed: Future[Engine] = Future()
    failed.set_exception(EncoderError("the encoder was not there yet"))
    service.start(failed)
    wait_until_loaded(signed_in(create_app(copied, service)))


def test_the_process_that_watches_over_the_workers_loads_nothing_that_only_they_need() -> None:
    program = (
        "import sys, cli, serve, triage.server.gunicorn_worker\n"
        "print({'numpy', 'sqlalchemy', 'flask', 'onnxruntime', 'alembic'} & set(sys.modules))"
    )
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout == "set()\n"


def test_what_people_did_before_a_process_died_is_learnt_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.deflection.usage_learning._AFTER_S", 0.05)
    monkeypatch.setattr("triage.deflection.usage_learning._SETTLED", timedelta())
    died = toy_service(toy_settings(tmp_path))
    found = died.deflection.deflect(died.engine(), QUESTION["text"], "en")
    died.deflection.writer.flush()
    died.store.article_events.record([ArticleEvent("opened", "vpn", search_id=found.search_id)])
    service = toy_service(toy_settings(tmp_path))
    service.start()
    wait_until(lambda: service.store.article_events.count_pending() == 0)
    articles = service.engine().articles.get()
    assert articles.usage.counts("portal", datetime.now(UTC).date())["vpn"].sum() == pytest.approx(1)
