"""django-helpdesk: JSON of its interface (`results`) and of `manage.py dumpdata helpdesk`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.exports.layout import MERGED, NOT_A_TICKET, ExportFormat, InterpretedRecord

_MODEL, _QUEUE = "helpdesk.ticket", "helpdesk.queue"
_PRIORITIES = {1: "Critical", 2: "High", 3: "Normal", 4: "Low", 5: "Very Low"}
_DUPLICATE = 5  # the status of a ticket that was closed as a duplicate


class _Reader:
    """Understands the records of a file; those of queues come before their tickets and name them."""

    def __init__(self) -> None:
        self._queues: dict[Any, Any] = {}

    def __call__(self, given: Mapping[str, Any]) -> InterpretedRecord:
        fields = given.get("fields")
        if not isinstance(fields, Mapping) or "model" not in given:
            return _interpret(given)
        if given["model"] == _QUEUE:
            self._queues[given.get("pk")] = fields.get("title")
        if given["model"] != _MODEL:
            return InterpretedRecord(given, NOT_A_TICKET)
        queue = self._queues.get(fields.get("queue"), fields.get("queue"))
        return _interpret({**fields, **given, "id": given.get("pk"), "queue": queue})


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    values = dict(given)
    priority = values.get("priority")
    values["priority_name"] = _PRIORITIES.get(priority, priority) if isinstance(priority, int) else priority
    steps = [step for step in values.get("followup_set") or () if isinstance(step, Mapping)]
    if not values.get("created") and steps:
        values["created"] = min((str(s["date"]) for s in steps if s.get("date")), default=None)
    merged = values.get("merged_to") is not None or values.get("status") == _DUPLICATE
    return InterpretedRecord(values, MERGED if merged else "")


FORMAT = ExportFormat(
    name="django-helpdesk",
    title="django-helpdesk",
    signs=(
        frozenset({"queue", "title", "submitter_email"}),
        frozenset({"model", "pk", "fields.queue"}),
        frozenset({"model", "pk", "fields.submitter_email"}),
        frozenset({"model", "pk", "fields.slug", "fields.allow_email_submission"}),
    ),
    keys={
        "id": ("id",),
        "subject": ("title",),
        "body": ("description",),
        "created_at": ("created",),
        "requester": ("submitter_email",),
    },
    labels={
        "team": ("queue.title", "queue"),
        "priority": ("priority_name",),
    },
    new_reader=_Reader,
)
