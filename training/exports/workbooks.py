"""Workbooks (.xlsx), read row by row with openpyxl (the extra `xlsx`); of formulas, their stored results."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from models.errors import DataFileError, SettingsError
from models.wording import list_names
from training.exports.records import Record, Source, column_name, row_values

# A sheet of 100 MB packs to a tenth; one that unpacks to more than this is no export.
_MAX_UNPACKED_BYTES = 4 << 30
_MAX_COLUMNS = 5_000


def workbook_source(path: Path) -> Source:
    """Open the first sheet that has rows.

    Raises:
        SettingsError: openpyxl is missing.
        DataFileError: the file is damaged, or its header is not one row of names.
    """
    if find_spec("openpyxl") is None:
        raise SettingsError(
            f"{path} is a workbook, which needs openpyxl: run `pip install 'triage[xlsx]'`, or save its "
            "sheet as CSV in UTF-8"
        )
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED_BYTES:
                raise DataFileError(f"{path} unpacks to more than 4 GB: save its sheet as CSV in UTF-8")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheets = {sheet.title: _rows(sheet) for sheet in book.worksheets}
        filled = {title: first for title, rows in sheets.items() if (first := next(rows, None)) is not None}
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise DataFileError(
            f"{path} cannot be read as a workbook ({error}): save it again, or its sheet as CSV in UTF-8"
        ) from error
    if not filled:
        raise DataFileError(f"{path} has no rows: expected a sheet with a header in its first row")
    title, (line, header) = next(iter(filled.items()))
    columns = _columns(path, title, line, header, sheets[title])
    others = [name for name in filled if name != title]
    notes = [f"{path}: the sheet {title!r} is read, {list_names(others)} not"] if others else []
    return Source(path, "table", _records(sheets[title], columns), tuple(dict.fromkeys(columns)), notes)


class _Rows(Iterator[tuple[int, list[str]]]):
    """The rows of a sheet that have a cell; the last one can be given back."""

    def __init__(self, rows: Iterator[tuple[int, list[str]]]) -> None:
        self._rows = rows
        self._back: list[tuple[int, list[str]]] = []

    def __next__(self) -> tuple[int, list[str]]:
        return self._back.pop() if self._back else next(self._rows)

    def give_back(self, row: tuple[int, list[str]]) -> None:
        self._back.append(row)


def _rows(sheet: Any) -> _Rows:
    sheet.reset_dimensions()  # a sheet may say that it has a million rows
    return _Rows(_filled_rows(sheet))


def _filled_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        texts = [_text(cell) for cell in cells[:_MAX_COLUMNS]]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield line, texts


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _columns(path: Path, title: str, line: int, header: Sequence[str], rows: _Rows) -> list[str]:
    """Return the names in the header.

    Raises:
        DataFileError: there are columns without a name, as merged cells leave them.
    """
    second = next(rows, None)
    if second is not None:
        rows.give_back(second)
    width = len(second[1]) if second else len(header)
    columns = [column_name(cell) for cell in header]
    columns += [""] * (width - len(columns))
    unnamed = [
        _letters(n) for n, name in enumerate(columns) if not name and second and n < width and second[1][n]
    ]
    if unnamed:
        raise DataFileError(
            f"{path}, sheet {title!r}, row {line}: found no name for the columns {', '.join(unnamed[:8])}, "
            f"expected one row of names, found {[name for name in columns if name][:8]}: a title or merged "
            "cells stand there; take the rows above the header out, and give each column a name of its own"
        )
    return columns


def _letters(position: int) -> str:
    """Return a column's letters.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _records(rows: Iterator[tuple[int, list[str]]], columns: Sequence[str]) -> Iterator[Record]:
    for line, cells in rows:
        yield Record(line, row_values(columns, cells))
