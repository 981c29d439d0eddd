"""Messages: of exports with a row a message, the first one of the customer is the ticket."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from models.language.truth import is_no, is_yes
from models.text.mails.subject import strip_prefixes
from training.exports.dates import read_dates
from training.exports.guess import is_opening_time
from training.exports.layout import LATER

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
_OF_CUSTOMERS = re.compile(
    r"in|inbound|incoming|received|customer.*|end.?user|client|contact|requester|user|visitor|reporter"
)
_OF_AGENTS = re.compile(
    r"out|outbound|outgoing|sent|agent|staff|operator|admin|employee|support|bot|system|technician|internal.*|note"
)


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
    problem: str = ""
    roles: bool = False  # whether the export says who wrote it
    entry: int = 0  # in the list that the line holds


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
    if _OF_CUSTOMERS.fullmatch(text):
        return True
    return False if _OF_AGENTS.fullmatch(text) else None


def customer_s_first(messages: Sequence[Any]) -> Any:
    """Return the message with which a ticket began: the customer's oldest one, where the messages tell.

    >>> customer_s_first([{"from_agent": True, "text": "Hi"}, {"from_agent": False, "text": "Help"}])["text"]
    'Help'
    """
    drafts = [TicketDraft(number, {"message": message}) for number, message in enumerate(messages)]
    for draft in drafts:
        note_author(draft, dict(_one_level(draft.values["message"])))
    dates = read_dates([_written_at(message) for message in messages])
    if all(dates.moments):
        for draft, moment in zip(drafts, dates.moments, strict=True):
            draft.moment = moment
    return _first(sorted(drafts, key=_time)).values["message"]


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


def mark_later_messages(drafts: Sequence[TicketDraft]) -> None:
    """Mark the later messages of each ticket as left out, and give its first one what only they say.

    Rows with one id are messages of one ticket where they have one subject and different texts. A label that
    only some of them carry is that of the ticket.
    """
    groups: dict[Any, list[TicketDraft]] = {}
    for draft in drafts:
        if draft.values.get("id") and not draft.problem:
            groups.setdefault(draft.values["id"], []).append(draft)
    for group in groups.values():
        if len(group) > 1 and _is_one_conversation(group):
            _choose(group)


def _is_one_conversation(group: Sequence[TicketDraft]) -> bool:
    subjects = {_subject(draft) for draft in group} - {""}
    bodies = {draft.values.get("body") for draft in group}
    if len(bodies) == 1 or len(subjects) > 1:
        return False
    return bool(subjects) or any(draft.roles or draft.private for draft in group)


def _subject(draft: TicketDraft) -> str:
    return strip_prefixes(str(draft.values.get("subject") or "")).casefold().strip()


def _choose(group: Sequence[TicketDraft]) -> None:
    ordered = sorted(group, key=_time) if all(draft.moment for draft in group) else list(group)
    first = _first(ordered)
    subject = next((d.values["subject"] for d in ordered if d.values.get("subject")), None)
    first.values["subject"] = first.values.get("subject") or subject
    first.values["labels"] = _labels_of_all(ordered)
    for draft in group:
        if draft is not first:
            draft.left_out = LATER


def _first(ordered: Sequence[TicketDraft]) -> TicketDraft:
    seen = [draft for draft in ordered if not draft.private] or ordered
    customer = next((draft for draft in seen if draft.by_customer), None)
    return customer or next((draft for draft in seen if not draft.by_agent), seen[0])


def _time(draft: TicketDraft) -> datetime:
    return draft.moment or datetime.max


def _labels_of_all(drafts: Iterable[TicketDraft]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for draft in drafts:
        for name, label in (draft.values.get("labels") or {}).items():
            if found.get(name) in (None, "", []):
                found[name] = label
    return found
