"""Snippets: the part of a passage that a reader is shown, with the query's words highlighted."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from kb_index.articles.chunking import HEADING, SENTENCE_END
from kb_index.search.bm25 import WORD, fold
from models.text.scripts import UNSPACED

MAX_CHARS = 240

_MAX_QUERY_CHARS = 4_000
_MAX_TERMS = 200
_MAX_WINDOWS = 30
_MIN_WORD_CHARS = 2
# "printer" and "printers", "Drucker" and "Druckern" differ in their endings, not in their beginnings.
_PREFIX_CHARS = 5
_STARTS_UNSPACED = re.compile(rf"[{UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text of at most 240 characters; `highlights` are the (start, end) of matching words, ascending."""

    text: str
    highlights: tuple[tuple[int, int], ...] = ()


class _CaseFold(dict[int, str]):
    """Case folding by character, which keeps a text's length; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = fold(character)
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_CASE_FOLD = _CaseFold()


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """Terms of a query to highlight: folded words by their case-folded spelling, and character pairs."""

    folded: Mapping[str, str]
    pairs: Sequence[str]

    @classmethod
    def from_text(cls, query: str) -> QueryTerms:
        folded: dict[str, str] = {}
        pairs: set[str] = set()
        text = unicodedata.normalize("NFC", query[:_MAX_QUERY_CHARS])
        same_length = text.translate(_CASE_FOLD)
        for match in WORD.finditer(text):
            word = same_length[match.start() : match.end()]
            if _STARTS_UNSPACED.match(word):
                pairs.update(_pairs(word))
            elif len(word) >= _MIN_WORD_CHARS:
                folded[word] = fold(word)
        return cls(folded, sorted(pairs)[:_MAX_TERMS])


class Highlighter:
    """Finds a query's terms in a text, except the folded words in `frequent`."""

    def __init__(self, query: QueryTerms, frequent: Set[str]) -> None:
        prefixes = {word[:_PREFIX_CHARS] for word, folded in query.folded.items() if folded not in frequent}
        self._prefixes = frozenset(sorted(prefixes)[:_MAX_TERMS])
        self._pairs = query.pairs

    def highlights(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of each match, ascending, without overlap."""
        folded = text.translate(_CASE_FOLD)
        # A prefix shorter than the limit is a whole word, and matches whole words only.
        found = [
            word.span() for word in WORD.finditer(folded) if word.group()[:_PREFIX_CHARS] in self._prefixes
        ]
        found += [(at, at + len(pair)) for pair in self._pairs for at in _places(pair, folded)]
        highlights: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if highlights and start < highlights[-1][1]:
                highlights[-1] = (highlights[-1][0], max(end, highlights[-1][1]))
            else:
                highlights.append((start, end))
        return highlights


def _places(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def make_snippet(passage: str, highlighter: Highlighter) -> Snippet:
    """Cut from a passage the sentences with most of the query's terms, else its first ones.

    The text is a part of the passage without its headings, with white space reduced to single spaces.
    """
    lines = [line for line in passage.splitlines() if not HEADING.fullmatch(line.strip())]
    text = " ".join(" ".join(lines).split()) or " ".join(passage.lstrip("# \t").split())
    spans = highlighter.highlights(text)
    start, end = _window(text, spans)
    return Snippet(
        text[start:end], tuple((a - start, b - start) for a, b in spans if a >= start and b <= end)
    )


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the 240 characters with the most distinct matches, from a sentence's start if one is near."""
    if len(text) <= MAX_CHARS:
        return 0, len(text)
    sentences = [0, *(match.end() for match in SENTENCE_END.finditer(text))]
    words = [text[start:end].translate(_CASE_FOLD)[:_PREFIX_CHARS] for start, end in spans]
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    best, best_count, tried = 0, -1, -1
    for first in [0, *starts[:_MAX_WINDOWS]]:
        begin = sentences[bisect_right(sentences, first) - 1]
        if first - begin > MAX_CHARS // 2:
            begin = _word_start(text, first)
        if begin == tried:
            continue
        tried = begin
        within = set(words[bisect_left(starts, begin) : bisect_right(ends, begin + MAX_CHARS)])
        if len(within) > best_count:
            best, best_count = begin, len(within)
    return best, _last_border(text, best, sentences)


def _word_start(text: str, position: int) -> int:
    space = text.rfind(" ", max(0, position - MAX_CHARS // 4), position)
    return space + 1 if space >= 0 else position


def _last_border(text: str, begin: int, sentences: Sequence[int]) -> int:
    """Return the end: after a sentence in the last third, else after a word, else at the limit."""
    end = begin + MAX_CHARS
    if end >= len(text):
        return len(text)
    late = [start for start in sentences if begin + 2 * MAX_CHARS // 3 < start <= end]
    space = text.rfind(" ", begin + 1, end + 1)
    stop = max(late, default=space if space > 0 else end)
    return begin + len(text[begin:stop].rstrip())
