"""The service as it is started: `python serve.py` in a process of its own, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from triage.first_token import first_token_file, has_had_tokens

ROOT = Path(__file__).resolve().parents[1]
START_S = 240
CONNECTOR = "desk"
HOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
"""Of a connector that the tests' running service may have: deliveries signed with it are taken."""
CALLBACK_ORIGIN = "http://127.0.0.1:9"
"""Where that connector may post results; nobody answers there, so that such a delivery fails."""
STOP_S = 120


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A running service. `url` has no slash at its end; `log` is everything that it wrote on stderr.

    `token` opens everything: one that was made before, or the first one, which the service makes.
    """

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log_file: Path
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """The header with the token."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8", "replace")


@contextmanager
def live_server(
    home: Path,
    encoder_folder: Path,
    log_file: Path,
    *,
    options: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    token: str = "",
    program: Sequence[str | Path] = (sys.executable, ROOT / "serve.py"),
) -> Iterator[LiveServer]:
    """Start the service over `home`, wait until it is ready, and stop it in the end.

    `options` are those of `triage serve`; `environment` adds variables to the present ones; `token` is
    one that opens everything, made in `home` before, else the first one is used;
    `program` takes the place of `python serve.py`.
    """
    port = free_port()
    command = [*map(str, program), "--home", str(home), "--port", str(port), *options]
    variables = os.environ | {"TRIAGE_ENCODER_DIR": str(encoder_folder)} | dict(environment or {})
    with (
        log_file.open("w") as log,
        subprocess.Popen(command, env=variables, stderr=log, cwd=ROOT) as process,
    ):
        server = LiveServer(f"http://127.0.0.1:{port}", home, process, log_file, token)
        try:
            wait_until_ready(server)
            yield replace(server, token=token or _first_token(home))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_S)


def _first_token(home: Path) -> str:
    end = time.monotonic() + START_S
    while not has_had_tokens(home):
        assert time.monotonic() < end, "the first token was not made"
        time.sleep(0.1)
    return first_token_file(home).read_text("utf-8").strip()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_until_ready(server: LiveServer) -> None:
    end = time.monotonic() + START_S
    while not _is_ready(server.url):
        assert server.process.poll() is None, server.log
        assert time.monotonic() < end, server.log
        time.sleep(0.1)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "/readyz", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False
