"""A server of a benchmark's own over a copy of a home, and the requests that are sent to it."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from triage.first_token import first_token_file, has_had_tokens
from triage.settings import Settings, load_settings

_RUN = (
    "import sys; from triage.settings import Settings; from triage.server.gunicorn_app import serve; "
    "serve(Settings.model_validate_json(sys.stdin.read()))"
)
_SAMPLE = re.compile(r"^(\w+?)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; status 0 where the connection broke."""

    status: int
    retry_after: str | None
    body: Any


class Client:
    """One connection that is kept open, as a helpdesk's would be; not for several threads."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            self._connection.request(method, path, data, self._headers)
            response = self._connection.getresponse()
            content = response.read()
            if response.will_close:
                self.close()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Answer(0, None, repr(error))
        is_json = "json" in response.headers.get("Content-Type", "")
        parsed = json.loads(content) if is_json else content.decode("utf-8", "replace")
        return Answer(response.status, response.headers.get("Retry-After"), parsed)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    process: psutil.Process
    settings: Settings

    @property
    def token(self) -> str:
        """The first token, which the server makes at its start."""
        return first_token_file(self.settings.home).read_text("utf-8").strip()

    def client(self) -> Client:
        return Client(self.settings.server.port, self.token)

    def workers(self) -> list[psutil.Process]:
        return self.process.children()

    def memory_mb(self) -> float:
        """Return what the server's processes use; shared pages count once."""
        return sum(p.memory_full_info().pss for p in [self.process, *self.process.children()]) / 1e6

    def metrics(self) -> dict[tuple[str, str], float]:
        """Return the numbers of /metrics by name and labels."""
        answer = self.client().ask("GET", "/metrics")
        if answer.status != 200:
            raise SystemExit(f"/metrics answers {answer.status}: {answer.body}")
        return {(name, labels or ""): float(value) for name, labels, value in _SAMPLE.findall(answer.body)}


def copied(home: Path, folder: Path, *, store_url: str = "", **server: Any) -> Settings:
    """Copy a home's bundle and index into `folder`; return its settings there, with these of `[server]`."""
    copy = folder / "home"
    for part in ("models", "kb"):
        shutil.copytree(home / part, copy / part)
    settings = load_settings(home / "triage.toml", home=copy)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chosen = settings.server.model_copy(update={"port": port, "log": "json", **server})
    store = settings.store.model_copy(update={"url": store_url or settings.store.url})
    encoder = settings.encoder_dir or home / "encoder"
    return settings.model_copy(update={"server": chosen, "store": store, "encoder_dir": encoder.absolute()})


@contextmanager
def run_server(settings: Settings, log_file: Path) -> Iterator[Running]:
    """Start a server, wait until it is ready, and stop it in the end."""
    with log_file.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", _RUN], stdin=subprocess.PIPE, stderr=log)
    process.stdin.write(_with_secrets(settings))
    process.stdin.close()
    try:
        running = Running(psutil.Process(process.pid), settings)
        client = Client(settings.server.port)
        wait_for(lambda: client.ask("GET", "/readyz").status == 200 and has_had_tokens(settings.home))
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@contextmanager
def server_on_copy(home: Path, folder: Path, *, store_url: str = "", **server: Any) -> Iterator[Running]:
    """Serve a copy, in `folder`, of the home's bundle, index and settings, with these `[server]` settings."""
    with run_server(copied(home, folder, store_url=store_url, **server), folder / "log") as running:
        yield running


def _with_secrets(settings: Settings) -> bytes:
    """Return settings as JSON, with the connectors' secrets, which pydantic hides."""
    document = settings.model_dump(mode="json")
    for name, hook in settings.hooks.items():
        document["hooks"][name]["secrets"] = [secret.get_secret_value() for secret in hook.secrets]
    return json.dumps(document).encode()


def wait_for(condition: Any, timeout_s: float = 120) -> None:
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("the server did not get there in time: see its log")
        time.sleep(0.1)
