"""Freshdesk: JSON of the account export (`helpdesk_ticket`) and of its interface, and the CSV of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.language.truth import is_yes
from training.exports.layout import (
    DELETED,
    MERGED,
    SPAM,
    ExportFormat,
    InterpretedRecord,
    first_filled,
)
from training.exports.vendors.translations import DESK

_PRIORITIES = {1: "Low", 2: "Medium", 3: "High", 4: "Urgent"}
_SOURCES = {
    1: "Email",
    2: "Portal",
    3: "Phone",
    4: "Forum",
    5: "Twitter",
    6: "Facebook",
    7: "Chat",
    9: "Feedback Widget",
    10: "Outbound Email",
}
_OPENED_BY_AGENTS = frozenset({"phone", "outbound email"})
# The private note with which Freshdesk closes a ticket that it merges.
_MERGE_NOTE = re.compile(r"\bmerged (?:into|with) (?:the )?ticket\b", re.I)


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    inner = given.get("helpdesk_ticket")
    values = {**inner, "helpdesk_ticket": inner} if isinstance(inner, Mapping) else dict(given)
    if isinstance(values.get("tags"), list):
        values["tags"] = [tag.get("name") if isinstance(tag, Mapping) else tag for tag in values["tags"]]
    values.setdefault("priority_name", _PRIORITIES.get(_number(values.get("priority"))))
    values.setdefault("source_name", _SOURCES.get(_number(values.get("source"))))
    source = str(first_filled(values, "source_name", "Source") or "").casefold()
    return InterpretedRecord(values, _left_out(values), source in _OPENED_BY_AGENTS)


def _number(value: Any) -> int:
    return int(value) if isinstance(value, (int, float)) or str(value).isdecimal() else -1


def _left_out(values: Mapping[str, Any]) -> str:
    if is_yes(values.get("deleted")):
        return DELETED
    if is_yes(values.get("spam")):
        return SPAM
    merged = any(_MERGE_NOTE.search(text) for text in _private_notes(values))
    return MERGED if merged else ""


def _private_notes(values: Mapping[str, Any]) -> list[str]:
    notes = [*(values.get("conversations") or ()), *(values.get("notes") or ())]
    unwrapped = [n.get("note") or n.get("helpdesk_note") or n for n in notes if isinstance(n, Mapping)]
    texts = [n.get("body_text") or n.get("body") for n in unwrapped if is_yes(n.get("private"))]
    return [text[:500] for text in texts if isinstance(text, str)]


FORMAT = ExportFormat(
    name="freshdesk",
    title="Freshdesk",
    signs=(
        frozenset({"helpdesk_ticket.subject"}),
        frozenset({"subject", "responder_id", "fr_escalated"}),
        frozenset({"description_text", "responder_id", "email_config_id"}),
        frozenset({"Ticket ID", "Subject", "Source", "Group", "Created time"}),
    ),
    keys={
        "id": ("display_id", "id", "Ticket ID", "Ticket Id"),
        "subject": ("subject", "Subject"),
        "body": ("description", "description_html", "description_text", "Description"),
        "created_at": ("created_at", "Created time"),
        "closed_at": ("stats.closed_at", "Closed time", "stats.resolved_at", "Resolved time"),
        "channel": ("source_name", "Source"),
        "requester": ("requester.email", "email", "requester_email", "Email", "requester_name"),
    },
    labels={
        "type": ("type", "ticket_type", "Type"),
        "priority": ("priority_name", "Priority"),
        "team": ("group_name", "group.name", "group_id", "Group"),
        "tags": ("tags", "Tags"),
    },
    interpret=_interpret,
    separator=",",
    translations=DESK,
)
