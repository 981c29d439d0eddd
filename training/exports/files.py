"""Files of exports: what kind each one is, told by its beginning and its name, and its records."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

from models.errors import DataFileError
from models.storage.csv_table import CsvRow, table_rows
from models.storage.json_stream import iter_json
from models.storage.text_file import TextFile, open_text
from models.wording import counted, kind_of
from training.exports.custom_fields import by_name, titles_in
from training.exports.mails import mail_source
from training.exports.records import Record, Source, column_name, row_values
from training.exports.workbooks import workbook_source
from training.exports.wrapped import LISTS, unwrapped

EXPECTED = "tickets as .jsonl, .json, .csv, .tsv, .xlsx, .eml or .mbox, each but .xlsx also as .gz"
_TABLES = ".csv", ".tsv", ".tab", ".txt"
_JSON = ".json", ".jsonl", ".ndjson"
_MAILS = ".eml", ".mbox", ".mbx"
_WORKBOOKS = ".xlsx", ".xlsm"
_REFUSED = (
    (b"%PDF", "is a PDF", "export the tickets as CSV or JSON"),
    (b"\xd0\xcf\x11\xe0", "is a workbook of an old Excel", "save its sheet as .xlsx or as CSV in UTF-8"),
    (b"7z\xbc\xaf", "is a 7z archive", "unpack it, and give the file of tickets in it"),
    (b"\x1f\x8b", "is gzipped", "name it .gz, such as tickets.jsonl.gz"),
    (b"<?xml", "is XML", "export the tickets as CSV or JSON"),
    (b"<!DOCTYPE", "is a web page", "export the tickets as CSV or JSON"),
    (b"<html", "is a web page", "export the tickets as CSV or JSON"),
)


def open_export(path: Path, encoding: str = "", places: Collection[str] = ()) -> Source:
    """Open a file of tickets. `places` are the keys of a ticket's text that the settings name.

    Raises:
        DataFileError: it is missing, damaged, or of a kind that cannot be read.
    """
    name = path.name.lower().removesuffix(".gz")
    if path.is_file():
        _refuse_other_kinds(path, name)
        if name.endswith(_WORKBOOKS):
            return workbook_source(path)
    if name.endswith(_MAILS):  # each mail has encodings of its own
        return mail_source(open_text(path, EXPECTED, "latin-1"), is_box=not name.endswith(".eml"))
    file = open_text(path, EXPECTED, encoding)
    notes = [f"{path}: {file.told}" + ("" if encoding else " (detected)")] if file.told else []
    start = _beginning(file)
    if start.startswith("From ") and not name.endswith((*_TABLES, *_JSON)):
        return mail_source(file, is_box=True)
    if name.endswith(_JSON) or (not name.endswith(_TABLES) and start.lstrip()[:1] in ("{", "[")):
        titles: dict[str, str] = {}
        return Source(path, "json", _objects(file, places, titles), notes=notes, titles=titles)
    return _table(file, notes)


def _refuse_other_kinds(path: Path, name: str) -> None:
    with path.open("rb") as stream:
        start = stream.read(16).lstrip(b"\xef\xbb\xbf \r\n")
    if start.startswith(b"PK\x03\x04") and not name.endswith(_WORKBOOKS):
        within = _names_within(path)
        raise DataFileError(
            f"{path} is a zip archive{f' of {within}' if within else ''}: expected {EXPECTED}. Unpack it, "
            "and give the file of tickets in it"
        )
    for sign, what, advice in _REFUSED:
        if start.startswith(sign) and not path.name.lower().endswith(".gz"):
            raise DataFileError(f"{path} {what}: expected {EXPECTED}; {advice}")
    if name.endswith((".xls", ".ods", ".numbers")):
        raise DataFileError(
            f"{path} is a workbook: expected {EXPECTED}; save its sheet as .xlsx or as CSV in UTF-8"
        )


def _names_within(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return ""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _beginning(file: TextFile) -> str:
    with file.open() as stream:
        try:
            return stream.read(4096)
        except (OSError, EOFError):
            return ""


def _objects(file: TextFile, places: Collection[str], titles: dict[str, str]) -> Iterator[Record]:
    for item in iter_json(file, LISTS, lambda beside: titles.update(titles_in(beside))):
        if item.problem:
            yield Record(item.line, {}, item.problem)
        elif isinstance(item.value, dict):
            try:
                for value in unwrapped(item.value, places):
                    yield Record(item.line, by_name(value))
            except ValueError as error:
                yield Record(item.line, {}, str(error))
        else:
            yield Record(item.line, {}, f"found {kind_of(item.value)}, expected an object")


def _table(file: TextFile, notes: list[str]) -> Source:
    rows = table_rows(file)
    header = next(rows)
    columns = tuple(column_name(cell) for cell in header.cells)
    if not any(columns):
        raise DataFileError(
            f"{file.path}, line {header.line}: found no names of columns, expected a header in the first line"
        )
    return Source(file.path, "table", _rows(rows, columns), tuple(dict.fromkeys(columns)), notes)


def _rows(rows: Iterator[CsvRow], columns: tuple[str, ...]) -> Iterator[Record]:
    for row in rows:
        surplus = row.cells[len(columns) :]
        problem = row.problem
        if not problem and not any(cell.strip() for cell in row.cells):
            continue
        if not problem and any(cell.strip() for cell in surplus):
            problem = f"the row has {counted(len(surplus), 'cell')} more than the header"
        yield Record(row.line, row_values(columns, row.cells), problem)
