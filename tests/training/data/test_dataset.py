"""Ticket files: what can be read, and how a bad line is named."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.dataset import read_tickets
from triage.settings import TicketColumns
from triage.web.schemas.tickets import TicketRequest


def line(number: int, **more: object) -> str:
    return json.dumps({"id": f"t{number}", "subject": "Printer", "body": "It is offline.", **more})


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_jsonl_brings_text_date_attributes_and_labels(tmp_path: Path) -> None:
    more = {
        "created_at": "2026-01-31T09:30:00+02:00",
        "channel": "email",
        "attributes": {"product": "Box", "seats": 2, "vip": True, "share": 3.0, "nothing": None},
        "labels": {"category": " hardware ", "tags": ["vip", "vip", " b2b "], "team": None},
    }
    (ticket,) = read_tickets([write(tmp_path / "a.jsonl", [line(1, **more)])]).tickets
    assert ticket.created_at == datetime(2026, 1, 31, 7, 30, tzinfo=UTC)
    assert ticket.attributes == {"product": "Box", "seats": "2", "vip": "true", "share": "3"}
    asked = TicketRequest.model_validate({"body": "b", "attributes": more["attributes"]}).ticket()
    assert asked.attributes == ticket.attributes  # what was trained on is known when serving
    assert ticket.labels == {"category": "hardware", "tags": ("vip", "b2b")}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (3, {"f": "3"}),
        (0, {"f": "0"}),
        ([1, "b"], {"f": ("1", "b")}),
        ([], {"f": ()}),
        (["a", None, " "], {"f": ("a",)}),
        # A table that lacks some numbers has fractions for the others.
        (3.0, {"f": "3"}),
        (2.5, {"f": "2.5"}),
        (float("nan"), {}),
        ([1.0, float("nan")], {"f": ("1",)}),
        (True, {"f": "true"}),
        (False, {"f": "false"}),
        (None, {}),
        ("", {}),
        (" \t", {}),
    ],
)
def test_numbers_are_values_and_nothing_is_no_value(
    tmp_path: Path, sent: object, expected: dict[str, object]
) -> None:
    (ticket,) = read_tickets([write(tmp_path / "a.jsonl", [line(1, labels={"f": sent})])]).tickets
    assert ticket.labels == expected


@pytest.mark.parametrize("sent", [{"name": "a"}, [["a"]], ["a", {}]])
def test_a_label_that_is_no_text_is_named_with_its_field(tmp_path: Path, sent: object) -> None:
    path = write(tmp_path / "a.jsonl", [line(1, labels={"f": sent})])
    with pytest.raises(DataFileError, match=r"line 1: label 'f' is .*expected a text, a number"):
        read_tickets([path])


def test_jsonl_brings_what_guards_need(tmp_path: Path) -> None:
    more = {
        "current": {"team": "sales", "tags": ["vip"], "category": None},
        "undone": ["priority"],
        "headers": {"Auto-Submitted": "auto-replied"},
        "is_machine": False,
    }
    (ticket,) = read_tickets([write(tmp_path / "a.jsonl", [line(1, **more)])]).tickets
    assert ticket.current == {"team": "sales", "tags": ("vip",)}
    assert ticket.undone == {"priority"}
    assert ticket.headers == {"Auto-Submitted": "auto-replied"}
    assert ticket.is_machine is False


def test_jsonl_brings_what_backtests_need(tmp_path: Path) -> None:
    closed = line(1, closed_at="2026-02-01T10:00+02:00", articles=["kb-1", "https://help.example.com/2"])
    messages = line(2, articles=[{"body": "It is stuck"}])
    ticket, still_open = read_tickets([write(tmp_path / "a.jsonl", [closed, messages])]).tickets
    assert ticket.closed_at == datetime(2026, 2, 1, 8, tzinfo=UTC)
    assert ticket.articles == ("kb-1", "https://help.example.com/2")
    assert (still_open.closed_at, still_open.articles) == (None, ())


def test_a_date_of_closing_that_is_not_clear_leaves_all_unknown_and_is_said(tmp_path: Path) -> None:
    closed = [line(1, closed_at="2026-02-01"), line(2, closed_at="last week")]
    found = read_tickets([write(tmp_path / "a.jsonl", closed)])
    assert [ticket.closed_at for ticket in found.tickets] == [None, None]
    assert "line 2: 'closed_at' is 'last week', which is no clear date" in "".join(found.warnings)


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress((line(1) + "\n\n" + line(2)).encode()))
    assert [t.id for t in read_tickets([path]).tickets] == ["t1", "t2"]


def test_a_broken_line_4711_is_named_in_the_error(tmp_path: Path) -> None:
    lines = [line(n) for n in range(1, 5001)]
    lines[4710] = lines[4710][:-5]
    path = write(tmp_path / "a.jsonl", lines)
    with pytest.raises(DataFileError, match=r"a\.jsonl, line 4711: the line is not JSON.*--skip-bad"):
        read_tickets([path])
    found = read_tickets([path], skip_bad=True)
    assert len(found.tickets) == 4999
    assert len(found.skipped) == 1
    assert "line 4711" in found.skipped[0]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("[1]", "found a list, expected an object"),
        ('{"subject": "a", "body": "b"}', "there is no 'id'"),
        ('{"id": true, "body": "b"}', "'id' is true or false, expected a text"),
        ("[" * 100_000, "the line is not JSON"),
        ('{"id": "x", "body": {"text": 7, "x": 1}}', "'body' is an object, expected a text"),
        ('{"id": "x", "body": "b", "created_at": "yesterday"}', "expected ISO 8601"),
        ('{"id": "x", "body": "b", "labels": ["a"]}', "'labels' is a list, expected an object"),
        (
            '{"id": "x", "body": "b", "labels": {"category": {"id": 5}}}',
            "label 'category' is an object, expected a text",
        ),
        ('{"id": "x", "body": "b", "attributes": 5}', "'attributes' is a number"),
        ('{"id": "x", "body": "b", "headers": ["a"]}', "'headers' is a list"),
        ('{"id": "x", "body": "b", "current": "high"}', "'current' is a text, expected an object"),
        ('{"id": "x", "body": "b", "undone": "team"}', "'undone' is 'team', expected a list of field names"),
        ('{"id": "x", "body": "b", "is_machine": "yes"}', "'is_machine' is 'yes', expected true or false"),
        (line(1), "the id 't1' occurred before"),
    ],
)
def test_a_bad_line_says_what_was_found_and_what_to_do(tmp_path: Path, bad: str, message: str) -> None:
    path = write(tmp_path / "a.jsonl", [line(1), bad, line(3)])
    with pytest.raises(DataFileError, match=message) as caught:
        read_tickets([path])
    assert "line 2" in str(caught.value)
    assert [t.id for t in read_tickets([path], skip_bad=True).tickets] == ["t1", "t3"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_of_a_file_in_two_encodings_the_line_in_the_other_one_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rows = ["id,subject,body", "1,Tür,zu", "2,T#r,auf", "3,Tor,zu"]
    if name.endswith("jsonl"):
        rows = ["", *(f'{{"id": {n}, "subject": "{s}"}}' for n, s in enumerate(("Tür", "T#r", "Tor")))]
    path.write_bytes("\n".join(rows).encode().replace(b"#", b"\xfc"))
    with pytest.raises(DataFileError, match=r"line 3: the line is not UTF-8 \(byte 0xfc .*one encoding"):
        read_tickets([path])
    found = read_tickets([path], skip_bad=True)
    assert [ticket.subject for ticket in found.tickets] == ["Tür", "Tor"]
    assert "1 line is not, the first in line 3" in found.notes[0]


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DataFileError, match="there is no file"):
        read_tickets([tmp_path / f"none.{kind}"])
    text = line(1) if kind == "jsonl" else "id,body\n1,a\n"
    path = tmp_path / f"a.{kind}.gz"
    packed = gzip.compress(text.encode())
    for damaged in (packed[:-12], packed[:10] + b"\xff" * 20 + packed[30:]):
        path.write_bytes(damaged)
        with pytest.raises(DataFileError, match=r"cannot be read after line [01] "):
            read_tickets([path])


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "A.CSV", "A.JSONL"])
def test_a_byte_order_mark_and_large_letters_do_not_matter(tmp_path: Path, name: str) -> None:
    text = line(1) if name.lower().endswith("jsonl") else "id,subject,body\nt1,Printer,offline\n"
    path = tmp_path / name
    path.write_text(text, encoding="utf-8-sig")
    assert [ticket.id for ticket in read_tickets([path]).tickets] == ["t1"]


def test_half_characters_that_no_file_can_hold_are_replaced(tmp_path: Path) -> None:
    bad = line(1, labels={"category": "a\ud800"}, attributes={"\udc00": "b"})
    (ticket,) = read_tickets([write(tmp_path / "a.jsonl", [bad.replace('"t1"', '"\\ud83d"')])]).tickets
    assert (ticket.id, ticket.labels) == ("\ufffd", {"category": "a\ufffd"})
    assert ticket.attributes == {"\ufffd": "b"}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("EN_us", "en"),
        ("no", "nb"),
        ("und", None),
        ("", None),
        ("German", None),
    ],
)
def test_a_language_is_read_without_its_region_and_left_to_the_text_where_it_is_no_code(
    tmp_path: Path, sent: str, expected: str | None
) -> None:
    (ticket,) = read_tickets([write(tmp_path / "a.jsonl", [line(1, language=sent)])]).tickets
    assert ticket.language == expected


def test_a_ticket_without_text_is_read(tmp_path: Path) -> None:
    (ticket,) = read_tickets([write(tmp_path / "a.jsonl", ['{"id": "x", "subject": null}'])]).tickets
    assert (ticket.subject, ticket.body) == ("", "")


def test_csv_is_read_through_the_column_mapping(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Key,Summary,Text,Queue,Labels,Opened\n"
        '7,Printer,"offline\nsince, today",IT,vip; b2b,2026-01-02\n'
        "8,Door,stuck,,,\n",
        encoding="utf-8-sig",
    )
    columns = TicketColumns(
        id="Key",
        subject="Summary",
        body="Text",
        created_at="Opened",
        labels={"team": "Queue", "tags": "Labels"},
    )
    first, second = read_tickets([path], columns, tag_fields={"tags"}).tickets
    assert (first.id, first.body) == ("7", "offline\nsince, today")
    assert first.labels == {"team": "IT", "tags": ("vip", "b2b")}
    assert first.created_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert second.labels == {"tags": ()}


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("%d/%b/%y %I:%M %p", "31/Jan/26 9:05 AM"),
        ("%m/%d/%Y %H:%M", "1/31/2026 9:05"),
        ("%d.%m.%Y %H:%M", " 31.1.2026 9:05"),
        ("%Y-%m-%d %H:%M:%S UTC", "2026-01-31 09:05:00 UTC"),
        ("%d.%m.%Y %H:%M %z", "31.01.2026 11:05 +0200"),
    ],
)
def test_dates_of_a_table_are_read_in_the_form_that_the_settings_tell(
    tmp_path: Path, form: str, cell: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,body,created_at\n1,a,{cell}\n2,b,\n", encoding="utf-8")
    first, second = read_tickets([path], TicketColumns(date_format=form)).tickets
    assert first.created_at == datetime(2026, 1, 31, 9, 5, tzinfo=UTC)
    assert second.created_at is None


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("", "expected ISO 8601.*tickets.date_format in triage.toml"),
        ("%d.%m.%Y", r"expected the form '%d.%m.%Y'"),
    ],
)
def test_a_date_in_another_form_says_which_was_expected(tmp_path: Path, form: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,body,created_at\n1,a,last week\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=f"line 2: 'created_at' is 'last week', {message}"):
        read_tickets([path], TicketColumns(date_format=form))


def test_of_columns_with_one_name_tags_take_all_and_others_the_first_that_is_not_empty(
    tmp_path: Path,
) -> None:
    path = tmp_path / "jira.csv"
    path.write_text(
        "Issue key,Summary,Labels,Labels,Labels,Team,Team\n"
        "A-1,Printer,vip,,b2b; vip,,IT\n"
        "A-2,Door,,,,HR\n"
        "\n"
        "A-3,Lamp,old,,,,\n",
        encoding="utf-8",
    )
    columns = TicketColumns(id="Issue key", subject="Summary", labels={"tags": "Labels", "team": "Team"})
    tickets = read_tickets([path], columns, tag_fields={"tags"}).tickets
    assert [ticket.labels for ticket in tickets] == [
        {"tags": ("vip", "b2b"), "team": "IT"},
        {"tags": (), "team": "HR"},
        {"tags": ("old",)},
    ]


def test_a_workbook_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "Tickets.ods"
    path.write_bytes(b"mimetype")
    with pytest.raises(DataFileError, match=r"is a workbook.*save its sheet as .xlsx or as CSV in UTF-8"):
        read_tickets([path], skip_bad=True)


@pytest.mark.parametrize(
    ("name", "separator"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.tsv", "\t")]
)
def test_a_table_is_read_whatever_separates_its_cells(tmp_path: Path, name: str, separator: str) -> None:
    path = tmp_path / name
    path.write_text("id|body|team\n1|offline|IT\n".replace("|", separator), encoding="utf-8")
    (ticket,) = read_tickets([path], TicketColumns(labels={"team": "team"})).tickets
    assert (ticket.id, ticket.body, ticket.labels) == ("1", "offline", {"team": "IT"})


def test_new_tickets_need_no_columns_of_labels(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,subject,body\n1,a,b\n", encoding="utf-8")
    columns = TicketColumns(labels={"team": "Queue"})
    (ticket,) = read_tickets([path], columns, labelled=False).tickets
    assert ticket.labels == {}
    with pytest.raises(DataFileError, match=r"line 1: there is no column 'Queue' \(labels.team\)"):
        read_tickets([path], columns, skip_bad=True)


def test_a_separator_within_a_choice_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,subject,body,c\n1,a,b,Hard; Soft\n", encoding="utf-8")
    (ticket,) = read_tickets([path], TicketColumns(labels={"category": "c"})).tickets
    assert ticket.labels == {"category": "Hard; Soft"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found no names of columns, expected a header in the first line"),
        ("id,subject\n1,a\n", r"no column 'Queue' \(labels.team\), found \['id', 'subject'\]"),
        ("id,subject,Queue\n1,a,b,c\n", "1 cell more than the header"),
        ("id,Queue\n1,a\n", "no column 'subject' and no column 'body'.*body = "),
    ],
)
def test_a_csv_that_does_not_fit_the_mapping_says_so(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=message):
        read_tickets([path], TicketColumns(labels={"team": "Queue"}))
