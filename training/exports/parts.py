"""Parts of a ticket: taken out of a record from where the mapping of its file has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from training.exports.mapping import PASSED_ON, ColumnMapping
from training.exports.messages import customer_s_first
from training.exports.records import Beside, lookup
from training.exports.texts.conversations import opening_text
from training.exports.values import named_value, one_value, scalar_text, several_values, without_fraction


def to_ticket(mapping: ColumnMapping, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record in the form of a ticket, its date and labels as they stand in the file."""
    found: dict[str, Any] = (
        {key: values[key] for key in PASSED_ON if key in values} if mapping.kind != "table" else {}
    )
    for key, places in mapping.keys.items():
        look = _in_messages if key == "body" and mapping.kind == "json" else _filled
        value = next((v for place in places if (v := look(values, place)) is not None), None)
        found[key] = _own_text(key, value)
        if key == "body" and isinstance(found[key], str):
            found[key] = opening_text(found[key])
    given = found.get("labels")
    labels = dict(given) if isinstance(given, Mapping) else {}
    if isinstance(given, list) and any(isinstance(label, Mapping) for label in given):
        found.pop("labels")  # labels of an issue tracker, each with its name
        labels["tags"], given = list(several_values(given, mapping.separator)), None
    for name, places in mapping.labels.items():
        value = next((v for place in places if (v := _filled(values, place)) is not None), None)
        if name in mapping.tag_fields:
            if value is not None or mapping.kind == "table" or _has_any(values, places):
                labels[name] = list(several_values(value, mapping.separator))
        elif value is not None:
            labels[name] = one_value(value)
    if labels or not isinstance(given, (list, str)):
        found["labels"] = labels
    if mapping.attributes:
        more = {place: scalar_text(one_value(_filled(values, place))) for place in mapping.attributes}
        given = {place: without_fraction(text) for place, text in more.items() if text}
        found["attributes"] = {**(found.get("attributes") or {}), **given}
    for setting, place in mapping.explicit.items():
        if lookup(values, place) is not None:
            mapping.hits[setting] = mapping.hits.get(setting, 0) + 1
    return found


def name_labels(mapping: ColumnMapping, ticket: Mapping[str, Any], beside: Beside) -> None:
    """Put names in place of the ids among a ticket's labels, where the export has them beside its tickets."""
    labels = ticket.get("labels")
    if not beside.names or not isinstance(labels, dict):
        return
    for field, value in labels.items():
        places = mapping.labels.get(field, ())
        found = next((name for place in places if (name := beside.name_of(place, value))), None)
        if found is not None:
            labels[field] = found


def _filled(values: Mapping[str, Any], place: str) -> Any:
    value = lookup(values, place)
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, list) and not any(entry not in (None, "") for entry in value):
        return None
    return value


def _in_messages(values: Mapping[str, Any], place: str) -> Any:
    """Return what a record has under a place; within a list of messages, of the one that began the ticket."""
    end = place.find(".")
    while end >= 0:
        outer = lookup(values, place[:end])
        if isinstance(outer, list) and len(outer) > 1 and all(isinstance(m, Mapping) for m in outer):
            rest = place[end + 1 :]
            return _filled(values, place) if rest[:1].isdecimal() else _filled(customer_s_first(outer), rest)
        end = place.find(".", end + 1)
    return _filled(values, place)


def _has_any(values: Mapping[str, Any], places: Iterable[str]) -> bool:
    return any(lookup(values, place) is not None for place in places)


def _own_text(key: str, value: Any) -> Any:
    """Return a part of a ticket as text where it is one value, else as it stands, which is an error later."""
    if key in ("created_at", "closed_at", "language") or value is None:
        return one_value(value)
    single = named_value(one_value(value)) if not isinstance(value, str) else value
    if isinstance(single, bool) or (text := scalar_text(single)) is None:
        return single
    return without_fraction(text) if key == "id" else (value if isinstance(value, str) else text)
