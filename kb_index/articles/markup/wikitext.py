"""Wikitext, in which MediaWiki keeps its pages, as HTML with the same visible text.

Templates are not expanded: of one, the texts without a name stay ("Mind the gap" of `{{note|Mind the gap}}`).
It is read in linear time whatever it holds; mwparserfromhell 0.7.2 took six minutes for 100,000 "{|".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from models.text.unicode import has_words

_MOST_LEVELS = 40
_TOKEN = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|\||<(/?)(nowiki|pre|syntaxhighlight|source|ref)\b([^<>]*)>|<!--", re.IGNORECASE
)
_CLOSING = {"{{": "}}", "[[": "]]"}
_CATEGORY = re.compile(
    r"\s*(?:category|kategori\w*|catégorie|categor[ií]a|categoria|categorie|luokka|kategooria|kategorija|категория"
    r"|カテゴリ|分类|分類|분류)\s*:",
    re.IGNORECASE,
)
_LANGUAGE_LINK = re.compile(r"\s*[a-z]{2,3}\s*:\S")
_FILE = re.compile(
    r"[^|\[\]]*:[^|\[\]]*\.(?:png|jpe?g|gif|svg|webp|pdf|mp4|ogg|webm|tiff?|bmp)\s*$", re.IGNORECASE
)
_FILE_OPTION = re.compile(r"\s*(?:\w+\s*=.*|\d*x?\d+\s*px|[a-z]+)\s*$", re.IGNORECASE | re.DOTALL)
_NAMED = re.compile(r"\s*[\w -]{1,40}\s*=")
_EXTERNAL_LINK = re.compile(r"\[(?:https?:|mailto:|ftp:|//)[^\s\[\]]+(?:\s+([^\[\]\n]*))?\]")
_QUOTES = re.compile(r"'{2,5}")
_SWITCH = re.compile(r"__[A-ZÄÖÜ]{3,30}__")
_HEADING = re.compile(r"(={1,6})(.+?)=+\s*$")
_CELL_ATTRIBUTES = re.compile(r"[^|\[\]<>]*=[^|\[\]<>]*\|(?!\|)")
_BLOCK = re.compile("\0(\\d+);")
REDIRECT = re.compile(r"\s*#[^\s\[\]]{4,20}\s*:?\s*\[\[", re.IGNORECASE)


def wikitext_to_html(source: str) -> str:
    r"""Return wikitext as HTML.

    >>> wikitext_to_html("== Reset ==\n* Press '''both''' keys, see [[Keys|the keys]]. {{note|Wait}}")
    '<div><h2>Reset</h2>\n<ul><li>Press both keys, see the keys. Wait</li></ul></div>'
    """
    blocks: list[str] = []
    text = _EXTERNAL_LINK.sub(lambda match: match[1] or "", _expand(source, blocks))
    text = _SWITCH.sub("", _QUOTES.sub("", text))
    lines = _Lines()
    for line in text.split("\n"):
        lines.add(line)
    html = _BLOCK.sub(lambda match: blocks[int(match[1])], lines.finish())
    return f"<div>{html}</div>"


@dataclass(slots=True)
class _Frame:
    opening: str
    parts: list[list[str]] = field(default_factory=lambda: [[]])

    def texts(self) -> list[str]:
        return ["".join(part) for part in self.parts]

    def shown(self) -> str:
        return _shown_link(self.texts()) if self.opening == "[[" else _shown_template(self.texts())

    def source(self) -> str:
        return self.opening + "|".join(self.texts())


def _expand(source: str, blocks: list[str]) -> str:
    """Return the text with links and templates as what they show, and blocks of code as numbers."""
    frames = [_Frame("")]
    source = source.replace("\0", "")
    done = 0
    last = {
        end: source.lower().rfind(end)
        for end in ("-->", "</nowiki>", "</pre>", "</syntaxhighlight>", "</source>", "</ref>")
    }
    while match := _TOKEN.search(source, done):
        frames[-1].parts[-1].append(source[done : match.start()])
        done = match.end()
        sign = match[0]
        if sign in _CLOSING and len(frames) <= _MOST_LEVELS:
            frames.append(_Frame(sign))
        elif len(frames) > 1 and sign == _CLOSING[frames[-1].opening]:
            shown = frames.pop().shown()
            frames[-1].parts[-1].append(shown)
        elif sign == "|" and len(frames) > 1:
            frames[-1].parts.append([])
        elif sign == "<!--" or (match[2] and not match[1] and not match[3].endswith("/")):
            end = "-->" if sign == "<!--" else f"</{match[2].lower()}>"
            if last[end] >= done:
                begin, stop = done, _find(source, end, done)
                done = stop + len(end)
                frames[-1].parts[-1].append(_block(match[2], source[begin:stop], blocks))
        elif not match[2]:
            frames[-1].parts[-1].append(sign)
    frames[-1].parts[-1].append(source[done:])
    while len(frames) > 1:
        unclosed = frames.pop().source()
        frames[-1].parts[-1].append(unclosed)
    return frames[0].texts()[0]


def _find(source: str, end: str, start: int) -> int:
    match = re.compile(re.escape(end), re.IGNORECASE).search(source, start)
    return match.start() if match else len(source)


def _block(name: str | None, content: str, blocks: list[str]) -> str:
    if name is None or name.lower() == "ref":
        return ""
    text = escape(content, quote=False)
    blocks.append(text if name.lower() == "nowiki" else f"<pre>{text.strip(chr(10))}</pre>")
    return f"\0{len(blocks) - 1};"


def _shown_link(parts: list[str]) -> str:
    target = parts[0].strip()
    if _CATEGORY.match(target) or (_LANGUAGE_LINK.match(target) and len(parts) == 1):
        return ""
    if _FILE.match(target):
        shown = [part for part in parts[1:] if not _FILE_OPTION.match(part)]
        described = next((p.partition("=")[2] for p in parts[1:] if p.strip().lower().startswith("alt=")), "")
        return f"{shown[-1] if shown else described} "
    return parts[-1].strip() or target.lstrip(":")


def _shown_template(parts: list[str]) -> str:
    name = parts[0].strip()
    if name.startswith("#") or name.endswith(":") or ":" in name:
        return ""
    shown = [part.strip() for part in parts[1:] if has_words(part) and not _NAMED.match(part)]
    return " ".join(shown)


class _Lines:
    """HTML of the lines of a text: headings, lists, tables, paragraphs."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._lists = ""
        self._tables = 0

    def finish(self) -> str:
        self._set_lists("")
        self._parts += ["</table>"] * self._tables
        return "".join(self._parts)

    def add(self, line: str) -> None:
        stripped = line.strip()
        marks = re.match(r"[*#:;]{1,20}", line)
        heading = _HEADING.match(stripped) if stripped.startswith("=") else None
        if self._tables and stripped[:1] in ("|", "!"):
            self._set_lists("")
            self._add_row(stripped)
        elif marks:
            self._set_lists(re.sub("[:;]", "", marks[0]))
            text = line[marks.end() :].strip()
            self._parts.append(f"<li>{text}</li>" if self._lists else f"<p>{text}</p>")
        else:
            self._set_lists("")
            if stripped.startswith("{|"):
                self._tables += 1
                self._parts.append("<table>")
            elif heading:
                level = len(heading[1])
                self._parts.append(f"<h{level}>{heading[2].strip(' =')}</h{level}>\n")
            elif not stripped:
                self._parts.append("<p></p>")
            elif line.startswith(" ") and not self._tables:
                self._parts.append(f"<pre>{line[1:]}</pre>")
            elif not re.fullmatch("-{4,}", stripped):
                self._parts.append(f"{stripped}\n")

    def _add_row(self, line: str) -> None:
        if line.startswith("|}"):
            self._tables -= 1
            self._parts.append(f"</table>{line[2:]}")
        elif line.startswith("|-"):
            self._parts.append("<tr>")
        elif line.startswith("|+"):
            self._parts.append(f"<caption>{_CELL_ATTRIBUTES.sub('', line[2:], count=1)}</caption>")
        else:
            separator = r"\|\||!!" if line.startswith("!") else r"\|\|"
            cells = (_CELL_ATTRIBUTES.sub("", cell, count=1) for cell in re.split(separator, line[1:]))
            self._parts += [f"<td>{cell.strip()}\n</td>" for cell in cells]

    def _set_lists(self, marks: str) -> None:
        """Close and open lists until they are those of a line's marks, such as `*#`."""
        same = 0
        while same < min(len(marks), len(self._lists)) and marks[same] == self._lists[same]:
            same += 1
        self._parts += ["</ul>" if mark == "*" else "</ol>" for mark in reversed(self._lists[same:])]
        self._parts += ["<ul>" if mark == "*" else "<ol>" for mark in marks[same:]]
        self._lists = marks
