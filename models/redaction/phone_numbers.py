"""Phone numbers, recognised by their form, by words before them, and by how people of a language write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from models.redaction.label_words import JOINING, SHORT_PHONE
from models.redaction.labels import Label, label_before, says_phone_after
from models.redaction.lexicon import Kind, any_word_of

_GAP = r"[ \u00a0\u2009\u202f./()·\u2010\u2011–-]"
# One run of digits, however it is grouped. Chinese and Japanese put no space between words and numbers.
_RUN = re.compile(
    rf"(?<![0-9_,/-])(?<!\d[:.])(?:\(?\+ ?|\(\+?)?\d(?:{_GAP}{{0,3}}+\d)*+(?![A-Za-z0-9_@]|:\d)"
)
_GLUED = re.compile(r"[A-Za-z.]")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15
_FEWEST_AFTER_LABEL = 5
_LONG_DIGITS, _MOST_LOCAL_DIGITS = 9, 12

_FORMS = re.compile(
    r"(?:\(?\+|00 ?)\D?\d.*"  # from abroad: +49 …, 0049 …
    r"|\(?0[1-9].*"  # within most countries: 030 …, 06.12.34.56.78
    r"|(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}"  # North America
    r"|\((?!19|20)\d{2,4}\) ?\d{3,4}[ -]?\d{2,4}(?:[ -]?\d{2,4})?"  # with an area code in brackets
    r"|8[ -]\(?9\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2}"  # Russian mobiles
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # Chinese mobiles
    r"|\d{2,3}([ .-])\d{2,3}\1\d{2}\1\d{2}"  # 93 123 45 67, 601 23 45 67: amounts are grouped by threes
)
# What only a phone number is, however short the word before it: "p.0405551234" is no page.
_AFTER_ABBREVIATION = re.compile(r"(?:\(?\+|00 ?)\D?\d.*|\(?0[1-9].*|5\d{2}[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}")
_FEWEST_AFTER_ABBREVIATION, _MOST_AFTER_ABBREVIATION = 9, 13
_CHARS_OF_ABBREVIATION = 10
# Where numbers have no first zero: how many digits in how many groups, by language.
_NINE = r"(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{2}([ .-])\d{3}\2\d{2}\2\d{2}|\d{3}([ .-])\d{2}\3\d{2}\3\d{2})"
_EIGHT = r"(?:\d{2}([ .])\d{2}\1\d{2}\1\d{2}|\d{3}([ .])\d{2}\2\d{3}|\d{2}([ .])\d{3}\3\d{3})"
_LOCAL = {
    language: form
    for languages, form in (
        ("es", rf"(?=[6-9]){_NINE}"),
        ("pt", rf"(?=[29]){_NINE}"),
        ("pl", rf"(?=[1-8]){_NINE}"),
        ("cs", rf"(?=[2-7]){_NINE}"),
        ("it", r"3\d{2}(?:\d{6,7}|([ .-])\d{3}\1?\d{3,4}|([ .-])\d{2}\2\d{2}\2\d{2,3})"),
        ("da nb", rf"(?=[2-9]){_EIGHT}"),
        ("lv", rf"(?=[26]){_EIGHT}"),
        ("et", r"5\d{2,3}([ -])\d{3,4}|[67]\d{2}([ -])\d{4}"),
        ("lt", r"(?:8[ -])?(?:6\d{2}([ -])\d{2}\1?\d{3}|[3-6]\d{2}([ -])\d{5})"),
        ("ru", r"8[ -]?\(?[3-9]\d{2}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}"),
        ("el", r"(?:69|2\d)\d(?:\d{7}|([ -])\d{3}\1\d{4})"),
    )
    for language in languages.split()
}
_GROUPED = re.compile(r"\d{2,4}(?:[ .-]\d{2,4}){2,4}|\d{3,4}[ -]\d{4}")

_DATE = re.compile(
    r"\d{1,2}([./-])[0-3]?\d\1(?:\d{4}|\d{2})(?![./-]?\d)|(?:19|20)\d\d([./-])[01]\d\2[0-3]\d(?!\d)"
)
_OPENING_HOURS = re.compile(r"[012]?\d[.:][0-5]\d ?[-–] ?[012]?\d[.:][0-5]\d(?![\d.-])")
_MONEY_AFTER = re.compile(
    r"[,.]\d|\s?(?:[€$£¥₽₩%]|(?:eur|euros?|usd|gbp|chf|sek|nok|dkk|kr|zł|pln|kč|czk|руб|km|kg|mb|gb|kb)\b"
    r"|[元円원块]|欧元|歐元|美元|人民币)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:[€$£¥₽₩]|\b(?:eur|usd|gbp|chf|sek|nok|dkk|pln))\s?$", re.IGNORECASE)
_SIGN = re.compile(
    r"[\u260e\u260f\u2706\U0001f4de\U0001f4f1\U0001f4f2\U0001f4e0]\ufe0f?[ \u00a0]?$"
)  # a telephone's
# Between numbers that are listed.
_LISTED = re.compile(rf"[ \u00a0]?(?:,|/|;|\b{any_word_of(JOINING)}\b|或|和)[ \u00a0]?", re.IGNORECASE)
_IN_LINK = re.compile(
    r"(?P<before>\b(?:wa\.me/|whatsapp\.com/send/?\?phone=))\+?\d{7,15}(?!\d)", re.IGNORECASE
)


def without_phone_numbers(text: str, language: str = "") -> str:
    """Return the text with phone numbers replaced by "[phone]".

    Numbers that are written without a first zero are known by their grouping where `language` (ISO 639-1)
    says whose they are.

    >>> without_phone_numbers("Ring meg på 912 34 567 om ordre 20260504123, eller (030) 90 18 20.")
    'Ring meg på [phone] om ordre 20260504123, eller [phone].'
    """
    text = _IN_LINK.sub(r"\g<before>[phone]", text)
    local = _local(language)
    parts: list[str] = []
    at = 0
    for match in _RUN.finditer(text):
        if _digits(match.group()) < _FEWEST_AFTER_LABEL:
            continue
        between = text[at : match.start()]
        is_listed = (parts[-1:] == ["[phone]"] or between.startswith("[phone]")) and bool(
            _LISTED.fullmatch(between.removeprefix("[phone]"))
        )
        parts += [between, *_replaced(match, local, is_listed=is_listed)]
        at = match.end()
    return "".join(parts) + text[at:]


@cache
def _local(language: str) -> re.Pattern[str] | None:
    return re.compile(_LOCAL[language]) if language in _LOCAL else None


def _digits(found: str) -> int:
    return sum(character.isdigit() for character in found)


def _replaced(match: re.Match[str], local: re.Pattern[str] | None, *, is_listed: bool) -> Iterator[str]:
    """Yield a run of digits, its phone numbers replaced."""
    label = label_before(match.string, match.start())
    if _follows_abbreviation(match) or _follows_sign(match) or _precedes_label(match, label):
        yield "[phone]"
        return
    if match.start() and _GLUED.match(match.string, match.start() - 1) and not label.says(Kind.PHONE):
        yield match.group()  # of a name such as "art.0612345678" or "AB1234567"
        return
    if label.kinds == {Kind.CALL}:  # "teléfono de contacto" is a telephone
        further = label_before(match.string, match.start(), passing=frozenset({Kind.CALL}))
        label = further if further.says(Kind.PHONE) else label
    found = match.group()
    for part in _parts(found):
        is_number = _FEWEST_AFTER_LABEL <= _digits(part) <= _MOST_DIGITS and not _is_time(part)
        if part == found and _is_amount(match):
            is_number = False
        is_phone = is_number and (
            _is_phone(part, label, local) or (is_listed and _digits(part) >= _FEWEST_DIGITS)
        )
        is_listed = is_phone or (is_listed and not is_number)
        yield "[phone]" if is_phone else part


@cache
def _abbreviation() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![^\W_])(?<![^\W_][.])(?:{any_word_of(SHORT_PHONE)}[.:]|cep)[ \u00a0]?$", re.IGNORECASE
    )


def _follows_abbreviation(match: re.Match[str]) -> bool:
    """Tell whether a run has the form of a phone number and stands after "p.", "port." or the like."""
    text, start = match.string, match.start()
    digits = _digits(match.group())
    if not _FEWEST_AFTER_ABBREVIATION <= digits <= _MOST_AFTER_ABBREVIATION:
        return False
    if not _AFTER_ABBREVIATION.fullmatch(match.group()):
        return False
    return _abbreviation().search(text, max(0, start - _CHARS_OF_ABBREVIATION), start) is not None


def _follows_sign(match: re.Match[str]) -> bool:
    return _SIGN.search(match.string, max(0, match.start() - 3), match.start()) is not None


def _precedes_label(match: re.Match[str], label: Label) -> bool:
    """Tell whether words right after a run say that it is a phone number, as in "98765432 (mobile)"."""
    if not _FEWEST_DIGITS <= _digits(match.group()) <= _MOST_DIGITS or _is_time(match.group()):
        return False
    return not label.is_business and says_phone_after(match.string, match.end())


def _parts(found: str) -> list[str]:
    """Part a run of digits: after a date or hours, and at its widest gaps if it is too long for a number."""
    time = _DATE.match(found) or _OPENING_HOURS.match(found)
    rest = found[time.end() :] if time else found
    parts = re.split(r"( [/–-] | {2,3}| ?/ ?)", rest) if _digits(rest) > _MOST_DIGITS else [rest]
    return [time.group(), *re.split(r"^([ ,()–-]+)", parts[0]), *parts[1:]] if time else parts


def _is_time(found: str) -> bool:
    return bool(_DATE.match(found) or _OPENING_HOURS.match(found))


def _is_amount(match: re.Match[str]) -> bool:
    """Tell whether a run is an amount or a measure."""
    if match.group().startswith(("+", "00", "(")):
        return False
    text, start = match.string, match.start()
    return bool(_MONEY_AFTER.match(text, match.end()) or _MONEY_BEFORE.search(text, max(0, start - 5), start))


def _is_phone(found: str, label: Label, local: re.Pattern[str] | None) -> bool:
    if label.says(Kind.PHONE):
        return True
    enough = _digits(found) >= _FEWEST_DIGITS
    if label.says(Kind.CALL) and enough and (label.small_words or label.numbered):
        return True
    if not enough or (label.is_business and not found.startswith("+")):
        return False
    if _FORMS.fullmatch(found) or (local and local.fullmatch(found)):
        return True
    if not label.kinds & {Kind.PHONE, Kind.CALL}:
        return False
    is_long = Kind.PHONE in label.kinds and _LONG_DIGITS <= _digits(found) <= _MOST_LOCAL_DIGITS
    return bool(label.numbered or is_long or _GROUPED.fullmatch(found))
