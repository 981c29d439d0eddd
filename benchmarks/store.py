"""What a large store costs: a million decisions in SQLite and in PostgreSQL.

    PYTHONPATH=. nice -n 15 python benchmarks/store.py [--decisions 1000000] [--only sqlite]

Each decision has three fields, spread over a year, nine languages and ten teams. They are loaded in bulk,
the weekly counts computed from them by the database; then single decisions are recorded as the service does,
and the overview's questions are asked, each five times. PostgreSQL has its default settings.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from machine import describe
from sqlalchemy import text

from tests.postgres import start_postgres
from triage.settings import Settings, StoreSettings
from triage.store import Store, open_store
from triage.store.decisions import DecisionRecord, FieldRecord
from triage.store.statistics import Chosen
from triage.store.tables import decision_fields, decisions, searches, sessions

LANGUAGES = ["en", "de", "fi", "lv", "nb", "zh", "sv", "fr", "es"]
FIELDS = ["category", "priority", "team"]
BATCH = 10_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = "My battery does not charge any more since it was below zero, the red light blinks. " * 3
REASONS = [{"kind": "threshold", "text": "0.93 is at or above the bar of 0.9"}]
ALTERNATIVES = [{"value": f"value {n}", "confidence": 0.1} for n in range(4)]


def record(number: int, chance: Random) -> DecisionRecord:
    confidence = chance.random()
    action = "apply" if confidence > 0.6 else "suggest" if confidence > 0.2 else "abstain"
    fields = [
        FieldRecord(
            name, f"value {chance.randrange(10)}", confidence, action, action, 0.9, ALTERNATIVES, REASONS
        )
        for name in FIELDS
    ]
    return DecisionRecord(
        id=f"{number:032x}",
        at=NOW - timedelta(minutes=chance.randrange(365 * 24 * 60)),
        ticket_id=f"T{number}",
        requester=f"{chance.randrange(100_000):064x}",
        token_id=None,
        source="triage",
        language=chance.choice(LANGUAGES),
        text=TEXT,
        novelty=0.1,
        is_novel=False,
        is_blind=chance.random() < 0.02,
        bundle_id="20260101-abcdef",
        index_id="20260101-123456",
        rules_id="r" * 16,
        rules=(),
        sla=None,
        articles=[{"id": "a1", "confidence": 0.8}],
        fields=fields,
    )


def rows(store: Store, count: int, small: int) -> Iterator[tuple[Any, list[tuple[Any, ...]]]]:
    """Yield tables with rows as the drivers take them, in batches."""
    chance = Random(0)
    moment: Callable[[datetime], Any] = (
        (lambda at: at)
        if is_postgres(store)
        else lambda at: at.replace(tzinfo=None).isoformat(" ") + ".000000"
    )
    for start in range(0, count, BATCH):
        made = [record(number, chance) for number in range(start, min(start + BATCH, count))]
        names = decisions.c.keys()
        plain = [[getattr(one, name) for name in names] for one in made]
        yield decisions, [tuple(column(value, moment) for value in row) for row in plain]
        names = [name for name in decision_fields.c.keys() if name != "decision_id"]  # noqa: SIM118
        yield (
            decision_fields,
            [
                (one.id, *(value(name, getattr(field, name)) for name in names))
                for one in made
                for field in one.fields
            ],
        )
    for start in range(0, small, BATCH):
        found, met = [], []
        for number in range(start, start + BATCH):
            at = moment(NOW - timedelta(minutes=chance.randrange(365 * 24 * 60)))
            matter = chance.choice(["pair", "charge", "lock", "return"])
            words = f"how do I {matter} no {int(chance.expovariate(0.01))}"
            language = chance.choice(LANGUAGES)
            answered = chance.random() < 0.7
            found.append(
                (f"{number:032x}", at, "deflect", language, words, f"{number:032x}", 0.4, "[]", answered)
            )
            outcome = chance.choice(["submitted", "solved", None])
            met.append((f"{number:032x}", at, None, language, chance.random() < 0.05, True, outcome, None))
        yield searches, found
        yield sessions, met


def column(given: Any, moment: Callable[[datetime], Any]) -> Any:
    if isinstance(given, datetime):
        return moment(given)
    return json.dumps(given) if isinstance(given, (list, tuple)) else given


def value(name: str, given: Any) -> Any:
    return json.dumps(given) if name in {"value", "alternatives", "reasons"} else given


def is_postgres(store: Store) -> bool:
    return store.database.engine.dialect.name == "postgresql"


def load(store: Store, count: int, small: int) -> float:
    """Load everything in bulk; return the seconds that the database took."""
    store.database.ensure()
    took = 0.0
    connection = store.database.engine.raw_connection()
    cursor = connection.cursor()
    for table, batch in rows(store, count, small):
        names = ", ".join(f'"{name}"' for name in table.c.keys())  # noqa: SIM118
        started = time.perf_counter()
        if is_postgres(store):
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in batch:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(table.c))
            cursor.execute("BEGIN")
            cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", batch)
        connection.commit()
        took += time.perf_counter() - started
    connection.close()
    return took


def count_by_week(store: Store) -> None:
    """Fill the weekly counts from the decisions, as recording them one by one would have."""
    postgres = is_postgres(store)
    week = (
        "date_trunc('week', d.at AT TIME ZONE 'UTC')::date"
        if postgres
        else "date(d.at, 'weekday 0', '-6 days')"
    )
    plain = "#>> '{}'" if postgres else "->> '$'"
    numbers = "count(*), count(*) / 2, count(*) * 19 / 40, sum(b), sum(b) * 97 / 100"
    with store.database.write() as connection:
        for field, rest in (("f.field", "true"), ("''", "f.field = 'team'")):
            connection.execute(
                text(
                    f"""INSERT INTO tallies SELECT w, field, language, segment, action, bundle_id, {numbers}
                    FROM (SELECT {week} AS w, {field} AS field, d.language, t.value {plain} AS segment,
                    f.action, d.bundle_id, CASE WHEN d.is_blind AND {field} <> '' THEN 1 ELSE 0 END AS b
                    FROM decisions d JOIN decision_fields f ON f.decision_id = d.id
                    JOIN decision_fields t ON t.decision_id = d.id AND t.field = 'team' WHERE {rest}) counted
                    GROUP BY w, field, language, segment, action, bundle_id"""
                )
            )
    with store.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - started))
    return found


def measure(name: str, store: Store, count: int, small: int) -> None:
    load_s = load(store, count, small)
    started = time.perf_counter()
    count_by_week(store)
    tally_s = time.perf_counter() - started
    print(
        f"{name}: {count:,} decisions, {small:,} searches and as many sessions in {load_s:.0f} s", flush=True
    )
    print(
        f"{name}: {count / load_s:,.0f} decisions a second in bulk; weekly counts in {tally_s:.0f} s",
        flush=True,
    )
    chance = Random(1)
    made = iter([record(10**9 + number, chance) for number in range(400)])
    times = sorted(milliseconds(lambda: store.decisions.record(next(made)), 400))
    print(f"| {name}: record one | {statistics.median(times):.1f} | {times[int(0.99 * len(times))]:.1f} |")
    asked = store.statistics
    year, quarter = (
        Chosen(since=(NOW - timedelta(days=365)).date()),
        Chosen(since=(NOW - timedelta(days=91)).date()),
    )
    for title, work in {
        "read one": lambda: store.decisions.get(f"{count // 2:032x}"),
        "by week, 1 year": lambda: asked.by_week(year),
        "by field, 1 year": lambda: asked.by_field(year),
        "by language, 1 year": lambda: asked.by_language(year),
        "by segment, 1 year": lambda: asked.by_segment(year),
        "deflection, 1 year": lambda: asked.deflected(year),
        "deflection, 13 weeks": lambda: asked.deflected(quarter),
        "searches in vain, 1 year": lambda: asked.unanswered(year),
        "searches in vain, 13 weeks": lambda: asked.unanswered(quarter),
        "stepped down": asked.stepped_down,
        "export of one requester": lambda: store.privacy.export("nobody", actor="benchmark"),
    }.items():
        times = sorted(milliseconds(work, 5))
        print(f"| {name}: {title} | {statistics.median(times):.1f} | {times[-1]:.1f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=200_000, help="searches, and as many sessions")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    print(describe())
    print("\n| what | median, ms | 99th percentile (one) or longest, ms |\n|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="triage-store-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        urls = {"sqlite": f"sqlite:///{home / 'triage.db'}"}
        server = None
        if arguments.only != "sqlite":
            (home / "postgres").mkdir()
            home.chmod(0o755)
            server = start_postgres(home / "postgres")
            urls["postgresql"] = server.create_database("million")
        for name, url in urls.items():
            if arguments.only in {None, name}:
                store = open_store(Settings(home=home, store=StoreSettings(url=url)))
                measure(name, store, arguments.decisions, arguments.small)
                store.database.close()
        if server:
            server.stop()


if __name__ == "__main__":
    main()
