"""Words and character n-grams of a text, with where they stand in it.

The same tokens make the features and, mapped back through their spans, the reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

# Scripts written without spaces: a word is not visible there, so each character is a token.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")
_RUN = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])\w)+|[^\w\s]+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")
_LONGEST_RUN = 60
_SIZES = range(2, 6)


class Token(NamedTuple):
    """A feature's name and the characters `start` to `end` of the text that it came from.

    A tuple, because a ticket has a thousand of them and a frozen dataclass takes three times as long to make.
    """

    name: str
    start: int
    end: int


def word_tokens(text: str) -> Iterator[Token]:
    """Yield words and pairs of neighbouring words, lower-cased.

    >>> [t.name for t in word_tokens("Reset my password")]
    ['reset', 'my', 'reset my', 'password', 'my password']
    """
    previous: Token | None = None
    for match in _WORD.finditer(text):
        token = Token(match.group().lower(), match.start(), match.end())
        yield token
        if previous is not None:
            yield Token(f"{previous.name} {token.name}", previous.start, token.end)
        previous = token


def character_tokens(text: str) -> Iterator[Token]:
    """Yield character 2- to 5-grams within words (and within runs of signs), lower-cased.

    A word's edges count as a space, so that " re" differs from "re" inside a word. Runs are cut
    at 60 characters: what is longer is an encoded attachment or a keyboard held down.
    """
    for match in _RUN.finditer(text):
        start = match.start()
        run = match.group()[:_LONGEST_RUN]
        padded = f" {run.lower()} "
        last = len(run)
        for size in _SIZES:
            for at in range(max(1, len(padded) - size + 1)):
                gram = padded[at : at + size]
                yield Token(gram, start + max(0, at - 1), start + min(last, at + size - 1))


def smallest_word_spans(text: str) -> list[tuple[int, int]]:
    """Return where each word stands, each character of a script without spaces on its own.

    >>> smallest_word_spans("密码 now")
    [(0, 1), (1, 2), (3, 6)]
    """
    return [match.span() for match in _WORD.finditer(text)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where each word stands; a run of characters written without spaces counts as words of two.

    >>> word_spans("重置密码 now")
    [(0, 2), (2, 4), (5, 8)]
    """
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        unspaced = match.end() - match.start() == 1 and _UNSPACED_CHARACTER.match(match.group())
        if unspaced and spans and spans[-1][1] == match.start() and _is_half_pair(text, spans[-1]):
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append((match.start(), match.end()))
    return spans


def _is_half_pair(text: str, span: tuple[int, int]) -> bool:
    return span[1] - span[0] == 1 and bool(_UNSPACED_CHARACTER.match(text[span[0]]))


def words(text: str) -> list[str]:
    """Return the names of `word_tokens`, without the cost of the spans."""
    single = [word.lower() for word in _WORD.findall(text)]
    pairs = [f"{first} {second}" for first, second in pairwise(single)]
    both = single[:1]
    for word, pair in zip(single[1:], pairs, strict=True):
        both += (word, pair)
    return both


def character_ngrams(text: str) -> list[str]:
    """Return the names of `character_tokens`, without the cost of the spans."""
    return [gram for run in runs(text) for gram in run_ngrams(run)]


def runs(text: str) -> list[str]:
    """Return the runs of letters and of signs that n-grams are made within, lower-cased and cut.

    >>> runs("Reset it!!")
    ['reset', 'it', '!!']
    """
    return [run[:_LONGEST_RUN].lower() for run in _RUN.findall(text)]


def run_ngrams(run: str) -> list[str]:
    """Return the character n-grams within one of `runs`.

    >>> run_ngrams("it")
    [' i', 'it', 't ', ' it', 'it ', ' it ', ' it ']
    """
    padded = f" {run} "
    return [padded[at : at + size] for size in _SIZES for at in range(max(1, len(padded) - size + 1))]
