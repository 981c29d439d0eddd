"""For each line on stdin: a process that writes decisions and feedback, killed after so many seconds.

What was acknowledged is said on stdout, a line each, then "killed".
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from tests.store.test_decisions import decision
from triage.settings import Settings, StoreSettings
from triage.store import open_store
from triage.store.tables import feedback


def main(home: str, url: str) -> None:
    for line in sys.stdin:
        child = os.fork()  # what takes seconds to import is imported before
        if child == 0:
            write(home, url)
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "the writer ended by itself"
        say("killed")


def write(home: str, url: str) -> None:
    store = open_store(Settings(home=Path(home), store=StoreSettings(url=url)))
    while True:
        made = decision()
        store.decisions.record(made)
        say(f"decision {made.id}")
        row = {
            "id": f"f{made.id}",
            "at": datetime.now(UTC),
            "decision_id": made.id,
            "final": {"category": "x"},
        }
        with store.database.write() as connection:
            connection.execute(insert(feedback), [row])
        say(f"feedback {row['id']}")


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # so short a line is written whole or not at all


if __name__ == "__main__":
    main(*sys.argv[1:])
