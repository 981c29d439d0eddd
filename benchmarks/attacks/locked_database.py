"""Another program holds SQLite's file while tickets come.

python -m benchmarks.attacks.locked_database
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, run, warm_up
from benchmarks.server import server_on_copy

SECONDS = 20


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    with server_on_copy(home, folder) as running:
        warm_up(running)
        client, took, came = running.client(), [], Counter[int]()
        with closing(sqlite3.connect(running.settings.home / "triage.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                start = time.perf_counter()
                came[client.ask("POST", "/v1/triage", TICKET).status] += 1
                took.append(time.perf_counter() - start)
            other.execute("ROLLBACK")
        start = time.perf_counter()
        answer = client.ask("POST", "/v1/triage", TICKET)
        after_s = time.perf_counter() - start
    statuses = ", ".join(f"{count} times {status}" for status, count in sorted(came.items()))
    yield Finding(
        f"another program locks SQLite for {SECONDS} s",
        "a ticket meanwhile",
        f"slowest {max(took):.2f} s, {statuses}",
        "5 to 10 s, 503 for most (5.1 s, 4 in 20 s)",
        holds=max(took) < 1 and set(came) <= {200, 503},
    )
    is_kept = answer.status == 200 and answer.body["decision_id"] is not None
    yield Finding(
        "… and lets it go",
        "the next ticket",
        f"{after_s:.2f} s, {'kept' if is_kept else 'not kept'}",
        "(0.03 s)",
        holds=after_s < 1 and is_kept,
    )


if __name__ == "__main__":
    run(attack)
