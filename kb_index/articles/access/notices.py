"""Notices: what a title, or a line at the edge of a page, says of who may read the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kb_index.articles.access.keys import key_kind
from kb_index.articles.access.values import restricts_by_itself
from kb_index.articles.access.words import read_words

_MOST_CHARS = 160
_FIRST_LINES, _LAST_LINES = 2, 3
_BRACKETED = re.compile(r"[\[(（【「]\s*([^\[\]()（）【】「」]{2,60}?)\s*[\])）】」]")
_AT_BEGINNING = re.compile(
    r"\s*(?:[*_]{1,2})?([^:：|–—/-]{2,40}?)(?:[*_]{1,2})?\s*(?:[:：|]|\s[–—/-]{1,2}\s|[–—])."
)
_AT_END = re.compile(r".(?:\s[–—-]{1,2}|[|:：–—])\s*([^:：|–—]{2,40})$")
_PARTS = re.compile(r"\s*[|·•©]\s*|\s+[–—-]\s+|[.!。！]+(?:\s+|$)")
_LABELLED = re.compile(r"([^:：]{2,40})[:：]\s*([^:：]{2,60})$")
_ITEM = re.compile(r"[-*+•]\s|\d{1,3}[.)]\s|\|")
_AROUND = " \t*_#>\"'„“”»«[]()（）【】「」<.!。！"
_MOST_LABEL_WORDS = 3


def title_notice(title: str) -> str:
    """Return what a title says of who may read the article; "" where it names its subject alone.

    A notice stands in brackets, or before or behind a sign that parts it from the subject.

    >>> title_notice("[INTERNAL] Reset it"), title_notice("Lampe (nur intern)"), title_notice("WIP - Lamp")
    ('INTERNAL', 'nur intern', 'WIP')
    >>> title_notice("Internal storage: what fits"), title_notice("Festplatten - intern")
    ('', '')
    """
    title = title[:400].strip()
    for match in _BRACKETED.finditer(title):
        if _restricts(match[1]) and title.strip(_AROUND) != match[1]:
            return match[1]
    before = _AT_BEGINNING.match(title)
    if before and _restricts(before[1]):
        return before[1].strip()
    behind = _AT_END.search(title)
    if behind and _restricts(behind[1]) and (behind[1].isupper() or len(read_words(behind[1])) > 1):
        return behind[1].strip()
    return ""


def edge_notice(text: str, footers: Iterable[str] = ()) -> str:
    r"""Return the notice at the head or foot of a page that says that it is not for all, "" where none does.

    `footers` are the texts below the article, such as those of `<footer>` elements.

    >>> edge_notice("Turn the lamp.\n\nInternal use only"), edge_notice("Turn it.", ["© Acme | 社外秘"])
    ('Internal use only', '社外秘')
    >>> edge_notice("Internal use only applies to the spare key.\nTurn the lamp.")
    ''
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line in (*lines[:_FIRST_LINES], *lines[_FIRST_LINES:][-_LAST_LINES:]):
        if not _ITEM.match(line) and (found := _notice_of(line, is_footer=False)):
            return found
    for footer in footers:
        for line in footer.split("\n"):
            if found := _notice_of(line.strip(), is_footer=True):
                return found
    return ""


def _notice_of(line: str, *, is_footer: bool) -> str:
    if not line or len(line) > _MOST_CHARS:
        return ""
    parts = [part for part in (part.strip(_AROUND) for part in _PARTS.split(line)) if part]
    for part in parts:
        words = read_words(part)
        # "Draft" alone may be a state that the page tells of.
        is_clear = len(words) > 1 or (
            (is_footer or len(parts) == 1) and words and words[0].means("restricted")
        )
        found = next(filter(_restricts, _values(part)), "") if is_clear else ""
        if found:
            return found
    return ""


def _values(part: str) -> Iterator[str]:
    """Yield what may be a notice: a whole part, and what stands behind a label such as "Classification"."""
    yield part
    match = _LABELLED.match(part)
    if match is None:
        return
    label = read_words(match[1])
    is_about_text = all(word.means("papers", "neutral") for word in label)
    if len(label) <= _MOST_LABEL_WORDS and (is_about_text or key_kind(match[1]) in ("audience", "state")):
        yield match[2]


def _restricts(value: str) -> bool:
    return restricts_by_itself(value, is_subject=False, is_kind=False)
