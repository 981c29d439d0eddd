"""Weekly counts follow decisions and outcomes, however these change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.store.test_decisions import decision
from triage.store import Store
from triage.store.tables import weekly_counts
from triage.store.weekly_counts import COUNTS, JudgementChange, week_of

MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=2)))  # Sunday by UTC


def counts(store: Store, **where: str) -> dict[str, int]:
    """Sum the counts of the rows chosen."""
    wanted = select(weekly_counts)
    for name, value in where.items():
        wanted = wanted.where(weekly_counts.c[name] == value)
    with store.database.read() as connection:
        rows = connection.execute(wanted).mappings().all()
    return {name: sum(row[name] for row in rows) for name in COUNTS}


def judge(store: Store, made: object, before: bool | None, after: bool | None) -> None:
    with store.database.write() as connection:
        store.decisions.weekly_counts.add_judgements(
            connection,
            made,  # type: ignore[arg-type]
            made.fields,  # type: ignore[attr-defined]
            {"category": JudgementChange(before, after)},
        )


def test_a_decision_counts_once_for_each_field_and_once_for_the_ticket(store: Store) -> None:
    made = decision(at=MONDAY)
    made = replace(made, fields=[replace(made.fields[0], action="apply"), made.fields[1]])
    store.decisions.record(made)
    assert counts(store, field="category", action="apply")["decided"] == 1
    assert counts(store, field="tags", action="suggest")["decided"] == 1
    assert counts(store, field="", action="apply") == counts(store, field="")
    assert counts(store, field="")["decided"] == 1
    with store.database.read() as connection:
        weeks = connection.execute(text("SELECT DISTINCT week FROM tallies")).scalars().all()
    assert [str(week) for week in weeks] == ["2026-02-23"]
    assert week_of(MONDAY.astimezone(UTC)) == date(2026, 2, 23)


def test_the_answered_team_is_the_segment(store: Store) -> None:
    team = replace(decision().fields[0], field="team", value="stores\x00")
    store.decisions.record(replace(decision(), fields=[*decision().fields, team]))
    assert counts(store, segment="stores\ufffd")["decided"] == 4


def test_a_decision_without_fields_is_a_ticket_left_alone(store: Store) -> None:
    store.decisions.record(replace(decision(), fields=[]))
    assert counts(store, field="", action="abstain")["decided"] == 1


def test_a_decision_that_was_not_kept_is_not_counted(store: Store) -> None:
    made = decision()
    store.decisions.record(made)
    with pytest.raises(IntegrityError):
        store.decisions.record(made)  # the same id again
    assert counts(store, field="")["decided"] == 1


def test_an_outcome_that_changes_moves_the_counts_and_back(store: Store) -> None:
    made = decision()
    store.decisions.record(made)
    judge(store, made, None, True)
    assert counts(store) == dict.fromkeys(COUNTS, 0) | {"decided": 3, "judged": 1, "right": 1}
    judge(store, made, True, False)
    assert (counts(store)["judged"], counts(store)["right"]) == (1, 0)
    judge(store, made, False, False)
    assert (counts(store)["judged"], counts(store)["right"]) == (1, 0)
    judge(store, made, False, None)
    assert (counts(store)["judged"], counts(store)["right"]) == (0, 0)


def test_only_values_at_or_above_their_threshold_count_in_the_holdout(store: Store) -> None:
    made = decision(is_holdout=True)
    store.decisions.record(made)
    judge(store, made, None, True)
    assert (counts(store)["holdout_judged"], counts(store)["holdout_right"]) == (1, 1)
    for other in ({"model_action": "suggest"}, {"threshold": None}):
        made = decision(is_holdout=True)
        made = replace(made, fields=[replace(made.fields[0], **other)])  # type: ignore[arg-type]
        store.decisions.record(made)
        judge(store, made, None, False)
    assert (counts(store)["judged"], counts(store)["holdout_judged"]) == (3, 1)


def test_what_a_bar_let_through_is_counted_apart_and_a_correction_follows_the_last_word(store: Store) -> None:
    made = decision()
    applied = replace(made.fields[0], action="apply")
    for changed in (applied, replace(applied, threshold=None), replace(applied, model_action="suggest")):
        made = decision()
        store.decisions.record(replace(made, fields=[changed]))
    assert (counts(store, field="category")["decided"], counts(store)["applied"]) == (3, 1)
    judge(store, replace(made, fields=[replace(applied, threshold=None)]), None, False)
    assert (counts(store)["judged"], counts(store)["corrected"]) == (1, 0)
    for before, after, corrected in ((None, False, 1), (False, True, 0), (True, False, 1), (False, None, 0)):
        judge(store, replace(made, fields=[applied]), before, after)
        assert counts(store)["corrected"] == corrected


def test_decisions_of_several_processes_at_once_are_all_counted(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(4)]
    stores[0].database.ensure_migrated()

    def work(store: Store) -> None:
        for number in range(10):
            made = decision()
            store.decisions.record(replace(made, fields=made.fields[:: 1 if number % 2 else -1]))

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts(stores[0], field="")["decided"] == 40
    assert counts(stores[0], field="category")["decided"] == 40
