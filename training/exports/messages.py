"""Messages: of exports with a row a message, the first one of the customer is the ticket."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.language.truth import is_no, is_yes
from models.quoting import quoted
from models.text.mails.subject import strip_prefixes
from models.wording import counted
from training.exports.dates import read_dates
from training.exports.guess import is_opening_time
from training.exports.layout import LATER, REPEATED
from training.exports.roles.columns import FoundRoles, RoleColumns
from training.exports.roles.words import Role, role_of
from training.exports.values import is_no_value

_NAME = re.compile(r"[\W_]+")
_DIRECTIONS = frozenset(
    {
        "direction",
        "messagedirection",
        "threaddirection",
        "inout",
        "inbound",
        "incoming",
        "isincoming",
        "isinbound",
    }
)
_ROLES = frozenset(
    [
        "authorrole",
        "authortype",
        "sendertype",
        "senderrole",
        "role",
        "usertype",
        "fromtype",
        "authorkind",
        "iscustomer",
        "isagent",
        "createdbytype",
        "postedby",
        "messagetype",
        "bytype",
        "sender",
    ]
)
_OF_STAFF = frozenset({"isagent", "fromagent", "isstaff", "fromstaff"})
_PRIVATE = frozenset({"private", "isprivate", "internal", "isinternal"})
_PUBLIC = frozenset({"public", "ispublic", "isvisibleforcustomer"})


@dataclass(slots=True)
class TicketDraft:
    """A ticket that is being put together: its form as a record, where it stands, and what is known of it."""

    line: int
    values: dict[str, Any]
    left_out: str = ""
    by_agent: bool = False
    by_customer: bool = False
    private: bool = False
    moment: datetime | None = None
    closed: datetime | None = None
    problem: str = ""
    roles: bool = False  # whether the export says who wrote it
    entry: int = 0  # in the list that the line holds
    continues: bool = False  # the row above, whose id it has


@dataclass(frozen=True, slots=True)
class DifferingLabels:
    """Labels of one field that rows of one ticket, which begins in `line`, have different values of."""

    line: int
    field: str
    kept: str
    other: str


def note_author(draft: TicketDraft, values: Mapping[str, Any]) -> None:
    """Note who wrote a message and whether customers see it, where a column of the row says so."""
    for name, value in values.items():
        if not (says := _says(name)):
            continue
        text = str(value).strip().casefold()
        if says == "private":
            draft.private |= is_yes(text)
        elif says == "public":
            draft.private |= bool(text) and not is_yes(text)
        elif (is_customer := _is_customer(text, says)) is not None:
            draft.roles = True
            draft.by_customer |= is_customer
            draft.by_agent |= not is_customer


@lru_cache(maxsize=10_000)
def _says(name: str) -> str:
    """Return what a column says of a message, by its name: its author, or who sees it; "" for any other."""
    plain = _NAME.sub("", name).casefold()
    if plain in _PRIVATE:
        return "private"
    if plain in _PUBLIC:
        return "public"
    if plain in _OF_STAFF:
        return "agent"
    return "author" if plain in _DIRECTIONS or plain in _ROLES else ""


def _is_customer(text: str, says: str) -> bool | None:
    if is_yes(text) or is_no(text):
        return is_yes(text) != (says == "agent")
    role = role_of(text)
    return None if role in ("", "public") else role == "customer"


def tells_role(name: str) -> bool:
    """Tell by its name whether a column says who wrote a message, or who sees it.

    >>> tells_role("Sender type"), tells_role("is_private"), tells_role("Team")
    (True, True, False)
    """
    return _says(name) != ""


def customer_s_first(messages: Sequence[Any]) -> Any:
    """Return the message with which a ticket began: the customer's oldest one, where the messages tell.

    >>> customer_s_first([{"from_agent": True, "text": "Hi"}, {"from_agent": False, "text": "Help"}])["text"]
    'Help'
    """
    drafts = [TicketDraft(number, {"message": message}) for number, message in enumerate(messages)]
    flat = [dict(_one_level(message)) for message in messages]
    roles = RoleColumns(list(dict.fromkeys(name for values in flat for name in values)))
    for draft, values in zip(drafts, flat, strict=True):
        note_author(draft, values)
        roles.add(values)
    note_roles(drafts, roles.found([range(len(drafts))]))
    dates = read_dates([_written_at(message) for message in messages])
    if all(dates.moments):
        for draft, moment in zip(drafts, dates.moments, strict=True):
            draft.moment = moment
    return _first(sorted(drafts, key=_time)).values["message"]


def note_roles(drafts: Sequence[TicketDraft], found: FoundRoles) -> None:
    """Note who wrote each message and whether customers see it, as columns of roles say."""
    for draft, roles in zip(drafts, found.rows, strict=True):
        _note(draft, roles)


def _note(draft: TicketDraft, roles: set[Role]) -> None:
    sides = roles & {"customer", "agent"}
    draft.private |= "internal" in roles
    draft.roles |= bool(sides)
    if len(sides) == 1:  # columns that contradict each other say nothing
        draft.by_customer |= "customer" in sides
        draft.by_agent |= "agent" in sides


def _one_level(message: Any) -> Iterator[tuple[str, Any]]:
    for key, value in message.items() if isinstance(message, Mapping) else ():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{inner}", of) for inner, of in value.items() if isinstance(of, (str, bool)))
        elif isinstance(value, (str, bool, int)):
            yield key, value


def _written_at(message: Any) -> Any:
    if not isinstance(message, Mapping):
        return None
    dates = (message[key] for key in message if is_opening_time(key))
    return next((date for date in dates if isinstance(date, (str, int, float))), None)


def join_continuations(drafts: Iterable[TicketDraft]) -> None:
    """Give rows that only continue the one above its id: they have neither an id, a subject nor a date."""
    above: TicketDraft | None = None
    for draft in drafts:
        if draft.problem:
            continue
        if draft.values.get("id"):
            above = draft
        elif above is not None and _continues(draft, above):
            draft.values["id"] = above.values["id"]
            draft.continues = True


def _continues(draft: TicketDraft, above: TicketDraft) -> bool:
    is_bare = not any(draft.values.get(key) for key in ("subject", "created_at", "requester"))
    return is_bare and (not _body(draft) or bool(above.values.get("subject")))


def rows_of_tickets(drafts: Sequence[TicketDraft]) -> list[list[int]]:
    """Return the places of the rows of each ticket that has several ones with different texts."""
    groups: dict[Any, list[int]] = {}
    for number, draft in enumerate(drafts):
        if draft.values.get("id") and not draft.problem:
            groups.setdefault(draft.values["id"], []).append(number)
    return [rows for rows in groups.values() if len({_body(drafts[row]) for row in rows}) > 1]


def mark_later_messages(drafts: Sequence[TicketDraft], *, copies: str = REPEATED) -> list[DifferingLabels]:
    """Mark the later messages of each ticket as left out, and give its first one what only they say.

    Rows with one id are messages of one ticket where they have one subject and different texts, and copies
    of it where the texts are the same too. A label that only some of them carry is that of the ticket, and
    so are all of their tags. Of labels that differ the first one counts, and these are returned. `copies` is
    the reason to leave out copies, "" where they are an error.
    """
    differing: list[DifferingLabels] = []
    groups: dict[Any, list[TicketDraft]] = {}
    for draft in drafts:
        if draft.values.get("id") and not draft.problem:
            groups.setdefault(draft.values["id"], []).append(draft)
    for group in groups.values():
        if len(group) > 1 and _is_one_ticket(group, may_repeat=bool(copies)):
            _choose(group, copies, differing)
    return differing


def _is_one_ticket(group: Sequence[TicketDraft], *, may_repeat: bool) -> bool:
    subjects = {_subject(draft) for draft in group} - {""}
    bodies = {_body(draft) for draft in group}
    if len(subjects) > 1 or (len(bodies) == 1 and not may_repeat):
        return False
    is_told = any(draft.roles or draft.private or draft.continues for draft in group)
    return bool(subjects) or len(bodies) == 1 or is_told


def differing_said(path: Path, differing: Sequence[DifferingLabels]) -> list[str]:
    """Return a sentence for each field of which rows of one ticket have different values."""
    firsts = {found.field: found for found in reversed(differing)}
    counts = Counter(found.field for found in differing)
    return [
        f"{path}, line {first.line}: rows of one ticket differ in {name!r}, {quoted(first.kept)} and "
        f"{quoted(first.other)}, as those of {counted(counts[name], 'ticket')} do, and the first one counts: "
        "keep the right rows alone, or take the field out of [tickets.labels]"
        for name, first in firsts.items()
    ]


def _body(draft: TicketDraft) -> str:
    return str(draft.values.get("body") or "").strip()


def _subject(draft: TicketDraft) -> str:
    return strip_prefixes(str(draft.values.get("subject") or "")).casefold().strip()


def _choose(group: Sequence[TicketDraft], copies: str, differing: list[DifferingLabels]) -> None:
    own = [draft for draft in group if not (draft.continues and not _body(draft))]
    ordered = sorted(own, key=_time) if all(draft.moment for draft in own) else own
    first = _first(ordered)
    text = _body(first)
    subject = next((d.values["subject"] for d in ordered if d.values.get("subject")), None)
    first.values["subject"] = first.values.get("subject") or subject
    everywhere = [*ordered, *(d for d in group if d not in own)]
    first.values["labels"] = kept = _labels_of_all(everywhere)
    given = [draft.values.get("labels") or {} for draft in everywhere]
    for name, label in kept.items():
        others = [labels[name] for labels in given if _differs(label, labels.get(name))]
        if others:
            differing.append(DifferingLabels(first.line, name, str(label), str(others[0])))
    for draft in group:
        if draft is not first:
            is_copy = _body(draft) in (text, "")
            draft.left_out = (copies or LATER) if is_copy else LATER


def _first(ordered: Sequence[TicketDraft]) -> TicketDraft:
    seen = [draft for draft in ordered if not draft.private] or ordered
    customer = next((draft for draft in seen if draft.by_customer), None)
    return customer or next((draft for draft in seen if not draft.by_agent), seen[0])


def _time(draft: TicketDraft) -> datetime:
    return draft.moment or datetime.max


def _differs(label: Any, other: Any) -> bool:
    """Tell whether two labels of one ticket are different values; lists of tags are put together instead."""
    is_value = not isinstance(label, list) and not isinstance(other, list) and other is not None
    return is_value and not is_no_value(str(other)) and str(other).strip() != str(label).strip()


def _labels_of_all(drafts: Iterable[TicketDraft]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for draft in drafts:
        for name, label in (draft.values.get("labels") or {}).items():
            if isinstance(label, list) and isinstance(found.get(name), list):
                found[name] = [*found[name], *(tag for tag in label if tag not in found[name])]
            elif found.get(name) in (None, "", []):
                found[name] = label
    return found


def read_closing_dates(drafts: Iterable[TicketDraft], form: str) -> str:
    """Note when tickets were closed; where one date is not clear, note none, and return what to say of it."""
    closed = [draft for draft in drafts if not draft.problem and draft.values.get("closed_at")]
    dates = read_dates([draft.values["closed_at"] for draft in closed], form)
    unclear = dates.contradicting or dates.ambiguous or dates.unreadable
    if unclear:
        first = closed[unclear[0]]
        return (
            f"line {first.line}: 'closed_at' is {quoted(first.values['closed_at'])}, which is no clear date, "
            "so nobody knows when tickets were closed: date_format in [tickets] tells the form of dates"
        )
    for draft, moment in zip(closed, dates.moments, strict=True):
        draft.closed = moment
    return ""
