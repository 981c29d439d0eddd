"""Tokenizer: words and character n-grams of a text, with their positions.

The same tokens make the features and, mapped back through their spans, the reasons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.text.scripts import UNSPACED

# Words are not visible in a script without spaces, so each character is a token.
_WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+")
_RUN = re.compile(rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])\w)+|[^\w\s]+")
_UNSPACED_CHARACTER = re.compile(rf"[{UNSPACED}]")
_LONGEST_RUN = 60
_SIZES = range(2, 6)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Features of a text: their names, and the characters `starts` to `ends` of each, all (n,).

    Columns rather than one object a token: a ticket has a thousand of them.
    """

    names: list[str]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


def word_tokens(text: str) -> Tokens:
    """Return words and pairs of neighbouring words, lower-cased.

    >>> word_tokens("Reset my password").names
    ['reset', 'my', 'reset my', 'password', 'my password']
    """
    single, spans = [], []
    for match in _WORD.finditer(text):
        single.append(match.group().lower())
        spans.append(match.span())
    places = np.array(spans, np.intp).reshape(-1, 2)
    starts, ends = np.empty((2, max(0, 2 * len(single) - 1)), np.intp)
    starts[:1], ends[:1] = places[:1].T
    starts[1::2], ends[1::2] = places[1:].T
    starts[2::2], ends[2::2] = places[:-1, 0], places[1:, 1]
    return Tokens(_with_bigrams(single), starts, ends)


def character_tokens(text: str) -> Tokens:
    """Return character 2- to 5-grams within words (and within runs of signs), lower-cased.

    A word's edges count as a space, so that " re" differs from "re" inside a word. Runs are cut
    at 60 characters: what is longer is an encoded attachment or a keyboard held down.
    """
    names: list[str] = []
    firsts, within = [], [_NO_SPANS]
    for match in _RUN.finditer(text):
        run = match.group()[:_LONGEST_RUN]
        lowered = run.lower()
        names += run_ngrams(lowered)
        firsts.append(match.start())
        within.append(_run_spans(len(run), len(lowered)))
    starts, ends = np.hstack(within) + np.repeat(np.array(firsts, np.intp), [p.shape[1] for p in within[1:]])
    return Tokens(names, starts, ends)


_NO_SPANS = np.empty((2, 0), np.intp)


@cache
def _run_spans(length: int, lowered: int) -> NDArray[np.intp]:
    """Return starts and ends, (2, n), of a run's n-grams; lower-casing may change its length."""
    ngrams = [(at, size) for size in _SIZES for at in range(_ngrams(lowered, size))]
    places = [(min(max(0, at - 1), length - 1), min(length, at + size - 1)) for at, size in ngrams]
    return np.array(places, np.intp).T


def _ngrams(lowered: int, size: int) -> int:
    """Return the number of n-grams of a size in a run; both its edges count."""
    return max(1, lowered + 3 - size)


def smallest_word_spans(text: str) -> list[tuple[int, int]]:
    """Return the span of each word; each character of a script without spaces is one.

    >>> smallest_word_spans("密码 now")
    [(0, 1), (1, 2), (3, 6)]
    """
    return [match.span() for match in _WORD.finditer(text)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return the span of each word; a run of characters written without spaces counts as words of two.

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


def word_ngrams(text: str) -> list[str]:
    """Return the names of `word_tokens`, without the cost of the spans."""
    return _with_bigrams([word.lower() for word in _WORD.findall(text)])


def _with_bigrams(single: list[str]) -> list[str]:
    """Return the words, each but the first followed by its bigram."""
    pairs = [f"{first} {second}" for first, second in pairwise(single)]
    both = single[:1]
    for word, pair in zip(single[1:], pairs, strict=True):
        both += (word, pair)
    return both


def character_ngrams(text: str) -> list[str]:
    """Return the names of `character_tokens`, without the cost of the spans."""
    return [gram for run in script_runs(text) for gram in run_ngrams(run)]


def script_runs(text: str) -> list[str]:
    """Return runs of letters of one script and runs of signs, lower-cased and cut: n-grams stay within one.

    >>> script_runs("Reset it!!")
    ['reset', 'it', '!!']
    """
    return [run[:_LONGEST_RUN].lower() for run in _RUN.findall(text)]


def run_ngrams(run: str) -> list[str]:
    """Return the character n-grams within one of `script_runs`.

    >>> run_ngrams("it")
    [' i', 'it', 't ', ' it', 'it ', ' it ', ' it ']
    """
    padded = f" {run} "
    return [padded[at : at + size] for size in _SIZES for at in range(_ngrams(len(run), size))]
