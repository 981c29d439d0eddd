"""The package without extras: it serves, indexes, searches and predicts with what was trained elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE
from tests.live import LiveServer, live_server

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv" / "serving"
REQUIRED = "TRIAGE_REQUIRE_SERVING_INSTALLATION"
ONLY_TRAINING = ["sklearn", "torch", "sentence_transformers", "transformers", "threadpoolctl", "pytest"]


@pytest.fixture(scope="module")
def programs() -> Path:
    """The folder of the programs of an environment that only serves, which `make test` makes."""
    if not (FOLDER / "bin" / "triage").exists():
        message = f"no environment that only serves in {FOLDER}: `make serving` makes one"
        pytest.fail(message) if REQUIRED in os.environ else pytest.skip(message)
    return FOLDER / "bin"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, trained_sample: Path) -> Path:
    """A home as it is carried to another machine: bundle, index and settings, no encoder and no cache."""
    home = tmp_path_factory.mktemp("served")
    for part in ("models", "kb"):
        shutil.copytree(trained_sample / part, home / part)
    shutil.copy(SAMPLE / "triage.toml", home)
    return home


@pytest.fixture(scope="module")
def server(programs: Path, home: Path) -> Iterator[LiveServer]:
    """The sample helpdesk, served; the encoder is unpacked by the first who needs it."""
    options = ("--settings", str(home / "triage.toml"))
    program = (programs / "triage", "serve")
    by_no_lot = {"TRIAGE_FEEDBACK__HOLDOUT_SHARE": "0"}  # one ticket in fifty shows nothing otherwise
    with live_server(
        home, home / "encoder", home / "log.txt", options=options, environment=by_no_lot, program=program
    ) as running:
        yield running


def triage(programs: Path, home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `triage …` of that environment, away from this checkout."""
    command = [programs / "triage", *arguments, "--home", home, "--settings", home / "triage.toml"]
    return subprocess.run(list(map(str, command)), cwd=home, capture_output=True, text=True, check=False)


def posted(server: LiveServer, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        server.url + path, json.dumps(body).encode(), {"Content-Type": "application/json", **server.headers}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


@pytest.mark.parametrize("module", ONLY_TRAINING)
def test_what_only_training_needs_is_not_installed(programs: Path, home: Path, module: str) -> None:
    done = subprocess.run(
        [programs / "python", "-c", f"import {module}"], cwd=home, capture_output=True, text=True, check=False
    )
    assert f"No module named '{module}'" in done.stderr


def test_the_program_is_the_installed_one(programs: Path, home: Path) -> None:
    place = "import cli, triage.web, sys; print(cli.__file__, triage.web.__file__)"
    done = subprocess.run(
        [programs / "python", "-c", place], cwd=home, capture_output=True, text=True, check=True
    )
    for path in done.stdout.split():
        assert Path(path).is_relative_to(FOLDER), path


def test_tickets_are_triaged(server: LiveServer) -> None:
    answer = posted(
        server, "/v1/triage", {"subject": "Akku", "body": "Akku ei lataudu kun on pakkasta. Tilaus 115090."}
    )
    assert answer["language"]["code"] == "fi"
    assert answer["fields"]["category"]["value"] == "battery"
    assert answer["articles"][0]["id"] == "battery-not-charging.fi"


def test_articles_are_suggested(server: LiveServer) -> None:
    found = posted(server, "/v1/suggest", {"text": "the battery of my bike does not charge"})
    assert "battery-not-charging" in found["articles"][0]["id"]


def test_the_page_and_the_api_documentation_are_there(server: LiveServer) -> None:
    for path in ("/", "/docs"):
        with urllib.request.urlopen(server.url + path, timeout=60) as response:
            assert response.status == 200
            assert b"<html" in response.read()


def test_files_of_queries_and_tickets_are_answered(programs: Path, home: Path) -> None:
    queries, hits, predictions = home / "queries.jsonl", home / "hits.jsonl", home / "predictions.jsonl"
    queries.write_text('{"id": "1", "text": "the battery of my bike does not charge"}\n', "utf-8")
    found = triage(programs, home, "search", "--queries", queries, "--out", hits)
    assert found.returncode == 0, found.stderr
    assert "battery-not-charging" in json.loads(hits.read_text("utf-8"))["results"][0]["article_id"]

    predicted = triage(programs, home, "predict", "--tickets", SAMPLE / "tickets.jsonl", "--out", predictions)
    assert predicted.returncode == 0, predicted.stderr
    lines = predictions.read_text("utf-8").splitlines()
    assert len(lines) == len((SAMPLE / "tickets.jsonl").read_text("utf-8").splitlines())


def test_articles_are_indexed(programs: Path, home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(home / "triage.toml", other)
    done = triage(programs, other, "index", "--articles", SAMPLE / "articles" / "fi")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("14 added"), done.stdout


def test_training_names_the_extra_that_it_takes(programs: Path, home: Path) -> None:
    done = triage(programs, home, "train", "--tickets", SAMPLE / "tickets.jsonl")
    assert done.returncode == 2
    assert done.stderr == (
        "triage: there is no sklearn and no threadpoolctl: expected the extra `train`, which serving does "
        "without. Run `pip install 'triage[train]'`\n"
    )
