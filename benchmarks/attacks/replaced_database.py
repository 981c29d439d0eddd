"""The database is deleted, moved or replaced under a running server.

python -m benchmarks.attacks.replaced_database
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, run
from benchmarks.server import Running, server_on_copy


def deleted(file: Path) -> None:
    file.unlink()


def moved(file: Path) -> None:
    file.rename(file.with_name("old.db"))


def replaced(file: Path) -> None:
    file.with_name("backup.db").replace(file)


WAYS = {"deleted": deleted, "moved away": moved, "replaced by its backup": replaced}


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    for number, (what, lose) in enumerate(WAYS.items()):
        place = folder / str(number)
        place.mkdir()
        with server_on_copy(home, place) as running:
            client = running.client()
            decided = client.ask("POST", "/v1/triage", TICKET).body["decision_id"]
            file = running.settings.home / "triage.db"
            with (
                closing(sqlite3.connect(file)) as source,
                closing(sqlite3.connect(file.with_name("backup.db"))) as backup,
            ):
                source.backup(backup)
            lose(file)
            start = time.monotonic()
            told = {"about": "decision", "decision_id": decided, "final": {"category": "battery"}}
            status = client.ask("POST", "/v1/feedback", told).status
            while not (noticed := _is_noticed(running)) and time.monotonic() < start + 5:
                time.sleep(0.05)
            seconds = time.monotonic() - start
        shutil.rmtree(place)
        yield Finding(
            f"triage.db is {what} under a running server",
            "the next feedback; seconds until /readyz says that the store is lost",
            f"{status}; {seconds:.1f} s" if noticed else f"{status}; never",
            "200, and lost; never",
            holds=status == 503 and noticed and seconds < 1,
        )


def _is_noticed(running: Running) -> bool:
    return "store" in running.client().ask("GET", "/readyz").body["missing"]


if __name__ == "__main__":
    run(attack)
