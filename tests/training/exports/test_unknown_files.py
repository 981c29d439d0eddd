"""Files that no format describes: ids, texts and dates are found by names in any language, or by values."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.dataset import LoadedTickets, read_tickets
from triage.settings.tickets import TicketColumns

START = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
TEXTS = ("The gate does not open since the storm", "My card was charged twice for one ride")


def read(tmp_path: Path, text: str, name: str = "a.csv") -> LoadedTickets:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_tickets([path])


def rows(count: int, *columns: str) -> str:
    """Return a table with a row a ticket; {n}, {text}, {opened} and {closed} stand for values of its own."""
    table = io.StringIO()
    writer = csv.writer(table)
    for n in range(count):
        opened = START + timedelta(days=n)
        form = "%d.%m.%Y %H:%M"
        values = {
            "n": str(n + 1),
            "text": f"{TEXTS[n % 2]}, number {n}",
            "opened": opened.strftime(form),
            "closed": (opened + timedelta(days=2)).strftime(form),
        }
        writer.writerow([column.format(**values) for column in columns])
    return table.getvalue()


@pytest.mark.parametrize(
    "header",
    [
        ("Vorgangsnummer", "Titel", "Problembeschreibung", "Erstellungszeit", "Geschlossen am"),
        ("Nummer", "Kurzbeschreibung", "Beschreibung", "Geöffnet", "Gelöst"),
        ("Nr", "Betreff", "Text", "Eingang", "Letzte Änderung"),
        ("Ref", "Title", "Text", "Date received", "Closed on"),
        ("Meldingsnummer", "Korte omschrijving", "Verzoek", "Aangemaakt op", "Afgesloten op"),
        ("Numéro de ticket", "Objet", "Description du problème", "Date de création", "Date de clôture"),
        ("Nº de caso", "Asunto", "Descripción", "Fecha de apertura", "Fecha de cierre"),
        ("Tiketin numero", "Aihe", "Viesti", "Luotu", "Suljettu"),
        ("Ärendenummer", "Rubrik", "Ärendebeskrivning", "Skapad", "Stängd"),
        ("Sagsnummer", "Emne", "Sagsbeskrivelse", "Oprettet den", "Lukket den"),
        ("Numer zgłoszenia", "Temat", "Treść zgłoszenia", "Data zgłoszenia", "Data zamknięcia"),
        ("Číslo požadavku", "Předmět", "Popis požadavku", "Datum vytvoření", "Datum uzavření"),
        ("Número do chamado", "Assunto", "Descrição do chamado", "Data de abertura", "Data de fechamento"),
        ("Numero segnalazione", "Oggetto", "Descrizione", "Data apertura", "Data chiusura"),
        ("Номер заявки", "Тема", "Описание проблемы", "Дата регистрации", "Дата закрытия"),
        ("工单编号", "标题", "问题描述", "创建时间", "关闭时间"),
        ("チケット番号", "件名", "問い合わせ内容", "受付日時", "完了日時"),
        ("티켓 번호", "제목", "문의 내용", "접수일", "종료일"),
    ],
)
def test_headers_of_helpdesks_in_many_languages_are_understood(tmp_path: Path, header: Sequence[str]) -> None:
    # The closing stands before the opening, so that no order of columns helps.
    number, title, text, opened, closed = header
    table = rows(12, "T-{n}", "Subject {n} of it", "{text}", "{closed}", "{opened}")
    found = read(tmp_path, f"{number},{title},{text},{closed},{opened}\n{table}")
    first = found.tickets[0]
    assert (first.id, first.subject) == ("T-1", "Subject 1 of it")
    assert first.body == f"{TEXTS[0]}, number 0"
    assert first.created_at == START


def test_a_column_of_dates_that_no_name_tells_is_the_opening_where_it_lies_earliest(tmp_path: Path) -> None:
    table = rows(12, "{n}", "{text}", "{closed}", "{opened}", "4711")
    found = read(tmp_path, f"id,body,Zeit B,Zeit A,Zeit C\n{table}")
    assert found.tickets[0].created_at == START
    assert any("created_at from 'Zeit A' (by its values)" in note for note in found.notes)


@pytest.mark.parametrize("name", ["Date of birth", "Due date", "Closed", "Aktualisiert", "Fecha de compra"])
def test_another_time_is_no_opening_however_early_it_is(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, f"id,body,{name}\n{rows(12, '{n}', '{text}', '{opened}')}")
    assert found.tickets[0].created_at is None


def test_a_few_cells_without_a_date_are_none_in_a_column_that_was_found_by_its_values(tmp_path: Path) -> None:
    text = f"id,body,Wann\n{rows(40, '{n}', '{text}', '{opened}')}41,The gate is loud,gestern\n"
    found = read(tmp_path, text)
    assert [t.created_at is None for t in found.tickets[-2:]] == [False, True]
    assert any("line 42" in warning and "no date" in warning for warning in found.warnings)


def test_the_only_long_text_is_the_body_and_the_only_short_one_the_subject(tmp_path: Path) -> None:
    header = "id,Feld 1,Feld 2,Lösung,Ort"
    table = rows(12, "{n}", "{text}", "Gate {n} stuck", "We sent a man and he mended it", "Bonn")
    found = read(tmp_path, f"{header}\n{table}")
    assert found.tickets[0].body.startswith(TEXTS[0])
    assert found.tickets[0].subject == "Gate 1 stuck"


def test_a_subject_with_few_values_gives_way_to_the_title_with_a_warning(tmp_path: Path) -> None:
    table = rows(16, "{n}", "Query", "The gate {n} is stuck", "{text}")
    found = read(tmp_path, f"id,Subject,Case Title,Description\n{table}")
    assert found.tickets[0].subject == "The gate 1 is stuck"
    assert any("'Subject' has few values" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("record", "body"),
    [
        ({"fields": {"title": "Gate", "description": TEXTS[0]}}, "fields.description"),
        ({"ticket": {"ref": "7", "headline": "Gate", "body": {"text": TEXTS[0]}}}, "body.text"),
        ({"subject": "Gate", "body": {"text": TEXTS[0], "format": "plain"}}, "body.text"),
        ({"id": 1, "properties": {"subject": "Gate", "content": TEXTS[0]}}, "properties.content"),
    ],
)
def test_a_text_within_objects_is_found_and_said(tmp_path: Path, record: object, body: str) -> None:
    found = read(tmp_path, f"{json.dumps(record)}\n", "a.jsonl")
    assert found.tickets[0].body == TEXTS[0]
    assert any(f"body from {body!r}" in note for note in found.notes)


def test_two_texts_within_objects_are_an_error_that_names_both(tmp_path: Path) -> None:
    record = {"id": 1, "a": {"text": TEXTS[0]}, "b": {"text": TEXTS[1]}}
    with pytest.raises(DataFileError, match=r"'a.text' and 'b.text' both look like.*body = \"a.text\""):
        read(tmp_path, json.dumps(record), "a.json")


@pytest.mark.parametrize(
    ("customer", "agent"),
    [
        ({"from_agent": False}, {"from_agent": True}),
        ({"sender": "Customer"}, {"sender": "Agent"}),
        ({"createdBy": {"type": "customer"}}, {"createdBy": {"type": "agent"}}),
        ({"author": {"type": "contact"}}, {"author": {"type": "admin"}}),
        ({"internal": False}, {"internal": True}),
        ({"created_at": "2026-02-03T09:00:00Z"}, {"created_at": "2026-02-03T10:00:00Z"}),
    ],
)
def test_within_messages_the_customer_s_first_one_is_the_ticket(
    tmp_path: Path, customer: dict[str, object], agent: dict[str, object]
) -> None:
    messages = [{**agent, "body": "Have you tried the key?"}, {**customer, "body": TEXTS[0]}]
    found = read(tmp_path, json.dumps({"id": 1, "title": "Gate", "articles": messages}), "a.json")
    assert found.tickets[0].body == TEXTS[0]


def test_labels_of_an_issue_tracker_are_tags(tmp_path: Path) -> None:
    issue = {"number": 7, "title": "Gate", "body": TEXTS[0], "labels": [{"id": 1, "name": "door"}]}
    (ticket,) = read(tmp_path, json.dumps([issue]), "a.json").tickets
    assert ticket.labels == {"tags": ("door",)}


def test_a_number_of_the_customer_is_no_id_of_the_ticket(tmp_path: Path) -> None:
    found = read(tmp_path, f"Kundennummer,Betreff,Text\n{rows(3, 'K{n}', 'Gate', '{text}')}")
    assert [ticket.id for ticket in found.tickets] == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("column", "marks", "reason"),
    [
        ("Marked as spam", ("yes", "no"), "spam"),
        ("is_junk", ("1", "0"), "spam"),
        ("Estado", ("Fusionado", "Cerrado"), "merged into another ticket"),
        ("Situação", ("Mesclado", "Aberto"), "merged into another ticket"),
        ("Статус", ("Спам", "Открыт"), "spam"),
        ("状态", ("垃圾邮件", "已关闭"), "spam"),
        ("Stan", ("Scalone", "Zamknięte"), "merged into another ticket"),
        ("mergedIntoTicket", ("4", ""), "merged into another ticket"),
        ("Statut", ("Supprimé", "Clos"), "deleted"),
        ("Gelöscht", ("Ja", "Nein"), "deleted"),
    ],
)
def test_marks_of_spam_merged_and_deleted_tickets_are_known_in_any_table(
    column: str, marks: tuple[str, str], reason: str, tmp_path: Path
) -> None:
    table = f"id,subject,body,{column}\n" + "".join(
        f"{n},Gate,{TEXTS[n % 2]} since day {n},{marks[n > 1]}\n" for n in range(6)
    )
    found = read(tmp_path, table)
    assert [ticket.id for ticket in found.tickets] == ["2", "3", "4", "5"]
    assert any(f"left out 2 records: {reason}" in note for note in found.notes)


def test_a_score_of_spam_and_a_status_that_is_learned_leave_nothing_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "id,subject,body,Spam score,status\n1,Gate,It is shut,1,Merged\n2,Gate,Open it,0,New\n", "utf-8"
    )
    columns = TicketColumns(labels={"status": "status"})
    found = read_tickets([path], columns=columns)
    assert [ticket.id for ticket in found.tickets] == ["1", "2"]


def intercom(number: int) -> dict[str, object]:
    """Return a conversation as Intercom's interface gives it, without what says nothing of it."""
    return {
        "type": "conversation",
        "id": str(number),
        "created_at": int(START.timestamp()) + number * 1000,
        "updated_at": int(START.timestamp()) + number * 2000,
        "title": None,
        "team_assignee_id": "50",
        "state": "closed",
        "priority": "not_priority",
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "3", "name": "vip"}]},
        "source": {
            "type": ("email", "conversation")[number % 2],
            "id": f"40{number}",
            "delivered_as": "customer_initiated",
            "subject": f"<p>Card <b>charged</b> twice &amp; kept {number}</p>",
            "body": f"<p>{TEXTS[1]}, number {number}.</p>",
            "author": {"type": "user", "id": "66", "name": "Person", "email": "p@mail.example"},
            "attachments": [],
        },
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "66"}]},
        "statistics": {"type": "conversation_statistics", "time_to_assignment": 0},
    }


def test_a_subject_in_html_and_a_source_that_is_an_object_are_read(tmp_path: Path) -> None:
    conversations = [intercom(n) for n in range(4)]
    page = {"type": "conversation.list", "conversations": conversations, "pages": {"page": 1}}
    found = read(tmp_path, json.dumps(page), "a.json")
    first = found.tickets[0]
    assert first.text() == f"Card charged twice & kept 0\n{TEXTS[1]}, number 0."
    assert [ticket.channel for ticket in found.tickets] == ["email", "conversation"] * 2
    assert first.created_at == START
    assert any("channel from 'source.type'" in note for note in found.notes)


def test_an_object_as_a_source_without_a_kind_is_no_channel(tmp_path: Path) -> None:
    ticket = {"id": 1, "subject": "Gate", "body": TEXTS[0], "source": {"url": "https://h.example/1"}}
    assert read(tmp_path, json.dumps([ticket]), "a.json").tickets[0].channel is None


@pytest.mark.parametrize(
    ("number", "subject", "body"),
    [
        ("Incident number", "Brief description (Details)", "Request (Details)"),
        ("Incidentnummer", "Korte omschrijving (Details)", "Verzoek"),
        ("Meldungsnummer", "Kurzbeschreibung (Details)", "Anfrage (Details)"),
        ("Number (Incident)", "Description brève (Détails)", "Demande (Détails)"),
        ("number", "briefDescription", "request"),
    ],
)
def test_names_of_columns_with_a_part_in_brackets_are_understood(
    number: str, subject: str, body: str, tmp_path: Path
) -> None:
    header = f"{number},{subject},{body},Branch\r\n"
    ticket = read(tmp_path, header + rows(12, "I 2401 {n}", "Gate {n}", "{text}", "North")).tickets[2]
    assert (ticket.id, ticket.subject, ticket.body) == ("I 2401 3", "Gate 3", f"{TEXTS[0]}, number 2")


def test_tags_in_an_object_of_their_own_are_those_of_the_list_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    tags = {"type": "tag.list", "tags": [{"type": "tag", "id": "1", "name": "export"}]}
    record = {"id": "1", "subject": "Export", "body": "The button does nothing", "tags": tags}
    path.write_text(json.dumps(record) + "\n", "utf-8")
    found = read_tickets([path], fields=["tags"], tag_fields=["tags"])
    assert [ticket.labels for ticket in found.tickets] == [{"tags": ("export",)}]


@pytest.mark.parametrize(
    "above",
    [
        "Ticket report\nPeriod;Q1\n\n",
        "Ticket;;Texts;\n",
        "Ticket report of Anna\n;;;\n",
    ],
)
@pytest.mark.parametrize("header", ["No;Subject;Message;Team", '"No";"Subject";"Message";"Team"'])
def test_titles_and_names_of_groups_above_the_header_of_a_table_are_passed_over(
    tmp_path: Path, above: str, header: str
) -> None:
    rows = "".join(f"{n};Door {n};The door {n} does not close;North\n" for n in range(1, 4))
    path = tmp_path / "a.csv"
    path.write_text(f"{above}{header}\n{rows}", "utf-8")
    found = read_tickets([path])
    assert [(ticket.id, ticket.subject) for ticket in found.tickets] == [
        (str(n), f"Door {n}") for n in (1, 2, 3)
    ]


def test_a_column_of_few_topics_is_no_subject_beside_one_of_titles(tmp_path: Path) -> None:
    rows = "".join(
        f"{n};{'Repair' if n % 2 else 'Sales'};Pump {n} leaks;It lost all water\n" for n in range(1, 9)
    )
    path = tmp_path / "a.csv"
    path.write_text(f"Nr;Thema;Anfragetitel;Beschreibung\n{rows}", "utf-8")
    assert read_tickets([path]).tickets[0].subject == "Pump 1 leaks"
