"""Bank accounts (IBAN) and payment cards, recognised by length and check digits, or after a word for them."""

from __future__ import annotations

import re

from models.redaction.domestic_accounts import without_domestic_accounts
from models.redaction.labels import label_before
from models.redaction.lexicon import Kind
from models.redaction.national_ids import passes_luhn

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2} ?\d{2}(?:[ \u00a0./_-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_CARD = re.compile(r"(?<![\d.,])(?<!\d[ \u00a0-])\d(?:[ \u00a0._/-]?\d){12,}+")

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
# Nicaragua's had 32 characters before it came into the registry, and is still listed so elsewhere.
_FORMER_LENGTHS = {"NI": 32}
# How the cards of each length begin (ISO/IEC 7812): an IMEI has 15 digits and begins otherwise.
_CARD_BEGINNINGS = {
    16: ("2", "35", "4", "5", "6"),
    15: ("34", "37"),  # American Express
    14: ("30", "36", "38"),  # Diners Club
    19: ("4", "5", "6"),
    18: ("5", "6"),
    17: ("5", "6"),
    13: ("4",),
}


def without_accounts(text: str) -> str:
    """Return the text with bank accounts replaced by "[iban]".

    >>> without_accounts("Order 20260504123, paid from DE89 3704 0044 0532 0130 00")
    'Order 20260504123, paid from [iban]'
    """

    def replacement(match: re.Match[str]) -> str:
        found = match.group()
        end = _iban_end(found, match)
        return "[iban]" + found[end:] if end else found

    return without_domestic_accounts(_IBAN.sub(replacement, text))


def without_cards(text: str) -> str:
    """Return the text with payment cards replaced by "[card]"; numbers after a word for an order stay.

    >>> without_cards("Karte 4111 1111 1111 1111, Auftrag 4111 1111 1111 1111")
    'Karte [card], Auftrag 4111 1111 1111 1111'
    """

    def replacement(match: re.Match[str]) -> str:
        found = match.group()
        label = label_before(match.string, match.start())
        if label.is_business:
            return found
        end = _card_end(found, labelled=label.says(Kind.CARD))
        return "[card]" + found[end:] if end else found

    return _CARD.sub(replacement, text)


def _iban_end(found: str, match: re.Match[str]) -> int:
    """Return where the account ends in what was found, 0 if there is none."""
    country = found[:2].upper()
    if found[2] == " " and not found[:2].isupper():
        return 0
    places = [at for at, character in enumerate(found) if character.isalnum()]
    labelled = None
    for length in filter(None, (_FORMER_LENGTHS.get(country), _IBAN_LENGTHS.get(country))):
        if len(places) < length:
            continue
        end = places[length - 1] + 1
        if end < len(found) and found[end].isalnum():
            continue
        plain = "".join(found[at] for at in places[:length]).upper()
        value = "".join(str(int(character, 36)) for character in plain[4:] + plain[:4])
        if int(value) % 97 == 1:
            return end
        if labelled is None and found[2] != " ":
            labelled = label_before(match.string, match.start()).says(Kind.ACCOUNT)
        if labelled:  # mistyped, but somebody's
            return end
    return 0


def _card_end(found: str, *, labelled: bool) -> int:
    """Return where the card's number ends in a run of digits, 0 if there is none."""
    places = [at for at, character in enumerate(found) if character.isdigit()]
    ends = []
    digits = "".join(found[at] for at in places)
    for length, beginnings in _CARD_BEGINNINGS.items():
        end = places[length - 1] + 1 if len(places) >= length else 0
        if not end or (end < len(found) and found[end].isdigit()):
            continue
        if digits.startswith(beginnings) and passes_luhn([int(digit) for digit in digits[:length]]):
            return end
        ends.append(end)
    return max(ends, default=0) if labelled else 0
