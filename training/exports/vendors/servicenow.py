"""ServiceNow: incidents as CSV or workbook (names or labels of columns) and as JSON of its interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from training.exports.layout import ExportFormat, Understood, differ, first_filled
from training.exports.values import named_value


def _understand(given: Mapping[str, Any]) -> Understood:
    values = {key: _shown(value) for key, value in given.items()}
    caller = first_filled(values, "caller_id", "Caller")
    opener = first_filled(values, "opened_by", "Opened by")
    return Understood(values, by_agent=differ(caller, opener))


def _shown(value: Any) -> Any:
    """Return what people see of a reference, which the interface gives with its link or its key."""
    if isinstance(value, Mapping) and not {"display_value", "link", "value"}.isdisjoint(value):
        shown = value.get("display_value")
        return shown if shown not in (None, "") else named_value(value)
    return value


FORMAT = ExportFormat(
    name="servicenow",
    title="ServiceNow",
    signs=(
        frozenset({"number", "short_description"}),
        frozenset({"number", "assignment_group", "opened_at"}),
        frozenset({"Number", "Short description"}),
        frozenset({"sys_id", "short_description"}),
    ),
    keys={
        "id": ("number", "Number", "sys_id"),
        "subject": ("short_description", "Short description"),
        "body": ("description", "Description", "comments", "Additional comments"),
        "created_at": ("opened_at", "sys_created_on", "Opened", "Created"),
        "language": ("language", "Language"),
        "channel": ("contact_type", "Contact type", "Channel"),
        "requester": ("caller_id", "Caller"),
    },
    labels={
        "category": ("category", "Category"),
        "subcategory": ("subcategory", "Subcategory"),
        "priority": ("priority", "Priority"),
        "team": ("assignment_group", "Assignment group"),
    },
    understand=_understand,
    separator=",",
    agents_open=True,
)
