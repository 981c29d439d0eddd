"""django-helpdesk 2.6, through its REST interface, which must be switched on.

It tells neither when a ticket was created nor who changed a field, names no queue, and cannot be asked what
changed. So the first follow-up's date stands for the creation, queues are named by the interface's own HTML
form, and the settled tickets are read anew each time. Every request makes it load all tickets that match, so
only open ones are polled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from models.errors import NotFoundError
from triage.errors import HelpdeskError
from triage.helpdesks.client import HelpdeskClient, authorization
from triage.helpdesks.protocol import HelpdeskField, HelpdeskState, HelpdeskTicket, NewTickets, TicketPage
from triage.settings.helpdesks import HelpdeskSettings

_TICKETS = "/api/tickets/"
_SETTLED = {3, 4}  # resolved, closed
_DUPLICATE = 5
_PAGE = 1000  # each page makes the helpdesk load all settled tickets: 2.8 s for 3,000, one busy core
_POLLED_PAGE = 100
_OVERLAP = 20  # a ticket may become visible after one with a higher id, where both are written at once
_PEOPLE_CHOOSE = ("queue", "assigned_to")  # relations: their choices stand in the HTML form alone
_NUMBER_BEFORE = re.compile(r"^\d+\. ")
_NO_VALUE = ("", None)
LIMITS = (
    "the interface tells no creation date: the first follow-up's date is taken",
    "the interface tells neither how a ticket was filed nor who changed its fields: tickets are read as they "
    "are now, and final values may be values that nobody chose",
)


class DjangoHelpdesk:
    """A django-helpdesk; a `Helpdesk`."""

    def __init__(self, settings: HelpdeskSettings) -> None:
        self._client = HelpdeskClient(settings, authorization(settings, "Token"))
        self._choices: dict[str, dict[str, str]] | None = None
        self._titles: dict[str, str] = {}
        self._statuses: set[int] = set()

    def check(self) -> HelpdeskState:
        """Sign in and count, without a change."""
        named = self._named()
        limits = list(LIMITS)
        if not named["queue"]:
            limits.append(
                "queues have numbers instead of names here: the interface gives no HTML form, from which "
                "names are read"
            )
        counts = {
            "open": self._page(1, 1, self._open_statuses()).count,
            "resolved or closed": self._page(1, 1, _SETTLED).count,
        }
        return HelpdeskState(counts, limits)

    def fields(self) -> Sequence[HelpdeskField]:
        """Return queue, assignee, priority and custom fields, with the values that they have now."""
        self._choices = None
        return [
            HelpdeskField(name, self._titles[name], _usual_name(name), list(dict.fromkeys(values.values())))
            for name, values in self._named().items()
        ]

    def pull(self, cursor: str | None) -> TicketPage:
        """Return resolved and closed tickets, by id; past the last page there are none."""
        number = int(cursor or 1)
        try:
            page = self._page(number, _PAGE, _SETTLED)
        except NotFoundError:
            if number == 1:
                raise
            return TicketPage([], None)  # tickets went, or were opened again, since the page before
        return TicketPage(
            self._tickets(page.records),
            str(number + 1) if page.has_next else None,
            page.count,
        )

    def poll(self, cursor: str | None) -> NewTickets:
        """Return open tickets with ids above the cursor, read from the last page backwards.

        The cursor has the highest id of the first poll, below which nothing is new, and the highest of all.
        """
        first, newest = map(int, cursor.split("-")) if cursor is not None else (None, 0)
        after = None if first is None else max(first, newest - _OVERLAP)
        found: dict[int, dict[str, Any]] = {}
        for records in self._pages_backwards():
            newest = max([newest, *(record["id"] for record in records)])
            if after is None:
                break
            found |= {record["id"]: record for record in records if record["id"] > after}
            if min((record["id"] for record in records), default=0) <= after:
                break
        begun = newest if first is None else first
        return NewTickets(self._tickets([found[i] for i in sorted(found)]), f"{begun}-{newest}")

    def _pages_backwards(self) -> Iterator[Sequence[dict[str, Any]]]:
        """Yield pages of open tickets, the newest first; those that close meanwhile hide no others."""
        first = self._page("last", _POLLED_PAGE, self._open_statuses())
        yield first.records
        for number in range((first.count - 1) // _POLLED_PAGE, 0, -1):
            yield self._page(number, _POLLED_PAGE, self._open_statuses()).records

    def _open_statuses(self) -> set[int]:
        self._named()
        return self._statuses - _SETTLED - {_DUPLICATE}

    def _page(self, number: int | str, size: int, statuses: set[int]) -> _Page:
        query = {
            "page": number,
            "page_size": size,
            "status": ",".join(str(status) for status in sorted(statuses)),
        }
        return _Page(self._client.get(_TICKETS, query).json())

    def _named(self) -> dict[str, dict[str, str]]:
        """Return, by field, the name of each value; asked for once, and again where a value is not known."""
        if self._choices is None:
            described = self._client.request("OPTIONS", _TICKETS).json()
            actions = described.get("actions") if isinstance(described, dict) else None
            if not isinstance(actions, dict) or not isinstance(actions.get("POST"), dict):
                raise HelpdeskError(
                    "the helpdesk does not describe its tickets, expected what OPTIONS /api/tickets/ says to "
                    "staff: check `url`, and that the user is staff"
                )
            described_fields: dict[str, Any] = actions["POST"]
            self._statuses = {choice["value"] for choice in described_fields["status"]["choices"]}
            in_form = self._relations() if "text/html" in described.get("renders", ()) else {}
            names = ["queue", "assigned_to", "priority"]
            names += [name for name in described_fields if name.startswith("custom_")]
            self._choices = {
                name: in_form.get(name, {})
                if name in _PEOPLE_CHOOSE
                else {
                    str(choice["value"]): _NUMBER_BEFORE.sub("", str(choice["display_name"]))
                    for choice in described_fields[name].get("choices", ())
                    if choice["value"] not in _NO_VALUE
                }
                for name in names
            }
            self._titles = {name: str(described_fields[name].get("label", name)) for name in names}
        return self._choices

    def _relations(self) -> dict[str, dict[str, str]]:
        """Return the choices of the HTML form that names what a number stands for."""
        # Of few tickets, since the helpdesk loads all that match, whatever the page.
        query = {"page_size": 1, "status": _DUPLICATE}
        tree = LexborHTMLParser(self._client.get(_TICKETS, query, accept="text/html").body)
        return {
            name: {
                value: option.text().strip()
                for option in tree.css(f'select[name="{name}"] option')
                if (value := option.attributes.get("value"))
            }
            for name in _PEOPLE_CHOOSE
        }

    def _tickets(self, records: Sequence[dict[str, Any]]) -> list[HelpdeskTicket]:
        """Return tickets, in words; where a number is not known, the names are asked for once more."""
        unknown = [
            record
            for record in records
            for name, names in self._named().items()
            if names and record.get(name) not in _NO_VALUE and str(record[name]) not in names
        ]
        if unknown:
            self._choices = None
        return [_ticket(record, self._named()) for record in records]


class _Page:
    """A page of tickets as the interface gives it.

    Raises:
        HelpdeskError: it is something else.
    """

    def __init__(self, found: Any) -> None:
        page = found if isinstance(found, dict) else {}
        self.records: list[dict[str, Any]] = page.get("results", [])
        self.count: int = page.get("count", -1)
        self.has_next = page.get("next") is not None
        if (
            not isinstance(self.count, int)
            or not isinstance(self.records, list)
            or self.count < 0
            or not all(
                isinstance(record, dict) and type(record.get("id")) is int and "queue" in record
                for record in self.records
            )
        ):
            raise HelpdeskError(
                "the helpdesk answered /api/tickets/ with no page of tickets, expected one: check `url`, "
                "and that it is django-helpdesk 2.6 or newer"
            )


def _ticket(record: Mapping[str, Any], named: Mapping[str, Mapping[str, str]]) -> HelpdeskTicket:
    dates = [date for step in record.get("followup_set") or () if (date := _date(step.get("date")))]
    return HelpdeskTicket(
        id=str(record["id"]),
        subject=str(record.get("title") or ""),
        body=str(record.get("description") or ""),
        requester=record.get("submitter_email") or None,
        created_at=min(dates, default=None),
        values={
            name: names.get(str(record[name]), str(record[name]))
            for name, names in named.items()
            if record.get(name) not in _NO_VALUE
        },
        is_settled=record.get("status") in _SETTLED,
        is_merged=record.get("merged_to") is not None or record.get("status") == _DUPLICATE,
    )


def _usual_name(name: str) -> str:
    return {"queue": "team", "assigned_to": "assignee"}.get(name, name.removeprefix("custom_"))


def _date(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
