"""Openings of histories: a marker such as "-----Original Message-----", a header block, or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.text.mails.attributions import has_clock_time
from models.text.mails.headers.blocks import (
    ADDRESS_AFTER_BRACKET,
    HeaderBlock,
    header_block,
    is_rule,
    is_squeezed_block,
    next_line,
)
from models.text.mails.headers.labels import labelled
from models.text.mails.pasted_logs import is_log_line, is_written_by_server
from models.text.mails.phrases import is_original_marker, is_other_marker, is_tight_marker
from models.text.unicode import REPLY_HEADER

# What a program adds to a mail on its way, which only people paste who copy its source.
_RAW_HEADER = re.compile(
    r"(?:Received|Return-Path|Delivered-To|DKIM-\w+|ARC-[\w-]+|X-[\w-]+|MIME-Version|Message-ID):", re.I
)
# What Lotus Notes puts above a block: "Ann Lee---03.05.2026 09:31:05---The lock jams."
_NOTES_LINE = re.compile(
    r"[^\n-]{2,60}-{3}\d{1,4}[./-]\d{1,2}[./-]\d{2,4} \d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?-{3}"
)
_MOST_LABEL_WORDS = 2


@dataclass(frozen=True, slots=True)
class HistoryHeader:
    """Opening of a history: a marker, a header block or both, before line `end`."""

    end: int
    block: HeaderBlock | None
    of_forward: bool = False


def history_header(lines: Sequence[str], at: int) -> HistoryHeader | None:
    """Return the header of a history that starts at a line, or None when there is none."""
    line = lines[at]
    if line.startswith(REPLY_HEADER) or is_original_marker(line):
        start = next_line(lines, at + 1)
        block = header_block(lines, start)
        if block is None and _is_within_sentence(lines, at):
            return None
        block = replace(block, certain=True) if block else None
        return HistoryHeader(block.end if block else start, block)
    if line.startswith("--") and is_squeezed_block(line):
        return HistoryHeader(at + 1, HeaderBlock(at + 1, "", certain=True), not is_tight_marker(line))
    if _NOTES_LINE.match(line):
        block = header_block(lines, next_line(lines, at + 1))
        return HistoryHeader(block.end, replace(block, certain=True)) if block else None
    if is_other_marker(line):
        block = header_block(lines, next_line(lines, at + 1))
        return HistoryHeader(block.end, block, not is_tight_marker(line)) if block else None
    block = header_block(lines, at)
    return HistoryHeader(block.end, block) if block and not _is_part_of_form(lines, at, block) else None


def _is_within_sentence(lines: Sequence[str], at: int) -> bool:
    """Tell whether line `at` stands right between two lines of which the second goes on in small letters."""
    return 0 < at < len(lines) - 1 and lines[at - 1] != "" and lines[at + 1][:1].islower()


def _is_part_of_form(lines: Sequence[str], start: int, block: HeaderBlock) -> bool:
    """Tell whether what looks like a header block is a part of a form or of a log that the sender pasted.

    Mail programs leave a line free on one side of their block at least, and put no other fields around it.
    """
    inside = lines[start : block.end]
    above = lines[start - 1] if start else ""
    below = lines[block.end] if block.end < len(lines) else ""
    if _RAW_HEADER.match(above) or is_log_line(above) or is_log_line(below):
        return True
    first = start
    while first and _is_field(lines[first - 1]):
        first -= 1
    goes_on = next_line(lines, block.end) < len(lines)
    if goes_on and not block.subject and is_written_by_server(lines[first : block.end]):
        return True
    if block.is_of_a_reply or any(map(ADDRESS_AFTER_BRACKET.search, inside)):
        return False
    if _is_field(above) or _is_field(below):
        return True
    return bool(above and below) and not is_rule(above) and not any(map(has_clock_time, inside))


def _is_field(line: str) -> bool:
    match = labelled(line)
    return match is not None and bool(match["value"]) and len(match["label"].split()) <= _MOST_LABEL_WORDS
