"""Bodies of 170,000 chunks of one byte; no token.

python -m benchmarks.attacks.tiny_chunks
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.attacks.harness import Finding, ordinary_client, post_head, run, warm_up
from benchmarks.server import Running, server_on_copy

BODIES, CHUNKS = 15, 170_000


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    sent = post_head("/v1/triage", "Transfer-Encoding: chunked") + b"1\r\n \r\n" * CHUNKS + b"0\r\n\r\n"
    with server_on_copy(home, folder) as running:
        warm_up(running)
        before = _processor_s(running)
        for _ in range(BODIES):
            _send(running, sent)
        each_ms = 1000 * (_processor_s(running) - before) / BODIES
        with ordinary_client(running, every_s=0.05) as seen:
            for _ in range(BODIES):
                _send(running, sent)
    yield Finding(
        f"bodies of {CHUNKS:,} chunks of one byte",
        "the server's processor time for each; an ordinary ticket meanwhile",
        f"{each_ms:.0f} ms; {seen}",
        "300 ms (825 ms; 8.4 s)",
        holds=each_ms < 50 and seen.slowest_s < 1 and not seen.refused,
    )


def _send(running: Running, sent: bytes) -> None:
    address = ("127.0.0.1", running.settings.server.port)
    with suppress(OSError), socket.create_connection(address, timeout=2) as client:
        client.sendall(sent)
        client.recv(100)


def _processor_s(running: Running) -> float:
    times = [process.cpu_times() for process in running.workers()]
    return sum(one.user + one.system for one in times)


if __name__ == "__main__":
    run(attack)
