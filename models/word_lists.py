"""Word lists: words and phrases written in one text, as a set, a list or a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, parted by spaces and line ends.

    >>> sorted(word_set("label tag"))
    ['label', 'tag']
    """
    return frozenset(text.split())


def listed_phrases(text: str) -> list[str]:
    """Return the phrases of a text, parted by commas; a line end is a space.

    >>> listed_phrases("best regards, all the best, yours")
    ['best regards', 'all the best', 'yours']
    """
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


def any_phrase_of(phrases: Iterable[str]) -> str:
    """Return a pattern that one of the phrases fits.

    >>> any_phrase_of(["regards", "mvh"])
    '(?:regards|mvh)'
    """
    return f"(?:{'|'.join(map(re.escape, phrases))})"
