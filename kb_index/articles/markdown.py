"""Markdown and HTML to plain text whose headings are lines that begin with `#`."""

from __future__ import annotations

import html
import re

from models.text import html_to_text

_HTML_HEADING = re.compile(r"<h([1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_EMPTY_HEADING = re.compile(r"(?m)^#{1,6}[ \t]*$")

_SHORTCODE = re.compile(r"\{\{[<%][^{}]*[%>]\}\}")
# Marks in longer lines stay: no person wrote them, and looking for their ends takes quadratic time.
_MAX_LINE_CHARS = 20_000
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_TABLE_RULE = re.compile(r"(?=[^-]*-)(?=[^|]*\|)[ \t|:-]+")
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:[ \t]+\S+.*")
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+(?:\[!\w+\][ \t]*)?")
_BULLET = re.compile(r"([ \t]*)[*+-][ \t]+(?:\[[ xX]\][ \t]+)?")

_CODE = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_LINK = re.compile(r"(?<!\\)\[([^\[\]]+)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_STRONG = re.compile(r"(?<!\\)(\*\*|__|~~)(?=\S)(.{1,500}?)(?<=[^\s\\])\1")
_EMPHASIS = re.compile(r"(?<!\\)\*(?=[^\s*])([^*]*[^\s*\\])\*|(?<![\w\\])_(?=[^\s_])([^_]*[^\s_\\])_(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BLANK_LINES = re.compile(r"\n{3,}")


def html_body(markup: str) -> str:
    r"""Return what a reader of an HTML page sees, its headings marked.

    >>> html_body("<h2>Printers</h2><p>Switch it <b>on</b>.</p>")
    '## Printers\n\nSwitch it on.'
    """
    marked = _HTML_HEADING.sub(lambda match: f"{match[0]}{'#' * int(match[1])} ", markup)
    return _EMPTY_HEADING.sub("", html_to_text(marked)).strip()


def markdown_to_text(source: str) -> str:
    r"""Return Markdown without its marks, except those of headings; code is left as it is.

    >>> markdown_to_text("Setup\n=====\n* Open **[Settings](app://s)**\n* Run `a_b_c`")
    '# Setup\n- Open Settings\n- Run a_b_c'
    """
    lines: list[str] = []
    prose: list[str] = []
    fence = ""
    for line in _SHORTCODE.sub("", _without_comments(source)).splitlines():
        opened = _FENCE.match(line)
        if fence:
            if opened and opened[1].startswith(fence) and not line[opened.end() :].strip():
                fence = ""
            else:
                lines.append(_not_a_heading(line))
        elif opened and "`" not in line[opened.end() :]:
            lines.extend(_prose(prose))
            prose, fence = [], opened[1]
        else:
            prose.append(line)
    lines.extend(_prose(prose))
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _without_comments(source: str) -> str:
    before, *others = source.split("<!--")
    kept = [before]
    for part in others:
        comment, closed, after = part.partition("-->")
        kept.append(after if closed else comment)
    return "".join(kept)


def _not_a_heading(line: str) -> str:
    return f" {line}" if line.startswith("#") else line


def _prose(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        text = _QUOTE.sub("", line, count=1) if _QUOTE.match(line) else line
        setext = _SETEXT.fullmatch(text)
        if setext and found and found[-1].strip() and not found[-1].startswith(("#", "- ")):
            found[-1] = f"{'#' if setext[1][0] == '=' else '##'} {found[-1].strip()}"
        elif _TABLE_RULE.fullmatch(text):
            continue
        elif _RULE.fullmatch(text) or _DEFINITION.fullmatch(text):
            found.append("")
        elif heading := _ATX.fullmatch(text):
            found.append(f"{heading[1]} {_inline(heading[2])}" if heading[2] else "")
        else:
            bullet = _BULLET.match(text)
            body = text[bullet.end() :] if bullet else text.strip()
            if body.startswith("|") and body.endswith("|"):
                body = body[1:-1].strip()
            found.append(f"{bullet[1] if bullet else ''}{'- ' if bullet else ''}{_inline(body)}")
    return found


def _inline(text: str) -> str:
    if len(text) > _MAX_LINE_CHARS:
        return text
    parts: list[str] = []
    last = 0
    for code in _CODE.finditer(text):
        parts += [_marks(text[last : code.start()]), code[2].strip()]
        last = code.end()
    return "".join([*parts, _marks(text[last:])])


def _marks(text: str) -> str:
    for pattern, replacement in ((_IMAGE, r"\1"), (_LINK, r"\1"), (_AUTOLINK, r"\1"), (_TAG, "")):
        text = pattern.sub(replacement, text)
    for _ in range(3):
        text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(lambda match: match[1] or match[2], text)
    return html.unescape(_ESCAPE.sub(r"\1", text))
