"""Chunking: articles cut into passages that fit the encoder and can be shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb_index.articles.article import Article
from models.checkpoints import checkpoint
from models.text.scripts import UNSPACED

# Chosen on the development questions against 250: nDCG@10 on Samsung's manual 0.79 against 0.75, LibreOffice
# 0.870 against 0.868; hit@1 over five directions into 596 of Microsoft's German articles 0.727 against 0.716,
# over the four of GNOME's English ones 0.807 both. Some 2.5 times as many passages.
MAX_TOKENS = 100
MAX_TITLE_CHARS = 200

# Characters per token of the multilingual vocabulary, measured on help pages in ten languages:
# alphabets 3.3 to 4.5 (5th percentile of Latvian to median German), Chinese 1.4 to 1.9.
_CHARS_PER_TOKEN = 3.5
_WIDE_CHARS_PER_TOKEN = 1.5
_WIDE = re.compile(f"[{UNSPACED}]")

_ALONE = -1
_FEWEST_PHRASINGS = 3
_MOST_PHRASINGS = 100
_MAX_PHRASING_CHARS = 160
_MAX_PROSE_SHARE = 0.25
_PROSE = re.compile(r"[-*•] |.*[.:;。：]$")

HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>\S[^\n]*)")
_LINE = re.compile(r"[^\n]+")
SENTENCE_END = re.compile(r"[.!?…]\s+|[。！？]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Offsets of a chunk in an article's body, `start` to `end`, and of its heading.

    Both are empty for an article without a body. A `heading_start` of -1 marks a phrasing, which is encoded
    alone, without title and heading.
    """

    start: int
    end: int
    heading_start: int = 0
    heading_end: int = 0

    def passage(self, article: Article) -> str:
        """Return the text to encode: title, heading and text, each on a line; a phrasing alone."""
        if self.heading_start == _ALONE:
            return self.text(article)
        lines = (
            article.title[:MAX_TITLE_CHARS],
            self.heading(article),
            strip_markup(article.body[self.start : self.end]),
        )
        return "\n".join(line for line in lines if line)

    def text(self, article: Article) -> str:
        return article.body[self.start : self.end]

    def heading(self, article: Article) -> str:
        return article.body[self.heading_start : self.heading_end]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    tokens: int
    heading: bool


def strip_markup(text: str) -> str:
    r"""Return text with the marks of its headings removed.

    >>> strip_markup("## Printers\nSwitch it on.")
    'Printers\nSwitch it on.'
    """
    return re.sub(r"(?m)^#{1,6}[ \t]+", "", text)


def estimate_tokens(text: str) -> int:
    """Estimate the number of tokens of a text without a tokenizer; rather too many than too few.

    >>> estimate_tokens("Reset my password"), estimate_tokens("重置密码")
    (5, 3)
    """
    wide = len(_WIDE.findall(text))
    return math.ceil(wide / _WIDE_CHARS_PER_TOKEN + (len(text) - wide) / _CHARS_PER_TOKEN)


def chunk(article: Article, max_tokens: int = MAX_TOKENS) -> list[Chunk]:
    """Cut an article at its headings, then between lines, then between sentences.

    Each chunk with its title and heading has at most about `max_tokens` tokens; short neighbouring sections
    share one. There is always at least one chunk. Where the body is a list of phrasings of one question, each
    phrasing is a chunk as well.
    """
    body = article.body
    room = max(20, max_tokens - estimate_tokens(article.title[:MAX_TITLE_CHARS]))
    chunks: list[Chunk] = []
    current: list[_Line] = []
    heading = above = (0, 0)
    used = 0
    for line in _lines(body, room):
        section_fits = not line.heading or used < room // 2
        if current and (used + line.tokens > room or not section_fits):
            chunks.append(Chunk(current[0].start, current[-1].end, *above))
            checkpoint()
            current, above = [], heading
            used = estimate_tokens(body[slice(*heading)])
        if line.heading:
            match = HEADING.match(body, line.start, line.end)
            heading = match.span("text") if match else heading
        current.append(line)
        used += line.tokens
    if current:
        chunks.append(Chunk(current[0].start, current[-1].end, *above))
    whole = [_without_own_heading(body, part) for part in chunks] or [Chunk(0, 0)]
    return whole + _phrasings(body)


def _phrasings(body: str) -> list[Chunk]:
    """Return the lines of a body that is a list of phrasings of one question, as chat bots are trained on.

    Such lines are short and hardly one ends as prose does; there is no heading and no bulleted list. On the
    development half of HINT3's questions their chunks raise hit@1 from 0.83 and 0.78 to 0.86 and 0.81. Of the
    GNOME and Samsung manuals no article is taken for such a list, of Microsoft's 50 of 16,590, of
    LibreOffice's 39 of 2,563 (tables of contents).
    """
    spans = [match.span() for match in _LINE.finditer(body) if match.group().strip()]
    texts = [body[start:end].strip() for start, end in spans]
    prose = sum(_PROSE.match(text) is not None for text in texts)
    if (
        len(texts) < _FEWEST_PHRASINGS
        or max(map(len, texts)) > _MAX_PHRASING_CHARS
        or any(map(HEADING.match, texts))
        or prose > _MAX_PROSE_SHARE * len(texts)
    ):
        return []
    return [Chunk(start, end, _ALONE, _ALONE) for start, end in spans[:_MOST_PHRASINGS]]


def _without_own_heading(body: str, part: Chunk) -> Chunk:
    """Return the chunk without the heading that opens it; a chunk that is only a heading keeps it."""
    match = HEADING.match(body, part.start, part.end)
    if match is None or not body[match.end() : part.end].strip():
        return part
    start = part.end - len(body[match.end() : part.end].lstrip())
    return Chunk(start, part.end, *match.span("text"))


def _lines(body: str, room: int) -> Iterator[_Line]:
    for match in _LINE.finditer(body):
        start, end = match.span()
        if not match.group().strip():
            continue
        heading = HEADING.fullmatch(body, start, end) is not None
        for part_start, part_end in _parts(body, start, end, room):
            yield _Line(part_start, part_end, estimate_tokens(body[part_start:part_end]), heading)


def _parts(body: str, start: int, end: int, room: int) -> Iterator[tuple[int, int]]:
    """Yield a line whole where it fits, else in runs of sentences, too long sentences in pieces."""
    if _fits(body, start, end, room):
        yield start, end
        return
    borders = [match.end() for match in SENTENCE_END.finditer(body, start, end)]
    begin = start
    last = start
    for border in [*borders, end]:
        if last > begin and not _fits(body, begin, border, room):
            yield begin, last
            begin = last
        while not _fits(body, begin, border, room):
            cut = _word_border(body, begin, border, room)
            yield begin, cut
            begin = cut
        last = border
    if begin < end:
        yield begin, end


def _fits(body: str, begin: int, end: int, room: int) -> bool:
    """Tell whether a part has at most `room` tokens; a long one is not counted, so no line is quadratic."""
    return end - begin <= room * _CHARS_PER_TOKEN and estimate_tokens(body[begin:end]) <= room


def _word_border(body: str, begin: int, border: int, room: int) -> int:
    low, high = begin + 1, min(border, begin + math.ceil(room * _CHARS_PER_TOKEN))
    while low < high:
        middle = (low + high + 1) // 2
        if estimate_tokens(body[begin:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    space = body.rfind(" ", begin + (low - begin) // 2, low)
    return space + 1 if space > 0 else low
