"""Access words: what the keys of a record say of who may read the article, and what their values mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from kb_index.articles import access_vocabulary as vocabulary
from kb_index.articles.article import Visibility

KeyKind = Literal[
    "withheld", "restricted", "released", "open", "state", "translation", "audience", "start", "end"
]
"""Meaning of a key.

`withheld` is true of an article that is not published, `released` false. `restricted` is true of one that
only some may read, `open` false. `state` and `audience` name it, `translation` the state of a translation.
`start` and `end` are the dates between which it is published.
"""


_KINDS: tuple[tuple[KeyKind, frozenset[str]], ...] = (
    ("state", vocabulary.STATE),
    ("audience", vocabulary.AUDIENCE),
    ("restricted", vocabulary.RESTRICTED),
    ("withheld", vocabulary.WITHHELD),
    ("released", vocabulary.RELEASED),
    ("open", vocabulary.OPEN),
)
_PHRASES: tuple[tuple[KeyKind, frozenset[str]], ...] = (
    ("end", vocabulary.ENDS_PHRASES),
    ("start", vocabulary.STARTS_PHRASES),
)
_KNOWN = (
    vocabulary.WITHHELD
    | vocabulary.RESTRICTED
    | vocabulary.RELEASED
    | vocabulary.OPEN
    | vocabulary.STATE
    | vocabulary.AUDIENCE
    | vocabulary.STARTS
    | vocabulary.ENDS
)
_JOINED = re.compile(
    rf"(\w{{4,}})(only|date|state|status|level|required)|({'|'.join(sorted(_KNOWN))})(at|ids?|code)"
)
_OF_THE_ARTICLE = frozenset(
    [
        "is",
        "article",
        "kb",
        "page",
        "doc",
        "document",
        "content",
        "post",
        "ist",
        "artikel",
        "seite",
        "dokument",
    ]
)


def key_words(key: str) -> list[str]:
    """Return the words of a key, however it joins them, without accents and a leading "is" or "article".

    >>> key_words("isInternal"), key_words("User-Segment ID"), key_words("isdraft"), key_words("Archivé")
    (['internal'], ['user', 'segment', 'id'], ['draft'], ['archive'])
    """
    plain = vocabulary.without_accents(key)
    spaced = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    words = [word.casefold() for word in re.findall(r"[^\W_]+", spaced)]
    while len(words) > 1 and words[0] in _OF_THE_ARTICLE:
        del words[0]
    return list(_split_joined(words))


@lru_cache(maxsize=4096)
def key_kind(key: str) -> KeyKind | None:
    """Return what a key says of who may read an article, None where it says nothing of that.

    >>> key_kind("isDraft"), key_kind("user_segment_id"), key_kind("publishDate"), key_kind("comment_status")
    ('withheld', 'audience', 'start', None)
    """
    words = key_words(key)
    found = set(words)
    if not words or "_".join(words) in vocabulary.OTHER_KEYS:
        return None
    if found & vocabulary.OTHER:
        return "restricted" if "only" in found else None
    if found & vocabulary.TRANSLATION:
        return "translation" if found & vocabulary.STATE else None
    return (
        _phrase_kind(words)
        or _shown_kind(found)
        or _date_kind(found)
        or next((kind for kind, names in _KINDS if found & names), None)
    )


def _phrase_kind(words: list[str]) -> KeyKind | None:
    """Return the kind of a whole key, whatever joins its words and whether one of a date ends with "date"."""
    if "".join(words) in vocabulary.STATE_PHRASES:
        return "state"
    wholes = {"".join(words)}
    if words[-1] in vocabulary.DATE or words[-1] == "datum":
        wholes.add("".join(words[:-1]))
    return next((kind for kind, phrases in _PHRASES if wholes & phrases), None)


def _shown_kind(words: set[str]) -> Literal["audience", "open"] | None:
    if words & vocabulary.SEEN and words & vocabulary.BY_WHOM:
        return "audience"
    return "open" if words & vocabulary.SHOW and words & vocabulary.SHOWN_WHERE else None


def _date_kind(words: set[str]) -> Literal["start", "end"] | None:
    if words == {"date"}:
        return "start"
    if not words & (vocabulary.DATE | vocabulary.ENDS_ALONE):
        return None
    if words & {"hide", "hidden"} and words & vocabulary.END_MARKS:  # hidden until then
        return "start"
    if words & vocabulary.ENDS and not (words & vocabulary.STARTS and not words & vocabulary.END_MARKS):
        return "end"
    return "start" if words & vocabulary.STARTS else None


def audience_of(value: str) -> Visibility | None:
    """Return whom a value of an `audience` or `state` key names, None where it is not understood.

    >>> audience_of("Everyone"), audience_of("REGISTEREDUSERS"), audience_of("gold tier")
    ('public', 'internal', None)
    """
    name = _value_name(value)
    if name in vocabulary.PUBLIC_AUDIENCES:
        return "public"
    return "internal" if name in vocabulary.INTERNAL_AUDIENCES else None


def is_published_state(value: str) -> bool | None:
    """Tell whether a state is that of a published article, None where it is not understood.

    >>> is_published_state("Published"), is_published_state("In review"), is_published_state("blue")
    (True, False, None)
    """
    name = _value_name(value)
    if name in vocabulary.PUBLISHED_STATES:
        return True
    return False if name in vocabulary.WITHHELD_STATES else None


def truth_of(value: object) -> bool | None:
    """Return a value as true or false, None where it is neither; nothing at all is false.

    >>> truth_of("Yes"), truth_of(0), truth_of([]), truth_of("maybe")
    (True, False, False, None)
    """
    if isinstance(value, str):
        name = vocabulary.without_accents(value.strip()).casefold()
        return True if name in vocabulary.TRUE else False if name in vocabulary.FALSE else None
    if value is None or value in ([], (), {}, 0, 1):
        return bool(value)
    return None


def _value_name(value: str) -> str:
    spaced = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", vocabulary.without_accents(value.strip()))
    return "_".join(re.findall(r"[^\W_]+", spaced.casefold()))


def _split_joined(words: Iterable[str]) -> Iterator[str]:
    """Split words such as `isinternal`, `staffonly` and `publishdate`, which some vendors write as one."""
    for word in words:
        if word in _KNOWN:
            yield word
        elif word.startswith("is") and word[2:] in _KNOWN:
            yield word[2:]
        else:
            match = _JOINED.fullmatch(word)
            yield from filter(None, match.groups()) if match else (word,)
