"""Journals: comments of a record that ServiceNow and its like put below a reply, each under a stamp.

A stamp has a date, a time with seconds, a dash, a name and what kind of comment follows. Dashes and a line
such as "Reply from: desk@example.com" may stand above the first one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.text.mails.attributions import ADDRESS

_STAMP = re.compile(
    r"\W{0,3}\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}[:.]\d\d[:.]\d\d(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?: [A-Z]{2,5}(?:[+-]\d{1,2}(?::?\d\d)?)?)? [-–] "
    r"[^\W\d_][^\n:]{0,60}?(?:\s{2,}|\t| \()[^\W\d_][^\d:]{2,40}\)?$"
)
_REPLY_FROM = re.compile(rf"[^\W\d_][^:：\d\n]{{1,30}}[:：]\s*<?(?:mailto:)?{ADDRESS}>?$")
_REFERENCE = re.compile(r"Ref:\s?(?:MSG|TIS)[\w-]{4,80}$")


def is_stamp(line: str) -> bool:
    """Tell whether a line is the stamp of a comment in a journal.

    >>> is_stamp("18-11-2025 09:12:33 CET - Tom Agent  Additional comments")
    True
    >>> is_stamp("18-11-2025 09:12:33 CET - restart of the lamp")
    False
    """
    return len(line) <= 200 and line[:5].strip(" *_[(")[:1].isdigit() and _STAMP.match(line) is not None


def journal_end(lines: Sequence[str], at: int) -> int:
    """Return the number of the line after the stamp of a journal that begins at a line; 0 where none does.

    The journal may begin with its stamp, or with a line that says whose reply it is right above it.
    """
    line = lines[at]
    if is_stamp(line):
        return at + 1
    if len(line) > 160 or not _REPLY_FROM.match(line):
        return 0
    following = at + 1
    while following < len(lines) and not lines[following]:
        following += 1
    return following + 1 if following < len(lines) and is_stamp(lines[following]) else 0


def is_reference(line: str) -> bool:
    """Tell whether a line is the reference of a message, such as "Ref:MSG0042_aB3"."""
    return line.startswith("Ref:") and _REFERENCE.match(line) is not None
