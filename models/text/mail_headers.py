"""Header blocks: the lines "From: … Sent: … To: … Subject: …" above a quoted mail, as Outlook writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.text.mail_phrases import HEADER_ROLES, has_email_address

_RULE = re.compile(r"[\s*_=~—–-]{3,}$")
_LABEL = re.compile(r"[\s*_\"]{0,4}([^\W\d_][^:：\n]{0,24}?)[\s*_\"]{0,4}[:：]")
_INLINE_LABEL = re.compile(r"(?:^|[\s*])([^\W\d_]\w{0,15})\*?\s?[:：](?=[\s*])")
_LOOK_AHEAD = 16


def is_rule(line: str) -> bool:
    """Tell whether a line consists of dashes, underscores or the like."""
    return _RULE.match(line) is not None


def end_of_header_block(lines: Sequence[str], start: int) -> int | None:
    """Return the number of the line after a header block that begins at `start`, or None when there is none.

    A block names the sender and two more parts, and either the subject or a mail address: a form that asks
    "From: … To: … Date: …" for a delivery is none. Long values may go on in the next line.
    """
    start = _after_rule(lines, start)
    if start >= len(lines) or _role(lines[start]) not in ("from", "date", "subject", "to"):
        return None
    if _is_squeezed_block(lines[start]):
        return start + 1
    roles: set[str] = set()
    last, wrapped, blank, address = start, 0, 0, False
    for at in range(start, min(start + _LOOK_AHEAD, len(lines))):
        role = _role(lines[at])
        if role in roles:
            break
        if role is not None:
            roles.add(role)
            last, wrapped, blank = at, 0, 0
        elif lines[at]:
            wrapped += 1
        else:
            blank += 1
        if wrapped > 2 or blank > 1:
            break
        address = address or (role is not None and has_email_address(lines[at]))
    roles -= {"other"}
    is_block = "from" in roles and len(roles) >= 3 and ("subject" in roles or address)
    return last + 1 if is_block else None


def _role(line: str) -> str | None:
    match = _LABEL.match(line[:60])
    return HEADER_ROLES.get(match[1].strip().lower()) if match else None


def _after_rule(lines: Sequence[str], start: int) -> int:
    """Skip the long underscores that Outlook puts above a block."""
    if start < len(lines) and len(lines[start]) >= 5 and is_rule(lines[start]):
        start += 1
        while start < len(lines) and not lines[start]:
            start += 1
    return start


def _is_squeezed_block(line: str) -> bool:
    """Tell whether a whole header block stands in one line."""
    roles = {HEADER_ROLES.get(label.lower()) for label in _INLINE_LABEL.findall(line[:600])}
    return {"from", "subject"} <= roles and len(roles - {None, "other"}) >= 3
