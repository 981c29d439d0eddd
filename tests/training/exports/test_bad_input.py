"""Bad input: what is broken is named by its line, entry or byte, with what to do; what is whole is read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.dataset import LoadedTickets, read_tickets
from triage.settings.tickets import TicketColumns


def read(path: Path, *, skip_bad: bool = False) -> LoadedTickets:
    return read_tickets([path], skip_bad=skip_bad)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def lines_of(count: int, broken: dict[int, str]) -> str:
    rows = [broken.get(n, f'{n},Gate,"It is stuck, for {n} days"') for n in range(1, count + 1)]
    return "\n".join(["id,subject,body", *rows]) + "\n"


@pytest.mark.parametrize(
    "row",
    ['7,Gate,"It is stuck, for long', '7,"Gate,It is stuck, for long', '7,Gate,"He said ""no"", for long'],
)
def test_an_open_quote_costs_its_own_row_and_names_its_line(tmp_path: Path, row: str) -> None:
    path = write(tmp_path / "a.csv", lines_of(40, {7: row}))
    with pytest.raises(
        DataFileError, match=r"line 8: the quote that line 8 opens is not closed.*close it, or"
    ):
        read(path)
    found = read(path, skip_bad=True)
    assert [int(ticket.id) for ticket in found.tickets] == [n for n in range(1, 41) if n != 7]
    assert len(found.skipped) == 1


def test_an_open_quote_below_a_cell_of_several_lines_names_the_line_that_opens_it(tmp_path: Path) -> None:
    text = 'id,subject,body,more\n1,Gate,"first\nsecond","open\n2,Gate,b,c\n3,Gate,b,c\n'
    path = write(tmp_path / "a.csv", text)
    with pytest.raises(
        DataFileError, match="line 3: the quote that line 3 opens is not closed up to the end"
    ):
        read(path)
    assert [ticket.id for ticket in read(path, skip_bad=True).tickets] == ["2", "3"]


def test_of_a_list_on_one_line_the_entry_and_the_byte_are_named(tmp_path: Path) -> None:
    entries = [json.dumps({"id": n, "subject": "Türe", "body": "b"}, ensure_ascii=False) for n in range(9)]
    entries[5] = '{"id": 5 "subject": "x"}'
    text = f"[{','.join(entries)}]"
    byte = text.encode().index(b'"subject": "x"')
    with pytest.raises(DataFileError, match=rf"line 1: entry 6 of the list .*byte {byte}\)"):
        read(write(tmp_path / "a.json", text))
    entries[5] = '{"id": 5, "body": {"a": [1]}}'
    with pytest.raises(DataFileError, match=r"line 1, entry 6: 'body' is"):
        read(write(tmp_path / "a.json", f"[{','.join(entries)}]"))


def test_a_list_on_one_line_without_ids_is_told_by_its_entries(tmp_path: Path) -> None:
    text = json.dumps([{"subject": "Gate", "body": f"stuck {n}"} for n in range(3)])
    assert [ticket.id for ticket in read(write(tmp_path / "a.json", text)).tickets] == ["1-1", "1-2", "1-3"]


def test_json_lines_with_a_broken_line_name_it(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "body": "b"}) for n in range(1, 5001)]
    lines[4710] = lines[4710][:-3]
    path = write(tmp_path / "a.jsonl", "\n".join(lines))
    with pytest.raises(DataFileError, match="line 4711: the line is not JSON"):
        read(path)
    assert len(read(path, skip_bad=True).tickets) == 4999


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ods", b"PK\x03\x04", "LibreOffice.*save its sheet as .xlsx or as CSV"),
        ("a.numbers", b"PK\x03\x04", "Numbers.*File > Export To > CSV"),
        ("a.pst", b"!BDN", r"archive of Outlook.*readpst"),
        ("mails", b"!BDN\x00", r"archive of Outlook.*save the mails as .eml"),
        ("a.msg", b"\xd0\xcf\x11\xe0", "mail of Outlook.*save the mails as .eml"),
        ("a.docx", b"PK\x03\x04", "word processor.*export the tickets as CSV or JSON"),
        ("a.db", b"SQLite format 3\x00", "database.*table of tickets as CSV"),
        ("a.parquet", b"PAR1", "table in columns.*CSV or JSONL"),
        ("a.csv", b"SQLite format 3\x00", "SQLite database"),
        ("a.json", b"\x89PNG", "is a picture"),
        ("a.json.bz2", b"BZh9", "bzip2.*gzip"),
        ("a.json.zst", b"(\xb5/\xfd", "zstd.*gzip"),
        ("a.yaml", b"- id: 1", "YAML.*JSON"),
        ("notes.txt", b"Please look at the gate.\nIt is stuck.\n", "plain text.*an article as .md"),
    ],
)
def test_a_file_that_is_no_export_says_how_to_get_one(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataFileError, match=message):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a header|no names of columns|no rows|empty"),
        ("\n\n\n", "no names of columns"),
        ("[]", ""),
        ("{}", "no key 'subject'"),
        ('"just a text"', "found str, expected an object"),
        ("[1, 2, 3]", "found int, expected an object"),
        ("[[{}]]", "found list, expected an object"),
        ("null", "expected an object"),
        ('{"tickets": "none"}', "no key 'subject'"),
        ('{"error": {"code": 401, "message": "unauthorised"}}', "no key 'subject'|'error.message'"),
    ],
)
def test_json_without_tickets_says_what_was_found(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "a.json", text)
    try:
        found = read(path)
    except DataFileError as error:
        assert message
        assert path.name in str(error)
    else:
        assert found.tickets == []


def test_a_table_of_a_header_alone_has_no_tickets_and_no_error(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", "id,subject,body\n")).tickets == []


def test_two_columns_of_one_name_are_one_place_with_the_first_that_is_filled(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.csv", "id,subject,body,body\n1,Gate,,second\n2,Gate,first,second\n"))
    assert [ticket.body for ticket in found.tickets] == ["second", "first"]


def test_a_header_in_the_middle_of_two_joined_exports_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,subject,body\n1,Gate,a b\nid,subject,body\n2,Gate,c d\n")
    found = read(path)
    assert [ticket.id for ticket in found.tickets] == ["1", "2"]
    assert any("line 3" in warning and "header" in warning for warning in found.warnings)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_ends_of_lines_of_any_system_are_read(tmp_path: Path, end: str) -> None:
    text = end.join(["id,subject,body", "1,Gate,a b", '2,Gate,"c d"', ""])
    assert [ticket.id for ticket in read(write(tmp_path / "a.csv", text)).tickets] == ["1", "2"]


def test_zero_bytes_in_a_table_cost_nothing_else(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.csv", "id,subject,body\n1,Gate,a\x00b\n2,Gate,c d\n"))
    assert len(found.tickets) == 2


def test_a_row_with_a_delimiter_too_many_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,subject,body\n1,Gate,It is stuck, and loud\n2,Gate,ok\n")
    with pytest.raises(DataFileError, match=r"line 2: the row has 1 cell more than the header.*quote"):
        read(path)


def test_html_in_some_bodies_only_is_cleaned_in_these(tmp_path: Path) -> None:
    table = io.StringIO()
    bodies = [
        "<p>It is <b>stuck</b></p>",
        "It is 5 < 6 and stuck",
        "&lt;div&gt;&lt;p&gt;It is stuck&lt;/p&gt;&lt;/div&gt;",
    ]
    csv.writer(table).writerows(
        [["id", "subject", "body"], *([n, "Gate", b] for n, b in enumerate(bodies, 1))]
    )
    texts = [ticket.text() for ticket in read(write(tmp_path / "a.csv", table.getvalue())).tickets]
    assert texts[0].split() == ["Gate", "It", "is", "stuck"]
    assert "5 < 6" in texts[1]
    assert "<p>" not in texts[2]


def test_a_zip_with_the_name_of_a_workbook_says_that_it_is_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("tickets.json", "[]")
    with pytest.raises(DataFileError, match="cannot be read as a workbook"):
        read(tmp_path / "a.xlsx")


def test_a_mapping_to_a_column_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,Description\n1,Gate is stuck\n")
    with pytest.raises(DataFileError, match="did you mean 'Description' for 'Descripton'"):
        read_tickets([path], TicketColumns(body="Descripton"))
