"""Digits of all scripts: Arabic, Devanagari, fullwidth and further ones are read as the plain ones."""

from __future__ import annotations

import re
import unicodedata

_OTHER_DIGIT = re.compile(r"[^\D0-9]")
# Signs between and around digits as Japanese and Chinese keyboards write them.
_SIGNS = str.maketrans("\uff0b\uff08\uff09\uff0d\uff0e\uff0f\uff1a\uff20\u2212\u30fc\u2010", "+()-./:@---")
_NEAR_DIGITS = re.compile(
    r"(?<=\d)[\uff08-\uff0f\u2212\u30fc\u2010\uff1a]{1,2}(?=\d)|\uff0b(?=\d)|\uff08(?=\d)|(?<=\d)\uff09"
)
_MARK = re.compile(r"\[(?:mail|phone|iban|card|ip|id|secret)\]")


def with_plain_digits(text: str) -> str:
    """Return the text with digits of all scripts as 0 to 9; it has as many characters as before.

    >>> with_plain_digits("電話：０９０－１２３４－５６７８")
    '電話：090-1234-5678'
    """
    if text.isascii() or not _OTHER_DIGIT.search(text):
        return text
    plain = _OTHER_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text)
    return _NEAR_DIGITS.sub(lambda match: match[0].translate(_SIGNS), plain)


def with_digits_of(original: str, plain: str, redacted: str) -> str:
    """Return a redacted text with the digits that it had, where these are still there.

    `plain` is the original with plain digits, and `redacted` is what was left of it.
    """
    parts: list[str] = []
    at = 0
    for kept, mark in _kept_and_marks(redacted):
        start = plain.find(kept, at)
        if start < 0:
            return redacted
        at = start + len(kept)
        parts += [original[start:at], mark]
    return "".join(parts)


def _kept_and_marks(redacted: str) -> list[tuple[str, str]]:
    marks = [*(match[0] for match in _MARK.finditer(redacted)), ""]
    return list(zip(_MARK.split(redacted), marks, strict=True))
