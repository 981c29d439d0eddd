"""Records of an export before they are understood: rows of a table, JSON objects or mails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

# Spaces that a spreadsheet or a web page leaves in names, and marks that nobody sees.
_BLANK = re.compile(r"[\s\u00a0\u202f]+")
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Record:
    """One row, object or mail and the number of its first line; with a `problem` it cannot be relied on.

    A column that a table has several times has the list of its cells. `entry` is the number of an object in
    the list that its line holds, 0 where the line tells.
    """

    line: int
    values: Mapping[str, Any]
    problem: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file. `columns` are the names of a table; `notes` say what was found out about the file.

    `titles` of custom fields by their ids, and `warnings`, are complete when all records have been read.
    """

    path: Path
    kind: Literal["table", "json", "mail"]
    records: Iterator[Record]
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def column_name(name: str) -> str:
    r"""Return a column's name with plain single spaces and none around it.

    >>> column_name("\ufeff Ticket\u00a0ID ")
    'Ticket ID'
    """
    return _BLANK.sub(" ", _UNSEEN.sub("", name)).strip()


def row_values(columns: Sequence[str], cells: Sequence[Any]) -> dict[str, Any]:
    """Return a row's cells by column; those that are missing at its end are empty."""
    found: dict[str, Any] = {}
    for position, column in enumerate(columns):
        cell = cells[position] if position < len(cells) else ""
        if column not in found:
            found[column] = cell
        elif isinstance(found[column], list):
            found[column].append(cell)
        else:
            found[column] = [found[column], cell]
    return found


def lookup(values: Any, path: str) -> Any:
    """Return what a record has under a key or a dotted path; None where there is nothing.

    Of a list, a number takes one entry, and any other key takes that of each entry. The `value` of a single
    value is that value.

    >>> lookup({"fields": {"priority": {"name": "High"}}}, "fields.priority.name")
    'High'
    >>> lookup({"groups": [{"name": "a"}, {"name": "b"}]}, "groups.name")
    ['a', 'b']
    """
    if isinstance(values, Mapping):
        if path in values:
            return values[path]
        head, dot, rest = path.partition(".")
        while dot:
            if head in values:
                return lookup(values[head], rest)
            more, dot, rest = rest.partition(".")
            head = f"{head}.{more}"
        return None
    if isinstance(values, list):
        head, _, rest = path.partition(".")
        if head.isdecimal():
            entry = values[int(head)] if int(head) < len(values) else None
            return lookup(entry, rest) if rest else entry
        found = [value for value in (lookup(entry, path) for entry in values) if value is not None]
        return found or None
    return values if path == "value" else None  # custom_fields.7.value, as the export had it


def key_paths(values: Any, deepest: int = _DEEPEST) -> Iterator[str]:
    """Yield the keys of an object, and those within it as dotted paths."""
    if isinstance(values, list):
        values = next((entry for entry in values if isinstance(entry, Mapping)), None)
    if not isinstance(values, Mapping):
        return
    for key, value in values.items():
        yield str(key)
        if deepest > 1:
            yield from (f"{key}.{inner}" for inner in key_paths(value, deepest - 1))
