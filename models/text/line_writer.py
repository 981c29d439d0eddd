"""Line writer: collects lines of text while a tree of HTML is walked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from models.text.unicode import HEADING

_LOOKS_LIKE_HEADING = re.compile(r"(?m)^([ \t]*#{1,6})[ \t]+(?=\S)")


def escape_headings(text: str) -> str:
    r"""Return text in which no line reads as a heading: a non-breaking space follows its `#`.

    >>> escape_headings("# a comment\nls")
    '#\xa0a comment\nls'
    """
    return _LOOKS_LIKE_HEADING.sub("\\1\u00a0", text)


@dataclass(slots=True)
class LineWriter:
    """Text written so far; white space is held back until something visible follows.

    In an article, a heading of level n begins with the private mark, n `#` and a space.
    """

    mail: bool
    article: bool = False
    parts: list[str] = field(default_factory=list)
    line_is_empty: bool = True
    pending_lines: int = 0
    pending_space: bool = False
    pending_cell: bool = False
    quote_marks: str = ""
    preformatted: int = 0
    counters: list[int | None] = field(default_factory=list)
    heading_level: int = 0
    is_after_bullet: bool = False

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def break_line(self, lines: int = 1) -> None:
        """Ask for at least `lines` line ends before what follows, unless that is the text of a bullet."""
        if self.is_after_bullet:
            return
        if self.parts:
            self.pending_lines = max(self.pending_lines, lines)
        self.pending_space = self.pending_cell = False

    def add_line(self) -> None:
        """Ask for one more line end."""
        self.break_line(self.pending_lines + 1)

    def start_cell(self) -> None:
        self.pending_cell = not self.line_is_empty and not self.pending_lines

    def start_heading(self, level: int) -> None:
        """Begin the next line that has text as a heading."""
        if self.article:
            self.heading_level = level

    def bullet(self) -> None:
        """Begin a list item with "- ", or with its number."""
        number = self.counters[-1] if self.counters else None
        if number is not None:
            self.counters[-1] = number + 1
        self.write("-" if number is None else f"{number + 1}.")
        self.pending_space = self.is_after_bullet = True

    def write(self, text: str) -> None:
        if self.pending_lines:
            self.parts.append("\n" * self.pending_lines)
            self.line_is_empty = True
        if self.line_is_empty:
            self.parts.append(self.quote_marks)
            if self.heading_level:
                self.parts.append(f"{HEADING}{'#' * self.heading_level} ")
                self.heading_level = 0
        elif self.heading_level and self.is_after_bullet:  # the heading keeps only the number of its item
            marker = self.parts.pop().strip("-")
            self.parts.append(f"{HEADING}{'#' * self.heading_level} {marker}{' ' * bool(marker)}")
            self.heading_level = 0
        elif self.pending_cell:
            self.parts.append(" | ")
        elif self.pending_space:
            self.parts.append(" ")
        self.parts.append(text)
        self.pending_lines, self.pending_space, self.pending_cell, self.line_is_empty = 0, False, False, False
        self.is_after_bullet = False

    def write_blank(self) -> None:
        """Give a line of only non-breaking spaces its height."""
        if self.pending_lines:
            self.parts.append("\n" * self.pending_lines)
            self.pending_lines, self.line_is_empty = 0, True

    def write_text(self, text: str) -> None:
        """Write a text node, its white space collapsed unless it is preformatted."""
        if self.preformatted:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.add_line()
                if line.strip():
                    self.write(line)
            return
        words = text.split()
        if words:
            self.pending_space = self.pending_space or text[0].isspace()
            self.write(" ".join(words))
        elif "\u00a0" in text:
            self.write_blank()
        self.pending_space = self.pending_space or text[-1:].isspace()
