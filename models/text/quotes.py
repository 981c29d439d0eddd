"""Quote removal: quoted history is cut, the sender's own text and a forwarded mail stay.

One pass over the lines. A quoted line is cut, so text between and below quotes stays. An unmarked history
(Outlook's header block, "-----Original Message-----", an attribution with a time of day) is cut with all
that follows. A forwarded mail stays without its header, since the ticket is about it; so does a history
with no text of the sender above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from models.text.mail_headers import end_of_header_block, is_rule
from models.text.mail_phrases import (
    has_clock_time,
    has_date,
    is_attribution,
    is_forward_marker,
    is_original_marker,
    is_reply_above_marker,
    refers_to_quote,
)
from models.text.signatures import without_signature
from models.text.unicode import QUOTED, REPLY_HEADER, has_words

_QUOTE_MARK = re.compile(rf"^ ?(?:>|{QUOTED}) ?")
_ALL_QUOTE_MARKS = re.compile(rf"^(?: ?(?:>|{QUOTED}))+ ?", re.M)
_MOST_SIGNATURE_LINES = 60
_COLONS = (":", "：", ":*", ": >")


def sender_text(text: str, *, forwarded: bool = False) -> str:
    """Return the text that the sender wrote or forwarded, without signatures.

    Args:
        text: lines, HTML quotes marked as `models.text.html.mail_to_lines` does.
        forwarded: the subject says that this is a forward, so the first history is its content.
    """
    remover = _QuoteRemover([line.strip() for line in text.split("\n")], forwarded=forwarded)
    remover.read()
    parts = [part for part in remover.parts() if has_words(part)]
    if len(parts) > 1:
        shown = [without_signature(part, keep_words=False) for part in parts]
        if any(map(has_words, shown)):
            return "\n\n".join(filter(has_words, shown))
    return "\n\n".join(map(without_signature, parts))


def without_quote_marks(text: str) -> str:
    """Return `text` with all lines kept and their quote marks removed."""
    return _ALL_QUOTE_MARKS.sub("", text.replace(REPLY_HEADER, ""))


@dataclass(slots=True)
class _QuoteRemover:
    """State of the pass over the lines: the parts finished so far and the lines of the part being read."""

    lines: list[str]
    forwarded: bool
    own_lines: list[str] = field(default_factory=list)
    finished_parts: list[str] = field(default_factory=list)
    attributed: bool = False
    own_has_words: bool = False
    at: int = 0

    def parts(self) -> list[str]:
        """Return the text of each mail: the sender's own, then the forwarded ones."""
        return [*self.finished_parts, "\n".join(self.own_lines).strip()]

    def read(self) -> None:
        """Go through the lines until the end, or until only history follows."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if _is_quoted(line):
                self._read_quote()
            elif is_forward_marker(line):
                self._start_forward(self.at + 1)
            elif (end := self._end_of_history_header()) is not None:
                if not self._begins_forward():
                    self._drop_rules()
                    return
                self._start_forward(end)
            elif is_reply_above_marker(line):
                if self._has_own():
                    self._drop_rules()
                    return
                self.at += 1
            elif line.endswith(_COLONS) and self._remove_attribution():
                if not self._quote_follows(self.at) and self._has_own():
                    return
            else:
                self.own_lines.append(line)
                self.own_has_words = self.own_has_words or has_words(line)
                self.at += 1

    def _has_own(self) -> bool:
        """Tell whether the sender wrote anything so far, a signature not counted."""
        if not self.own_has_words or len(self.own_lines) > _MOST_SIGNATURE_LINES:
            return self.own_has_words
        own = without_signature("\n".join(self.own_lines), keep_words=False)
        return has_words(own) or any(map(has_words, self.finished_parts))

    def _begins_forward(self) -> bool:
        """Tell whether the history that starts here is a forwarded mail."""
        if self.finished_parts:
            return False
        return self.forwarded or not self._has_own() or refers_to_quote("\n".join(self.own_lines))

    def _drop_rules(self) -> None:
        while self.own_lines and (not self.own_lines[-1] or is_rule(self.own_lines[-1])):
            self.own_lines.pop()

    def _start_forward(self, at: int) -> None:
        """Go on at line `at` with a new part, its header block and one level of quote marks removed."""
        self._drop_rules()
        self.finished_parts.append("\n".join(self.own_lines).strip() if self._has_own() else "")
        self.own_lines = []
        self.attributed = False
        self.at = self._next_line(at)
        end = self.at
        while end < len(self.lines) and (_is_quoted(self.lines[end]) or not self.lines[end]):
            self.lines[end] = _QUOTE_MARK.sub("", self.lines[end]).strip()
            end += 1
        self.at = end_of_header_block(self.lines, self.at) or self.at

    def _next_line(self, at: int) -> int:
        while at < len(self.lines) and (not self.lines[at] or is_rule(self.lines[at])):
            at += 1
        return at

    def _end_of_history_header(self) -> int | None:
        """Return where the header of a history that starts at this line ends, or None."""
        line = self.lines[self.at]
        if line.startswith(REPLY_HEADER) or is_original_marker(line):
            start = self._next_line(self.at + 1)
            return end_of_header_block(self.lines, start) or start
        return end_of_header_block(self.lines, self.at)

    def _read_quote(self) -> None:
        """Drop a run of quoted lines, or keep a single one that nothing announces, such as a shell prompt."""
        start = end = self.at
        while end < len(self.lines) and (_is_quoted(self.lines[end]) or self._is_gap(end)):
            end += 1
        run = [line for line in self.lines[start:end] if line]
        if self._is_forwarded_mail(run):
            self._start_forward(start)
            return
        if len(run) > 1 or self.attributed or run[0].startswith(QUOTED):
            self.own_lines.append("")
        else:
            self.own_lines.append(run[0])
            self.own_has_words = self.own_has_words or has_words(run[0])
        self.at = end

    def _is_gap(self, at: int) -> bool:
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        return not self.lines[at] and _is_quoted(following)

    def _is_forwarded_mail(self, run: list[str]) -> bool:
        """Tell whether quoted lines are a forwarded mail: a marker or a header block inside them says so."""
        if self.finished_parts:
            return False
        lines = [_QUOTE_MARK.sub("", line).strip() for line in run[:20]]
        first = next((number for number, line in enumerate(lines) if line), 0)
        if is_forward_marker(lines[first]) or (self.forwarded and not self.own_has_words):
            return True
        return end_of_header_block(lines, first) is not None and self._begins_forward()

    def _remove_attribution(self) -> bool:
        """Take out "On …, Ann wrote:", which may have begun up to three lines above; False if it is none."""
        first = len(self.own_lines)
        text = self.lines[self.at]
        if not has_words("".join(self.own_lines[-1:]) + text):
            return False
        while not is_attribution(text):
            first -= 1
            if first < max(0, len(self.own_lines) - 3) or not self.own_lines[first]:
                return False
            text = f"{self.own_lines[first][:500]} {text}"
        while first > max(0, len(self.own_lines) - 3) and _may_begin_attribution(self.own_lines[first - 1]):
            first -= 1
            text = f"{self.own_lines[first]} {text}"
        quoted = self._quote_follows(self.at + 1)
        if not quoted and not has_clock_time(text):
            return False
        del self.own_lines[first:]
        self.attributed = self.attributed or quoted
        self.at += 1
        return True

    def _quote_follows(self, at: int) -> bool:
        following = self._next_line(at)
        return following < len(self.lines) and _is_quoted(self.lines[following])


def _is_quoted(line: str) -> bool:
    return line.startswith((">", QUOTED))


def _may_begin_attribution(line: str) -> bool:
    """Tell whether a line above an attribution belongs to it: short, dated and unfinished."""
    return bool(line) and len(line) <= 120 and has_date(line) and not line.endswith((".", "!", "?"))
