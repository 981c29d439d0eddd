"""Mapping: under which columns or keys of one file the parts of a ticket are looked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from training.data.columns import nearest_name
from training.exports.dates import read_dates
from training.exports.guess import look_alikes
from training.exports.layout import ExportFormat
from training.exports.records import column_name, key_paths, lookup
from training.exports.values import one_value, scalar_text
from triage.settings.tickets import TicketColumns

TEXT_KEYS = ("id", "subject", "body", "channel", "requester", "thread")
KEYS = (*TEXT_KEYS, "language", "created_at")
PASSED_ON = ("current", "undone", "headers", "is_machine", "judged", "labels", "attributes")
# What the settings name must be there, of new tickets these parts alone.
_ALWAYS_NEEDED = ("id", "subject", "body")
_MOST_NAMED = 40
_MOST_NAMES = 5_000


@dataclass(slots=True)
class Plan:
    """The places of one file: `keys` and `labels` name columns or paths, of which the first filled counts.

    `explicit` are the places that the settings name, by their setting; `hits` counts where each was found.
    `looked_for` and `read_by` are for people: where an unset part was found, and by which rule.
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
    warnings: list[str] = field(default_factory=list)

    def used(self) -> set[str]:
        """Return the columns or keys that something is read from."""
        places = [*self.keys.values(), *self.labels.values()]
        return {place for several in places for place in several} | set(self.attributes)


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


def plan_file(
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
) -> Plan:
    """Decide where the parts of a ticket are: by the settings, else by the format, else by their names.

    Raises:
        DataFileError: a column of the settings is not there, or no column or several look like the text.
    """
    is_set = columns.model_fields_set
    plan = Plan(
        keys={},
        labels={},
        attributes=tuple(find_column(name, names, kind) for name in columns.attributes),
        separator=columns.separator
        if "separator" in is_set or not (known and known.separator)
        else known.separator,
        tag_fields=frozenset(tag_fields) | frozenset(known.tags if known else ()),
        kind=kind,
    )
    own = kind == "json" and _is_own_form(names, head, columns)
    for key in KEYS:
        if key in is_set and not own:
            if labelled or key in _ALWAYS_NEEDED:
                plan.explicit[key] = getattr(columns, key)
            plan.keys[key] = (find_column(getattr(columns, key), names, kind),)
        elif known is not None and key in known.keys:
            plan.keys[key] = _present(known.keys[key], names, kind)
        else:
            plan.keys[key] = _present((key,), names, kind)
    if known is None:
        _guess(plan, path, names, head)
    _plan_labels(plan, names, columns, known, fields, labelled=labelled, own=own)
    if labelled and not own:
        plan.explicit.update({f"attributes {name!r}": name for name in columns.attributes})
    if head and kind != "mail" and not plan.keys["subject"] and not plan.keys["body"]:
        raise DataFileError(f"{path}, line 1: {_no_text(names, 'column' if kind == 'table' else 'key')}")
    if kind == "table":
        _require(plan, path, names)
    if head and kind != "mail" and not plan.keys["body"]:
        what = "column" if kind == "table" else "key"
        plan.warnings.append(
            f"{path}: there is no {what} with the text, so the subject is all that is read: export the first "
            "message too, and set body in [tickets]"
        )
    return plan


def _plan_labels(
    plan: Plan,
    names: Sequence[str],
    columns: TicketColumns,
    known: ExportFormat | None,
    fields: Collection[str],
    *,
    labelled: bool,
    own: bool,
) -> None:
    if columns.labels:
        plan.labels = {
            name: (find_column(place, names, plan.kind),) for name, place in columns.labels.items()
        }
        if labelled and not own:
            plan.explicit.update({f"labels.{name}": place for name, place in columns.labels.items()})
        return
    if known is not None:
        found = {name: _present(places, names, plan.kind) for name, places in known.labels.items()}
        plan.labels = {name: places for name, places in found.items() if places}
    for name in fields:  # a column that is called as a field is
        if name not in plan.labels and (places := _present((name,), names, plan.kind)):
            plan.labels[name] = places


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


def _guess(plan: Plan, path: Path, names: Sequence[str], head: Sequence[Mapping[str, Any]]) -> None:
    """Take what is called as a part of a ticket usually is, where neither settings nor format name it.

    Raises:
        DataFileError: several columns look like the text.
    """
    flat = [name for name in names if "." not in name] if plan.kind == "json" else list(names)
    taken = {place for places in plan.keys.values() for place in places} | set(plan.attributes)
    for key in KEYS:
        if key in plan.explicit:
            continue
        filled = [n for n in look_alikes(key, flat, taken) if any(_is_filled(v, n) for v in head)]
        if key == "body" and filled and _is_doubtful_body(plan, path, filled, head):
            continue
        if key == "created_at" and filled and not _are_dates(head, filled[0]):
            continue
        if not filled and key in ("subject", "body") and plan.kind == "json":
            filled = _within(key, names, head)
        if not plan.keys[key] and filled:
            plan.keys[key] = (filled[0],)
            plan.guessed[key] = filled[0]
            taken.add(filled[0])


def _is_doubtful_body(
    plan: Plan, path: Path, filled: Sequence[str], head: Sequence[Mapping[str, Any]]
) -> bool:
    """Warn where a second column looks like the text, and tell whether the body is decided already.

    Raises:
        DataFileError: it is not decided, and several columns look like it.
    """
    places = plan.keys["body"]
    rivals = [name for name in filled if _is_text(head, name)]
    if places:
        if rivals:
            plan.warnings.append(
                f"{path}: the text is read from {places[0]!r}, and {rivals[0]!r} looks like it too: set "
                f'body = "{rivals[0]}" in [tickets] if that is the one'
            )
        return True
    if len(rivals) > 1:
        raise DataFileError(
            f"{path}, line 1: {rivals[0]!r} and {rivals[1]!r} both look like the tickets' text: set "
            f'body = "{rivals[0]}" or body = "{rivals[1]}" in [tickets] of triage.toml'
        )
    return False


def _is_filled(values: Mapping[str, Any], name: str) -> bool:
    return bool(scalar_text(one_value(lookup(values, name))))


def _within(key: str, names: Sequence[str], head: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the key within an object or a list of messages that holds a part, where it is the only one."""
    inner = [name for name in names if "." in name and look_alikes(key, [name.rpartition(".")[2]])]
    filled = [name for name in inner if any(_is_filled(values, name) for values in head)]
    return filled if len(filled) == 1 else []


def _are_dates(head: Sequence[Mapping[str, Any]], name: str) -> bool:
    return not read_dates([one_value(lookup(values, name)) for values in head]).unreadable


def _is_text(head: Sequence[Mapping[str, Any]], name: str) -> bool:
    """Tell whether a column holds sentences: several words in a third of its cells, and not few values."""
    texts = [text for values in head if (text := scalar_text(one_value(lookup(values, name))))]
    wordy = sum(text.count(" ") >= 2 for text in texts)
    return bool(texts) and 3 * wordy >= len(texts) and 2 * len(set(texts)) > len(texts)


def _require(plan: Plan, path: Path, names: Sequence[str]) -> None:
    """Check that a table has what the settings name, and a column with text.

    Raises:
        DataFileError: it has not.
    """
    missing = {
        setting: place
        for setting, place in plan.explicit.items()
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
