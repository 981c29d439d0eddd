"""Draft of `triage.toml` from what a file of tickets holds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from models.language.codes import UNKNOWN
from training.checking.scales import ascending
from training.checking.summary import TicketsSummary
from training.exports.guess import look_alikes
from training.exports.mapping import KEYS
from training.exports.reader import ExportFile

_FEWEST_OF_A_LANGUAGE = 0.02
_MOST_VALUES_SHOWN = 3
# What a column that looks like a field is for, by a part of its name; the last names what is no field.
_FIELD_NAMES = (
    ("subcategory", r"sub[ _-]?categor|unterkategorie|sous[ _-]?catégorie|subcategor"),
    ("category", r"categor|catégorie|kategori|topic|thema|request type|product area|area|luokka|rubrik"),
    (
        "team",
        r"team|group|queue|department|gruppe|abteilung|groupe|équipe|grupo|gruppo|afdeling|avdelning|ryhmä",
    ),
    ("priority", r"priorit|prioriteit|wichtigkeit|prioritet"),
    ("urgency", r"urgen|dringlichkeit"),
    ("impact", r"impact|auswirkung"),
    ("severity", r"severit|schwere"),
    ("type", r"(^|[ _.])(ticket[ _]?)?type$|(^|[ _.])typ[eo]?$|kind"),
    ("product", r"product|produkt|produit|producto|prodotto"),
)
_NO_FIELD = re.compile(
    r"status|state|agent|assignee|owner|requester|author|user|e?-?mail|phone|organi[sz]ation|company|date|time|_at$|"
    r"created|updated|closed|resolved|score|rating|satisf|spam|deleted|escalat|overdue|locale|language|channel|"
    r"source|via|brand|url|link|count|replies|reopen|minutes|sla|(^|[ _.])id$|public|active|is_",
    re.I,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def draft_settings(summary: TicketsSummary) -> str:
    """Return the text of a `triage.toml` with which the first file is read as the summary says."""
    file = summary.files[0]
    names = " ".join(path.name for path in summary.paths)
    fields = _proposed(summary)
    parts = [
        f"# Drafted by `triage check {names}`. Look through it: docs/settings.md lists every setting.",
        _languages(summary),
        "\n".join(_tickets(file, summary.separator)),
        "\n".join(["[tickets.labels]", *(f"{_key(n)} = {_text(place)}" for n, place, _ in fields)])
        if fields
        else "# No column with values to predict was found: name one in [tickets.labels], field = column.",
        *(_field(name, counts, fields) for name, _, counts in fields),
        _others(summary, fields),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _languages(summary: TicketsSummary) -> str:
    common = [
        code
        for code, count in summary.languages.most_common()
        if code != UNKNOWN and count >= _FEWEST_OF_A_LANGUAGE * summary.sampled
    ]
    return f"languages = {_list(common)}  # of the tickets; helps with short texts" if common else ""


def _tickets(file: ExportFile, separator: str) -> Iterator[str]:
    yield "[tickets]"
    if file.known is not None:
        yield f"format = {_text(file.known.name)}"
    for key in KEYS:
        places = file.plan.keys.get(key, ())
        if places and (file.known is None or key in file.plan.explicit) and places[0] != key:
            yield f"{key} = {_text(places[0])}"
    if file.date_forms:
        first, second = map(_text, file.date_forms)
        yield f"date_format = {first}  # or {second}: the column does not tell"
    if separator:
        yield f"separator = {_text(separator)}  # between several tags in one cell"
    if file.plan.attributes:
        yield f"attributes = {_list(file.plan.attributes)}"


def _proposed(summary: TicketsSummary) -> list[tuple[str, str, Counter[str]]]:
    """Return (field, column, values) of what is read, then of columns whose names say what they are."""
    found = [(f.name, f.columns[0], f.counts) for f in summary.fields if f.columns and f.counts]
    taken = {name for name, _, _ in found}
    for column, counts in summary.candidates.items():
        name = _field_name(column)
        if name and name not in taken:
            found.append((name, column, counts))
            taken.add(name)
    tags = next((c for c in summary.columns.unread if _is_tags(c)), None)
    if tags is not None and "tags" not in taken:
        found.append(("tags", tags, Counter()))
    return found


def _is_tags(column: str) -> bool:
    return column.casefold() in {"tags", "labels", "tag", "schlagwörter", "étiquettes", "etiquetas"}


def _field_name(column: str) -> str | None:
    plain = re.sub(r"^Custom field \((.*)\)$", r"\1", column).casefold()
    named = next((name for name, pattern in _FIELD_NAMES if re.search(pattern, plain)), None)
    if named is None or (_NO_FIELD.search(plain) and named != "team"):
        return None
    return None if look_alikes("body", [column]) or plain.endswith((" id", "_id", ".id")) else named


def _field(name: str, counts: Counter[str], fields: Sequence[tuple[str, str, Counter[str]]]) -> str:
    lines = [f"[fields.{_key(name)}]"]
    if name == "tags":
        lines.append('kind = "tags"')
    elif name == "subcategory" and any(other == "category" for other, _, _ in fields):
        lines += ['kind = "child"', 'parent = "category"']
    elif name in ("priority", "urgency", "impact", "severity"):
        order = ascending(counts)
        if order:
            lines += ['kind = "ordinal"', f"values = {_list(order)}"]
        else:
            values = _list([value for value, _ in counts.most_common(10)])
            lines.append(f'# If its values have an order: kind = "ordinal", values = {values}, lowest first')
    return "\n".join(lines)


def _others(summary: TicketsSummary, fields: Sequence[tuple[str, str, Counter[str]]]) -> str:
    taken = {column for _, column, _ in fields}
    rest = [
        f"#   {column}: {', '.join(value for value, _ in counts.most_common(_MOST_VALUES_SHOWN))}"
        f"{' …' if len(counts) > _MOST_VALUES_SHOWN else ''}"
        for column, counts in summary.candidates.items()
        if column not in taken and not _NO_FIELD.search(column.casefold())
    ]
    head = "# Columns with few values that are not read; a field or `attributes` may have them:"
    return "\n".join([head, *rest[:20]]) if rest else ""


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    """Return a string as TOML has it; JSON's form is one of TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
