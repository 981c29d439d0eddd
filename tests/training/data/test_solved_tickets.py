"""Solved tickets for agents, out of whatever export a training reads."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from models.errors import DataFileError
from models.redaction.redact import redact_with_rules
from training.data.solved_tickets import read_solved_tickets
from triage.settings.tickets import TicketColumns

SAMPLES = Path(__file__).resolve().parents[1] / "exports" / "samples"


def table(tmp_path: Path, header: list[str], *rows: list[str]) -> Path:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


@pytest.mark.parametrize(
    "header",
    [
        ["Number", "Short description", "Description", "Close notes"],
        ["Nummer", "Kurzbeschreibung", "Beschreibung", "Lösung"],
        ["Ticket Id", "Subject", "Description", "Resolution"],
    ],
)
def test_a_helpdesk_s_table_gives_an_internal_article_for_each_ticket_with_a_solution(
    tmp_path: Path, header: list[str]
) -> None:
    rows = [
        ["INC0000001", "Gate stuck", "The gate is stuck.", "Turn the key twice; call +49 30 1234567."],
        ["INC0000002", "Lamp dark", "The lamp is dark.", ""],
    ]
    loaded = read_solved_tickets([table(tmp_path, header, *rows)], TicketColumns(), redact_with_rules)
    (article,) = loaded.articles
    assert (article.id, article.title, article.visibility) == ("ticket:INC0000001", "Gate stuck", "internal")
    assert "The gate is stuck." in article.body
    assert "Turn the key twice" in article.body
    assert "1234567" not in article.body


def test_our_own_lines_are_read_as_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"id": 7, "subject": "Gate", "body": "Stuck", "solution": "Turn it."}), "utf-8"
    )
    (article,) = read_solved_tickets([path], TicketColumns(), redact_with_rules).articles
    assert article.id == "ticket:7"


@pytest.mark.parametrize("name", ["zendesk.json", "freshdesk.json", "jira.csv", "rt.tsv"])
def test_an_export_without_solutions_is_an_error_that_says_what_was_expected(name: str) -> None:
    with pytest.raises(DataFileError, match=r"no ticket has a solution: expected .*`solution`.*Close notes"):
        read_solved_tickets([SAMPLES / name], TicketColumns(), redact_with_rules)


def test_lines_of_a_helpdesk_without_solutions_are_no_silent_zero(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text((SAMPLES / "zendesk.json").read_text("utf-8"), "utf-8")
    with pytest.raises(DataFileError, match=r"no ticket has a solution.*read as an export of Zendesk"):
        read_solved_tickets([path], TicketColumns(), redact_with_rules)


def test_words_of_a_state_are_no_solution(tmp_path: Path) -> None:
    path = table(
        tmp_path, ["id", "subject", "body", "Resolution"], *[[str(n), "a", "b c d", "Done"] for n in range(9)]
    )
    with pytest.raises(DataFileError, match="no ticket has a solution"):
        read_solved_tickets([path], TicketColumns(), redact_with_rules)
