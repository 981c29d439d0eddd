"""Where the words of a cleaned text stand in the subject and the body as they came in.

Cleaning takes whole passages out and moves nothing, so the cleaned words are long runs of the words that
were sent. Each run is looked for from where the last one ended, the longest of the first few places taken.
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
    """The characters `start` to `end` of a ticket's subject or body, as it came in."""

    part: Literal["subject", "body"]
    start: int
    end: int


class SpanLocator:
    """Finds words of one ticket's cleaned text in its subject and body.

    Parameters
    ----------
    cleaned : what `clean_ticket` made of `subject` and `body`
    """

    def __init__(self, cleaned: str, subject: str, body: str) -> None:
        self._cleaned = cleaned
        self._body_start = min(len(clean_subject(subject)), len(cleaned))
        html = reads_as_html(body)
        subject, body = subject[:_SUBJECT_CHARS], source_prefix(body)
        self._subject = _Part(subject, decode_subject(subject), cleaned[: self._body_start])
        self._body = _Part(body, decode_body(body, html=html), cleaned[self._body_start :])

    def find(self, start: int, end: int) -> SourceSpan | None:
        """Return where the characters `start` to `end` of the cleaned text came from.

        None where they were not sent like that, for example with a tag between the letters.
        """
        if end <= self._body_start:
            span = self._subject.find(start, end)
            return SourceSpan("subject", *span) if span else None
        span = self._body.find(start - self._body_start, end - self._body_start)
        return SourceSpan("body", *span) if span else None


class _Part:
    """The subject or the body, aligned with what became of it."""

    def __init__(self, source: str, readable: DecodedText, cleaned: str) -> None:
        self._source, self._readable, self._cleaned = source, readable, cleaned
        self._spans = smallest_word_spans(cleaned)
        self._sent_spans = smallest_word_spans(readable.text) if self._spans else []
        self._places = align_words(
            [cleaned[start:end] for start, end in self._spans],
            [readable.text[start:end] for start, end in self._sent_spans],
        )

    def find(self, start: int, end: int) -> tuple[int, int] | None:
        first, last = self._sent(start), self._sent(end - 1)
        if first is None or last is None or not start < end or first > last:
            return None
        span = self._readable.source_span(first, last + 1)
        sent, read = self._source[slice(*span)], self._cleaned[start:end]
        # Letters and digits that were sent as they are read need no decoding, and most words are such.
        is_same = (sent == read and read.isalnum()) or decode_fragment(sent) == read
        return span if is_same else None

    def _sent(self, at: int) -> int | None:
        """Return which character of the readable source the character `at` was."""
        number = bisect_right(self._spans, (at, len(self._cleaned) + 1)) - 1
        if number < 0 or at >= self._spans[number][1]:
            return None
        place = self._places[number]
        return None if place is None else self._sent_spans[place][0] + at - self._spans[number][0]


def align_words(words: Sequence[str], sent: Sequence[str]) -> list[int | None]:
    """Return for each word its place among the words that were sent, None for one that does not occur.

    The cost is linear: a place that is tried and not taken costs no more steps than the run that is.

    >>> align_words("it smokes now".split(), "hello it smokes badly right now".split())
    [1, 2, 5]
    """
    places: list[int | None] = [None] * len(words)
    index: dict[tuple[str, ...], list[int]] | None = None
    at = expected = 0
    while at < len(words):
        begin, length = expected, _run(words, at, sent, expected)
        if at + length < len(words):
            if index is None:
                index = _index(words, sent)
            for candidate in _candidates(words, at, index, expected):
                run = _run(words, at, sent, candidate)
                if run > length:
                    begin, length = candidate, run
        places[at : at + length] = range(begin, begin + length)
        if length > 1 or begin == expected:
            # A single word far away may be another one: what follows is looked for from here all the same.
            expected = begin + length
        at += max(1, length)
    return places


def _run(words: Sequence[str], at: int, sent: Sequence[str], place: int) -> int:
    """Return how many words from `at` on are the words that were sent from `place` on."""
    most = min(len(words) - at, len(sent) - place)
    length = 0
    while length < most and words[at + length] == sent[place + length]:
        length += 1
    return length


def _index(words: Sequence[str], sent: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    """Return where each run of up to three of the words was sent."""
    index: dict[tuple[str, ...], list[int]] = {}
    for size in range(1, _LONGEST_KEY + 1):
        wanted = set(zip(*(words[i:] for i in range(size)), strict=False))
        for place, key in enumerate(zip(*(sent[i:] for i in range(size)), strict=False)):
            if key in wanted:
                index.setdefault(key, []).append(place)
    return index


def _candidates(
    words: Sequence[str], at: int, index: dict[tuple[str, ...], list[int]], expected: int
) -> list[int]:
    """Return the first places of the longest run that was sent, those from `expected` on if there are any."""
    for size in range(_LONGEST_KEY, 0, -1):
        places = index.get(tuple(words[at : at + size]))
        if places:
            first = bisect_left(places, expected)
            return places[first : first + _MOST_PLACES] or places[:_MOST_PLACES]
    return []
