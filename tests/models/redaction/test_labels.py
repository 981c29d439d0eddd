"""Labels: the word before a number says whether it is hidden, in every language of the users."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.redaction.redact import redact
from models.word_lists import word_set

RECORDS = [
    json.loads(line)
    for line in (Path(__file__).parent / "announced_numbers.jsonl").read_text("utf-8").splitlines()
]
KINDS = sorted({(record["kind"], record["language"]) for record in RECORDS})
MARKS = {
    "card": "[card]",
    "iban": "[iban]",
    "national-id": "[id]",
    "phone-labelled": "[phone]",
    "secret": "[secret]",
}


def records_of(kind: str, language: str) -> list[dict[str, Any]]:
    return [record for record in RECORDS if (record["kind"], record["language"]) == (kind, language)]


@pytest.mark.parametrize(("kind", "language"), [each for each in KINDS if each[0] != "business"])
def test_a_number_after_a_word_for_it_is_hidden(kind: str, language: str) -> None:
    for record in records_of(kind, language):
        redacted = redact(record["text"], language)
        assert MARKS[kind] in redacted, redacted
        assert record["hide"][0] not in redacted, redacted


@pytest.mark.parametrize("language", [language for kind, language in KINDS if kind == "business"])
def test_a_number_after_a_word_for_an_order_or_the_like_stays(language: str) -> None:
    for record in records_of("business", language):
        assert record["keep"][0] in redact(record["text"], language), record["text"]


def test_the_kinds_are_there_in_every_language() -> None:
    languages = word_set("en de fr es it pt nl pl sv da nb fi et lv lt ru cs zh ja ko")
    for kind in ("phone-labelled", "secret", "business"):
        assert {language for each, language in KINDS if each == kind} == languages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order 0161 496 0427 and 0161 496 0428", "order 0161 496 0427 and 0161 496 0428"),
        ("orders: 0161 496 0427, call me on 0161 496 0428", "orders: 0161 496 0427, call me on [phone]"),
        ("Where is my order? 0161 496 0427", "Where is my order? [phone]"),
        ("the customer is reached on 0161 496 0427", "the customer is reached on [phone]"),
        ("in any case 0161 496 0427", "in any case [phone]"),
        ("tel. for order 4711 was wrong, it is 555 0143", "tel. for order 4711 was wrong, it is [phone]"),
        ("The SIN on my form is wrong. Correct: 046 454 286", "The SIN on my form is wrong. Correct: [id]"),
        ("der Handyvertrag 0171 2345678", "der Handyvertrag 0171 2345678"),
        ("das Vertragshandy 0171 2345678", "das Vertragshandy [phone]"),
        ("Phone (home, not work): 98765432", "Phone (home, not work): [phone]"),
        ("numero de telephone 612345678", "numero de telephone [phone]"),
        ("NIE 1234567 no, nie 1234567 tak", "NIE [id] no, nie 1234567 tak"),
    ],
)
def test_the_nearest_word_decides(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "mejor por la tarde, 954123456", "mejor por la tarde, [phone]"),
        ("pl", "Oddzwońcie, 601 234 567", "Oddzwońcie, [phone]"),
    ],
)
def test_numbers_without_a_first_zero_are_known_in_the_language_that_writes_them(
    language: str, text: str, expected: str
) -> None:
    assert redact(text, language) == expected
    assert redact("SKU 954123456", language) == "SKU 954123456"


@pytest.mark.parametrize(
    "text",
    [
        "on 05/13/2026 and 13/05/2026 09:15, 12.05.2026 - 14.06.2026",
        "18:40:02 INFO 18:40:03",
        "10.00-12.00 / 14.00-16.00",
        "tel. 12.05.2026",
        "1 250 000 kr, 12.345.678,00 €, £ 1234567",
        "a::b and fade::cafe",
        "iPhone 356938035643809, IMEI 490154203237518",
        "Update 17.5.1.9, dann 10.1.0.35",
    ],
)
def test_dates_hours_amounts_and_versions_stay(text: str) -> None:
    assert redact(text) == text


def test_a_number_after_a_date_is_hidden() -> None:
    assert redact("am 12.05.26 0176 1234567") == "am 12.05.26 [phone]"
    assert redact("06.12.34.56.78 depuis le 06.12.34") == "[phone] depuis le 06.12.34"


def test_an_address_after_a_word_for_one_is_hidden_although_it_looks_like_a_version() -> None:
    assert redact("host 10.1.1.3, IP 10.0.0.1, 地址10.0.0.1") == "host [ip], IP [ip], 地址[ip]"


def test_chinese_before_an_address_stays() -> None:
    assert redact("我的邮箱lin.xiaoyu@example.com登录不了") == "我的邮箱[mail]登录不了"


@pytest.mark.parametrize(
    ("text", "language", "redacted"),
    [
        ("Soita p.0405551234", "fi", "Soita p.[phone]"),
        ("p. 040 555 1234", "fi", "p. [phone]"),
        ("port.06 11 22 33 44", "fr", "port.[phone]"),
        ("cep:05321234567", "tr", "cep:[phone]"),
        ("Cep 0532 123 45 67", "tr", "Cep [phone]"),
        ("číslo OP 123456789", "cs", "číslo [id]"),
        ("číslo OP je 123456789", "cs", "číslo OP je [id]"),
        ("OP č. 123456789", "cs", "OP č. [id]"),
        ("Mon matricule est 1234567", "fr", "Mon matricule est [id]"),
        ("matricule national 850730-033-28", "fr", "matricule national [id]"),
    ],
)
def test_numbers_after_short_labels_are_hidden(text: str, language: str, redacted: str) -> None:
    assert redact(text, language) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "p. 12345 of the manual",
        "art.0612345678",
        "réf.0612345678",
        "lot:0612345678",
        "n.0612345678",
        "v.0612345678",
        "cep: 01310-100",
        "číslo objednávky 123456789",
        "OP 123456789 ist offen",
        "matricule du véhicule 12345678",
        "port 27017 of the server",
    ],
)
def test_pages_versions_and_articles_after_short_labels_stay(text: str) -> None:
    assert redact(text) == text
