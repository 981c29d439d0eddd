"""Wrapped records: tickets within the object of an answer or an export, under a known or an unknown key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeGuard

from models.storage.json_stream import KEYS_OF_RECORDS
from models.wording import counted
from training.exports.formats import recognise
from training.exports.guess import look_alikes
from training.exports.records import LISTS, key_paths, lookup

_SINGLE = ("ticket", "issue", "incident", "case", "record", "request")
_DEEPEST = 3
_MOST_NAMED = 5


def unwrapped(
    value: dict[str, Any], places: Collection[str] = (), deepest: int = _DEEPEST
) -> Iterator[dict[str, Any]]:
    """Yield the records of an answer that holds one or several, or the object itself.

    An object with something under one of `places`, which the settings name, is a record.

    >>> list(unwrapped({"data": {"tickets": [{"id": 1}, {"id": 2}]}})), list(unwrapped({"ticket": {"id": 3}}))
    ([{'id': 1}, {'id': 2}], [{'id': 3}])
    >>> list(unwrapped({"total": 2, "page": {"cases": [{"id": 1}, {"id": 2}]}}))
    [{'id': 1}, {'id': 2}]

    Raises:
        ValueError: it holds several lists under unknown keys.
    """
    if deepest and KEYS_OF_RECORDS.isdisjoint(value):
        for key in (*LISTS, *_SINGLE):
            inner = value.get(key)
            if _is_list(inner):
                yield from inner
                return
            if isinstance(inner, dict):
                yield from unwrapped(inner, places, deepest - 1)
                return
    yield from _only_list(value, places) or [value]


def _only_list(value: dict[str, Any], places: Collection[str]) -> list[dict[str, Any]] | None:
    """Return the one list of objects in an object that is no ticket itself, None where there is none.

    Raises:
        ValueError: there are several.
    """
    if _has_text(value) or any(lookup(value, place) is not None for place in places):
        return None
    lists = dict(_lists(value))
    known = [path for path in lists if path.rpartition(".")[2] in LISTS]
    paths = known if len(known) == 1 else list(lists)
    if not paths or recognise(list(key_paths(value)), table=False):
        return None
    entry_names = list(lists[paths[0]][0])
    is_certain = not _has_id(value) or bool(look_alikes("subject", entry_names))
    if len(paths) == 1 and is_certain:
        return lists[paths[0]]
    if _has_id(value):
        return None
    named = ", ".join(f"{path!r} ({counted(len(lists[path]), 'object')})" for path in paths[:_MOST_NAMED])
    raise ValueError(
        f"the object has several lists, and none is known to hold the tickets: found {named}. Export the "
        "list of tickets alone, or call it 'tickets'"
    )


def _lists(value: Mapping[str, Any], deepest: int = _DEEPEST) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for key, inner in value.items():
        if _is_list(inner):
            yield key, inner
        elif isinstance(inner, dict) and deepest > 1 and not _has_text(inner):
            yield from ((f"{key}.{path}", found) for path, found in _lists(inner, deepest - 1))


def _is_list(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _has_text(value: Mapping[str, Any]) -> bool:
    """Tell whether an object has a ticket's subject or body; "message": "OK" is none."""
    words = {key: inner.split() for key, inner in value.items() if isinstance(inner, str)}
    if any(words[key] for key in look_alikes("subject", words)):
        return True
    return any(len(words[key]) > 2 for key in look_alikes("body", words))


def _has_id(value: Mapping[str, Any]) -> bool:
    return bool(look_alikes("id", [key for key, inner in value.items() if isinstance(inner, (str, int))]))
