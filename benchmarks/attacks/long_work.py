"""A batch of 256 tickets of 30 KB, then an article of a million characters in one line, with a valid token.

python -m benchmarks.attacks.long_work
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, Seen, ordinary_client, post_head, run, warm_up
from benchmarks.server import Running, server_on_copy

SECONDS = 15
SENTENCE = "The battery does not charge in the cold, and the light blinks three times before it goes out. "


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    tickets = [{"id": str(n), "body": f"{n} " + SENTENCE * 315} for n in range(256)]
    article = {"title": "Battery", "body": SENTENCE * 10_500, "language": "en"}
    with server_on_copy(home, folder, max_body_kb=2048) as running:
        warm_up(running, 60)
        with ordinary_client(running, every_s=0.05) as quiet:
            time.sleep(SECONDS)
        with ordinary_client(running, every_s=0.05) as beside_batch:
            _send_and_leave(running, {"tickets": tickets})
        start = time.monotonic()
        freed = running.client().ask("POST", "/v1/triage/batch", {"tickets": [TICKET]}).status
        freed_s = time.monotonic() - start
        client, took = running.client(), []
        with ordinary_client(running, every_s=0.05) as beside_articles:
            while sum(took) < SECONDS:
                start = time.monotonic()
                status = client.ask("PUT", f"/v1/articles/long{len(took)}", article).status
                took.append(time.monotonic() - start if status < 300 else float("inf"))
    without = f"(without: {_times(quiet)})"
    yield Finding(
        "a batch of 256 tickets of 30 KB",
        f"median and p99 of ordinary tickets beside it {without}",
        f"{_times(beside_batch)} ({beside_batch})",
        "it holds a slot for 192 s",
        holds=beside_batch.p99_s < 2 * quiet.p99_s and not beside_batch.refused,
    )
    yield Finding(
        f"… whose client leaves after {SECONDS} s",
        "how long the next batch waits for its place",
        f"{freed_s:.1f} s, answered {freed}",
        "it goes on to its end",
        holds=freed_s < 5 and freed == 200,
    )
    yield Finding(
        "articles of a million characters in one line, one after another",
        f"the longest of {len(took)}; median and p99 of ordinary tickets beside them {without}",
        f"{max(took):.1f} s; {_times(beside_articles)} ({beside_articles})",
        "102 s, which hold a slot",
        holds=max(took) < 30 and beside_articles.p99_s < 2 * quiet.p99_s and not beside_articles.refused,
    )


def _times(seen: Seen) -> str:
    return f"{1000 * seen.median_s:.0f} and {1000 * seen.p99_s:.0f} ms"


def _send_and_leave(running: Running, body: dict[str, object]) -> None:
    """Send a batch, and close the connection some seconds later, before its answer is there."""
    sent = json.dumps(body).encode()
    token = f"Authorization: Bearer {running.token}"
    head = post_head("/v1/triage/batch", f"Content-Length: {len(sent)}", token)
    with socket.create_connection(("127.0.0.1", running.settings.server.port), timeout=SECONDS) as client:
        client.sendall(head + sent)
        with suppress(TimeoutError):
            client.recv(2000)


if __name__ == "__main__":
    run(attack)
