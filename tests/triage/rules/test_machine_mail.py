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
        {"Precedence": "Bulk (automatic)"},
        {"Precedence": "autoreply"},
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
        {"List-Unsubscribe": "<mailto:off@example.com>"},
        {
            "List-Unsubscribe": "<https://example.com/off>",
            "List-Id": "<n.example.com>",
            "Feedback-ID": "1:a:b",
        },
        {"List-Unsubscribe": "<https://example.com/off>", "List-Id": "<n.example.com>", "List-Post": "NO"},
        {"X-Auto-Response": "1"},
        {"X-Autoresponse": "absent"},
        {"X-Vacation": "yes"},
        {"X-HolidayReply": "1"},
        {"X-OTRS-Loop": "True"},
        {"X-Znuny-Loop": "yes"},
        {"X-RT-Loop-Prevention": "rt.example.com"},
        {"X-MS-Exchange-Message-Is-Ndr": ""},
        {"X-MS-Exchange-Generated-Message-Source": "Mailbox Rules Agent"},
        {"X-Cron-Env": "<SHELL=/bin/sh>"},
        {"X-Campaign-Id": "2026-03"},
        {"X-JIRA-FingerPrint": "1f2e"},
        {"X-GitHub-Reason": "mention", "Precedence": "list"},
        {"Sender": "MAILER-DAEMON@example.com"},
        {"From": "Shop <shop@example.com>", "Reply-To": "Shop <bitte-nicht-antworten@example.com>"},
        {"Return-Path": "<bounces+4711-ann=example.org@mail.example.com>"},
        {"Return-Path": "<bounce-md_12.34.v1@mail.example.com>"},
        {"Return-Path": " < > "},
        {"Return-Path": "<bounces@mail.example.com>", "From": "Shop <shop@example.com>"},
        {"Content-Type": 'multipart/mixed; report-type="delivery-status"'},
        {"X-Example-Auto-Reply": "yes"},
        {"Content-Type": 'Multipart/Report; Report-Type="disposition-notification"'},
        {"Content-Type": "message/feedback-report"},
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
        {"List-Id": "<users.example.com>"},
        {"Precedence": "list"},
        {
            "List-Id": "<users.example.com>",
            "List-Post": "<mailto:users@example.com>",
            "List-Unsubscribe": "<mailto:users-off@example.com>",
            "Precedence": "list",
            "Return-Path": "<users-bounces+support=example.org@example.com>",
        },
        {"List-Unsubscribe": ""},
        {"Auto-Submitted": "NO (by hand)"},
        {"Auto-Submitted": "(a person) no; owner=ann"},
        {"X-Vacation": "false"},
        {"X-MS-Exchange-Message-Is-Ndr": "false"},
        {"X-MS-Exchange-Inbox-Rules-Loop": "ann@example.com"},
        {"Return-Path": "<bouncer@example.com>"},
        {"Return-Path": ""},
        {"Return-Path": "<bouncy@example.com>", "From": "bouncy@example.com"},
        {"Auto-Submitted": "no (by hand (really))"},
        {"Content-Type": "multipart/reportage"},
        {"Sender": "wwwrun@example.com", "From": "Ann <ann@example.com>"},
        {"Feedback-ID": "1:a:b"},
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
        ("bounces@example.com", True),
        ("bounce.meier@example.com", False),
        ("bounces.house@example.com", False),
        ("bounce-7@example.com", True),
        ("prvs=4711ab=bounce@example.com", True),
        ("postmaster.schulz@example.com", False),
        ("daemon.smith@example.com", False),
        ("mailer@example.com", False),
        ("root.cause@example.com", False),
        ("alert.engineer@example.com", False),
        ("robotnik@example.com", False),
        ("autohaus@example.com", False),
        ("root@example.com", True),
        ("notifications+4711@example.com", True),
        ("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com", True),
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


@pytest.mark.parametrize(
    "words",
    [
        "do not reply",
        "keine antwort",
        "nicht antworten",
        "keine rückantwort",
        "nemojte odgovarati",
        "brak odpowiedzi",
        "ne pas repondre",
        "no responder",
        "no contestar",
        "non rispondere",
        "nao responda",
        "não responder",
        "niet antwoorden",
        "niet beantwoorden",
        "geen antwoord",
        "nie odpowiadaj",
        "neodpovidat",
        "neodpovedajte",
        "ne valaszoljon",
        "ne válaszoljon",
        "nu raspundeti",
        "yanitlamayiniz",
        "yanıtlamayınız",
        "cevap vermeyin",
        "ei vastausta",
        "ala vastaa",
        "svara inte",
        "inget svar",
        "svar ikke",
        "ikke svar",
        "neatbildet",
        "neatsakyti",
        "ara vasta",
        "mitte vastata",
        "ne odgovaraj",
        "ne otvechat",
        "не отвечать",
    ],
)
def test_who_wants_no_answer_in_any_language_is_a_machine(words: str) -> None:
    for sign in (".", "_", "+", "-", ""):
        address = words.replace(" ", sign)
        for written in (address, address.upper(), f"shop-{address}", f"{address}+4711", f"{address}2"):
            assert machine_sign(ticket(requester=f"Shop <{written}@example.com>")), written
        assert not machine_sign(ticket(requester=f"info@{words.replace(' ', '-')}.example"))
        assert not machine_sign(ticket(requester=f"mila{address}@example.com")), address
