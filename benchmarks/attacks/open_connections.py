"""1,500 connections that begin a request and never end it; no token.

python -m benchmarks.attacks.open_connections
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import Finding, connections, ordinary_client, run, warm_up
from benchmarks.server import server_on_copy

COUNT, SECONDS = 1500, 10


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    with server_on_copy(home, folder) as running:
        warm_up(running)
        with (
            ordinary_client(running) as seen,
            connections(running, COUNT, b"POST /v1/triage HTTP/1.1\r\nHost: a\r\n"),
        ):
            time.sleep(SECONDS)
    yield Finding(
        f"{COUNT} connections stay half-open",
        "an ordinary ticket over a new connection",
        str(seen),
        "locked out for 20 s (one in 10 s was answered)",
        holds=seen.slowest_s < 1 and not seen.refused,
    )


if __name__ == "__main__":
    run(attack)
