"""Quote removal: quoted history is cut, the sender's own text and a forwarded mail stay.

One pass over the lines. A quoted line that an attribution announces is cut, so text between and below quotes
stays. An unmarked history (Outlook's header block, "-----Original Message-----", an attribution with an
address) is cut with all that follows. A forwarded mail stays without its header, since the ticket is about
it; so does a history with no text of the sender above it, or with a note that points at it. A mail that the
text above announces stays as it was pasted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.text.mails.attributions import (
    Attribution,
    attribution,
    has_clock_time,
    has_email_address,
    inline_history,
    inline_start,
    is_broken_end,
    is_unfinished,
    may_begin_attribution,
    names_writing,
    opens_quotation,
    with_broken_address,
)
from models.text.mails.headers.blocks import header_block, inline_block, is_rule, next_line
from models.text.mails.headers.histories import HistoryHeader, history_header
from models.text.mails.journals import is_reference, is_stamp, journal_end
from models.text.mails.pasted_logs import fence_end, indented_lines
from models.text.mails.phrases import is_forward_marker, is_original_marker, is_reply_above_marker
from models.text.mails.quote_runs import (
    OTHER_MARK,
    has_header,
    is_prompt,
    is_quoted,
    unquoted,
    without_quote_marks,
)
from models.text.mails.reading import Reading
from models.text.mails.signatures import without_signature
from models.text.mails.subject import Thread, is_forwarding
from models.text.unicode import INDENTED, QUOTED, REPLY_HEADER, says_something

_MOST_LINES_ABOVE = 3
_SHORTEST_INLINE = 40

_ANY_THREAD = Thread()


def sender_text(text: str, *, thread: Thread = _ANY_THREAD) -> str:
    """Return the text that the sender wrote or forwarded, without signatures.

    Args:
        text: lines, HTML quotes marked as `models.text.html.mail_to_lines` does.
        thread: what the subject says; the first history of a forward is its content.
    """
    remover = _QuoteRemover(
        [line.strip() for line in text.split("\n")], thread, indented=indented_lines(text)
    )
    remover.read()
    parts = [part for part in remover.parts() if says_something(part)]
    if len(parts) > 1:
        shown = [without_signature(part, keep_words=False) for part in parts]
        if any(map(says_something, shown)):
            return "\n\n".join(filter(says_something, shown))
    return "\n\n".join(map(without_signature, parts))


@dataclass(slots=True)
class _QuoteRemover(Reading):
    """The pass over the lines, which drops histories, goes on at forwards and keeps the rest.

    `attribution` is the last one that was taken out.
    """

    attribution: str = ""

    def read(self) -> None:  # noqa: PLR0912 - a branch for each kind of line
        """Go through the lines until the end, or until only history follows."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line or is_reference(line):
                self.keep("")
                self.at += 1
            elif is_quoted(line) or self.has_other_mark(line):
                self._read_quote()
            elif end := fence_end(self.lines, self.at):
                self._keep_to(end)
            elif (end := journal_end(self.lines, self.at)) and self._heads_journal():
                if not self.begins_forward():
                    self.drop_rules()
                    return
                self.at = end
            elif is_forward_marker(line):
                self._start_forward(self.at + 1)
            elif header := history_header(self.lines, self.at):
                if not self._read_history(header):
                    return
            elif is_reply_above_marker(line):
                if self.has_own():
                    self.drop_rules()
                    return
                self.at += 1
            elif self._begins_inline(line):
                return
            elif not self._remove_attribution():
                self.keep(line)
                self.at += 1
            elif self._begins_attributed_forward():
                self._start_forward(self.at)
            elif not self.quote_follows(self.at) and not self.begins_forward():
                return

    def _begins_attributed_forward(self) -> bool:
        """Tell whether the mail below an attribution is content, by the subject or by the note above it."""
        if self.thread.is_forward and not self.finished_parts and self.has_own():
            return True
        if self.holds_mail(self.attribution) and self.own_says:
            return True
        return self.quote_follows(self.at) and self.announces_attribution()

    def _read_history(self, header: HistoryHeader) -> bool:
        """Go on below the header of a history if it is content; False where only history follows."""
        block = header.block
        self.of_forward = self.of_forward or (block is not None and is_forwarding(block.subject))
        if block is not None and self.is_pasted_log(self.at, header.end):
            self._keep_to(header.end)
        elif block is not None and self.may_be_form(block):
            self._paste(header.end)  # a form that a person filled in
        elif self.begins_forward(block) or self._is_inner(header):
            self._start_forward(header.end)
        elif block is not None and self.is_announced(block):
            self._paste(header.end)
        elif block is not None and self.is_sent_on(block):
            self._start_forward(header.end)
        else:
            self.drop_rules()
            return False
        return True

    def _is_inner(self, header: HistoryHeader) -> bool:
        """Tell whether the header is that of a forwarded mail, or of one within it."""
        is_first = header.of_forward and not self.finished_parts
        return is_first or self.holds_mail(header.block.sender if header.block else "")

    def _begins_inline(self, line: str) -> bool:
        """Keep what stands before a history in one line with the answer to it; False where there is none."""
        if not self.thread.is_reply or len(line) < _SHORTEST_INLINE:
            return False
        start = inline_block(line) or inline_history(line)
        if start:
            self.keep(line[:start].rstrip(" -"))
        return start > 0

    def _is_gap(self, at: int, mark: str) -> bool:
        following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        return not self.lines[at] and following.startswith(mark)

    def _keep_to(self, end: int) -> None:
        """Keep the lines before `end` as they are."""
        for line in self.lines[self.at : end]:
            self.keep(line)
        self.at = end

    def _heads_journal(self) -> bool:
        """Tell whether the next line heads a helpdesk's journal, and no pasted one."""
        above = next((line for line in reversed(self.own_lines) if line), "")
        return self.thread.is_reply or not is_stamp(self.lines[self.at]) or is_rule(above)

    def _paste(self, end: int) -> None:
        for line in self.lines[self.at : end]:
            self.keep(line.replace(REPLY_HEADER, ""))
        self.at = end
        self.pasted = True

    def _start_forward(self, at: int) -> None:
        """Go on at line `at` with a new part, its header block and one level of quote marks removed."""
        self.drop_rules()
        self.finished_parts.append("\n".join(self.own_lines).strip() if self.has_own() else "")
        self.own_lines = []
        self.attributed = False
        self.at = next_line(self.lines, at)
        self._unquote(self.at)
        if self.at < len(self.lines) and is_original_marker(self.lines[self.at]):
            self.at = next_line(self.lines, self.at + 1)
        if block := header_block(self.lines, self.at):
            self.of_forward = self.of_forward or is_forwarding(block.subject)
            self.at = next_line(self.lines, block.end)
            self._unquote(self.at)
        elif self.at < len(self.lines) and attribution(self.lines[self.at]) is Attribution.CERTAIN:
            self.at = next_line(self.lines, self.at + 1)
            self._unquote(self.at)

    def _unquote(self, start: int) -> None:
        """Remove one level of quote marks to the end, if a quoted line stands at `start`."""
        if start < len(self.lines) and is_quoted(self.lines[start]):
            for at in range(start, len(self.lines)):
                self.lines[at] = unquoted(self.lines[at])

    def _read_quote(self) -> None:
        """Drop a run of quoted lines, or keep one that nothing announces, such as a shell prompt."""
        start = end = self.at
        other = OTHER_MARK.match(self.lines[start])
        mark = other[0] if other else self.lines[start][0]
        while end < len(self.lines) and (
            self.lines[end].startswith(mark)
            or self._is_gap(end, mark)
            or is_broken_end(self.lines, end, start)
        ):
            end += 1
        run = [line for line in self.lines[start:end] if line]
        if is_prompt(run, attributed=self.attributed):
            for line in self.lines[start:end]:
                self.keep(line)
            self.at = end
            return
        if self._is_forwarded_mail(run):
            self._start_forward(start)
            return
        if self.holds_answers(run, end):
            self.keep("")
            for line in run:
                self.keep(without_quote_marks(line))
        elif self.attributed or run[0].startswith(QUOTED) or self.is_old_mail(run, end):
            self.own_lines.append("")
        else:
            for line in self.lines[start:end]:
                self.keep(line.lstrip(INDENTED))
        self.at = end

    def _is_forwarded_mail(self, run: Sequence[str]) -> bool:
        """Tell whether quoted lines are a forwarded mail: a marker or a header block inside them says so."""
        if self.finished_parts:
            first_lines = " ".join(unquoted(line) for line in run[:3])
            return has_header(run) and self.holds_mail(first_lines)
        lines = [unquoted(line) for line in run[:20]]
        first = next((number for number, line in enumerate(lines) if line), 0)
        if is_forward_marker(lines[first]) or (self.thread.is_forward and not self.own_says):
            return True
        if is_original_marker(lines[first]):
            first += 1
        block = header_block(lines, first)
        return block is not None and self.begins_forward(block)

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
        self.attribution = text
        if begin := inline_start(text):
            self.keep(text[:begin].rstrip(" -"))
        self.attributed = self.attributed or self.quote_follows(end)
        self.at = end
        return True

    def _heads_history(self, kind: Attribution, text: str, first: int, end: int) -> bool:
        """Tell whether an attribution that begins at own line `first` and ends before line `end` counts."""
        if self.quote_follows(end):
            return True
        below = self.lines[end] if end < len(self.lines) else ""
        if kind is Attribution.CERTAIN:
            within = first > 0 and self.own_lines[first - 1] and below and not names_writing(text)
            return not opens_quotation(below) and not within
        if kind is Attribution.UNDATED or not (has_clock_time(text) or has_email_address(text)):
            return False
        blank_above = first == 0 or not self.own_lines[first - 1]
        following = next_line(self.lines, end)
        told = following < len(self.lines) and opens_quotation(self.lines[following])
        return blank_above and not below and not told


def _may_end_attribution(line: str) -> bool:
    return line.endswith((":", "：", "*", ">", "-")) or attribution(line) is not None
