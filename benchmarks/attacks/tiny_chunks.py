"""Bodies in chunks of one byte, from eight clients without a pause; no token.

python -m benchmarks.attacks.tiny_chunks
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.attacks.harness import Finding, ordinary_client, post_head, run, warm_up
from benchmarks.server import server_on_copy

CLIENTS, SECONDS = 8, 10


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    sent = post_head("/v1/triage", "Transfer-Encoding: chunked") + b"1\r\n \r\n" * 100_000
    with server_on_copy(home, folder) as running:
        quiet = warm_up(running)
        address = ("127.0.0.1", running.settings.server.port)
        end = time.monotonic() + SECONDS

        def send() -> None:
            while time.monotonic() < end:
                with suppress(OSError), socket.create_connection(address, timeout=5) as client:
                    client.sendall(sent)
                    client.recv(100)

        threads = [threading.Thread(target=send, daemon=True) for _ in range(CLIENTS)]
        with ordinary_client(running) as seen:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(SECONDS + 10)
    yield Finding(
        f"{CLIENTS} clients send bodies in chunks of one byte",
        f"an ordinary ticket (without them {1000 * quiet.median_s:.0f} ms)",
        f"median {1000 * seen.median_s:.0f} ms, {seen}",
        "each such body holds all up for 300 ms",
        holds=seen.slowest_s < 1 and not seen.refused,
    )


if __name__ == "__main__":
    run(attack)
