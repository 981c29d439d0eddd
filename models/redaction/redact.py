"""Redaction of personal data by rules.

Mail addresses, phone numbers, bank accounts, payment cards, IP addresses, national identity numbers,
passwords and keys are each replaced by the kind in brackets, so that the text can still be read. Numbers are
recognised by the word before them, or by their form and check digits; other long numbers (orders, tickets)
stay. Names of people are not recognised.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from models.checkpoints import checkpoint
from models.redaction.access_codes import without_access_codes
from models.redaction.accounts import without_accounts, without_cards
from models.redaction.credentials import without_credentials
from models.redaction.digits import with_digits_of, with_plain_digits
from models.redaction.labels import forget_text, label_before
from models.redaction.lexicon import Kind
from models.redaction.national_ids import without_national_ids
from models.redaction.passwords import without_passwords
from models.redaction.phone_numbers import without_phone_numbers

Redactor = Callable[[str, str], str]
"""Function from a text and its language (ISO 639-1, "" if not known) to the redacted text."""

WITHHELD = "[withheld]"
"""Placeholder of a text that could not be redacted."""

# Letters of alphabets, and no others: Chinese and Japanese put no space before an address.
_LETTERS = "A-Za-z0-9_\u00c0-\u10ff\u1200-\u1fff"
_AT = r"(?:@| ?[\[(] ?(?:at|ät|arroba|@) ?[\])] ?)"
_MAIL = re.compile(rf"[{_LETTERS}.+%'-]{{1,64}}{_AT}[{_LETTERS}-]{{1,63}}(?:\.[{_LETTERS}-]{{1,63}}){{1,8}}")
_IPV4 = re.compile(rf"(?<![{_LETTERS}.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![{_LETTERS}]|\.\d)")
_IP_VERSION_4, _FEWEST_GROUPS = 4, 3
_IPV6_GROUP = re.compile(r"(?=.*\d)[0-9a-f]{4}", re.IGNORECASE)
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])", re.IGNORECASE)


def redact(text: str, language: str = "") -> str:
    """Return the text with personal data replaced; `language` as for a `Redactor`.

    >>> redact("Write to ann.lee@example.com or call +49 30 1234567.")
    'Write to [mail] or call [phone].'
    >>> redact("Order 20260504123, paid from DE89 3704 0044 0532 0130 00")
    'Order 20260504123, paid from [iban]'
    """
    plain = with_plain_digits(text)
    try:
        redacted = _redacted(plain, language)
    finally:
        forget_text()
    return redacted if plain == text else with_digits_of(text, plain, redacted)


def _redacted(text: str, language: str) -> str:
    for without in _IN_ORDER:
        text = without(text)
        checkpoint()
    return without_phone_numbers(text, language)


def redact_with_rules(text: str, language: str) -> str:
    """Redact as `redact`; a `Redactor`."""
    return redact(text, language)


def _without_mail_addresses(text: str) -> str:
    return _MAIL.sub("[mail]", text)


def _without_ip_addresses(text: str) -> str:
    return _IPV6.sub(_without_address, _IPV4.sub(_without_address, text))


def _without_address(match: re.Match[str]) -> str:
    found = match.group()
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return found
    label = label_before(match.string, match.start())
    if address.version == _IP_VERSION_4:
        is_name = label.is_business or _looks_like_version(found)
    else:
        is_name = _is_identifier(found)
    is_phone = label.says(Kind.PHONE, Kind.CALL)
    return found if is_phone or (is_name and not label.says(Kind.ADDRESS)) else "[ip]"


def _is_identifier(found: str) -> bool:
    """Tell whether words and colons are rather a program's, as in "a::b"."""
    groups = [group for group in found.split(":") if group]
    return len(groups) < _FEWEST_GROUPS and not any(_IPV6_GROUP.fullmatch(group) for group in groups)


def _looks_like_version(found: str) -> bool:
    """Tell whether four numbers are rather a version's: one in a hundred addresses has two as small."""
    return not found.startswith("192.168.") and sum(len(part) == 1 for part in found.split(".")) > 1


_IN_ORDER = (
    without_credentials,
    without_passwords,
    without_access_codes,
    _without_mail_addresses,
    without_accounts,
    without_national_ids,
    without_cards,
    _without_ip_addresses,
)
