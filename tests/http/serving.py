"""A real server in a process of its own, as `triage serve` starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.first_token import first_token_file, has_had_tokens
from triage.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_RUN = (
    "import sys; from triage.settings import Settings; from triage.server.gunicorn_app import serve; "
    "serve(Settings.model_validate_json(sys.stdin.read()))"
)


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Server:
    """A server that runs; its log goes to a file. It is asked with the first token of its home."""

    process: subprocess.Popen
    port: int
    log_file: Path
    home: Path

    @property
    def authorization(self) -> dict[str, str]:
        """The header with the first token; empty until that is made, or where it cannot be."""
        return first_token_header(self.home)

    @property
    def token_line(self) -> bytes:
        """That header as it is sent."""
        return f"Authorization: {self.authorization['Authorization']}\r\n".encode()

    def ask(
        self, path: str, body: dict | bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answered:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"Content-Type": "application/json", **self.authorization, **(headers or {})}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return Answered(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answered(refused.code, dict(refused.headers), refused.read())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def log(self) -> list[dict]:
        return [json.loads(line) for line in self.log_file.read_text("utf-8").splitlines()]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def served(settings: Settings, log_file: Path, *, until: str = "/readyz", **server: Any) -> Iterator[Server]:
    """Run a server with these `[server]` settings, from the moment on in which `until` answers 200."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chosen = settings.server.model_copy(update={"port": port, "log": "json", **server})
    settings = settings.model_copy(update={"server": chosen})
    with log_file.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN], stdin=subprocess.PIPE, stderr=log, cwd=ROOT, env=os.environ.copy()
        )
    assert process.stdin is not None
    process.stdin.write(settings.model_dump_json().encode())
    process.stdin.close()
    running = Server(process, port, log_file, settings.home)
    try:
        wait_until(lambda: _is_up(running, until))
        if until == "/readyz":
            wait_until(lambda: has_had_tokens(settings.home))
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def first_token_header(home: Path) -> dict[str, str]:
    file = first_token_file(home)
    return {"Authorization": f"Bearer {file.read_text('utf-8').strip()}"} if file.is_file() else {}


def _is_up(server: Server, path: str) -> bool:
    assert server.process.poll() is None, server.log_file.read_text("utf-8")
    try:
        return server.ask(path).status == 200
    except OSError:
        return False


def wait_until(condition, timeout_s: float = 120) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)
