"""Files of any kind: mails, workbooks, encodings, layouts of JSON, and what cannot be read."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from models.errors import DataFileError
from models.text import clean_ticket
from training.data.dataset import LoadedTickets, read_tickets
from triage.settings.tickets import TicketColumns

MAIL = (
    "From: =?utf-8?q?J=C3=BCrgen_Moll?= <juergen@example.com>\r\n"
    "To: help@example.org\r\n"
    "Subject: =?iso-8859-1?Q?Akku_l=E4dt_nicht?=\r\n"
    "Date: Sat, 31 Jan 2026 09:05:00 +0200\r\n"
    "Message-ID: <a1@example.com>\r\n"
    "Auto-Submitted: auto-replied\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    "Die Lampe blinkt gr=FCn.\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Die Lampe blinkt.</p>\r\n--b--\r\n"
)
REPLY = (
    "From: help@example.org\nSubject: Re: Akku\n"
    "Message-ID: <b2@example.org>\nIn-Reply-To: <a1@example.com>\n\n"
    "Bitte starten Sie neu.\n"
)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **settings: object) -> LoadedTickets:
    return read_tickets([path], TicketColumns(**settings), fields=["team"])


def test_a_mail_is_a_ticket_with_its_headers(tmp_path: Path) -> None:
    found = read_tickets([write(tmp_path / "a.eml", MAIL)], labelled=False)
    (ticket,) = found.tickets
    assert ticket.id == "a1@example.com"
    assert clean_ticket(ticket.subject, ticket.body) == "Akku lädt nicht\nDie Lampe blinkt grün."
    assert ticket.requester == "Jürgen Moll <juergen@example.com>"
    assert ticket.created_at == datetime.fromisoformat("2026-01-31T09:05:00+02:00")
    assert ticket.headers["Auto-Submitted"] == "auto-replied"
    assert ticket.channel == "email"


@pytest.mark.parametrize("name", ["a.mbox", "mails", "a.mbox.gz"])
def test_of_a_mailbox_each_first_mail_is_a_ticket_and_answers_are_counted(tmp_path: Path, name: str) -> None:
    quoted = "Subject: Rad\nMessage-ID: <c3@x>\n\nEin Rad.\n\n>From the shop I have nothing heard.\n"
    box = "".join(f"From x@y Sat Jan 31 09:05:00 2026\n{mail}\n" for mail in (MAIL, REPLY, quoted, quoted))
    path = tmp_path / name
    path.write_bytes(gzip.compress(box.encode()) if name.endswith("gz") else box.encode())
    found = read_tickets([path], labelled=False)
    assert [ticket.id for ticket in found.tickets] == ["a1@example.com", "c3@x"]
    assert "From the shop I have" in found.tickets[1].body
    assert found.left_out == {"later messages of a ticket": 2}


@pytest.mark.parametrize(
    "mail",
    [
        "Subject: =?utf-8?b?broken\nFrom: <<>>@\nDate: yesterday\nMessage-ID: none\n\nText",
        "Content-Type: multipart/mixed; boundary=x\nSubject: s\n\nText without parts",
        'Content-Type: text/plain; charset="no-such"\nSubject: s\n\nText',
        "Content-Type: multipart/alternative\n\n" + "--x\nContent-Type: multipart/alternative\n\n" * 50,
        "no header at all",
        "Subject: " + "a" * 100_000 + "\n" + "X-A: b\n" * 20_000 + "\nText",
    ],
)
def test_a_broken_mail_is_read_as_far_as_it_goes(tmp_path: Path, mail: str) -> None:
    assert len(read_tickets([write(tmp_path / "a.eml", mail)], labelled=False).tickets) == 1


def workbook(path: Path, *rows: list[object], title: str = "") -> Path:
    book = pytest.importorskip("openpyxl").Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells("A1:D1")
    for row in rows:
        sheet.append(row)
    other = book.create_sheet("Notes")
    other.append(["something else"])
    book.save(path)
    return path


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["Ticket ID", "Subject", "Description", "Created", "team"],
        [4711, "Lock", "The lock is stuck", datetime(2026, 1, 31, 9, 5), 3.0],
        [4712.0, "Bell", "No bell", datetime(2026, 2, 1), "?"],
        [None, None, None, None, None],
    )
    found = read(path)
    first, second = found.tickets
    assert (first.id, first.subject, first.labels) == ("4711", "Lock", {"team": "3"})
    assert (second.id, second.labels) == ("4712", {})
    assert first.created_at == datetime.fromisoformat("2026-01-31T09:05:00+00:00")
    assert "the sheet 'Sheet' is read, 'Notes' not" in found.notes[0]


def test_of_a_formula_the_stored_result_is_read(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "plain.xlsx", ["id", "subject", "body"], [1, "Lock", "stuck"])
    path = tmp_path / "a.xlsx"
    cell = '<c r="C2" t="str"><f>CONCATENATE("The lock ","is stuck")</f><v>The lock is stuck</v></c>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part).decode()
            if part.endswith("sheet1.xml"):
                begin = content.index('<c r="C2"')
                content = content[:begin] + cell + content[content.index("</c>", begin) + 4 :]
            target.writestr(part, content)
    assert [ticket.body for ticket in read(path).tickets] == ["The lock is stuck"]


def test_a_title_above_the_header_of_a_workbook_is_passed_over_and_said(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["id", "subject", "body", "team"],
        [1, "a", "b", "c"],
        ["Total: 1 ticket"],
        title="Tickets of May",
    )
    found = read(path)
    assert [(ticket.id, ticket.labels) for ticket in found.tickets] == [("1", {"team": "c"})]
    assert any("the header is in row 2, and 1 row above it passed over" in note for note in found.notes)
    assert any("row 4: the last row counts the others" in warning for warning in found.warnings)


def test_merged_names_of_groups_above_the_names_of_columns_are_passed_over(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        ["Ticket", None, "Texts", None],
        ["id", "Created", "subject", "body"],
        [1, datetime(2026, 1, 31), "Lock", "It is stuck"],
    )
    assert [(ticket.id, ticket.body) for ticket in read(path).tickets] == [("1", "It is stuck")]


def test_a_column_without_a_name_is_named_by_its_letter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["id", "subject", "body"], [1, "a", "b", "c"], [2, "d", "e", "f"])
    with pytest.raises(DataFileError, match=r"row 1: found no name for the columns D.*merged cells"):
        read(path)


def test_a_cover_sheet_before_the_table_is_passed_over(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Read me first"])
    sheet = book.create_sheet("Incidents")
    for row in (
        ["Incident list"],
        ["Filter", "none"],
        ["id", "subject", "body", "team"],
        [1, "Lock", "Stuck", "A"],
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert [ticket.subject for ticket in read(tmp_path / "a.xlsx").tickets] == ["Lock"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "cannot be read as a workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "is a workbook of an old Excel.*save its sheet as .xlsx"),
        ("a.csv", b"%PDF-1.7", "is a PDF.*export the tickets as CSV or JSON"),
        ("a.json", b"<?xml version='1.0'?>", "is XML"),
        ("a.jsonl", gzip.compress(b"{}", mtime=0), "is gzipped.*name it .gz"),
    ],
)
def test_a_file_of_another_kind_says_what_it_is_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataFileError, match=message):
        read(tmp_path / name)


def test_a_zip_in_place_of_a_file_or_folder_names_what_is_in_it(tmp_path: Path) -> None:
    for name in ("export.zip", "tickets.json"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("tickets-2026.json", "[]")
        with pytest.raises(DataFileError, match=r"is a zip archive of tickets-2026.json.*unpack it"):
            read(tmp_path / name)
    with pytest.raises(DataFileError, match="is a folder: expected tickets as"):
        read(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl"])
def test_an_encoding_is_detected_and_said(tmp_path: Path, name: str, encoding: str) -> None:
    text = "id,subject,body\n1,Tür,Die Tür klemmt für Größe M\n"
    if not name.endswith("csv"):
        record = json.dumps(
            {"id": 1, "subject": "Tür", "body": "Die Tür klemmt für Größe M"}, ensure_ascii=False
        )
        text = record + "\n" if name.endswith("jsonl") else f"[{record}]"
    found = read(write(tmp_path / name, text, encoding))
    assert [(t.subject, t.body) for t in found.tickets] == [("Tür", "Die Tür klemmt für Größe M")]
    assert bool([note for note in found.notes if "(detected)" in note or "byte order" in note]) == (
        not encoding.startswith("utf-8")
    )


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Proszę o zwrot pieniędzy, żółta dioda świeci się", "cp1250"),
        ("Dobrý den, baterie se od včerejška nenabíjí, prosím o opravu", "cp1250"),
        ("Lūdzu atmaksāt naudu, akumulators vairs nelādējas", "cp1257"),
        ("Здравствуйте, аккумулятор не заряжается", "cp1251"),
        ("バッテリーが充電できません。返金をお願いします。", "cp932"),
        ("您好，电池从昨天开始无法充电。请退款。", "gb18030"),
        ("안녕하세요, 배터리가 충전되지 않습니다.", "cp949"),
        ("La batería no carga desde ayer, ¿qué puedo hacer?", "cp1252"),
        ("Akku ei lataudu enää, näyttö pysyy pimeänä", "latin-1"),
    ],
)
def test_code_pages_of_all_languages_are_told_by_their_letters(
    tmp_path: Path, text: str, encoding: str
) -> None:
    (ticket,) = read(write(tmp_path / "a.csv", f'id,subject,body\n1,x,"{text}"\n', encoding)).tickets
    assert ticket.body == text


def test_an_encoding_that_is_set_is_taken_and_an_unclear_one_asks_for_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,subject,body\n1,x,Ωραία μέρα\n", "cp1253")
    with pytest.raises(DataFileError, match=r'line 2: is neither UTF-8 nor UTF-16.*encoding = "cp1252"'):
        read(path)
    assert read(path, encoding="cp1253").tickets[0].body == "Ωραία μέρα"


def test_json_is_read_in_every_layout(tmp_path: Path) -> None:
    tickets = [{"id": n, "subject": "s", "body": f"b{n}", "labels": {"team": "a"}} for n in (1, 2)]
    one, two = map(json.dumps, tickets)
    layouts = [
        f"{one}\n{two}\n",
        json.dumps(tickets),
        json.dumps(tickets, indent=2),
        json.dumps({"count": 2, "results": tickets}),
        json.dumps({"tickets": tickets, "next": None}, indent=1),
        f"{json.dumps(tickets[0], indent=1)}\n{json.dumps(tickets[1], indent=1)}",
        "".join(json.dumps({"items": [ticket]}) + "\n" for ticket in tickets),
    ]
    for text in layouts:
        found = read(write(tmp_path / "a.json", text))
        assert [(t.id, t.body) for t in found.tickets] == [("1", "b1"), ("2", "b2")], text


@pytest.mark.parametrize(
    "around",
    [
        lambda cases: {"cases": cases, "total": 60},
        lambda cases: {
            "message": "OK",
            "payload": {"cases": cases, "paging": {"next": None}},
        },
        lambda cases: {"export": {"day": "2026-03-04", "content": {"Vorgänge": cases}}},
        lambda cases: {"id": "export-7", "cases": cases},
        lambda cases: {"response": {"tickets": cases, "users": [{"id": 7, "name": "Ann"}]}},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_the_one_list_of_an_object_is_its_tickets_under_whatever_key(
    tmp_path: Path, around: Callable[[list[dict[str, object]]], object], indent: int | None
) -> None:
    cases = [{"id": n, "subject": f"Case {n}", "description": f"The lamp {n} is dark."} for n in range(60)]
    path = write(tmp_path / "a.json", json.dumps(around(cases), indent=indent))
    found = read_tickets([path], labelled=False)
    assert [ticket.body for ticket in found.tickets] == [case["description"] for case in cases]


def test_of_several_lists_under_unknown_keys_an_error_names_each(tmp_path: Path) -> None:
    answer = {"cases": [{"id": 1, "text": "a b c"}] * 3, "meta": {"people": [{"id": 7, "name": "Ann"}]}}
    path = write(tmp_path / "a.json", json.dumps(answer))
    with pytest.raises(DataFileError, match=r"line 1: .*'cases' \(3 objects\), 'meta.people' \(1 object\)"):
        read_tickets([path], labelled=False)


def test_a_ticket_with_a_list_of_messages_stays_one_ticket(tmp_path: Path) -> None:
    posts = [{"by": "Ann", "words": "The lamp is dark."}, {"by": "Bo", "words": "Turn it on."}]
    lines = [{"shop": 1, "posts": posts}, {"subject": "Lamp", "posts": posts}, {"posts": posts}]
    text = "\n".join(map(json.dumps, lines))
    found = read_tickets(
        [write(tmp_path / "a.jsonl", text)], TicketColumns(body="posts.0.words"), labelled=False
    )
    assert [ticket.body for ticket in found.tickets] == ["The lamp is dark."] * 3


def test_a_truncated_list_names_where_it_ends_and_keeps_what_is_whole(tmp_path: Path) -> None:
    rows = [{"id": n, "subject": "s", "body": "text " * 20} for n in range(50)]
    text = json.dumps(rows, indent=1)
    path = write(tmp_path / "a.json", text[: len(text) * 3 // 4])
    with pytest.raises(DataFileError, match=r"line \d+: entry 38 of the list that line 1 begins .*cut off"):
        read(path)
    found = read_tickets([path], skip_bad=True)
    assert len(found.tickets) == 37
    assert len(found.skipped) == 1


def test_a_list_with_a_broken_entry_names_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '[\n{"id": 1, "body": "a"},\n{"id": 2 "body": "b"}\n]')
    with pytest.raises(DataFileError, match=r"line 3: entry 2 of the list .*Expecting ',' delimiter at"):
        read(path)


def test_an_unclosed_quote_names_the_row_that_opens_it(tmp_path: Path) -> None:
    rows = [f"{n},s,text {n}" for n in range(1, 200)]
    rows[99] = '100,s,"text 100'
    path = write(tmp_path / "a.csv", "\n".join(["id,subject,body,x", *(f"{row},y" for row in rows)]))
    with pytest.raises(DataFileError, match="line 101: the quote that line 101 opens is not closed"):
        read(path)
    with pytest.raises(DataFileError, match="line 2: the quote that line 2 opens is not closed"):
        read(write(tmp_path / "a.csv", 'id,subject,body\n1,"He said ""x""\n2,b,c\n'))
    whole = read(write(tmp_path / "a.csv", 'id,subject,body\n1,"a\nb","c"\n2,d,"e"'))
    assert [ticket.body for ticket in whole.tickets] == ["c", "e"]


@pytest.mark.parametrize(
    "cell",
    [
        "[" * 200_000,
        "[" + "[]," * 30_000 + "[]]",
        '"' * 99_999 + "a",
        "9" * 200_000,
        ">" * 100_000,
        "-" * 200_000,
        "\x00" * 1_000,
        "<div>" * 100_000,
        "1/" * 50_000,
        "(" * 5_000 + ")" * 5_000,
    ],
)
def test_a_hostile_cell_is_read_like_any_other(tmp_path: Path, cell: str) -> None:
    quoted = cell.replace('"', '""')
    path = write(tmp_path / "a.csv", f'id,subject,body,team,tags\n1,s,"{quoted}","{quoted}","{quoted}"\n')
    columns = TicketColumns(labels={"team": "team", "tags": "tags"})
    assert len(read_tickets([path], columns, tag_fields={"tags"}).tickets) == 1
    line = json.dumps({"id": cell[:100], "body": cell, "labels": {"team": cell, "tags": [cell]}})
    assert len(read(write(tmp_path / "a.jsonl", line)).tickets) == 1
