"""Ticket groups: copies, translations and reports of one incident, held out together and counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.classifiers.fields import label_values
from models.wording import counted, noun_after
from training.data.bursts import burst_groups
from training.data.copy_groups import COSINE, SHARED, copy_groups
from training.data.split import Split
from training.data.translation_groups import translation_groups
from triage.ticket import Ticket


class Kind(IntEnum):
    """What a ticket is to the first one of its group."""

    FIRST = 0
    EXACT_COPY = 1
    NEAR_COPY = 2
    TRANSLATION = 3
    OF_BURST = 4
    OF_THREAD = 5


@dataclass(frozen=True, slots=True)
class TicketGroups:
    """Groups of (n,) tickets: the position of each one's first ticket, and its `Kind`."""

    first: NDArray[np.intp]
    kind: NDArray[np.int8]


def ticket_groups(
    tickets: Sequence[Ticket],
    texts: Sequence[str],
    languages: Sequence[str],
    embeddings: NDArray[np.float32],
) -> TicketGroups:
    """Group tickets by their cleaned texts, languages, dates and (n, dim) embeddings."""
    copies = copy_groups(texts, embeddings)
    leaders, group = np.unique(copies.first, return_inverse=True)
    # Among the first of each group of copies alone, so that translations do not chain groups together.
    translations = leaders[
        translation_groups(
            [tickets[i] for i in leaders], [languages[i] for i in leaders], embeddings[leaders]
        )
    ]
    of_threads = _with_threads(tickets, translations[group])
    first = burst_groups(tickets, of_threads, embeddings)
    kind = np.full(len(first), Kind.OF_BURST, np.int8)
    kind[first == of_threads] = Kind.OF_THREAD
    kind[first == translations[group]] = Kind.TRANSLATION
    kind[copies.first != np.arange(len(first))] = Kind.EXACT_COPY
    kind[copies.near] = Kind.NEAR_COPY
    kind[first == np.arange(len(first))] = Kind.FIRST
    return TicketGroups(first, kind)


def _with_threads(tickets: Sequence[Ticket], groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the groups, those of which tickets are of one thread joined."""
    threads = {ticket.thread for ticket in tickets if ticket.thread}
    root = {ticket.id: i for i, ticket in enumerate(tickets) if ticket.id in threads}
    joined = np.arange(len(groups))
    for i, ticket in enumerate(tickets):
        if ticket.thread:
            one, other = _top(joined, groups[i]), _top(joined, groups[root.setdefault(ticket.thread, i)])
            joined[max(one, other)] = min(one, other)
    return np.array([_top(joined, group) for group in groups], np.intp)


def _top(joined: NDArray[np.intp], group: int) -> int:
    """Return the first group of those that a group was joined to."""
    while joined[group] != group:
        group = joined[group]
    return int(group)


@dataclass(frozen=True, slots=True)
class CopyReport:
    """Copies in a history, and what became of them.

    `copies` in `groups` are beside the first ticket of each. `near` of them are near copies, of which
    `near_with_other_values` have another value of some field: false merges, or values on which people
    disagree. `of_threads` and `of_bursts` tickets belong to the thread or burst of an earlier one.
    `counted_once` are the held-out tickets that do not count beside another one of their group, or of which a
    copy was trained on.
    """

    copies: int
    groups: int
    near: int
    near_with_other_values: int
    of_threads: int
    of_bursts: int
    counted_once: int
    cosine: float = COSINE
    shared_words: float = SHARED

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers by name."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Return what people should know, nothing where there are no copies."""
        lines = []
        if self.copies:
            lines.append(
                f"{counted(self.copies, 'ticket')} {'is a copy' if self.copies == 1 else 'are copies'} of "
                f"{self.groups:,} {noun_after(self.groups, 'other')}; of each group one counts in the figures"
            )
        if self.near:
            how = f"cosine from {self.cosine}, {self.shared_words:.0%} of the rare words"
            lines.append(
                f"near copies among these: {self.near:,} ({how}); with another value than the ticket that "
                f"they copy: {self.near_with_other_values:,}"
            )
        if self.of_threads:
            lines.append(f"{counted(self.of_threads, 'ticket')} of threads; each thread counts once")
        if self.of_bursts:
            lines.append(
                f"{counted(self.of_bursts, 'ticket')} came in bursts on one topic; each burst counts once"
            )
        if self.counted_once:
            lines.append(
                f"so {counted(self.counted_once, 'newer ticket')} did not count: as copies, or since a copy "
                "was trained on"
            )
        return lines


def copy_report(tickets: Sequence[Ticket], groups: TicketGroups, splits: Sequence[Split]) -> CopyReport:
    """Count the copies among (n,) tickets, and what the splits left out."""
    copies = np.isin(groups.kind, (Kind.EXACT_COPY, Kind.NEAR_COPY))
    near = np.nonzero(groups.kind == Kind.NEAR_COPY)[0].tolist()
    differing = sum(_disagree(tickets[i], tickets[groups.first[i]]) for i in near)
    return CopyReport(
        copies=int(copies.sum()),
        groups=len(np.unique(groups.first[copies])),
        near=len(near),
        near_with_other_values=differing,
        of_threads=int((groups.kind == Kind.OF_THREAD).sum()),
        of_bursts=int((groups.kind == Kind.OF_BURST).sum()),
        counted_once=len({i for split in splits for i in split.left_out.tolist()}),
    )


def _disagree(one: Ticket, other: Ticket) -> bool:
    both = one.labels.keys() & other.labels.keys()
    return any(set(label_values(one.labels[f])) != set(label_values(other.labels[f])) for f in both)
