"""Latency of `POST /v1/hooks/NAME`, while the deliveries are processed in the same process.

    python benchmarks/webhooks.py --home var/rullamo [--deliveries 300]

Needs a home that `make sample` made. Starts the server with a connector of its own over an empty store, sends
signed tickets of 40 words one after another, and waits until the last one is processed.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from machine import describe
from serving import forty_words, report, wait_until_ready

from triage.settings import Settings
from triage.store import open_store
from triage.webhooks.signing import SigningKey


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path("var/rullamo"))
    parser.add_argument("--deliveries", type=int, default=300)
    arguments = parser.parse_args()
    print(describe())
    bodies = forty_words(arguments.deliveries)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings_file = arguments.home / "triage.toml"
    command = [sys.executable, "-m", "cli", "serve", "--home", arguments.home, "--settings", settings_file]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "TRIAGE_HOOKS__BENCH__SECRETS": json.dumps([secret]),
            "TRIAGE_STORE__URL": f"sqlite:///{folder}/triage.db",
        }
        with open_store(Settings(home=Path(folder))) as store:
            token = store.access_tokens.create("benchmark", ["triage"], actor="benchmark").secret
        server = subprocess.Popen(
            [*map(str, command), "--port", str(port)], stderr=subprocess.DEVNULL, env=environment
        )
        try:
            wait_until_ready(url)
            deliver(url, secret, "warm-up", bodies[0])
            start = time.perf_counter()
            seconds = [deliver(url, secret, f"d{n}", body) for n, body in enumerate(bodies)]
            report("/v1/hooks/bench, answered", seconds)
            wait_until_done(url, token, f"d{len(bodies) - 1}")
            rate = len(bodies) / (time.perf_counter() - start)
            print(f"decided: {rate:.1f} deliveries a second, from the first sent to the last decided")
        finally:
            server.terminate()
            server.wait(60)


def deliver(url: str, secret: str, delivery_id: str, text: str) -> float:
    """Send a signed ticket and return the seconds until it was answered."""
    body = json.dumps({"id": delivery_id, "body": text}).encode()
    signed = SigningKey.parse(secret).headers(delivery_id, int(time.time()), body)
    headers = {"Content-Type": "application/json", **signed}
    start = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/v1/hooks/bench", body, headers)) as answer:
        answer.read()
        assert answer.status == 202
    return time.perf_counter() - start


def wait_until_done(url: str, token: str, delivery_id: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    asked = urllib.request.Request(f"{url}/v1/hooks/bench/deliveries/{delivery_id}", headers=headers)
    while True:
        with urllib.request.urlopen(asked) as answer:
            if json.load(answer)["state"] == "done":
                return
        time.sleep(0.05)


if __name__ == "__main__":
    main()
