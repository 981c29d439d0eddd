"""Summary of files of tickets: what they hold, how they are understood, and what training makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from models.classifiers.fields import Field, label_values
from models.errors import TrainingError
from models.language.detector import LanguageDetector
from models.redaction.redact import Redactor
from training.checking.field_names import field_name
from training.checking.people import people_in, why_people
from training.data.columns import ColumnUse
from training.data.dataset import LoadedTickets, read_configured_tickets
from training.data.validation import check_tickets
from training.exports.custom_fields import own_name
from training.exports.reader import ExportFile
from training.exports.texts.tag_names import tags_alike
from triage.settings import Settings
from triage.ticket import Ticket

# So many tickets, evenly spread, are cleaned and asked for their language: both take a millisecond each.
SAMPLED = 2_000
_EXAMPLES = 3
_EXAMPLE_CHARS = 600


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket as it came and as it is read; both redacted."""

    place: str
    id: str
    before: str
    after: str
    labels: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class FieldSummary:
    """Values of a field with their numbers of tickets, and the `columns` or keys read.

    `people` says why its values are not to be listed.
    """

    name: str
    columns: tuple[str, ...]
    labelled: int
    counts: Counter[str]
    people: str = ""


@dataclass(frozen=True, slots=True)
class TicketsSummary:
    """Content of some files of tickets, as it is understood.

    `languages` are those of `sampled` tickets, `left_out` counts records by the reason why they are not
    learned from, and `candidates` are columns that are not read and have few values, as fields do. `people`
    are those columns whose values name people, which nothing may list, and why.
    """

    paths: tuple[Path, ...]
    records: int
    tickets: int
    notes: list[str]
    warnings: list[str]
    unreadable: list[str]
    columns: ColumnUse
    examples: list[Example]
    fields: list[FieldSummary]
    candidates: dict[str, Counter[str]]
    people: dict[str, str]
    languages: Counter[str]
    sampled: int
    cleaned: int
    separator: str
    dated: int
    first: datetime | None
    last: datetime | None
    repeated: int
    left_out: dict[str, int]
    files: list[ExportFile] = field(default_factory=list)


def summarise_tickets(
    paths: Sequence[Path],
    settings: Settings,
    redact: Redactor,
    progress: Callable[[str, int], None] | None = None,
) -> TicketsSummary:
    """Read files of tickets as training would, and describe them.

    Raises:
        DataFileError: a file cannot be read, or does not have what the settings name.
    """
    told = progress or (lambda _what, _done: None)
    loaded = read_configured_tickets(
        paths,
        settings,
        skip_bad=True,
        for_check=True,
        progress=lambda done: told("records read", done),
    )
    detector = LanguageDetector(settings.languages, settings.language_folder, settings.language_detector)
    sample = _sample(loaded.tickets, detector, lambda done: told("texts cleaned", done))
    dates = sorted(ticket.created_at for ticket in loaded.tickets if ticket.created_at)
    specs = settings.field_specs() or _fields_of(loaded.tickets)
    candidates = _candidates(loaded.files)
    known = people_in(candidates) | {ticket.requester for ticket in loaded.tickets if ticket.requester}
    fields = [_field_summary(spec, loaded, known) for spec in specs]
    hidden = {found.name for found in fields if found.people}
    titles = {key: title for file in loaded.files for key, title in file.beside.titles.items()}
    people = {name: _why_people(name, titles, counts, known) for name, counts in candidates.items()}
    return TicketsSummary(
        paths=tuple(paths),
        records=sum(file.records for file in loaded.files),
        tickets=len(loaded.tickets),
        notes=loaded.notes,
        warnings=[*loaded.warnings, *_doubts(loaded, specs, settings)],
        unreadable=loaded.skipped,
        columns=loaded.columns,
        examples=_examples(loaded, redact, detector, hidden),
        fields=fields,
        candidates=candidates,
        people={name: why for name, why in people.items() if why},
        languages=sample.languages,
        sampled=sample.tickets,
        cleaned=sample.cleaned,
        separator=_other_separator(loaded, specs),
        dated=len(dates),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
        repeated=_repeated(loaded.tickets),
        left_out=_left_out(loaded, specs),
        files=loaded.files,
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    """Languages of some tickets, and how many of them cleaning made shorter."""

    tickets: int
    cleaned: int
    languages: Counter[str]


def _sample(tickets: Sequence[Ticket], detector: LanguageDetector, told: Callable[[int], None]) -> _Sample:
    sample = _spread(tickets, SAMPLED)
    languages: Counter[str] = Counter()
    cleaned = 0
    for done, ticket in enumerate(sample):
        told(done)
        text = ticket.text()
        languages[ticket.language or detector.detect(text).code] += 1
        cleaned += _is_shorter(ticket, text)
    return _Sample(len(sample), cleaned, languages)


def _other_separator(loaded: LoadedTickets, specs: Sequence[Field]) -> str:
    """Return the sign that seems to stand between tags, where the one that is used never does; else ""."""
    names = [spec.name for spec in specs if spec.kind == "tags"]
    tags = [tag for t in loaded.tickets for name in names for tag in label_values(t.labels.get(name))]
    if not names:
        tags = _proposed_tags(loaded.files)
    if any(file.kind != "table" for file in loaded.files) or not tags:
        return ""
    counts = {sign: sum(sign in tag for tag in tags) for sign in (",", "|", "/")}
    best = max(counts, key=lambda sign: counts[sign])
    per_ticket = (len(label_values(t.labels.get(name))) for t in loaded.tickets for name in names)
    several = max(per_ticket, default=0) > 1 or any(";" in tag for tag in tags)
    return best if not several and 4 * counts[best] > len(tags) else ""


def _proposed_tags(files: Sequence[ExportFile]) -> list[str]:
    """Return the cells of the column of tags that the draft proposes, where no field reads one."""
    column = next((name for file in files for name in file.candidates if tags_alike(name)), None)
    return [
        cell for file in files if column in file.candidates for cell in file.candidates[column].elements()
    ]


def _spread(tickets: Sequence[Ticket], most: int) -> list[Ticket]:
    """Return at most so many tickets, evenly spread over all."""
    if len(tickets) <= most:
        return list(tickets)
    return [tickets[position * len(tickets) // most] for position in range(most)]


def _fields_of(tickets: Sequence[Ticket]) -> list[Field]:
    is_list: dict[str, bool] = {}
    for ticket in tickets:
        for name, label in ticket.labels.items():
            is_list[name] = is_list.get(name, False) or isinstance(label, tuple)
    return [Field(name, "tags" if several else "choice") for name, several in is_list.items()]


def _doubts(loaded: LoadedTickets, specs: Sequence[Field], settings: Settings) -> list[str]:
    """Return the warnings that training would give of these tickets."""
    try:
        return check_tickets(loaded.tickets, specs, spellings=settings.spellings()).warnings
    except TrainingError as error:
        return [error.message]


def _examples(
    loaded: LoadedTickets, redact: Redactor, detector: LanguageDetector, hidden: Collection[str]
) -> list[Example]:
    speaking = [ticket for ticket in loaded.tickets if (ticket.subject + ticket.body).strip()]
    places = {d.values.get("id"): (f, d) for f in loaded.files for d in f.drafts if not d.problem}
    found = []
    for ticket in _spread(speaking, _EXAMPLES):
        after = ticket.text()
        language = ticket.language or detector.detect(after).code
        file, draft = places.get(ticket.id, (None, None))
        before = "\n".join(part for part in (ticket.subject, ticket.body) if part)
        found.append(
            Example(
                place=f"{file.path}, line {draft.line}" if file and draft else "",
                id=ticket.id,
                before=_shortened(redact(before[: 4 * _EXAMPLE_CHARS], language)),
                after=_shortened(redact(after[: 4 * _EXAMPLE_CHARS], language)),
                labels={
                    name: list(label_values(label))
                    for name, label in ticket.labels.items()
                    if name not in hidden
                },
            )
        )
    return found


def _shortened(text: str) -> str:
    return text if len(text) <= _EXAMPLE_CHARS else f"{text[:_EXAMPLE_CHARS].rstrip()} …"


def _why_people(column: str, titles: Mapping[str, str], counts: Counter[str], known: Collection[str]) -> str:
    name = titles.get(column.rpartition(".")[2], "") or own_name(column)
    return why_people(name, counts, known, is_field=field_name(name) is not None)


def _field_summary(spec: Field, loaded: LoadedTickets, known: Collection[str]) -> FieldSummary:
    counts = Counter(v for t in loaded.tickets for v in label_values(t.labels.get(spec.name)))
    places = [place for file in loaded.files for place in file.mapping.labels.get(spec.name, ())]
    columns = tuple(dict.fromkeys(places))
    reasons = (why_people(name, counts, known, is_field=True) for name in (spec.name, *columns))
    return FieldSummary(
        name=spec.name,
        columns=columns,
        labelled=sum(spec.name in ticket.labels for ticket in loaded.tickets),
        counts=counts,
        people=next(filter(None, reasons), ""),
    )


def _candidates(files: Sequence[ExportFile]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for file in files:
        for name, counts in file.candidates.items():
            found.setdefault(name, Counter()).update(counts)
    return found


def _is_shorter(ticket: Ticket, text: str) -> bool:
    """Tell whether cleaning took something away that is more than spaces."""
    before = len("".join((ticket.subject + ticket.body).split()))
    return len("".join(text.split())) < before


def _repeated(tickets: Sequence[Ticket]) -> int:
    """Return the number of tickets whose subject and text an earlier one has too."""
    counts = Counter(
        (t.subject.strip(), t.body.strip()) for t in tickets if t.subject.strip() or t.body.strip()
    )
    return counts.total() - len(counts)


def _left_out(loaded: LoadedTickets, specs: Sequence[Field]) -> dict[str, int]:
    silent = sum(not t.subject.strip() and not t.body.strip() for t in loaded.tickets)
    names = {spec.name for spec in specs}
    unlabelled = sum(not names & t.labels.keys() for t in loaded.tickets)
    found = dict(loaded.left_out)
    more = {
        "without subject and text": silent,
        "without a value of any field (nothing to learn from)": unlabelled if names else 0,
        "lines that cannot be read": len(loaded.skipped),
    }
    return found | {reason: count for reason, count in more.items() if count}
