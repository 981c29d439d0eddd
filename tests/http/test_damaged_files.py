"""Damaged files of the home: some are made again, and what was put back is used without a restart."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.http.serving import Server, served, wait_until
from tests.sample_home import copy_sample
from triage.pipeline.factory import model_registry, open_articles
from triage.settings import Settings

TICKET = {"body": "The battery does not charge in the cold"}
SEARCH = {"text": TICKET["body"], "language": "en"}


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    return copy_sample(sample_settings, home)


def flip(file: Path, at: int = 1000) -> None:
    content = bytearray(file.read_bytes())
    content[at % len(content)] ^= 0x80
    file.write_bytes(content)


def copied_over(backup: Path, folder: Path) -> None:
    shutil.copytree(backup, folder, dirs_exist_ok=True)  # with the times of the backup's files


def put_in_its_place(backup: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)


@pytest.mark.parametrize("restore", [copied_over, put_in_its_place])
def test_a_bundle_that_was_put_back_is_taken_up_without_a_restart(
    copied: Settings, tmp_path: Path, restore: Callable[[Path, Path], None]
) -> None:
    folder = model_registry(copied).current()
    shutil.copytree(folder, tmp_path / "backup")
    flip(folder / "models.0.linear.weights.npy")
    with served(copied, tmp_path / "log") as server:
        assert server.ask("/v1/triage", TICKET).status == 503
        assert server.ask("/v1/suggest", SEARCH).status == 200
        restore(tmp_path / "backup", folder)
        wait_until(lambda: server.ask("/v1/triage", TICKET).status == 200)
        assert server.ask("/readyz").json["missing"] == {}
        assert server.ask("/readyz").json["refused"] is None


def test_a_folder_of_articles_that_was_put_back_is_taken_up_without_a_restart(
    copied: Settings, tmp_path: Path
) -> None:
    folder = open_articles(copied, cached=False).registry.current()
    shutil.copytree(folder, tmp_path / "backup")
    flip(folder / "manifest.json")
    with served(copied, tmp_path / "log") as server:
        assert server.ask("/v1/suggest", SEARCH).status == 503
        assert server.ask("/v1/triage", TICKET).status == 200
        copied_over(tmp_path / "backup", folder)
        assert server.ask("/v1/suggest", SEARCH).json["articles"]


def open_an_article(server: Server) -> None:
    searched = server.ask("/v1/suggest", SEARCH).json
    event = {
        "about": "articles",
        "search_id": searched["search_id"],
        "events": [{"article_id": searched["articles"][0]["id"], "kind": "opened"}],
    }
    told = server.ask("/v1/feedback", event)
    assert told.status == 200, told.body


def test_a_damaged_usage_file_stops_no_search_and_is_made_again_of_the_events(
    copied: Settings, tmp_path: Path
) -> None:
    usage = copied.kb_folder / "usage.json"
    with served(copied, tmp_path / "log") as server:
        for _ in range(3):
            open_an_article(server)
        articles = open_articles(copied, cached=False)
        wait_until(lambda: sum(len(counts) for counts in articles.usage.sums.values()) > 0)
        before = articles.usage.to_record()
        flip(usage, 40)
        assert server.ask("/v1/suggest", SEARCH).json["articles"]
        wait_until(lambda: not articles.usage_was_lost and articles.usage.to_record() == before)
        assert any("usage counts are made again" in line["event"] for line in server.log())
        assert server.ask("/readyz").json["missing"] == {}


def test_a_damaged_file_of_thresholds_stops_no_search(copied: Settings, tmp_path: Path) -> None:
    (copied.kb_folder / "bars.json").write_bytes(b'{"bars": {"x\xff')
    with served(copied, tmp_path / "log") as server:
        assert server.ask("/v1/suggest", SEARCH).json["articles"]
        assert server.ask("/v1/deflect", SEARCH).status == 200
