"""Bank accounts as people write them at home, without country: by form and check digits, or after a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import cycle

from models.redaction.labels import label_before
from models.redaction.lexicon import Kind
from models.redaction.national_ids import is_valid

_LIKELY = re.compile(r"\d{4}")
_ALONE = r"(?<![A-Za-z0-9_.,/-])(?<!\d[ \u00a0])"
_END = r"(?![A-Za-z0-9_]|[ .,/-]\d)"
_DIGITS_OF_BANK = 8


def without_domestic_accounts(text: str, mark: str = "[iban]") -> str:
    """Return the text with bank accounts replaced that are written without their country.

    >>> without_domestic_accounts("sort code 12-34-56, account 12345678; order 12345678")
    'sort code [iban]; order 12345678'
    """
    if not _LIKELY.search(text):
        return text
    text = _with_bank().sub(rf"\g<bank>{mark}", text)
    text = _polish().sub(lambda match: mark if _is_polish(match[0]) else match[0], text)
    for pattern, check in _forms().items():
        # mypy knows no type for a lambda with a default, which binds the check of this turn.
        text = pattern.sub(lambda m, check=check: mark if _is_one(m, check) else m[0], text)  # type: ignore[misc]
    return _any().sub(lambda match: mark if _is_announced(match) else match[0], text)


def _is_one(match: re.Match[str], check: Callable[[str], bool]) -> bool:
    return check(match[0]) and not label_before(match.string, match.start()).is_business


def _is_announced(match: re.Match[str]) -> bool:
    return label_before(match.string, match.start()).says(Kind.ACCOUNT)


@cache
def _with_bank() -> re.Pattern[str]:
    """Return the pattern of a bank's number and an account's, each after its word."""
    return re.compile(
        r"(?P<bank>\b(?:reg|regnr|clearing|clearingnr|clearingnummer|sort[ -]?code|blz|bankleitzahl|"
        r"bank code|routing|routing (?:no|number)|aba)[ .:]{1,3})"
        r"\d[\d -]{2,9}\d[ ,;/]{1,3}(?:(?:and|og|och|und) )?"
        r"(?:bank )?(?:konto|kontonr|kontonummer|account|acct|acc|a/c)(?: number| no| nr)?[ .:]{1,3}"
        r"\d[\d .-]{3,17}\d",
        re.IGNORECASE,
    )


@cache
def _polish() -> re.Pattern[str]:
    return re.compile(rf"{_ALONE}\d\d(?:[ -]?\d{{4}}){{6}}{_END}")


@cache
def _forms() -> Mapping[re.Pattern[str], Callable[[str], bool]]:
    """Return the forms of some countries, each with its check."""
    return {
        re.compile(rf"{_ALONE}\d{{8}}-\d{{8}}(?:-\d{{8}})?{_END}"): _is_hungarian,
        re.compile(rf"{_ALONE}\d{{4}}([ .])\d\d\1\d{{5}}{_END}"): lambda found: is_valid("no.kontonr", found),
        re.compile(rf"{_ALONE}(?:\d{{1,6}}-)?\d{{2,10}}/\d{{4}}{_END}"): lambda n: is_valid(
            "cz.bankaccount", n
        ),
    }


@cache
def _any() -> re.Pattern[str]:
    return re.compile(rf"{_ALONE}\d(?:[ \u00a0./-]?\d){{5,25}}{_END}")


def _is_polish(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return int(f"{digits[2:]}2521{digits[:2]}") % 97 == 1  # "PL" is 2521


def _is_hungarian(number: str) -> bool:
    digits = [int(character) for character in number if character.isdigit()]
    bank, account = digits[:_DIGITS_OF_BANK], digits[_DIGITS_OF_BANK:]
    return all(
        sum(digit * weight for digit, weight in zip(part, cycle((9, 7, 3, 1)), strict=False)) % 10 == 0
        for part in (bank, account)
    )
