"""Which tickets are held out: the later ones where there are dates, else a stratified part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.ticket import Ticket

HELD_OUT_SHARE = 0.2
ENOUGH_HELD_OUT = 1_500
MORE_PARTS = 3


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of the tickets to learn from and of those held out, and how they were told apart."""

    learn: NDArray[np.intp]
    held_out: NDArray[np.intp]
    by_time: bool


def folds(tickets: Sequence[Ticket]) -> list[Split]:
    """Hold out parts of a fifth each, so that each part's model has not seen it.

    By time when at least nine tickets of ten carry a date (undated ones are learnt from), because later
    tickets are what the service will meet: the last fifth is predicted from all before it. Else stratified
    by the label with the most values, in an order that depends on the ticket ids alone. Where a fifth holds
    few tickets, two more parts are held out (the fifths before, each predicted from what was earlier still,
    or two other stratified fifths): more evidence for calibration and thresholds from the same labels.
    """
    count = max(1, round(HELD_OUT_SHARE * len(tickets)))
    parts = 1 if count >= ENOUGH_HELD_OUT else MORE_PARTS
    dated = [i for i, ticket in enumerate(tickets) if ticket.created_at is not None]
    if len(dated) >= 0.9 * len(tickets) and len({tickets[i].created_at for i in dated}) > 1:
        order = sorted(dated, key=lambda i: (_timestamp(tickets[i]), tickets[i].id))
        undated = sorted(set(range(len(tickets))) - set(dated))
        ends = [len(order) - k * count for k in range(parts)]
        return [
            Split(
                _positions(undated + order[: end - count]), _positions(order[end - count : end]), by_time=True
            )
            for end in ends
        ]
    ranked = _stratified(tickets)
    return [
        Split(
            _positions(ranked[: k * count] + ranked[(k + 1) * count :]),
            _positions(ranked[k * count : (k + 1) * count]),
            by_time=False,
        )
        for k in range(parts)
    ]


def _timestamp(ticket: Ticket) -> float:
    return ticket.created_at.timestamp() if ticket.created_at else 0.0


def _stratified(tickets: Sequence[Ticket]) -> list[int]:
    """Order the tickets so that each stretch holds every class in proportion."""
    values: dict[str, set[str]] = defaultdict(set)
    for ticket in tickets:
        for name, label in ticket.labels.items():
            if isinstance(label, str):
                values[name].add(label)
    finest = max(sorted(values), key=lambda name: len(values[name]), default="")
    groups: dict[str, list[int]] = defaultdict(list)
    by_id = np.argsort([ticket.id for ticket in tickets], kind="stable")
    shuffled = [int(i) for i in np.random.default_rng(0).permutation(by_id)]
    for i in shuffled:
        groups[str(tickets[i].labels.get(finest, ""))].append(i)
    # The k-th of a group's n tickets goes to k / n, so a class with one ticket comes last and is learnt from.
    place = {i: (k + 1) / len(group) for group in groups.values() for k, i in enumerate(group)}
    return sorted(shuffled, key=lambda i: place[i])


def _positions(listed: Sequence[int]) -> NDArray[np.intp]:
    return np.array(sorted(listed), np.intp)
