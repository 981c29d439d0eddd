"""What the overview asks stays quick however many tickets there are: it looks through no table of theirs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.store.plans import plans
from tests.store.test_decisions import decision
from triage.store import Store
from triage.store.ids import new_id
from triage.store.statistics import Selection

GROWING = "decisions|decision_fields|feedback|outcomes|sessions|searches|article_events|deliveries|audit"
THROUGH = re.compile(rf"^\s*(?:->\s*)?(?:SCAN|Seq Scan on) (?:{GROWING})\b", re.MULTILINE)
ALL = Selection(since=(datetime.now(UTC) - timedelta(weeks=26)).date())


@pytest.mark.parametrize("chosen", [ALL, replace(ALL, language="en", segment="stores")])
@pytest.mark.parametrize(
    "question", ["by_week", "by_language", "by_segment", "by_field", "deflection", "unanswered_searches"]
)
def test_no_question_of_the_overview_looks_through_a_table_that_grows_with_the_tickets(
    store: Store, question: str, chosen: Selection
) -> None:
    store.decisions.record(replace(decision(), id=new_id()))
    found = plans(store, lambda: getattr(store.statistics, question)(chosen), seldom_scans=True)
    assert found
    assert [plan for plan in found if THROUGH.search(plan)] == []


@pytest.mark.parametrize("since", [None, datetime.now(UTC) - timedelta(weeks=3)])
def test_checking_a_guarantee_scans_no_such_table_either(store: Store, since: datetime | None) -> None:
    store.decisions.record(replace(decision(), id=new_id()))

    def work() -> None:
        store.observed_errors.fields("b1")
        store.observed_errors.counts("category", "b1", since)
        store.suspensions.active("b1")

    found = plans(store, work, seldom_scans=True)
    assert len(found) == (3 if since is None else 4)
    assert [plan for plan in found if THROUGH.search(plan)] == []


def test_a_question_that_looks_through_a_table_would_be_noticed(store: Store) -> None:
    store.database.ensure_migrated()
    found = plans(store, lambda: list(store.feedback.judged_tickets()), seldom_scans=True)
    everything = plans(store, lambda: store.feedback.corrections(datetime(2020, 1, 1, tzinfo=UTC)))
    assert any(THROUGH.search(plan) for plan in [*found, *everything])
