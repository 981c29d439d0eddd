"""Held-out tickets that may depend on one another are put into clusters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from training.thresholds.witnesses import witness_clusters
from triage.ticket import Ticket

START = datetime(2026, 1, 1, tzinfo=UTC)
FORM = "Name: {}\nDevice: {}\nGerät defekt seit: {}\n"


def test_tickets_of_a_requester_are_one_cluster_however_the_address_is_written() -> None:
    senders = ["Ann <ANN@example.com>", "bob@example.com", "ann@example.com", None, "", None]
    requesters, *_ = witness_clusters([Ticket(f"t{i}", "", "x", requester=r) for i, r in enumerate(senders)])
    assert requesters[0] == requesters[2]
    assert len(set(requesters.tolist())) == 5


def test_tickets_of_a_form_are_one_cluster_and_letters_are_none() -> None:
    bodies = [
        FORM.format("Ann", "laptop", "Monday"),
        FORM.format("Bob", "phone", "gestern"),
        "名前：田中\n部署：営業\n機器：電話",
        "名前：佐藤\n部署：総務\n機器：パソコン",
        "Note: my phone is broken.",
        "Please help, it is broken: the phone.",
    ]
    _, forms, _ = witness_clusters([Ticket(f"t{i}", "", body) for i, body in enumerate(bodies)])
    assert forms[0] == forms[1] != forms[2] == forms[3]
    assert len(set(forms.tolist())) == 4


def test_tickets_that_follow_one_another_are_one_cluster_by_date_or_by_number() -> None:
    dated = [Ticket(f"{99 - i}", "", "x", created_at=START + timedelta(hours=i)) for i in range(60)]
    numbered = [Ticket(f"T-{i}", "", "x") for i in range(60)]
    for tickets in (dated, numbered):
        *_, in_a_row = witness_clusters(tickets)
        assert [len(set(in_a_row[at : at + 20].tolist())) for at in (0, 20, 40)] == [1, 1, 1]
        assert len(set(in_a_row.tolist())) == 3
