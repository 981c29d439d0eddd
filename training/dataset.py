"""A helpdesk's export, JSONL or CSV, as tickets; what cannot be read is named by file and line."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from models.fields import Label
from triage.settings import TicketColumns
from triage.ticket import Ticket

_TEXT_KEYS = ("id", "subject", "body", "language", "channel", "requester")


@dataclass(frozen=True, slots=True)
class Tickets:
    """What was read, and a message for each line that was skipped."""

    tickets: list[Ticket]
    skipped: list[str] = field(default_factory=list)


def read_tickets(
    paths: Sequence[Path],
    columns: TicketColumns | None = None,
    *,
    tag_fields: Collection[str] = (),
    skip_bad: bool = False,
) -> Tickets:
    """Read ticket files (`.jsonl` or `.csv`, each also as `.gz`) in the order given.

    A CSV cell of one of `tag_fields` holds several values between separators.

    Raises:
        DataFileError: a file is missing or of another kind, a line does not parse, or an id occurs
            twice; with `skip_bad`, bad lines are skipped and listed instead.
    """
    found = Tickets([])
    seen: dict[str, str] = {}
    for path in paths:
        for line, raw in _records(path):
            place = f"{path}, line {line}"
            try:
                if _is_csv(path):
                    ticket = _from_csv(raw, columns or TicketColumns(), tag_fields)
                else:
                    ticket = _from_json(raw)
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


def _is_csv(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(".csv")


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line number, raw record): bytes of a JSON line, or a CSV row as a mapping."""
    if not path.is_file():
        raise DataFileError(
            f"there is no file {path}: expected tickets as .jsonl, .jsonl.gz, .csv or .csv.gz"
        )
    opener: Any = gzip.open if path.name.endswith(".gz") else open
    try:
        with opener(path, "rb") as stream:
            if _is_csv(path):
                yield from _csv_rows(path, stream)
            else:
                yield from ((n, raw) for n, raw in enumerate(stream, 1) if raw.strip())
    except (OSError, EOFError) as error:
        raise DataFileError(f"{path} cannot be read: {error}. Export it again.") from error


def _csv_rows(path: Path, stream: Any) -> Iterator[tuple[int, Mapping[str, str]]]:
    csv.field_size_limit(1 << 30)
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        rows = csv.DictReader(text)
        try:
            for row in rows:
                yield rows.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            place = f"{path}, line {rows.line_num + 1}"
            raise DataFileError(f"{place}: {error}. Export it as UTF-8 CSV.") from error


def _from_json(raw: bytes) -> Ticket:
    try:
        record = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"the line is not UTF-8 ({error.reason} at byte {error.start})") from error
    except ValueError as error:
        raise ValueError(f"the line is not JSON ({error})") from error
    if not isinstance(record, dict):
        raise ValueError(f"found {type(record).__name__}, expected an object with id, subject and body")
    return ticket_from_record(record)


def ticket_from_record(record: Mapping[str, Any]) -> Ticket:
    """Build a ticket from the JSON form; keys that are not part of it are ignored.

    Raises:
        ValueError: a key has the wrong type, or id or text is missing.
    """
    texts: dict[str, str | None] = {}
    for key in _TEXT_KEYS:
        value = record.get(key)
        if key == "id" and isinstance(value, int):
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{key!r} is {type(value).__name__}, expected a string")
        texts[key] = value
    if not texts["id"]:
        raise ValueError("there is no 'id'")
    if not (texts["subject"] or "").strip() and not (texts["body"] or "").strip():
        raise ValueError("'subject' and 'body' are both empty or missing")
    return Ticket(
        id=texts["id"],
        subject=texts["subject"] or "",
        body=texts["body"] or "",
        language=texts["language"] or None,
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


def _from_csv(row: Mapping[str | None, Any], columns: TicketColumns, tag_fields: Collection[str]) -> Ticket:
    if None in row:
        raise ValueError(f"the row has {len(row[None])} cells more than the header")
    wanted = [columns.id, *columns.labels.values(), *columns.attributes]
    if columns.subject not in row:
        wanted.append(columns.body)
    missing = [column for column in wanted if column not in row]
    if missing:
        raise ValueError(f"there is no column {missing}, found {list(row)}: set [tickets] in triage.toml")
    labels: dict[str, Any] = {}
    for name, column in columns.labels.items():
        cell = row[column] or ""
        labels[name] = cell.split(columns.separator) if name in tag_fields and cell else cell
    keys = {key: getattr(columns, key) for key in (*_TEXT_KEYS, "created_at")}
    record: dict[str, Any] = {key: row.get(column) or None for key, column in keys.items()}
    record["attributes"] = {column: row[column] for column in columns.attributes if row[column]}
    return ticket_from_record({**record, "labels": labels})


def _date(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        date = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"'created_at' is {value!r}, expected ISO 8601 like 2026-01-31T09:30:00+02:00"
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
    """Return one value of a label; whole numbers, as many helpdesks have for priorities, as their digits."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"label {name!r} is {value!r}, expected a string, a whole number or a list of these")
