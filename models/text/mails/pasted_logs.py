"""Pasted logs: lines of programs with "From:", "To:" and "Date:" among them, which head no quoted mail."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FENCE = re.compile(r"(?:```|~~~)[\w.+-]{0,20}$")
_MOST_FENCED = 400
_LOG_LINE = re.compile(
    r"\W{0,2}(?:\d{4}[-/.]\d\d[-/.]\d\d[T ]|\d{1,2}:\d\d:\d\d\b|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d"
    r"|\d{3}[ -]\d?\.?\w|[\w./-]{2,40}\[\d+\]:|(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL)\b"
    r"|(?:EHLO|HELO|MAIL FROM|RCPT TO|DATA|QUIT)\b|[\w.-]{2,30}=\S)"
)
# Seconds, and a zone in digits: what servers write.
_TIME_OF_SERVER = re.compile(r"\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?[+-]\d\d:?\d\d|Z)\b")
_FEWEST_LINES_OF_SERVER = 3
_LONGEST_ANNOUNCEMENT, _WORDS_AT_THE_END = 300, 3
_NAMES_LOG = re.compile(
    r"(?<!\w)(?:(?:\w{0,20}[-_. ])?logs?(?:file|datei|fil|bestand|boek|filen|en|gen)?(?!\w)"
    r"|\w{0,12}protok?o[kl]\w{0,4}"
    r"|journa(?:l|ux)\b|registro\w?|loki\w{0,4}|logi\w?(?!\w)|žurnāl\w{1,2}|žurnal\w{1,3}|журнал\w{0,3}"
    r"|лог(?:и|а|е|у|ах|ов)?(?!\w)"
    r"|headers?|kopfzeilen|en-?têtes?|cabeceras?|intestazion[ei]|cabeçalhos?|nagłówk\w|traces?|trac[kz]a\w?)"
    r"|日志|日誌|ログ|로그",
    re.IGNORECASE,
)


def fence_end(lines: Sequence[str], at: int) -> int:
    """Return the number of the line after a block of code between fences that begins at a line; else 0."""
    if not _FENCE.match(lines[at]):
        return 0
    mark = lines[at][:3]
    for end in range(at + 1, min(len(lines), at + _MOST_FENCED)):
        if lines[end] == mark:
            return end + 1
    return 0


def is_log_line(line: str) -> bool:
    """Tell whether a line begins as a program's: with a time stamp, a level, a code or a setting.

    >>> is_log_line("2026-02-03 17:21:04 rejected"), is_log_line("250 2.1.0 Ok"), is_log_line("Hello Ann,")
    (True, True, False)
    """
    return _LOG_LINE.match(line) is not None


def names_log(line: str) -> bool:
    """Tell whether a line speaks of a log at its end, as one right above it does, or says little else."""
    last = " ".join(line[:_LONGEST_ANNOUNCEMENT].split()[-_WORDS_AT_THE_END:])
    return len(line) <= _LONGEST_ANNOUNCEMENT and _NAMES_LOG.search(last) is not None


def is_written_by_server(lines: Sequence[str]) -> bool:
    """Tell whether a header block without subject, which programs add, has a date as servers write it."""
    return len(lines) >= _FEWEST_LINES_OF_SERVER and any(map(_TIME_OF_SERVER.search, lines))


def indented_lines(text: str) -> set[int]:
    """Return the numbers of the lines that are set in by four spaces or a tab, as code is in Markdown.

    Yahoo's forwards and Outlook's headers are set in by two or three.
    """
    return {
        number
        for number, line in enumerate(text.split("\n"))
        if line.startswith(("    ", "\t")) and not line.isspace()
    }
