"""Quote removal: quoted history is cut, the sender's own text and a forwarded mail stay.

One pass over the lines. A quoted line that an attribution announces is cut, so text between and below quotes
stays. An unmarked history (Outlook's header block, "-----Original Message-----", an attribution with an
address) is cut with all that follows. A forwarded mail stays without its header, since the ticket is about
it; so does a history with no text of the sender above it, or with a note that points at it. A mail that the
text above announces stays as it was pasted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.text.mails.attributions import (
    Attribution,
    attribution,
    has_clock_time,
    has_email_address,
    inline_start,
    is_broken_end,
    is_unfinished,
    may_begin_attribution,
    opens_quotation,
    with_broken_address,
)
from models.text.mails.covering_notes import asks_about_mail, only_thanks, points_below, says_answers_below
from models.text.mails.headers import (
    HeaderBlock,
    HistoryHeader,
    header_block,
    history_header,
    is_rule,
    next_line,
    reads_as_mail,
)
from models.text.mails.phrases import is_forward_marker, is_original_marker, is_reply_above_marker
from models.text.mails.signatures import without_signature
from models.text.mails.subject import Thread
from models.text.unicode import INDENTED, QUOTED, REPLY_HEADER, has_words

_QUOTE_MARK = re.compile(rf"^ ?(?:>|{QUOTED}|{INDENTED}) ?")
# Marks that count only below an attribution: "| which model?", and "AL> which model?" with initials.
_OTHER_MARK = re.compile(r"\||[A-Z]{1,3}>")
_ALL_QUOTE_MARKS = re.compile(rf"^(?: ?(?:>|{QUOTED}|{INDENTED}))+ ?", re.M)
_MOST_SIGNATURE_LINES = 60
_MOST_LINES_ABOVE = 3

_ANY_THREAD = Thread()


def sender_text(text: str, *, thread: Thread = _ANY_THREAD) -> str:
    """Return the text that the sender wrote or forwarded, without signatures.

    Args:
        text: lines, HTML quotes marked as `models.text.html.mail_to_lines` does.
        thread: what the subject says; the first history of a forward is its content.
    """
    remover = _QuoteRemover([line.strip() for line in text.split("\n")], thread)
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
    thread: Thread
    own_lines: list[str] = field(default_factory=list)
    finished_parts: list[str] = field(default_factory=list)
    attributed: bool = False
    pasted: bool = False
    own_has_words: bool = False
    at: int = 0

    def parts(self) -> list[str]:
        """Return the text of each mail: the sender's own, then the forwarded ones."""
        return [*self.finished_parts, "\n".join(self.own_lines).strip()]

    def read(self) -> None:
        """Go through the lines until the end, or until only history follows."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line:
                self._keep(line)
                self.at += 1
            elif _is_quoted(line) or (self.attributed and _OTHER_MARK.match(line)):
                self._read_quote()
            elif is_forward_marker(line):
                self._start_forward(self.at + 1)
            elif header := history_header(self.lines, self.at):
                if not self._read_history(header):
                    return
            elif is_reply_above_marker(line):
                if self._has_own():
                    self._drop_rules()
                    return
                self.at += 1
            elif not self._remove_attribution():
                self._keep(line)
                self.at += 1
            elif self.thread.is_forward and not self.finished_parts and self._has_own():
                self._start_forward(self.at)
            elif not self._quote_follows(self.at) and not self._begins_forward():
                return

    def _keep(self, line: str) -> None:
        self.own_lines.append(line)
        self.own_has_words = self.own_has_words or has_words(line)

    def _note(self) -> str:
        """Return the sender's text so far where it is short enough to be a note on a mail, else nothing."""
        return "\n".join(self.own_lines) if len(self.own_lines) <= _MOST_SIGNATURE_LINES else ""

    def _has_own(self) -> bool:
        """Tell whether the sender wrote anything so far: thanks count, a signature does not."""
        if not self.own_has_words or len(self.own_lines) > _MOST_SIGNATURE_LINES:
            return self.own_has_words
        own = self._note()
        shown = without_signature(own, keep_words=False)
        return has_words(shown) or only_thanks(own) or any(map(has_words, self.finished_parts))

    def _begins_forward(self, block: HeaderBlock | None = None) -> bool:
        """Tell whether the history that starts here is content: a forward, or a mail with answers in it."""
        if self.finished_parts or self.pasted:
            return False
        if self.thread.is_forward or not self._has_own():
            return True
        own = self._note()
        if points_below(own) or says_answers_below(own):
            return True
        return block is not None and self.thread.begins_with(block.subject)

    def _read_history(self, header: HistoryHeader) -> bool:
        """Go on below the header of a history if it is content; False where only history follows."""
        block = header.block
        if block is not None and not block.certain and not block.is_of_a_reply:
            self._paste(header.end)  # a form that a person filled in
        elif self._begins_forward(block) or (header.of_forward and not self.finished_parts):
            self._start_forward(header.end)
        elif block is not None and self._is_announced(block):
            self._paste(header.end)
        else:
            self._drop_rules()
            return False
        return True

    def _is_announced(self, block: HeaderBlock) -> bool:
        if block.is_of_a_reply or self.thread.answers(block.subject) or self.finished_parts or self.pasted:
            return False
        return asks_about_mail("\n".join(self.own_lines[-_MOST_SIGNATURE_LINES:]))

    def _paste(self, end: int) -> None:
        for line in self.lines[self.at : end]:
            self._keep(line.replace(REPLY_HEADER, ""))
        self.at = end
        self.pasted = True

    def _drop_rules(self) -> None:
        while self.own_lines and (not self.own_lines[-1] or is_rule(self.own_lines[-1])):
            self.own_lines.pop()

    def _start_forward(self, at: int) -> None:
        """Go on at line `at` with a new part, its header block and one level of quote marks removed."""
        self._drop_rules()
        self.finished_parts.append("\n".join(self.own_lines).strip() if self._has_own() else "")
        self.own_lines = []
        self.attributed = False
        self.at = next_line(self.lines, at)
        self._unquote(self.at)
        if self.at < len(self.lines) and is_original_marker(self.lines[self.at]):
            self.at = next_line(self.lines, self.at + 1)
        if block := header_block(self.lines, self.at):
            self.at = next_line(self.lines, block.end)
            self._unquote(self.at)

    def _unquote(self, start: int) -> None:
        """Remove one level of quote marks to the end, if a quoted line stands at `start`."""
        if start < len(self.lines) and _is_quoted(self.lines[start]):
            for at in range(start, len(self.lines)):
                self.lines[at] = _QUOTE_MARK.sub("", self.lines[at]).strip()

    def _read_quote(self) -> None:
        """Drop a run of quoted lines, or keep one that nothing announces, such as a shell prompt."""
        start = end = self.at
        other = _OTHER_MARK.match(self.lines[start])
        mark = other[0] if other else self.lines[start][0]
        while end < len(self.lines) and (
            self.lines[end].startswith(mark)
            or self._is_gap(end, mark)
            or is_broken_end(self.lines, end, start)
        ):
            end += 1
        run = [line for line in self.lines[start:end] if line]
        if self._is_forwarded_mail(run):
            self._start_forward(start)
            return
        if self._holds_answers(end):
            self._keep("")
            for line in run:
                self._keep(_ALL_QUOTE_MARKS.sub("", line))
        elif self.attributed or run[0].startswith(QUOTED) or self._is_old_mail(run, end):
            self.own_lines.append("")
        else:
            for line in self.lines[start:end]:
                self._keep(line.lstrip(INDENTED))
        self.at = end

    def _is_gap(self, at: int, mark: str) -> bool:
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        return not self.lines[at] and following.startswith(mark)

    def _is_old_mail(self, run: Sequence[str], end: int) -> bool:
        """Tell whether quoted lines that no attribution announces are a mail all the same."""
        above = next((line for line in reversed(self.own_lines) if line), "")
        if above.endswith((":", "：")) or (len(run) == 1 and not run[0].startswith(INDENTED)):
            return False
        if run[0].startswith(INDENTED) and not any(
            map(has_words, self.lines[end : end + _MOST_SIGNATURE_LINES])
        ):
            return True
        own = self._note()
        own_is_thanks = only_thanks(own) and not has_words(without_signature(own, keep_words=False))
        if not self.own_has_words or own_is_thanks:
            return True
        return reads_as_mail([_QUOTE_MARK.sub("", line).strip() for line in run])

    def _holds_answers(self, end: int) -> bool:
        """Tell whether the note above says that the answers stand in the quoted lines, which end at `end`."""
        if self.finished_parts or not says_answers_below(self._note()):
            return False
        return not any(has_words(line) and not _is_quoted(line) for line in self.lines[end:])

    def _is_forwarded_mail(self, run: Sequence[str]) -> bool:
        """Tell whether quoted lines are a forwarded mail: a marker or a header block inside them says so."""
        if self.finished_parts:
            return False
        lines = [_QUOTE_MARK.sub("", line).strip() for line in run[:20]]
        first = next((number for number, line in enumerate(lines) if line), 0)
        if is_forward_marker(lines[first]) or (self.thread.is_forward and not self.own_has_words):
            return True
        if is_original_marker(lines[first]):
            first += 1
        block = header_block(lines, first)
        return block is not None and self._begins_forward(block)

    def _remove_attribution(self) -> bool:
        """Take out "On …, Ann wrote:", which may have begun up to three lines above; False if it is none."""
        text, end = with_broken_address(self.lines, self.at)
        if end == self.at + 1 and not _may_end_attribution(text):
            return False
        first, kind = len(self.own_lines), attribution(text)
        longer = text
        for above in range(first - 1, max(-1, first - 1 - _MOST_LINES_ABOVE), -1):
            line = self.own_lines[above]
            if kind is Attribution.CERTAIN or not line or not is_unfinished(line):
                break
            longer = f"{line[:500]} {longer}"
            found = attribution(longer)
            if found is not None and (kind is None or found is Attribution.CERTAIN):
                first, text, kind = above, longer, found
        if kind is None or not self._heads_history(kind, text, first, end):
            return False
        while first and may_begin_attribution(self.own_lines[first - 1]) and len(self.own_lines) - first < 3:
            first -= 1
        del self.own_lines[first:]
        if begin := inline_start(text):
            self._keep(text[:begin].rstrip(" -"))
        self.attributed = self.attributed or self._quote_follows(end)
        self.at = end
        return True

    def _heads_history(self, kind: Attribution, text: str, first: int, end: int) -> bool:
        """Tell whether an attribution that begins at own line `first` and ends before line `end` counts."""
        if self._quote_follows(end):
            return True
        below = self.lines[end] if end < len(self.lines) else ""
        if kind is Attribution.CERTAIN:
            return not opens_quotation(below)
        if kind is Attribution.UNDATED or not (has_clock_time(text) or has_email_address(text)):
            return False
        blank_above = first == 0 or not self.own_lines[first - 1]
        following = next_line(self.lines, end)
        told = following < len(self.lines) and opens_quotation(self.lines[following])
        return blank_above and not below and not told

    def _quote_follows(self, at: int) -> bool:
        following = next_line(self.lines, at)
        if following == len(self.lines):
            return False
        return _is_quoted(self.lines[following]) or _OTHER_MARK.match(self.lines[following]) is not None


def _may_end_attribution(line: str) -> bool:
    return line.endswith((":", "：", "*", ">", "-")) or attribution(line) is not None


def _is_quoted(line: str) -> bool:
    if line.startswith(">>>") and line.endswith(">>>") and attribution(line.strip("> ") + ":"):
        return False  # GroupWise's attribution
    return line.startswith((">", QUOTED, INDENTED))
