"""ServiceNow: incidents as CSV or workbook (names or labels of columns) and as JSON of its interface."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from training.exports.dates import read_dates
from training.exports.layout import ExportFormat, InterpretedRecord, differ, first_filled
from training.exports.values import named_value
from training.exports.vendors.translations import SERVICENOW

_COMMENTS = "comments", "Additional comments", "Additional comments (Customer visible)"
_COMMENT_KEYS = frozenset(name.casefold() for name in _COMMENTS)
# The line above each comment, in any form of dates and any language:
# 2026-03-04 09:10:00 - Ann Moll (Additional comments)
_HEADING = re.compile(
    r"^[ \t]*(?P<date>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T,]+\d{1,2}[:.]\d{2}[^\s-]*(?: ?[AaPp]\.?[Mm]\.?)?)"
    r" +[-–] +(?P<author>[^\n]+?) ?[(（][^()（）\n]+[)）][ \t]*\r?$",
    re.M,
)


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    values = {key: _shown(value) for key, value in given.items()}
    caller = first_filled(values, "caller_id", "Caller")
    opener = first_filled(values, "opened_by", "Opened by")
    comments = {k: _first_comment(v, caller) for k, v in values.items() if k.casefold() in _COMMENT_KEYS}
    values.update(comments)
    return InterpretedRecord(values, by_agent=differ(caller, opener))


def _first_comment(comments: Any, caller: Any) -> str:
    """Return the caller's oldest comment, "" where none is told to be the caller's.

    A column of comments holds the agents' replies too, the newest first.
    """
    if not isinstance(comments, str) or caller in (None, ""):
        return ""
    headings = list(_HEADING.finditer(comments))
    if not headings:
        return ""
    ends = [heading.start() for heading in headings[1:]] + [len(comments)]
    own = [
        (heading["date"], comments[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
        if not differ(heading["author"], caller)
    ][::-1]
    moments = read_dates([date for date, _ in own]).moments
    known = [moment for moment in moments if moment]
    oldest = moments.index(min(known)) if known and len(known) == len(moments) else 0
    return own[oldest][1] if own else ""


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
        "body": ("description", "Description", *_COMMENTS),
        "created_at": ("opened_at", "sys_created_on", "Opened", "Created"),
        "closed_at": ("resolved_at", "closed_at", "Resolved", "Closed"),
        "language": ("language", "Language"),
        "channel": ("contact_type", "Contact type", "Channel"),
        "requester": ("caller_id", "Caller"),
        "thread": ("parent_incident", "Parent Incident", "problem_id", "Problem"),
    },
    labels={
        "category": ("category", "Category"),
        "subcategory": ("subcategory", "Subcategory"),
        "priority": ("priority", "Priority"),
        "team": ("assignment_group", "Assignment group"),
    },
    interpret=_interpret,
    separator=",",
    agents_open=True,
    translations=SERVICENOW,
)
