"""State of the pass over a mail: the lines read so far, and what they say about the lines below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.text.mails.covering_notes import (
    asks_about_mail,
    is_long_note_on,
    is_note_on,
    only_thanks,
    points_below,
    says_answers_below,
    speaks_of_answers,
)
from models.text.mails.headers.blocks import HeaderBlock, is_rule, next_line
from models.text.mails.pasted_logs import names_log
from models.text.mails.quote_runs import (
    OTHER_MARK,
    ends_sentence,
    has_header,
    is_greeting,
    is_quoted,
    looks_answered,
    reads_as_mail,
)
from models.text.mails.signatures import without_signature
from models.text.mails.subject import Thread
from models.text.mails.third_parties import is_helpdesk
from models.text.unicode import INDENTED, has_words, says_something

_MOST_SIGNATURE_LINES = 60
_MOST_MAILS = 12


@dataclass(slots=True)
class Reading:
    """The parts finished so far and the lines of the part being read.

    `attributed`: an attribution has been read, so that marked lines are quotes. `pasted`: the sender pasted
    a mail, so that what looks like a header belongs to it. `of_forward`: the mail below was a forward
    itself, by its subject. `indented`: the lines that were set in.
    """

    lines: list[str]
    thread: Thread
    own_lines: list[str] = field(default_factory=list)
    finished_parts: list[str] = field(default_factory=list)
    attributed: bool = False
    pasted: bool = False
    of_forward: bool = False
    indented: set[int] = field(default_factory=set)
    own_says: bool = False
    at: int = 0

    def parts(self) -> list[str]:
        """Return the text of each mail: the sender's own, then the forwarded ones."""
        return [*self.finished_parts, "\n".join(self.own_lines).strip()]

    def keep(self, line: str) -> None:
        """Take a line into the part being read."""
        self.own_lines.append(line)
        self.own_says = self.own_says or says_something(line)

    def note(self) -> str:
        """Return the sender's text so far where it is short enough to be a note on a mail, else nothing."""
        return "\n".join(self.own_lines) if len(self.own_lines) <= _MOST_SIGNATURE_LINES else ""

    def has_own(self) -> bool:
        """Tell whether the sender wrote anything so far: thanks count, a signature does not."""
        if not self.own_says or len(self.own_lines) > _MOST_SIGNATURE_LINES:
            return self.own_says
        own = self.note()
        shown = without_signature(own, keep_words=False)
        return (
            (says_something(shown) and not is_greeting(shown))
            or only_thanks(own)
            or any(map(says_something, self.finished_parts))
        )

    def begins_forward(self, block: HeaderBlock | None = None) -> bool:
        """Tell whether the history that starts here is content: a forward, or a mail with answers in it."""
        if self.finished_parts or self.pasted:
            return False
        if self.thread.is_forward or not self.has_own():
            return True
        own = self.note()
        if points_below(own) or says_answers_below(own):
            return True
        announced = block is not None and self.is_announced(block)  # stays with its header
        if self.thread.is_first and not announced and self._passes_on(own, block):
            return True
        return block is not None and self.thread.begins_with(block.subject)

    def _passes_on(self, note: str, block: HeaderBlock | None) -> bool:
        """Tell whether a note speaks of the mail below as one that somebody else wrote."""
        if only_thanks(note) or (block is not None and block.is_of_a_reply):
            return False
        return is_long_note_on(without_signature(note, keep_words=False), sender="")

    def holds_mail(self, sender: str) -> bool:
        """Tell whether a history within a forwarded mail is content too: one that no helpdesk wrote."""
        is_forward = self.thread.is_forward or self.of_forward
        if not self.finished_parts or not is_forward or self.pasted:
            return False
        shown, sign, _ = sender.partition("@")
        return len(self.finished_parts) < _MOST_MAILS and not is_helpdesk(shown + sign)

    def is_pasted_log(self, start: int, end: int) -> bool:
        """Tell whether lines `start` to `end` are set in, and text below them is not."""
        shown = [at for at in range(start, end) if self.lines[at]]
        if shown and self.indented.issuperset(shown):
            return any(
                line and at not in self.indented
                for at, line in enumerate(self.lines[end : end + _MOST_SIGNATURE_LINES], end)
            )
        return False

    def is_answered(self, block: HeaderBlock) -> bool:
        """Tell whether a mail below is a part of this thread, by its subject."""
        return block.is_of_a_reply or self.thread.answers(block.subject)

    def may_be_form(self, block: HeaderBlock) -> bool:
        """Tell whether what looks like a header block may be a journey, a parcel or another form."""
        if self.is_answered(block) or self.thread.begins_with(block.subject):
            return False
        return not block.certain or (not block.addressed and self.thread.is_first and self.thread.title != "")

    def is_announced(self, block: HeaderBlock) -> bool:
        """Tell whether the text above announces a mail that is pasted below, or asks about it."""
        if self.is_answered(block) or self.finished_parts or self.pasted:
            return False
        above = next((line for line in reversed(self.own_lines) if line), "")
        return names_log(above) or asks_about_mail("\n".join(self.own_lines[-_MOST_SIGNATURE_LINES:]))

    def announces_attribution(self) -> bool:
        """Tell whether a first mail announces what an attribution and quoted lines below it show."""
        if self.finished_parts or not self.thread.is_first:
            return False
        if not self.thread.title:
            return self._passes_on(self.note(), None)
        announced = asks_about_mail("\n".join(self.own_lines[-_MOST_SIGNATURE_LINES:]))
        return announced or is_long_note_on(self.note(), sender="")

    def is_sent_on(self, block: HeaderBlock) -> bool:
        """Tell whether a mail without a prefix has one of another subject below a note on it."""
        if self.finished_parts or self.pasted or not self.thread.is_first or not self.thread.title:
            return False
        if block.is_of_a_reply:
            return False
        note = self.note()
        if is_note_on(note, block.subject):
            return True
        return is_long_note_on(without_signature(note, keep_words=False), block.sender)

    def drop_rules(self) -> None:
        """Drop the empty lines and rules at the end of what has been read."""
        while self.own_lines and (not self.own_lines[-1] or is_rule(self.own_lines[-1])):
            self.own_lines.pop()

    def is_old_mail(self, run: Sequence[str], end: int) -> bool:
        """Tell whether quoted lines that no attribution announces are a mail all the same."""
        above = next((line for line in reversed(self.own_lines) if line), "")
        if above.endswith((":", "：")):
            return False
        is_marked = not run[0].startswith(INDENTED)
        is_last = not any(map(has_words, self.lines[end : end + _MOST_SIGNATURE_LINES]))
        own = self.note()
        attached = is_marked and self.own_lines[-1:] not in ([], [""])
        rest = without_signature(own, keep_words=False)
        thanked = only_thanks(own) and (not has_words(rest) or (only_thanks(rest) and not attached))
        if thanked or (is_last and not is_marked):
            return True
        is_answered = is_last and self.thread.is_reply and ends_sentence(above)
        if len(run) == 1 and is_marked:
            return is_answered and not attached
        if not self.own_says:
            return has_header(run) or not self.thread.is_first or not self.thread.title
        return has_header(run) or (not attached and (is_answered or reads_as_mail(run)))

    def holds_answers(self, run: Sequence[str], end: int) -> bool:
        """Tell whether the note above says that the answers stand in the quoted lines, which end at `end`."""
        note = self.note()
        said = says_answers_below(note) or (speaks_of_answers(note) and looks_answered(run))
        if self.finished_parts or not said:
            return False
        return not any(has_words(line) and not is_quoted(line) for line in self.lines[end:])

    def quote_follows(self, at: int) -> bool:
        """Tell whether the first words from line `at` on are quoted."""
        following = next_line(self.lines, at)
        if following == len(self.lines):
            return False
        return is_quoted(self.lines[following]) or OTHER_MARK.match(self.lines[following]) is not None

    def has_other_mark(self, line: str) -> bool:
        """Tell whether another mark than ">" begins a quote: below an attribution, or before a whole mail."""
        if not OTHER_MARK.match(line):
            return False
        if self.attributed or not line.startswith("|"):
            return self.attributed
        end = self.at
        while end < len(self.lines) and self.lines[end].startswith("|"):
            end += 1
        run = [line.lstrip("| ") for line in self.lines[self.at : end]]
        is_table = any(line.endswith("|") and len(line) > 1 for line in self.lines[self.at : end])
        is_last = next_line(self.lines, end) == len(self.lines)
        if self.thread.is_reply and self.own_says and is_last and not is_table and reads_as_mail(run):
            self.attributed = True
        return self.attributed
