"""Word lists: words written in one text, as a set."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, parted by spaces and line ends.

    >>> sorted(word_set("label tag"))
    ['label', 'tag']
    """
    return frozenset(text.split())
