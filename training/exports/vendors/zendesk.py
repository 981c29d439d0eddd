"""Zendesk: the JSON export (an object a line), answers of its interface, and the CSV of a view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.exports.layout import (
    DELETED,
    MERGED,
    SPAM,
    ExportFormat,
    InterpretedRecord,
    differ,
    first_filled,
)
from training.exports.vendors.translations import ZENDESK

_MERGED_TAG = "closed_by_merge"  # Zendesk's own, on the ticket that was merged into another one
_STAFF = frozenset({"agent", "admin"})  # the roles of users beside end-user
_SPAM_TAGS = frozenset({"spam", "marked_as_spam", "suspected_spam"})


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    values = dict(given)
    comments = [c for c in values.get("comments") or () if isinstance(c, Mapping)]
    requester = _person(values, "requester")
    first = comments[0] if comments else {}
    by_agent = _is_by_agent(values)
    if comments and requester is not None:
        public = [c for c in comments if c.get("public") is not False]
        asked = next((c for c in public if str(_person(c, "author")) == str(requester)), None)
        by_agent = asked is None
        first = asked or (public or comments)[0]
    if first:
        text = first_filled(first, "html_body", "plain_body", "body")
        values["description"] = text if text is not None else values.get("description")
    return InterpretedRecord(values, _left_out(values), by_agent)


def _person(values: Mapping[str, Any], what: str, key: str = "id") -> Any:
    """Return the id of a person, which stands by itself or in an object; or another key of that object."""
    flat, person = values.get(f"{what}_{key}"), values.get(what)
    return person.get(key) if flat is None and isinstance(person, Mapping) else flat


def _is_by_agent(values: Mapping[str, Any]) -> bool:
    """Tell whether the ticket was sent by a member of staff, for somebody else."""
    role = str(_person(values, "submitter", "role") or "").casefold()
    if role and role not in _STAFF:
        return False
    for key in ("id", "email", "name"):
        persons = _person(values, "submitter", key), _person(values, "requester", key)
        if None not in persons:
            return differ(*persons)
    return bool(role) or differ(values.get("Submitter"), values.get("Requester"))


def _left_out(values: Mapping[str, Any]) -> str:
    status = str(first_filled(values, "status", "Status") or "").casefold()
    tags = first_filled(values, "tags", "Tags") or ()
    names = {str(tag).casefold() for tag in (tags.split() if isinstance(tags, str) else tags)}
    if status == "deleted":
        return DELETED
    if _MERGED_TAG in names:
        return MERGED
    return SPAM if names & _SPAM_TAGS or status == "suspended" else ""


FORMAT = ExportFormat(
    name="zendesk",
    title="Zendesk",
    signs=(
        frozenset({"requester_id", "submitter_id", "via", "subject"}),
        frozenset({"raw_subject", "requester_id", "custom_fields"}),
        frozenset({"requester.id", "submitter.id", "subject"}),
        frozenset({"requester_id", "submitter.id", "subject"}),
        frozenset({"requester.id", "submitter_id", "subject"}),
        frozenset({"requester", "submitter.role", "subject"}),
        frozenset({"requester.id", "via.channel", "subject", "group.id"}),
        frozenset({"Summation column", "Id", "Subject"}),
        frozenset({"Id", "Requester", "Submitter", "Subject", "Via"}),
    ),
    keys={
        "id": ("id", "Id", "ID"),
        "subject": ("subject", "raw_subject", "Subject"),
        "body": ("description", "Description", "comment.body", "Comment"),
        "created_at": ("created_at", "Created at"),
        "channel": ("via.channel", "Via"),
        "requester": (
            "requester.email",
            "via.source.from.address",
            "Requester email",
            "Requester",
            "requester.name",
        ),
        "thread": ("via.source.from.ticket_id", "problem_id"),
    },
    labels={
        "type": ("type", "Ticket type"),
        "priority": ("priority", "Priority"),
        "team": ("group.name", "group_id", "group.id", "Group"),
        "tags": ("tags", "Tags"),
    },
    interpret=_interpret,
    separator=" ",
    translations=ZENDESK,
)
