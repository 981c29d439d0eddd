"""Zoho Desk: CSV of tickets and of threads (a row a message), and JSON of its interface."""

from __future__ import annotations

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

_OPENED_BY_AGENTS = frozenset({"phone"})


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    channel = str(first_filled(given, "channel", "Channel") or "").casefold()
    status = str(first_filled(given, "status", "Status") or "").casefold()
    reason = ""
    if is_yes(first_filled(given, "isSpam", "Is Spam", "Spam")):
        reason = SPAM
    elif is_yes(first_filled(given, "isDeleted", "isTrashed", "Is Deleted", "Is Trashed")):
        reason = DELETED
    elif status == "merged" or first_filled(given, "mergedTicketId", "Merged Ticket Id") is not None:
        reason = MERGED
    return InterpretedRecord(given, reason, channel in _OPENED_BY_AGENTS)


FORMAT = ExportFormat(
    name="zoho",
    title="Zoho Desk",
    signs=(
        frozenset({"ticketNumber", "departmentId"}),
        frozenset({"Ticket Id", "Subject", "Created Time"}),
        frozenset({"Ticket Reference Id", "Subject"}),
        frozenset({"Ticket ID", "Subject", "Created Time", "Ticket Owner"}),
        frozenset({"ThreadExtId", "TicketExtId", "Content"}),
    ),
    keys={
        "id": ("Ticket Id", "Ticket ID", "ticketNumber", "TicketExtId", "id", "Ticket Reference Id"),
        "subject": ("Subject", "subject"),
        "body": ("Description", "description", "Content"),
        "created_at": ("Created Time", "createdTime", "ReceivedTime", "SendDateTime"),
        "closed_at": ("Ticket Closed Time", "closedTime"),
        "language": ("Language", "language"),
        "channel": ("Channel", "channel", "Mode"),
        "requester": ("Email", "email", "FromEmailAddress", "Sender Email", "Contact Name"),
    },
    labels={
        "category": ("Category", "category"),
        "subcategory": ("Sub Category", "subCategory"),
        "classification": ("Classification", "Classifications", "classification"),
        "priority": ("Priority", "priority"),
        "team": (
            "Team",
            "team.name",
            "teamId",
            "Department",
            "Department Name",
            "department.name",
            "departmentId",
        ),
        "tags": ("Tags", "tags"),
    },
    interpret=_interpret,
    separator=",",
    translations=DESK,
)
