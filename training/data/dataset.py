"""Tickets of exports: what the reader of exports found, checked and made into tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.classifiers.fields import Label, label_values
from models.errors import DataFileError
from models.language.codes import parse_code
from models.quoting import quoted
from models.wording import counted, kind_of
from training.data.columns import ColumnUse
from training.data.repeated_tickets import TicketsById
from training.exports.mapping import TEXT_KEYS
from training.exports.messages import TicketDraft
from training.exports.reader import ExportFile, Options, read_export
from training.exports.values import is_doubtful, is_no_value, scalar_text, without_fraction
from triage.settings import Settings
from triage.settings.tickets import TicketColumns
from triage.ticket import Ticket

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class LoadedTickets:
    """The tickets of some files. `skipped` has a message for each line that could not be read.

    `notes` say how the files were understood, `warnings` what is doubtful about them, and `left_out` counts
    the records that are no tickets to learn from, by the reason. `columns` are those that were read, and
    `files` has all of it by file.
    """

    tickets: list[Ticket]
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    columns: ColumnUse = field(default_factory=ColumnUse)
    files: list[ExportFile] = field(default_factory=list)


def read_tickets(
    paths: Sequence[Path],
    columns: TicketColumns | None = None,
    *,
    fields: Collection[str] = (),
    tag_fields: Collection[str] = (),
    values: Mapping[str, Collection[str]] | None = None,
    labelled: bool = True,
    skip_bad: bool = False,
    for_check: bool = False,
    progress: Callable[[int], None] | None = None,
) -> LoadedTickets:
    """Read files of tickets in the order given: exports of helpdesks, tables, JSON, workbooks and mails.

    A cell of one of `tag_fields` holds several values between separators, or a list. A column called as one
    of `fields` holds its values. A label that only marks "no value", such as ?, is none, unless the field
    has it among its `values`. A table needs the columns of labels only where the tickets are `labelled`.
    Where `fields` are given, labels of others count as columns not read. `for_check` also counts the values
    of columns that are not read, and only warns of dates that cannot be told.

    Raises:
        DataFileError: a file is missing or cannot be understood, a line does not parse, or an id occurs
            twice in a file, or in two files with different texts; with `skip_bad`, bad lines are skipped and
            listed instead. A ticket in two files counts once, with the labels of the later file.
    """
    found = LoadedTickets([])
    options = Options(
        columns or TicketColumns(),
        fields,
        tag_fields,
        labelled,
        dates_matter=not for_check,
        survey=for_check,
        progress=progress,
    )
    by_id = TicketsById()
    for number, path in enumerate(paths):
        file = read_export(path, options)
        _add(found, file, several_files=len(paths) > 1)
        found.skipped.extend(_add_tickets(by_id, file, number, values or {}, skip_bad=skip_bad))
        if not for_check:
            file.drafts.clear()  # a large file is held once, as tickets
    found.tickets.extend(by_id.tickets.values())
    found.notes.extend(by_id.notes())
    found.warnings.extend(_doubtful_values(found.tickets))
    return found


def read_configured_tickets(
    paths: Sequence[Path],
    settings: Settings,
    *,
    labelled: bool = True,
    skip_bad: bool = False,
    for_check: bool = False,
    progress: Callable[[int], None] | None = None,
) -> LoadedTickets:
    """Read files of tickets as the settings say; raises as `read_tickets`."""
    return read_tickets(
        paths,
        settings.tickets,
        fields=settings.fields,
        tag_fields=settings.tag_fields(),
        values=settings.known_values(),
        labelled=labelled,
        skip_bad=skip_bad,
        for_check=for_check,
        progress=progress,
    )


def _add(found: LoadedTickets, file: ExportFile, *, several_files: bool) -> None:
    found.files.append(file)
    found.notes.extend(file.notes)
    found.warnings.extend(file.warnings)
    found.left_out.update(file.left_out)
    found.columns.add(*file.mapping.shown_columns(file.names, file.fields))
    if several_files and file.has_line_numbers:  # two files have the same lines
        for draft in file.drafts:
            if not draft.problem:
                draft.values["id"] = f"{file.path.name}:{draft.line}"


def _add_tickets(
    by_id: TicketsById,
    file: ExportFile,
    number: int,
    values: Mapping[str, Collection[str]],
    *,
    skip_bad: bool,
) -> Iterator[str]:
    """Take the tickets of the file with this number, and yield a message for each line that is skipped.

    Raises:
        DataFileError: a line cannot be read, and such lines are not to be skipped.
    """
    for draft in file.drafts:
        place = f"{file.path}, line {draft.line}" + (f", entry {draft.entry:,}" if draft.entry else "")
        try:
            judged = draft.values.get("judged") is True
            by_id.add(_ticket(draft, values), place, number, judged=judged)
        except ValueError as error:
            if not skip_bad:
                raise DataFileError(
                    f"{place}: {error}. Mend the line, or skip such lines with --skip-bad."
                ) from error
            yield f"{place}: {error}"


def _doubtful_values(tickets: Sequence[Ticket]) -> Iterator[str]:
    """Yield a warning per field with values that may mean that nobody chose one."""
    found: dict[str, Counter[str]] = {}
    for ticket in tickets:
        for name, label in ticket.labels.items():
            for value in label_values(label):
                if is_doubtful(value):
                    found.setdefault(name, Counter())[value] += 1
    for name, counts in found.items():
        shown = ", ".join(
            f"{value!r} ({counted(count, 'ticket')})" for value, count in counts.most_common(_MOST_NAMED)
        )
        yield (
            f"{name}: {shown} may mean that nobody has chosen a value, and is learned as one: empty these "
            "cells if it does"
        )


def _ticket(draft: TicketDraft, values: Mapping[str, Collection[str]]) -> Ticket:
    """Make a ticket of a draft.

    A language that is no code is passed over: the text tells it. Subject and body may be empty, as in
    tickets that are nothing but a file. A mark of "no value" is a value where `values` has it for the field.

    Raises:
        ValueError: the draft has a problem, a key has the wrong type, or the id is missing.
    """
    if draft.problem:
        raise ValueError(draft.problem)
    record = draft.values
    texts: dict[str, str | None] = {}
    for key in TEXT_KEYS:
        value = record.get(key)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{key!r} is {kind_of(value)}, expected a text")
        texts[key] = value
    if not texts["id"]:
        raise ValueError("there is no 'id'")
    return Ticket(
        id=texts["id"],
        subject=texts["subject"] or "",
        body=texts["body"] or "",
        language=parse_code(record.get("language")),
        created_at=draft.moment,
        closed_at=draft.closed,
        channel=texts["channel"] or None,
        requester=texts["requester"] or None,
        thread=texts["thread"] or None,
        attributes=_attributes(record.get("attributes")),
        labels=_labels(record.get("labels"), values=values),
        current=_labels(record.get("current"), "current", values=values),
        undone=frozenset(_undone(record.get("undone"))),
        headers=_attributes(record.get("headers"), "headers"),
        is_machine=_is_machine(record.get("is_machine")),
        articles=_articles(record.get("articles")),
    )


def _articles(value: Any) -> tuple[str, ...]:
    """Return the ids or addresses in a list; helpdesks also call the messages of a ticket its articles."""
    return tuple(name for name in value if isinstance(name, str) and name) if isinstance(value, list) else ()


def _undone(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"'undone' is {quoted(value)}, expected a list of field names")
    return value


def _is_machine(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"'is_machine' is {quoted(value)}, expected true or false")


def _attributes(value: Any, key: str = "attributes") -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{key!r} is {kind_of(value)}, expected an object")
    found: dict[str, str] = {}
    for name, one in value.items():
        text = one if one is None or isinstance(one, str) else scalar_text(one)
        if text is not None and (key == "headers" or not is_no_value(text)):
            found[str(name)] = text
    return found


def _labels(value: Any, key: str = "labels", *, values: Mapping[str, Collection[str]]) -> dict[str, Label]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{key!r} is {kind_of(value)}, expected an object")
    labels: dict[str, Label] = {}
    for name, label in value.items():
        known = values.get(name, ())
        if isinstance(label, list):
            tags = [_value(name, tag, known) for tag in label]
            labels[name] = tuple(dict.fromkeys(tag for tag in tags if tag))
        elif text := _value(name, label, known):
            labels[name] = text
    return labels


def _value(name: str, value: Any, known: Collection[str]) -> str:
    """Return one value of a label as text, "" where it only marks that there is none.

    Whole numbers, as many helpdesks have for priorities, are their digits, also where a table made
    fractions of them (`3.0`) because some are missing (`NaN`).
    """
    text = scalar_text(value)
    if text is None:
        raise ValueError(f"label {name!r} is {kind_of(value)}, expected a text, a number or a list of these")
    if not isinstance(value, str):
        return text
    return "" if is_no_value(text) and text not in known else without_fraction(text)
