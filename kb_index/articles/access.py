"""Access: who may read an article, by any key of its record that restricts it, as the vendors spell them.

A record is never more public than it says. What is not published (a draft, archived, expired, scheduled) is
withheld from everybody. A key that seems to restrict access and has a value that is not understood makes the
article internal.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from kb_index.articles.access_words import (
    KeyKind,
    audience_of,
    is_published_state,
    key_kind,
    key_words,
    truth_of,
)
from kb_index.articles.article import Visibility

_NESTED = frozenset(
    re.findall(
        r"[\w-]+",
        """
        params metadata meta custom_fields customfields attributes fields properties extra content
        """,
    )
)
_SHOWN_CHARS = 40
# Seconds since 1970 that may be meant as such: from 2001 to 2286.
_FIRST_SECOND, _LAST_SECOND = 10**9, 10**10
_MAX_LEAVES = 200
# What vendors put around a list of groups or users (Confluence, Zendesk), which names nobody.
_ENVELOPE = frozenset(["_links", "_expandable", "size", "start", "limit", "operation", "self", "expandable"])
_NOT = frozenset(["not", "non", "nicht", "niet", "ikke", "inte", "nao", "nie"])
_SEEN = frozenset(["visible", "visibility", "show", "shown", "showing", "available", "open", "public"])
_SEPARATORS = re.compile(r"[,;|/]|\band\b")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?![\d])")


@dataclass(frozen=True, slots=True)
class Access:
    """Readers that an article is meant for.

    `withheld` says why it is not published, and is empty for a published one. `visibility` is None where the
    record says nothing of it. `internal_by` names what makes it internal, and `not_understood` the keys with
    a value that is none of the known ones.
    """

    withheld: str = ""
    visibility: Visibility | None = None
    internal_by: str = ""
    not_understood: dict[str, str] = field(default_factory=dict)


def read_access(record: Mapping[str, Any], now: datetime) -> Access:
    """Return who may read the article of a record, as it was exported or written, at this moment.

    >>> read_access({"draft": True}, datetime(2026, 1, 1, tzinfo=UTC)).withheld
    'draft'
    >>> read_access({"audience": "gold tier"}, datetime(2026, 1, 1, tzinfo=UTC)).not_understood
    {'audience': 'gold tier'}
    """
    reader = _Reader(now)
    kinds = [(key, value, kind) for key, value in _pairs(record) if (kind := key_kind(key)) is not None]
    # Where a page has a date of publication, its date is another one, as in Hugo.
    has_start = any(
        kind == "start" and key.lower() != "date" and _moment(value) for key, value, kind in kinds
    )
    for key, value, kind in kinds:
        if not (has_start and key.lower() == "date"):
            reader.read(key, value, kind)
    if reader.unpublished_date and not reader.published:
        reader.withheld.append("not published")
    internal_by = reader.internal_by or list(reader.not_understood)
    visibility: Visibility | None = "public" if reader.public else None
    return Access(
        reader.withheld[0] if reader.withheld else "",
        "internal" if internal_by else visibility,
        internal_by[0] if internal_by else "",
        reader.not_understood,
    )


class _Reader:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self.withheld: list[str] = []
        self.internal_by: list[str] = []
        self.not_understood: dict[str, str] = {}
        self.public = self.published = self.unpublished_date = False

    def read(self, key: str, value: object, kind: KeyKind) -> None:
        if kind in ("start", "end"):
            self._read_date(key, value, starts=kind == "start")
        elif kind in ("state", "translation"):
            self._read_state(key, value, kind)
        elif kind == "audience":
            self._read_audience(key, value)
        else:
            self._read_flag(key, value, kind)

    def _read_flag(self, key: str, value: object, kind: KeyKind) -> None:
        holds = truth_of(value)
        if holds is None and kind == "restricted" and "password" in key_words(key):
            holds = True
        if holds is None:
            # Zammad and others put the moment where others put true.
            moment = _moment(value)
            holds = None if moment is None else moment <= self._now
        if holds is None:
            self._read_state(key, value, kind)
        elif kind in ("open", "released") and _NOT & set(key_words(key)):
            # "not public: no" may be meant either way, and so says nothing.
            if holds or value in (None, ""):
                self.internal_by.append(_shown_pair(key, value))
        elif kind == "withheld" and holds:
            self.withheld.append(" ".join(key_words(key)))
        elif kind == "released":
            self.published = self.published or holds
            if not holds and value is not None:
                self.withheld.append("not published")
        elif (kind == "restricted" and holds) or (kind == "open" and not holds and value is not None):
            is_secret = "password" in key_words(key)
            self.internal_by.append(key if is_secret else _shown_pair(key, value))
        elif kind == "open" and holds:
            self.public = True

    def _read_state(self, key: str, value: object, kind: KeyKind) -> None:
        if truth_of(value) is False and kind != "state":
            return
        if value is None or value == "":
            return
        published = is_published_state(value) if isinstance(value, str) else None
        if kind == "translation":
            if published is False and value != "OUTDATED":
                self.withheld.append(f"{key}: {value}")
        elif published:
            self.published = True
        elif published is False:
            self.withheld.append(str(value).strip().lower())
        elif isinstance(value, str) and (audience := audience_of(value)) is not None:
            self._note_audience(key, value, audience)
        else:
            self._note_unknown(key, value)

    def _read_audience(self, key: str, value: object) -> None:
        if _is_denied(key, value):
            self.internal_by.append(_shown_pair(key, value))
            return
        leaves = list(islice(_leaves(value), _MAX_LEAVES + 1))
        if not leaves:
            # In Zendesk a user segment that is null says that everyone may read the article.
            self.public = self.public or (value is None and {"user", "segment"} <= set(key_words(key)))
            return
        found = {_audience_of_leaf(leaf) for leaf in leaves}
        if {"user", "segment"} <= set(key_words(key)):
            self.internal_by.append(_shown_pair(key, value))
        elif None in found or len(leaves) > _MAX_LEAVES:
            # Confluence names the people and groups that may read a page.
            if isinstance(value, Mapping) and isinstance(value.get("read"), Mapping):
                self.internal_by.append(f"{key}.read")
            else:
                self._note_unknown(key, value)
        elif "withheld" in found:
            self.withheld.append(str(value).strip().lower())
        else:
            self._note_audience(key, value, "public" if "public" in found else "internal")

    def _read_date(self, key: str, value: object, *, starts: bool) -> None:
        is_never = isinstance(value, str) and value.strip().lower() in ("never", "no expiry")
        holds = False if is_never else truth_of(value)
        moment = _moment(value)
        if moment is not None:
            if starts and moment > self._now:
                self.withheld.append("not published yet")
            elif starts:
                self.published = True
            elif moment <= self._now:
                self.withheld.append(_ended(key))
        elif holds is False:
            self.unpublished_date = self.unpublished_date or (starts and "published" in key_words(key))
        elif holds is None:
            self._note_unknown(key, value)
        elif not starts:
            self.withheld.append(_ended(key))

    def _note_audience(self, key: str, value: object, audience: str) -> None:
        if audience == "public":
            self.public = True
        else:
            self.internal_by.append(_shown_pair(key, value))

    def _note_unknown(self, key: str, value: object) -> None:
        self.not_understood[key] = _shown(value)


def _pairs(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the keys of a record and of the tables of further keys in it, such as Hugo's `params`."""
    for key, value in record.items():
        yield str(key), value
        if isinstance(value, Mapping) and str(key).lower() in _NESTED and key_kind(str(key)) is None:
            yield from ((str(name), inner) for name, inner in value.items())


def _is_denied(key: str, value: object) -> bool:
    """Tell whether a key denies that all may read: `visible_to_all: "no"`, `access: {public: false}`."""
    if isinstance(value, Mapping):
        return any(
            truth_of(inner) is False and (key_kind(str(name)) == "open" or audience_of(str(name)) == "public")
            for name, inner in value.items()
        )
    is_given = value not in (None, "", [], ())
    return is_given and truth_of(value) is False and bool(_SEEN & set(key_words(key)))


def _leaves(value: object) -> Iterator[object]:
    """Yield the values within lists and objects that name somebody."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, Mapping):
            # Who may edit a page (Confluence) does not restrict who may read it.
            read = item.get("read")
            inner = {"read": read} if isinstance(read, Mapping) and "update" in item else item
            todo.extend(v for k, v in inner.items() if str(k) not in _ENVELOPE)
        elif isinstance(item, list | tuple):
            todo.extend(item)
        elif isinstance(item, str):
            yield from (part.strip() for part in _SEPARATORS.split(item) if part.strip())
        elif item is not None and item is not False:
            yield item


def _audience_of_leaf(leaf: object) -> str | None:
    if not isinstance(leaf, str):
        return None
    if truth_of(leaf) is False or leaf == "*":
        return "public"
    audience = audience_of(leaf)
    return audience or ("withheld" if is_published_state(leaf) is False else None)


def _moment(value: object) -> datetime | None:
    """Return the moment of a date or time, None where a value is none; without a zone it is UTC."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            match = _DAY.match(text)
            try:
                value = date.fromisoformat(match[0]) if match else None
            except ValueError:
                return None
    if isinstance(value, int) and not isinstance(value, bool) and _FIRST_SECOND <= value <= _LAST_SECOND:
        value = datetime.fromtimestamp(value, UTC)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _ended(key: str) -> str:
    words = set(key_words(key))
    for word in ("archived", "deleted", "retired", "trashed", "unpublished"):
        if word in words or word.removesuffix("d") in words or word.removesuffix("ed") in words:
            return word
    return "expired"


def _shown_pair(key: str, value: object) -> str:
    return f"{key}: {_shown(value)}"


def _shown(value: object) -> str:
    text = " ".join((value[: 2 * _SHOWN_CHARS] if isinstance(value, str) else reprlib.repr(value)).split())
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
