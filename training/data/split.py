"""Splits into training and held-out tickets: by time where there are dates, else stratified."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import TimeSeriesSplit

from triage.ticket import Ticket, sender_address

HELD_OUT_SHARE = 0.2
ENOUGH_HELD_OUT = 1_500
TIME_FOLDS = 3
# The last fifth is always trained on: it holds the values that occur once.
STRATIFIED_FOLDS = 4
# A requester with a larger share of the tickets is not held out as a whole.
_LARGEST_BLOCK = 0.02


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of the training tickets and of the held-out ones, ascending, and how they were divided.

    No copy of a held-out ticket is trained on, and of a group of copies one is held out. `left_out` are the
    others of these groups, and by time also the later tickets of which a copy was trained on.
    """

    train: NDArray[np.intp]
    held_out: NDArray[np.intp]
    by_time: bool
    left_out: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))


def folds(tickets: Sequence[Ticket], groups: Sequence[int] | NDArray[np.intp] | None = None) -> list[Split]:
    """Return folds that hold out a fifth of the groups each, so that no fold's model has seen its own.

    Tickets with the same of (n,) `groups` are copies of one another (default: each is alone). Which one of a
    group is held out depends on dates, ids and which fields have labels, never on what the labels are.

    By time when at least nine tickets of ten carry a date (undated ones are trained on), because later
    tickets are what the service will meet: the last fifth is predicted from all before it. Else stratified
    by the label with the most values, in an order that depends on the ticket ids alone; tickets of one
    requester are then held out together. Where a fifth holds few groups, more folds are made (the two fifths
    before, each predicted from what was earlier still, or three other stratified fifths): more evidence for
    calibration and thresholds from the same labels.
    """
    numbers = np.arange(len(tickets)) if groups is None else np.unique(groups, return_inverse=True)[1]
    dated = [i for i, ticket in enumerate(tickets) if ticket.created_at is not None]
    by_time = len(dated) >= 0.9 * len(tickets) and len({tickets[i].created_at for i in dated}) > 1
    found = [fold for fold in _by_time(tickets, numbers, dated) if len(fold.held_out)] if by_time else []
    return found or list(_stratified(tickets, numbers))


def _by_time(tickets: Sequence[Ticket], groups: NDArray[np.intp], dated: Sequence[int]) -> Iterator[Split]:
    """Yield folds of the groups in the order of their first tickets."""
    order = np.array(sorted(dated, key=lambda i: (_timestamp(tickets[i]), tickets[i].id)), np.intp)
    undated = np.setdiff1d(np.arange(len(tickets)), order)
    _, places = np.unique(groups[order], return_index=True)
    places = np.sort(places)  # in `order`, of each group's first ticket
    count = _fold_size(groups)
    if len(places) <= TIME_FOLDS * count:  # most dated tickets are copies
        return
    splits = list(TimeSeriesSplit(TIME_FOLDS, test_size=count).split(places))[::-1]
    for _, test in splits[: 1 if count >= ENOUGH_HELD_OUT else None]:
        start, end = places[test[0]], places[test[-1] + 1] if test[-1] + 1 < len(places) else len(order)
        train = np.concatenate([undated, order[:start]])
        yield split_window(tickets, groups, train, order[start:end])


def split_window(
    tickets: Sequence[Ticket], groups: NDArray[np.intp], train: NDArray[np.intp], window: NDArray[np.intp]
) -> Split:
    """Return the split that trains on some positions and holds out a later `window` of them.

    A ticket of the window of which a copy is trained on is left out, and of each group one is held out.
    """
    new = window[~np.isin(groups[window], groups[train])]
    held_out = _one_of_each_group(tickets, groups, new)
    return _split(train, held_out, np.setdiff1d(window, held_out), by_time=True)


def _stratified(tickets: Sequence[Ticket], groups: NDArray[np.intp]) -> Iterator[Split]:
    """Yield folds of the groups, those of a requester together."""
    # Sorted by id, so that the draw does not depend on the order of the file.
    by_id = np.argsort([ticket.id for ticket in tickets], kind="stable")
    one_each = _one_of_each_group(tickets, groups, by_id)
    labels = _finest_labels(tickets)[one_each]
    splitter = StratifiedGroupFolds(
        1 if _fold_size(groups) >= ENOUGH_HELD_OUT else STRATIFIED_FOLDS, test_size=_fold_size(groups)
    )
    for _, test in splitter.split(one_each, labels, _requester_blocks([tickets[i] for i in one_each])):
        held_out = one_each[test]
        of_groups = np.isin(groups, groups[held_out])
        left_out = np.setdiff1d(np.nonzero(of_groups)[0], held_out)
        yield _split(np.nonzero(~of_groups)[0], held_out, left_out, by_time=False)


def _split(
    train: NDArray[np.intp], held_out: NDArray[np.intp], left_out: NDArray[np.intp], *, by_time: bool
) -> Split:
    return Split(np.sort(train), np.sort(held_out), by_time, np.sort(left_out))


def _fold_size(groups: NDArray[np.intp]) -> int:
    return max(1, round(HELD_OUT_SHARE * len(np.unique(groups))))


def _one_of_each_group(
    tickets: Sequence[Ticket], groups: NDArray[np.intp], ordered: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return one of these positions for each group, in their order: the first that has the most labels."""
    labels = np.array([len(tickets[i].labels) for i in ordered])
    most_labels_first = ordered[np.argsort(-labels, kind="stable")]
    _, first = np.unique(groups[most_labels_first], return_index=True)
    return ordered[np.isin(ordered, most_labels_first[first])]


def _requester_blocks(tickets: Sequence[Ticket]) -> NDArray[np.intp]:
    """Return the (n,) block of each ticket: those of a requester are one, unless they are very many.

    A shared mailbox or a monitoring system may send a quarter of all tickets; whole folds of it would tell
    nothing of the others.
    """
    senders = [sender_address(ticket.requester) for ticket in tickets]
    counts = Counter(senders)
    most = max(1, int(_LARGEST_BLOCK * len(tickets)))
    first: dict[str, int] = {}
    return np.array(
        [
            first.setdefault(sender, i) if sender and counts[sender] <= most else i
            for i, sender in enumerate(senders)
        ],
        np.intp,
    )


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
