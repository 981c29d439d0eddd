"""Signature removal: cuts closings, names and advertisements of mail programs from a message."""

from __future__ import annotations

import re

from models.text.mails.closing_phrases import is_closing, may_be_closing
from models.text.mails.covering_notes import points_under_signature
from models.text.mails.footers import without_footers
from models.text.mails.headers.blocks import is_rule
from models.text.mails.mobile_lines import is_sent_from, may_be_program
from models.text.scripts import count_words
from models.text.unicode import says_something

_DELIMITER = re.compile(r"(?:--|—|__)$")
_POSTSCRIPT = re.compile(r"(?:p\.? ?s\b|ps[:.]|n\.?b\b|edit\b|update\b|lisäys\b|附[:：]|又[:：])", re.I)
_SENTENCE_END = re.compile(r"(?:\w{3}|[\"'”»)])[.!?。！？][\"'”»)]?$")
_CONTACT = re.compile(
    r"@|www\.|https?:|\+\d|\d{4,}[\s/-]?\d{2,}|"
    r"(?<![^\W\d_])(?:tel|mob|fax|gsm|(?:tele)?phone|puh|tlf|тел|τηλ|電話|电话|手机)\b"
    r"(?=\s?[:：]|[^\n]{0,30}\d)",
    re.I,
)
_NAME = r"(?:[^\W\d_a-zà-þа-я][\w.'-]{0,20}|d[aeiu]|de[nr]|del|v[ao]n|l[ae]|af|zu|bin)"
_SIGN_OFF = re.compile(rf"[-–—/~](?![a-z]){_NAME}(?: {_NAME}){{0,3}}$")
_CARD_GAP = re.compile(r"\s[|•·]\s")
_CARD_NAME = re.compile(r"[A-ZÀ-ÞА-Я][\w.'-]{0,20}(?: [A-ZÀ-ÞА-Я][\w.'-]{0,20}){1,3}$")
_CARD_CONTACT = re.compile(
    r"@|www\.|〒|(?<![^\W_])(?:tel|mob|fax|phone|mobile|t|m|f|e|電話|电话|전화)\.?\s?[:：]|"
    r"(?<![^\W_])(?:tel|fax)\.? ?[+\d]",
    re.I,
)
_DRAWN_RULE = re.compile(r"[─━═=*_~＊＝―ー-]{8,}$")
_LIST_ITEM = re.compile(r"(?:\d{1,2}[.)]|[*•-]) ?\S{1,30} \S")
_ITEM_MARK = re.compile(r"[*•-] ")
_ENDED = re.compile(r"[.!?…。！？؟:：][\"'”»)]?$")
_FIELD = re.compile(r"[^\W\d_][^:：@/]{0,24}[:：] ?[^\s/]")
_ASKS = re.compile(r"[?？؟](?:\s|$)")
_DIGITS = re.compile(r"\d")
_FIRST_WITHOUT_CAPITALS = "\u0590"
_MOST_NAME_WORDS = 3
_MOST_CLOSING_WORDS = 4
_MOST_TITLE_WORDS = 6
_MOST_LINES_BELOW = 7
_SIGNATURE_LINES = 15
_MOST_LINES_READ = 60
_MOST_CHARACTERS_READ = 4_000
_SIGNATURE_CHARS = 900


def without_signature(text: str, *, keep_words: bool = True) -> str:
    r"""Return `text` up to its signature; postscripts and other content below the signature stay.

    With `keep_words` nothing is cut that would leave no words.

    >>> without_signature("The lock jams.\n\nBest regards,\nAnn Other\n+44 1632 960 000\nPS: since Monday")
    'The lock jams.\n\nPS: since Monday'
    """
    lines = _without_card(_without_sign_off(_without_mobile_lines(without_footers(text).split("\n"))))
    shown = _without_signature_block(lines, first=1 if keep_words else 0)
    cut = shown != text.split("\n")
    while cut and shown and (not shown[-1].strip() or is_rule(shown[-1])):
        shown = shown[:-1]
    kept = "\n".join(shown).strip()
    return kept if says_something(kept) or not keep_words else text.strip()


def _without_mobile_lines(lines: list[str]) -> list[str]:
    """Leave out the advertisements of mail programs; one that the text goes on below at once is none."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        starts_text = below and not any(map(says_something, kept)) and not is_sent_from(below)
        within = bool(kept and kept[-1] and below) and _ENDED.search(below) is not None
        if not is_sent_from(line) or starts_text or (within and not is_sent_from(below)):
            kept.append(line)
    return kept


def _without_sign_off(lines: list[str]) -> list[str]:
    """Leave out a last line such as "-Ann Other" or "/Max"; an item of a list has its like above it."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end < 2 or not _SIGN_OFF.match(lines[end - 1]) or lines[end - 2].startswith(lines[end - 1][0]):
        return lines
    goes_on = bool(lines[end - 2]) and _ENDED.search(lines[end - 2]) is None
    return lines if goes_on and " " in lines[end - 1] else lines[: end - 1]


def _without_card(lines: list[str]) -> list[str]:
    """Leave out a last line "Ann Other | Title | www.example.com", or a card between two drawn rules."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end < 2:
        return lines
    parts = _CARD_GAP.split(lines[end - 1].strip())
    if len(parts) > 2 and not lines[end - 2].strip() and _CARD_NAME.match(parts[0]):
        return lines[: end - 1] if any(map(_CARD_CONTACT.search, parts[1:])) else lines
    if _DRAWN_RULE.match(lines[end - 1].strip()):
        for start in range(end - 2, max(0, end - _SIGNATURE_LINES), -1):
            if _DRAWN_RULE.match(lines[start].strip()):
                return lines[:start] if any(map(_CARD_CONTACT.search, lines[start:end])) else lines
    return lines


def _without_signature_block(lines: list[str], *, first: int) -> list[str]:
    """Leave out each closing or delimiter near the end, down to where content starts again."""
    numbered = [number for number, line in enumerate(lines) if line.strip()][first:]
    goes_on = points_under_signature("\n".join(lines[:_MOST_LINES_READ])[:_MOST_CHARACTERS_READ])
    kept, done = [], 0
    for start in numbered[-_SIGNATURE_LINES:]:
        if start < done:
            continue
        end = _end_of_signature(lines, start)
        if goes_on:
            end = next((at for at in range(start, end) if not lines[at].strip()), end)
        if end > start and sum(map(len, lines[start:end])) <= _SIGNATURE_CHARS:
            kept += lines[done:start]
            kept += [""] if kept and kept[-1] else []
            done = end
    return kept + lines[done:]


def _end_of_signature(lines: list[str], start: int) -> int:
    """Return the line at which content starts again below the closing at `start`; `start` if it is none."""
    closing = lines[start].strip()
    if _DELIMITER.match(closing):
        return start if _goes_on_below(lines, start) else _end_of_delimited(lines, start)
    if is_closing(closing) or (may_be_closing(closing) and closing.endswith((",", "，"))):
        most_words = 13
    elif may_be_closing(closing):
        most_words = 4
    else:
        return len(lines) if _is_closing_by_form(lines, start) else start
    within = start > 0 and bool(lines[start - 1]) and _ENDED.search(lines[start - 1]) is None
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        if at == start + 1 and ((within and _goes_on(line)) or _ends_sentence_of(line)):
            return start
        alone = not lines[at - 1].strip() and _is_sentence_alone(line)
        if alone or _POSTSCRIPT.match(line) or _is_content(line, most_words):
            return at
    return len(lines)


def _end_of_delimited(lines: list[str], start: int) -> int:
    """Return the line of a postscript below a delimiter, or the number of lines."""
    below = range(start + 1, len(lines))
    return next((at for at in below if _POSTSCRIPT.match(lines[at].strip())), len(lines))


def _goes_on_below(lines: list[str], start: int) -> bool:
    """Tell whether a text goes on below a delimiter: a signature begins with a name, and asks nothing."""
    above = next((line for line in reversed(lines[:start]) if line.strip()), "")
    below = [line.strip() for line in lines[start + 1 :] if line.strip()]
    if not below:
        return False
    if any(_ASKS.search(line) and not _CONTACT.search(line) for line in below):
        return True
    item = _ITEM_MARK.match(below[0])
    is_list = item is not None and above.lstrip().startswith(item[0])
    if is_list or (above.endswith((":", "：")) and not is_closing(above.rstrip(":："))):
        return True
    first = below[0]
    if is_closing(first) or may_be_closing(first) or _CONTACT.search(first) or _SIGN_OFF.match(first):
        return False
    if _FIELD.match(first) or _LIST_ITEM.match(first):
        return True
    words = 0 if len(below) == 1 and may_be_program(first) else count_words(first)
    return words > 2 and (_ENDED.search(first) is not None or _goes_on(first))


def _is_sentence_alone(line: str) -> bool:
    """Tell whether a line below a free one is a sentence, as a postscript in any language is."""
    ended = _SENTENCE_END.search(line) is not None and not is_closing(line) and not may_be_closing(line)
    return ended and len(line.split()) > _MOST_NAME_WORDS and not _CONTACT.search(line)


def _ends_sentence_of(line: str) -> bool:
    """Tell whether a line ends the sentence that the line above began: "Thanks" / "is printed twice."."""
    words = line.split()
    small = sum(_is_small(word[0]) for word in words)
    ended = _ENDED.search(line) is not None and not _CONTACT.search(line)
    return ended and len(words) > 2 and _is_small(line[0]) and 2 * small >= len(words)


def _goes_on(line: str) -> bool:
    """Tell whether a line is a part of a sentence rather than a name or a title: most words are small."""
    words = line.split()
    small = sum(word[0].islower() for word in words)
    return len(words) > _MOST_NAME_WORDS and 2 * small >= len(words) and not _CONTACT.search(line)


def _is_small(letter: str) -> bool:
    """Tell whether a letter is a small one of a script in which names begin with a capital one."""
    return letter.islower() and letter < _FIRST_WITHOUT_CAPITALS


def _is_closing_by_form(lines: list[str], start: int) -> bool:
    """Tell whether a short last paragraph closes a message in any language: "Saygılarımla,", and a name."""
    closing = lines[start].strip()
    if not closing.endswith((",", "،", "，")) or len(closing.split()) > _MOST_CLOSING_WORDS:
        return False
    below = [line.strip() for line in lines[start + 1 :]]
    while below and not below[-1]:
        below.pop()
    if (
        not 0 < len(below) <= _MOST_LINES_BELOW
        or "" in below[:1]
        or any(map(_DIGITS.search, (closing, below[0])))
    ):
        return False
    named = len(below[0].split()) <= _MOST_NAME_WORDS and not _is_small(below[0][0])
    short = all(len(line.split()) <= _MOST_TITLE_WORDS and not _SENTENCE_END.search(line) for line in below)
    alone = start > 0 and not lines[start - 1].strip()
    return alone and named and short and (len(below) == 1 or any(map(_CONTACT.search, below)))


def _is_content(line: str, most_words: int) -> bool:
    """Tell a sentence from a name, a title, an address or a number."""
    if not line or is_closing(line) or may_be_closing(line):
        return False
    if _CONTACT.search(line) and not line.endswith(("?", "？")):
        return False
    words = count_words(line)
    ended = _SENTENCE_END.search(line) is not None
    return words > most_words or (ended and words > min(4, most_words)) or line.endswith(("?", "？"))
