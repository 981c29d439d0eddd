"""Report of a check: the summary of files in plain words, for a terminal and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.language.codes import UNKNOWN
from models.wording import counted
from training.checking.draft import forms_of
from training.checking.summary import Example, FieldSummary, TicketsSummary

_VALUES = 12
_LINES = 10
_FEW_TICKETS = 10


def tickets_report(summary: TicketsSummary) -> str:
    """Return what `triage check` prints of files of tickets."""
    return "\n".join(_lines(summary))


def _lines(summary: TicketsSummary) -> Iterator[str]:
    yield f"{counted(summary.records, 'record')} read, {counted(summary.tickets, 'ticket')} understood"
    yield from _block("How it was read", summary.notes)
    if forms := forms_of(summary):
        yield "\nThese files have different forms"
        yield from (f"  {path}: {form}" for path, form in forms.items())
        yield "  [tickets] in triage.toml describes one form, so nothing is drafted: check them one by one"
    yield from _block("Columns", _columns(summary))
    yield "\nTickets as they are understood"
    yield (
        f"  (cleaning took markup, quotes or signatures from {summary.cleaned:,} of "
        f"{counted(summary.sampled, 'ticket')})"
    )
    for example in summary.examples:
        yield from _example(example)
    yield from _block("Fields", [line for field in summary.fields for line in _field(field)] or ["  none"])
    yield from _block("Languages", [_shares(summary.languages, summary.sampled)])
    yield from _block("Dates", [_dates(summary)])
    yield from _block("Duplicates", [_duplicates(summary)])
    left_out = [f"{count:,}: {reason}" for reason, count in summary.left_out.items()]
    yield from _block("Left out of a training, and why", left_out or ["nothing"])
    yield from _block("Lines that cannot be read", summary.unreadable[:_LINES])
    tags = f"tags seem to be separated by {summary.separator!r}: set separator in [tickets]"
    yield from _block("Doubtful", [*summary.warnings, *([tags] if summary.separator else [])])


def _block(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        yield from (line if line.startswith("  ") else f"  {line}" for line in lines)


def _columns(summary: TicketsSummary) -> list[str]:
    named = (("read", summary.columns.read), ("not read", summary.columns.unread))
    return [f"{what}: {', '.join(names)}" for what, names in named if names]


def _example(example: Example) -> Iterator[str]:
    yield f"  {example.id} ({example.place})" if example.place else f"  {example.id}"
    for title, text in (("as it came", example.before), ("as it is read", example.after)):
        yield f"    {title}:"
        yield from (f"      {line}" for line in text.splitlines() or [""])
    labels = "; ".join(f"{name}: {', '.join(values) or 'none'}" for name, values in example.labels.items())
    yield f"    values: {labels or 'none'}"


def _field(field: FieldSummary) -> Iterator[str]:
    source = f" (from {', '.join(map(repr, field.columns))})" if field.columns else ""
    values = counted(len(field.counts), "value")
    yield f"  {field.name}{source}: {counted(field.labelled, 'ticket')}, {values}"
    if field.people:
        yield f"    the values are not listed: {field.people}; people are seldom a field to predict"
        return
    shown = ", ".join(f"{value} {count:,}" for value, count in field.counts.most_common(_VALUES))
    more = len(field.counts) - _VALUES
    yield f"    {shown or 'no value'}{f' and {more:,} more' if more > 0 else ''}"
    rare = sum(count < _FEW_TICKETS for count in field.counts.values())
    if rare:
        yield f"    {counted(rare, 'value')} with fewer than {_FEW_TICKETS} tickets: these are seldom applied"


def _shares(languages: Counter[str], sampled: int) -> str:
    shown = ", ".join(f"{code} {count / sampled:.0%}" for code, count in languages.most_common(_VALUES))
    return f"{shown or 'none'} (of {counted(sampled, 'ticket')}; {UNKNOWN}: cannot be told)"


def _dates(summary: TicketsSummary) -> str:
    if summary.first is None or summary.last is None:
        return "no ticket has a date: training holds out random tickets in place of the newest"
    missing = summary.tickets - summary.dated
    without = f"; {counted(missing, 'ticket')} without a date" if missing else ""
    return f"{summary.first:%Y-%m-%d} to {summary.last:%Y-%m-%d}{without}"


def _duplicates(summary: TicketsSummary) -> str:
    if not summary.repeated:
        return "no two tickets have the same subject and text"
    repeat = "repeats" if summary.repeated == 1 else "repeat"
    return f"{counted(summary.repeated, 'ticket')} {repeat} the subject and text of an earlier one"


def tickets_data(summary: TicketsSummary) -> Mapping[str, Any]:
    """Return the summary for programs."""
    return {
        "kind": "tickets",
        "files": [str(path) for path in summary.paths],
        "formats": {str(file.path): file.known.name if file.known else None for file in summary.files},
        "records": summary.records,
        "tickets": summary.tickets,
        "columns": {"read": list(summary.columns.read), "unread": list(summary.columns.unread)},
        "examples": [
            {"id": e.id, "place": e.place, "before": e.before, "after": e.after, "labels": e.labels}
            for e in summary.examples
        ],
        "fields": {
            f.name: {
                "columns": list(f.columns),
                "labelled": f.labelled,
                "values": {} if f.people else dict(f.counts.most_common()),
                "people": f.people,
            }
            for f in summary.fields
        },
        "languages": dict(summary.languages.most_common()),
        "dates": {
            "first": summary.first.isoformat() if summary.first else None,
            "last": summary.last.isoformat() if summary.last else None,
            "dated": summary.dated,
        },
        "repeated": summary.repeated,
        "left_out": summary.left_out,
        "unreadable": summary.unreadable,
        "notes": summary.notes,
        "warnings": summary.warnings,
    }
