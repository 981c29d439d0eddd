"""Histories, forwards and pasted mails by many clients and in many languages."""

from __future__ import annotations

import pytest

from models.text import clean_body, clean_ticket
from tests.models.text.clients import (
    ANSWERS_BELOW,
    ATTRIBUTIONS,
    FORWARD_MARKERS,
    ME,
    NAME,
    OUTLOOK_LABELS,
    SENT_FROM,
    THANKS,
)

OWN = "The lamp flickers since the last update, please send a new one."
OLD = "Your invoice has been paid back to your card."


def outlook(
    language: str, *, sender: str = NAME, subject: str = "RE: Lamp", date: str = "3.2.2026 11:14"
) -> str:
    values = (sender, date, ME, subject)
    labels = OUTLOOK_LABELS[language].split("|")
    return "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("language", OUTLOOK_LABELS)
def test_the_history_below_a_header_block_goes_in_every_language(language: str) -> None:
    assert clean_body(f"{OWN}\n\n{outlook(language)}\n\n{OLD}") == OWN
    bold = "\n".join(f"*{line.replace(':', ':*', 1)}" for line in outlook(language).split("\n"))
    assert clean_body(f"{OWN}\n\n{bold}\n\n{OLD}") == OWN
    assert clean_body(f"{OWN}\n{'_' * 32}\n{outlook(language)}\n\n{OLD}") == OWN


@pytest.mark.parametrize("language", ATTRIBUTIONS)
def test_the_history_below_an_attribution_goes_in_every_language(language: str) -> None:
    line = ATTRIBUTIONS[language]
    assert clean_body(f"{OWN}\n\n{line}\n\n{quoted(OLD)}") == OWN
    assert clean_body(f"{OWN}\n\n{line}\n\n{OLD}") == OWN
    broken = line.replace("help@example.com>", "help@example.com\n>")
    assert clean_body(f"{OWN}\n\n{broken}\n\n{quoted(OLD)}") == OWN
    wrapped = line.replace("<help@", "<\nhelp@")
    assert clean_body(f"{OWN}\n\n{wrapped}\n\n{quoted(OLD)}") == OWN


@pytest.mark.parametrize("language", ANSWERS_BELOW)
def test_answers_within_the_old_mail_stay_in_every_language(language: str) -> None:
    note, answers = (
        ANSWERS_BELOW[language],
        "1. Which lamp? The front one.\n2. Since when? Since the last update.",
    )
    for header in (outlook("en"), outlook("de"), "-----Original Message-----\n" + outlook("fr")):
        assert answers in clean_body(f"{note}\n\n{header}\n\n{answers}")
    assert answers in clean_body(f"{note}\n\n{ATTRIBUTIONS['en']}\n{quoted(answers)}")
    quote = "<blockquote type='cite'><div>Which lamp?</div><div>The front one.</div></blockquote>"
    markup = f"<div>{note}</div>{quote}"
    assert "The front one." in clean_body(markup)


@pytest.mark.parametrize("language", THANKS)
def test_thanks_above_an_old_mail_are_a_thank_you_in_every_language(language: str) -> None:
    thanks = THANKS[language]
    for history in (
        f"{outlook('en')}\n\n{OLD}",
        f"-----Original Message-----\n{outlook('de')}\n\n{OLD}",
        f"{ATTRIBUTIONS['en']}\n\n{quoted(OLD)}",
        f"{ATTRIBUTIONS['en']}\n\n{OLD}",
        f"---- On Tue, 3 Feb 2026 11:14:36 +0200 {NAME} wrote ----\n\n{OLD}",
        quoted(f"Hello Ann,\n{OLD}\nRegards"),
    ):
        for signature in ("", "\n\nMax", f"\n\n{SENT_FROM['en']}"):
            cleaned = clean_body(f"{thanks}{signature}\n\n{history}")
            assert OLD not in cleaned
            assert thanks in cleaned


@pytest.mark.parametrize("language", SENT_FROM)
def test_the_line_of_a_phone_goes_in_every_language(language: str) -> None:
    assert clean_body(f"{OWN}\n\n{SENT_FROM[language]}") == OWN
    assert clean_body(f"{OWN}\n\n{SENT_FROM[language]}\n\n{ATTRIBUTIONS['en']}\n{quoted(OLD)}") == OWN


@pytest.mark.parametrize(
    "line", ["Rhoddwyd drwy Nokia newydd fi hun", "Kwa njia ya simu yangu Tecno Android"]
)
def test_a_line_of_any_language_that_names_a_device_goes_below_a_delimiter(line: str) -> None:
    assert clean_body(f"{OWN}\n\n--\n{line}") == OWN


@pytest.mark.parametrize(
    "last",
    [
        "I use an iPhone",
        "Happens on my iPhone only",
        "Kaatuu iPhonella",
        "Modell: Samsung Galaxy A52",
        "Simu yangu ni iPhone",
        "Nur auf dem Tablet mit Android",
        "Ich habe das Foto per Gmail gesendet",
    ],
)
def test_a_last_line_about_the_own_device_stays(last: str) -> None:
    assert clean_body(f"{OWN}\n\n{last}") == f"{OWN}\n\n{last}"


@pytest.mark.parametrize(
    "line",
    [
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Outlook for Androidを入手する<https://aka.ms/AAb9ysg>",
        "iOS için Outlook'u edinin",
        "Αποκτήστε το Outlook για iOS",
        "Nabavite Outlook za Android",
        "Faigh Outlook le haghaidh iOS <https://aka.ms/qtex0l>",
        "Sent from Yahoo Mail. Get the app",
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
    ],
)
def test_the_advertisement_of_a_mail_program_goes(line: str) -> None:
    assert clean_body(f"{OWN}\n\n{line}") == OWN


@pytest.mark.parametrize("marker", FORWARD_MARKERS.values(), ids=FORWARD_MARKERS)
@pytest.mark.parametrize("language", ["en", "fr", "pl", "eu", "ka"])
def test_a_forward_by_any_client_stays(marker: str, language: str) -> None:
    forwarded = f"{marker}\n{outlook(language, sender=ME, subject='Lamp')}\n\n{OWN}"
    assert clean_body(forwarded) == OWN
    note = "Could one of you answer this, please?"
    assert clean_body(f"{note}\n\n{forwarded}") == f"{note}\n\n{OWN}"


def test_a_whole_mail_behind_bars_goes_without_an_attribution() -> None:
    body = "It still flickers.\n\n| Please change the bulb first.\n|\n| Kind regards, Support"
    assert clean_ticket("Re: Lamp", body) == "Lamp\nIt still flickers."
    table = "It shows:\n\n| red | sold out |\n| blue | sold out |"
    assert "| blue | sold out |" in clean_ticket("Re: Lamp", table)


@pytest.mark.parametrize("indent", ["   ", "  "])
def test_a_header_that_is_set_in_by_few_spaces_is_one(indent: str) -> None:
    header = "From: Desk <desk@corp.example>\nSent: 3 February 2026 11:14\nTo: Ann\nSubject: Re: Lamp"
    old = "\n".join(indent + line for line in header.split("\n"))
    assert clean_ticket("Re: Lamp", f"Still off.\n\n{old}\n\nDid you turn it?") == "Lamp\nStill off."


def test_a_yahoo_forward_that_is_set_in_is_read_without_its_header() -> None:
    body = (
        "   ----- Forwarded Message ----- From: Ann <ann@garden.example>To: Desk <desk@corp.example>"
        "Sent: Tuesday, 3 February 2026, 11:14:02 AM GMT+1Subject: Kettle\n It whistles.\nAnd drips."
    )
    assert clean_ticket("Fwd: Kettle", body) == "Kettle\nIt whistles.\nAnd drips."


def test_the_line_of_lotus_notes_above_a_header_goes_with_it() -> None:
    body = (
        "Thanks, it works.\n\nDesk---03.02.2026 11:14:05---We have unlocked it.\n\n"
        "From: Desk/Corp\nTo: Ann\nDate: 03.02.2026 11:14\nSubject: Lamp\n\nWe have unlocked it."
    )
    assert clean_ticket("Re: Lamp", body) == "Lamp\nThanks, it works."
