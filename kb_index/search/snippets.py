"""The part of a passage that a reader is shown, with the words that match what was asked."""

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
_MAX_WORDS = 200
_MAX_WINDOWS = 30
_SHORTEST_WORD = 2
# Endings differ between "printer" and "printers", "Drucker" and "Druckern": the beginnings do not.
_BEGINNING = 5
_STARTS_UNSPACED = re.compile(rf"[{UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text of at most 240 characters; `marks` are the (start, end) in it of matching words, ascending."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


class _CaseFold(dict[int, str]):
    """Folds character by character, never changing a text's length; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = fold(character)
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_SINGLE_FOLD = _CaseFold()


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The words of a question: folded, by how a `Highlighter` compares them; and pairs of characters."""

    folded: Mapping[str, str]
    pairs: Sequence[str]

    @classmethod
    def of(cls, asked: str) -> QueryTerms:
        folded: dict[str, str] = {}
        pairs: set[str] = set()
        text = unicodedata.normalize("NFC", asked[:_MAX_QUERY_CHARS])
        same = text.translate(_SINGLE_FOLD)
        for match in WORD.finditer(text):
            word = same[match.start() : match.end()]
            if _STARTS_UNSPACED.match(word):
                pairs.update(_pairs(word))
            elif len(word) >= _SHORTEST_WORD:
                folded[word] = fold(word)
        return cls(folded, sorted(pairs)[:_MAX_WORDS])


class Highlighter:
    """Finds in a text the words that match those of a question, but for folded words that are `common`."""

    def __init__(self, asked: QueryTerms, common: Set[str]) -> None:
        beginnings = {word[:_BEGINNING] for word, folded in asked.folded.items() if folded not in common}
        self._beginnings = frozenset(sorted(beginnings)[:_MAX_WORDS])
        self._pairs = asked.pairs

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of each match, ascending, without overlap."""
        folded = text.translate(_SINGLE_FOLD)
        # A beginning too short to be cut off is a whole word, and matches whole words only.
        found = [
            word.span() for word in WORD.finditer(folded) if word.group()[:_BEGINNING] in self._beginnings
        ]
        found += [(at, at + len(pair)) for pair in self._pairs for at in _places(pair, folded)]
        marks: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if marks and start < marks[-1][1]:
                marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
            else:
                marks.append((start, end))
        return marks


def _places(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def make_snippet(passage: str, matcher: Highlighter) -> Snippet:
    """Cut from a passage the sentences where most of what was asked stands, else its first ones.

    The text is a part of the passage with its headings left out and white space made single.
    """
    lines = [line for line in passage.splitlines() if not HEADING.fullmatch(line.strip())]
    text = " ".join(" ".join(lines).split()) or " ".join(passage.lstrip("# \t").split())
    marks = matcher.marks(text)
    start, end = _window(text, marks)
    return Snippet(
        text[start:end], tuple((a - start, b - start) for a, b in marks if a >= start and b <= end)
    )


def _window(text: str, marks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the 240 characters with the most different matches, from a sentence's start if one is near."""
    if len(text) <= MAX_CHARS:
        return 0, len(text)
    sentences = [0, *(match.end() for match in SENTENCE_END.finditer(text))]
    words = [text[start:end].translate(_SINGLE_FOLD)[:_BEGINNING] for start, end in marks]
    starts, ends = [start for start, _ in marks], [end for _, end in marks]
    best, best_count, tried = 0, -1, -1
    for first in [0, *starts[:_MAX_WINDOWS]]:
        begin = sentences[bisect_right(sentences, first) - 1]
        if first - begin > MAX_CHARS // 2:
            begin = _word_start(text, first)
        if begin == tried:
            continue
        tried = begin
        held = set(words[bisect_left(starts, begin) : bisect_right(ends, begin + MAX_CHARS)])
        if len(held) > best_count:
            best, best_count = begin, len(held)
    return best, _last_border(text, best, sentences)


def _word_start(text: str, position: int) -> int:
    space = text.rfind(" ", max(0, position - MAX_CHARS // 4), position)
    return space + 1 if space >= 0 else position


def _last_border(text: str, begin: int, sentences: Sequence[int]) -> int:
    """Return where to stop: after a sentence in the last third, else after a word, else anywhere."""
    end = begin + MAX_CHARS
    if end >= len(text):
        return len(text)
    late = [start for start in sentences if begin + 2 * MAX_CHARS // 3 < start <= end]
    space = text.rfind(" ", begin + 1, end + 1)
    stop = max(late, default=space if space > 0 else end)
    return begin + len(text[begin:stop].rstrip())
