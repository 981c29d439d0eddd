"""Requests that announce a body of 100 MB, 60 a second, and never send it; no token.

python -m benchmarks.attacks.announced_bodies
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.attacks.harness import Finding, ordinary_client, post_head, run, warm_up
from benchmarks.server import server_on_copy

SECONDS, A_SECOND = 15, 60


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    head = post_head("/v1/triage", "Content-Length: 99999999")
    with server_on_copy(home, folder) as running:
        warm_up(running)
        held: list[socket.socket] = []
        with ordinary_client(running) as seen:
            start = time.monotonic()
            for n in range(SECONDS * A_SECOND):
                time.sleep(max(0.0, start + n / A_SECOND - time.monotonic()))
                with suppress(OSError):
                    client = socket.create_connection(("127.0.0.1", running.settings.server.port), timeout=5)
                    held.append(client)
                    client.sendall(head)
                if len(held) > 600:
                    held.pop(0).close()
        for client in held:
            client.close()
    yield Finding(
        "60 requests a second announce 100 MB and send nothing",
        f"an ordinary ticket meanwhile, for {SECONDS} s",
        str(seen),
        "14 s, then time-outs (31 s)",
        holds=seen.slowest_s < 1 and not seen.refused,
    )


if __name__ == "__main__":
    run(attack)
