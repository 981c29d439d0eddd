"""Markdown parser: CommonMark with tables and strikethrough, which loses no text of a broken page.

Three things differ from CommonMark, where they hide the rest of a page or cost too much. An HTML element or
comment that is never closed loses only its mark. A line that is nested too deep is a paragraph. Brackets
that are nested too deep are no links.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_MAX_BLOCK_NESTING = 100
# Every bracket is tried once for each level: 200,000 of them took 10 s with 100 levels, and 0.6 s with 4.
_MAX_BRACKET_NESTING = 4
# Marks in longer paragraphs stay: no person wrote them, and each of their characters costs 20 microseconds.
_MAX_INLINE_CHARS = 20_000

# What opens a block of HTML that a blank line does not end, and what ends it.
_OPENINGS = {
    kind: (re.compile(opening, re.IGNORECASE), re.compile(ending, re.IGNORECASE))
    for kind, opening, ending in (
        (
            "element",
            r"<(?:script|pre|style|textarea)(?=[\s>])[^<>\n]*>?",
            r"</(?:script|pre|style|textarea)>",
        ),
        ("comment", r"<!--", r"-->"),
        ("instruction", r"<\?\w*", r"\?>"),
        ("declaration", r"<!(?=[a-z])", r">"),
        ("data", r"<!\[CDATA\[", r"\]\]>"),
    )
}


def parse_markdown(source: str) -> list[Token]:
    """Return the tokens of `source`; the children of its inline tokens are parsed too."""
    return _block_parser().parse(source)


@lru_cache(maxsize=1)
def _block_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_BLOCK_NESTING}).enable(["table", "strikethrough"])
    parser.block.ruler.before("table", "unclosed_html", _skip_unclosed_html)
    parser.block.ruler.before("unclosed_html", "deep_line", _deep_line)
    parser.core.ruler.at("inline", _parse_inline)
    return parser


@lru_cache(maxsize=1)
def _inline_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": _MAX_BRACKET_NESTING}).enable("strikethrough")


def _parse_inline(state: StateCore) -> None:
    parser = _inline_parser()
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            if len(token.content) > _MAX_INLINE_CHARS:
                token.children.append(Token("text", "", 0, content=token.content))
            else:
                parser.inline.parse(token.content, parser, state.env, token.children)


def _deep_line(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Take a line that is nested too deep as a paragraph; markdown-it would drop it and all that follow."""
    if silent or state.level + 2 < _MAX_BLOCK_NESTING:  # an item opens two levels, its list and itself
        return False
    state.line = start + 1
    state.push("paragraph_open", "p", 1).map = [start, state.line]
    content = state.getLines(start, state.line, state.blkIndent, False).strip()
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [start, state.line], []
    state.push("paragraph_close", "p", -1)
    return True


def _skip_unclosed_html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Begin a line after the marks that open a block of HTML which nothing closes."""
    if silent or state.is_code_block(start):
        return False
    position = begin = state.bMarks[start] + state.tShift[start]
    while (after := _unclosed_opening(state, position, start, end)) is not None:
        position = after
        while position < state.eMarks[start] and state.src[position] in " \t":
            position += 1
    if position > begin:
        state.bMarks[start], state.tShift[start], state.sCount[start] = position, 0, state.blkIndent
    if position < state.eMarks[start]:
        return False  # the other rules read the rest of the line
    state.line = start + 1
    return True


def _unclosed_opening(state: StateBlock, position: int, start: int, end: int) -> int | None:
    """Return where the opening mark at `position` ends, None where there is none or something closes it."""
    if not state.src.startswith("<", position):
        return None
    for kind, (opening, ending) in _OPENINGS.items():
        match = opening.match(state.src, position)
        if match and match.end() <= state.eMarks[start] and not _is_closed(state, kind, ending, start, end):
            return match.end()
    return None


def _is_closed(state: StateBlock, kind: str, ending: re.Pattern[str], start: int, end: int) -> bool:
    """Tell whether `ending` follows within the container, such as a list item, in which line `start` is."""
    env: dict[Any, Any] = state.env  # type: ignore[assignment]  # a dict, as the parser makes it
    if kind not in env:
        env[kind] = [match.start() for match in ending.finditer(state.src)]
    number = bisect_left(env[kind], state.bMarks[start])
    if number == len(env[kind]) or env[kind][number] >= state.eMarks[end - 1]:
        return False
    indent, known_start, known_end = env.get("container", (-1, 0, 0))
    if indent != state.blkIndent or not known_start <= start < known_end:
        known_end = start + 1
        while known_end < end and (state.sCount[known_end] >= state.blkIndent or state.isEmpty(known_end)):
            known_end += 1
        env["container"] = state.blkIndent, start, known_end
    return bool(env[kind][number] < state.eMarks[min(known_end, end) - 1])
