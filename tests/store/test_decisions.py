"""A decision is kept whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete

from triage.store import Store
from triage.store.decisions import DecisionRecord, FieldRecord
from triage.store.ids import new_id
from triage.store.tables import weekly_counts


def decision(**changes: object) -> DecisionRecord:
    field = FieldRecord(
        field="category",
        value="battery",
        confidence=0.93,
        action="suggest",
        model_action="apply",
        threshold=0.9,
        alternatives=[{"value": "screen", "confidence": 0.05}],
        reasons=[{"kind": "threshold", "text": "93 % sure"}],
    )
    made = DecisionRecord(
        id=new_id(),
        at=datetime.now(UTC),
        ticket_id="4711",
        requester=None,
        token_id=None,
        source="triage",
        language="fi",
        text="Akku ei lataudu",
        novelty=0.1,
        is_novel=False,
        is_holdout=False,
        bundle_id="b1",
        index_id="i1",
        rules_id="r1",
        rules=("vip",),
        sla=None,
        articles=[{"id": "a1", "confidence": 0.8}],
        fields=[field, replace(field, field="tags", value=["a", "b"])],
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any column


def test_a_decision_is_read_back_as_it_was_by_another_process(open_again: Callable[[], Store]) -> None:
    made = decision()
    open_again().decisions.record(made)
    found = open_again().decisions.get(made.id)
    assert found == replace(made, rules=["vip"])


def test_a_moment_is_the_same_moment_whatever_its_zone(store: Store) -> None:
    local = datetime(2026, 3, 29, 4, 30, tzinfo=timezone(timedelta(hours=3)))
    made = decision(at=local)
    store.decisions.record(made)
    found = store.decisions.get(made.id)
    assert found is not None
    assert found.at == local


def test_characters_that_a_database_refuses_are_replaced(store: Store) -> None:
    made = decision(text="a\x00b \ud800", ticket_id="4\x007")
    store.decisions.record(made)
    found = store.decisions.get(made.id)
    assert found is not None
    assert found.text == "a\ufffdb \ufffd"
    assert found.ticket_id == "4\ufffd7"


def test_an_unknown_id_is_no_decision(store: Store) -> None:
    assert store.decisions.get("0" * 32) is None


def test_ids_sort_by_time_and_do_not_repeat() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    assert [i[:12] for i in ids] == sorted(i[:12] for i in ids)


def test_several_decisions_are_kept_with_what_is_written_beside_them_or_none_is(store: Store) -> None:
    first, second = decision(), decision()

    def fail(_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.decisions.record_many([first, second], fail)
    assert store.decisions.get(first.id) is None
    store.decisions.record_many([first, second], lambda c: c.execute(delete(weekly_counts)))
    assert store.decisions.get(second.id) == replace(second, rules=["vip"])
