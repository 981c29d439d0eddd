"""Span alignment: positions of a cleaned text's words in the subject and the body of its ticket.

Cleaning cuts whole passages and moves nothing, so the cleaned words are long runs of the source's words.
Each run is searched for from the end of the last one; of the first few places the longest run is taken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.text import clean_subject, reads_as_html, source_prefix
from models.text.source_map import DecodedText, decode_body, decode_fragment, decode_subject
from models.text.tokenizer import smallest_word_spans

_MOST_PLACES = 8
_LONGEST_KEY = 3
# As far as `clean_subject` looks.
_SUBJECT_CHARS = 40_000


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Characters `start` to `end` of a ticket's subject or body, as it came in."""

    part: Literal["subject", "body"]
    start: int
    end: int


class SpanLocator:
    """Locator of one ticket's cleaned words in its subject and body.

    Args:
        cleaned: the result of `clean_ticket(subject, body)`.
        subject: the subject as it came in.
        body: the body as it came in.
    """

    def __init__(self, cleaned: str, subject: str, body: str) -> None:
        self._cleaned = cleaned
        self._body_start = min(len(clean_subject(subject)), len(cleaned))
        html = reads_as_html(body)
        subject, body = subject[:_SUBJECT_CHARS], source_prefix(body)
        self._subject = _AlignedText(subject, decode_subject(subject), cleaned[: self._body_start])
        self._body = _AlignedText(body, decode_body(body, html=html), cleaned[self._body_start :])

    def locate(self, start: int, end: int) -> SourceSpan | None:
        """Return the source of the characters `start` to `end` of the cleaned text.

        None where the source differs, for example by a tag between the letters.
        """
        if end <= self._body_start:
            span = self._subject.locate(start, end)
            return SourceSpan("subject", *span) if span else None
        span = self._body.locate(start - self._body_start, end - self._body_start)
        return SourceSpan("body", *span) if span else None


class _AlignedText:
    """A subject or body, its decoded words aligned with those of its cleaned text."""

    def __init__(self, source: str, decoded: DecodedText, cleaned: str) -> None:
        self._source, self._decoded, self._cleaned = source, decoded, cleaned
        self._spans = smallest_word_spans(cleaned)
        self._source_spans = smallest_word_spans(decoded.text) if self._spans else []
        self._places = align_words(
            [cleaned[start:end] for start, end in self._spans],
            [decoded.text[start:end] for start, end in self._source_spans],
        )

    def locate(self, start: int, end: int) -> tuple[int, int] | None:
        first, last = self._decoded_index(start), self._decoded_index(end - 1)
        if first is None or last is None or not start < end or first > last:
            return None
        span = self._decoded.source_span(first, last + 1)
        sent, read = self._source[slice(*span)], self._cleaned[start:end]
        # Letters and digits that were sent as they are read need no decoding, and most words are such.
        is_same = (sent == read and read.isalnum()) or decode_fragment(sent) == read
        return span if is_same else None

    def _decoded_index(self, at: int) -> int | None:
        """Return the position in the decoded source of the cleaned text's character `at`."""
        number = bisect_right(self._spans, (at, len(self._cleaned) + 1)) - 1
        if number < 0 or at >= self._spans[number][1]:
            return None
        place = self._places[number]
        return None if place is None else self._source_spans[place][0] + at - self._spans[number][0]


def align_words(words: Sequence[str], source: Sequence[str]) -> list[int | None]:
    """Return the index of each word among the source's words, None for one that does not occur.

    The cost is linear: a place that is tried and not taken costs no more steps than the run that is.

    >>> align_words("it smokes now".split(), "hello it smokes badly right now".split())
    [1, 2, 5]
    """
    places: list[int | None] = [None] * len(words)
    index: dict[tuple[str, ...], list[int]] | None = None
    at = expected = 0
    while at < len(words):
        begin, length = expected, _run(words, at, source, expected)
        if at + length < len(words):
            if index is None:
                index = _index(words, source)
            for candidate in _candidates(words, at, index, expected):
                run = _run(words, at, source, candidate)
                if run > length:
                    begin, length = candidate, run
        places[at : at + length] = range(begin, begin + length)
        if length > 1 or begin == expected:
            # A single word far away may be another one: what follows is looked for from here all the same.
            expected = begin + length
        at += max(1, length)
    return places


def _run(words: Sequence[str], at: int, source: Sequence[str], place: int) -> int:
    """Return the number of words from `at` on that equal the source's words from `place` on."""
    most = min(len(words) - at, len(source) - place)
    length = 0
    while length < most and words[at + length] == source[place + length]:
        length += 1
    return length


def _index(words: Sequence[str], source: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    """Return the places in the source of each run of up to three of the words."""
    index: dict[tuple[str, ...], list[int]] = {}
    for size in range(1, _LONGEST_KEY + 1):
        wanted = set(zip(*(words[i:] for i in range(size)), strict=False))
        for place, key in enumerate(zip(*(source[i:] for i in range(size)), strict=False)):
            if key in wanted:
                index.setdefault(key, []).append(place)
    return index


def _candidates(
    words: Sequence[str], at: int, index: dict[tuple[str, ...], list[int]], expected: int
) -> list[int]:
    """Return the first places of the longest run in the source, from `expected` on if there are any."""
    for size in range(_LONGEST_KEY, 0, -1):
        places = index.get(tuple(words[at : at + size]))
        if places:
            first = bisect_left(places, expected)
            return places[first : first + _MOST_PLACES] or places[:_MOST_PLACES]
    return []
