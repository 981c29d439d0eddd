"""CSV files with a header, gzipped or not, in any encoding, read row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.storage.text_file import TextFile, foreign_byte, open_text

_DELIMITERS = ",;\t|"
_MAX_CELL_CHARS = 1 << 30
_MOST_TITLES = 10  # lines above the header of a report
_MOST_NAME_CHARS = 40
_QUOTED = re.compile('"[^"]*"')
# What Excel writes above the header so that another Excel knows the delimiter.
_DELIMITER_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.I | re.S)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """Cells of a row and the number of its first line; with a `problem` the row cannot be relied on."""

    line: int
    cells: list[str]
    problem: str = ""


def iter_rows(path: Path, expected: str, *, strict: bool = False) -> Iterator[CsvRow]:
    """Yield the header, empty where the file is, and each row that is no empty line.

    `strict` finds a problem where quotes are not closed or stand within a cell. `expected` describes the
    kind of file for the error message.

    Raises:
        DataFileError: the file is missing, damaged, cut off, or its encoding cannot be told.
    """
    return table_rows(open_text(path, expected), strict=strict)


def table_rows(file: TextFile, *, strict: bool = False, titles: bool = False) -> Iterator[CsvRow]:
    """Yield the header and the rows of a file of text, as `iter_rows` does.

    The delimiter is the one that a line `sep=;` above the header names, else the comma, semicolon, tab or bar
    that the header has most of. A row with a quote that is not closed has a problem; those below are read.
    With `titles`, lines of a report's title above the header are passed over.
    """
    csv.field_size_limit(_MAX_CELL_CHARS)
    lines = _Lines(file)
    first = next(lines, "")
    named = _DELIMITER_LINE.fullmatch(first)
    if named:
        lines.row = []
        first = next(lines, "")
    elif titles:
        first = _below_titles(lines, first)
    bare = _QUOTED.sub("", first)
    rows = _Rows(lines, named[1] if named else max(_DELIMITERS, key=bare.count), strict=strict)
    lines.give_back([first])
    lines.row = []
    header = next(rows, None) or CsvRow(2 if named else 1, [])
    rows.width = len(header.cells)
    yield header
    yield from (row for row in rows if row.cells or row.problem)


def _below_titles(lines: _Lines, first: str) -> str:
    """Return the header: below titles and the names of groups, the first line with several short names.

    It has at least twice as many cells as any line above it has filled ones. Where no such line follows, the
    first line stays the header.
    """
    widest = _most_cells(first)
    taken = [first]
    while len(taken) <= _MOST_TITLES + 1:
        line = next(lines, None)
        if line is None:
            break
        taken.append(line)
        header = taken[-2]
        if len(taken) > 2:
            cells = _most_cells(header)
            if 2 * widest <= cells and _is_header(header, line):
                lines.give_back([line])
                return header
            widest = max(widest, cells)
        if '"' in header:  # of which the next line may be a part
            break
    lines.give_back(taken[1:])
    return first


def _most_cells(line: str) -> int:
    """Return the number of filled cells with the delimiter that makes most of them."""
    bare = _QUOTED.sub("x", line)
    return max(sum(bool(cell.strip()) for cell in bare.split(delimiter)) for delimiter in _DELIMITERS)


def _is_header(line: str, below: str) -> bool:
    """Tell whether a line has three short and different names or more, and the one below as many cells."""
    bare, delimiter = _QUOTED.sub("x", line), max(_DELIMITERS, key=_QUOTED.sub("", line).count)
    cells = bare.split(delimiter)
    is_wide = len(cells) > 2 and below.count(delimiter) >= len(cells) - 1
    names = [cell.strip() for cell in cells]
    is_short = all(0 < len(name) <= _MOST_NAME_CHARS and not name[0].isdecimal() for name in names)
    return is_wide and is_short and (len(set(names)) == len(names) or '"' in line)


class _Lines(Iterator[str]):
    """Lines of a file, of which some can be given back; remembers those that are not in its encoding.

    `number` is that of the last line, and `row` has the lines that were taken since it was emptied.
    """

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self._lines = file.lines()
        self._back: list[str] = []  # the next one last
        self._foreign: dict[int, str] = {}
        self.number = 0
        self.row: list[str] = []
        self.ended = False

    def __next__(self) -> str:
        if self._back:
            line = self._back.pop()
        else:
            try:
                _, line = next(self._lines)
            except StopIteration:
                self.ended = True
                raise
            if wrong := foreign_byte(line, self._file):
                self._foreign[self.number + 1] = wrong
        self.number += 1
        self.row.append(line)
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        """Take the last lines back, so that they are read again."""
        self._back.extend(reversed(lines))
        self.number -= len(lines)
        self.ended = False

    def problem(self, first: int, last: int) -> str:
        """Return the first thing that is wrong with the lines of a row."""
        if not self._foreign:
            return ""
        found = [self._foreign.pop(n) for n in sorted(self._foreign) if first <= n <= last]
        return found[0] if found else ""


class _Rows(Iterator[CsvRow]):
    """Rows of a table. A quote that is not closed costs its own row, not those that it would swallow."""

    def __init__(self, lines: _Lines, delimiter: str, *, strict: bool) -> None:
        self._lines, self._delimiter, self._strict = lines, delimiter, strict
        self._reader = self._new_reader()
        self.width = 0

    def _new_reader(self) -> Any:
        return csv.reader(self._lines, delimiter=self._delimiter, strict=self._strict)

    def __next__(self) -> CsvRow:
        lines = self._lines
        lines.row = []
        line = lines.number + 1
        try:
            cells = next(self._reader)
        except csv.Error as error:
            return CsvRow(line, [], lines.problem(line, lines.number) or str(error))
        if len(lines.row) > 1 or lines.ended:
            opening = _open_quote(lines.row, self._delimiter)
            if opening is not None and (lines.ended or self._swallows(lines.row[opening + 1 :])):
                return self._cut(line, opening)
        return CsvRow(line, cells, lines.problem(line, lines.number))

    def _swallows(self, taken: Sequence[str]) -> bool:
        """Tell whether the lines within a cell look like rows of the table."""
        return self.width > 1 and any(text.count(self._delimiter) >= self.width - 1 for text in taken)

    def _cut(self, line: int, opening: int) -> CsvRow:
        """Return the row up to the line that opens the quote, as a problem, and read on below it."""
        row, last = self._lines.row, self._lines.number
        until = "up to the end of the file" if self._lines.ended else f"before line {last}"
        self._lines.give_back(row[opening + 1 :])
        self._reader = self._new_reader()
        problem = (
            f"the quote that line {line + opening} opens is not closed {until}: close it, or write it twice "
            '("") if it belongs to the text'
        )
        return CsvRow(line + opening, [], problem)


def _open_quote(lines: Sequence[str], delimiter: str) -> int | None:
    """Return which of a row's lines opens a quote that no end of a cell closes, None if none does."""
    opened: int | None = None
    for number, line in enumerate(lines):
        at = 0
        while True:
            if opened is None:
                if line.startswith('"', at):
                    opened, at = number, at + 1
                    continue
                at = line.find(delimiter, at) + 1
                if not at:
                    break
                continue
            at = line.find('"', at) + 1
            if not at:
                break
            behind = line[at : at + 1]
            if behind == '"':
                at += 1
            elif behind in ("", "\r", "\n"):
                opened = None
                break
            elif behind == delimiter:
                opened, at = None, at + 1
            else:
                return opened
    return opened
