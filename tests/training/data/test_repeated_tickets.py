"""A ticket in several files, as in a history and in what people judged since, is learnt once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.dataset import read_tickets


def write(path: Path, *tickets: dict) -> Path:
    path.write_text("".join(json.dumps(ticket) + "\n" for ticket in tickets), "utf-8")
    return path


HISTORY = (
    {
        "id": "1",
        "subject": "Akku",
        "body": "Der Akku von Eva Moll lädt nicht",
        "labels": {"category": "app", "team": "a"},
    },
    {"id": "2", "subject": "", "body": "La factura no llega", "labels": {"category": "billing"}},
)
JUDGED = {
    "id": "1",
    "subject": "",
    "body": "Akku\nDer Akku von <name> lädt nicht",
    "labels": {"category": "battery"},
}


def test_what_people_judged_wins_and_the_ticket_counts_once(tmp_path: Path) -> None:
    found = read_tickets(
        [write(tmp_path / "history.jsonl", *HISTORY), write(tmp_path / "judged.jsonl", JUDGED)]
    )
    assert [ticket.id for ticket in found.tickets] == ["1", "2"]
    assert found.tickets[0].labels == {"category": "battery", "team": "a"}
    assert found.tickets[0].subject == "Akku"
    [note] = [note for note in found.notes if "several files" in note]
    assert note.startswith(
        "1 ticket is in several files: each counts once, with the value that people judged"
    )


def test_what_people_judged_wins_whichever_file_is_named_first(tmp_path: Path) -> None:
    judged = write(tmp_path / "judged.jsonl", {**JUDGED, "judged": True})
    found = read_tickets([judged, write(tmp_path / "history.jsonl", *HISTORY)])
    [ticket] = [ticket for ticket in found.tickets if ticket.id == "1"]
    assert ticket.labels == {"category": "battery", "team": "a"}
    assert ticket.subject == "Akku"


def test_an_id_that_two_helpdesks_gave_to_different_tickets_is_an_error(tmp_path: Path) -> None:
    other = {"id": "1", "subject": "Tilaus", "body": "Missä pyöräni on?", "labels": {"category": "order"}}
    files = [write(tmp_path / "one.jsonl", *HISTORY), write(tmp_path / "other.jsonl", other)]
    with pytest.raises(DataFileError, match=r"occurred before, in .*one\.jsonl, line 1, with another text"):
        read_tickets(files)


def test_an_id_twice_in_one_file_is_an_error_as_before(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="line 2: the id '2' occurred before"):
        read_tickets([write(tmp_path / "a.jsonl", HISTORY[1], HISTORY[1])])
