"""Feedback and drafts with a portal's token: what they leave on the disk, and in the deflection figure.

python -m benchmarks.attacks.portal_feedback [--home var/rullamo]

Four clients send, as quickly as they can, for some seconds each: events of made-up searches, sessions and
articles; then long drafts, against a quota of 1 MB a day. One search is told of by 280 new
sessions. 280 new sessions send one draft, and 280 each its own, and each says that it was solved.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.attacks.harness import Finding, run
from benchmarks.attacks.portal import DRAFT, deflection, portal_client, portal_clients, stored_bytes
from benchmarks.attacks.portal_timing import WORDS
from benchmarks.server import Client, Running, copied, run_server
from triage.store import open_store
from triage.store.ids import new_id

SECONDS, CLIENTS, SESSIONS = 8.0, 4, 280
DAY_S = 86_400


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    with serving(home, folder / "feedback") as running:
        yield from made_up_feedback(running)
        yield one_search_of_many_sessions(running)
        yield from figure(running)
    with serving(home, folder / "drafts", quota_mb=1) as running:
        yield long_drafts(running)


@contextmanager
def serving(home: Path, folder: Path, **deflect: int) -> Iterator[Running]:
    """Serve a copy of the home with these settings of `[deflect]`."""
    folder.mkdir()
    settings = copied(home, folder)
    chosen = settings.deflect.model_copy(update={"settled_minutes": 0, **deflect})
    with run_server(settings.model_copy(update={"deflect": chosen}), folder / "log") as running:
        yield running


def made_up_feedback(running: Running) -> Iterator[Finding]:
    mine = portal_client(running).ask("POST", "/v1/deflect", {"text": DRAFT}).body
    events = [{"kind": "helpful", "article_id": f"{n:03d}" + "x" * 490} for n in range(100)]

    def send(client: Client, number: int) -> None:
        ids = (
            {"search_id": new_id()},
            {"search_id": new_id(), "session_id": mine["session"]},
            {"search_id": mine["search_id"], "session_id": mine["session"]},
            {"session_id": mine["session"]},
        )[number % 4]
        client.ask("POST", "/v1/feedback", {"about": "articles", "events": events, **ids})

    before = settled(running)
    sent, spent_s = many(running, send)
    grown = settled(running) - before
    yield Finding(
        "feedback about searches, sessions and articles that are made up",
        f"GB a day on the disk, at {sent / spent_s:.0f} requests a second",
        f"{grown / spent_s * DAY_S / 1e9:.3f}",
        "769",
        holds=grown < 100_000,
    )


def one_search_of_many_sessions(running: Running) -> Finding:
    client = portal_client(running)
    mine = client.ask("POST", "/v1/deflect", {"text": DRAFT}).body
    shown = mine["articles"][0]["id"] if mine["articles"] else "charge"
    told = {"about": "articles", "search_id": mine["search_id"]}
    told["events"] = [{"kind": "helpful", "article_id": shown}]
    counted = 0
    for _ in range(SESSIONS):
        session = client.ask("POST", "/v1/deflect", {"text": ""}).body["session"]
        answer = client.ask("POST", "/v1/feedback", {**told, "session_id": session})
        counted += answer.status == 200 and answer.body["recorded"]
    return Finding(
        f"one search, told of by {SESSIONS} new sessions", "times counted", str(counted), "280", counted <= 1
    )


def figure(running: Running) -> Iterator[Finding]:
    drawn = random.Random(7)
    for name, before, most, text in (
        ("one draft", "280", 1, lambda: DRAFT),
        ("drafts of their own", "112", 100, lambda: f"{DRAFT} {' '.join(drawn.sample(WORDS, 2))}"),
    ):
        at_first = deflection(running)
        client = portal_client(running)
        for _ in range(SESSIONS):
            session = client.ask("POST", "/v1/deflect", {"text": text()}).body["session"]
            told = {"about": "session", "session_id": session, "outcome": "solved"}
            client.ask("POST", "/v1/feedback", told)
        time.sleep(1)
        found = deflection(running)
        counted = sessions(found) - sessions(at_first)
        discarded = found["discarded"] - at_first["discarded"]
        yield Finding(
            f"{SESSIONS} new sessions with {name}",
            "sessions in the deflection figure",
            f"{counted}, {discarded} named as discarded",
            before,
            holds=counted <= most,
        )


def sessions(found: dict[str, Any]) -> int:
    return int(found["shown"]["sessions"] + found["control"]["sessions"])


def long_drafts(running: Running) -> Finding:
    def send(client: Client, number: int) -> None:
        client.ask("POST", "/v1/deflect", {"text": f"{number} 電池が充電されません " * 100})

    before = settled(running)
    sent, _ = many(running, send, 3 * SECONDS)
    grown = settled(running) - before
    return Finding(
        "long drafts, with a quota of 1 MB a day",
        f"MB on the disk after {sent} drafts",
        f"{grown / 1e6:.1f}",
        "no quota",
        holds=grown < 2_000_000,
    )


def many(
    running: Running, send: Callable[[Client, int], None], seconds: float = SECONDS
) -> tuple[int, float]:
    """Let clients send for some seconds; return how many requests those were, and how long it took."""
    counts = [0] * CLIENTS
    clients = portal_clients(running, CLIENTS)
    start = time.monotonic()

    def work(which: int) -> None:
        while time.monotonic() - start < seconds:
            send(clients[which], counts[which])
            counts[which] += 1

    threads = [threading.Thread(target=work, args=(which,)) for which in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - start


def settled(running: Running) -> int:
    """Return the bytes of the database once what waits is written, and its log is emptied."""
    time.sleep(1.5)
    with open_store(running.settings) as store:
        store.database.ensure_migrated()
        store.database.checkpoint_wal()
    return stored_bytes(running)


if __name__ == "__main__":
    run(attack)
