"""Signature removal: cuts closings, names and advertisements of mail programs from a message."""

from __future__ import annotations

import re

from models.text.mails.closing_phrases import is_closing, may_be_closing
from models.text.mails.footers import without_footers
from models.text.mails.phrases import is_sent_from
from models.text.scripts import count_words
from models.text.unicode import has_words

_DELIMITER = re.compile(r"(?:--|—|__)$")
_POSTSCRIPT = re.compile(r"(?:p\.? ?s\b|ps[:.]|n\.?b\b|edit\b|update\b|lisäys\b|附[:：]|又[:：])", re.I)
_SENTENCE_END = re.compile(r"(?:\w{3}|[\"'”»)])[.!?。！？][\"'”»)]?$")
_CONTACT = re.compile(
    r"@|www\.|https?:|\+\d|\d{4,}[\s/-]?\d{2,}|(?:tel|mob|fax|gsm|phone|puh|tlf|电话|手机)\b", re.I
)
_NAME = r"(?:[^\W\d_a-zà-þа-я][\w.'-]{0,20}|d[aeiu]|de[nr]|del|v[ao]n|l[ae]|af|zu|bin)"
_SIGN_OFF = re.compile(rf"[-–—/~](?![a-z]){_NAME}(?: {_NAME}){{0,3}}$")
_SIGNATURE_LINES = 15
_SIGNATURE_CHARS = 900


def without_signature(text: str, *, keep_words: bool = True) -> str:
    r"""Return `text` up to its signature; postscripts and other content below the signature stay.

    With `keep_words` nothing is cut that would leave no words.

    >>> without_signature("The lock jams.\n\nBest regards,\nAnn Other\n+44 1632 960 000\nPS: since Monday")
    'The lock jams.\n\nPS: since Monday'
    """
    lines = [line for line in without_footers(text).split("\n") if not is_sent_from(line)]
    lines = _without_sign_off(lines)
    kept = "\n".join(_without_signature_block(lines, first=1 if keep_words else 0)).strip()
    return kept if has_words(kept) or not keep_words else text.strip()


def _without_sign_off(lines: list[str]) -> list[str]:
    """Leave out a last line such as "-Ann Other" or "/Max"; an item of a list has its like above it."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end > 1 and _SIGN_OFF.match(lines[end - 1]) and not lines[end - 2].startswith(lines[end - 1][0]):
        return lines[: end - 1]
    return lines


def _without_signature_block(lines: list[str], *, first: int) -> list[str]:
    """Leave out each closing or delimiter near the end, down to where content starts again."""
    numbered = [number for number, line in enumerate(lines) if line.strip()][first:]
    kept, done = [], 0
    for start in numbered[-_SIGNATURE_LINES:]:
        if start < done:
            continue
        end = _end_of_signature(lines, start)
        if end > start and sum(map(len, lines[start:end])) <= _SIGNATURE_CHARS:
            kept += lines[done:start]
            kept += [""] if kept and kept[-1] else []
            done = end
    return kept + lines[done:]


def _end_of_signature(lines: list[str], start: int) -> int:
    """Return the line at which content starts again below the closing at `start`; `start` if it is none."""
    closing = lines[start].strip()
    if _DELIMITER.match(closing):
        most_words = None
    elif is_closing(closing) or (may_be_closing(closing) and closing.endswith((",", "，"))):
        most_words = 13
    elif may_be_closing(closing):
        most_words = 4
    else:
        return start
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        if _POSTSCRIPT.match(line) or (most_words is not None and _is_content(line, most_words)):
            return at
    return len(lines)


def _is_content(line: str, most_words: int) -> bool:
    """Tell a sentence from a name, a title, an address or a number."""
    if not line or is_closing(line) or may_be_closing(line):
        return False
    if _CONTACT.search(line) and not line.endswith(("?", "？")):
        return False
    words = count_words(line)
    ended = _SENTENCE_END.search(line) is not None
    return words > most_words or (ended and words > min(4, most_words)) or line.endswith(("?", "？"))
