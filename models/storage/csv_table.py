"""CSV files with a header, gzipped or not, in any encoding, read row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from models.storage.text_file import TextFile, foreign_byte, open_text

_DELIMITERS = ",;\t|"
_MAX_CELL_CHARS = 1 << 30
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


def table_rows(file: TextFile, *, strict: bool = False) -> Iterator[CsvRow]:
    """Yield the header and the rows of a file of text, as `iter_rows` does.

    The delimiter is the one that a line `sep=;` above the header names, else the comma, semicolon, tab or bar
    that the header has most of. A row with a quote that is not closed takes up the rest of the file, and has
    a problem.
    """
    csv.field_size_limit(_MAX_CELL_CHARS)
    lines = _Lines(file)
    first = next(lines, "")
    named = _DELIMITER_LINE.fullmatch(first)
    if named:
        first = next(lines, "")
    bare = _QUOTED.sub("", first)
    delimiter = named[1] if named else max(_DELIMITERS, key=bare.count)
    reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=strict)
    above = 1 if named else 0
    yield _next_row(reader, above) or CsvRow(1 + above, [])
    while (row := _next_row(reader, above)) is not None:
        problem = row.problem or lines.problem(row.line, reader.line_num + above)
        if not problem and lines.ended:  # the reader asks for no line behind a row that is whole
            problem = f"the quote that line {row.line} opens is not closed up to the end of the file"
        if row.cells or problem:
            yield CsvRow(row.line, row.cells, problem)


class _Lines(Iterator[str]):
    """Lines of a file; remembers those that are not in its encoding."""

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self._lines = file.lines()
        self._foreign: dict[int, str] = {}
        self.ended = False

    def __next__(self) -> str:
        try:
            number, line = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        if wrong := foreign_byte(line, self._file):
            self._foreign[number] = wrong
        return line

    def problem(self, first: int, last: int) -> str:
        """Return the first thing that is wrong with the lines of a row."""
        if not self._foreign:
            return ""
        found = [self._foreign.pop(n) for n in sorted(self._foreign) if first <= n <= last]
        return found[0] if found else ""


def _next_row(reader: Any, above: int) -> CsvRow | None:
    line = reader.line_num + 1 + above
    try:
        cells = next(reader, None)
    except csv.Error as error:
        return CsvRow(line, [], str(error))
    return None if cells is None else CsvRow(line, cells)
