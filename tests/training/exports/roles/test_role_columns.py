"""Columns that say who wrote each message: found by form, told by words of all languages, never predicted."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.redaction.redact import redact_with_rules
from training.checking.draft import draft_settings
from training.checking.summary import summarise_tickets
from training.data.dataset import LoadedTickets, read_tickets
from triage.settings import Settings

ASKED = "The lift stops between two floors since Monday"
ANSWERED = "We have sent a mechanic who comes this afternoon"


def written(tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    stream = io.StringIO()
    csv.writer(stream).writerows([header, *rows])
    path = tmp_path / "messages.csv"
    path.write_text(stream.getvalue(), "utf-8")
    return path


def conversations(column: str, customer: str, agent: str, tickets: int = 6) -> list[list[object]]:
    """Return a table in which an agent's message stands first in every ticket."""
    rows: list[list[object]] = []
    for n in range(tickets):
        rows.append([n, f"Lift {n}", f"{ANSWERED}, case {n}", agent, ("north", "south")[n % 2]])
        rows.append([n, f"Lift {n}", f"{ASKED}, case {n}", customer, ("north", "south")[n % 2]])
    return [["id", "subject", "body", column, "Building"], *rows]


def read(tmp_path: Path, column: str, customer: str, agent: str) -> LoadedTickets:
    header, *rows = conversations(column, customer, agent)
    return read_tickets([written(tmp_path, list(map(str, header)), rows)])


ROLES = [
    ("Richtung", "Eingehend", "Ausgehend"),
    ("Direction", "Entrant", "Sortant"),
    ("Dirección", "Entrante", "Saliente"),
    ("Direzione", "In arrivo", "In uscita"),
    ("Direção", "Entrada", "Saída"),
    ("Richting", "Inkomend", "Uitgaand"),
    ("Suunta", "Saapuva", "Lähtevä"),
    ("Kierunek", "Przychodząca", "Wychodząca"),
    ("Riktning", "Inkommande", "Utgående"),
    ("Retning", "Indgående", "Udgående"),
    ("Retning", "Innkommende", "Utgående"),
    ("Směr", "Příchozí", "Odchozí"),
    ("Suund", "Sissetulev", "Väljaminev"),
    ("Virziens", "Ienākošs", "Izejošs"),
    ("Kryptis", "Gaunamas", "Siunčiamas"),
    ("Направление", "Входящее", "Исходящее"),
    ("方向", "受信", "送信"),
    ("方向", "接收", "发送"),
    ("방향", "수신", "발신"),
    ("Verfasser", "Kunde", "Agent"),
    ("Geschrieben von", "Kundin", "Kundendienst"),
    ("Auteur", "Client", "Agent"),
    ("Autor", "Klient", "Konsultant"),
    ("Autore", "Utente", "Operatore"),
    ("Autor", "Cliente", "Atendente"),
    ("Afzender", "Klant", "Medewerker"),
    ("Avsändare", "Kund", "Handläggare"),
    ("Afsender", "Kunde", "Sagsbehandler"),
    ("Lähettäjä", "Asiakas", "Asiakaspalvelija"),
    ("Saatja", "Klient", "Klienditeenindaja"),
    ("Autors", "Klients", "Darbinieks"),
    ("Autorius", "Klientas", "Darbuotojas"),
    ("Тип автора", "Клиент", "Сотрудник"),
    ("Autor", "Zákazník", "Řešitel"),
    ("送信者種別", "顧客", "担当者"),
    ("发送方", "客户", "客服"),
    ("작성자 구분", "고객", "상담원"),
    ("Creator", "User", "Staff"),
    ("Visibility", "Public", "Internal"),
    ("Sichtbarkeit", "Öffentlich", "Intern"),
    ("Visibilité", "Publique", "Interne"),
    ("公開範囲", "公開", "社内"),
    ("Note type", "Customer note", "Internal note"),
    ("Interne", "non", "oui"),
    ("Intern", "Nee", "Ja"),
    ("Interne Notiz", "Nein", "Ja"),
    ("Privado", "Não", "Sim"),
    ("Vom Kunden", "ja", "nein"),
    ("Typ", "Kundennachricht", "Agentennachricht"),
    ("Art", "Anfrage", "Antwort"),
    ("Rodzaj", "Pytanie", "Odpowiedź"),
    ("区分", "お問い合わせ", "返信"),
    ("Type", "Comment", "Note"),
    ("Art", "Eingehende E-Mail", "Ausgehende E-Mail"),
    ("Kind of entry", "Reply of the customer", "Reply to the customer"),
]


@pytest.mark.parametrize(("column", "customer", "agent"), ROLES)
def test_the_customer_s_message_is_the_ticket_where_a_column_tells_it_in_any_language(
    tmp_path: Path, column: str, customer: str, agent: str
) -> None:
    found = read(tmp_path, column, customer, agent)
    assert [ticket.body for ticket in found.tickets] == [f"{ASKED}, case {n}" for n in range(6)]
    assert any(f"{column!r} tells whose each message is" in note for note in found.notes)
    assert column in found.columns.read


@pytest.mark.parametrize(("column", "customer", "agent"), ROLES)
def test_a_column_of_roles_is_never_drafted_as_a_field(
    tmp_path: Path, column: str, customer: str, agent: str
) -> None:
    header, *rows = conversations(column, customer, agent)
    path = written(tmp_path, list(map(str, header)), rows)
    draft = draft_settings(summarise_tickets([path], Settings(), redact_with_rules))
    assert column not in str(tomllib.loads(draft)["tickets"].get("labels"))
    assert agent not in draft


def test_one_known_value_of_two_tells_the_other(tmp_path: Path) -> None:
    found = read(tmp_path, "Wer", "Kunde", "Zentrale Nord")
    assert found.tickets[0].body == f"{ASKED}, case 0"


def test_values_that_no_word_tells_are_warned_of(tmp_path: Path) -> None:
    found = read(tmp_path, "Wer", "K", "Z")
    (warning,) = [text for text in found.warnings if "'Wer'" in text]
    assert "'Z' (6)" in warning
    assert "no word tells which value is the customer's" in warning


@pytest.mark.parametrize(
    ("column", "values"), [("Attachment", ("yes", "no")), ("Words", ("12", "9")), ("Seen", ("1", "0"))]
)
def test_marks_and_numbers_that_differ_among_messages_are_no_roles(
    tmp_path: Path, column: str, values: tuple[str, str]
) -> None:
    found = read(tmp_path, column, *values)
    assert [ticket.body for ticket in found.tickets] == [f"{ANSWERED}, case {n}" for n in range(6)]
    assert not any(column in text for text in found.warnings)


def test_a_column_that_is_the_same_within_every_ticket_says_nothing_of_messages(tmp_path: Path) -> None:
    rows = [
        [n, f"Lift {n}", text, ("Client", "Support")[n % 2]] for n in range(6) for text in (ASKED, ANSWERED)
    ]
    found = read_tickets([written(tmp_path, ["id", "subject", "body", "Area"], rows)])
    assert [ticket.body for ticket in found.tickets] == [ASKED] * 6


def test_a_sender_that_names_only_the_side_is_no_requester(tmp_path: Path) -> None:
    found = read(tmp_path, "Absender", "Kunde", "Agent")
    assert {ticket.requester for ticket in found.tickets} == {None}


def test_messages_within_a_ticket_are_told_by_the_same_words(tmp_path: Path) -> None:
    ticket = {
        "id": 1,
        "title": "Lift",
        "nachrichten": [{"verfasser": "Agent", "text": ANSWERED}, {"verfasser": "Kunde", "text": ASKED}],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(ticket), "utf-8")
    assert read_tickets([path]).tickets[0].body == ASKED
