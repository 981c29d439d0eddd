"""Numbers of people: identity, tax and insurance numbers, recognised by form, date of birth and check digits.

python-stdnum knows the schemes. A number that could as well be an order's (plain digits, an outdated check
digit, a mistyped one) counts only after a word that announces it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.redaction.labels import label_before
from models.redaction.lexicon import Kind

_LIKELY = re.compile(r"\d\d")  # every scheme has so many digits in a row, most texts have not
_BEFORE = r"(?<![A-Za-z0-9_.,+/-])(?<![0-9][ \u00a0])"
_AFTER = r"(?![A-Za-z0-9_]|[-./,]\d|[ \u00a0]\d)"
_BORN_BEFORE = 2015  # a later date at the beginning is an order's, not a customer's


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One country's numbers: their form, stdnum's module, and whether no order number has that form."""

    module: str
    form: str
    distinct: bool = True

    def pattern(self) -> re.Pattern[str]:
        """Return the pattern of its numbers."""
        return _compiled(self.form)


@cache
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + form + _AFTER, re.IGNORECASE)


_SCHEMES = (
    _Scheme("fi.hetu", r"\d{6} ?[-+A-FU-Y] ?\d{3}[0-9A-Y]"),
    _Scheme(
        "cn.ric",
        r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}(?:18|19|20)\d{9}[0-9X]",
    ),
    _Scheme(
        "fr.nir",
        r"[123478](?:[ \u00a0]?\d\d){2}[ \u00a0]?(?:\d\d|2[AB])(?:[ \u00a0]?\d{3}){2}[ \u00a0]?\d\d",
    ),
    _Scheme(
        "it.codicefiscale",
        r"[A-Z]{3} ?[A-Z]{3} ?[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2} ?[A-Z][0-9L-NP-V]{3}[A-Z]",
    ),
    _Scheme("es.nif", r"(?:\d{8}|\d\d\.\d{3}\.\d{3}|[XYZ][ -]?\d{7})[ -]?[A-HJ-NP-TV-Z]"),
    _Scheme("be.nn", r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d"),
    _Scheme("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d\d"),
    _Scheme("ch.ssn", r"756\.\d{4}\.\d{4}\.\d\d"),
    _Scheme("mx.curp", r"[A-Z]{4}\d{6}[A-Z]{6}[0-9A-Z]\d"),
    _Scheme("kr.rrn", r"\d{6}-[1-8]\d{6}"),
    _Scheme("se.personnummer", r"(?:\d{6}[-+]|\d{8}[-+]?)\d{4}", distinct=False),
    _Scheme("lv.pvn", r"\d{6}-\d{5}", distinct=False),
    _Scheme("no.fodselsnummer", r"\d{6}[ \u00a0]?\d{5}", distinct=False),
    _Scheme("dk.cpr", r"\d{6}-\d{4}", distinct=False),
    _Scheme("is_.kennitala", r"\d{6}-\d{4}", distinct=False),
    _Scheme("de.idnr", r"\d{2}[ \u00a0]?\d{3}[ \u00a0]?\d{3}[ \u00a0]?\d{3}", distinct=False),
    _Scheme("pl.pesel", r"\d{11}", distinct=False),
    _Scheme("ee.ik", r"[3-6]\d{10}", distinct=False),
    _Scheme("ro.cnp", r"[1-8]\d{12}", distinct=False),
    _Scheme("cz.rc", r"\d{6}/\d{4}", distinct=False),
    _Scheme("us.ssn", r"\d{3}-\d\d-\d{4}", distinct=False),
)
# After a word that announces one, be it a sentence away: what has the right check digit in one of these too.
_CHINESE_LENGTH = 18
_MORE_MODULES = """
at.vnr au.tfn bg.egn ca.sin de.stnr fr.nif gb.nhs gb.utr gr.amka hr.oib ie.pps in_.aadhaar it.iva jp.in_
lt.asmens nl.bsn pl.nip pt.cc pt.nif ru.inn si.emso sk.rc tr.tckimlik us.itin za.idnr
al.nipt by.unp id.nik il.idnr my.nric th.pin ua.rntrc
"""
_AFTER_LABEL = (*dict.fromkeys(scheme.module for scheme in _SCHEMES), *_MORE_MODULES.split())
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_Α-ωА-яІі])(?:[A-ZΑ-ΩА-ЯІ]{2} |[A-Za-zΑ-Ωα-ωА-яІі]{1,6}-?)?\d[A-Za-z0-9]*+"
    r"(?:[ \u00a0./+-]{1,3}\d[A-Za-z0-9]*+)*+(?:[ -][A-Za-z](?![^\W_]))?"
    r"|(?<![A-Za-z0-9_])[A-Za-z]{6}\d[A-Za-z0-9]{9}(?![A-Za-z0-9_])"
)
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}-\d\d-\d\d")
_FEWEST_DIGITS, _FEWEST_FAR_DIGITS, _MOST_CHARS = 6, 8, 30
_FOR_A_TIME = re.compile(r"(?P<month>(?:\d\d)?\d{4})(?P<tens>[6-9])(?P<rest>\d[-+]?\d{4})")


def passes_luhn(digits: list[int]) -> bool:
    """Tell whether the last digit is the check digit of the others, by Luhn's method.

    >>> passes_luhn([4, 5, 3, 9, 1, 4, 8, 8, 0, 3, 4, 3, 6, 4, 6, 7])
    True
    """
    doubled = [2 * digit for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(value - 9 if value > 9 else value for value in doubled)) % 10 == 0


def without_national_ids(text: str, mark: str = "[id]") -> str:
    """Return the text with national identity numbers replaced.

    >>> without_national_ids("Ich bin 131052-308T, Auftrag 131052-3081")
    'Ich bin [id], Auftrag 131052-3081'
    """
    if not _LIKELY.search(text):
        return text
    text = _NUMBER.sub(lambda match: mark if _is_announced(match) else match.group(), text)
    for scheme in _SCHEMES:
        # mypy knows no type for a lambda with a default, which binds the scheme of this turn.
        text = scheme.pattern().sub(lambda m, scheme=scheme: mark if _is_one(scheme, m) else m[0], text)  # type: ignore[misc]
    return text


def _is_announced(match: re.Match[str]) -> bool:
    found = match.group()
    digits = sum(character.isdigit() for character in found)
    enough = digits >= _FEWEST_DIGITS or (digits == _FEWEST_DIGITS - 1 and len(found) > _FEWEST_DIGITS)
    if not enough or len(found) > _MOST_CHARS:
        return False
    label = label_before(match.string, match.start())
    if Kind.IDENTITY not in label.kinds and found[:2].isalpha() and found[2] == " ":
        label = label_before(match.string, match.start() + 3)  # "číslo OP 123456789"
    if Kind.IDENTITY not in label.kinds or _DATE.fullmatch(found):
        return False
    # "My tax number has changed: …" ends with a colon or a word such as "is".
    is_said = label.small_words > 0 and digits >= _FEWEST_FAR_DIGITS
    return label.adjacent or is_said or any(is_valid(module, found) for module in _AFTER_LABEL)


def _is_one(scheme: _Scheme, match: re.Match[str]) -> bool:
    found = match.group()
    if not is_valid(scheme.module, found):
        return False
    if scheme.distinct:
        return True
    if found.isdigit() and _begins_with_a_late_date(found):
        return False
    return not label_before(match.string, match.start()).is_business


def _begins_with_a_late_date(digits: str) -> bool:
    """Tell whether plain digits begin with a year, month and day of the last years."""
    return _BORN_BEFORE <= int(digits[:4]) < _BORN_BEFORE + 30 and digits[4:6] <= "12" and digits[6:8] <= "31"


def is_valid(module: str, number: str) -> bool:
    """Tell whether a number has the form and check digits of one of stdnum's modules, such as "fi.hetu"."""
    scheme = _stdnum(module)
    if module == "es.nif":
        number = number.replace(".", "")
    try:
        if module == "cn.ric":  # without the place of birth: stdnum's table of places takes 9 MB
            is_dated = len(number) == _CHINESE_LENGTH and scheme.get_birth_date(number) is not None
            return is_dated and scheme.calc_check_digit(number) == number[-1].upper()
        valid = bool(scheme.is_valid(number))
    except (ValueError, LookupError):  # some of stdnum's schemes expect digits where they find letters
        return False
    if module == "dk.cpr":  # numbers of the last years have no check digit: an order's number could be one
        return valid and scheme.checksum(scheme.compact(number)) == 0
    return valid or (module == "se.personnummer" and _is_for_a_time(number))


def _is_for_a_time(number: str) -> bool:
    """Tell whether a number is one of people who are in Sweden for a time: 60 is added to their day."""
    match = _FOR_A_TIME.fullmatch(number)
    if not match:
        return False
    digits = [int(character) for character in number if character.isdigit()]
    born = f"{match['month']}{int(match['tens']) - 6}{match['rest']}"
    try:
        _stdnum("se.personnummer").get_birth_date(born)
    except ValueError:  # what stdnum raises derives from it
        return False
    return passes_luhn(digits[-10:])


@cache
def _stdnum(module: str) -> Any:
    from stdnum import get_cc_module  # only once a number looks like one

    return get_cc_module(*module.split("."))
