"""Markdown as plain text in which exactly the headings are lines that begin with `#` and a space.

Blocks of HTML in it are read as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from kb_index.articles.markdown_parser import parse_markdown
from models.text import article_to_text
from models.text.line_writer import escape_headings

_ALERT = re.compile(r"\A\[!\w+\]\s*")
_TASK = re.compile(r"\A\[[ xX]\]\s+")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINE_BREAK = re.compile(r" *\n *")
_SPACES = re.compile(r" {2,}")
_BLANK_LINES = re.compile(r"\n{3,}")


def markdown_to_text(source: str) -> str:
    r"""Return Markdown without its marks, except those of headings; code is left as it is.

    >>> markdown_to_text("Setup\n=====\n* Open **[Settings](app://s)**\n* Run `a_b_c`")
    '# Setup\n- Open Settings\n- Run a_b_c'
    """
    return _Renderer().render(parse_markdown(source))


class _Renderer:
    """Plain text of the tokens of one document, with blank lines where its source has them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._source_line = 0
        self._list_depth = 0
        self._marker = ""
        self._block: Token | None = None
        self._cells: list[str] = []

    def render(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._render(token)
        text = "\n".join(line.rstrip() for line in self._lines)
        return _BLANK_LINES.sub("\n\n", text).strip()

    def _render(self, token: Token) -> None:
        match token.type:
            case "heading_open" | "paragraph_open" | "tr_open":
                self._block, self._cells = token, []
            case "inline" if self._block is not None:
                self._render_inline(self._block, _inline_text(token.children or []))
            case "tr_close" if self._block is not None:
                row = _SPACES.sub(" ", " | ".join(self._cells)).strip()
                self._add_lines(self._block, escape_headings(row))
            case "tbody_open":
                self._source_line += 1  # the line of dashes
            case "bullet_list_open" | "ordered_list_open":
                self._list_depth += 1
            case "bullet_list_close" | "ordered_list_close":
                self._list_depth -= 1
            case "list_item_open":
                number = f"{token.info}{token.markup}" if token.info else "-"
                indent = "  " * (self._list_depth - 1)
                self._marker = f"{self._marker or indent}{number} "
            case "list_item_close":
                self._marker = ""  # of an item without text
            case "fence" | "code_block":
                self._add_lines(token, escape_headings(token.content.rstrip("\n")))
            case "html_block":
                self._add_lines(token, article_to_text(token.content))
            case _:
                pass

    def _render_inline(self, block: Token, text: str) -> None:
        if block.type == "tr_open":
            self._cells.append(text.replace("\n", " "))
        elif block.type == "heading_open":
            line = " ".join(text.split())
            if line and self._marker:  # a heading that begins an item of a list keeps only its number
                line = f"{self._marker.strip(' -')} {line}".strip()
                self._marker = ""
            self._add_lines(block, f"{'#' * int(block.tag[1:])} {line}" if line else "")
        else:
            prefix = _TASK if self._marker else _ALERT
            text = _LINE_BREAK.sub("\n", prefix.sub("", text, count=1))
            self._add_lines(block, escape_headings(text))

    def _add_lines(self, block: Token, text: str) -> None:
        start, end = block.map or (self._source_line, self._source_line)
        if self._lines and start > self._source_line:
            self._lines.append("")
        self._source_line = end
        if text:
            self._lines += f"{self._marker}{text}".split("\n")
            self._marker = ""


def _inline_text(tokens: Sequence[Token]) -> str:
    return "".join(map(_inline_token_text, tokens))


def _inline_token_text(token: Token) -> str:
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return _inline_text(token.children or [])
        case "html_inline":
            return "\n" if _LINE_BREAK_TAG.fullmatch(token.content) else ""
        case _:
            return token.content
