"""Mails within forwarded mails, logs with the lines of a mail header, and journals below a reply."""

from __future__ import annotations

import pytest

from models.text import clean_ticket

LABELS = {
    "en": ("From", "Sent", "To", "Subject", "FW"),
    "de": ("Von", "Gesendet", "An", "Betreff", "WG"),
    "fr": ("De", "Envoyé", "À", "Objet", "TR"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp", "FW"),
    "sv": ("Från", "Skickat", "Till", "Ämne", "VB"),
    "pl": ("Od", "Wysłano", "Do", "Temat", "PD"),
}


def header(language: str, sender: str, day: int, subject: str) -> str:
    labels = LABELS[language]
    values = (sender, f"Tuesday, {day} February 2026 09:12", "Desk <desk@corp.example>", subject)
    return "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=False))


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("prefixes", [1, 2])
def test_all_mails_within_a_forwarded_mail_are_kept(language: str, prefixes: int) -> None:
    prefix = f"{LABELS[language][-1]}: "
    outer = header(language, "Bo Stone <bo@shop.example>", 4, f"{prefix}Kettle")
    inner = header(language, "Ann Lee <ann@garden.example>", 3, "Kettle")
    body = f"Please handle.\n\n{outer}\n\nNo idea what she means.\n\n{inner}\n\nThe kettle whistles in G."
    cleaned = clean_ticket(prefix * prefixes + "Kettle", body)
    assert cleaned == "Kettle\nPlease handle.\n\nNo idea what she means.\n\nThe kettle whistles in G."


@pytest.mark.parametrize(
    "inner",
    [
        "-----Original Message-----\nFrom: Ann Lee <ann@garden.example>\nSent: 2 February 2026 08:00\n"
        "To: Bo\nSubject: Kettle\n\nThe kettle whistles in G.",
        "On Mon, 2 Feb 2026 at 08:00, Ann Lee <ann@garden.example> wrote:\n\n> The kettle whistles in G.",
        "> On 2 Feb 2026, at 08:00, Ann Lee <ann@garden.example> wrote:\n>\n> The kettle whistles in G.",
    ],
)
def test_a_forwarded_answer_keeps_what_it_answers(inner: str) -> None:
    outer = header("en", "Bo Stone <bo@shop.example>", 4, "RE: Kettle")
    cleaned = clean_ticket("Fwd: Kettle", f"Please handle.\n\n{outer}\n\nI cannot help her.\n\n{inner}")
    assert all(text in cleaned for text in ("Please handle.", "I cannot help her.", "whistles in G."))


def test_what_a_helpdesk_wrote_before_is_no_part_of_a_forwarded_mail() -> None:
    outer = header("en", "Bo Stone <bo@shop.example>", 4, "RE: Kettle")
    inner = header("en", "Service Desk <support@corp.example>", 3, "Kettle")
    body = f"Please handle.\n\n{outer}\n\nIt still whistles.\n\n{inner}\n\nHave you descaled it?"
    assert clean_ticket("FW: RE: Kettle", body) == "Kettle\nPlease handle.\n\nIt still whistles."


def test_a_reply_to_a_forward_loses_its_history() -> None:
    outer = header("en", "Bo Stone <bo@shop.example>", 4, "FW: Kettle")
    inner = header("en", "Ann Lee <ann@garden.example>", 3, "Kettle")
    body = f"It is fixed now.\n\n{outer}\n\nNo idea.\n\n{inner}\n\nIt whistles."
    assert clean_ticket("RE: FW: Kettle", body) == "Kettle\nIt is fixed now."


HEADER_LINES = (
    "From: Ann <ann@garden.example>\nTo: Desk <desk@corp.example>\nDate: Tue, 3 Feb 2026 17:21:04 +0100"
)


@pytest.mark.parametrize("subject", ["Mails get lost", "Re: Mails get lost"])
@pytest.mark.parametrize(
    "log",
    [
        HEADER_LINES,
        f"```\n{HEADER_LINES}\nSubject: Kettle\n```",
        f"~~~text\n{HEADER_LINES}\n~~~",
        "\n".join(f"    {line}" for line in f"{HEADER_LINES}\nSubject: Kettle".split("\n")),
        f"2026-02-03 17:21:04 accepted\n{HEADER_LINES}\nSubject: Kettle\n2026-02-03 17:21:05 lost",
        f"{HEADER_LINES}\n550 5.7.1 rejected",
    ],
)
def test_a_log_with_the_lines_of_a_mail_header_stays_with_the_request_below_it(
    subject: str, log: str
) -> None:
    body = f"Since noon mails to you get lost.\n\n{log}\n\nWhich port must be open?"
    cleaned = clean_ticket(subject, body)
    assert all(line.strip() in cleaned for line in body.split("\n"))


@pytest.mark.parametrize("label", ["Reply from", "Antwort von", "Réponse de", "Svar från", "Antwoord van"])
@pytest.mark.parametrize("kind", ["Additional comments", "Zusätzliche Kommentare", "Lisäkommentit"])
def test_a_journal_below_a_reply_is_nobodys_words_but_the_helpdesks(label: str, kind: str) -> None:
    body = (
        "It still drips after that.\n\n-----------------------------\n"
        f"{label}: desk@corp.example\n\n18-11-2025 09:12:33 CET - Tom Agent  {kind}\n"
        "Please turn the valve.\n\n\nRef:MSG0042137_a7Gh"
    )
    for subject in ("Re: INC0012 - comments added", "INC0012 - comments added"):
        assert clean_ticket(subject, body) == "INC0012 - comments added\nIt still drips after that."


def test_stamps_that_a_customer_pasted_stay() -> None:
    body = "The log of the pump:\n\n18-11-2025 09:12:33 CET - Pump two  Started late\nWhy so late?"
    assert "Why so late?" in clean_ticket("Pump", body)
