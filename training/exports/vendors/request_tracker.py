"""Request Tracker (RT): the tab-separated file of a search, and JSON of REST 2."""

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

_REASONS = {"deleted": DELETED, "rejected": SPAM}


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    values = dict(given)
    reason = _REASONS.get(str(values.get("Status")).casefold(), "")
    effective = _identity(values.get("EffectiveId"))
    if not reason and differ(effective, _identity(values.get("id"))):
        reason = MERGED
    asked = _identity(first_filled(values, "Requestors", "Requestor"))
    return InterpretedRecord(
        values, reason, differ(asked, _identity(first_filled(values, "Creator", "CreatedBy")))
    )


def _identity(value: Any) -> Any:
    """Return who or what a reference means: its id, of a list that of the first."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value.get("id") if isinstance(value, Mapping) else value


FORMAT = ExportFormat(
    name="rt",
    title="Request Tracker",
    signs=(
        frozenset({"id", "Subject", "QueueName"}),
        frozenset({"id", "Subject", "Queue", "Requestors"}),
        frozenset({"id", "Subject", "Queue", "Requestor"}),
        frozenset({"id", "Subject", "Status", "Queue", "Created"}),
        frozenset({"id", "Subject", "Status", "Queue", "EffectiveId"}),
    ),
    keys={
        "id": ("id",),
        "subject": ("Subject",),
        "body": ("Content", "Description", "Transactions.Content", "history.Content"),
        "created_at": ("Created", "CreatedRelative"),
        "closed_at": ("Resolved",),
        "language": ("CustomFields.Language", "CF.{Language}"),
        "requester": ("Requestors", "Requestor.EmailAddress", "Requestor.id"),
    },
    labels={
        "team": ("QueueName", "Queue.Name", "Queue"),
        "priority": ("Priority",),
    },
    interpret=_interpret,
    separator=",",
    agents_open=True,
)
