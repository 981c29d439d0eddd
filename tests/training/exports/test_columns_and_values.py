"""Columns, dates and values of exports: how they are found, and what is never guessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.dataset import LoadedTickets, read_tickets
from training.exports.dates import read_dates
from triage.settings.tickets import TicketColumns


def read(tmp_path: Path, text: str, name: str = "a.csv", **settings: object) -> LoadedTickets:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    labelled = bool(settings.pop("labelled", True))
    fields = settings.pop("fields", ("category",))
    tags = settings.pop("tag_fields", ())
    return read_tickets([path], TicketColumns(**settings), fields=fields, tag_fields=tags, labelled=labelled)


def labels(found: LoadedTickets, name: str = "category") -> list[object]:
    return [ticket.labels.get(name) for ticket in found.tickets]


@pytest.mark.parametrize(
    "mark",
    [
        "?",
        "NULL",
        "nan",
        "NaN",
        "None",
        "N/A",
        "n/a",
        "-",
        "--",
        "—",
        "(empty)",
        "-- None --",
        "--None--",
        "– none –",
        "-- Aucun --",
        "-- なし --",
        "…",
        "#N/A",
        "<null>",
        " ",
        "***",
    ],
)
def test_a_mark_of_no_value_is_none_in_tables_and_json(tmp_path: Path, mark: str) -> None:
    found = read(tmp_path, f'id,subject,body,category\n1,a,b,"{mark}"\n2,a,b,Bike\n')
    assert labels(found) == [None, "Bike"]
    line = json.dumps({"id": 1, "body": mark, "labels": {"category": mark, "tags": [mark, "a"]}})
    (ticket,) = read(tmp_path, line, "a.jsonl").tickets
    assert (ticket.labels, ticket.body.strip()) == ({"tags": ("a",)}, mark.strip())


@pytest.mark.parametrize("value", ["No", "0", "C++", "★★★", "🔥", "NA-South", "Nonstop", "!"])
def test_what_says_something_is_a_value(tmp_path: Path, value: str) -> None:
    assert labels(read(tmp_path, f"id,subject,body,category\n1,a,b,{value}\n")) == [value]


def test_a_mark_that_the_settings_name_as_a_value_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,subject,body,category\n1,a,b,None\n2,a,b,-\n", "utf-8")
    found = read_tickets([path], fields=["category"], values={"category": {"None", "Some"}})
    assert labels(found) == ["None", None]


@pytest.mark.parametrize(
    "value",
    ["Unassigned", "-- please select --", "Nicht zugewiesen", "Non attribué", "未割り当て", "Неизвестно"],
)
def test_a_value_that_may_mean_none_is_learned_and_warned_of(tmp_path: Path, value: str) -> None:
    found = read(tmp_path, f"id,subject,body,category\n1,a,b,{value}\n2,a,b,Bike\n")
    assert labels(found) == [value, "Bike"]
    assert any(repr(value) in warning and "nobody has chosen" in warning for warning in found.warnings)


def test_lists_in_cells_are_read_and_whole_numbers_lose_their_fraction(tmp_path: Path) -> None:
    rows = [
        "1,a,b,3.0,[]",
        '2,a,b,3,"[""winter"", ""b2b""]"',
        "3,a,b,2.5,\"['old']\"",
        "4,a,b,,a; b",
        "5.0,a,b,[x] y,",
    ]
    text = "\n".join(["id,subject,body,category,tags", *rows])
    found = read(tmp_path, text, fields=("category", "tags"), tag_fields={"tags"})
    assert labels(found) == ["3", "3", "2.5", None, "[x] y"]
    assert labels(found, "tags") == [(), ("winter", "b2b"), ("old",), ("a", "b"), ()]
    assert found.tickets[4].id == "5"


def test_excel_s_line_above_the_header_is_heeded_and_names_lose_odd_spaces(tmp_path: Path) -> None:
    text = "sep=;\n Ticket\u00a0ID ;Subject;\ufeffDescription ;category\n1;a;b, c;Bike\n"
    found = read(tmp_path, text, id="Ticket ID", body="Description")
    assert [(t.id, t.body) for t in found.tickets] == [("1", "b, c")]
    assert labels(found) == ["Bike"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_in_a_quoted_name_is_none(tmp_path: Path, delimiter: str) -> None:
    header = delimiter.join(["id", "subject", "body", '"a,b;c|d,,,;;;|||"'])
    found = read(tmp_path, f"{header}\n" + delimiter.join("1xyz"))
    assert [(t.id, t.subject, t.body) for t in found.tickets] == [("1", "x", "y")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("eng", "en"),
        ("deu", "de"),
        ("ger", "de"),
        ("fre", "fr"),
        ("nob", "nb"),
        ("fin", "fi"),
        ("zho-Hans", "zh"),
    ],
)
def test_language_codes_of_three_letters_are_known(tmp_path: Path, code: str, expected: str) -> None:
    (ticket,) = read(tmp_path, f"id,body,language\n1,a,{code}\n").tickets
    assert ticket.language == expected


def test_without_ids_the_lines_are_the_ids_with_a_warning_also_of_two_files(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("subject,body\nx,y\nz,w\n", "utf-8")
    found = read_tickets([tmp_path / "a.csv"])
    assert [ticket.id for ticket in found.tickets] == ["2", "3"]
    assert "there is no column or key with an id" in found.warnings[0]
    both = read_tickets([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert [ticket.id for ticket in both.tickets] == ["a.csv:2", "a.csv:3", "b.csv:2", "b.csv:3"]


def test_columns_of_usual_names_are_found_in_many_languages_and_said(tmp_path: Path) -> None:
    for header in (
        "Ticketnummer,Betreff,Beschreibung,Erstellt am",
        "Numéro,Objet,Message,Date de création",
        "Lippunumero,Otsikko,Kuvaus,Luotu",
        "番号,件名,内容,作成日",
        "case_number,shortDescription,messageBody,openedAt",
    ):
        found = read(tmp_path, f"{header}\n7,a,b,2026-01-31\n")
        (ticket,) = found.tickets
        assert (ticket.id, ticket.subject, ticket.body) == ("7", "a", "b"), header
        assert ticket.created_at == datetime(2026, 1, 31, tzinfo=UTC)
        assert "[tickets] in triage.toml changes this" in found.notes[0]


def test_two_columns_that_look_like_the_text_are_an_error_that_names_both(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},It does not charge since {n} days,We wrote back on day {n}" for n in range(9))
    with pytest.raises(
        DataFileError, match=r"'Message' and 'Description' both look like.*body = \"Message\""
    ):
        read(tmp_path, f"id,Description,Message\n{rows}\n")
    assert (
        read(tmp_path, f"id,Description,Message\n{rows}\n", body="Description")
        .tickets[0]
        .body.startswith("It")
    )
    found = read(tmp_path, f"id,body,Message\n{rows}\n")
    assert "looks like it too: set body" in found.warnings[0]


def test_a_mapping_leads_into_objects_and_lists_of_json(tmp_path: Path) -> None:
    record = {
        "key": "A-1",
        "fields": {
            "summary": "x",
            "text.plain": "dotted",
            "customfield_10050": {"value": "Bikes", "id": "7"},
        },
        "people": [{"mail": "a@b.c"}, {"mail": "d@e.f"}],
        "marks": [{"name": "vip"}, {"name": "b2b"}],
    }
    found = read(
        tmp_path,
        json.dumps(record),
        "a.json",
        id="key",
        subject="fields.summary",
        body="fields.text.plain",
        requester="people.1.mail",
        labels={"category": "fields.customfield_10050", "tags": "marks.name"},
        tag_fields={"tags"},
        format="none",
    )
    (ticket,) = found.tickets
    assert (ticket.id, ticket.subject, ticket.body, ticket.requester) == ("A-1", "x", "dotted", "d@e.f")
    assert ticket.labels == {"category": "Bikes", "tags": ("vip", "b2b")}


@pytest.mark.parametrize(
    "record",
    [
        {"id": 1, "source": {"subject": "Lock", "body": "<p>It is stuck</p>"}},
        {"id": 1, "title": "Lock", "articles": [{"body": "It is stuck"}, {"body": "Thanks"}]},
    ],
)
def test_the_text_within_an_object_or_the_first_message_is_found_where_it_is_the_only_one(
    tmp_path: Path, record: dict[str, object]
) -> None:
    (ticket,) = read(tmp_path, json.dumps(record), "a.json").tickets
    assert ticket.subject == "Lock"
    assert "It is stuck" in ticket.body


def test_a_mapping_to_a_key_that_no_ticket_has_names_it_and_the_nearest_one(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"id": n, "title": "x", "fields": {"description": "y"}}) for n in range(3))
    with pytest.raises(DataFileError, match=r"in no ticket .*'fields.descripton' \(body\).*did you mean"):
        read(tmp_path, lines, "a.jsonl", body="fields.descripton")
    with pytest.raises(DataFileError, match=r"'group' \(labels.team\)"):
        read(tmp_path, lines, "a.jsonl", body="fields.description", labels={"team": "group"})
    assert read(tmp_path, lines, "a.jsonl", labelled=False, labels={"team": "group"}).tickets


def test_settings_for_a_table_leave_json_in_our_own_form_alone(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "subject": "a", "body": "b", "labels": {"team": "IT"}})
    found = read(tmp_path, line, "a.jsonl", id="Ticket ID", body="Description", labels={"team": "Queue"})
    assert [(t.id, t.body, t.labels) for t in found.tickets] == [("1", "b", {"team": "IT"})]


def test_of_rows_a_message_the_customer_s_first_is_the_ticket(tmp_path: Path) -> None:
    text = (
        "Ticket ID,Subject,Message,Direction,Private,Sent,category\n"
        "7,Lock,Please call back,out,true,2026-01-31 10:00,\n"
        "7,Re: Lock,Thanks for waiting,outbound,false,2026-01-31 11:00,Bike\n"
        "7,Re: Lock,It works,in,false,2026-01-31 12:00,\n"
        "7,Lock,The lock is stuck,incoming,false,2026-01-31 09:00,\n"
        "8,Bell,No bell,in,false,2026-01-31 09:30,Bike\n"
    )
    found = read(tmp_path, text, created_at="Sent", body="Message", id="Ticket ID", subject="Subject")
    assert [(t.id, t.body) for t in found.tickets] == [("7", "The lock is stuck"), ("8", "No bell")]
    assert labels(found) == ["Bike", "Bike"]
    assert found.left_out == {"later messages of a ticket": 3}


def test_one_id_for_different_tickets_stays_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="line 3: the id '1' occurred before"):
        read(tmp_path, "id,subject,body\n1,Lock,a b\n1,Bell,c d\n")


def test_a_column_of_dates_tells_whether_the_day_comes_first(tmp_path: Path) -> None:
    rows = [f"{n},a,{day:02d}-02-2025 10:00" for n, day in enumerate(range(1, 13))]
    text = "\n".join(["id,body,created_at", *rows, "99,a,13-02-2025 10:00"])
    dates = [ticket.created_at for ticket in read(tmp_path, text).tickets]
    assert dates[0] == datetime(2025, 2, 1, 10, tzinfo=UTC)
    assert {date.month for date in dates if date} == {2}


def test_dates_that_nothing_tells_ask_for_their_form_and_are_no_dates_where_they_do_not_matter(
    tmp_path: Path,
) -> None:
    text = "id,body,created_at\n1,a,01/02/2025 9:05 AM\n2,a,03/04/2025 9:05 AM\n"
    asked = r'date_format = "%d/%m/%Y %I:%M %p" or date_format = "%m/%d/%Y %I:%M %p"'
    with pytest.raises(DataFileError, match=asked):
        read(tmp_path, text)
    found = read(tmp_path, text, labelled=False)
    assert [ticket.created_at for ticket in found.tickets] == [None, None]
    assert "the tickets are read without dates" in found.warnings[0]
    found = read(tmp_path, text, date_format="%m/%d/%Y %I:%M %p")
    assert found.tickets[0].created_at == datetime(2025, 1, 2, 9, 5, tzinfo=UTC)


def test_dates_in_two_orders_name_a_line_of_each(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="line 2 has the date '13/02/2025' and line 3 '02/13/2025'"):
        read(tmp_path, "id,body,created_at\n1,a,13/02/2025\n2,a,02/13/2025\n")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T09:05:00Z",
        "2026-01-31T11:05:00.000+0200",
        "2026-01-31 09:05:00 UTC",
        "31.01.2026 10:05 CET",
        "2026. 1. 31. 09:05",
        "31/Jan/26 9:05 AM",
        "31 Jan 2026 09:05 AM",
        "Jan 31, 2026 9:05 AM",
        "Sat, 31 Jan 2026 11:05:00 +0200",
        "Sat Jan 31 09:05:00 2026",
        "31.1.2026 9:05",
        "1/31/2026 9:05 am",
        "2026/01/31 09:05",
        "31. Januar 2026 09:05",
        "31/janv./26 9:05",
        "31 stycznia 2026 9:05",
        "2026年1月31日 09:05",
        "1769850300",
        "46053.378472223",
        1769850300000,
    ],
)
def test_a_date_of_any_clear_form_is_read(text: object) -> None:
    column = read_dates([text, None, "", "Not set", "N/A"])
    assert column.moments[0] == datetime(2026, 1, 31, 9, 5, tzinfo=UTC)
    assert column.moments[1:] == [None] * 4
    assert not column.unreadable


def test_a_file_far_larger_than_a_ticket_is_read_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"count": 4000, "tickets": [\n')
        for number in range(4000):
            record = {"id": number, "subject": "Lock", "body": "x", "attachment": "y" * 5_000}
            stream.write((",\n" if number else "") + json.dumps(record))
        stream.write("\n]}\n")
    found = read_tickets([path], for_check=True)
    assert len(found.tickets) == 4000
    assert found.tickets[-1].id == "3999"
    held = sum(len(str(draft.values)) for draft in found.files[0].drafts)
    assert held < path.stat().st_size / 10


@pytest.mark.parametrize("form", ["31/01/{}", "31.01.{}", "31-Jan-{}"])
def test_a_year_of_two_digits_is_the_same_in_each_form_of_date(form: str) -> None:
    years = [moment.year for moment in read_dates([form.format("98"), form.format("26")]).moments if moment]
    assert years == [1998, 2026]


@pytest.mark.parametrize(
    ("internal", "public"), [("oui", "non"), ("ja", "nee"), ("はい", "いいえ"), ("1", "0")]
)
def test_an_internal_note_is_known_in_the_languages_of_helpdesks(
    tmp_path: Path, internal: str, public: str
) -> None:
    for column, marks in (("is_internal", (internal, public)), ("public", (public, internal))):
        rows = f"1,Lamp,We know of this one,{marks[0]},home\n1,Lamp,The lamp stays dark,{marks[1]},home\n"
        found = read(tmp_path, f"id,subject,body,{column},category\n{rows}")
        assert [ticket.body for ticket in found.tickets] == ["The lamp stays dark"]


@pytest.mark.parametrize("sign", ["-", "/", "."])
@pytest.mark.parametrize("known", ["98-12-31", "00-02-01"])
def test_a_year_before_the_month_tells_that_short_years_of_the_column_come_first(
    known: str, sign: str
) -> None:
    texts = [text.replace("-", sign) for text in ("26-01-31", known, "03-02-01")]
    moments = read_dates(texts).moments
    assert [moment and (moment.year, moment.month, moment.day) for moment in moments[::2]] == [
        (2026, 1, 31),
        (2003, 2, 1),
    ]


def test_short_years_come_last_where_the_column_says_so_too() -> None:
    days = [moment and moment.date().isoformat() for moment in read_dates(["31-01-98", "26-01-03"]).moments]
    assert days == ["1998-01-31", "2003-01-26"]
    mixed = [moment and moment.year for moment in read_dates(["98-01-31", "31-01-98", "26-01-03"]).moments]
    assert mixed == [1998, 1998, 2003]
