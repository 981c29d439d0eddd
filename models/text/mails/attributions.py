"""Attributions: the lines "On …, Ann <ann@example.com> wrote:" above a quoted mail.

Mail programs word them in their user's language, with a date, a name and mostly an address. So a line with
a date and an address in brackets is one in any language; the verbs below are asked only where one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from models.text.mails.phrases import any_of

_WROTE = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    wrote / writes / schrieb / kirjoitti / rakstīja / raksta / skrev / a écrit / escribió / ha scritto /
    schreef / geschreven / napisał(?:\(a\)|a)? / pisze / kirjutas / (?:pa)?rašė / escreveu /
    напис(?:ал|ав)(?:\(а\)|а|ла|ли)? / пишет / пише / (?:je )?napisa(?:o|la|l|li)(?:/la|/a|\(la\)|\(a\))? /
    написа / је написао / napsal(?:\(a\)|a)? / napísal(?:\(a\)|a)? / ezt írta / írta / a scris / έγραψε /
    (?:şunu |şunları )?yazdı / đã viết / menulis / va escriure / idatzi du / escribiu / skrifaði /
    كتب(?:ت)? / כתב(?:ה|/ה)? / نوشت
    """
) + r"(?!\w)|写道|寫道|のメール|さん[はが]書きました|がメッセージを書きました|님이 (?:작성|쓴)|작성:|เขียน",
    re.I,
)  # fmt: skip
ADDRESS = r"[^\s<>()@]{1,64}@[^\s<>()@]{1,255}"
"""Pattern of a mail address as it stands in mails."""

_ADDRESS = re.compile(ADDRESS)
# No part of a link, which has "=" before its address.
_ADDRESS_IN_BRACKETS = re.compile(rf"(?<!=)[<(](?:mailto:)?(?![^\s<>()@=]{{0,64}}=){ADDRESS}[>)]")
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.h]\s?\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2})(?!\d)")
# Gmail's way for languages that it does not know: "2026-02-03 17:21 GMT+01:00 Ann Other".
_GMT = re.compile(r"\d{4}-\d\d?-\d\d? \d{1,2}:\d\d (?:GMT|UTC)[+-]\d\d:?\d\d \S.{0,80}$")
_IN_DASHES = re.compile(r"-{2,12} ?(?=\S)[^-].{3,300}?(?<=\S) ?-{2,12}$")
_INLINE = re.compile(
    r"(?<=\w)[.!?)]?(?: |\s?-{2,4}\s?)"
    r"(?=(?:On|Am|Le|El|Il|Op|Den|Em|På|Dne|W dniu) (?:[^\W\d_]{2,9}[.,]{0,2} ){0,2}\d)"
)
_ABBREVIATED = re.compile(r"\d[\W\d]{0,3}(?:\w{1,5}[.,]{1,2} |de )?(?:\w{1,5})?\.$")
_OPENS_QUOTATION = re.compile(r"[\"'“„«‹「『‚‘–—-]|»\w")
# A line may break within "<help@example.com>"; its rest begins like a quoted one.
_OPEN_ADDRESS = re.compile(r"<[^<>]{0,120}$")
_REST_OF_ADDRESS = re.compile(
    r"mailto:.{1,150}$|<?[^<>]{0,120}@[^<>\s]{1,120}>?[^<>]{0,80}$|[^<>\s]{1,120}>[^<>]{0,80}$|"
    r"> ?[^<>]{0,80}[:：]$"
)
_LONGEST_BROKEN = 300
# Mail programs break lines at 72 characters or more.
_SHORTEST_BROKEN = 60
_MOST_LINES_BELOW = 5
_LONGEST = 500
_LONGEST_INLINE = 20_000
_LONGEST_UNDATED = 200
_MOST_AFTER_ADDRESS = 60


class Attribution(Enum):
    """Strength of an attribution: what else must be there before a history is cut at it."""

    CERTAIN = "date and address"
    NARRATIVE = "verb, and date or address: a person may also write so"
    UNDATED = "verb or address: only above quoted lines"


def attribution(text: str) -> Attribution | None:
    """Return how surely a line says who wrote what follows, and when; None where it does not.

    >>> attribution("Am Di., 12. Mai 2026 um 09:31 Uhr schrieb Ann <ann@example.com>:").name
    'CERTAIN'
    >>> attribution("On 3 May 2026 your agent Ann wrote:").name, attribution("Ann wrote:").name
    ('NARRATIVE', 'UNDATED')
    >>> attribution("Here is what the display says:") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    in_dashes = _IN_DASHES.match(text) is not None
    if text.startswith(">>>") and text.endswith(">>>"):
        in_dashes, text = True, text.strip("> ")
    if "@" not in text and not in_dashes and not text.endswith((":", "：", "*", "_", "-", ">")):
        return Attribution.CERTAIN if _GMT.match(text) else None
    text = text.strip(" -*_")
    wrote = _WROTE.search(text)
    bracketed = _ADDRESS_IN_BRACKETS.search(text)
    named = bracketed is not None and len(text) - bracketed.end() <= _MOST_AFTER_ADDRESS
    dated = has_date(text)
    ends = text.endswith((":", "：", ": >", ":>")) or in_dashes
    if not ends and not (wrote and wrote.end() == len(text)):
        undated = named and dated and len(text) <= _LONGEST_UNDATED
        return Attribution.CERTAIN if _GMT.match(text) else Attribution.UNDATED if undated else None
    if dated and (named or (wrote and (_ADDRESS.search(text) or in_dashes))):
        return Attribution.CERTAIN
    if wrote and (dated or named):
        return Attribution.NARRATIVE
    signed = wrote or named or (dated and _ADDRESS.search(text))
    return Attribution.UNDATED if signed and len(text) <= _LONGEST_UNDATED else None


def with_broken_address(lines: Sequence[str], at: int) -> tuple[str, int]:
    """Return line `at` with the rest of an address that was broken, and the number of the line after it."""
    text, end = lines[at], at + 1
    if list(lines[end : end + 2]) == ["", "<"] and has_date(text):
        text, end = f"{text} <", end + 2
    if len(text) > _LONGEST_BROKEN or not _OPEN_ADDRESS.search(text):
        return lines[at], at + 1
    while end < len(lines) and end - at <= _MOST_LINES_BELOW and text.count("<") > text.count(">"):
        if not _REST_OF_ADDRESS.match(lines[end]):
            break
        tight = " " not in text[text.rfind("<") :] or lines[end].startswith(">")
        text, end = text + ("" if tight else " ") + lines[end], end + 1
    return (text, end) if attribution(text) else (lines[at], at + 1)


def inline_start(text: str) -> int:
    """Return where an attribution begins that lost its line end to the text before it; else 0.

    >>> inline_start("It broke. On Tue, 3 Feb 2026 at 11:14, Ann <ann@example.com> wrote:")
    10
    """
    match = _INLINE.search(text)
    begin = match.end() if match else 0
    return begin if begin and attribution(text[begin:]) is Attribution.CERTAIN else 0


def inline_history(line: str) -> int:
    """Return where an attribution begins in a line that goes on behind it with the old mail; else 0.

    >>> inline_history("Still off. On Tue, 3 Feb 2026 at 11:14, Ann <ann@example.com> wrote: I will look.")
    11
    """
    if "@" not in line:
        return 0
    for match in _INLINE.finditer(line[:_LONGEST_INLINE]):
        rest = line[match.end() : match.end() + _LONGEST]
        verb = _WROTE.search(rest)
        end = verb.end() + 2 if verb else 0
        if verb and attribution(rest[:end].rstrip()) is Attribution.CERTAIN:
            return match.end()
    return 0


def names_writing(text: str) -> bool:
    """Tell whether an attribution has a verb, such as "wrote"."""
    return _WROTE.search(text) is not None


def is_broken_end(lines: Sequence[str], at: int, start: int) -> bool:
    """Tell whether line `at` is the rest of the quoted line above it, in a run that begins at `start`."""
    line, above = lines[at], lines[at - 1]
    if at == start or not line or not above.startswith(">") or len(above) < _SHORTEST_BROKEN:
        return False
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return is_unfinished(above) and line[0].islower() and (not following or following.startswith(">"))


def may_begin_attribution(line: str) -> bool:
    """Tell whether a line above an attribution belongs to it: short, dated and unfinished."""
    return bool(line) and len(line) <= 120 and has_date(line) and is_unfinished(line)


def is_unfinished(line: str) -> bool:
    """Tell whether a line may go on in the next: "schrieb am Fr., 28." may, a sentence does not."""
    return not line.endswith((".", "!", "?", ":", "。", "：")) or _ABBREVIATED.search(line) is not None


def opens_quotation(line: str) -> bool:
    """Tell whether a line begins with a quotation mark, as in a story that a person tells."""
    return _OPENS_QUOTATION.match(line) is not None


def has_clock_time(line: str) -> bool:
    """Tell whether a line holds a time of day, as mail programs write it and people seldom do."""
    return _TIME.search(line) is not None


def has_date(line: str) -> bool:
    """Tell whether a line holds a year, a date or a time of day."""
    return _YEAR.search(line) is not None or _TIME.search(line) is not None


def has_email_address(line: str) -> bool:
    """Tell whether a line holds a mail address."""
    return _ADDRESS.search(line[:1_500]) is not None
