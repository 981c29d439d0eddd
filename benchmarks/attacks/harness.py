"""Harness of the attacks: an ordinary client meanwhile, connections that are held, one line for each."""

from __future__ import annotations

import argparse
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.server import Client, Running

HOME = Path("var/rullamo")
TICKET = {"body": "The battery does not charge in the cold"}
HEAD = "| attack | what was measured | now | at 13b3fa0 | holds |\n|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of an attack; `holds` is None where it could not be made, and `now` says why."""

    attack: str
    measured: str
    now: str
    before: str
    holds: bool | None

    def line(self) -> str:
        """Return it as a row of a table."""
        holds = "not run" if self.holds is None else "yes" if self.holds else "**no**"
        return f"| {self.attack} | {self.measured} | {self.now} | {self.before} | {holds} |"


Attack = Callable[[Path, Path], Iterator[Finding]]
"""Takes the home of the sample, which it leaves as it is, and an empty folder of its own."""


@dataclass
class Seen:
    """Answers to an ordinary client: seconds of its answered requests, and the status of each other one."""

    seconds: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    @property
    def slowest_s(self) -> float:
        return max(self.seconds, default=float("inf"))

    @property
    def median_s(self) -> float:
        return statistics.median(self.seconds) if self.seconds else float("inf")

    @property
    def p99_s(self) -> float:
        return sorted(self.seconds)[int(0.99 * (len(self.seconds) - 1))] if self.seconds else float("inf")

    def __str__(self) -> str:
        refused = f", {len(self.refused)} not answered" if self.refused else ""
        return f"slowest of {len(self.seconds)}: {self.slowest_s:.2f} s{refused}"


@contextmanager
def ordinary_client(
    running: Running, *, every_s: float = 0.2, ticket: dict[str, str] | bytes = TICKET
) -> Iterator[Seen]:
    """Send tickets one after another, each over a new connection, while the body of the `with` runs."""
    seen, stop = Seen(), threading.Event()

    def ask() -> None:
        while not stop.wait(every_s):
            client = running.client()
            start = time.perf_counter()
            status = client.ask("POST", "/v1/triage", ticket).status
            if status == 200:
                seen.seconds.append(time.perf_counter() - start)
            else:
                seen.refused.append(status)
            client.close()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join(90)


def warm_up(running: Running, requests: int = 20) -> Seen:
    """Send some tickets, so that everything is loaded; return how long they took."""
    seen, client = Seen(), running.client()
    for _ in range(requests):
        start = time.perf_counter()
        if client.ask("POST", "/v1/triage", TICKET).status != 200:
            raise SystemExit("a ticket was not answered before the attack began")
        seen.seconds.append(time.perf_counter() - start)
    client.close()
    return seen


def stranger(running: Running) -> Client:
    """Return a client without a token."""
    return Client(running.settings.server.port)


def post_head(path: str, *lines: str) -> bytes:
    """Return the head of a request with these header lines, up to its body."""
    first = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    return "".join(f"{line}\r\n" for line in [*first, *lines]).encode() + b"\r\n"


@contextmanager
def connections(running: Running, count: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    """Open connections that send something and then wait; those that the server ends stay in the list."""
    address = ("127.0.0.1", running.settings.server.port)
    with ExitStack() as opened:
        held = []
        for _ in range(count):
            try:
                client = opened.enter_context(socket.create_connection(address, timeout=5))
                client.sendall(sent)
            except OSError:
                continue
            held.append(client)
        yield held


def run(attack: Attack) -> None:
    """Make one attack from the command line, and exit with 1 where it did not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=HOME, help="a home that `make sample` made")
    home = parser.parse_args().home
    print(f"{describe()}\n\n{HEAD}", flush=True)
    if sum(finding.holds is False for finding in findings(attack, home)):
        raise SystemExit(1)


def findings(attack: Attack, home: Path) -> Iterator[Finding]:
    """Make an attack in a folder of its own; print and yield what it brought about."""
    with tempfile.TemporaryDirectory() as folder:
        for finding in attack(home.absolute(), Path(folder)):
            print(finding.line(), flush=True)
            yield finding
