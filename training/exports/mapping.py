"""Mapping: under which columns or keys of one file the parts of a ticket are looked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from training.data.columns import nearest_name
from training.exports.layout import ExportFormat
from training.exports.places import Search
from training.exports.records import column_name, key_paths, lookup
from triage.settings.tickets import TicketColumns

TEXT_KEYS = ("id", "subject", "body", "channel", "requester", "thread")
_GUESSED = (*TEXT_KEYS, "language", "created_at")
KEYS = (*_GUESSED, "closed_at")
PASSED_ON = ("current", "undone", "headers", "is_machine", "judged", "labels", "attributes", "articles")
# What the settings name must be there, of new tickets these parts alone.
_ALWAYS_NEEDED = ("id", "subject", "body")
# What is looked for by its name also where the format is known: its header may be translated.
_NEEDED = ("id", "subject", "body", "created_at")
_MOST_NAMED = 40
_MOST_NAMES = 5_000


@dataclass(slots=True)
class ColumnMapping:
    """The places of one file: `keys` and `labels` name columns or paths, of which the first filled counts.

    `explicit` are the places that the settings name, by their setting; `hits` counts where each was found.
    `guessed` are the places that were found by their names alone, and `by_values` those of them by values.
    """

    keys: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    attributes: tuple[str, ...]
    separator: str
    tag_fields: frozenset[str]
    kind: str
    explicit: dict[str, str] = field(default_factory=dict)
    hits: dict[str, int] = field(default_factory=dict)
    guessed: dict[str, str] = field(default_factory=dict)
    by_values: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    is_own: bool = False  # no keys but those of the form that this program writes
    roles: set[str] = field(default_factory=set)  # columns that say who wrote a message

    def used(self) -> set[str]:
        """Return the columns or keys that something is read from."""
        places = [*self.keys.values(), *self.labels.values()]
        return {place for several in places for place in several} | set(self.attributes) | self.roles

    def unread(self, names: Iterable[str]) -> list[str]:
        """Return those of a file's columns or keys that nothing is read from."""
        used = self.used()
        return [name for name in names if name not in used]

    def shown_columns(self, names: Sequence[str], fields: Collection[str]) -> tuple[list[str], set[str]]:
        """Return the columns or keys of a file, and those that are read where a file has them.

        A key with keys within is named once, unless something is read from within it. `fields` are the names
        of the configured fields.
        """
        if self.kind == "mail":
            return [], set()
        used = self.used()
        labels = {name for name in names if name.startswith("labels.")}
        wanted = {f"labels.{name}" for name in fields} if fields else labels
        outer = {place.rpartition(".")[0] for place in used if "." in place}
        outer |= {place.partition(".")[0] for place in outer}
        found = [
            name
            for name in names
            if name in used or name in labels or ("." not in name and name not in outer and name != "labels")
        ]
        usual = {key for key in KEYS if not self.keys[key]}
        return found, used | usual | (set() if self.kind == "table" else wanted | set(PASSED_ON))


def names_in(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the keys of JSON objects and of those within them, in the order of their first sight.

    Of a file with thousands of different keys, the first ones.
    """
    found: dict[str, None] = {}
    for record in records:
        found.update(dict.fromkeys(islice(key_paths(record), _MOST_NAMES)))
        if len(found) > _MOST_NAMES:
            break
    return list(islice(found, _MOST_NAMES))


def map_columns(
    path: Path,
    kind: str,
    names: Sequence[str],
    head: Sequence[Mapping[str, Any]],
    columns: TicketColumns,
    known: ExportFormat | None,
    *,
    tag_fields: Collection[str],
    fields: Collection[str],
    labelled: bool,
) -> ColumnMapping:
    """Decide where the parts of a ticket are: by the settings, else by the format, else by their names.

    Raises:
        DataFileError: a column of the settings is not there, or no column or several look like the text.
    """
    is_set = columns.model_fields_set
    mapping = ColumnMapping(
        keys={},
        labels={},
        attributes=tuple(find_column(name, names, kind) for name in columns.attributes),
        separator=columns.separator
        if "separator" in is_set or not (known and known.separator)
        else known.separator,
        tag_fields=frozenset(tag_fields) | frozenset(known.tags if known else ()),
        kind=kind,
    )
    mapping.is_own = kind == "json" and {name.partition(".")[0] for name in names} <= {*KEYS, *PASSED_ON}
    own = kind == "json" and _is_own_form(names, head, columns)
    for key in KEYS:
        if key in is_set and not own:
            if labelled or key in _ALWAYS_NEEDED:
                mapping.explicit[key] = getattr(columns, key)
            mapping.keys[key] = (find_column(getattr(columns, key), names, kind),)
        elif known is not None and key in known.keys:
            mapping.keys[key] = _present(known.spellings(known.keys[key]), names, kind)
        else:
            mapping.keys[key] = _present((key,), names, kind)
    _guess(mapping, path, names, head, known)
    _map_labels(mapping, names, columns, known, fields, labelled=labelled, own=own)
    if labelled and not own:
        mapping.explicit.update({f"attributes {name!r}": name for name in columns.attributes})
    if head and kind != "mail" and not mapping.keys["subject"] and not mapping.keys["body"]:
        raise DataFileError(f"{path}, line 1: {_no_text(names, 'column' if kind == 'table' else 'key')}")
    if kind == "table":
        _require(mapping, path, names)
    if head and kind != "mail" and not mapping.keys["body"]:
        what = "column" if kind == "table" else "key"
        mapping.warnings.append(
            f"{path}: there is no {what} with the text, so the subject is all that is read: export the first "
            "message too, and set body in [tickets]"
        )
    return mapping


def _map_labels(
    mapping: ColumnMapping,
    names: Sequence[str],
    columns: TicketColumns,
    known: ExportFormat | None,
    fields: Collection[str],
    *,
    labelled: bool,
    own: bool,
) -> None:
    if columns.labels:
        mapping.labels = {
            name: (find_column(place, names, mapping.kind),) for name, place in columns.labels.items()
        }
        if labelled and not own:
            mapping.explicit.update({f"labels.{name}": place for name, place in columns.labels.items()})
        return
    if known is not None:
        found = {
            name: _present(known.spellings(places), names, mapping.kind)
            for name, places in known.labels.items()
        }
        mapping.labels = {name: places for name, places in found.items() if places}
    for name in fields:  # a column that is called as a field is
        if name not in mapping.labels and (places := _present((name,), names, mapping.kind)):
            mapping.labels[name] = places


def _is_own_form(names: Sequence[str], head: Sequence[Mapping[str, Any]], columns: TicketColumns) -> bool:
    """Tell whether JSON is in the form that this program writes, whatever the settings say of tables."""
    named = [getattr(columns, key) for key in KEYS if key in columns.model_fields_set]
    named += [*columns.labels.values(), *columns.attributes]
    foreign = [place for place in named if place not in KEYS]
    if not foreign or not {"subject", "body"} & set(names):
        return False
    return not any(lookup(values, place) is not None for values in head for place in foreign)


def find_column(name: str, names: Sequence[str], kind: str) -> str:
    """Return a column as the file spells it: spaces and capitals do not matter; a key of JSON as it is."""
    if kind != "table" or name in names:
        return name
    plain = column_name(name)
    if plain in names:
        return plain
    alike = [found for found in names if found.casefold() == plain.casefold()]
    return alike[0] if len(alike) == 1 else plain


def _present(places: Iterable[str], names: Sequence[str], kind: str) -> tuple[str, ...]:
    known = set(names)
    found = (find_column(place, names, kind) for place in places)
    return tuple(place for place in dict.fromkeys(found) if place in known)


def _guess(
    mapping: ColumnMapping,
    path: Path,
    names: Sequence[str],
    head: Sequence[Mapping[str, Any]],
    known: ExportFormat | None,
) -> None:
    """Find parts that neither settings nor format name; of a known format, those that a translation hides.

    Raises:
        DataFileError: several columns look like the text.
    """
    search = Search(path, mapping.kind, names, head, mapping.attributes)
    wanted = _NEEDED if known else _GUESSED
    open_keys = {key: mapping.keys[key] for key in wanted if key not in mapping.explicit}
    for key, place in search.places(open_keys, mapping.keys, of_format=known is not None).items():
        mapping.guessed[key] = place
        mapping.keys[key] = (place,)
    mapping.by_values = search.by_values
    mapping.warnings += search.warnings


def _require(mapping: ColumnMapping, path: Path, names: Sequence[str]) -> None:
    """Check that a table has what the settings name, and a column with text.

    Raises:
        DataFileError: it has not.
    """
    missing = {
        setting: place
        for setting, place in mapping.explicit.items()
        if find_column(place, names, "table") not in names
    }
    if missing:
        raise DataFileError(f"{path}, line 1: {missing_places(missing, names, 'column')}")


def _no_text(names: Sequence[str], what: str) -> str:
    return (
        f"there is no {what} 'subject' and no {what} 'body', found {shown(names)}: name the {what}s with the "
        'tickets\' subject and text in [tickets] of triage.toml, such as body = "…"'
    )


def missing_places(missing: Mapping[str, str], names: Sequence[str], what: str) -> str:
    """Return the words about columns or keys that the settings name and the file lacks."""
    listed = ", ".join(f"{place!r} ({setting})" for setting, place in missing.items())
    near = {place: nearest_name(place, names) for place in missing.values()}
    meant = "; ".join(f"did you mean {other!r} for {place!r}?" for place, other in near.items() if other)
    advice = f" ({meant})" if meant else ""
    return f"there is no {what} {listed}, found {shown(names)}: set [tickets] in triage.toml{advice}"


def shown(names: Sequence[str]) -> str:
    """Return names for a message, the first ones where they are many."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{list(names[:_MOST_NAMED])}{more}"
