"""Records of an export before they are understood: rows, JSON objects or mails, and what is beside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from training.exports.custom_fields import titles_in

# Spaces that a spreadsheet or a web page leaves in names, and marks that nobody sees.
_BLANK = re.compile(r"[\s\u00a0\u202f]+")
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_DEEPEST = 4
_COUNTING = re.compile(
    r"^(?:grand )?(?:total|gesamt|summ|insgesamt|somm|suma|totaal|razem|łącznie|celkem|итог|всего|yhteensä"
    r"|kokku|kopā|iš viso|totalt|samlet|sammanlagt|count|anzahl"
    r"|合計|合计|总计|總計|総数|합계|총)[^\d]{0,20}\d"
    r"|^[^\W\d][^\d:]{2,30}: ?\d+$|^\d+ (?:tickets?|rows?|records?|cases?)(?: in total)?$",
    re.I,
)
# Keys under which interfaces and exports hold their list of tickets.
LISTS = ("tickets", "results", "result", "records", "issues", "items", "data", "rows", "value", "values")
_NAMES = ("name", "title", "display_name", "displayName")
_OF_PEOPLE = frozenset({"email", "role", "phone"})


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


@dataclass(slots=True)
class Beside:
    """Names by ids that an export has beside its tickets, complete when all its records have been read.

    `titles` are those of custom fields. `names` has those of each other list by the name of one entry: the
    groups' are under `group`. Lists of people are none of them.
    """

    titles: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, around: Mapping[str, Any]) -> None:
        """Take the lists of the object that holds the tickets, and of the objects in it."""
        self.titles.update(titles_in(around))
        for key, value in around.items():
            if isinstance(value, Mapping):
                self.add(value)
            elif isinstance(value, list) and key not in LISTS and (found := _names_in(value)):
                self.names.setdefault(_singular(str(key)), {}).update(found)

    def name_of(self, place: str, value: Any) -> str | None:
        """Return the name of what the value of a place such as `group_id` or `team_assignee_id` identifies.

        >>> beside = Beside()
        >>> beside.add({"groups": [{"id": 7, "name": "Workshop"}]})
        >>> beside.name_of("group_id", 7), beside.name_of("group_id", "8"), beside.name_of("brand_id", 7)
        ('Workshop', None, None)
        """
        of = _without_id(place)
        if not of or isinstance(value, (bool, Mapping, list)):
            return None
        for kind, names in self.names.items():
            if of == kind or of.startswith(f"{kind}_") or of.endswith(f"_{kind}"):
                return names.get(str(value))
        return None


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file. `columns` are the names of a table; `notes` say what was found out about the file.

    `beside` and `warnings` are complete when all records have been read.
    """

    path: Path
    kind: Literal["table", "json", "mail"]
    records: Iterator[Record]
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    beside: Beside = field(default_factory=Beside)
    warnings: list[str] = field(default_factory=list)


def column_name(name: str) -> str:
    r"""Return a column's name with plain single spaces and none around it.

    >>> column_name("\ufeff Ticket\u00a0ID ")
    'Ticket ID'
    """
    return _BLANK.sub(" ", _UNSEEN.sub("", name)).strip()


def is_footer(cells: Sequence[str], width: int) -> bool:
    """Tell whether a row of a table only counts the others: one cell, or a word and a number.

    >>> is_footer(["Total: 12 tickets", "", ""], 3), is_footer(["T-12", "", ""], 3)
    (True, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if width < 3 or not filled or len(filled) > 2 or (len(filled) == 2 and not filled[1].isdecimal()):
        return False
    return _COUNTING.search(" ".join(filled)) is not None


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


def _names_in(entries: Iterable[Any]) -> dict[str, str]:
    """Return the names by ids of a list whose entries all have both; empty for other lists and for people."""
    found: dict[str, str] = {}
    for entry in entries:
        if (
            not isinstance(entry, Mapping)
            or entry.get("id") in (None, "")
            or any(k in entry for k in _OF_PEOPLE)
        ):
            return {}
        name = next((entry[key] for key in _NAMES if isinstance(entry.get(key), str) and entry[key]), None)
        if name is None:
            return {}
        found[str(entry["id"])] = name
    return found


def _singular(name: str) -> str:
    """Return the name of one entry of a list.

    >>> _singular("groups"), _singular("categories"), _singular("statuses")
    ('group', 'category', 'status')
    """
    for plural, single in (("ies", "y"), ("sses", "ss"), ("uses", "us"), ("s", "")):
        if name.endswith(plural):
            return name.removesuffix(plural) + single
    return name


def _without_id(place: str) -> str:
    """Return what a place of an id is of: the team of `fields.team_id`, `team.id` and `teamId`; else ""."""
    outer, _, last = place.rpartition(".")
    if last in ("id", "ID", "Id"):
        return outer.rpartition(".")[2]
    return next((last.removesuffix(end) for end in ("_id", "Id", "_ids") if last.endswith(end)), "")
