"""Several rows a ticket: copies with other tags, and rows that continue the one above."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.dataset import LoadedTickets, read_tickets
from training.exports.layout import LATER, REPEATED


def read(tmp_path: Path, text: str, name: str = "a.csv") -> LoadedTickets:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_tickets([path], fields=["tags", "category"], tag_fields=["tags"])


def test_a_row_a_tag_is_one_ticket_with_all_tags(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "id,subject,body,tags,category\n1,Boat,It leaks,hull,\n1,Boat,It leaks,urgent,Repair\n"
        "1,Boat,It leaks,hull,Repair\n2,Oar,It broke,,Parts\n",
    )
    assert [ticket.id for ticket in found.tickets] == ["1", "2"]
    assert found.tickets[0].labels == {"tags": ("hull", "urgent"), "category": "Repair"}
    assert found.left_out == {REPEATED: 2}


def test_a_row_a_comment_repeats_the_ticket_once(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "Ticket ID,Subject,Description,Comment\n1,Boat,It leaks at the bow,We look at it\n"
        "1,Boat,It leaks at the bow,It is mended\n2,Oar,One oar broke today,Sent a new one\n",
    )
    assert [ticket.body for ticket in found.tickets] == ["It leaks at the bow", "One oar broke today"]


def test_a_row_without_id_continues_the_one_above(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "id,subject,body,created_at,tags\n1,Boat,It leaks,2026-02-03,hull\n,,,,urgent\n,,,,paid\n"
        "2,Oar,It broke,2026-02-04,wood\n",
    )
    assert [ticket.labels["tags"] for ticket in found.tickets] == [("hull", "urgent", "paid"), ("wood",)]
    assert found.left_out == {REPEATED: 2}


def test_messages_in_rows_without_id_are_later_messages(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "id,subject,body,created_at\n1,Boat,It leaks,2026-02-03\n,,Thanks for asking,\n2,Oar,It broke,\n",
    )
    assert [ticket.body for ticket in found.tickets] == ["It leaks", "It broke"]
    assert found.left_out == {LATER: 1}


def test_a_row_with_a_subject_of_its_own_continues_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="line 3: there is no 'id'"):
        read(tmp_path, "id,subject,body\n1,Boat,It leaks\n,Oar,It broke\n")


@pytest.mark.parametrize(
    "column",
    [
        "Ticket Mask ID",
        "Vorgang",
        "Record ID",
        "Pieteikuma nr.",
        "Réf.",
        "Rif.",
        "Kenmerk",
        "Juhtumi number",
        "Užklausos Nr.",
        "Aktenzeichen",
        "お問い合わせ番号",
        "참조번호",
    ],
)
def test_numbers_of_tickets_are_found_under_many_names(tmp_path: Path, column: str) -> None:
    found = read(
        tmp_path, f"{column},Kundennummer,subject,body\nAB-17,5,Boat,It leaks\nAB-18,5,Oar,It broke\n"
    )
    assert [ticket.id for ticket in found.tickets] == ["AB-17", "AB-18"]


def test_a_vorgang_in_sentences_is_no_number(tmp_path: Path) -> None:
    found = read(tmp_path, "Vorgang,Text\nBoot ist undicht,Es tropft\nRuder ist gebrochen,Es knackt\n")
    assert [ticket.id for ticket in found.tickets] == ["2", "3"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Ticket report of March\nMade by: Ines\n\n", ""),
        ("Tickets of March,,\n,,\n", ""),
        ("", "Total: 2 tickets\n"),
        ("", "Gesamt,2,\n"),
        ("", ",,\nИтого: 2,,\n"),
        ("", "合計: 2件,,\n"),
    ],
)
def test_titles_above_the_header_and_counts_below_the_rows_are_no_tickets(
    tmp_path: Path, above: str, below: str
) -> None:
    found = read(tmp_path, f"{above}id,subject,body\n1,Boat,It leaks\n2,Oar,It broke\n{below}")
    assert [(ticket.id, ticket.body) for ticket in found.tickets] == [("1", "It leaks"), ("2", "It broke")]
    said = [*found.notes, *found.warnings]
    assert any("passed over" in text for text in said)


def test_a_last_row_that_is_a_ticket_stays(tmp_path: Path) -> None:
    found = read(tmp_path, "id,subject,body\n1,Boat,It leaks\nT-2,Total loss,\n")
    assert [ticket.id for ticket in found.tickets] == ["1", "T-2"]


def test_rows_of_a_record_without_a_known_title_are_joined(tmp_path: Path) -> None:
    found = read(tmp_path, "id,name,description,tags\na.1,Boat,It leaks,hull\n,,,urgent\na.2,Oar,It broke,\n")
    assert [ticket.labels.get("tags") for ticket in found.tickets] == [("hull", "urgent"), ()]


def test_dates_with_a_zone_before_the_year_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, "id,body,created_at\n1,It leaks,Tue Feb 03 10:30:00 +0100 2026\n")
    assert found.tickets[0].created_at == datetime(2026, 2, 3, 9, 30, tzinfo=UTC)


def test_rows_of_a_ticket_that_differ_in_a_field_are_said_and_the_first_one_counts(
    tmp_path: Path,
) -> None:
    found = read(
        tmp_path,
        "id,subject,body,category\n1,Boat,It leaks,Repair\n1,Boat,It leaks,?\n1,Boat,It leaks,Parts\n"
        "2,Oar,It broke,Parts\n2,Oar,It broke,Parts\n",
    )
    assert [ticket.labels["category"] for ticket in found.tickets] == ["Repair", "Parts"]
    said = [warning for warning in found.warnings if "differ in 'category'" in warning]
    assert len(said) == 1
    assert "'Repair' and 'Parts', as those of 1 ticket do" in said[0]
