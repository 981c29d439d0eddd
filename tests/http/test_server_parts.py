"""A server in earnest of which a part is missing, is replaced, or is killed."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from pathlib import Path

import psutil
import pytest

from models.storage.artifact import MANIFEST
from tests.http.serving import Answered, Server, served, wait_until
from tests.postgres import Postgres
from tests.sample_home import copy_sample
from triage.pipeline.factory import model_registry, open_articles
from triage.settings import Settings, StoreSettings

TICKET = {"body": "The battery does not charge in the cold"}
SEARCH = {"text": TICKET["body"], "language": "en"}


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    """The sample helpdesk's home, to be changed."""
    return copy_sample(sample_settings, tmp_path)


class Load:
    """Clients that ask without a pause until they are stopped, and keep what went wrong."""

    def __init__(self, server: Server, clients: int = 3) -> None:
        self.answered, self.failed = 0, []
        self._server, self._stop = server, threading.Event()
        self._clients = [threading.Thread(target=self._ask, daemon=True) for _ in range(clients)]

    def __enter__(self) -> Load:
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for client in self._clients:
            client.join(60)

    def _ask(self) -> None:
        while not self._stop.is_set():
            for path, body in (("/v1/triage", TICKET), ("/v1/suggest", SEARCH), ("/v1/deflect", SEARCH)):
                try:
                    answer = self._server.ask(path, body)
                except OSError as error:
                    self.failed.append(repr(error))
                    continue
                if is_failure(answer):
                    self.failed.append(f"{answer.status} {answer.body[:200]!r}")
                self.answered += 1


def is_failure(answer: Answered) -> bool:
    return answer.status != 200 or bool(answer.json.get("missing"))


def test_bundles_and_articles_change_under_load_without_one_failed_request(copied: Settings) -> None:
    registry, articles = model_registry(copied), open_articles(copied, cached=False)
    with served(copied, copied.home / "log") as server, Load(server) as load:
        for number in range(3):
            name = f"newer-{number}"
            shutil.copytree(registry.current(), registry.path(name))
            registry.make_current(name)
            article = articles.articles(limit=1)[0]
            articles.remove([article.id])
            articles.put([article])
            if number == 1:
                articles.compact()
            wait_until(lambda name=name: server.ask("/v1/triage", TICKET).json["bundle"] == name)
        models = server.ask("/v1/models").json
        assert [promoted["id"] for promoted in models["history"][:3]] == ["newer-2", "newer-1", "newer-0"]
        assert models["index"]["id"] == open_articles(copied, cached=False).registry.current_id()
    assert load.failed == []
    assert load.answered > 0


def test_a_bundle_that_cannot_be_used_leaves_the_earlier_one_in_place(copied: Settings) -> None:
    registry = model_registry(copied)
    with served(copied, copied.home / "log") as server:
        before = server.ask("/readyz").json["bundle"]
        shutil.copytree(registry.current(), registry.path("broken"))
        (registry.path("broken") / MANIFEST).write_text("{}", "utf-8")
        registry.make_current("broken")
        wait_until(lambda: server.ask("/readyz").json["refused"] is not None)
        answer = server.ask("/v1/triage", TICKET)
        assert (answer.status, answer.json["bundle"]) == (200, before)
        models = server.ask("/v1/models").json
        assert models["bundle"]["id"] == before
        assert "broken" in models["refused"]
        assert models["missing"] == {}


def test_models_tells_fields_thresholds_and_what_was_measured(copied: Settings) -> None:
    with served(copied, copied.home / "log") as server:
        models = server.ask("/v1/models").json
    bundle = models["bundle"]
    assert bundle["tickets"] == 624
    assert bundle["fields"]["subcategory"]["parent"] == "category"
    assert "battery" in bundle["fields"]["category"]["values"]
    assert 0 < bundle["fields"]["category"]["metrics"]["accuracy"] < 1
    category = bundle["fields"]["category"]
    assert category["thresholds"]["reason"]
    assert category["bars"] == category["thresholds"]
    assert category["own_bars"] == category["value_thresholds"]
    assert models["encoder"].startswith("multilingual-e5-small")
    assert models["index"]["articles"] == 162


def test_without_a_bundle_articles_are_found_and_tickets_are_refused(copied: Settings) -> None:
    shutil.rmtree(copied.home / "models")
    with served(copied, copied.home / "log") as server:
        refused = server.ask("/v1/triage", TICKET)
        assert (refused.status, refused.json["error"]["code"]) == (503, "not_ready")
        assert "Retry-After" in refused.headers
        assert server.ask("/v1/suggest", SEARCH).json["articles"]
        assert set(server.ask("/readyz").json["missing"]) == {"bundle"}
        assert server.ask("/v1/models").json["bundle"] is None


def test_without_an_index_fields_are_predicted_and_the_answer_says_what_is_missing(copied: Settings) -> None:
    shutil.rmtree(copied.home / "kb")
    with served(copied, copied.home / "log") as server:
        answer = server.ask("/v1/triage", TICKET).json
        assert answer["fields"]["category"]["value"]
        assert answer["articles"] == []
        assert "triage index" in answer["missing"]["articles"]
        assert server.ask("/v1/suggest", SEARCH).status == 503
        assert set(server.ask("/readyz").json["missing"]) == {"articles"}
        assert server.ask("/v1/models").json["index"] is None


def test_without_its_store_the_server_is_ready_and_says_so(copied: Settings, postgres: Postgres) -> None:
    kept = copied.model_copy(update={"store": StoreSettings(url=postgres.create_database("vanishing"))})
    with served(kept, copied.home / "log") as server:
        assert server.ask("/v1/triage", TICKET).status == 200
        postgres.stop()
        try:
            answer = server.ask("/v1/triage", TICKET).json
            wait_until(lambda: set(server.ask("/readyz").json["missing"]) == {"store"})
            metrics = server.ask("/metrics").body.decode()
        finally:
            postgres.start()
        assert answer["decision_id"] is None
        assert "store" in answer["missing"]
        assert 'triage_part_ready{part="store"} 0.0' in metrics


def test_while_it_loads_the_server_is_alive_and_not_ready(copied: Settings) -> None:
    with served(copied, copied.home / "log", until="/healthz") as server:
        first = server.ask("/readyz")
        assert first.status in {200, 503}
        if first.status == 503:
            assert first.json["error"]["code"] == "not_ready"
        wait_until(lambda: server.ask("/readyz").status == 200)


def test_a_killed_worker_is_replaced_while_the_other_goes_on(copied: Settings) -> None:
    with served(copied, copied.home / "log", workers=2) as server:
        master = psutil.Process(server.process.pid)
        wait_until(lambda: loaded(server) == 2)
        before = [server.ask("/v1/triage", TICKET).status for _ in range(6)]
        killed = master.children()[0]
        os.kill(killed.pid, signal.SIGKILL)
        meanwhile = []
        while loaded(server) < 3:
            meanwhile.append(server.ask("/v1/triage", TICKET).status)
        assert killed.pid not in {child.pid for child in master.children()}
        text = server.ask("/metrics").body.decode()
    assert set(before) == {200}
    assert set(meanwhile) == {200}
    answers = 'triage_requests_total{method="POST",route="/v1/triage",status="200"} '
    counted = next(line for line in text.splitlines() if line.startswith(answers))
    # What the killed worker had counted is still there.
    assert float(counted.removeprefix(answers)) == len(before) + len(meanwhile)


def loaded(server: Server) -> int:
    """Return how many workers have loaded so far."""
    return sum(line["event"].startswith("loaded bundle") for line in server.log())
