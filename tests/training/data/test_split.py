"""The held-out part: later tickets where there are dates, else every class in proportion."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import cross_val_score

from training.data.split import ENOUGH_HELD_OUT, StratifiedGroupFolds, folds
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


def test_tickets_of_a_group_are_held_out_together_and_every_class_in_proportion() -> None:
    tickets = labelled(["rare" if i % 50 < 5 else "usual" for i in range(300)])
    groups = [i % 100 for i in range(300)]
    splits = folds(tickets, groups)
    for split in splits:
        assert not {groups[i] for i in split.held_out} & {groups[i] for i in split.train}
        assert 60 <= len(split.held_out) <= 63
        rare = sum(tickets[i].labels["category"] == "rare" for i in split.held_out)
        assert 3 <= rare <= 9
    assert len({i for split in splits for i in split.held_out}) == sum(
        len(split.held_out) for split in splits
    )


def test_the_splitter_works_in_scikit_learns_cross_validation() -> None:
    y = np.array(["a"] * 60 + ["b"] * 40)
    splitter = StratifiedGroupFolds(3, test_size=20)
    assert splitter.get_n_splits() == 3
    scores = cross_val_score(DummyClassifier(), np.zeros((100, 1)), y, groups=np.arange(100), cv=splitter)
    assert scores.tolist() == [0.6, 0.6, 0.6]
