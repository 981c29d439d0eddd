"""PINs, card verification values and one-time codes, after a word that announces them."""

from __future__ import annotations

import re

from models.redaction.further_words import COPULAS as FURTHER_COPULAS
from models.redaction.label_words import COPULAS
from models.redaction.labels import label_before, says_code_after
from models.redaction.lexicon import Kind, any_word_of

_CODE = re.compile(
    r"(?:(?<![A-Za-z0-9_.,+/-])|(?<=\b(?:CVV|CVC|PIN|OTP|TAN))|(?<=\b(?:CVV|CVC|PIN|OTP|TAN)-))"
    r"(?:[A-Z]-)?(?:(?:(?P<spelt>\d(?:[ -]\d){3,7}|\d\d(?:[ -]\d\d){1,3})"
    r"|\d{3}[ -]\d{3,4}|\d{4}[ -]\d{4})(?![ -]?\d)|\d{3,8})"
    r"(?![A-Za-z0-9_@]|[.,:/-]\d|[ \u00a0]?[€$£¥₽%])"
)
_IS_SAID = re.compile(rf"(?:[:：=]|\b{any_word_of(COPULAS, FURTHER_COPULAS)})\s{{0,2}}$", re.IGNORECASE)
_CHARS_OF_COPULA = 20
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_OTHER_WORDS = 3


def without_access_codes(text: str, mark: str = "[secret]") -> str:
    """Return the text with codes of three to eight digits replaced where a word before says what they are.

    >>> without_access_codes("The PIN is 4821, the error code is 1067")
    'The PIN is [secret], the error code is 1067'
    """
    return _CODE.sub(lambda match: mark if _is_announced(match) else match.group(), text)


def _is_announced(match: re.Match[str]) -> bool:
    text, start = match.string, match.start()
    # "The PIN of my card is 4821" is about a PIN.
    label = label_before(text, start, passing=frozenset({Kind.CARD, Kind.ACCOUNT}))
    if label.taken:
        return False
    if Kind.CODE not in label.kinds:
        return label.coded and not label.same_phrase and says_code_after(text, match.end())
    is_said = label.coded or _IS_SAID.search(text, max(0, start - _CHARS_OF_COPULA), start) is not None
    if label.adjacent:
        return is_said or not match["spelt"]  # "pins 1 2 3 4 are bent" are no code
    return is_said and label.other_words <= _MOST_OTHER_WORDS and not _YEAR.fullmatch(match.group())
