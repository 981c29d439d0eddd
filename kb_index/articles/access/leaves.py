"""Leaves: the values within lists and objects that name readers or a state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb_index.articles.access.keys import SHOWN_AT_MARKS, is_about_others, key_words
from kb_index.articles.access.values import audience_of, is_published_state, truth_of
from kb_index.articles.access.words import read_words
from models.quoting import beginning
from models.word_lists import word_set

# What vendors put around a list of groups or users (Confluence, Zendesk), which names nobody.
ENVELOPE = word_set(
    """
    _links _expandable size start limit operation self expandable id url created_at updated_at color
    colour description icon position order createdAt updatedAt
    """
)
SEPARATORS = re.compile(r"[,;|/]|\band\b")
_SHOWN_CHARS = 40
_FOR_READERS = word_set("access audience readers viewers sharing share")
_OF_WRITERS = word_set("edit write update comment manage delete admin publish")

# "For" and "whom" of other languages, as in Gilt für: Mitarbeiter. In English "for" has many other uses.
_FOR_WHOM = word_set(
    """
    für wen för vem pour qui para quien quién quem voor wie dla kogo для кого кому kenelle kellele kam
    komu koho per chi hvem cui 対象 適用 适用 대상
    """
)


def named_value(value: object) -> object:
    """Return the name within an object that stands for a state; any other value as it is."""
    if not isinstance(value, Mapping):
        return value
    named = [value[key] for key in ("value", "name", "label", "code", "key", "title", "id") if key in value]
    states = [name for name in named if isinstance(name, str)]
    understood = [name for name in states if is_published_state(name) is not None or audience_of(name)]
    inner = [named_value(item) for item in value.values() if isinstance(item, Mapping)]
    return next(iter((*understood, *states, *inner)), value)


def means_for_all(key: str) -> bool:
    return any(word.means("open", "everyone") for word in read_words(key))


def is_denied(key: str, value: object) -> bool:
    """Tell whether a key denies that all may read: `visible_to_all: "no"`, `visibility: none`."""
    is_given = value not in (None, "", [], ())
    words = read_words(key)
    says_seen = any(word.means("seen", "open", "show") or "visib" in word.text for word in words)
    return is_given and truth_of(value) is False and says_seen


def names_excluded(key: str, value: object) -> bool:
    """Tell whether a key names those who may not read: `excluded_groups: [guests]`.

    >>> names_excluded("excluded_groups", ["guests"]), names_excluded("excluded_groups", [])
    (True, False)
    """
    is_excluding = any(word.means("not", "hide") for word in read_words(key))
    return is_excluding and not isinstance(value, Mapping) and truth_of(value) is None


def leaves_of(value: object) -> Iterator[object]:
    """Yield the values within lists and objects that name somebody."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, Mapping):
            # Who may edit a page (Confluence) does not restrict who may read it.
            read = item.get("read")
            inner = {"read": read} if isinstance(read, Mapping) and "update" in item else item
            kept = {k: v for k, v in inner.items() if str(k) not in ENVELOPE and not _is_of_writers(str(k))}
            todo.extend((kept or {k: v for k, v in inner.items() if k in ("id", "url")}).values())
        elif isinstance(item, list | tuple):
            todo.extend(item)
        elif isinstance(item, str):
            yield from (part.strip() for part in SEPARATORS.split(item) if part.strip())
        elif item is not None and (item is not False or item is not value):
            yield item


def _is_of_writers(key: str) -> bool:
    return is_about_others(key) or not _OF_WRITERS.isdisjoint(key_words(key))


def audience_of_leaf(leaf: object, words: set[str]) -> str | None:
    if not isinstance(leaf, str):
        return None
    if leaf == "*":
        return "public"
    if truth_of(leaf) is False:
        return None if words & _FOR_READERS else "public"
    audience = audience_of(leaf)
    if audience is None and not words.isdisjoint(SHOWN_AT_MARKS) and _is_place_for_all(leaf):
        return "public"
    return audience or ("withheld" if is_published_state(leaf) is False else None)


def _is_place_for_all(leaf: str) -> bool:
    """Tell whether a place where an article is shown is one that customers see: "customer portal"."""
    return all(word.means("where", "open", "everyone", "neutral") for word in read_words(leaf))


def shown_pair(name: str, value: object) -> str:
    """Return a key and the beginning of its value, for people."""
    return f"{name}: {shown(value)}"


def shown(value: object) -> str:
    """Return the beginning of a value in one line, for people; those whom it names are redacted."""
    return beginning(value, _SHOWN_CHARS)


def is_for_staff(name: str, value: object) -> bool:
    """Tell whether a value names staff, under a key that says for whom an article is; keys as `field_name`.

    >>> is_for_staff("gilt_für", "Mitarbeiter"), is_for_staff("gilt_für", "Linux")
    (True, False)
    """
    is_for_whom = not _FOR_WHOM.isdisjoint(name.split("_"))
    return is_for_whom and isinstance(value, str) and audience_of(value) == "internal"
