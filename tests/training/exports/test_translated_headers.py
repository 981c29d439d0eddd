"""Exports whose header is in the language of the person who exported them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from training.exports.formats import recognise
from training.exports.reader import ExportFile, Options, read_export

BODY = "The gate does not open since the storm."


def export(tmp_path: Path, columns: Mapping[str, str]) -> ExportFile:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns.keys(), columns.values()])
    return read_export(path, Options())


@pytest.mark.parametrize(
    ("name", "columns", "labels"),
    [
        (
            "jira",
            {
                **{"Zusammenfassung": "Gate", "Vorgangsschlüssel": "HD-1", "Vorgangstyp": "Störung"},
                **{"Priorität": "Hoch", "Autor": "A", "Erstellt": "31.01.2026 09:05", "Beschreibung": BODY},
            },
            {"type": "Störung", "priority": "Hoch"},
        ),
        (
            "jira",
            {
                **{"Samenvatting": "Gate", "Issuesleutel": "HD-1", "Issuetype": "Storing"},
                **{"Prioriteit": "Hoog", "Aangemaakt": "31-01-2026 09:05", "Omschrijving": BODY},
            },
            {"type": "Storing", "priority": "Hoog"},
        ),
        (
            "servicenow",
            {
                **{"Numéro": "INC0000001", "Brève description": "Gate", "Description": BODY, "Appelant": "A"},
                **{"Priorité": "1", "Groupe d'affectation": "Portes", "Ouvert": "31/01/2026 09:05"},
            },
            {"priority": "1", "team": "Portes"},
        ),
        (
            "servicenow",
            {
                **{"Numer": "INC0000001", "Krótki opis": "Gate", "Opis": BODY, "Zgłaszający": "A"},
                **{"Priorytet": "1", "Grupa przypisania": "Bramy", "Otwarto": "2026-01-31 09:05"},
            },
            {"priority": "1", "team": "Bramy"},
        ),
        (
            "zoho",
            {
                **{
                    "Ticket-ID": "7",
                    "Betreff": "Gate",
                    "Beschreibung": BODY,
                    "Erstellungszeit": "2026-01-31 09:05",
                },
                **{"Ticketinhaber": "B", "Abteilung": "Tore", "Priorität": "Hoch"},
            },
            {"team": "Tore", "priority": "Hoch"},
        ),
        (
            "zoho",
            {
                **{"Tiketin tunnus": "7", "Aihe": "Gate", "Kuvaus": BODY, "Luontiaika": "31.01.2026 09:05"},
                **{"Tiketin omistaja": "B", "Osasto": "Portit", "Prioriteetti": "Korkea"},
            },
            {"team": "Portit", "priority": "Korkea"},
        ),
    ],
)
def test_a_translated_header_is_recognised_and_its_fields_are_read(
    tmp_path: Path, name: str, columns: Mapping[str, str], labels: Mapping[str, str]
) -> None:
    file = export(tmp_path, columns)
    assert file.known is not None
    assert file.known.name == name
    (draft,) = file.drafts
    assert (draft.values["subject"], draft.values["body"]) == ("Gate", BODY)
    assert draft.moment is not None
    assert (draft.moment.month, draft.moment.day) == (1, 31)
    assert {key: draft.values["labels"].get(key) for key in labels} == labels


def test_who_opened_a_ticket_is_told_in_a_translated_export_too(tmp_path: Path) -> None:
    columns = {
        **{"Nummer": "INC0000001", "Kurzbeschreibung": "Gate", "Beschreibung": BODY, "Priorität": "1"},
        **{"Anrufer": "Ada Holm", "Geöffnet von": "Tom Agent", "Geöffnet": "31.01.2026 09:05"},
    }
    (draft,) = export(tmp_path, columns).drafts
    assert draft.by_agent


def test_a_word_or_two_of_another_language_make_no_helpdesk_of_a_table() -> None:
    assert recognise(["Nummer", "Kurzbeschreibung", "Text", "Datum"], table=True) is None
    assert recognise(["Schlüssel", "Zusammenfassung", "Text"], table=True) is None
