"""Columns of roles: found by their form among those of a file with a row a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.language.truth import is_no, is_yes
from training.exports.records import lookup
from training.exports.roles.words import OPPOSITES, Role, role_of
from training.exports.values import is_no_value, one_value, scalar_text

_MOST_COLUMNS = 300
_MOST_CHARS = 40
_MOST_VALUES = 8  # of a column whose values words tell
_FEW = 3  # where one value tells what the others are
_MOSTLY = 0.5  # of the tickets with several rows, where words tell nothing or half of it


@dataclass(frozen=True, slots=True)
class FoundRoles:
    """Roles in the rows of a file: `columns` have that of each value, and `unclear` columns none."""

    columns: dict[str, dict[str, Role]] = field(default_factory=dict)
    unclear: dict[str, Counter[str]] = field(default_factory=dict)
    rows: list[set[Role]] = field(default_factory=list)


class RoleColumns:
    """Values of the columns that may hold roles, row by row; one with many or long values is forgotten."""

    def __init__(self, names: Sequence[str]) -> None:
        self._rows = 0
        self._values: dict[str, dict[str, int]] = {name: {} for name in names[:_MOST_COLUMNS] if name}
        self._cells: dict[str, list[int]] = {name: [] for name in self._values}

    def add(self, values: Mapping[str, Any]) -> None:
        """Add a row; one that could not be read has no values, and keeps its place."""
        self._rows += 1
        for name in list(self._values):
            text = scalar_text(one_value(lookup(values, name)))
            known = self._values[name]
            if text is None or len(text) > _MOST_CHARS:
                del self._values[name], self._cells[name]
                continue
            number = known.setdefault("" if is_no_value(text) else text, len(known))
            self._cells[name].append(number)
            if len(known) > _MOST_VALUES:
                del self._values[name], self._cells[name]

    def found(self, tickets: Sequence[Sequence[int]]) -> FoundRoles:
        """Return the roles, given the rows of each ticket that has several messages.

        A role differs among the messages of a ticket. Where words tell one of two or three values, the others
        are of the opposite side.
        """
        result = FoundRoles(rows=[set() for _ in range(self._rows)])
        for name, known in self._values.items():
            cells, empty = self._cells[name], known.get("")
            varying = sum(len({cells[row] for row in rows} - {empty}) > 1 for rows in tickets)
            if not varying:
                continue
            values = [value for value in known if value]
            is_usual = varying >= _MOSTLY * len(tickets)
            if roles := _roles(name, values, is_usual=is_usual):
                result.columns[name] = roles
                for row, number in enumerate(cells):
                    result.rows[row].add(roles.get(list(known)[number], ""))
            elif is_usual and 2 <= len(values) <= _FEW and not all(map(_is_mark, values)):
                counts = Counter(list(known)[number] for number in cells)
                result.unclear[name] = Counter({value: counts[value] for value in values})
        if result.columns:
            result.unclear.clear()
        return result


def _roles(name: str, values: Sequence[str], *, is_usual: bool) -> dict[str, Role]:
    """Return the role of each value; empty where words do not tell them."""
    if all(is_yes(value) or is_no(value) for value in values):
        role = role_of(name)
        return {value: role if is_yes(value) else OPPOSITES[role] for value in values} if role else {}
    told = {value: role_of(value) for value in values}
    sides = set(told.values()) - {""}
    if len(sides) > 1:
        return told
    if not is_usual or len(values) > _FEW or not sides:
        return {}
    (side,) = sides
    return {value: role or OPPOSITES[side] for value, role in told.items()} if "" in told.values() else {}


def _is_mark(value: str) -> bool:
    """Tell whether a value is a yes, a no or a number, as in many columns."""
    return is_yes(value) or is_no(value) or value.replace(".", "").isdecimal()
