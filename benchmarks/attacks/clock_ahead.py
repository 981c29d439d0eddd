"""The service starts once with a clock 400 days ahead, then with the right one.

python -m benchmarks.attacks.clock_ahead
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.attacks.harness import Finding, run, warm_up
from benchmarks.server import copied, run_server
from triage.settings import Settings
from triage.store.tables import metadata

TICKETS = 40
AHEAD = timedelta(days=400)
PRUNED = "SELECT count(*) FROM audit WHERE action = 'data.prune.begin'"


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    """Move all that is stored 400 days back, which to the next start is a clock that went ahead."""
    settings = copied(home, folder)
    with run_server(settings, folder / "log") as running:
        warm_up(running, TICKETS)
        _wait_for_more(settings, 0)
    with closing(sqlite3.connect(settings.home / "triage.db")) as connection, connection:
        connection.execute("DELETE FROM audit WHERE action = 'data.prune.begin'")  # as if it were days ago
    _move(settings, -AHEAD)
    with run_server(settings, folder / "log"):
        _wait_for_more(settings, 0)
    kept = _count(settings, "SELECT count(*) FROM decisions")
    _move(settings, AHEAD)  # the clock is right again, and that start lies ahead
    before = _count(settings, PRUNED)
    with run_server(settings, folder / "log"):
        goes_on = _wait_for_more(settings, before)
    yield Finding(
        "one start with a clock 400 days ahead",
        f"of {TICKETS} decisions of today, those that are kept",
        str(kept),
        "0",
        holds=kept == TICKETS,
    )
    yield Finding(
        "… and a start with the right clock",
        "whether old data are pruned again",
        "yes" if goes_on else "no",
        "not before that day",
        holds=goes_on,
    )


def _count(settings: Settings, query: str) -> int:
    with closing(sqlite3.connect(settings.home / "triage.db")) as connection:
        return int(connection.execute(query).fetchone()[0])


def _wait_for_more(settings: Settings, before: int) -> bool:
    """Wait until pruning began once more, and had a second to end; False where it does not begin."""
    end = time.monotonic() + 10
    while _count(settings, PRUNED) <= before:
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    time.sleep(1)
    return True


def _move(settings: Settings, by: timedelta) -> None:
    """Add a time to each moment that the database has."""
    with closing(sqlite3.connect(settings.home / "triage.db")) as connection, connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if type(column.type).__name__ != "UtcDateTime":
                    continue
                found = connection.execute(f"SELECT DISTINCT {column.name} FROM {table.name}").fetchall()
                moved = [
                    ((datetime.fromisoformat(at) + by).isoformat(" ", "microseconds"), at)
                    for (at,) in found
                    if at
                ]
                connection.executemany(
                    f"UPDATE {table.name} SET {column.name} = ? WHERE {column.name} = ?", moved
                )


if __name__ == "__main__":
    run(attack)
