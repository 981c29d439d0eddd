"""Workbooks (.xlsx), read row by row with openpyxl (the extra `xlsx`); of formulas, their stored results."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from models.errors import DataFileError, SettingsError
from models.wording import counted, list_names
from training.exports.records import Record, Source, column_name, is_footer, row_values

# A sheet of 100 MB packs to a tenth; one that unpacks to more than this is no export.
_MAX_UNPACKED_BYTES = 4 << 30
_MAX_COLUMNS = 5_000
_MOST_TITLES = 10  # rows above the header of a report
_MOST_NAME_CHARS = 60


def workbook_source(path: Path) -> Source:
    """Open the first sheet that has a header of several names and a row below it, else the first filled one.

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
        filled = {title: first for title, rows in sheets.items() if (first := _header(rows)) is not None}
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise DataFileError(
            f"{path} cannot be read as a workbook ({error}): save it again, or its sheet as CSV in UTF-8"
        ) from error
    if not filled:
        raise DataFileError(f"{path} has no rows: expected a sheet with a header in its first row")
    tables = (name for name, (_, names) in filled.items() if len(names) > 1 and sheets[name].has_next())
    title = next(tables, next(iter(filled)))
    line, header = filled[title]
    columns = _columns(path, title, line, header, sheets[title])
    others = [name for name in filled if name != title]
    notes = [f"{path}: the sheet {title!r} is read, {list_names(others)} not"] if others else []
    if above := sheets[title].passed_over:
        notes.append(f"{path}: the header is in row {line}, and {counted(above, 'row')} above it passed over")
    warnings: list[str] = []
    records = _records(path, sheets[title], columns, warnings)
    return Source(path, "table", records, tuple(dict.fromkeys(columns)), notes, warnings=warnings)


class _Rows(Iterator[tuple[int, list[str]]]):
    """The rows of a sheet that have a cell; the last ones can be given back.

    `passed_over` counts those above the header.
    """

    def __init__(self, rows: Iterator[tuple[int, list[str]]]) -> None:
        self._rows = rows
        self._back: list[tuple[int, list[str]]] = []
        self.passed_over = 0

    def __next__(self) -> tuple[int, list[str]]:
        return self._back.pop() if self._back else next(self._rows)

    def give_back(self, rows: Sequence[tuple[int, list[str]]]) -> None:
        self._back.extend(reversed(rows))

    def has_next(self) -> bool:
        row = next(self, None)
        self.give_back([] if row is None else [row])
        return row is not None


def _header(rows: _Rows) -> tuple[int, list[str]] | None:
    """Take the header of a sheet: below titles and the merged names of groups, the first row of names.

    That one has at least three names, and twice as many as any row above it has cells. Where there is none,
    the first row is the header.
    """
    taken = list(islice(rows, _MOST_TITLES + 2))
    widths = [sum(map(bool, cells)) for _, cells in taken]
    found = (
        number
        for number in range(1, len(taken) - 1)
        if 2 * max(widths[:number]) <= widths[number] > 2
        and _are_names(taken[number][1], taken[number + 1][1])
    )
    rows.passed_over = next(found, 0)
    rows.give_back(taken[rows.passed_over + 1 :])
    return taken[rows.passed_over] if taken else None


def _are_names(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether cells are names of columns: short, different and without a gap, as wide as those below."""
    names = [cell.strip() for cell in cells]
    names = names[next((n for n, name in enumerate(names) if name), 0) :]
    is_short = all(0 < len(name) <= _MOST_NAME_CHARS and not name[0].isdecimal() for name in names)
    return is_short and len(set(names)) == len(names) and len(below) <= len(cells)


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
        rows.give_back([second])
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


def _records(path: Path, rows: _Rows, columns: Sequence[str], warnings: list[str]) -> Iterator[Record]:
    for line, cells in rows:
        if is_footer(cells, len(columns)) and not rows.has_next():
            warnings.append(f"{path}, row {line}: the last row counts the others, and is passed over")
            continue
        yield Record(line, row_values(columns, cells))
