"""Groups of tickets that count once: copies, translations, threads and bursts together."""

from __future__ import annotations

import numpy as np

from tests.toy import WordHashEncoder, topic_tickets
from training.data.ticket_groups import Kind, TicketGroups, ticket_groups
from triage.ticket import Ticket


def grouped(tickets: list[Ticket]) -> TicketGroups:
    texts = [ticket.text() for ticket in tickets]
    return ticket_groups(tickets, texts, ["en"] * len(tickets), WordHashEncoder().encode(texts))


def test_tickets_of_a_thread_are_one_group_also_where_one_of_them_is_a_copy() -> None:
    told = topic_tickets(60)
    thread = [
        Ticket("a", "", "The charger smells of burning plastic since Sunday", thread=None),
        Ticket("b", "", "As I wrote, it still smells and now sparks", thread="a"),
        Ticket("c", "", "As I wrote, it still smells and now sparks!"),
        Ticket("d", "", "Problem 77 in the shop", thread="P77"),
        Ticket("e", "", "The basket is empty each time", thread="P77"),
    ]
    found = grouped([*told, *thread])
    assert found.first[60:].tolist() == [60, 60, 60, 63, 63]
    assert found.kind[60:].tolist() == [
        Kind.FIRST,
        Kind.OF_THREAD,
        Kind.EXACT_COPY,
        Kind.FIRST,
        Kind.OF_THREAD,
    ]


def test_tickets_that_name_no_thread_and_copy_nothing_are_alone() -> None:
    found = grouped([*topic_tickets(80)])
    assert np.unique(found.first).size >= 78
