"""Splits into training and held-out tickets: by time where there are dates, else stratified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import TimeSeriesSplit

from triage.ticket import Ticket

HELD_OUT_SHARE = 0.2
ENOUGH_HELD_OUT = 1_500
TIME_FOLDS = 3
# The last fifth is always trained on: it holds the values that occur once.
STRATIFIED_FOLDS = 4


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of the training tickets and of the held-out ones, ascending, and how they were divided."""

    train: NDArray[np.intp]
    held_out: NDArray[np.intp]
    by_time: bool


def folds(tickets: Sequence[Ticket], groups: Sequence[int] | NDArray[np.intp] | None = None) -> list[Split]:
    """Return folds that hold out a fifth of the tickets each, so that no fold's model has seen its own.

    By time when at least nine tickets of ten carry a date (undated ones are trained on), because later
    tickets are what the service will meet: the last fifth is predicted from all before it. Else stratified
    by the label with the most values, in an order that depends on the ticket ids alone. Where a fifth holds
    few tickets, more folds are made (the two fifths before, each predicted from what was earlier still,
    or three other stratified fifths): more evidence for calibration and thresholds from the same labels.
    Without dates, tickets with the same of (n,) `groups` are held out together (default: each is alone).
    """
    count = max(1, round(HELD_OUT_SHARE * len(tickets)))
    enough = count >= ENOUGH_HELD_OUT
    dated = [i for i, ticket in enumerate(tickets) if ticket.created_at is not None]
    if len(dated) >= 0.9 * len(tickets) and len({tickets[i].created_at for i in dated}) > 1:
        order = np.array(sorted(dated, key=lambda i: (_timestamp(tickets[i]), tickets[i].id)), np.intp)
        undated = np.setdiff1d(np.arange(len(tickets)), order)
        splits = list(TimeSeriesSplit(TIME_FOLDS, test_size=count).split(order))[::-1]
        return [
            Split(np.sort(np.concatenate([undated, order[train]])), np.sort(order[held_out]), by_time=True)
            for train, held_out in splits[: 1 if enough else None]
        ]
    # Sorted by id, so that the draw does not depend on the order of the file.
    by_id = np.argsort([ticket.id for ticket in tickets], kind="stable")
    labels = _finest_labels(tickets)[by_id]
    numbers = np.arange(len(tickets)) if groups is None else np.asarray(groups)
    splitter = StratifiedGroupFolds(1 if enough else STRATIFIED_FOLDS, test_size=count)
    return [
        Split(np.sort(by_id[train]), np.sort(by_id[held_out]), by_time=False)
        for train, held_out in splitter.split(by_id, labels, numbers[by_id])
    ]


class StratifiedGroupFolds:
    """Stratified folds of whole groups, of which some tickets are in none; with scikit-learn's interface.

    scikit-learn's StratifiedGroupKFold holds out every ticket, also the only one of its class, of which
    no model can learn anything then. Here the classes' rarest tickets come last, where no fold reaches.
    """

    def __init__(self, n_splits: int, *, test_size: int, random_state: int = 0) -> None:
        self.n_splits = n_splits
        self.test_size = test_size
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of folds."""
        return self.n_splits

    def split(
        self, X: Sequence[Any] | NDArray[Any], y: NDArray[Any], groups: NDArray[np.intp]
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Yield the training and the held-out rows' positions; a fold ends with the group that fills it."""
        members: dict[int, list[int]] = defaultdict(list)
        for i in np.random.default_rng(self.random_state).permutation(len(X)):
            members[int(groups[i])].append(int(i))
        classes: dict[Any, list[list[int]]] = defaultdict(list)
        for group in members.values():
            classes[y[group[0]]].append(group)
        # The k-th of a class's n groups goes to k / n, so a class with one comes last and is trained on.
        place = {group[0]: (k + 1) / len(same) for same in classes.values() for k, group in enumerate(same)}
        ordered = sorted(members.values(), key=lambda group: place[group[0]])
        filled = np.cumsum([len(group) for group in ordered])
        ranked = np.array([i for group in ordered for i in group], np.intp)
        wanted = np.minimum(self.test_size * np.arange(1, self.n_splits + 1), len(ranked))
        for start, end in pairwise([0, *filled[np.searchsorted(filled, wanted)].tolist()]):
            yield np.concatenate([ranked[:start], ranked[end:]]), ranked[start:end]


def _finest_labels(tickets: Sequence[Ticket]) -> NDArray[np.str_]:
    """Return each ticket's label of the field with the most values, tags left aside; "" where it has none."""
    values: dict[str, set[str]] = defaultdict(set)
    for ticket in tickets:
        for name, label in ticket.labels.items():
            if isinstance(label, str):
                values[name].add(label)
    finest = max(sorted(values), key=lambda name: len(values[name]), default="")
    return np.array([str(ticket.labels.get(finest, "")) for ticket in tickets])


def _timestamp(ticket: Ticket) -> float:
    return ticket.created_at.timestamp() if ticket.created_at else 0.0
