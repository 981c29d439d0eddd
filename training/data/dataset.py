"""Reader of helpdesk exports, JSONL or CSV, as tickets; errors name the file and line."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from models.classifiers.fields import Label
from models.errors import DataFileError
from models.language.codes import parse_code
from models.storage.csv_table import CsvRow, iter_rows
from models.storage.jsonl import iter_lines, parse_object
from models.wording import counted
from training.data.columns import ColumnUse, nearest_name
from triage.settings import TicketColumns
from triage.ticket import Ticket

_TEXT_KEYS = ("id", "subject", "body", "channel", "requester")
_KEYS = (*_TEXT_KEYS, "language", "created_at", "attributes", "current", "undone", "headers", "is_machine")
_EXPECTED = "tickets as .jsonl, .csv or .tsv, each also as .gz"
_TABLES = ".csv", ".tsv"
_WORKBOOKS = ".xlsx", ".xls", ".ods"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: the cells of each column, several where columns have one name."""

    cells: Mapping[str, Sequence[str]]
    problem: str = ""

    def first(self, column: str) -> str:
        """Return the first cell of a column that is not empty, "" where there is none."""
        return next((cell for cell in self.cells.get(column, ()) if cell), "")


@dataclass(frozen=True, slots=True)
class LoadedTickets:
    """The tickets of some files, a message for each line that was skipped, and which columns were read."""

    tickets: list[Ticket]
    skipped: list[str] = field(default_factory=list)
    columns: ColumnUse = field(default_factory=ColumnUse)


def read_tickets(
    paths: Sequence[Path],
    columns: TicketColumns | None = None,
    *,
    fields: Collection[str] = (),
    tag_fields: Collection[str] = (),
    labelled: bool = True,
    skip_bad: bool = False,
) -> LoadedTickets:
    """Read ticket files (`.jsonl`, `.csv` or `.tsv`, each also as `.gz`) in the order given.

    A CSV cell of one of `tag_fields` holds several values between separators, several columns of its name
    hold several values, and where all are empty the ticket has none. CSV needs the columns of labels only
    where the tickets are `labelled`. Where `fields` are given, labels of others count as columns not read.

    Raises:
        DataFileError: a file is missing or of another kind, a line does not parse, or an id occurs
            twice; with `skip_bad`, bad lines are skipped and listed instead.
    """
    found, columns = LoadedTickets([]), columns or TicketColumns()
    seen: dict[str, str] = {}
    for path in paths:
        for line, raw in _records(path, columns, found.columns, labelled=labelled):
            place = f"{path}, line {line}"
            try:
                if isinstance(raw, _Row):
                    ticket = _from_csv(raw, columns, tag_fields)
                else:
                    record = parse_object(raw)
                    ticket = ticket_from_record(record)
                    found.columns.add(*_keys(record, fields))
                if ticket.id in seen:
                    raise ValueError(f"the id {ticket.id!r} occurred before, in {seen[ticket.id]}")
            except ValueError as error:
                if not skip_bad:
                    raise DataFileError(
                        f"{place}: {error}. Mend the line, or skip such lines with --skip-bad."
                    ) from error
                found.skipped.append(f"{place}: {error}")
                continue
            seen[ticket.id] = place
            found.tickets.append(ticket)
    return found


def _records(
    path: Path, columns: TicketColumns, use: ColumnUse, *, labelled: bool
) -> Iterator[tuple[int, bytes | _Row]]:
    """Yield (line number, raw record): a JSON line, or a CSV row."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(_WORKBOOKS):
        raise DataFileError(f"{path} is a workbook: expected {_EXPECTED}; save its sheet as CSV in UTF-8")
    if name.endswith(_TABLES):
        return _csv_rows(path, columns, use, labelled=labelled)
    return ((number, line) for number, line in iter_lines(path, _EXPECTED) if line.strip())


def _keys(record: Mapping[str, Any], fields: Collection[str]) -> tuple[list[str], Collection[str]]:
    """Return the keys of a JSON line, those of its labels among them, and the keys that are read."""
    labels = [f"labels.{name}" for name in record.get("labels") or ()]
    return [*(key for key in record if key != "labels"), *labels], {
        *_KEYS,
        *((f"labels.{name}" for name in fields) if fields else labels),
    }


def _csv_rows(
    path: Path, columns: TicketColumns, use: ColumnUse, *, labelled: bool
) -> Iterator[tuple[int, _Row]]:
    rows = iter_rows(path, _EXPECTED)
    header = next(rows).cells
    _require_columns(path, header, columns, labelled=labelled)
    texts = [getattr(columns, key) for key in (*_TEXT_KEYS, "language", "created_at")]
    use.add(header, {*texts, *columns.attributes, *(columns.labels.values() if labelled else ())})
    return ((row.line, _row(header, row)) for row in rows)


def _row(header: Sequence[str], row: CsvRow) -> _Row:
    found: dict[str, list[str]] = {}
    for column, cell in zip_longest(header, row.cells[: len(header)], fillvalue=""):
        found.setdefault(column, []).append(cell)
    surplus = len(row.cells) - len(header)
    too_many = f"the row has {counted(surplus, 'cell')} more than the header" if surplus > 0 else ""
    return _Row(found, row.problem or too_many)


def _require_columns(path: Path, found: Sequence[str], columns: TicketColumns, *, labelled: bool) -> None:
    wanted = [columns.id, *(columns.labels.values() if labelled else ()), *columns.attributes]
    if columns.subject not in found:
        wanted.append(columns.body)
    missing = [column for column in wanted if column not in found]
    if missing:
        near = {name: nearest_name(name, set(found) - set(wanted)) for name in missing}
        meant = "; ".join(f"did you mean {other!r} for {name!r}?" for name, other in near.items() if other)
        raise DataFileError(
            f"{path}, line 1: there is no column {missing}, found {list(found)}: set [tickets] in triage.toml"
            f"{f' ({meant})' if meant else ''}"
        )


def ticket_from_record(record: Mapping[str, Any]) -> Ticket:
    """Build a ticket from the JSON form; keys that are not part of it are ignored.

    A language that is no code is passed over: the text tells it. Subject and body may be empty, as in
    tickets that are nothing but a file.

    Raises:
        ValueError: a key has the wrong type, or the id is missing.
    """
    texts: dict[str, str | None] = {}
    for key in _TEXT_KEYS:
        value = record.get(key)
        if key == "id" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{key!r} is {type(value).__name__}, expected a string")
        texts[key] = value
    if not texts["id"]:
        raise ValueError("there is no 'id'")
    return Ticket(
        id=texts["id"],
        subject=texts["subject"] or "",
        body=texts["body"] or "",
        language=parse_code(record.get("language")),
        created_at=_date(record.get("created_at")),
        channel=texts["channel"] or None,
        requester=texts["requester"] or None,
        attributes=_attributes(record.get("attributes")),
        labels=_labels(record.get("labels")),
        current=_labels(record.get("current"), "current"),
        undone=frozenset(_undone(record.get("undone"))),
        headers=_attributes(record.get("headers"), "headers"),
        is_machine=_is_machine(record.get("is_machine")),
    )


def _from_csv(row: _Row, columns: TicketColumns, tag_fields: Collection[str]) -> Ticket:
    if row.problem:
        raise ValueError(row.problem)
    labels: dict[str, Any] = {}
    for name, column in columns.labels.items():
        if name not in tag_fields:
            labels[name] = row.first(column)
        elif column in row.cells:
            labels[name] = [tag for cell in row.cells[column] for tag in cell.split(columns.separator)]
    keys = {key: getattr(columns, key) for key in (*_TEXT_KEYS, "language", "created_at")}
    record: dict[str, Any] = {key: row.first(column) or None for key, column in keys.items()}
    record["created_at"] = _iso_date(record["created_at"], columns.date_format)
    record["attributes"] = {column: row.first(column) for column in columns.attributes if row.first(column)}
    return ticket_from_record({**record, "labels": labels})


def _iso_date(cell: str | None, form: str) -> str | None:
    if not cell or not form:
        return cell
    try:
        return datetime.strptime(cell.strip(), form).isoformat()
    except ValueError as error:
        raise ValueError(
            f"'created_at' is {cell!r}, expected the form {form!r} (tickets.date_format)"
        ) from error


def _date(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        date = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"'created_at' is {value!r}, expected ISO 8601 like 2026-01-31T09:30:00+02:00; "
            "for the dates of a table, tickets.date_format in triage.toml tells another form"
        ) from error
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _undone(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"'undone' is {value!r}, expected a list of field names")
    return value


def _is_machine(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"'is_machine' is {value!r}, expected true or false")


def _attributes(value: Any, key: str = "attributes") -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{key!r} is {type(value).__name__}, expected an object")
    return {str(k): str(v) for k, v in value.items() if v is not None and not isinstance(v, (dict, list))}


def _labels(value: Any, key: str = "labels") -> dict[str, Label]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{key!r} is {type(value).__name__}, expected an object")
    labels: dict[str, Label] = {}
    for name, label in value.items():
        if isinstance(label, list):
            tags = [_value(name, tag) for tag in label]
            labels[name] = tuple(dict.fromkeys(tag for tag in tags if tag))
        elif text := _value(name, label):
            labels[name] = text
    return labels


def _value(name: str, value: Any) -> str:
    """Return one value of a label as text.

    Whole numbers, as many helpdesks have for priorities, are their digits, also where a table made
    fractions of them (`3.0`) because some are missing (`NaN`).
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    raise ValueError(f"label {name!r} is {value!r:.80}, expected a string, a number or a list of these")
