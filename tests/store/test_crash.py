"""Processes killed at any moment lose nothing that they acknowledged, and leave nothing half done."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from triage.store import Store
from triage.store.tables import decision_fields, decisions, feedback, weekly_counts

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("TRIAGE_TEST_KILLS", "12"))
FIELDS_OF_ONE = 2
ALIKE = select(
    select(func.count()).select_from(decisions).scalar_subquery(),
    select(func.count()).select_from(decision_fields).scalar_subquery(),
    select(func.coalesce(func.sum(weekly_counts.c.decided), 0))
    .where(weekly_counts.c.field == "")
    .scalar_subquery(),
)


@pytest.fixture
def writers(tmp_path: Path, store_url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.store.crash_writer", str(tmp_path), store_url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        yield process
        process.communicate(timeout=30)
        assert process.returncode == 0


def acknowledged_until_killed(writers: subprocess.Popen[str], after_s: float) -> list[str]:
    assert writers.stdin is not None
    assert writers.stdout is not None
    writers.stdin.write(f"{after_s}\n")
    writers.stdin.flush()
    lines = list(iter(lambda: writers.stdout.readline().strip(), "killed"))  # type: ignore[union-attr]  # it is a pipe
    assert "" not in lines
    return lines


def test_what_was_acknowledged_is_there_once_after_each_kill(
    open_again: Callable[[], Store], store_url: str, writers: subprocess.Popen[str]
) -> None:
    store = open_again()
    store.database.ensure_migrated()
    chance = random.Random(5)
    acknowledged: dict[str, list[str]] = {"decision": [], "feedback": []}
    rounds = 0
    # On a busy machine the first kills may all come before anything was acknowledged: later ones come later.
    while rounds < ROUNDS or not acknowledged["feedback"]:
        longest_s = 0.6 * 2 ** (rounds // ROUNDS)
        rounds += 1
        for line in acknowledged_until_killed(writers, chance.uniform(0, longest_s)):
            kind, made = line.split()
            acknowledged[kind].append(made)
        with store.database.read() as connection:
            if store_url.startswith("sqlite"):
                assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            for kind, table in (("decision", decisions), ("feedback", feedback)):
                kept = Counter(connection.execute(select(table.c.id)).scalars())
                assert all(kept[made] == 1 for made in acknowledged[kind])
                # At most one more a kill: it was on disk, but not said any more.
                assert 0 <= kept.total() - len(acknowledged[kind]) <= rounds
            # In one statement, so of one state: PostgreSQL may still be ending what the killed one began.
            count, fields, counted = connection.execute(ALIKE).one()
            assert (fields, counted) == (FIELDS_OF_ONE * count, count)
