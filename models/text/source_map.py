"""Source map: a decoded subject or body, with the position of each character in its source.

Entities are decoded and invisible parts left out just as when a text is cleaned, but no passage is cut or
moved. A word of the cleaned text can so be found in the source.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from models.text.unicode import (
    ENTITY,
    INDENTED,
    INVISIBLE,
    QUOTED,
    REPLY_HEADER,
    clean_characters,
    decode_entities,
    limit_combining_marks,
    without_markers,
)

_REMOVED = f"(?:{INVISIBLE}|[{REPLY_HEADER}{QUOTED}{INDENTED}])+|[\ud800-\udbff][\udc00-\udfff]"
_UNSEEN = "noscript|object|script|select|style|svg|template|title"
# Tags as `models.text.html_sanitizer` sees them: a ">" within a short quoted value does not end one.
_TAG_END = r"""(?:[^<>"']++|"[^"<]{0,100}"|'[^'<]{0,100}'|["'])*+>"""
_TAG = rf"</?[a-zA-Z]{_TAG_END}|<[!?][^<>]*>"
_PLAIN_PIECE = re.compile(f"{ENTITY}|{_REMOVED}")
_HTML_PIECE = re.compile(
    rf"(?P<comment><!--)|<(?P<unseen>{_UNSEEN})(?=[\s/>]){_TAG_END}|(?P<tag>{_TAG})|{ENTITY}|{_REMOVED}", re.I
)
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])[^<>]*>", re.I) for name in _UNSEEN.split("|")}
_ENDS["<!--"] = re.compile("-->")
# A letter with all that may combine with it: marks are neither letters nor spaces, Korean vowels are letters.
# The bound keeps the cost of a letter with thousands of marks linear.
_CLUSTER = re.compile(r"\S(?:[^\w\s\x00-\x7f]|[\u1160-\u11ff]){0,30}")
_NOT_SPACE = re.compile(r"\S+")


class Replacement(NamedTuple):
    """The text `new` in place of the characters `start` to `end`. A mail may have 100,000 such tuples."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class RewrittenText:
    """A text in which pieces of its source were replaced.

    Replacement i made the characters `starts[i]` to `ends[i]` of `text` from the characters
    `source_starts[i]` to `source_ends[i]` of the source.
    """

    text: str
    starts: list[int]
    ends: list[int]
    source_starts: list[int]
    source_ends: list[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the source from which the characters `start` to `end` came; start < end."""
        return self._source_character(start)[0], self._source_character(end - 1)[1]

    def _source_character(self, at: int) -> tuple[int, int]:
        last = bisect_right(self.starts, at) - 1
        if last < 0:
            return at, at + 1
        if at < self.ends[last]:
            return self.source_starts[last], self.source_ends[last]
        source = self.source_ends[last] + at - self.ends[last]
        return source, source + 1


def rewrite(source: str, replacements: Iterable[Replacement]) -> RewrittenText:
    """Apply replacements, which must be in order and must not overlap."""
    pieces: list[str] = []
    result = RewrittenText("", [], [], [], [])
    done = length = 0
    for start, end, new in replacements:
        length += start - done
        pieces += (source[done:start], new)
        result.starts.append(length)
        length += len(new)
        result.ends.append(length)
        result.source_starts.append(start)
        result.source_ends.append(end)
        done = end
    text = "".join((*pieces, source[done:])) if pieces else source
    return RewrittenText(text, result.starts, result.ends, result.source_starts, result.source_ends)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A source decoded in two steps: invisible parts removed and entities decoded, then composed (NFC)."""

    decoded: RewrittenText
    composed: RewrittenText

    @property
    def text(self) -> str:
        return self.composed.text

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the source from which the characters `start` to `end` came; start < end."""
        return self.decoded.source_span(*self.composed.source_span(start, end))


def decode_subject(subject: str) -> DecodedText:
    """Decode a subject, in which tags have no meaning."""
    return _decode(subject, _plain_replacements(_PLAIN_PIECE, subject))


def decode_body(body: str, *, html: bool) -> DecodedText:
    """Decode a body; a tag of HTML parts words, though a reader may see them joined."""
    return _decode(body, _html_replacements(body) if html else _plain_replacements(_PLAIN_PIECE, body))


def decode_fragment(word: str) -> str:
    """Return a piece of a source as it stands in the cleaned text."""
    return clean_characters(without_markers(decode_entities(word)))


def _decode(source: str, replacements: Iterable[Replacement]) -> DecodedText:
    decoded = rewrite(source, replacements)
    return DecodedText(decoded, rewrite(decoded.text, _compositions(decoded.text)))


def _plain_replacements(pattern: re.Pattern[str], source: str) -> Iterator[Replacement]:
    decoded = _DecodedPieces()
    for match in pattern.finditer(source):
        yield Replacement(match.start(), match.end(), decoded[match[0]])


def _html_replacements(markup: str) -> Iterator[Replacement]:
    """Yield decoded entities, and a space for each tag, comment and invisible element."""
    decoded = _DecodedPieces()
    endless: set[str] = set()  # searched for once only, so that many openings cost no more than one
    done = 0
    while match := _HTML_PIECE.search(markup, done):
        start, done = match.span()
        opening = (match["comment"] or match["unseen"] or "").lower()
        if opening and opening not in endless:
            end = _ENDS[opening].search(markup, done)
            if end is None:
                endless.add(opening)
            else:
                done = end.end()
        unseen = opening or match["tag"]
        yield Replacement(start, done, " " if unseen else decoded[match[0]])


class _DecodedPieces(dict[str, str]):
    """Cache of decoded pieces: a mail repeats the same few entities and soft hyphens."""

    def __missing__(self, piece: str) -> str:
        self[piece] = decode_fragment(piece)
        return self[piece]


def _compositions(text: str) -> Iterator[Replacement]:
    """Yield the changes that NFC makes."""
    if unicodedata.is_normalized("NFC", limit_combining_marks(text)):
        return
    for run in _NOT_SPACE.finditer(text):
        if unicodedata.is_normalized("NFC", limit_combining_marks(run[0])):
            continue
        for cluster in _CLUSTER.finditer(text, run.start(), run.end()):
            composed = unicodedata.normalize("NFC", cluster[0])
            if composed != cluster[0]:
                yield Replacement(cluster.start(), cluster.end(), composed)
