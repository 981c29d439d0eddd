"""Validation of matrix, rules and SLA: every field and value that they name must exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from models.classifiers.fields import label_values
from triage.settings.fields import FieldSettings
from triage.settings.rules import Condition, Matrix, Rule, Sla, SlaTarget

Fields = Mapping[str, FieldSettings]


def rule_problems(
    fields: Fields, matrices: Mapping[str, Matrix], rules: Sequence[Rule], sla: Sla
) -> list[str]:
    """Return, in words, all that cannot be: each with its place, what was found and what was expected."""
    problems = [p for name, matrix in matrices.items() for p in _matrix(name, matrix, fields, matrices)]
    problems += _twice("rules", [rule.name for rule in rules])
    problems += [p for rule in rules for p in _rule(f"rules, {rule.name!r}", rule, fields)]
    problems += _twice("sla.targets", [target.name for target in sla.targets])
    for target in sla.targets:
        problems += _when(f"sla.targets, {target.name!r}", target.when, fields)
    return problems + list(_never_reached(sla.targets))


def _matrix(name: str, matrix: Matrix, fields: Fields, matrices: Mapping[str, Matrix]) -> Iterator[str]:
    place = f"matrix.{name}"
    named = [name, matrix.rows, matrix.columns]
    broken = [problem for one in named for problem in _ordinal(place, one, fields)]
    yield from broken
    if len(set(named)) < 3:
        yield f"{place}: found the fields {named}, expected three different ones"
    for derived in {matrix.rows, matrix.columns} & matrices.keys() - {name}:
        yield f"{place}: {derived!r} follows from a matrix itself, expected a field that is predicted"
    if broken:
        return
    rows, columns = fields[matrix.rows].values, fields[matrix.columns].values
    for row, column in ((row, column) for row in rows for column in columns):
        if column not in matrix.cells.get(row, {}):
            yield (
                f"{place}.cells: there is no cell for {matrix.rows} {row!r} and {matrix.columns} "
                f"{column!r}: write {row} = {{ {column} = … }}"
            )
    for row, cells in matrix.cells.items():
        if row not in rows:
            yield (
                f"{place}.cells: found the row {row!r}, expected the values of {matrix.rows!r}, {list(rows)}"
            )
        for column, value in cells.items():
            if column not in columns:
                yield (
                    f"{place}.cells.{row}: found the column {column!r}, expected the values of "
                    f"{matrix.columns!r}, {list(columns)}"
                )
            yield from _value(f"{place}.cells.{row}.{column}", name, value, fields)


def _rule(place: str, rule: Rule, fields: Fields) -> Iterator[str]:
    yield from _when(place, rule.when, fields)
    for name, value in rule.set.items():
        if name in fields and fields[name].kind != "tags" and not isinstance(value, str):
            yield f"{place}, set: found the list {list(value)} for {name!r}, which takes one value"
        for one in label_values(value):
            yield from _value(f"{place}, set", name, one, fields)
        if not value:
            yield from _unknown_field(f"{place}, set", name, fields)
    for key, moved in (("raise_by", rule.raise_by), ("lower_by", rule.lower_by)):
        for name in moved:
            yield from _ordinal(f"{place}, {key}", name, fields)
    for key, bounds in (("at_least", rule.at_least), ("at_most", rule.at_most)):
        for name, value in bounds.items():
            broken = list(_ordinal(f"{place}, {key}", name, fields))
            yield from broken or _value(f"{place}, {key}", name, value, fields)
    for name in rule.at_least.keys() & rule.at_most.keys() & fields.keys():
        order = list(fields[name].values)
        low, high = rule.at_least[name], rule.at_most[name]
        if low in order and high in order and order.index(low) > order.index(high):
            yield f"{place}: at_least {low!r} lies above at_most {high!r} of {name!r}: exchange them"


def _when(place: str, when: Condition, fields: Fields) -> Iterator[str]:
    for name, values in when.fields.items():
        for value in values:
            yield from _value(f"{place}, when", name, value, fields)
    if when.min_confidence is not None and not when.fields:
        yield f"{place}, when: min_confidence counts for `fields` only: add fields.NAME = …, or leave it out"


def _value(place: str, name: str, value: str, fields: Fields) -> Iterator[str]:
    yield from _unknown_field(place, name, fields)
    if name not in fields:
        return
    expected = fields[name].allowed or fields[name].values
    if expected and value not in expected:
        yield f"{place}: found the value {value!r} of {name!r}, expected one of {list(expected)}"


def _ordinal(place: str, name: str, fields: Fields) -> Iterator[str]:
    yield from _unknown_field(place, name, fields)
    if name in fields and fields[name].kind != "ordinal":
        yield (
            f"{place}: the field {name!r} is a {fields[name].kind}, expected an ordinal: "
            f'set kind = "ordinal" and its `values` under [fields.{name}]'
        )


def _unknown_field(place: str, name: str, fields: Fields) -> Iterator[str]:
    if name not in fields:
        known = f"expected one of {list(fields)}" if fields else "none is configured"
        yield f"{place}: there is no field {name!r}, {known}: correct it, or add [fields.{name}]"


def _twice(place: str, names: Iterable[str]) -> list[str]:
    return [
        f"{place}: the name {name!r} occurs {count} times, expected each name once"
        for name, count in Counter(names).items()
        if count > 1
    ]


def _never_reached(targets: Sequence[SlaTarget]) -> Iterator[str]:
    for earlier, later in pairwise(targets):
        if earlier.when == Condition():
            yield (
                f"sla.targets, {later.name!r}: is never reached, since {earlier.name!r} before it is for all "
                f"tickets: put that one last, or give it a `when`"
            )
