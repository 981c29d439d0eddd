"""A batch of 256 tickets of 30 KB, then an article of a million characters in one line, with a valid token.

python -m benchmarks.attacks.long_work
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, ordinary_client, post_head, run, warm_up
from benchmarks.server import Running, server_on_copy

SECONDS = 20
SENTENCE = "The battery does not charge in the cold, and the light blinks three times before it goes out. "


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    tickets = [{"id": str(n), "body": f"{n} " + SENTENCE * 315} for n in range(256)]
    article = {"title": "Battery", "body": SENTENCE * 10_500, "language": "en"}
    with server_on_copy(home, folder, max_body_kb=2048) as running:
        warm_up(running, 60)
        with ordinary_client(running, every_s=0.1) as quiet:
            time.sleep(SECONDS)
        for what, method, path, body, before in (
            ("a batch of 256 tickets of 30 KB", "POST", "/v1/triage/batch", {"tickets": tickets}, "192 s"),
            ("an article of a million characters", "PUT", "/v1/articles/long", article, "102 s"),
        ):
            with ordinary_client(running, every_s=0.1) as seen:
                took = _send_and_leave(running, method, path, body)
            yield Finding(
                what,
                f"p99 of ordinary tickets meanwhile, {took} (without: {1000 * quiet.p99_s:.0f} ms)",
                f"{1000 * seen.p99_s:.0f} ms ({seen})",
                f"it holds a slot for {before}",
                holds=seen.p99_s < 2 * quiet.p99_s and not seen.refused,
            )
            left = time.monotonic()
            running.client().ask("POST", "/v1/triage/batch", {"tickets": [TICKET]})
            freed_s = time.monotonic() - left
            yield Finding(
                f"{what}, whose client leaves",
                "the next batch waits for its place",
                f"{freed_s:.1f} s",
                "it goes on to its end",
                holds=freed_s < 5,
            )


def _send_and_leave(running: Running, method: str, path: str, body: dict) -> str:
    """Send a request, wait for its answer for some seconds at most, and close; say which of both came."""
    sent = json.dumps(body).encode()
    head = post_head(path, f"Content-Length: {len(sent)}", f"Authorization: Bearer {running.token}")
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", running.settings.server.port), timeout=SECONDS) as client:
        client.sendall(head.replace(b"POST", method.encode(), 1) + sent)
        try:
            status = client.recv(2000).split(b" ")[1].decode()
        except TimeoutError:
            return f"cut off after {SECONDS} s"
    return f"answered {status} after {time.monotonic() - start:.1f} s"


if __name__ == "__main__":
    run(attack)
