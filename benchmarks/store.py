"""Cost of a large store: a million decisions in SQLite and in PostgreSQL.

    PYTHONPATH=. nice -n 10 python benchmarks/store.py FOLDER [--decisions 1000000] [--only sqlite]

The first run fills databases in the folder (see `store_fill.py`), a further one asks those that are there:
single decisions are recorded as the service does, and the overview's queries are run, each five times;
`--plans` prints how they are answered. PostgreSQL has its default settings.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from machine import describe
from sqlalchemy import text
from store_fill import Dialect, fill, id_of

from tests.postgres import Postgres, free_port, start_postgres
from tests.store.plans import plans
from tests.store.test_decisions import decision
from triage.guarantee.holdback import HoldbackPolicy
from triage.guarantee.monitor import GuaranteeMonitor
from triage.settings import Settings, StoreSettings
from triage.store import Store, open_store
from triage.store.ids import new_id
from triage.store.statistics import Selection
from triage.store.tables import metadata

BATCH = 100_000
BIG = ("decisions", "decision_fields", "feedback", "outcomes", "sessions", "searches")
NEWEST = "bundle-11"


def is_postgres(store: Store) -> bool:
    return store.database.engine.dialect.name == "postgresql"


def make(store: Store, count: int) -> float:
    """Fill an empty store; return the seconds that it took, indexes and statistics included."""
    store.database.ensure_migrated()
    speaks = Dialect(is_postgres(store), datetime.now(UTC))
    # An index is made faster at once than row by row; those that answer what is unique stay.
    indexes = [index for name in BIG for index in metadata.tables[name].indexes]
    started = time.perf_counter()
    with store.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        # Made up in bulk, the rows need not wait for the disk, nor a check of what refers to what.
        if speaks.is_postgres:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET maintenance_work_mem = '512MB'")
        else:
            for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        for index in indexes:
            index.drop(connection)
        for first in range(0, count, BATCH):
            for statement in fill(speaks, first, min(first + BATCH, count), count):
                connection.execute(text(statement.replace(":", "\\:")))
            done = min(first + BATCH, count)
            print(f"{done:,} after {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        for index in indexes:
            index.create(connection)
        connection.exec_driver_sql("VACUUM ANALYZE" if speaks.is_postgres else "ANALYZE")
    return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class Meter:
    """Measures by the clock, and by the processors: this process and, where there is one, the database's."""

    server: Postgres | None

    def used_s(self) -> float:
        used = time.process_time()
        if self.server is not None:
            first = psutil.Process(int((self.server.folder / "data/postmaster.pid").read_text().split()[0]))
            gone = first.cpu_times()
            used += gone.children_user + gone.children_system
            for process in (first, *first.children()):
                with suppress(psutil.NoSuchProcess):
                    used += process.cpu_times().user + process.cpu_times().system
        return used

    def line(self, title: str, work: Callable[[], object], times: int = 5) -> str:
        """Return a line of the table: median and longest by the clock, the mean by the processors, in ms."""
        found = []
        used = self.used_s()
        for _ in range(times):
            started = time.perf_counter()
            work()
            found.append(1000 * (time.perf_counter() - started))
        mean = 1000 * (self.used_s() - used) / times
        return f"| {title} | {statistics.median(found):.1f} | {max(found):.1f} | {mean:.1f} |"


def questions(store: Store, now: datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what the overview asks, over a year and over its half, and what else people ask."""
    found = store.statistics
    for weeks in (52, 26):
        all_of = Selection((now - timedelta(weeks=weeks)).date())
        for name in ("by_week", "by_field", "by_language", "by_segment", "deflection", "unanswered_searches"):
            yield f"{name}, {weeks} weeks", lambda name=name, all_of=all_of: getattr(found, name)(all_of)
        rare = replace(all_of, language="es")
        yield f"by_week, {weeks} weeks, one language", lambda rare=rare: found.by_week(rare)
        yield (
            f"unanswered, {weeks} weeks, one language",
            lambda rare=rare: found.unanswered_searches(rare),
        )
    monitor = GuaranteeMonitor(store, Settings(home=Path()))
    yield "guarantees of a bundle", lambda: monitor.statuses(NEWEST)
    lifted = now - timedelta(days=3)
    yield (
        "observed error of a field since its suspension ended",
        lambda: store.observed_errors.counts("team", NEWEST, lifted),
    )


def ask(name: str, store: Store, server: Postgres | None) -> None:
    """Print what single decisions and the questions take."""
    with store.database.read() as connection:
        sizes = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in (*BIG, "tallies")
        }
        size = "pg_database_size(current_database())" if is_postgres(store) else "page_count * page_size"
        source = "" if is_postgres(store) else " FROM pragma_page_count, pragma_page_size"
        megabytes = connection.execute(text(f"SELECT {size}{source}")).scalar_one() / 1e6
    shown = ", ".join(f"{count:,} {table}" for table, count in sizes.items())
    print(f"{name}: {megabytes:,.0f} MB; {shown}", flush=True)
    load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
    print(f"load {load}\n\n| what | median, ms | longest, ms | processor, mean ms |\n|---|---|---|---|")
    meter = Meter(server)
    for title, times, work in one_by_one(store, sizes["decisions"]):
        print(meter.line(f"{name}: {title}, {times} times", work, times), flush=True)
    for title, work in questions(store, datetime.now(UTC)):
        print(meter.line(f"{name}: {title}", work), flush=True)
    load = "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg())
    print(f"\nload {load}")


def one_by_one(store: Store, count: int) -> Iterator[tuple[str, int, Callable[[], object]]]:
    """Yield what a single ticket or feedback asks of the store, and how often to try it."""
    made = [replace(decision(), id=new_id(), at=datetime.now(UTC), bundle_id=NEWEST) for _ in range(200)]
    coming, judged = iter(made), iter(made)
    monitor = GuaranteeMonitor(store, Settings(home=Path()), clock=iter(range(0, 10**9, 10)).__next__)
    holdback = HoldbackPolicy(monitor, store.pseudonyms, 0.02)

    def judge() -> None:
        store.feedback.record(next(judged).id, {"category": "another"})
        monitor.check("category", NEWEST)

    yield "record one decision", 200, lambda: store.decisions.record(next(coming))
    yield "holdback of a ticket, suspensions read anew", 200, lambda: holdback.apply("T1", {}, NEWEST)
    yield "read one decision", 50, lambda: store.decisions.get(id_of(random.randrange(count)))
    yield "record a correction and check the guarantee", 50, judge
    yield "export one requester", 20, lambda: store.personal_data.export("nobody", actor="benchmark")


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
        try:
            with open_store(Settings(home=arguments.folder, store=StoreSettings(url=url))) as store:
                if is_new:
                    meter = Meter(server)
                    before = meter.used_s()
                    took = make(store, arguments.decisions)
                    used_s = meter.used_s() - before
                    print(f"\n{name}: filled in {took:.0f} s, {used_s:.0f} s of the processors")
                elif arguments.plans:
                    explain(store)
                else:
                    ask(name, store, server)
        finally:
            if server is not None:
                server.stop()


if __name__ == "__main__":
    main()
