"""Tickets as a table: their texts and languages are the same however many processes read them."""

from __future__ import annotations

import joblib
import psutil
import pytest

from models.language.detector import LanguageDetector
from training.data import ticket_table
from training.data.ticket_table import cleaned_texts
from triage.ticket import Ticket

TEXTS = (
    "The lid of the kettle does not close any more.\n-- \nAda",
    "Der Deckel des Kochers schließt nicht mehr, was kann ich tun?",
    "Le couvercle de la bouilloire ne se ferme plus.",
)


@pytest.fixture
def tickets() -> list[Ticket]:
    return [Ticket(str(i), f"Order {i}", TEXTS[i % len(TEXTS)]) for i in range(1_100)]


def test_two_processes_find_the_texts_and_languages_that_one_finds(
    tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = LanguageDetector(("en", "de", "fr"))
    alone = cleaned_texts(tickets, detector)
    monkeypatch.setattr(ticket_table, "_FEWEST_FOR_PROCESSES", 1_000)
    with joblib.parallel_config(n_jobs=2):
        assert cleaned_texts(tickets, detector) == alone
    left = [" ".join(process.cmdline()) for process in psutil.Process().children()]
    assert not [command for command in left if "popen_loky" in command], "the processes' memory is given back"
    assert alone[1][:3] == ["en", "de", "fr"]
    assert alone[0][0] == "Order 0\nThe lid of the kettle does not close any more."


def test_a_language_that_a_ticket_names_is_not_detected() -> None:
    ticket = Ticket("1", "", "Der Deckel schließt nicht.", language="nl")
    assert cleaned_texts([ticket], LanguageDetector(("nl", "de")))[1] == ["nl"]
