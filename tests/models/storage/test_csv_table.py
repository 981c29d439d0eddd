"""CSV files as they are exported: separators, quotes, line breaks in cells, and what is no row."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from models.errors import DataFileError
from models.storage.csv_table import CsvRow, iter_rows


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rows_come_with_the_numbers_of_their_first_lines(tmp_path: Path, separator: str) -> None:
    text = 'id|body\r\n1|"two\r\nlines"\r\n\r\n2|"a ""b"""\r\n'.replace("|", separator)
    assert list(iter_rows(write(tmp_path, text, "utf-8-sig"), "a table")) == [
        CsvRow(1, ["id", "body"]),
        CsvRow(2, ["1", "two\r\nlines"]),
        CsvRow(5, ["2", 'a "b"']),
    ]


def test_lines_that_end_with_a_carriage_return_alone_are_rows(tmp_path: Path) -> None:
    rows = iter_rows(write(tmp_path, "id,body\r1,a\r2,b\r"), "a table")
    assert [row.cells for row in rows] == [["id", "body"], ["1", "a"], ["2", "b"]]


def test_a_packed_file_and_an_empty_one_are_read(tmp_path: Path) -> None:
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(b"id\n1\n"))
    assert [row.cells for row in iter_rows(packed, "a table")] == [["id"], ["1"]]
    assert [row.cells for row in iter_rows(write(tmp_path, ""), "a table")] == [[]]


def test_a_broken_quote_is_a_problem_of_its_row_alone_where_that_is_wanted(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,body\n1,"a"b\n2,c\n')
    _, broken, last = iter_rows(path, "a table", strict=True)
    assert (broken.line, broken.cells) == (2, [])
    assert broken.problem
    assert last.cells == ["2", "c"]
    assert [row.problem for row in iter_rows(path, "a table")] == ["", "", ""]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-8-sig"])
def test_a_file_in_another_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    rows = iter_rows(write(tmp_path, "id,body\n1,Tür klemmt\n", encoding), "a table")
    assert [row.cells for row in rows] == [["id", "body"], ["1", "Tür klemmt"]]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"there is no file .*none\.csv: expected a table"):
        list(iter_rows(tmp_path / "none.csv", "a table"))
