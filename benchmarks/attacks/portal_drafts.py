"""Drafts of 20,000 characters with a portal's token, from eight clients at once, beside ordinary tickets.

python -m benchmarks.attacks.portal_drafts [--home var/rullamo]
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import Finding, Seen, ordinary_client, run, warm_up
from benchmarks.attacks.portal import portal_clients
from benchmarks.server import server_on_copy

SECONDS, CLIENTS = 20.0, 8


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    stop = threading.Event()
    with server_on_copy(home, folder) as running:
        warm_up(running)
        with ordinary_client(running, every_s=0.05) as alone:
            stop.wait(SECONDS)
        clients = portal_clients(running, CLIENTS)

        def send(which: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                text = f"battery {which} charge {number} cold " * 1000
                clients[which].ask("POST", "/v1/deflect", {"text": text[:20_000]})

        threads = [threading.Thread(target=send, args=(which,), daemon=True) for which in range(CLIENTS)]
        for thread in threads:
            thread.start()
        with ordinary_client(running, every_s=0.05) as seen:
            stop.wait(SECONDS)
        stop.set()
        for thread in threads:
            thread.join(30)
    yield Finding(
        f"drafts of 20,000 characters from {CLIENTS} clients",
        "median and p99 of an ordinary ticket alone, and meanwhile (p99: twice as long at most)",
        f"{_times(alone)}, {_times(seen)}; {len(seen.refused)} not answered",
        "p99 43 ms, 946 ms",
        holds=not seen.refused and seen.p99_s <= 2 * alone.p99_s,
    )


def _times(seen: Seen) -> str:
    return f"{1000 * seen.median_s:.0f} and {1000 * seen.p99_s:.0f} ms"


if __name__ == "__main__":
    run(attack)
