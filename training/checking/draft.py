"""Draft of `triage.toml` from what a file of tickets holds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.language.codes import UNKNOWN
from training.checking.field_names import field_name, is_no_field, key_for
from training.checking.scales import ascending, is_worded, likely_order
from training.checking.summary import TicketsSummary
from training.exports.custom_fields import is_custom
from training.exports.mapping import KEYS
from training.exports.reader import ExportFile
from training.exports.texts.tag_names import tags_alike

_FEWEST_OF_A_LANGUAGE = 0.02
_MOST_VALUES_SHOWN = 3
_SHOWN = 6
_SCALES = frozenset({"priority", "urgency", "impact", "severity"})
_MARK = re.compile(r"true|false|yes|no|[01]|\d{5,}|\d{4}-\d\d-\d\d\S*", re.I)
_VALUE = re.compile(r"(?:\.(?:value|name|id|displayName|self))+$")  # of the object that a field may hold
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A field of the draft, where its values are read from, and the title of a custom field."""

    name: str
    place: str
    counts: Counter[str]
    title: str = ""


def forms_of(summary: TicketsSummary) -> dict[str, str]:
    """Return how each file is understood, where files have different forms: [tickets] describes one."""
    forms = {str(file.path): _form(file) for file in summary.files}
    return forms if len(set(forms.values())) > 1 else {}


def _form(file: ExportFile) -> str:
    if file.known is not None:
        return f"an export of {file.known.title}"
    if file.kind == "mail":
        return "mails"
    parts = {key: file.mapping.keys.get(key) for key in ("id", "subject", "body")}
    read = ", ".join(f"{key} from {places[0]!r}" for key, places in parts.items() if places)
    return f"{'a table' if file.kind == 'table' else 'JSON'} with {read}"


def draft_settings(summary: TicketsSummary, texts: Sequence[str] = ()) -> str:
    """Return the text of a `triage.toml` with which the files are read as the summary says.

    Of `texts`, the columns or keys that look like the tickets' text, one is left to be chosen.

    For files of different forms, and without a ticket, there is none, "".
    """
    if forms_of(summary) or not summary.records:
        return ""
    file = summary.files[0]
    names = " ".join(path.name for path in summary.paths)
    fields = _proposed(summary)
    parts = [
        f"# Drafted by `triage check {names}`. Look through it: docs/settings.md lists every setting.",
        _languages(summary),
        "\n".join(_tickets(file, summary.separator, texts)),
        "\n".join(["[tickets.labels]", *map(_label, fields)])
        if fields
        else "# No column with values to predict was found: name one in [tickets.labels], field = column.",
        *(_field(proposal, [p.name for p in fields]) for proposal in fields),
        _others(summary, fields),
        _people(summary),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _languages(summary: TicketsSummary) -> str:
    common = [
        code
        for code, count in summary.languages.most_common()
        if code != UNKNOWN and count >= _FEWEST_OF_A_LANGUAGE * summary.sampled
    ]
    return f"languages = {_list(common)}  # of the tickets; helps with short texts" if common else ""


def _tickets(file: ExportFile, separator: str, texts: Sequence[str]) -> Iterator[str]:
    yield "[tickets]"
    if file.known is not None:
        yield f"format = {_text(file.known.name)}"
    for key in KEYS:
        places = file.mapping.keys.get(key, ())
        if key == "body" and texts:
            yield "# Choose the line with the text that customers wrote, and take away its #:"
            yield from (f"# body = {_text(place)}" for place in texts)
        elif places and (file.known is None or key in file.mapping.explicit) and places[0] != key:
            yield f"{key} = {_text(places[0])}"
    if file.date_forms:
        first, second = map(_text, file.date_forms)
        yield f"date_format = {first}  # or {second}: the column does not tell"
    if separator:
        yield f"separator = {_text(separator)}  # between several tags in one cell"
    if file.mapping.attributes:
        yield f"attributes = {_list(file.mapping.attributes)}"


def _proposed(summary: TicketsSummary) -> list[_Proposal]:
    """Return what is read, then columns whose names say what they are, then the helpdesk's custom fields.

    Columns of people are none of them.
    """
    found = [
        _Proposal(f.name, f.columns[0], f.counts)
        for f in summary.fields
        if f.columns and f.counts and not f.people
    ]
    taken = {proposal.name for proposal in found}
    shown = {name: counts for name, counts in summary.candidates.items() if name not in summary.people}
    for column, counts in shown.items():
        name = field_name(column)
        if name and name not in taken and not is_custom(column):
            found.append(_Proposal(name, column, counts))
            taken.add(name)
    listed = next((f.counts for f in summary.fields if f.name == "tags" and not f.columns), None)
    if listed and "labels.name" in summary.files[0].names:  # objects, as in an issue tracker
        found.append(_Proposal("tags", "labels", listed))
        taken.add("tags")
    tags = next((c for c in summary.columns.unread if tags_alike(c)), None)
    if tags is not None and "tags" not in taken:
        found.append(_Proposal("tags", tags, Counter()))
    read = [place for f in summary.fields for place in f.columns]
    return [*found, *_custom(shown, summary.files[0], {*taken, "tags"}, read)]


def _custom(
    shown: Mapping[str, Counter[str]], file: ExportFile, taken: set[str], read: Sequence[str]
) -> Iterator[_Proposal]:
    """Yield the custom fields with few values that are not read; one under its name and its id, once."""
    seen = {part for place in read if is_custom(place) for part in _parts_of(place)}
    for column, counts in shown.items():
        last = column.rpartition(".")[2]
        title = file.beside.titles.get(last, "")
        if not is_custom(column) or not seen.isdisjoint(_parts_of(column)) or _is_marked(counts):
            continue
        if last.isdecimal() and any(shown[key] == counts for key in seen & shown.keys()):
            continue  # the same field, whose title was before its id
        seen |= _parts_of(column)
        usual = field_name(title or column)
        name = usual if usual and usual not in taken else key_for(column, taken, title)
        taken.add(name)
        yield _Proposal(name, f"{column}.value" if last.isdecimal() else column, counts, title)


def _parts_of(place: str) -> set[str]:
    """Return the whole place of a custom field, without what only takes its value, and its own name or id.

    >>> sorted(_parts_of("fields.customfield_10050.value")), sorted(_parts_of("custom_fields.7"))
    (['customfield_10050', 'fields.customfield_10050'], ['7', 'custom_fields.7'])
    """
    whole = _VALUE.sub("", place)
    return {whole, whole.rpartition(".")[2]}


def _is_marked(counts: Counter[str]) -> bool:
    """Tell whether values are mere marks: true and false, or long numbers and dates."""
    return all(_MARK.fullmatch(value) for value in counts)


def _label(proposal: _Proposal) -> str:
    """Return the line of [tickets.labels], with the title of a custom field, its values and their numbers."""
    line = f"{_key(proposal.name)} = {_text(proposal.place)}"
    if not proposal.counts:
        return line
    values = ", ".join(f"{_plain(value)} {count:,}" for value, count in proposal.counts.most_common(_SHOWN))
    more = len(proposal.counts) - _SHOWN
    title = f"{_plain(proposal.title)}: " if proposal.title else ""
    return f"{line}  # {title}{values}{f' and {more:,} more' if more > 0 else ''}"


def _plain(text: str) -> str:
    """Return a text without what may not stand in a comment of TOML: ends of lines and control signs."""
    return "".join(char if char.isprintable() else " " for char in text)


def _field(proposal: _Proposal, names: Collection[str]) -> str:
    name, counts = proposal.name, proposal.counts
    lines = [f"[fields.{_key(name)}]"]
    if name == "tags":
        lines.append('kind = "tags"')
    elif name == "subcategory" and "category" in names:
        lines += ['kind = "child"', 'parent = "category"']
    elif name in _SCALES or is_worded(counts):
        order = ascending(counts)
        if order:
            lines += ['kind = "ordinal"', f"values = {_list(order)}"]
        else:
            values = _list(likely_order([value for value, _ in counts.most_common(10)]))
            lines.append(f'# If its values have an order: kind = "ordinal", values = {values}, lowest first')
    return "\n".join(lines)


def _others(summary: TicketsSummary, fields: Sequence[_Proposal]) -> str:
    taken = {_VALUE.sub("", proposal.place) for proposal in fields}
    told = [proposal.counts for proposal in fields]
    rest = []
    for column, counts in summary.candidates.items():
        is_taken = (
            any(f"{place}.".startswith(f"{column}.") for place in taken) or _VALUE.sub("", column) in taken
        )
        is_other = column not in summary.people and not is_no_field(column) and not is_custom(column)
        if is_taken or not is_other or counts in told:  # the same values as often: the same column once more
            continue
        told.append(counts)
        values = ", ".join(_plain(value) for value, _ in counts.most_common(_MOST_VALUES_SHOWN))
        rest.append(f"#   {_plain(column)}: {values}{' …' if len(counts) > _MOST_VALUES_SHOWN else ''}")
    head = "# Columns with few values that are not read; a field or `attributes` may have them:"
    return "\n".join([head, *rest[:20]]) if rest else ""


def _people(summary: TicketsSummary) -> str:
    """Return which columns are not proposed and not listed, for their values name people."""
    hidden = {**summary.people, **{f.name: f.people for f in summary.fields if f.people}}
    lines = [f"#   {_plain(column)}: {why}" for column, why in list(hidden.items())[:20]]
    head = "# Columns of people are no fields to predict, and their values are not listed:"
    return "\n".join([head, *lines]) if lines else ""


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    """Return a string as TOML has it; JSON's form is one of TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
