"""CSV files with a header, gzipped or not, read row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from models.storage.jsonl import iter_lines

_SEPARATORS = ",;\t"
_MAX_CELL_CHARS = 1 << 30


@dataclass(frozen=True, slots=True)
class CsvRow:
    """Cells of a row and the number of its first line; without cells, `problem` says why it is no row."""

    line: int
    cells: list[str]
    problem: str = ""


def iter_rows(path: Path, expected: str, *, strict: bool = False) -> Iterator[CsvRow]:
    """Yield the header, empty where the file is, and each row that is no empty line.

    The separator is the comma, semicolon or tab that the header has most of. `strict` finds a problem where
    quotes are not closed or stand within a cell. `expected` describes the kind of file for the error message.

    Raises:
        DataFileError: the file is missing, damaged, cut off, or not UTF-8.
    """
    csv.field_size_limit(_MAX_CELL_CHARS)
    lines = _decoded(path, expected)
    first = next(lines, "")
    delimiter = max(_SEPARATORS, key=first.count)
    reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=strict)
    yield _next_row(reader) or CsvRow(1, [])
    while (row := _next_row(reader)) is not None:
        if row.cells or row.problem:
            yield row


def _next_row(reader: Any) -> CsvRow | None:
    line = reader.line_num + 1
    try:
        cells = next(reader, None)
    except csv.Error as error:
        return CsvRow(line, [], str(error))
    return None if cells is None else CsvRow(line, cells)


def _decoded(path: Path, expected: str) -> Iterator[str]:
    for number, line in iter_lines(path, expected):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataFileError(
                f"{path}, line {number}: is not UTF-8 ({error.reason}): write the file as UTF-8"
            ) from error
        yield from io.StringIO(text, newline="")  # lines may end with a carriage return alone
