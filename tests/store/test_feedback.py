"""Feedback is kept durably and once, the last value counts, and a broken guarantee suspends a field."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from cli import app
from models.errors import ConflictError, NotFoundError
from tests.store.test_decisions import decision
from triage.guarantee.monitor import GuaranteeMonitor, GuaranteeStatus
from triage.intervals import clopper_pearson
from triage.settings import Settings
from triage.settings.fields import FieldSettings
from triage.settings.service import FeedbackSettings
from triage.store import Store
from triage.store.decisions import DecisionRecord
from triage.store.feedback import Correction
from triage.store.guarantee import ErrorCounts, Suspension
from triage.store.tables import feedback, outcomes, suspensions

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def kept(store: Store, action: str = "apply", **changes: object) -> DecisionRecord:
    made = decision(**changes)
    fields = [replace(f, action="abstain" if made.is_holdout else action) for f in made.fields]
    made = replace(made, fields=fields)
    store.decisions.record(made)
    return made


def count(store: Store, table: object) -> int:
    with store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]  # any table


def test_feedback_is_there_for_another_process(open_again: Callable[[], Store]) -> None:
    store = open_again()
    made = kept(store)
    found = store.feedback.record(made.id, {"category": "screen", "tags": ["b", "a"]})
    assert (found.is_new, found.right, found.unknown) == (True, {"category": False, "tags": True}, [])
    (ticket,) = open_again().feedback.judged_tickets()
    assert (ticket.ticket_id, ticket.final) == ("4711", {"category": "screen", "tags": ["b", "a"]})


def test_of_a_ticket_that_was_judged_under_several_decisions_the_last_is_trained_on(store: Store) -> None:
    judged = ("7", "a"), ("7", "b"), ("8", "c"), ("", "d"), ("", "e"), ("7", None)
    for number, (name, value) in enumerate(judged):
        at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=number)
        made = kept(store, ticket_id=name, at=at)
        if value is not None:
            store.feedback.record(made.id, {"category": value, "tags": ["x"]})
    found = list(store.feedback.judged_tickets())
    assert [ticket.final["category"] for ticket in found] == ["b", "c", "d", "e"]
    assert [ticket.ticket_id for ticket in found[:2]] == ["7", "8"]
    assert len({ticket.ticket_id for ticket in found}) == 4


def test_feedback_twice_with_one_id_is_one(store: Store) -> None:
    made = kept(store)
    first = store.feedback.record(made.id, {"category": "battery"}, id="k1")
    again = store.feedback.record(made.id, {"category": "battery"}, id="k1")
    assert (first.is_new, again.is_new, again.right) == (True, False, {"category": True})
    assert (count(store, feedback), count(store, outcomes)) == (1, 1)


def test_an_id_that_came_before_with_something_else_is_refused(store: Store) -> None:
    made = kept(store)
    store.feedback.record(made.id, {"category": "battery"}, id="k1")
    with pytest.raises(ConflictError, match="id of its own"):
        store.feedback.record(made.id, {"category": "screen"}, id="k1")
    assert store.feedback.corrections(LONG_AGO) == []


def test_feedback_twice_without_id_changes_no_outcome(store: Store) -> None:
    made = kept(store)
    for _ in range(2):
        store.feedback.record(made.id, {"category": "screen"})
    assert (count(store, feedback), count(store, outcomes)) == (2, 1)


def test_of_contradictory_feedback_the_last_counts_and_all_is_kept(store: Store) -> None:
    made = kept(store)
    for value in ("screen", "battery", "frame"):
        store.feedback.record(made.id, {"category": value})
    assert store.feedback.corrections(LONG_AGO) == [Correction("category", "battery", "frame", 1)]
    assert count(store, feedback) == 3


def test_processes_that_send_the_same_at_once_keep_it_once(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(4)]
    made = kept(stores[0])
    news: list[bool] = []

    def send(store: Store) -> None:
        news.append(store.feedback.record(made.id, {"category": "screen"}, id="k").is_new)

    threads = [threading.Thread(target=send, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False, False, False, True]
    assert count(stores[0], feedback) == 1


def test_feedback_for_an_unknown_decision_is_refused_with_advice(store: Store) -> None:
    with pytest.raises(NotFoundError, match="send the decision_id of an answer"):
        store.feedback.record("0" * 32, {"category": "x"})


def test_fields_that_the_decision_does_not_have_are_named_and_kept_in_the_history(store: Store) -> None:
    found = store.feedback.record(kept(store).id, {"colour": "red"})
    assert (found.unknown, found.right) == (["colour"], {})
    assert (count(store, feedback), count(store, outcomes)) == (1, 0)


def test_no_tag_is_right_where_a_person_left_the_field_empty(store: Store) -> None:
    made = decision()
    store.decisions.record(replace(made, fields=[replace(made.fields[1], value=[])]))
    assert store.feedback.record(made.id, {"tags": None}).right == {"tags": True}


def test_odd_values_are_judged_as_they_are(store: Store) -> None:
    found = store.feedback.record(kept(store).id, {"category": ["battery"], "tags": None})
    assert found.right == {"category": True, "tags": False}


def test_what_people_changed_is_counted_by_field_and_action(store: Store) -> None:
    for value in ("screen", "screen", "battery", None):
        store.feedback.record(kept(store, "suggest").id, {"category": value})
    kept(store, "suggest")
    store.feedback.record(kept(store, is_holdout=True).id, {"category": "screen"})
    assert store.feedback.corrections(LONG_AGO, action="suggest") == [
        Correction("category", "battery", "screen", 2),
        Correction("category", "battery", None, 1),
    ]
    assert store.feedback.corrections(datetime.now(UTC) + timedelta(days=1)) == []


def test_what_people_changed_is_printed_on_one_line_each(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    for value in ("screen", "screen", "a\nb\x1b[2J", None):
        store.feedback.record(kept(store, "suggest").id, {"category": value})
    (tmp_path / "triage.toml").write_text(f'[store]\nurl = "{store_url}"\n', encoding="utf-8")
    where = ["--home", str(tmp_path), "--settings", str(tmp_path / "triage.toml")]
    lines = CliRunner().invoke(app, ["data", "changes", *where]).stdout.splitlines()
    assert lines[0].split(maxsplit=1) == ["2", "category: battery → screen"]
    assert {line.split(maxsplit=1)[1] for line in lines[1:]} == {
        "category: battery → (left empty)",
        r"category: battery → a\nb\x1b[2J",
    }
    found = json.loads(CliRunner().invoke(app, ["data", "changes", "--json", "--limit", "1", *where]).stdout)
    assert found == [{"field": "category", "answered": "battery", "final": "screen", "count": 2}]


def monitor(store: Store, **changes: object) -> GuaranteeMonitor:
    fields = {"category": FieldSettings(target_error=0.05, confidence_level=0.95)}
    return GuaranteeMonitor(store, Settings(fields=fields, feedback=FeedbackSettings()), **changes)  # type: ignore[arg-type]


def judge(store: Store, wrong: int, right: int, **changes: object) -> None:
    for n in range(wrong + right):
        made = kept(store, ticket_id=uuid4().hex, **changes)
        store.feedback.record(made.id, {"category": "screen" if n < wrong else "battery"})


def test_observed_error_is_of_holdout_tickets_and_corrections_are_of_all_applied(
    store: Store,
) -> None:
    judge(store, 1, 4, is_holdout=True)
    judge(store, 2, 0)
    for _ in range(6):
        kept(store)
    judge(store, 3, 0, bundle_id="other")
    seen = store.observed_errors.counts("category", "b1")
    assert (seen.holdout_judged, seen.holdout_wrong, seen.applied, seen.corrected) == (5, 1, 8, 2)
    assert store.observed_errors.fields("b1") == ["category", "tags"]
    assert store.observed_errors.fields("b2") == []


def test_after_a_moment_only_later_decisions_are_observed_in_its_own_week_too(store: Store) -> None:
    lifted = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
    for at in (lifted - timedelta(weeks=1), lifted - timedelta(hours=1), lifted):
        judge(store, 3, 2, at=at)
        judge(store, 3, 2, at=at, is_holdout=True)
    assert store.observed_errors.counts("category", "b1", lifted) == ErrorCounts("category", "b1", 0, 0, 0, 0)
    sunday = datetime(2026, 3, 8, 23, 59, tzinfo=UTC)
    for at in (
        lifted + timedelta(hours=1),
        sunday,
        sunday + timedelta(minutes=2),
        sunday + timedelta(weeks=9),
    ):
        judge(store, 2, 1, at=at)
        judge(store, 1, 1, at=at, is_holdout=True)
    kept(store, at=sunday)
    assert store.observed_errors.counts("category", "b1", lifted) == ErrorCounts(
        "category", "b1", 8, 4, 13, 8
    )
    assert store.observed_errors.counts("category", "b1") == ErrorCounts("category", "b1", 23, 13, 28, 17)


def test_what_was_erased_still_counts(store: Store) -> None:
    judge(store, 1, 2, is_holdout=True, requester=store.pseudonyms.pseudonym_of("ann@example.org"))
    before = store.observed_errors.counts("category", "b1")
    assert store.personal_data.erase("ann@example.org", actor="test").decisions == 3
    assert store.observed_errors.counts("category", "b1") == before


def status(store: Store, bundle_id: str = "b1") -> GuaranteeStatus:
    found = {one.counts.field: one for one in monitor(store).statuses(bundle_id)}
    return found["category"]


def test_a_guarantee_is_broken_where_the_field_is_suspended_and_nowhere_else(store: Store) -> None:
    assert monitor(store).statuses("b1") == []
    for state, wrong, right in (("unknown", 1, 4), ("broken", 9, 6)):
        judge(store, wrong, right, is_holdout=True)
        assert status(store).state == state
        assert (monitor(store).check("category", "b1") is not None) == (state == "broken")
        assert (status(store).suspension is not None) == (state == "broken")
    judge(store, 0, 900, is_holdout=True)
    assert status(store).state == "broken"  # stays so until a person lifts it
    store.suspensions.end("category", "b1", "ann")
    assert status(store).state == "unknown"
    assert status(store).counts.holdout_judged == 0
    judge(store, 0, 90, is_holdout=True)
    assert (status(store).state, status(store).error) == ("kept", clopper_pearson(0, 90))


def test_errors_of_an_earlier_bundle_break_no_guarantee_of_the_present_one(store: Store) -> None:
    judge(store, 20, 0, is_holdout=True)
    judge(store, 1, 4, is_holdout=True, bundle_id="b2")
    assert (status(store, "b1").state, status(store, "b2").state) == ("broken", "unknown")
    assert monitor(store).check("category", "b2") is None


def test_what_a_rule_of_the_helpdesk_set_is_no_monitor(store: Store) -> None:
    made = decision()
    store.decisions.record(replace(made, fields=[replace(made.fields[0], action="apply", threshold=None)]))
    store.feedback.record(made.id, {"category": "screen"})
    seen = store.observed_errors.counts("category", "b1")
    assert (seen.applied, seen.corrected) == (0, 0)


def test_holdout_tickets_that_break_the_guarantee_suspend_the_field_once(
    open_again: Callable[[], Store], caplog: pytest.LogCaptureFixture
) -> None:
    store, told = open_again(), list[Suspension]()
    watch, other = monitor(store, on_suspended=told.append), monitor(open_again())
    assert other.suspended("b1") == {}
    judge(store, 10, 10, is_holdout=True)
    found = watch.check("category", "b1")
    assert found is not None
    assert (found.judged, found.wrong, found.target_error) == (20, 10, 0.05)
    assert told == [found]
    assert "is suspended and only suggested" in caplog.text
    assert watch.check("category", "b1") is None
    assert monitor(open_again()).check("category", "b1") is None
    assert set(watch.suspended("b1")) == {"category"}
    assert watch.suspended("b2") == {}
    assert count(store, suspensions) == 1


def test_another_process_sees_a_suspension_at_its_next_reading(open_again: Callable[[], Store]) -> None:
    now = [0.0]
    store, other = open_again(), monitor(open_again(), clock=lambda: now[0])
    assert other.suspended("b1") == {}
    judge(store, 8, 0, is_holdout=True)
    monitor(store).check("category", "b1")
    assert other.suspended("b1") == {}
    now[0] = 2.0
    assert set(other.suspended("b1")) == {"category"}


def test_corrections_suspend_only_against_all_that_was_applied(store: Store) -> None:
    # Whoever reports corrections only must not look as if everything were wrong.
    for _ in range(200):
        kept(store)
    judge(store, 6, 0)
    assert monitor(store).check("category", "b1") is None
    judge(store, 24, 0)
    found = monitor(store).check("category", "b1")
    assert found is not None
    assert found.wrong == 30


def test_a_lifted_field_applies_again_until_later_tickets_break_the_monitor(store: Store) -> None:
    watch = monitor(store)
    judge(store, 10, 0, is_holdout=True)
    assert watch.check("category", "b1")
    assert store.suspensions.end("category", "b1", "ann")
    assert not store.suspensions.end("category", "b1", "ann")
    assert watch.check("category", "b1") is None
    assert monitor(store).suspended("b1") == {}
    judge(store, 10, 0, is_holdout=True)
    assert watch.check("category", "b1")
    assert count(store, suspensions) == 2
    noted = [(entry.actor, entry.action, entry.target) for entry in store.audit_log.list()]
    down = ("service", "guarantee.suspend", "category")
    assert noted == [down, ("ann", "guarantee.lift", "category"), down]


def test_where_suspend_is_off_nothing_is_suspended(store: Store) -> None:
    judge(store, 20, 0, is_holdout=True)
    settings = Settings(feedback=FeedbackSettings(suspend=False))
    assert GuaranteeMonitor(store, settings).check("category", "b1") is None
