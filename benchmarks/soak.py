"""Mixed load for minutes, while bundles are replaced, workers killed and the database restarted.

    python benchmarks/soak.py --home var/rullamo --minutes 30 [--workers 2] [--postgresql] [--kills 2]

Serves a copy of the home. Clients send tickets, drafts, searches, feedback and changes of articles without a
pause; a route that the service does not have is left out, and named. Prints each failure but 503 with
Retry-After (a connection cut by the kill of its worker is counted by itself: its client would ask again), the
memory after warm-up and at the end, and looks each acknowledged write up again. Exits with 1 where anything
failed or was lost, or where memory grew by more than a tenth.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from machine import describe
from server import Answer, Client, Running, server_on_copy, wait_for
from serving import forty_words

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.postgres import Postgres, start_postgres
from triage.pipeline.factory import model_registry
from triage.store import open_store

_CLIENTS = 6
_AFTER_A_KILL_S = 2.0


@dataclass
class Ledger:
    """Count of answers and failures, and of what was acknowledged and must be there in the end."""

    answered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    absent: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    decisions: dict[str, dict[str, str]] = field(default_factory=dict)
    feedback: dict[str, dict] = field(default_factory=dict)
    articles: dict[str, str | None] = field(default_factory=dict)
    kills: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, activity: str, answer: Answer) -> bool:
        """Count an answer; return whether it was a success."""
        with self.lock:
            if 200 <= answer.status < 300:
                self.answered[activity] += 1
                return True
            if answer.status == 503 and answer.retry_after:
                self.refused[f"{activity}: {answer.body['error']['code']}"] += 1
            elif answer.status in {404, 405} and "GET /docs" in str(answer.body):
                self.absent.add(activity)
            elif answer.status == 0 and any(
                0 <= time.monotonic() - at < _AFTER_A_KILL_S for at in self.kills
            ):
                self.cut += 1
            else:
                self.failures.append(f"{activity}: {answer.status} {str(answer.body)[:200]}")
        return False


class Actor(threading.Thread):
    """One client that does one thing after another, chosen by chance, until it is told to stop."""

    def __init__(self, running: Running, ledger: Ledger, texts: list[str], number: int) -> None:
        super().__init__(daemon=True)
        self.client: Client = running.client()
        self.ledger, self.texts, self.number = ledger, texts, number
        self.chance = random.Random(number)
        self.stop = threading.Event()
        self.activities: dict[str, tuple[int, Callable[[], None]]] = {
            "triage": (40, self.triage),
            "deflect": (30, self.deflect),
            "suggest": (10, self.suggest),
            "feedback": (15, self.feedback),
            "articles": (5, self.change_article),
        }

    def run(self) -> None:
        while not self.stop.is_set():
            names = [name for name in self.activities if name not in self.ledger.absent]
            chosen = self.chance.choices(names, [self.activities[name][0] for name in names])[0]
            self.activities[chosen][1]()

    def triage(self) -> None:
        answer = self.client.ask("POST", "/v1/triage", {"body": self.chance.choice(self.texts)})
        if self.ledger.take("triage", answer) and answer.body["decision_id"]:
            fields = answer.body["fields"]
            final = {name: found["value"] for name, found in fields.items() if name != "tags"}
            with self.ledger.lock:
                self.ledger.decisions[answer.body["decision_id"]] = final

    def deflect(self) -> None:
        words = self.chance.choice(self.texts).split()
        draft = " ".join(words[: self.chance.randint(2, 20)])
        self.ledger.take("deflect", self.client.ask("POST", "/v1/deflect", {"text": draft}))

    def suggest(self) -> None:
        text = self.chance.choice(self.texts)
        self.ledger.take("suggest", self.client.ask("POST", "/v1/suggest", {"text": text}))

    def feedback(self) -> None:
        with self.ledger.lock:
            decided = list(self.ledger.decisions.items())[-50:]
        if not decided:
            return
        decision_id, final = self.chance.choice(decided)
        sent = {"about": "decision", "decision_id": decision_id, "final": final, "id": uuid.uuid4().hex}
        if self.ledger.take("feedback", self.client.ask("POST", "/v1/feedback", sent)):
            with self.ledger.lock:
                self.ledger.feedback[sent["id"]] = sent

    def change_article(self) -> None:
        """Put or remove an article of this client's own, so that the last change is known."""
        name = f"soak-{self.number}-{self.chance.randint(0, 4)}"
        if self.chance.random() < 0.3 and self.ledger.articles.get(name):
            answer, title = self.client.ask("DELETE", f"/v1/articles/{name}"), None
        else:
            title = f"Soak {uuid.uuid4().hex}"
            sent = {"title": title, "body": self.chance.choice(self.texts), "language": "en"}
            answer = self.client.ask("PUT", f"/v1/articles/{name}", sent)
        # Whether a change that was not acknowledged was made is not known: nothing is expected of it.
        with self.ledger.lock:
            self.ledger.articles.pop(name, None)
        if self.ledger.take("articles", answer):
            with self.ledger.lock:
                self.ledger.articles[name] = title


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path("var/rullamo"))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--swaps", type=int, default=3)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--postgresql", action="store_true", help="over a PostgreSQL, restarted once")
    arguments = parser.parse_args()
    print(describe(), flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="triage-soak-")))
        postgres = _postgres(stack) if arguments.postgresql else None
        running = stack.enter_context(
            server_on_copy(
                arguments.home,
                folder,
                store_url=postgres.create_database("soak") if postgres else "",
                workers=arguments.workers,
            )
        )
        ledger, texts = Ledger(), forty_words(500)
        actors = [Actor(running, ledger, texts, number) for number in range(_CLIENTS)]
        for actor in actors:
            actor.start()
        warm, end = _disturbed(running, ledger, postgres, arguments)
        for actor in actors:
            actor.stop.set()
        for actor in actors:
            actor.join(90)
        lost = _lost(running, ledger)
        _tell(ledger, lost, warm, end)
    if ledger.failures or lost or end > 1.1 * warm:
        sys.exit(1)


def _postgres(stack: ExitStack) -> Postgres:
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="triage-postgres-", ignore_cleanup_errors=True)
    )
    server = start_postgres(Path(folder))
    stack.callback(server.stop)
    return server


def _disturbed(
    running: Running, ledger: Ledger, postgres: Postgres | None, arguments: argparse.Namespace
) -> tuple[float, float]:
    """Let the time pass, disturbed now and then; return the memory after warm-up and at the end, in MB."""
    seconds = 60 * arguments.minutes
    began = time.monotonic()
    events: list[tuple[float, Callable[[], None]]] = [
        ((n + 1) / (arguments.swaps + 1), lambda n=n: _swap(running, n)) for n in range(arguments.swaps)
    ]
    events += [
        ((n + 0.6) / (arguments.kills + 1), lambda: _kill(running, ledger)) for n in range(arguments.kills)
    ]
    if postgres is not None:
        events.append((0.45, lambda: _restart(postgres)))
    time.sleep(0.15 * seconds)
    warm = running.memory_mb()
    for share, event in sorted(events, key=lambda planned: planned[0]):
        time.sleep(max(0.0, began + max(share, 0.16) * seconds - time.monotonic()))
        event()
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    return warm, running.memory_mb()


def _swap(running: Running, number: int) -> None:
    registry = model_registry(running.settings)
    name = f"soak-{number}"
    shutil.copytree(registry.current(), registry.path(name))
    registry.make_current(name)
    client = running.client()
    wait_for(lambda: (client.ask("GET", "/readyz").body or {}).get("bundle") == name)
    print(f"bundle {name} was taken up", flush=True)


def _kill(running: Running, ledger: Ledger) -> None:
    worker = random.choice(running.workers())
    with ledger.lock:
        ledger.kills.append(time.monotonic())
    worker.kill()
    print(f"worker {worker.pid} was killed", flush=True)


def _restart(postgres: Postgres) -> None:
    postgres.stop()
    time.sleep(3)
    postgres.start()
    print("PostgreSQL was stopped for 3 s", flush=True)


def _lost(running: Running, ledger: Ledger) -> list[str]:
    """Look every acknowledged write up; feedback by sending it again, which records what is not known yet."""
    client = running.client()
    with open_store(running.settings) as store:
        lost = [f"decision {name}" for name in ledger.decisions if store.decisions.get(name) is None]
    for sent in ledger.feedback.values():
        again = client.ask("POST", "/v1/feedback", sent)
        if again.status != 200 or again.body["recorded"]:
            lost.append(f"feedback {sent['id']}: {again.status} {again.body}")
    for name, title in ledger.articles.items():
        found = client.ask("GET", f"/v1/articles/{name}")
        if (found.body.get("title") if found.status == 200 else None) != title:
            lost.append(f"article {name}: {found.status}, expected {title}")
    return lost


def _tell(ledger: Ledger, lost: list[str], warm: float, end: float) -> None:
    print(f"answered: {sum(ledger.answered.values())}, {dict(ledger.answered)}")
    print(f"503 with Retry-After: {sum(ledger.refused.values())}, {dict(ledger.refused)}")
    print(f"cut by the kill of their worker: {ledger.cut}")
    print(f"routes that are not there: {sorted(ledger.absent) or 'none'}")
    print(f"other failures: {len(ledger.failures)}")
    for failure, times in Counter(ledger.failures).most_common(10):
        print(f"  {times} x {failure}")
    kept = {"decisions": len(ledger.decisions), "feedback": len(ledger.feedback)}
    print(f"acknowledged and looked up: {kept | {'articles': len(ledger.articles)}}; lost: {len(lost)}")
    for one in lost[:10]:
        print(f"  {one}")
    print(
        f"memory: {warm:.0f} MB after warm-up, {end:.0f} MB at the end ({end / warm:.2f} times)", flush=True
    )


if __name__ == "__main__":
    main()
