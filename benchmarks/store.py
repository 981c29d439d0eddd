"""What a large store costs: a million decisions in SQLite and in PostgreSQL.

    PYTHONPATH=. nice -n 10 python benchmarks/store.py FOLDER [--decisions 1000000] [--only sqlite]

The first run fills databases in the folder (see `store_fill.py`), a further one asks those that are there:
single decisions are recorded as the service does, and the overview's questions are asked, each five times,
with the plan of each. PostgreSQL has its default settings.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from machine import describe
from sqlalchemy import text
from store_fill import Dialect, count_up, fill

from tests.postgres import Postgres, free_port, start_postgres
from tests.store.plans import plans
from tests.store.test_decisions import decision
from triage.settings import Settings, StoreSettings
from triage.store import Store, open_store
from triage.store.ids import new_id
from triage.store.statistics import Chosen

BATCH = 100_000
BIG = ("decisions", "decision_fields", "feedback", "outcomes", "sessions", "searches")


def is_postgres(store: Store) -> bool:
    return store.database.engine.dialect.name == "postgresql"


def make(store: Store, count: int) -> float:
    """Fill an empty store; return the seconds that it took."""
    store.database.ensure()
    speaks = Dialect(is_postgres(store), datetime.now(UTC))
    started = time.perf_counter()
    with store.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        # Made up in bulk, the rows need no log on the disk and no check of what refers to what.
        if speaks.is_postgres:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql("SET statement_timeout = 0")
        else:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
        for first in range(0, count, BATCH):
            for statement in fill(speaks, first, min(first + BATCH, count), count):
                connection.execute(text(statement.replace(":", "\\:")))
            print(f"{first + BATCH:,} after {time.perf_counter() - started:.0f} s", flush=True)
        for statement in count_up(speaks):
            connection.execute(text(statement.replace(":", "\\:")))
        connection.exec_driver_sql("VACUUM ANALYZE" if speaks.is_postgres else "ANALYZE")
        if not speaks.is_postgres:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return time.perf_counter() - started


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - started))
    return sorted(found)


def questions(store: Store, now: datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what the overview asks, over a year and over its half, and what else people ask."""
    asked = store.statistics
    for weeks in (52, 26):
        all_of = Chosen((now - timedelta(weeks=weeks)).date())
        for name in ("by_week", "by_field", "by_language", "by_segment", "deflected", "unanswered"):
            yield f"{name}, {weeks} weeks", lambda name=name, all_of=all_of: getattr(asked, name)(all_of)
        rare = replace(all_of, language="es")
        yield f"by_week, {weeks} weeks, one language", lambda rare=rare: asked.by_week(rare)
        yield f"unanswered, {weeks} weeks, one language", lambda rare=rare: asked.unanswered(rare)


def ask(name: str, store: Store) -> None:
    """Print what single decisions and the questions take."""
    with store.database.read() as connection:
        sizes = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in BIG
        }
        size = "pg_database_size(current_database())" if is_postgres(store) else "page_count * page_size"
        source = "" if is_postgres(store) else " FROM pragma_page_count, pragma_page_size"
        megabytes = connection.execute(text(f"SELECT {size}{source}")).scalar_one() / 1e6
    shown = ", ".join(f"{count:,} {table}" for table, count in sizes.items())
    print(f"{name}: {megabytes:,.0f} MB; {shown}", flush=True)
    load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
    print(f"load {load}\n\n| what | median, ms | longest (record one: 99th percentile), ms |\n|---|---|---|")
    made = iter([replace(decision(), id=new_id(), at=datetime.now(UTC)) for _ in range(200)])
    times = milliseconds(lambda: store.decisions.record(next(made)), 200)
    print(f"| {name}: record one decision | {statistics.median(times):.1f} | {times[197]:.1f} |")
    middle = f"{sizes['decisions'] // 2:032x}"
    others = [
        ("read one decision", lambda: store.decisions.get(middle)),
        ("count the blind sample of a field and bundle", lambda: store.observed.of("team", "bundle-5")),
        ("export one requester", lambda: store.privacy.export("nobody", actor="benchmark")),
    ]
    asked = [*questions(store, datetime.now(UTC)), *others]
    for title, work in asked:
        times = milliseconds(work, 5)
        print(f"| {name}: {title} | {statistics.median(times):.1f} | {times[-1]:.1f} |", flush=True)
    load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
    print(f"\nload {load}")


def explain(store: Store) -> None:
    """Print the plan of each statement of the overview."""
    for title, work in questions(store, datetime.now(UTC)):
        if title.endswith("52 weeks") or "unanswered, 52" in title:
            print(f"\n{title}")
            for plan in plans(store, work):
                print(plan)


def opened(folder: Path, name: str) -> tuple[str, Postgres | None]:
    """Return the URL of a database in the folder, and its server if it needs one."""
    if name == "sqlite":
        return f"sqlite:///{folder.resolve() / 'triage.db'}", None
    home = folder.resolve() / "postgres"
    if not home.exists():
        home.mkdir()
        server = start_postgres(home)
        return server.create_database("million"), server
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))
    server = Postgres(programs, home, free_port())
    server.start()
    return server.url("million"), server


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--plans", action="store_true", help="print how the questions are answered")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    arguments.folder.chmod(0o755)
    print(describe())
    for name in ("sqlite", "postgresql"):
        if arguments.only not in {None, name}:
            continue
        is_new = not (arguments.folder / {"sqlite": "triage.db", "postgresql": "postgres"}[name]).exists()
        url, server = opened(arguments.folder, name)
        store = open_store(Settings(home=arguments.folder, store=StoreSettings(url=url)))
        try:
            if is_new:
                print(f"\n{name}: filled in {make(store, arguments.decisions):.0f} s")
            elif arguments.plans:
                explain(store)
            else:
                ask(name, store)
        finally:
            store.database.close()
            if server is not None:
                server.stop()


if __name__ == "__main__":
    main()
