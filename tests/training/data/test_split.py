"""The held-out part: later tickets where there are dates, else every class in proportion."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import cross_val_score

from training.data.split import ENOUGH_HELD_OUT, Split, StratifiedGroupFolds, folds
from triage.ticket import Ticket

START = datetime(2026, 1, 1, tzinfo=UTC)


def dated(count: int) -> list[Ticket]:
    return [
        Ticket(f"t{i}", "", "x", created_at=START + timedelta(hours=(i * 37) % count)) for i in range(count)
    ]


def labelled(labels: list[str]) -> list[Ticket]:
    return [Ticket(f"t{i}", "", "x", labels={"category": label}) for i, label in enumerate(labels)]


def test_dated_tickets_are_predicted_from_earlier_ones_only() -> None:
    tickets = dated(101)
    splits = folds(tickets)
    assert len(splits) == 3
    for split in splits:
        assert split.by_time
        assert len(split.held_out) == 20
        latest_trained_on = max(tickets[i].created_at or START for i in split.train)
        assert latest_trained_on < min(tickets[i].created_at or START for i in split.held_out)
    assert len({i for split in splits for i in split.held_out}) == 60


def test_one_part_suffices_where_there_are_many_tickets() -> None:
    assert len(folds(dated(5 * ENOUGH_HELD_OUT + 1))) == 1


def test_undated_tickets_are_split_in_proportion_to_their_classes() -> None:
    tickets = labelled(["rare" if i % 10 == 0 else "usual" for i in range(200)])
    splits = folds(tickets)
    assert len(splits) == 4
    assert len({i for split in splits for i in split.held_out}) == 160
    for split in splits:
        assert not split.by_time
        assert not set(split.train) & set(split.held_out)
        assert len(split.train) + len(split.held_out) == 200
        assert Counter(tickets[i].labels["category"] for i in split.held_out) == {"usual": 36, "rare": 4}


def test_the_split_does_not_depend_on_the_order_of_the_file() -> None:
    tickets = labelled([str(i % 3) for i in range(50)])
    reverse = tickets[::-1]
    for one, other in zip(folds(tickets), folds(reverse), strict=True):
        assert {tickets[i].id for i in one.held_out} == {reverse[i].id for i in other.held_out}


def test_a_class_that_occurs_once_is_trained_on() -> None:
    tickets = labelled(["single" if i == 5 else str(i % 2) for i in range(40)])
    assert all(5 in split.train for split in folds(tickets))


def test_copies_are_held_out_together_count_once_and_every_class_in_proportion() -> None:
    tickets = labelled(["rare" if i % 50 < 5 else "usual" for i in range(300)])
    groups = [i % 100 for i in range(300)]
    splits = folds(tickets, groups)
    for split in splits:
        held_out = {groups[i] for i in split.held_out}
        assert not held_out & {groups[i] for i in split.train}
        assert len(held_out) == len(split.held_out) == 20
        assert {groups[i] for i in split.left_out} == held_out
        assert len(split.left_out) == 40
        rare = sum(tickets[i].labels["category"] == "rare" for i in split.held_out)
        assert 1 <= rare <= 3
    assert len({i for split in splits for i in split.held_out}) == 80


def test_which_copy_counts_does_not_depend_on_what_the_labels_say() -> None:
    groups = [i // 3 for i in range(300)]
    tickets = [replace(t, labels={"category": str(i % 2)}) for i, t in enumerate(dated(300))]
    disagreeing = [
        replace(ticket, labels={"category": "other"}) if i % 3 == 1 else ticket
        for i, ticket in enumerate(tickets)
    ]
    assert held_out_ids(folds(tickets, groups)) == held_out_ids(folds(disagreeing, groups))


def held_out_ids(splits: list[Split]) -> list[list[int]]:
    return [split.held_out.tolist() for split in splits]


def test_a_burst_in_the_last_weeks_leaves_ordinary_tickets_to_measure_on() -> None:
    ordinary, reports = (
        dated(200),
        [
            Ticket(f"outage{i}", "", "x", created_at=START + timedelta(hours=180, minutes=i))
            for i in range(250)
        ],
    )
    groups = [*range(200), *[200] * 250]
    newest = folds([*ordinary, *reports], groups)[0]
    assert len(newest.held_out) == 40
    assert sum(i >= 200 for i in newest.held_out) == 1
    assert len(newest.left_out) == 249


def test_a_later_copy_of_a_ticket_that_was_trained_on_is_not_measured_on() -> None:
    tickets = dated(100)
    again = [
        replace(ticket, id=f"again{i}", created_at=START + timedelta(hours=99, minutes=i))
        for i, ticket in enumerate(tickets[:50])
    ]
    groups = [*range(100), *range(50)]
    for split in folds([*tickets, *again], groups):
        assert not {groups[i] for i in split.held_out} & {groups[i] for i in split.train}
        assert len(split.held_out) == 20


def test_tickets_of_a_requester_are_held_out_together() -> None:
    tickets = [
        replace(ticket, requester=f"User {i % 100} <u{i % 100}@example.com>")
        for i, ticket in enumerate(labelled([str(i % 7) for i in range(400)]))
    ]
    for split in folds(tickets):
        assert not {i % 100 for i in split.held_out} & {i % 100 for i in split.train}


def test_a_mailbox_that_sends_very_many_tickets_is_not_held_out_as_a_whole() -> None:
    tickets = [
        replace(ticket, requester="monitoring@example.com" if i % 4 == 0 else f"u{i}@example.com")
        for i, ticket in enumerate(labelled([str(i % 7) for i in range(400)]))
    ]
    for split in folds(tickets):
        assert 10 <= sum(i % 4 == 0 for i in split.held_out) <= 30


def test_the_splitter_works_in_scikit_learns_cross_validation() -> None:
    y = np.array(["a"] * 60 + ["b"] * 40)
    splitter = StratifiedGroupFolds(3, test_size=20)
    assert splitter.get_n_splits() == 3
    scores = cross_val_score(DummyClassifier(), np.zeros((100, 1)), y, groups=np.arange(100), cv=splitter)
    assert scores.tolist() == [0.6, 0.6, 0.6]
