"""A client generated from the OpenAPI document is enough to use the service; it finds out one that lies."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.http.test_docs import ADDRESS, blocks
from tests.live import ROOT, LiveServer

PROGRAM = Path(__file__).with_name("with_generated_client.py")
FOLDER = Path(os.environ.get("TRIAGE_CLIENT_GENERATOR", ROOT / ".venv" / "generator"))
REQUIRED = "TRIAGE_REQUIRE_CLIENT_GENERATOR"
Schemas = dict[str, Any]


@pytest.fixture(scope="module")
def generator() -> Path:
    """The folder of the generator's programs, which `make test` installs."""
    if not (FOLDER / "bin" / "openapi-python-client").exists():
        message = f"no generator of clients in {FOLDER}: `make generator` installs one"
        pytest.fail(message) if REQUIRED in os.environ else pytest.skip(message)
    return FOLDER / "bin"


@pytest.fixture(scope="module")
def document(live: LiveServer) -> dict[str, Any]:
    with urllib.request.urlopen(f"{live.url}/openapi.json") as response:
        found: dict[str, Any] = json.load(response)
        return found


def generate(generator: Path, folder: Path, *source: str) -> None:
    """Make the package `triage_client` in `folder`/triage-client, as docs/http.md tells."""
    patient = folder / "generator.json"
    patient.write_text(json.dumps({"http_timeout": 120}))
    options = ("--fail-on-warning", "--config", str(patient))
    run(folder, generator / "openapi-python-client", "generate", *source, *options)


def run(folder: Path, *command: Path | str, token: str = "") -> None:
    ran = run_any(folder, *command, token=token)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def run_any(folder: Path, *command: Path | str, token: str = "") -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ["PATH"]])  # it calls its own ruff
    env = os.environ | {"PATH": path, "PYTHONPATH": str(folder / "triage-client"), "TRIAGE_TOKEN": token}
    return subprocess.run(
        [*map(str, command)], capture_output=True, text=True, cwd=folder, check=False, env=env
    )


def test_a_generated_client_asks_answers_and_gets_typed_errors(
    live: LiveServer, generator: Path, tmp_path: Path
) -> None:
    generate(generator, tmp_path, "--url", f"{live.url}/openapi.json")
    run(tmp_path, generator / "python", PROGRAM, live.url, token=live.token)
    [(_, example)] = blocks("py")  # apart from the examples in `python`, which need no library
    run(tmp_path, generator / "python", "-c", example.replace(ADDRESS, live.url), token=live.token)


def require_a_key(document: Schemas) -> None:
    answer = document["components"]["schemas"]["TicketResponse"]
    answer["properties"]["reviewer"] = {"type": "string"}
    answer["required"].append("reviewer")


def hide_a_key(document: Schemas) -> None:
    answer = document["components"]["schemas"]["TicketResponse"]
    del answer["properties"]["novelty"]
    answer["required"].remove("novelty")


def call_a_number_text(document: Schemas) -> None:
    document["components"]["schemas"]["FieldResponse"]["properties"]["confidence"] = {"type": "string"}


def hide_an_error(document: Schemas) -> None:
    del document["paths"]["/v1/triage"]["post"]["responses"]["422"]


@pytest.mark.parametrize(
    ("lie", "found_out"),
    [
        (require_a_key, "KeyError: 'reviewer'"),
        (hide_a_key, "TicketResponse has keys of which the document says nothing: ['novelty']"),
        (call_a_number_text, ".confidence is "),
        (hide_an_error, "Unexpected status code: 422"),
    ],
)
def test_a_document_that_lies_is_found_out(
    live: LiveServer,
    generator: Path,
    document: Schemas,
    tmp_path: Path,
    lie: Callable[[Schemas], None],
    found_out: str,
) -> None:
    lying = copy.deepcopy(document)
    lie(lying)
    (tmp_path / "openapi.json").write_text(json.dumps(lying))
    generate(generator, tmp_path, "--path", "openapi.json")
    ran = run_any(tmp_path, generator / "python", PROGRAM, live.url, token=live.token)
    assert ran.returncode != 0
    assert found_out in ran.stderr
