"""Threads: what the prefixes of a subject say about the mail below the sender's own text."""

from __future__ import annotations

import pytest

from models.text import clean_ticket

OWN = "The lamp is still off."
OLD = "A mechanic will call you."


def mail(subject: str) -> str:
    block = "From: Help <help@example.com>\nSent: Tuesday, 3 February 2026 11:14\nTo: Ann"
    return f"{OWN}\n\n{block}\nSubject: {subject}\n\n{OLD}"


REPLIES = """
    Re / AW / Sv / Antw / RES / Rif / Rép / ATS / Odp / Odg / Răsp / VÁ / Válasz / YNT / ΑΠ / ΣΧΕΤ / Ответ /
    Відп / Отг / 回复 / 回覆 / 返信 / 회신 / 답장 / השב / رد / Re[2] / Re² / Re (3) / BLS / Trả lời / Qxz /
    ХАРИУ
"""
FORWARDS = """
    Fwd / WG / TR / RV / ENC / Doorst / PD / VB / VL / TOV / Továbbítás / İLT / ΠΡΘ / Пересылка / Препр
    / 转发 / 轉寄 / 転送 / 전달 / הועבר / Přeposlat / Persiųsti / Redir / Chuyển tiếp / إعادة توجيه
"""


def listed(prefixes: str) -> list[str]:
    return [prefix.strip() for prefix in prefixes.split("/")]


@pytest.mark.parametrize("prefix", listed(REPLIES))
def test_the_mail_below_goes_under_any_prefix_of_a_reply(prefix: str) -> None:
    assert clean_ticket(f"{prefix}: Lamp 7", mail(f"{prefix}: Lamp 7")) == f"Lamp 7\n{OWN}"


@pytest.mark.parametrize("prefix", listed(FORWARDS))
def test_the_mail_below_stays_under_any_prefix_of_a_forward(prefix: str) -> None:
    assert clean_ticket(f"{prefix}: Lamp 7", mail("Lamp 7")) == f"Lamp 7\n{OWN}\n\n{OLD}"


def test_the_mail_below_stays_under_a_prefix_that_nobody_knows() -> None:
    assert clean_ticket("Qxz: Lamp 7", mail("Lamp 7")) == f"Lamp 7\n{OWN}\n\n{OLD}"


@pytest.mark.parametrize("subject", ["Lamp: off", "E21: lamp off", "Qxz: lamp off", "PC: dead"])
def test_a_word_before_a_colon_is_no_prefix_where_no_mail_below_shows_it(subject: str) -> None:
    assert clean_ticket(subject, OWN) == f"{subject}\n{OWN}"
    assert clean_ticket(subject, f"{OWN}\n\n{subject}\n\nHelp!") == f"{subject}\n{OWN}\n\n{subject}\n\nHelp!"


THANKS = """
    Köszönöm szépen! / Teşekkür ederim. / Σας ευχαριστώ πολύ! / Děkuji moc. / 감사합니다. /
    ありがとうございました。 / Mulțumesc frumos! / Дуже дякую! / شكرا جزيلا / Cảm ơn nhiều! /
    好的，谢谢 / תודה רבה! / Hvala lijepa! / ขอบคุณครับ /
    Super, vielen Dank! / Kiitos avusta! / Suur aitäh! / Ok, merci beaucoup
"""
HISTORY = f"> {OLD}\n> He rings first."


@pytest.mark.parametrize(
    "note",
    [
        "Please see the rider's mail below.",
        "Can one of you take this?",
        "Zur Info",
        "Pour info",
        "Per conoscenza",
        "Tiedoksi",
        "Zināšanai",
        "Til orientering",
        "Do wiadomości",
        "Bilginize",
        "Προς ενημέρωση",
        "Для информации",
        "お客様からです。",
        "아래 메일입니다.",
        "Xem bên dưới.",
    ],
)
def test_a_short_note_on_a_mail_of_another_subject_keeps_that_mail(note: str) -> None:
    body = mail("Front lamp").replace(OWN, note)
    assert clean_ticket("Lamps", body) == f"Lamps\n{note}\n\n{OLD}"
    assert clean_ticket("Re: Front lamp", mail("Front lamp").replace(OWN, "It is still off.")).endswith(
        "off."
    )


@pytest.mark.parametrize(
    "thanks",
    [
        "Köszönöm szépen!",
        "Teşekkür ederim.",
        "Σας ευχαριστώ πολύ!",
        "Děkuji moc.",
        "감사합니다.",
        "ありがとうございました。",
        "Mulțumesc frumos!",
        "Дуже дякую!",
        "شكرا جزيلا",
        "Cảm ơn nhiều!",
        "好的，谢谢",
        "תודה רבה!",
        "Hvala lijepa!",
        "ขอบคุณครับ",
        "Super, vielen Dank!",
        "Kiitos avusta!",
        "Suur aitäh!",
        "Ok, merci beaucoup",
    ],
)
@pytest.mark.parametrize("subject", ["Lamp", "Re: Lamp"])
def test_thanks_above_marked_lines_are_all_that_is_read(thanks: str, subject: str) -> None:
    assert clean_ticket(subject, f"{thanks}\n\n{HISTORY}") == f"Lamp\n{thanks}"


def test_marked_lines_below_a_finished_reply_are_the_old_mail() -> None:
    assert clean_ticket("Re: Lamp", f"{OWN}\n\n{HISTORY}") == f"Lamp\n{OWN}"
    assert clean_ticket("Lamp", f"{OWN}\n\n{HISTORY}") == f"Lamp\n{OWN}\n\n{HISTORY}"
    assert clean_ticket("Re: Lamp", f"It shows:\n\n{HISTORY}") == f"Lamp\nIt shows:\n\n{HISTORY}"


@pytest.mark.parametrize(
    "line",
    [
        "##- Kérjük, a válaszát e sor fölé írja -##",
        "##- Lütfen yanıtınızı bu satırın üzerine yazın -##",
        "##- この行より上に返信をご記入ください -##",
        "--- 이 줄 위에 답장을 입력하세요 ---",
        "---- Svou odpověď napište nad tento řádek ----",
        "==== Введите ответ над этой строкой ====",
        "=-=-= Введіть відповідь над цим рядком =-=-=",
        "--- Γράψτε την απάντησή σας πάνω από αυτή τη γραμμή ---",
        "*** Scrieți răspunsul deasupra acestei linii ***",
        "------ Escreva a sua resposta acima desta linha ------",
        "----- Skriv svaret over denne linjen -----",
        "##- Unesite odgovor iznad ove crte -##",
    ],
)
def test_what_stands_below_a_call_to_reply_above_goes(line: str) -> None:
    assert clean_ticket("Lamp", f"{OWN}\n\n{line}\n\n{OLD}") == f"Lamp\n{OWN}"


@pytest.mark.parametrize(
    "history",
    [
        "On Tue, 3 Feb 2026 at 11:14, Help <help@example.com> wrote: A mechanic will call you.",
        "From: Help <help@example.com> Sent: 3 February 2026 To: Ann Subject: RE: Lamp A mechanic calls.",
    ],
)
def test_a_history_that_lost_its_line_ends_goes_from_a_reply(history: str) -> None:
    assert clean_ticket("Re: Lamp", f"{OWN} {history}") == f"Lamp\n{OWN}"


@pytest.mark.parametrize("row", ["| {} | {} |", "* {}: {}", "**{}:** {}", "| **{}** | {} |"])
def test_header_blocks_in_lists_and_tables_are_header_blocks(row: str) -> None:
    fields = ("From", "Help <help@example.com>"), ("Date", "2026-02-03 11:14"), ("Subject", "Re: Lamp")
    block = "\n".join(row.format(*field) for field in fields)
    assert clean_ticket("Re: Lamp", f"{OWN}\n\n{block}\n\n{OLD}") == f"Lamp\n{OWN}"


def test_marks_with_a_name_are_quotes_below_an_attribution() -> None:
    mail = '>>>>> "Help" == Help <help@example.com> writes:\n\nHelp> Which lamp?\n\nThe front one.'
    assert clean_ticket("Re: Lamp", mail) == "Lamp\nThe front one."


def test_a_forward_whose_header_is_an_attribution_stays() -> None:
    marker = '-------- Пересылаемое сообщение --------\n03.02.2026, 11:14, "Ann" <ann@example.org>:'
    assert clean_ticket("Fwd: Lamp", f"See here.\n\n{marker}\n\n{OWN}") == f"Lamp\nSee here.\n\n{OWN}"
    assert clean_ticket("Fwd: Lamp", f"{marker}\n\n> {OWN}") == f"Lamp\n{OWN}"


REACTIONS = ["👍", "🙏🙏", "✅", "❌ ❌", "?", "??!", "！", ":-)", ";)", "👍🏽"]


@pytest.mark.parametrize("reaction", REACTIONS)
def test_a_reply_of_signs_alone_is_read_as_that_and_the_mail_below_goes(reaction: str) -> None:
    quoted = f"On Tue, 3 Feb 2026 at 11:14, Help <help@example.com> wrote:\n\n> {OLD}"
    assert clean_ticket("Re: Lamp", mail("Re: Lamp").replace(OWN, reaction)) == f"Lamp\n{reaction}"
    assert clean_ticket("Re: Lamp", f"{reaction}\n\n{quoted}") == f"Lamp\n{reaction}"
    assert clean_ticket("Re: Lamp", f"{reaction}\n\nSent from my iPhone\n\n{quoted}") == f"Lamp\n{reaction}"


@pytest.mark.parametrize("sign", ["-----", "* * *", "|", "☎", "✉"])
def test_a_rule_or_an_icon_is_no_reply_so_the_mail_below_is_read(sign: str) -> None:
    assert OLD in clean_ticket("Re: Lamp", mail("Re: Lamp").replace(OWN, sign))


ANNOUNCED = [
    "A tenant mailed me this:",
    "Unser Fahrer meldet Folgendes:",
    "Le locataire nous signale ceci :",
    "Huurder schreef ons dit:",
    "顾客来信：",
]


@pytest.mark.parametrize("note", ANNOUNCED)
def test_a_quoted_mail_that_a_first_mail_announces_stays(note: str) -> None:
    quoted = f"On Tue, 3 Feb 2026 at 11:14, Bo <bo@example.com> wrote:\n> {OLD}"
    assert clean_ticket("Lamp in hall B", f"{note}\n\n{quoted}") == f"Lamp in hall B\n{note}\n\n{OLD}"
    assert OLD not in clean_ticket("Re: Lamp", f"{note}\n\n{quoted}")
