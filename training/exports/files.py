"""Files of exports: what kind each one is, told by its beginning and its name, and its records."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from models.errors import DataFileError
from models.storage.csv_table import CsvRow, table_rows
from models.storage.file_kinds import binary_kind_of
from models.storage.json_stream import iter_json
from models.storage.json_values import read_json_values
from models.storage.text_file import TextFile, open_text
from models.wording import counted, kind_of
from training.exports.custom_fields import by_name
from training.exports.mails import mail_source
from training.exports.records import LISTS, Beside, Record, Source, column_name, is_footer, row_values
from training.exports.workbooks import workbook_source
from training.exports.wrapped import unwrapped

EXPECTED = "tickets as .jsonl, .json, .csv, .tsv, .xlsx, .eml or .mbox, each but .xlsx also as .gz"
_TABLES = ".csv", ".tsv", ".tab", ".txt"
_JSON = ".json", ".jsonl", ".ndjson"
_MAILS = ".eml", ".mbox", ".mbx"
_WORKBOOKS = ".xlsx", ".xlsm"
_AS_TABLE = "save its sheet as .xlsx or as CSV in UTF-8"
_AS_EXPORT = "export the tickets as CSV or JSON"
_AS_MAILS = "save the mails as .eml, or the folder as .mbox"
_LARGE_BYTES = 2_000_000
_OUTLOOK = f"{_AS_MAILS}: Thunderbird with ImportExportTools, or readpst, does it"
_REFUSED = (
    (b"{\\rtf", "is a text of a word processor"),
    (b"<?xml", "is XML"),
    (b"<!DOCTYPE", "is a web page"),
    (b"<!doctype", "is a web page"),
    (b"<html", "is a web page"),
)
# By the end of the name, which goes before the first bytes: many of these are zip or OLE files.
_REFUSED_NAMES = {
    (".xls", ".xlsb"): ("is a workbook of an old Excel", _AS_TABLE),
    (".ods", ".fods"): (
        "is a workbook of LibreOffice",
        "save its sheet as .xlsx or as CSV in UTF-8 (File > Save As)",
    ),
    (".numbers",): ("is a workbook of Numbers", "export it there as CSV in UTF-8 (File > Export To > CSV)"),
    (".pst", ".ost"): ("is an archive of Outlook", _OUTLOOK),
    (".msg",): (
        "is a mail of Outlook",
        f"{_AS_MAILS}: drag it into Thunderbird and save it there, or run msgconvert",
    ),
    (".docx", ".doc", ".odt", ".rtf", ".pages"): ("is a text of a word processor", _AS_EXPORT),
    (".parquet", ".feather"): ("is a table in columns", "write it as CSV or JSONL, for example with pandas"),
    (".sqlite", ".sqlite3", ".db", ".mdb", ".accdb"): ("is a database", "export its table of tickets as CSV"),
    (".sql",): ("is a dump of a database", "export the table of tickets as CSV"),
    (".yaml", ".yml"): ("is YAML", "write it as JSON"),
}


def open_export(
    path: Path, encoding: str = "", places: Collection[str] = (), *, most: int | None = None
) -> Source:
    """Open a file of tickets. `places` are the keys of a ticket's text that the settings name.

    Where `most` records are wanted, no more than that is read of a large JSON file.

    Raises:
        DataFileError: it is missing, damaged, or of a kind that cannot be read.
    """
    name = path.name.lower().removesuffix(".gz")
    if path.is_file():
        _refuse_other_kinds(path, name, encoding)
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
        beside = Beside()
        is_large = name.endswith(".json") and path.is_file() and path.stat().st_size > _LARGE_BYTES
        records = _first_objects(file, places, most) if most and is_large else _objects(file, places, beside)
        return Source(path, "json", records, notes=notes, beside=beside)
    return _table(file, notes)


def _refuse_other_kinds(path: Path, name: str, encoding: str) -> None:
    """Refuse a file that is no export, by its name or its first bytes.

    Raises:
        DataFileError: it is one; the message says how to get a file that can be read.
    """
    for endings, (what, advice) in _REFUSED_NAMES.items():
        if name.endswith(endings):
            raise _refused(path, what, advice)
    with path.open("rb") as stream:
        start = stream.read(16).lstrip(b"\xef\xbb\xbf \r\n")
    for sign, what in _REFUSED:
        if start.startswith(sign) and not path.name.lower().endswith(".gz"):
            raise _refused(path, what, _AS_EXPORT)
    kind = binary_kind_of(path)
    is_workbook = name.endswith(_WORKBOOKS) and start.startswith(b"PK")
    if kind is not None and not is_workbook and (kind.is_known or not encoding):
        is_of_outlook = start.startswith(b"!BDN")
        raise _refused(path, kind.what, _OUTLOOK if is_of_outlook else kind.advice or _AS_EXPORT)


def _refused(path: Path, what: str, advice: str) -> DataFileError:
    return DataFileError(f"{path} {what}: expected {EXPECTED}; {advice}")


def _beginning(file: TextFile) -> str:
    with file.open() as stream:
        try:
            return stream.read(4096)
        except (OSError, EOFError):
            return ""


def _objects(file: TextFile, places: Collection[str], beside: Beside) -> Iterator[Record]:
    for item in iter_json(file, LISTS, beside.add):
        if item.problem:
            yield Record(item.line, {}, item.problem, item.entry)
        elif isinstance(item.value, dict):
            try:
                for number, value in enumerate(unwrapped(item.value, places), 1):
                    if number == 1 and value is not item.value:
                        beside.add(item.value)
                    yield Record(item.line, by_name(value), entry=item.entry or (number if number > 1 else 0))
            except ValueError as error:
                yield Record(item.line, {}, str(error), item.entry)
        else:
            yield Record(item.line, {}, f"found {kind_of(item.value)}, expected an object")


def _first_objects(file: TextFile, places: Collection[str], most: int) -> Iterator[Record]:
    """Yield the first records of a file that may be one large object, of which the rest is not read."""
    for value in read_json_values(file.path, EXPECTED, sys.maxsize, most_entries=most):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from (Record(1, by_name(record)) for record in unwrapped(item, places))


def _table(file: TextFile, notes: list[str]) -> Source:
    rows = table_rows(file, titles=True)
    header = next(rows)
    if header.line > 2:  # a line sep=; may be above it
        notes = [*notes, f"{file.path}: the header is in line {header.line}, and those above are passed over"]
    columns = tuple(column_name(cell) for cell in header.cells)
    if not any(columns):
        raise DataFileError(
            f"{file.path}, line {header.line}: found no names of columns, expected a header in the first line"
        )
    if len(columns) == 1 and not file.path.name.lower().removesuffix(".gz").endswith(_TABLES[:3]):
        raise DataFileError(
            f"{file.path} is plain text: expected {EXPECTED}; give an article as .md or .html, a mail as .eml"
        )
    warnings: list[str] = []
    records = _rows(file.path, rows, columns, warnings)
    return Source(file.path, "table", records, tuple(dict.fromkeys(columns)), notes, warnings=warnings)


def _rows(
    path: Path, rows: Iterator[CsvRow], columns: tuple[str, ...], warnings: list[str]
) -> Iterator[Record]:
    for row, is_last in _with_last(rows):
        if is_last and is_footer(row.cells, len(columns)):
            warnings.append(f"{path}, line {row.line}: the last row counts the others, and is passed over")
            continue
        surplus = row.cells[len(columns) :]
        problem = row.problem
        if not problem and not any(cell.strip() for cell in row.cells):
            continue
        if len(columns) > 1 and tuple(map(column_name, row.cells)) == columns:
            warnings.append(f"{path}, line {row.line}: the header is here again, and is passed over")
            continue
        if not problem and any(cell.strip() for cell in surplus):
            problem = (
                f"the row has {counted(len(surplus), 'cell')} more than the header: put a cell with the "
                "separator in its text between double quotes"
            )
        yield Record(row.line, row_values(columns, row.cells), problem)


def _with_last(rows: Iterator[CsvRow]) -> Iterator[tuple[CsvRow, bool]]:
    """Yield the rows, and whether no other one follows."""
    row = next(rows, None)
    while row is not None:
        following = next(rows, None)
        yield row, following is None
        row = following
