"""The benchmark fills a store as the service could have: rows, counts, and what is read of them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Table, select

from triage.settings import Settings, StoreSettings
from triage.store import Store, open_store
from triage.store.statistics import Selection
from triage.store.tables import (
    decision_fields,
    decisions,
    feedback,
    outcomes,
    searches,
    sessions,
    weekly_counts,
    weekly_session_counts,
)

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
TICKETS = 300


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("store_benchmark", BENCHMARKS / "store.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(BENCHMARKS))
    sys.modules[spec.name] = module  # where dataclasses look up their annotations
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(BENCHMARKS))
    del sys.modules[spec.name]


def rows(store: Store, table: Table, without: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in without]
    with store.database.read() as connection:
        found = connection.execute(select(*columns).order_by(*table.primary_key.columns)).mappings()
        return [dict(row) for row in found]


def write_again(filled: Store, other: Store) -> None:
    """Write through the store's own methods what they read of another store."""
    for row in rows(filled, decisions):
        found = filled.decisions.get(row["id"])
        assert found is not None
        other.decisions.record(found)
    for row in rows(filled, feedback):
        recorded = other.feedback.record(row["decision_id"], row["final"], id=row["id"])
        assert recorded.unknown == []
    in_control = {row["id"]: row["is_control"] for row in rows(filled, sessions)}
    for row in rows(filled, searches):
        search = filled.searches.get(row["id"])
        assert search is not None
        assert search.session_id is not None
        other.searches.record([replace(search, is_control=in_control[search.session_id])])
    for row in rows(filled, sessions):
        if row["outcome"] is not None:
            other.portal_sessions.end(row["id"], row["outcome"], is_control=row["is_control"])


def test_a_filled_store_is_what_the_store_itself_would_have_written(
    store: Store, benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark, "BATCH", 100)  # three batches, whose weeks overlap
    benchmark.make(store, TICKETS)
    again = Settings(home=tmp_path, store=StoreSettings(url=f"sqlite:///{tmp_path / 'again.db'}"))
    other = open_store(again)
    try:
        write_again(store, other)
        assert len(rows(store, decisions)) == TICKETS
        for table in (decisions, decision_fields, searches, weekly_counts, weekly_session_counts):
            assert rows(store, table) == rows(other, table), table.name
        when = frozenset({"at", "ended_at"})  # what people say is kept at the moment they say it
        for table in (feedback, outcomes, sessions):
            assert rows(store, table, when) == rows(other, table, when), table.name
        counted = rows(store, weekly_counts)
        for name in benchmark_counts(counted):
            assert sum(row[name] for row in counted) > 0, name
        chosen = Selection((datetime.now(UTC) - timedelta(weeks=30)).date())
        for question in (
            "by_week",
            "by_field",
            "by_language",
            "by_segment",
            "deflection",
            "unanswered_searches",
        ):
            found = getattr(store.statistics, question)(chosen)
            assert found, question
            assert found == getattr(other.statistics, question)(chosen), question
        for number in range(12):
            bundle = f"bundle-{number}"
            assert store.observed_errors.fields(bundle)
            for field in store.observed_errors.fields(bundle):
                assert store.observed_errors.counts(field, bundle) == other.observed_errors.counts(
                    field, bundle
                )
    finally:
        other.database.close()


def benchmark_counts(counted: list[dict[str, Any]]) -> list[str]:
    return [name for name in counted[0] if name not in weekly_counts.primary_key.columns]


def test_every_question_of_the_benchmark_can_be_asked_of_a_filled_store(
    store: Store, benchmark: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark.make(store, 240)
    benchmark.ask("here", store, None)
    benchmark.explain(store)
    printed = capsys.readouterr().out
    assert "240 decisions, 720 decision_fields, 120 feedback, 360 outcomes" in printed
    asked = [line for line in printed.splitlines() if line.startswith("| here: ")]
    assert len(asked) == 5 + len(list(benchmark.questions(store, datetime.now(UTC))))
