"""A database of version 0.1.0 is brought up to date, is read under the new names, and is written on.

`database_of_0_1_0.sql` is the dump of one that the version of commit 13b3fa0 made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.store.test_decisions import decision
from triage.settings import Settings
from triage.store import Store, open_store
from triage.store.guarantee import ErrorCounts
from triage.store.portal_sessions import DeflectionExperiment, GroupCounts
from triage.store.statistics import Selection

DUMP = Path(__file__).with_name("database_of_0_1_0.sql")
LIFTED = datetime(2026, 3, 3, 10, tzinfo=UTC)
ALL = Selection(date(2026, 1, 1))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Store]:
    """The old database, opened in a home with its key."""
    with closing(sqlite3.connect(tmp_path / "triage.db")) as connection:
        connection.executescript(DUMP.read_text("utf-8"))
    (tmp_path / "secret.key").write_bytes(b"k" * 32)
    with open_store(Settings(home=tmp_path)) as store:
        yield store


def test_its_decisions_know_which_tickets_are_holdout(old: Store) -> None:
    found = [old.decisions.get(f"{number:032x}") for number in range(1, 6)]
    assert [one is not None and one.is_holdout for one in found] == [True, True, False, True, False]


def test_its_error_counts_and_suspensions_go_on(old: Store) -> None:
    assert old.observed_errors.counts("category", "b1") == ErrorCounts("category", "b1", 3, 1, 2, 1)
    assert old.suspensions.ended_at("category", "b1") == LIFTED
    assert old.observed_errors.counts("category", "b1", LIFTED) == ErrorCounts("category", "b1", 1, 0, 1, 0)
    (active,) = old.suspensions.active("b1").values()
    assert (active.judged, active.wrong, active.target_error) == (9, 4, 0.05)
    assert old.suspensions.end("category", "b1", "cli:bob")
    assert old.suspensions.active("b1") == {}


def test_its_weekly_counts_are_added_to(old: Store) -> None:
    (before,) = [row for row in old.statistics.by_field(ALL) if row.name == "category"]
    assert (before.tickets, before.holdout_judged, before.holdout_right) == (5, 3, 2)
    made = decision(bundle_id="b1", is_holdout=True, at=datetime(2026, 3, 11, tzinfo=UTC))
    old.decisions.record(replace(made, fields=[replace(made.fields[0], action="abstain")]))
    old.feedback.record(made.id, {"category": "screen"})
    (after,) = [row for row in old.statistics.by_field(ALL) if row.name == "category"]
    assert (after.tickets, after.holdout_judged, after.holdout_right) == (6, 4, 2)


def test_its_unanswered_searches_and_sessions_are_counted(old: Store) -> None:
    (found,) = old.statistics.unanswered_searches(ALL)
    assert (found.text, found.count) == ("akku ei  lataudu", 2)
    assert old.statistics.deflection(ALL) == {
        "fi": DeflectionExperiment(control=GroupCounts(1, 1), treated=GroupCounts(0, 0))
    }


def test_its_deliveries_tokens_events_and_people_are_there(old: Store) -> None:
    delivery = old.webhook_deliveries.get("desk", "d1")
    assert delivery is not None
    assert (delivery.state, delivery.ticket_id) == ("received", "t1")
    assert [token.name for token in old.access_tokens.list()] == ["panel"]
    assert old.article_events.count_pending() == 1
    actions = [entry.action for entry in old.audit_log.list()]
    assert actions == ["token.create", "promise.step_down", "promise.lift", "promise.step_down"]
    exported = old.personal_data.export("Ann@example.org", actor="cli:bob")
    assert len(exported["decisions"]) == 5
    assert old.personal_data.erase("ann@example.org", actor="cli:bob").decisions == 5
