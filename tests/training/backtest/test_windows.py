"""Windows of a backtest: what is learned, what is replayed, and what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.errors import InputError
from training.backtest.windows import make_windows
from triage.ticket import Ticket

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def filed(days: list[int | None]) -> list[Ticket]:
    """Return a ticket for each number of days after New Year, None for one without a date."""
    return [
        Ticket(f"t{i}", "", f"text {i}", created_at=None if day is None else NEW_YEAR + timedelta(days=day))
        for i, day in enumerate(days)
    ]


def alone(tickets: list[Ticket]) -> np.ndarray:
    return np.arange(len(tickets))


def test_tickets_before_the_date_are_learned_and_the_others_come_in_their_order() -> None:
    tickets = filed([50, 10, 40, 0, 30, 20])
    found = make_windows(tickets, alone(tickets), before=NEW_YEAR + timedelta(days=30))
    [window] = found.windows
    assert window.train.tolist() == [1, 3, 5]
    assert window.arrivals.tolist() == [4, 2, 0]
    assert window.counted.tolist() == [0, 2, 4]


def test_without_a_date_two_thirds_are_learned() -> None:
    tickets = filed([8, 7, 6, 5, 4, 3, 2, 1, 0])
    found = make_windows(tickets, alone(tickets))
    assert found.cut == NEW_YEAR + timedelta(days=6)
    assert found.windows[0].train.tolist() == [3, 4, 5, 6, 7, 8]


def test_tickets_of_one_moment_are_not_divided() -> None:
    tickets = filed([0, 1, 2, 5, 5, 5, 5, 5, 5])
    assert make_windows(tickets, alone(tickets)).windows[0].train.tolist() == [0, 1, 2]


def test_each_month_is_learned_with_all_that_came_before() -> None:
    tickets = filed([0, 10, 20, 35, 95, 96])
    found = make_windows(tickets, alone(tickets), before=NEW_YEAR + timedelta(days=15), monthly=True)
    assert [f"{w.start:%m-%d}" for w in found.windows] == ["01-16", "02-01", "04-01"]
    assert [w.train.tolist() for w in found.windows] == [[0, 1], [0, 1, 2], [0, 1, 2, 3]]
    assert [w.arrivals.tolist() for w in found.windows] == [[2], [3], [4, 5]]


def test_copies_count_once_and_never_where_one_was_learned() -> None:
    tickets = filed([0, 10, 20, 30, 40, 50])
    groups = np.array([0, 1, 0, 3, 3, 5])
    found = make_windows(tickets, groups, before=NEW_YEAR + timedelta(days=15), monthly=True)
    arrivals = [int(i) for window in found.windows for i in window.arrivals]
    counted = [int(i) for window in found.windows for i in window.counted]
    assert arrivals == [2, 3, 4, 5]
    assert counted == [3, 5]


def test_tickets_without_a_date_take_no_part_where_most_have_one() -> None:
    tickets = filed([None, *range(20)])
    found = make_windows(tickets, alone(tickets))
    assert found.undated == 1
    assert 0 not in [*found.windows[0].train, *found.windows[0].arrivals]


def test_a_ticket_is_learned_once_it_is_closed() -> None:
    tickets = filed([0, 1, 2, 20, 40])
    tickets[1] = replace(tickets[1], closed_at=NEW_YEAR + timedelta(days=12))
    tickets[2] = replace(tickets[2], closed_at=NEW_YEAR + timedelta(days=90))
    found = make_windows(tickets, alone(tickets), before=NEW_YEAR + timedelta(days=10), monthly=True)
    assert [w.train.tolist() for w in found.windows] == [[0], [0, 1, 3]]
    assert [w.arrivals.tolist() for w in found.windows] == [[3], [4]]


def test_without_dates_the_order_of_the_file_counts() -> None:
    tickets = filed([None] * 6)
    found = make_windows(tickets, alone(tickets))
    assert found.cut is None
    assert found.windows[0].train.tolist() == [0, 1, 2, 3]
    assert found.windows[0].arrivals.tolist() == [4, 5]


@pytest.mark.parametrize("asked", [{"before": NEW_YEAR}, {"monthly": True}])
def test_dates_that_are_asked_for_must_be_there(asked: dict) -> None:
    tickets = filed([None] * 6)
    with pytest.raises(InputError, match="found a date in 0 of 6 tickets"):
        make_windows(tickets, alone(tickets), **asked)


@pytest.mark.parametrize(("day", "side"), [(0, "before"), (99, "on or after")])
def test_a_date_needs_tickets_on_both_sides(day: int, side: str) -> None:
    tickets = filed([0, 1, 2])
    with pytest.raises(InputError, match=f"no ticket was filed {side} .* 2026-01-01 to 2026-01-03"):
        make_windows(tickets, alone(tickets), before=NEW_YEAR + timedelta(days=day))
