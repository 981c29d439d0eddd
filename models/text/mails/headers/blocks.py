"""Header blocks: the lines "From: … Sent: … To: … Subject: …" above a quoted mail, as Outlook writes them.

A block is recognised by its labels in the languages below, and in any other by its form: short
`Label: value` lines right below one another, with mail addresses and a date among the values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.text.mails.attributions import ADDRESS, has_clock_time, has_email_address
from models.text.mails.headers.labels import INLINE_LABEL, ROLES, labelled, role_of
from models.text.mails.subject import has_listed_prefix, is_prefixed

ADDRESS_AFTER_BRACKET = re.compile(rf"[<(\[](?:mailto:)?{ADDRESS}")
_RULE = re.compile(r"(?!-_{1,2}-$)[\s*_=~—–─━═-]{3,}$")
# "E-mail:" in a form; no header has this label.
_MAIL_LABEL = re.compile(
    r"mail|e-?post|correo|courriel|sähköposti|e-?pasts|el\. ?paštas|pošt|почт|пошт|пошта|имейл|posta|"
    r"メール|邮箱|邮件|電郵|信箱|메일|بريد|אימייל|דוא|อีเมล"
)
_BARE_ADDRESS = re.compile(rf"<?{ADDRESS}>?$")
# The name of a weekday beside that of a month, as mail programs write dates.
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}\W.*[^\W\d_]{3,}|曜|요일|星期|周[一二三四五六日]")
_LOOK_AHEAD = 16
_ALL_ROLES = 4
_LONGEST_SQUEEZED = 1_500


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """A header block that ends before line `end`.

    `certain`: an address, or a date as mail programs write it, says that it is no person's form. `addressed`:
    an address is among the values. `sender`: the value of the label for the sender, with name and address.
    """

    end: int
    subject: str
    certain: bool
    addressed: bool = True
    sender: str = ""

    @property
    def is_of_a_reply(self) -> bool:
        """Tell whether the subject has a prefix such as "Re:", in any language."""
        return is_prefixed(self.subject)


def next_line(lines: Sequence[str], at: int) -> int:
    """Return the number of the first line from `at` on that is neither empty nor a rule."""
    while at < len(lines) and (not lines[at] or is_rule(lines[at])):
        at += 1
    return at


def is_rule(line: str) -> bool:
    """Tell whether a line consists of dashes, underscores or the like."""
    return _RULE.match(line) is not None


def header_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """Return the header block that begins at `start`, or None when there is none.

    In a known language a block names the sender and two more parts, and the subject, a mail address or
    when it was sent: a form that asks "From: … To: … Date: …" for a delivery is none. Long values may go on
    in the next line.
    """
    start = _after_rule(lines, start)
    if start >= len(lines) or not (match := labelled(lines[start])):
        return None
    if role_of(match) in ("from", "sent", "date", "subject", "to"):
        if is_squeezed_block(lines[start]):
            return HeaderBlock(start + 1, "", certain=True)
        return _known_block(lines, start) or _block_by_form(lines, start)
    return _block_by_form(lines, start)


def inline_block(line: str) -> int:
    """Return where a whole header block begins within a line, behind the end of a sentence; else 0."""
    if "@" not in line:
        return 0
    for match in INLINE_LABEL.finditer(line[:_LONGEST_SQUEEZED]):
        start = match.start(1)
        if ROLES.get(match[1].lower()) == "from" and start and line[:start].rstrip()[-1:] in ".!?。！？":
            return start if is_squeezed_block(line[start:]) else 0
    return 0


def is_squeezed_block(line: str) -> bool:
    """Tell whether a whole header block stands in one line."""
    line = line[:_LONGEST_SQUEEZED]
    roles = {ROLES.get(label.lower()) for label in INLINE_LABEL.findall(line)} - {None, "other"}
    if not {"from"} <= roles or len(roles) < 2:
        return False
    if len(roles) >= 3 and ("subject" in roles or has_email_address(line)):
        return True
    return bool(roles & {"sent", "date"}) and has_email_address(line) and has_clock_time(line)


def _known_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    roles: dict[str, str] = {}
    last, wrapped, blank, address = start, 0, 0, False
    unknown: list[re.Match[str]] = []
    for at in range(start, min(start + _LOOK_AHEAD, len(lines))):
        match = labelled(lines[at])
        role = role_of(match) if match else None
        if role in roles and role != "other":
            break
        if match and role is not None:
            if any(_BARE_ADDRESS.match(other["value"].strip()) for other in unknown):
                return None  # a form, which asks for more than a header has
            roles[role] = match["value"].strip()
            last, wrapped, blank = at, 0, 0
        elif lines[at]:
            wrapped += 1
            unknown += [match] if match else []
        else:
            blank += 1
        if wrapped > 2 or blank > 1:
            break
        address = address or (role is not None and has_email_address(lines[at]))
    roles.pop("other", None)
    date = roles.get("sent", "") + " " + roles.get("date", "")
    dated = has_clock_time(date)
    sent = "sent" in roles and dated
    full = "from" in roles and len(roles) >= 3 and ("subject" in roles or address or sent)
    short = len(roles) >= 2 and address and dated and bool(roles.keys() & {"from", "to"})
    if not full and not short:
        return None
    written = dated and _TWO_WORDS.search(date) is not None
    certain = address or (sent and "subject" not in roles) or (written and (sent or len(roles) >= _ALL_ROLES))
    return HeaderBlock(
        last + 1, roles.get("subject", ""), certain=certain, addressed=address, sender=roles.get("from", "")
    )


def _block_by_form(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """Return a block in a language whose labels are not known."""
    values: list[str] = []
    at = start
    while at < min(start + _LOOK_AHEAD, len(lines)) and len(values) < 8:
        match = labelled(lines[at])
        if match and match["value"]:
            if _MAIL_LABEL.search(match["label"].lower()) and _BARE_ADDRESS.match(match["value"].strip()):
                return None
            values.append(match["value"])
        elif not (values and lines[at] and values[-1].rstrip().endswith((",", ";"))):
            break
        at += 1
    in_brackets = sum(ADDRESS_AFTER_BRACKET.search(value) is not None for value in values)
    addresses = sum(map(has_email_address, values))
    dates = [value for value in values if has_clock_time(value) and not has_email_address(value)]
    if len(values) < 3 or not dates or any(len(value) > 500 for value in values):
        return None
    if (not in_brackets or (addresses < 2 and len(values) < 4)) and not any(map(has_listed_prefix, values)):
        return None
    others = [value for value in values if not has_email_address(value) and not has_clock_time(value)]
    subjects = [value for value in values if is_prefixed(value)] or others[::-1]
    sender = next((value for value in values if has_email_address(value)), "")
    return HeaderBlock(at, subjects[0] if subjects else "", certain=True, sender=sender)


def _after_rule(lines: Sequence[str], start: int) -> int:
    """Skip the long underscores that Outlook puts above a block."""
    if start < len(lines) and len(lines[start]) >= 5 and is_rule(lines[start]):
        start += 1
        while start < len(lines) and not lines[start]:
            start += 1
    return start
