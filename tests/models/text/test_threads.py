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
    Відп / Отг / 回复 / 回覆 / 返信 / 회신 / 답장 / השב / رد / Re[2] / Re² / Re (3) / BLS / Trả lời / Qxz
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
