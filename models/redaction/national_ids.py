"""National identity numbers, recognised by form, date of birth and check digits.

Finnish, Swedish, Norwegian, Danish, Latvian, German, Spanish, French, Chinese and American ones. A number
that could as well be an order number (ten plain digits, an outdated check digit, a mistyped one) counts
only after a word that announces it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_LIKELY = re.compile(r"\d{3}")  # every scheme has so many digits in a row, most texts have not
_BEFORE = r"(?<![A-Za-z0-9_.,+/-])(?<![0-9][ \u00a0])"
_AFTER = r"(?![A-Za-z0-9_]|[-./,]\d|[ \u00a0]\d)"
_FINNISH_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CENTURIES = {"+": 1800} | dict.fromkeys("-UVWXY", 1900) | dict.fromkeys("ABCDEF", 2000)
_CHINESE_PLACES = {
    *range(11, 16),
    *range(21, 24),
    *range(31, 38),
    *range(41, 47),
    *range(50, 55),
    *range(61, 66),
    71,
    81,
    82,
    83,
}
_BORN_BEFORE = 2020  # twelve digits that begin with a later date are an order's number, not a customer's


def _digits(text: str) -> list[int]:
    return [int(character) for character in text if character.isdigit()]


def _weighted(digits: list[int], weights: str) -> int:
    return sum(digit * int(weight, 11) for digit, weight in zip(digits, weights, strict=True))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_day(day: str, month: str, year: str) -> bool:
    """Tell whether the day exists in a year of two digits, in either century."""
    return any(_is_date(century + int(year), int(month), int(day)) for century in (1900, 2000))


def passes_luhn(digits: list[int]) -> bool:
    """Tell whether the last digit is the check digit of the others, by Luhn's method.

    >>> passes_luhn([4, 5, 3, 9, 1, 4, 8, 8, 0, 3, 4, 3, 6, 4, 6, 7])
    True
    """
    doubled = [2 * digit for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0


def _is_finnish(found: str) -> bool:
    century = _CENTURIES[found[6].upper()]
    number = int(found[:6] + found[7:10])
    return (
        _is_date(century + int(found[4:6]), int(found[2:4]), int(found[:2]))
        and _FINNISH_LETTERS[number % 31] == found[10].upper()
    )


def _is_swedish(found: str) -> bool:
    plain = "".join(character for character in found if character.isdigit())
    if len(plain) == 12:
        year = int(plain[:4])
        if not 1840 <= year < (_BORN_BEFORE if found.isdigit() else 2100):
            return False
        plain = plain[2:]
    day = int(plain[4:6])
    day -= 60 if day > 60 else 0  # people who are registered for a time only
    return _is_day(str(day), plain[2:4], plain[:2]) and passes_luhn(_digits(plain))


def _is_norwegian(found: str) -> bool:
    plain = "".join(character for character in found if character.isdigit())
    day, month = int(plain[:2]), int(plain[2:4])
    day -= 40 if day > 40 else 0
    month -= 40 if month > 40 else 0
    digits = _digits(plain)
    return (
        _is_day(str(day), str(month), plain[4:6])
        and _weighted(digits[:10], "3761894521") % 11 == 0
        and _weighted(digits, "54327654321") % 11 == 0
    )


def _is_danish(found: str) -> bool:
    digits = _digits(found)
    return _is_day(found[:2], found[2:4], found[4:6]) and _weighted(digits, "4327654321") % 11 == 0


def _is_latvian(found: str) -> bool:
    digits = _digits(found)
    dated = _is_day(found[:2], found[2:4], found[4:6]) and digits[6] < 3
    check = (1 + _weighted(digits[:10], "A584216379")) % 11 % 10
    return (dated or found.startswith("32")) and check == digits[10]


def _is_german(found: str) -> bool:
    digits = _digits(found)
    counts = sorted(digits[:10].count(digit) for digit in set(digits[:10]))
    if digits[0] == 0 or counts[-1] not in {2, 3} or (len(counts) > 1 and counts[-2] > 1):
        return False
    product = 10  # ISO 7064, MOD 11,10
    for digit in digits[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == digits[10]


def _is_spanish(found: str) -> bool:
    plain = "".join(character for character in found if character.isalnum()).upper()
    number = int(str("XYZ".find(plain[0])) + plain[1:-1]) if plain[0] in "XYZ" else int(plain[:-1])
    return _SPANISH_LETTERS[number % 23] == plain[-1]


def _is_french(found: str) -> bool:
    plain = "".join(character for character in found if character.isalnum()).upper()
    month = int(plain[3:5])
    if not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        return False
    number = plain[:13].replace("2A", "19", 1) if plain[5:7] == "2A" else plain[:13]
    number = number[:5] + "18" + number[7:] if plain[5:7] == "2B" else number
    return number.isdigit() and 97 - int(number) % 97 == int(plain[13:])


def _is_chinese(found: str) -> bool:
    if int(found[:2]) not in _CHINESE_PLACES or not "1850" <= found[6:10] < "2100":
        return False
    if not _is_date(int(found[6:10]), int(found[10:12]), int(found[12:14])):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(found[:17]))
    return "10X98765432"[total % 11] == found[17].upper()


def _is_american(found: str) -> bool:
    area, group, serial = found[:3], found[4:6], found[7:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


_SCHEMES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(f"{_BEFORE}{form}{_AFTER}", re.IGNORECASE), check)
    for form, check in (
        (r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", _is_finnish),
        (r"[1-8]\d{5}(?:18|19|20)\d{9}[0-9X]", _is_chinese),
        (
            r"[123478](?:[ \u00a0]?\d\d){2}[ \u00a0]?(?:\d\d|2[AB])(?:[ \u00a0]?\d{3}){2}[ \u00a0]?\d\d",
            _is_french,
        ),
        (r"(?:\d{6}[-+]|\d{8}[-+]?)\d{4}", _is_swedish),
        (r"\d{6}-\d{5}", _is_latvian),
        (r"\d{6}[ \u00a0]?\d{5}", _is_norwegian),
        (r"\d{6}-\d{4}", _is_danish),
        (r"\d{2}[ \u00a0]?\d{3}[ \u00a0]?\d{3}[ \u00a0]?\d{3}", _is_german),
        (r"(?:\d{8}|\d\d\.\d{3}\.\d{3}|[XYZ][ -]?\d{7})[ -]?[A-HJ-NP-TV-Z]", _is_spanish),
        (r"\d{3}-\d\d-\d{4}", _is_american),
    )
)
# After a word that announces one: whatever has the length, mistyped ones included.
_NAMED = re.compile(
    r"(?P<name>(?:\b(?:henkilötunnu\w{1,6}|hetu|sotu|person(?:al)?nummer|samordningsnummer|"
    r"f[øo]dselsnummer|d-nummer|cpr(?:-(?:nr|nummer))?|personas[ ]kod\w{1,3}|"
    r"steuer(?:liche[ ])?-?id(?:entifikationsnummer)?|steuer-?idnr|idnr|tax[ ]id|dni|nie|nif|nir|"
    r"num[ée]ro[ ]de[ ]s[ée]curit[ée][ ]sociale|n[úu]mero[ ]de[ ]identidad|"
    r"ssn|social[ ]security[ ]n(?:umber|o|r)|"
    r"national[ ]insurance[ ]n(?:umber|o)|nino|national[ ]id(?:entity)?(?:[ ]number)?)\b|身份证(?:号码?)?)"
    r"[ .:：#=]{0,3}(?:(?:is|ist|on|är|er|ir|est|es|是|为|為)\b[ :：]{0,2})?)"
    r"(?P<number>[A-Z]{0,2}[ -]?\d(?:[ ./+-]?[0-9A-FU-Y]){5,17})(?![A-Za-z0-9])",
    re.IGNORECASE,
)


def without_national_ids(text: str, mark: str = "[id]") -> str:
    """Return the text with national identity numbers replaced.

    >>> without_national_ids("Ich bin 131052-308T, Auftrag 131052-3081")
    'Ich bin [id], Auftrag 131052-3081'
    """
    text = _NAMED.sub(lambda match: _named(match, mark), text)
    if not _LIKELY.search(text):
        return text
    for pattern, check in _SCHEMES:
        # mypy knows no type for a lambda with a default, which binds the check of this turn.
        text = pattern.sub(lambda match, check=check: mark if check(match[0]) else match[0], text)  # type: ignore[misc]
    return text


def _named(match: re.Match[str], mark: str) -> str:
    enough = sum(character.isdigit() for character in match["number"]) >= 6
    return match["name"] + mark if enough else match[0]
