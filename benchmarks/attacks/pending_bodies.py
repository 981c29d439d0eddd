"""134 MB of bodies that are sent but for their last byte; no token.

python -m benchmarks.attacks.pending_bodies
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import Finding, connections, ordinary_client, post_head, run, warm_up
from benchmarks.server import server_on_copy

COUNT, SIZE, SECONDS = 135, 1_000_000, 10


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    sent = post_head("/v1/triage", f"Content-Length: {SIZE}") + b"a" * (SIZE - 1)
    with server_on_copy(home, folder) as running:
        warm_up(running)
        with ordinary_client(running) as seen, connections(running, COUNT, sent):
            time.sleep(SECONDS)
    yield Finding(
        f"{COUNT * SIZE / 1e6:.0f} MB of pending bodies without a token",
        "an ordinary ticket",
        str(seen),
        "everybody else refused",
        holds=seen.slowest_s < 1 and not seen.refused,
    )


if __name__ == "__main__":
    run(attack)
