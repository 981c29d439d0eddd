"""Reader of exports: opens a file, finds its format, and reads each record as a ticket's parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from models.quoting import quoted
from models.wording import counted
from training.exports.date_columns import ambiguity, contradiction, possible_forms
from training.exports.dates import DateColumn, read_dates
from training.exports.files import open_export
from training.exports.formats import FORMATS, recognise, signs_of
from training.exports.guess import solution_alikes
from training.exports.layout import BY_AGENT, LATER, NOT_A_TICKET, REPEATED, ExportFormat, InterpretedRecord
from training.exports.mapping import (
    ColumnMapping,
    find_column,
    map_columns,
    missing_places,
    names_in,
)
from training.exports.messages import (
    TicketDraft,
    differing_said,
    join_continuations,
    mark_later_messages,
    note_author,
    read_closing_dates,
)
from training.exports.parts import name_labels, to_ticket
from training.exports.places import texts_under
from training.exports.records import Beside, Record, Source
from training.exports.roles.columns import RoleColumns
from training.exports.roles.file_roles import (
    read_roles,
    role_candidates,
    roles_said,
    roles_unclear,
    without_roles,
)
from training.exports.survey import Survey, named_counts
from training.exports.values import are_sentences
from training.exports.vendors.unknown import interpret_unknown
from triage.settings.tickets import TicketColumns

# By so many records a file's format and columns are told; a key that is rarer is still read.
_HEAD = 200


@dataclass(frozen=True, slots=True)
class Options:
    """Options of reading a file: the settings, and the use of the tickets.

    `fields` are the names of the configured fields, `tag_fields` those that hold several values. Without
    labels, as for predicting, nothing is left out but the later messages of a ticket. `dates_matter` makes an
    error of dates that cannot be told; `survey` counts the values of the columns that are not read. With
    `solutions`, the text that solved a ticket is read too.
    """

    columns: TicketColumns = field(default_factory=TicketColumns)
    fields: Collection[str] = ()
    tag_fields: Collection[str] = ()
    labelled: bool = True
    dates_matter: bool = True
    survey: bool = False
    solutions: bool = False
    progress: Callable[[int], None] | None = None


@dataclass(slots=True)
class ExportFile:
    """A file as it was read. `left_out` counts the records that are not learned from, by the reason.

    `beside` has the titles of custom fields and the names of groups and the like, by their ids.
    """

    path: Path
    kind: str
    names: list[str]
    drafts: list[TicketDraft]
    mapping: ColumnMapping
    known: ExportFormat | None
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    dates: DateColumn | None = None
    has_line_numbers: bool = False  # as ids
    records: int = 0
    date_forms: tuple[str, ...] = ()  # of which the settings must name one
    candidates: dict[str, Counter[str]] = field(default_factory=dict)
    fields: Collection[str] = ()
    beside: Beside = field(default_factory=Beside)


def read_export(path: Path, options: Options) -> ExportFile:
    """Read a file of tickets; records that cannot be read have a `problem`.

    Raises:
        DataFileError: the file cannot be read, or does not have what the settings name.
    """
    columns = options.columns
    places = [getattr(columns, key) for key in ("subject", "body") if key in columns.model_fields_set]
    source = open_export(path, columns.encoding, places)
    records = source.records
    head = list(islice(records, _HEAD))
    known = _format(source, head, options.columns)
    interpret = known.reader() if known else InterpretedRecord
    sample = [interpret(record.values).values for record in head if not record.problem]
    names = list(source.columns) if source.kind == "table" else names_in(sample)
    mapping = map_columns(
        path,
        source.kind,
        names,
        sample,
        options.columns,
        known,
        tag_fields=options.tag_fields,
        fields=options.fields,
        labelled=options.labelled,
    )
    if known is None and source.kind != "mail" and columns.format != "none":
        interpret = interpret_unknown(mapping.used())
    if options.solutions:
        solved = [name for name in solution_alikes(names) if are_sentences(texts_under(name, sample))]
        if solved:
            mapping.keys["solution"] = (solved[0],)
    file = ExportFile(
        path, source.kind, names, [], mapping, known, list(source.notes), list(mapping.warnings)
    )
    file.fields = options.fields
    _say_what_was_found(file)
    survey = Survey(mapping.unread(names)) if options.survey else None
    roles = RoleColumns(role_candidates(mapping, names))
    for number, record in enumerate(chain(head, records)):
        roles.add(record.values)
        file.drafts.append(_draft(record, source.kind, interpret, mapping))
        if survey is not None and not record.problem:
            survey.add(record.values, _text_of(file.drafts[-1]))
        if options.progress is not None and number % 1000 == 0:
            options.progress(number)
    file.records = len(file.drafts)
    if not file.records:
        file.warnings.append(f"{path}: there are no tickets in it: export them again, of days that have some")
    file.beside = source.beside
    for draft in file.drafts:
        name_labels(mapping, draft.values, file.beside)
    file.warnings += source.warnings
    file.candidates = named_counts(survey.fields(), file.beside) if survey else {}
    _check_explicit(file)
    if source.kind == "table":
        join_continuations(file.drafts)
    _give_ids(file)
    _read_dates(file, options)
    if unclear := read_closing_dates(file.drafts, columns.date_format):
        file.warnings.append(f"{file.path}, {unclear}")
    _read_roles(file, roles)
    copies = LATER if source.kind == "mail" else "" if mapping.is_own else REPEATED
    file.warnings += differing_said(path, mark_later_messages(file.drafts, copies=copies))
    _leave_out(file, options)
    return file


def _format(source: Source, head: list[Record], columns: TicketColumns) -> ExportFormat | None:
    """Return the format that the settings name, else the one whose marks the file has.

    Raises:
        DataFileError: the file has none of the marks of the format that the settings name.
    """
    if source.kind == "mail" or columns.format == "none":
        return None
    names = list(source.columns) if source.kind == "table" else names_in(record.values for record in head)
    is_table = source.kind == "table"
    recognised = recognise(names, table=is_table)
    if columns.format is None or (recognised and recognised.name == columns.format):
        return recognised
    wanted = FORMATS[columns.format]
    places = [place for key in ("subject", "body") for place in wanted.keys.get(key, ())]
    fits = any(find_column(place, names, source.kind) in names for place in places)
    if head and not fits and not {"subject", "body"} & columns.model_fields_set:
        raise DataFileError(
            f"{source.path} is not as {wanted.title} exports tickets: looked for {signs_of(wanted)}, found "
            f"{names[:20]}: correct or leave out `format` in [tickets]"
        )
    return wanted


def _say_what_was_found(file: ExportFile) -> None:
    if file.known is not None:
        read = ", ".join(f"{key} from {places[0]!r}" for key, places in file.mapping.keys.items() if places)
        file.notes.append(f"{file.path}: read as an export of {file.known.title} ({read})")
    elif file.mapping.guessed:
        by_values = dict.fromkeys(file.mapping.by_values, " (by its values)")
        read = ", ".join(
            f"{k} from {place!r}{by_values.get(k, '')}" for k, place in file.mapping.guessed.items()
        )
        file.notes.append(f"{file.path}: by their names, {read}; [tickets] in triage.toml changes this")


def _draft(
    record: Record,
    kind: str,
    interpret: Callable[[Mapping[str, Any]], InterpretedRecord],
    mapping: ColumnMapping,
) -> TicketDraft:
    if record.problem:
        return TicketDraft(record.line, {}, problem=record.problem, entry=record.entry)
    if kind == "mail":
        values = dict(record.values)
        is_later = values.pop("is_later")
        return TicketDraft(record.line, values, LATER if is_later else "")
    meant = interpret(record.values)
    draft = TicketDraft(record.line, to_ticket(mapping, meant.values), meant.left_out, meant.by_agent)
    draft.entry = record.entry
    note_author(draft, record.values)
    return draft


def _text_of(draft: TicketDraft) -> tuple[str, str] | None:
    found = (str(draft.values.get("subject") or ""), str(draft.values.get("body") or ""))
    return found if any(found) else None


def _check_explicit(file: ExportFile) -> None:
    """Check that each key that the settings name was found in some record.

    Raises:
        DataFileError: one was not.
    """
    if file.kind != "json" or not any(not draft.problem for draft in file.drafts):
        return
    missing = {s: place for s, place in file.mapping.explicit.items() if not file.mapping.hits.get(s)}
    if missing:
        raise DataFileError(f"{file.path}: in no ticket {missing_places(missing, file.names, 'key')}")


def _give_ids(file: ExportFile) -> None:
    """Take the numbers of the lines as ids, where no record has an id and the settings name none."""
    sound = [draft for draft in file.drafts if not draft.problem]
    if "id" in file.mapping.explicit or any(draft.values.get("id") for draft in sound):
        return
    for draft in sound:
        draft.values["id"] = f"{draft.line}-{draft.entry}" if draft.entry else str(draft.line)
    file.has_line_numbers = bool(sound)
    if sound and file.kind != "mail":
        file.warnings.append(
            f"{file.path}: there is no column or key with an id, so the line's number is taken: set id in "
            "[tickets] of triage.toml if another column names the ticket"
        )


def _read_roles(file: ExportFile, roles: RoleColumns) -> None:
    found = read_roles(file.mapping, file.drafts, roles)
    file.candidates = without_roles(file.candidates, found)
    file.notes += roles_said(file.path, found)
    file.warnings += roles_unclear(file.path, found)


def _read_dates(file: ExportFile, options: Options) -> None:
    form = options.columns.date_format
    drafts = [draft for draft in file.drafts if not draft.problem]
    dates = file.dates = read_dates([draft.values.get("created_at") for draft in drafts], form)
    for draft, moment in zip(drafts, dates.moments, strict=True):
        draft.moment = moment
    if "created_at" in file.mapping.guessed and 20 * len(dates.unreadable) <= len(drafts):
        _warn_of_few(file, drafts, dates)
    for position in dates.unreadable:
        value = drafts[position].values["created_at"]
        expected = (
            f"the form {form!r} (tickets.date_format)"
            if form
            else "ISO 8601 like 2026-01-31T09:30+02:00; tickets.date_format in triage.toml tells another form"
        )
        drafts[position].problem = f"'created_at' is {quoted(value)}, expected {expected}"
    if dates.contradicting or dates.ambiguous:
        _say_unclear(file, drafts, dates, fails=options.labelled and options.dates_matter)


def _warn_of_few(file: ExportFile, drafts: list[TicketDraft], dates: DateColumn) -> None:
    """Say that a few cells are no dates, in a column that no setting names; they count as empty."""
    if dates.unreadable:
        first, column = drafts[dates.unreadable[0]], file.mapping.guessed["created_at"]
        file.warnings.append(
            f"{file.path}, line {first.line}: {quoted(first.values['created_at'])} is no date, as "
            f"{counted(len(dates.unreadable), 'cell')} of {column!r}; these tickets have none"
        )
        dates.unreadable.clear()


def _say_unclear(file: ExportFile, drafts: list[TicketDraft], dates: DateColumn, *, fails: bool) -> None:
    """Say that day and month cannot be told apart: as an error where the order in time matters.

    Raises:
        DataFileError: it does.
    """
    positions = (dates.contradicting or dates.ambiguous)[:2]
    shown = [(drafts[p].line, str(drafts[p].values["created_at"]).strip()) for p in positions]
    if dates.contradicting:
        what = contradiction(shown[0], shown[1])
    else:
        file.date_forms = possible_forms(shown[0][1])
        what = ambiguity(shown[0], len(dates.ambiguous), file.date_forms)
    if fails:
        raise DataFileError(f"{file.path}, {what}")
    file.warnings.append(f"{file.path}, {what}; the tickets are read without dates")


def _leave_out(file: ExportFile, options: Options) -> None:
    """Take out what is no ticket to learn from, and count it by its reason."""
    wish = options.columns.agent_tickets
    keep = wish == "keep" or (wish == "auto" and file.known is not None and file.known.agents_open)
    by_agents = sum(draft.by_agent and not draft.left_out for draft in file.drafts)
    kept = []
    for draft in file.drafts:
        if draft.by_agent and not keep and not draft.left_out:
            draft.left_out = BY_AGENT
        stays = not draft.left_out or (
            not options.labelled and draft.left_out not in (LATER, REPEATED, NOT_A_TICKET)
        )
        if stays:
            kept.append(draft)
        else:
            file.left_out[draft.left_out] += 1
    file.drafts = kept
    if keep and by_agents:
        kept_tickets = counted(by_agents, "ticket")
        file.notes.append(
            f'{file.path}: kept {kept_tickets} that agents opened (agent_tickets = "leave out" in [tickets] '
            "leaves them out)"
        )
    for reason, count in file.left_out.items():
        file.notes.append(f"{file.path}: left out {counted(count, 'record')}: {reason}")
    if file.left_out[BY_AGENT] > len(kept):
        file.warnings.append(
            f'{file.path}: agents opened most tickets, and these are left out: set agent_tickets = "keep" in '
            "[tickets] if new tickets come in this way too"
        )
