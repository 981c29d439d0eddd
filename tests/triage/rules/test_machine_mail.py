"""Machine mail: which headers and senders belong to a program."""

from __future__ import annotations

import pytest

from triage.rules.machine_mail import machine_sign
from triage.ticket import Ticket


def ticket(**more: object) -> Ticket:
    return Ticket("1", "", "x", **more)  # type: ignore[arg-type]  # any of its fields


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied; owner-email=a@example.com"},
        {"AUTO-SUBMITTED": " Auto-Generated "},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
        {"Precedence": "list"},
        {"Precedence": "auto_reply"},
        {"X-Precedence": "auto_reply"},
        {"X-Autoreply": "yes"},
        {"x-auto-reply": "1"},
        {"X-Autorespond": "Out of office: printer"},
        {"X-Autoresponder": "1"},
        {"X-Mail-Autoreply": "vacation"},
        {"X-AutoReply-From": "ann@example.com"},
        {"X-FC-MachineGenerated": "true"},
        {"X-POST-MessageClass": "9; Autoresponder"},
        {"X-Loop": "yes"},
        {"Delivered-To": "Autoresponder"},
        {"X-Failed-Recipients": "ann@example.com"},
        {"From": "Mail Delivery System <MAILER-DAEMON@mx.example.com>"},
        {"Return-Path": "MAILER-DAEMON"},
        {"Return-Path": "<MAILER-DAEMON@mx.example.com>"},
        {"X-Auto-Response-Suppress": "All", "X-MS-Exchange-Inbox-Rules-Loop": "ann@example.com"},
        {"List-Id": "<news.example.com>"},
        {"Return-Path": "<>"},
        {"Content-Type": "multipart/report; report-type=delivery-status"},
    ],
)
def test_a_machine_is_known_by_the_headers_of_its_mail(headers: dict[str, str]) -> None:
    assert machine_sign(ticket(headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto-Submitted": "no"},
        {"Auto-Submitted": "No; comment"},
        {"Auto-Submitted": ""},
        {"Precedence": "normal"},
        {"X-Auto-Response-Suppress": "None"},
        {"X-Auto-Response-Suppress": "OOF, AutoReply"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Autoreply": "no"},
        {"X-Loop": "support@example.com"},
        {"Delivered-To": "support@example.com"},
        {"From": "Ann Postmaster <ann@example.com>"},
        {"List-Id": ""},
        {"Return-Path": "<ann@example.com>"},
        {"Content-Type": "multipart/alternative"},
        {"Subject": "bulk"},
    ],
)
def test_a_person_s_mail_is_not_taken_for_a_machine_s(headers: dict[str, str]) -> None:
    assert machine_sign(ticket(headers=headers, requester="ann@example.com")) is None


@pytest.mark.parametrize(
    ("requester", "is_machine"),
    [
        ("MAILER-DAEMON@example.com", True),
        ("Example <no-reply@example.com>", True),
        ("noreply+4711@example.com", True),
        ("donotreply@example.com", True),
        ("postmaster@example.com", True),
        ("do_not_reply@example.com", True),
        ("do.not.reply@example.com", True),
        ("no.reply@example.com", True),
        ("no_reply+orders@example.com", True),
        ("orders-noreply@example.com", True),
        ("noreply2@example.com", True),
        ("mailer_daemon@example.com", True),
        ("bounce@example.com", True),
        ("bounces+4711-ann=example.org@mail.example.com", True),
        ("auto.reply@example.com", True),
        ("bouncer@example.com", False),
        ("nora.replyson@example.com", False),
        ("ann+noreply.example@example.com", True),
        ("casino.replies@example.com", False),
        ("norah.reply@example.com", False),
        ("reply@noreply.example.com", False),
        ("", False),
        (None, False),
    ],
)
def test_a_machine_is_known_by_its_address(requester: str | None, is_machine: bool) -> None:
    assert bool(machine_sign(ticket(requester=requester))) is is_machine


def test_the_helpdesk_s_word_goes_before_headers_and_address() -> None:
    form = ticket(requester="noreply@example.com", headers={"Precedence": "bulk"}, is_machine=False)
    assert machine_sign(form) is None
    assert machine_sign(ticket(is_machine=True)) == "the helpdesk says so"
