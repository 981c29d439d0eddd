"""Clusters of held-out tickets that may be right or wrong together: of a requester, a form, an agent."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from triage.ticket import Ticket, sender_address

# Tickets that follow one another are often labelled by one person, one after the other.
_IN_A_ROW = 20
# A form has so many lines that begin with what is asked for: "Device: laptop".
_FEWEST_QUESTIONS = 3
_QUESTION = re.compile(r"^[ \t]*([^\s:：][^\n:：]{0,40})[:：]", re.M)
_NUMBER = re.compile(r"(\d+)")


def witness_clusters(tickets: Sequence[Ticket]) -> list[NDArray[np.intp]]:
    """Return the (n,) numbers of the tickets' clusters, for each way in which they may depend on others."""
    return [
        _numbers(sender_address(ticket.requester) or None for ticket in tickets),
        _numbers(_form(ticket.body) for ticket in tickets),
        _in_a_row(tickets),
    ]


def _numbers(keys: Iterable[Hashable]) -> NDArray[np.intp]:
    """Return the number of each key; a ticket without one is a cluster of its own."""
    seen: dict[Hashable, int] = {}
    return np.array(
        [seen.setdefault((i,) if key is None else key, len(seen)) for i, key in enumerate(keys)], np.intp
    )


def _form(body: str) -> tuple[str, ...] | None:
    """Return what a form asks for, None for a text that is no form."""
    questions = tuple(match.casefold() for match in _QUESTION.findall(body))
    return questions if len(questions) >= _FEWEST_QUESTIONS else None


def _in_a_row(tickets: Sequence[Ticket]) -> NDArray[np.intp]:
    """Return the number of each ticket's block of tickets that follow one another, by date or else by id."""

    def place(i: int) -> tuple[float, list[tuple[int, str]]]:
        ticket = tickets[i]
        date = ticket.created_at.timestamp() if ticket.created_at else 0.0
        return date, [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(ticket.id)]

    blocks = np.empty(len(tickets), np.intp)
    for rank, i in enumerate(sorted(range(len(tickets)), key=place)):
        blocks[i] = rank // _IN_A_ROW
    return blocks
