"""Doubtful tickets give warnings, and are trained on all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.classifiers.fields import Field
from models.errors import TrainingError
from training.data.split import Split, folds
from training.data.validation import check_tickets, contradictions, unseen_values
from triage.ticket import Ticket

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIELDS = [Field("category"), Field("tags", "tags")]


def dated(days: list[float]) -> list[Ticket]:
    return [Ticket(f"t{i}", "", "x", created_at=NOW + timedelta(days=day)) for i, day in enumerate(days)]


def test_dates_in_the_future_are_counted_and_not_believed() -> None:
    found = check_tickets(dated([-3, 20_000, -1, 30]), FIELDS, now=NOW)
    assert [ticket.created_at is None for ticket in found.tickets] == [False, True, False, True]
    (warning,) = found.warnings
    assert "2 tickets" in warning
    assert "'t1', 't3'" in warning


def test_tickets_without_text_are_counted_and_not_trained_on() -> None:
    tickets = [Ticket("a", "", "x"), Ticket("b", " ", "\n"), Ticket("c", "Printer", ""), *dated([-1.0] * 8)]
    found = check_tickets(tickets, FIELDS, now=NOW)
    assert [ticket.id for ticket in found.tickets] == ["a", "c", *(f"t{i}" for i in range(8))]
    assert found.warnings == ["1 ticket without subject and body: there is nothing to learn from"]


def test_an_export_whose_texts_are_missing_says_so() -> None:
    empty = [Ticket(f"e{i}", "", "") for i in range(50)]
    with pytest.raises(TrainingError, match="found 1 ticket with a subject or body, expected at least 10"):
        check_tickets([*empty, *dated([-1.0])], FIELDS, now=NOW)


def test_values_of_which_an_ordinal_field_knows_no_order_are_named() -> None:
    priority = Field("priority", "ordinal", values=("low", "high"))
    labels = ["low", "High", "3", "urgent", "3"]
    tickets = [Ticket(f"t{i}", "", "x", labels={"priority": label}) for i, label in enumerate(labels)]
    _, warning = check_tickets(tickets, [priority], now=NOW).warnings
    assert warning.startswith("priority: '3', 'urgent' (3 tickets) are not among its values ['low', 'high']")
    assert check_tickets(tickets[:1], [priority], now=NOW).warnings == []


def test_a_date_within_the_day_is_a_matter_of_time_zones() -> None:
    assert check_tickets(dated([0.5]), FIELDS, now=NOW).warnings == []


def test_a_ticket_dated_2099_is_not_held_out_for_ever() -> None:
    tickets = [*dated([float(-day) for day in range(99)]), *dated([30_000.0])[:1]]
    parts = folds(check_tickets(tickets, FIELDS, now=NOW).tickets)
    assert all(part.by_time for part in parts)
    assert all(99 in part.train for part in parts)


def test_tickets_of_the_same_text_and_different_values_are_counted() -> None:
    labels = [
        {"category": "a", "tags": ("x", "y")},
        {"category": "b", "tags": ("y", "x")},
        {"category": "a"},
        {"tags": ("x", "y")},
        {"category": "a"},
    ]
    tickets = [Ticket(f"t{i}", "", "-", labels=found) for i, found in enumerate(labels)]
    (warning,) = contradictions(tickets, ["same", "same", "other", "same", "other"], FIELDS)
    assert warning.startswith("category: 2 of 4 labelled tickets (50.0%)")
    assert "'t0', 't1'" in warning


def test_repeated_tickets_with_the_same_labels_are_no_contradiction() -> None:
    tickets = [Ticket(f"t{i}", "", "x", labels={"category": "a"}) for i in range(3)]
    assert contradictions(tickets, ["x"] * 3, FIELDS) == []


def test_values_that_no_part_could_learn_before_they_came_up_are_named() -> None:
    values = ["a", "b", "a", "new", "a", "late"]
    tickets = [Ticket(f"t{i}", "", "x", labels={"category": value}) for i, value in enumerate(values)]
    split = [
        Split(np.arange(4), np.arange(4, 6), by_time=True),
        Split(np.arange(2), np.arange(2, 4), by_time=True),
    ]
    (warning,) = unseen_values(tickets, split, FIELDS)
    assert "category: 'late', 'new' first occur among the calibration tickets (2 tickets)" in warning


def test_a_value_that_one_part_could_learn_is_not_named() -> None:
    tickets = [Ticket(f"t{i}", "", "x", labels={"tags": ("new",) if i > 1 else ()}) for i in range(6)]
    split = [
        Split(np.arange(4), np.arange(4, 6), by_time=True),
        Split(np.arange(2), np.arange(2, 4), by_time=True),
    ]
    assert unseen_values(tickets, split, FIELDS) == []
