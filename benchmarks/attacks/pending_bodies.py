"""Bodies of 134 MB together, sent but for their last bytes; no token.

python -m benchmarks.attacks.pending_bodies
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, connections, ordinary_client, post_head, run, warm_up
from benchmarks.server import server_on_copy

SIZES = [1_000_000] * 134 + [18_000] * 11 + [900] * 20 + [150] * 80  # to fill 128 MiB to the last bytes
SECONDS = 10
PADDED = json.dumps(TICKET).encode() + b" " * 100_000
"""An ordinary ticket that arrives in several pieces, as over any network."""


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    head = post_head("/v1/triage", "Content-Length: 1040000")
    with server_on_copy(home, folder) as running:
        warm_up(running)
        with ExitStack() as held:
            for size in SIZES:
                held.enter_context(connections(running, 1, head + b"a" * size))
            with ordinary_client(running, ticket=PADDED) as seen:
                time.sleep(SECONDS)
    yield Finding(
        f"{sum(SIZES) / 1e6:.0f} MB of pending bodies without a token",
        "an ordinary ticket in a body of 100 KB",
        str(seen),
        "everybody else refused",
        holds=seen.slowest_s < 1 and not seen.refused,
    )


if __name__ == "__main__":
    run(attack)
