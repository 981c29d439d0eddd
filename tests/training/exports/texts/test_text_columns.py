"""Columns of texts in tables that nothing describes: names among other words, copies, notes, rivals."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from training.data.dataset import LoadedTickets, read_tickets
from training.exports.texts.by_values import UndecidedTextError

WORDS = (
    *("the", "printer", "on", "third", "floor", "shows", "a", "red", "bar", "since", "monday", "and"),
    *("nobody", "can", "print", "letters", "so", "please", "send", "somebody", "who", "knows", "machines"),
)
TAGS = ("vpn", "printer", "laptop", "network", "mail", "account")


def text(number: int, fewest: int = 12, most: int = 25) -> str:
    choice = random.Random(number)
    return " ".join(choice.choice(WORDS) for _ in range(choice.randint(fewest, most)))


def title(number: int) -> str:
    return text(number + 10_000, 4, 6)


def tags(number: int) -> str:
    return ", ".join(random.Random(number).sample(TAGS, 3))


def read(
    tmp_path: Path, header: Sequence[str], row: Callable[[int], Sequence[object]], copies: int = 1
) -> LoadedTickets:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = [row(number) for number in range(1, 31)]
        csv.writer(stream, delimiter=";").writerows([header, *(r for r in rows for _ in range(copies))])
    return read_tickets([path], skip_bad=True)


@pytest.mark.parametrize("copies", [1, 3, 20])
@pytest.mark.parametrize(
    "later", ["Agent notes", "Work notes", "Internal notes", "Notes", "Interne Notiz", "備考"]
)
def test_copies_change_nothing_and_what_agents_wrote_is_not_the_text(
    tmp_path: Path, later: str, copies: int
) -> None:
    header = ["Subject", "Message", later, "Comments"]
    found = read(
        tmp_path, header, lambda n: [title(n), text(n), text(n + 100), text(n + 200, 30, 50)], copies
    )
    assert found.tickets[0].body == text(1)


def test_a_ticket_with_a_line_for_each_of_its_comments_is_read_from_its_message(tmp_path: Path) -> None:
    lines = iter(range(1000, 2000))
    header = ["Ticket ID", "Subject", "Message", "Comments"]
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = [[n, title(n), text(n), text(next(lines))] for n in range(1, 31) for _ in range(3)]
        csv.writer(stream).writerows([header, *rows])
    assert read_tickets([path], skip_bad=True).tickets[0].body == text(1)


@pytest.mark.parametrize("copies", [1, 3])
def test_a_text_that_no_name_tells_is_found_among_copies(tmp_path: Path, copies: int) -> None:
    header = ["Subject", "Customer wrote", "Team"]
    found = read(tmp_path, header, lambda n: [title(n), text(n), "AB"[n % 2]], copies)
    assert (found.tickets[0].subject, found.tickets[0].body) == (title(1), text(1))


def test_a_text_that_no_name_tells_goes_before_comments(tmp_path: Path) -> None:
    header = ["Subject", "Customer wrote", "Comments"]
    found = read(tmp_path, header, lambda n: [title(n), text(n), text(n + 100)])
    assert found.tickets[0].body == text(1)


@pytest.mark.parametrize(
    "header",
    [
        "Vorgangs-Nr.;Betreff / Kurztext;Meldungstext (Kunde);Schlagworte",
        "Ticket-Nr.;Betreff (kurz);Kundennachricht (Original);Stichworte",
        "Case-No.;Subject (short);Text as typed (by user);Keywords",
        "Ärendenr;Rubrik/ämne;Ärendetext;Nyckelord",
        "Sagsnr.;Emne/kort tekst;Kundens besked;Stikord",
        "Saksnr.;Emne (kort);Meldingstekst (kunde);Stikkord",
        "Melding-nr.;Onderwerp (kort);Tekst van de klant;Trefwoorden",
        "N° dossier;Objet - résumé;Texte saisi (client);Mots-clés",
        "Nº caso;Asunto (breve);Texto escrito por el cliente;Palabras clave",
        "N. ticket;Oggetto/Titolo;Testo del cliente (originale);Etichette",
        "N.º;Assunto / resumo;Texto da mensagem (cliente);Marcadores",
        "Nr;Temat (skrót);Treść wiadomości klienta;Słowa kluczowe",
        "Tiketti-nro;Otsikko / aihe;Asiakkaan viestiteksti;Avainsanat",
        "Pöördumise nr;Pealkiri (lühike);Kliendi sõnum / tekst;Märksõnad",
        "Nr.;Temats / virsraksts;Klienta ziņojums (teksts);Atslēgvārdi",
        "Nr.;Tema (trumpai);Kliento žinutė - tekstas;Žymos",
        "№ заявки;Тема / кратко;Текст обращения (клиент);Ключевые слова",
        "Číslo;Předmět (krátce);Text zprávy od zákazníka;Štítky",
        "受付番号;件名（概要）;お客様からの本文;キーワード",
        "工单号;标题/主题;客户留言（原文）;关键词",
        "접수 번호;제목(요약);고객 문의내용;키워드",
    ],
)
def test_names_are_found_among_other_words_and_in_compounds(tmp_path: Path, header: str) -> None:
    found = read(tmp_path, header.split(";"), lambda n: [f"T-{n}", title(n), text(n), tags(n)])
    assert (found.tickets[0].subject, found.tickets[0].body) == (title(1), text(1))


def test_tags_compete_with_neither_subject_nor_text(tmp_path: Path) -> None:
    found = read(tmp_path, ["Nr", "A", "B", "C"], lambda n: [n, title(n), text(n), tags(n)])
    assert (found.tickets[0].subject, found.tickets[0].body) == (title(1), text(1))


def test_of_several_long_texts_the_clearly_longest_is_read(tmp_path: Path) -> None:
    header = ["Nr", "Betreff", "Wo genau", "Was passiert ist"]
    found = read(tmp_path, header, lambda n: [n, title(n), text(n + 50, 5, 8), text(n, 25, 40)])
    assert found.tickets[0].body == text(1, 25, 40)


def test_texts_of_about_the_same_length_are_named_with_what_to_write(tmp_path: Path) -> None:
    header = ["Nr", "Betreff", "Was passiert ist", "Was erwartet wird"]
    with pytest.raises(UndecidedTextError) as error:
        read(tmp_path, header, lambda n: [n, title(n), text(n), text(n + 50)])
    assert set(error.value.places) == {"Was passiert ist", "Was erwartet wird"}
    assert 'body = "Was passiert ist"' in error.value.message


def test_a_remark_is_the_text_where_nothing_else_is(tmp_path: Path) -> None:
    header = ["Nr", "Betreff", "Bemerkung", "Lösung"]
    found = read(tmp_path, header, lambda n: [n, title(n), text(n), text(n + 50)])
    assert found.tickets[0].body == text(1)
