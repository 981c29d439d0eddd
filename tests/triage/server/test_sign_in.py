"""The link that signs in: what is printed at the start, and how it reaches a browser."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.live import ROOT, free_port
from triage.first_token import first_token_file
from triage.server import sign_in

BROWSER = """#!/bin/sh
echo "$@" > "$TRIAGE_TEST_OPENED"
"""


@pytest.fixture
def started(tmp_path: Path, encoder_folder: Path) -> tuple[str, str, Path, int]:
    """What `triage serve --open` prints and logs over an empty home, what its browser gets, and its port."""
    browser = tmp_path / "browser"
    browser.write_text(BROWSER, "utf-8")
    browser.chmod(0o755)
    home, opened, port = tmp_path / "home", tmp_path / "opened", free_port()
    variables = {
        "TRIAGE_ENCODER_DIR": str(encoder_folder),
        "BROWSER": f"{browser} %s",
        "DISPLAY": ":9",
        "TRIAGE_TEST_OPENED": str(opened),
    }
    command = [sys.executable, str(ROOT / "serve.py"), "--home", str(home), "--port", str(port), "--open"]
    process = subprocess.Popen(
        command,
        env=os.environ | variables,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 120
    while not opened.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    process.terminate()
    printed, logged = process.communicate(timeout=60)
    assert opened.exists(), printed + logged
    return printed, logged, opened, port


def test_the_link_is_printed_once_and_opened_and_its_token_is_neither_logged_nor_an_argument(
    started: tuple[str, str, Path, int], tmp_path: Path
) -> None:
    printed, logged, opened, port = started
    token = first_token_file(tmp_path / "home").read_text("utf-8").strip()
    link = f"http://127.0.0.1:{port}/#token={token}"
    assert printed.count(link) == 1
    assert token not in logged
    # Other users of the machine see a browser's arguments.
    argument = opened.read_text("utf-8").strip()
    assert token not in argument
    page = Path(argument.removeprefix("file://"))
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert link in page.read_text("utf-8")


def test_a_home_without_a_first_token_gets_a_link_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "tokens-exist").touch()
    sign_in.show_sign_in(tmp_path, "0.0.0.0", 8080).join(30)
    printed = capsys.readouterr().out
    assert "http://127.0.0.1:8080/ " in printed
    assert "#token" not in printed
