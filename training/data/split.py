"""Splits into training and held-out tickets: by time where there are dates, else stratified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from triage.ticket import Ticket

HELD_OUT_SHARE = 0.2
ENOUGH_HELD_OUT = 1_500
PARTS_BY_TIME = 3
# The last fifth is always learnt from: it holds the values that occur once.
STRATIFIED_PARTS = 4


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of the tickets to learn from and of those held out, and how they were told apart."""

    learn: NDArray[np.intp]
    held_out: NDArray[np.intp]
    by_time: bool


def folds(tickets: Sequence[Ticket], groups: Sequence[int] | NDArray[np.intp] | None = None) -> list[Split]:
    """Hold out parts of a fifth each, so that each part's model has not seen it.

    By time when at least nine tickets of ten carry a date (undated ones are learnt from), because later
    tickets are what the service will meet: the last fifth is predicted from all before it. Else stratified
    by the label with the most values, in an order that depends on the ticket ids alone. Where a fifth holds
    few tickets, more parts are held out (the two fifths before, each predicted from what was earlier still,
    or three other stratified fifths): more evidence for calibration and thresholds from the same labels.
    Without dates, tickets with the same of (n,) `groups` are held out together (default: each is alone).
    """
    count = max(1, round(HELD_OUT_SHARE * len(tickets)))
    enough = count >= ENOUGH_HELD_OUT
    dated = [i for i, ticket in enumerate(tickets) if ticket.created_at is not None]
    if len(dated) >= 0.9 * len(tickets) and len({tickets[i].created_at for i in dated}) > 1:
        order = sorted(dated, key=lambda i: (_timestamp(tickets[i]), tickets[i].id))
        undated = sorted(set(range(len(tickets))) - set(dated))
        ends = [len(order) - k * count for k in range(1 if enough else PARTS_BY_TIME)]
        return [
            Split(
                _positions(undated + order[: end - count]), _positions(order[end - count : end]), by_time=True
            )
            for end in ends
        ]
    stretches = _stratified(tickets, range(len(tickets)) if groups is None else groups)
    filled = np.cumsum([len(stretch) for stretch in stretches])
    ranked = [i for stretch in stretches for i in stretch]
    # A part ends with the group that fills it.
    parts = 1 if enough else STRATIFIED_PARTS
    wanted = np.minimum(count * np.arange(1, parts + 1), len(ranked))
    cuts = [0, *(int(end) for end in filled[np.searchsorted(filled, wanted)])]
    return [
        Split(_positions(ranked[:start] + ranked[end:]), _positions(ranked[start:end]), by_time=False)
        for start, end in pairwise(cuts)
    ]


def _timestamp(ticket: Ticket) -> float:
    return ticket.created_at.timestamp() if ticket.created_at else 0.0


def _stratified(tickets: Sequence[Ticket], groups: Sequence[int] | NDArray[np.intp]) -> list[list[int]]:
    """Return the groups' tickets, ordered so that each stretch holds every class in proportion."""
    values: dict[str, set[str]] = defaultdict(set)
    for ticket in tickets:
        for name, label in ticket.labels.items():
            if isinstance(label, str):
                values[name].add(label)
    finest = max(sorted(values), key=lambda name: len(values[name]), default="")
    by_id = np.argsort([ticket.id for ticket in tickets], kind="stable")
    members: dict[int, list[int]] = defaultdict(list)
    for i in np.random.default_rng(0).permutation(by_id):
        members[int(groups[i])].append(int(i))
    classes: dict[str, list[list[int]]] = defaultdict(list)
    for group in members.values():
        classes[str(tickets[group[0]].labels.get(finest, ""))].append(group)
    # The k-th of a class's n groups goes to k / n, so a class with one comes last and is learnt from.
    place = {group[0]: (k + 1) / len(found) for found in classes.values() for k, group in enumerate(found)}
    return sorted(members.values(), key=lambda group: place[group[0]])


def _positions(listed: Sequence[int]) -> NDArray[np.intp]:
    return np.array(sorted(listed), np.intp)
