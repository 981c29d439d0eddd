"""Every example of docs/http.md, run against the running service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import LiveServer

DOCS = Path(__file__).resolve().parents[2] / "docs"
ADDRESS = "http://127.0.0.1:8080"
FILES = ["http.md"]


def blocks(language: str) -> list[tuple[str, str]]:
    """Return file name with line number, and text of each fenced block."""
    found = []
    for name in FILES:
        text = (DOCS / name).read_text("utf-8")
        for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            found.append((f"{name}:{text.count(chr(10), 0, match.start()) + 1}", match.group(1)))
    return found


SHELL, PYTHON = blocks("sh"), blocks("python")


def ran(command: list[str], live: LiveServer, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"TRIAGE_TOKEN": live.token}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=60, check=False
    )


@pytest.mark.parametrize("example", [text for _, text in SHELL], ids=[place for place, _ in SHELL])
def test_the_shell_examples_of_the_documentation_succeed(
    live: LiveServer, tmp_path: Path, example: str
) -> None:
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("curl or bash is not installed")
    # As a reader would run them, but that an answer with an error ends the script.
    script = example.replace(ADDRESS, live.url).replace("curl ", "curl --fail-with-body ")
    done = ran(["bash", "-euo", "pipefail", "-c", script], live, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("example", [text for _, text in PYTHON], ids=[place for place, _ in PYTHON])
def test_the_python_examples_of_the_documentation_succeed(
    live: LiveServer, tmp_path: Path, example: str
) -> None:
    done = ran([sys.executable, "-W", "error", "-c", example.replace(ADDRESS, live.url)], live, tmp_path)
    assert done.returncode == 0, done.stderr


def test_every_route_has_an_example(live: LiveServer) -> None:
    examples = "\n".join(text for _, text in SHELL + PYTHON)
    for route in ("triage", "suggest", "deflect", "articles/lamp", "articles?", "articles/batch"):
        assert f"{ADDRESS}/v1/{route}" in examples
    assert "readyz" in examples
