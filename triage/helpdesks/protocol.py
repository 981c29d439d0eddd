"""Protocol of a helpdesk, whatever system it is; only the file of a system knows how it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HelpdeskField:
    """A field as the helpdesk has it; `values` are its choices as people see them, empty where any text fits.

    `usual_name` is what we would call such a field.
    """

    name: str
    title: str
    usual_name: str
    values: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HelpdeskTicket:
    """A ticket as the helpdesk has it now.

    `values` has, by the helpdesk's names of fields, what is set, as people see it. It `is_settled` when its
    values count as final, and `is_merged` when it is a part or a duplicate of another.
    """

    id: str
    subject: str
    body: str
    requester: str | None
    created_at: datetime | None
    values: Mapping[str, str]
    is_settled: bool
    is_merged: bool


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Some tickets, and the cursor of those that follow; None where none do. `total` is of all pages."""

    tickets: Sequence[HelpdeskTicket]
    cursor: str | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class NewTickets:
    """Tickets that came since a cursor, and the cursor for the next time."""

    tickets: Sequence[HelpdeskTicket]
    cursor: str


@dataclass(frozen=True, slots=True)
class HelpdeskState:
    """State of a helpdesk in its own words: counts of tickets by kind, and what it cannot tell."""

    tickets: Mapping[str, int]
    limits: Sequence[str] = field(default=())


class Helpdesk(Protocol):
    """A helpdesk.

    All methods raise a HelpdeskError where it cannot be reached or refuses, and its kind HelpdeskBusyError
    where it asks to wait.
    """

    def check(self) -> HelpdeskState:
        """Sign in and count, without a change."""

    def fields(self) -> Sequence[HelpdeskField]:
        """Return the fields that may be mapped, with the values that they have now."""

    def pull(self, cursor: str | None) -> TicketPage:
        """Return settled tickets, from the beginning or from where the page before ended."""

    def poll(self, cursor: str | None) -> NewTickets:
        """Return the open tickets that are new since the cursor; none without a cursor, which begins now.

        A ticket may come again.
        """
