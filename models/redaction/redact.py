"""Redaction of personal data by rules.

Mail addresses, phone numbers, bank accounts, payment cards, IP addresses, national identity numbers,
passwords and keys are each replaced by the kind in brackets, so that the text can still be read. Account,
card and identity numbers are recognised by their check digits; long plain numbers (orders, tickets)
therefore stay. Names of people are not recognised.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from models.redaction.credentials import without_credentials
from models.redaction.national_ids import passes_luhn, without_national_ids
from models.redaction.phone_numbers import without_phone_numbers

Redactor = Callable[[str, str], str]
"""Function from a text and its language (ISO 639-1, "" if not known) to the redacted text."""

WITHHELD = "[withheld]"
"""Placeholder of a text that could not be redacted."""

_MAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_CARD = re.compile(r"(?<![\d.,])\d(?:[ \u00a0-]?\d){12,18}")
_IPV4 = re.compile(
    # "Firmware 5.10.0.12" is a version.
    r"(?<![\w.])(?<!version )(?<!firmware )(?<!build )(?<!release )\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)",
    re.IGNORECASE,
)
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])", re.IGNORECASE)

# Lengths of the 89 countries of SWIFT's IBAN Registry (release 100), https://www.swift.com/resource/iban-registry-pdf
_IBAN_COUNTRIES = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
_IBAN_LENGTHS = {country: length for length, some in _IBAN_COUNTRIES.items() for country in some.split()}
_CARD_LENGTHS = (16, 15, 14, 19, 18, 17, 13)


def redact(text: str) -> str:
    """Return the text with personal data replaced.

    >>> redact("Write to ann.lee@example.com or call +49 30 1234567.")
    'Write to [mail] or call [phone].'
    >>> redact("Order 20260504123, paid from DE89 3704 0044 0532 0130 00")
    'Order 20260504123, paid from [iban]'
    """
    text = _MAIL.sub("[mail]", without_credentials(text))
    text = _replaced(_IBAN, text, _iban_end, "[iban]")
    text = without_national_ids(text)
    text = _replaced(_CARD, text, _card_end, "[card]")
    for pattern in (_IPV4, _IPV6):
        text = _replaced(pattern, text, _address_end, "[ip]")
    return without_phone_numbers(text)


def redact_with_rules(text: str, language: str) -> str:
    """Redact as `redact`, whose rules cover all languages; a `Redactor`."""
    del language
    return redact(text)


def _replaced(pattern: re.Pattern[str], text: str, find_end: Callable[[str], int], mark: str) -> str:
    """Replace the first `find_end(match)` characters of each match; 0 leaves the match."""

    def replacement(match: re.Match[str]) -> str:
        found = match.group()
        end = find_end(found)
        return mark + found[end:] if end else found

    return pattern.sub(replacement, text)


def _iban_end(found: str) -> int:
    length = _IBAN_LENGTHS.get(found[:2].upper(), 0)
    places = [at for at, character in enumerate(found) if character.isalnum()]
    if not length or len(places) < length:
        return 0
    end = places[length - 1] + 1
    if end < len(found) and found[end].isalnum():
        return 0
    plain = "".join(found[at] for at in places[:length]).upper()
    value = "".join(str(int(character, 36)) for character in plain[4:] + plain[:4])
    return end if int(value) % 97 == 1 else 0


def _card_end(found: str) -> int:
    places = [at for at, character in enumerate(found) if character.isdigit()]
    if found[0] not in "23456":
        return 0
    for length in _CARD_LENGTHS:
        if len(places) < length:
            continue
        end = places[length - 1] + 1
        ends_there = end == len(found) or not found[end].isdigit()
        if ends_there and passes_luhn([int(found[at]) for at in places[:length]]):
            return end
    return 0


def _address_end(found: str) -> int:
    try:
        ipaddress.ip_address(found)
    except ValueError:
        return 0
    return len(found) if found.strip(":") else 0
