"""Copies of tickets among the first records of a file: left out where its columns are judged."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from training.exports.guess import look_alikes, near_alikes
from training.exports.records import lookup
from training.exports.texts.later_names import tells_later
from training.exports.values import are_sentences, mean_words, one_value, scalar_text

_FEWEST_IDS = 0.1  # of the rows; a column with fewer values is no id, whatever it is called
_LONG = 6  # words on average, which the values of a field do not have


def without_copies(names: Sequence[str], head: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the records without those of a ticket that another record before has too.

    One ticket stands several times where an export has a line for each change, comment or tag, or was
    joined from copies. Its records are told by their id, by all of their texts, and by the long ones that no
    agent wrote.
    """
    cells = {name: [_cell(record, name) for record in head] for name in names}
    found = list(range(len(head)))
    sentences = [name for name in names if are_sentences([cell for cell in cells[name] if cell])]
    long = [n for n in sentences if not tells_later(n) and mean_words([c for c in cells[n] if c]) >= _LONG]
    for keys in (_ids(names, cells), sentences, long):
        if keys:
            found = _first(found, [tuple(cells[name][row] for name in keys) for row in range(len(head))])
    return [head[row] for row in found]


def _cell(record: Mapping[str, Any], name: str) -> str:
    return scalar_text(one_value(lookup(record, name))) or ""


def _ids(names: Sequence[str], cells: Mapping[str, list[str]]) -> list[str]:
    """Return the column that is called as an id, where it is filled and has the values of one."""
    for name in (*look_alikes("id", names), *near_alikes("id", names)):
        values = cells[name]
        if all(values) and len(set(values)) >= _FEWEST_IDS * len(values):
            return [name]
    return []


def _first(rows: Iterable[int], keys: Sequence[Hashable]) -> list[int]:
    """Return the first row of each key; rows whose key is empty all stay."""
    seen: set[Hashable] = set()
    found = []
    for row in rows:
        key = keys[row]
        if key not in seen or not any(key if isinstance(key, tuple) else (key,)):
            found.append(row)
            seen.add(key)
    return found
