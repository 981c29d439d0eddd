"""Callback hosts that accept a result's connection and say nothing, while another host waits for its results.

python -m benchmarks.attacks.silent_callbacks
"""

from __future__ import annotations

import base64
import json
import secrets
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, run, warm_up
from benchmarks.server import copied, run_server
from triage.callback_urls import AllowedHost
from triage.settings.webhooks import HookSettings
from triage.webhooks.signing import SigningKey

HOSTS, EACH, RESULTS = 10, 3, 10
SECRET = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


class Receiver(BaseHTTPRequestHandler):
    """A host that takes each result, and notes when it came."""

    came: dict[str, float] = {}  # noqa: RUF012 - one receiver a process

    def do_POST(self) -> None:
        self.came[self.headers["webhook-id"]] = time.monotonic()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    with ExitStack() as opened:
        hosts = [opened.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(HOSTS)]
        silent = [f"http://127.0.0.1:{host.getsockname()[1]}" for host in hosts]
        receiver = opened.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Receiver))
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        opened.callback(receiver.shutdown)
        good = f"http://127.0.0.1:{receiver.server_port}"
        settings = copied(home, folder)
        hooks = {
            "silent": _connector(*silent),
            "good": _connector(good),
        }
        settings = settings.model_copy(update={"hooks": hooks})
        with run_server(settings, folder / "log") as running:
            url = f"http://127.0.0.1:{running.settings.server.port}/v1/hooks"
            warm_up(running)
            for number, host in enumerate(silent * EACH):
                _deliver(f"{url}/silent", f"silent-{number}", f"{host}/in")
            time.sleep(3)
            waited = []
            for number in range(RESULTS):
                start = time.monotonic()
                _deliver(f"{url}/good", f"good-{number}", f"{good}/in")
                while f"good-{number}" not in Receiver.came and time.monotonic() < start + 20:
                    time.sleep(0.01)
                waited.append(Receiver.came.get(f"good-{number}", float("inf")) - start)
            for host in hosts:
                host.close()
    yield Finding(
        f"{HOSTS} callback hosts accept and say nothing, {HOSTS * EACH} results wait for them",
        "another connector's result, from the delivery to its host",
        f"slowest of {RESULTS}: {max(waited):.2f} s",
        "87 s",
        holds=max(waited) < 1,
    )


def _connector(*origins: str) -> HookSettings:
    allowed = tuple(AllowedHost(origin=origin, internal=True) for origin in origins)
    return HookSettings(secrets=(SECRET,), callbacks=allowed, articles=0)


def _deliver(url: str, delivery_id: str, callback: str) -> None:
    body = json.dumps({"id": delivery_id, "callback_url": callback, **TICKET}).encode()
    signed = SigningKey.parse(SECRET).headers(delivery_id, int(time.time()), body)
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json", **signed})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        answer.read()


if __name__ == "__main__":
    run(attack)
