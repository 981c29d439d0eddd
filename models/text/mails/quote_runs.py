"""Runs of quoted lines: which marks quote a mail, and which a person typed, as in a list or at a prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from models.text.mails.attributions import Attribution, attribution
from models.text.mails.closing_phrases import is_closing
from models.text.mails.headers.blocks import header_block
from models.text.unicode import INDENTED, QUOTED, REPLY_HEADER

_QUOTE_MARK = re.compile(rf"^ ?(?:>|{QUOTED}|{INDENTED}) ?")
_ALL_QUOTE_MARKS = re.compile(rf"^(?: ?(?:>|{QUOTED}|{INDENTED}))+ ?", re.M)
# Marks that count only below an attribution: "| which model?", and "AL> which model?" with a name.
OTHER_MARK = re.compile(r"\||[A-Z]{1,3}>|[A-Z][\w.-]{1,20}>(?= )")
# An attribution that looks like a quote: '>>>>> "Ann" == Ann Lee <ann@example.com> writes:'
_SUPERCITE = re.compile(r">{3,6} \"[^\"]{1,60}\" == ")
# Python's prompt: no mail program begins a quote at the third level.
_PROMPT = re.compile(r">>>(?: (?!>)|$)")
_CODE = re.compile(r"[=()\[\]{}]|^>>> (?:import|from|print|del|for|with) ", re.M)
# ">:(" alone in its line is no quoted ":(".
_ANGRY_FACE = re.compile(r">(?:[:;=]['’]?-?[(/|\[]|[_.]<)")
_GREETING = re.compile(r"[^\W\d_][^\n.:;?!]{0,40}[,،，!！]$")
_FEWEST_ANSWERS = 2
_MOST_GREETING_WORDS = 3
_ENDED = re.compile(r"[.!?…。！？)؟;][\"'”»)]?$")


def is_quoted(line: str) -> bool:
    """Tell whether a line begins with a mark of a quote."""
    if line.startswith(">") and _ANGRY_FACE.fullmatch(line):
        return False
    if line.startswith(">>>") and (_SUPERCITE.match(line) or _is_of_groupwise(line)):
        return False
    return line.startswith((">", QUOTED, INDENTED))


def _is_of_groupwise(line: str) -> bool:
    return line.endswith(">>>") and attribution(line.strip("> ") + ":") is not None


def unquoted(line: str) -> str:
    """Return a line without its first quote mark."""
    return _QUOTE_MARK.sub("", line).strip()


def without_quote_marks(text: str) -> str:
    """Return `text` with all lines kept and their quote marks removed."""
    return _ALL_QUOTE_MARKS.sub("", text.replace(REPLY_HEADER, ""))


def is_prompt(run: Sequence[str], *, attributed: bool) -> bool:
    """Tell whether a run of marked lines is what somebody typed at Python's prompt.

    >>> is_prompt([">>> import lamp"], attributed=False), is_prompt([">>> Hello"], attributed=True)
    (True, False)
    """
    if not all(map(_PROMPT.match, run)):
        return False
    return not attributed or _CODE.search("\n".join(run)) is not None


def is_greeting(text: str) -> bool:
    """Tell whether a text is a greeting alone, such as "Hello Ann,"."""
    greets = text.endswith((",", "،", "，")) and _GREETING.match(text) is not None
    return greets and len(text.split()) <= _MOST_GREETING_WORDS


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends a sentence, so that it does not announce what stands below it."""
    return _ENDED.search(line) is not None


def looks_answered(run: Sequence[str]) -> bool:
    """Tell whether questions in marked lines are followed by lines that ask nothing, two of them at least."""
    lines = [line for line in map(without_quote_marks, run) if line]
    asks = [line.endswith(("?", "？", "؟", ";")) for line in lines]
    return sum(ask and not below for ask, below in pairwise(asks)) >= _FEWEST_ANSWERS


def has_header(run: Sequence[str]) -> bool:
    """Tell whether marked lines begin as a mail: with a dated attribution, or with a header block."""
    lines = [line for line in map(unquoted, run) if line]
    if not lines:
        return False
    dated = (Attribution.CERTAIN, Attribution.NARRATIVE)
    return (
        any(attribution(" ".join(lines[:end])) in dated for end in (1, 2))
        or header_block(lines, 0) is not None
    )


def reads_as_mail(run: Sequence[str]) -> bool:
    """Tell whether marked lines are a mail: a header, an attribution, a greeting, a closing or quotes."""
    lines = list(map(unquoted, run))
    first = next((at for at, line in enumerate(lines) if line), 0)
    if attribution(" ".join(lines[first : first + 2])) or header_block(lines, first):
        return True
    nested = any(line.startswith(">") or attribution(line) for line in lines)
    return nested or _GREETING.match(lines[first]) is not None or any(map(is_closing, lines))
