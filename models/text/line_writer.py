"""Line writer: collects lines of text while a tree of HTML is walked."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.text.unicode import QUOTED


@dataclass(slots=True)
class LineWriter:
    """Text written so far; white space is held back until something visible follows."""

    mail: bool
    parts: list[str] = field(default_factory=list)
    line_is_empty: bool = True
    pending_lines: int = 0
    pending_space: bool = False
    pending_cell: bool = False
    quote_depth: int = 0
    preformatted: int = 0
    counters: list[int | None] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def break_line(self, lines: int = 1) -> None:
        """Ask for at least `lines` line ends before what follows."""
        if self.parts:
            self.pending_lines = max(self.pending_lines, lines)
        self.pending_space = self.pending_cell = False

    def add_line(self) -> None:
        """Ask for one more line end."""
        self.break_line(self.pending_lines + 1)

    def start_cell(self) -> None:
        self.pending_cell = not self.line_is_empty and not self.pending_lines

    def bullet(self) -> None:
        """Begin a list item with "- ", or with its number."""
        number = self.counters[-1] if self.counters else None
        if number is not None:
            self.counters[-1] = number + 1
        self.write("-" if number is None else f"{number + 1}.")
        self.pending_space = True

    def write(self, text: str) -> None:
        if self.pending_lines:
            self.parts.append("\n" * self.pending_lines)
            self.line_is_empty = True
        if self.line_is_empty:
            self.parts.append(QUOTED * self.quote_depth)
        elif self.pending_cell:
            self.parts.append(" | ")
        elif self.pending_space:
            self.parts.append(" ")
        self.parts.append(text)
        self.pending_lines, self.pending_space, self.pending_cell, self.line_is_empty = 0, False, False, False

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
