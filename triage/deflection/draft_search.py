"""Draft search: public articles for a draft while its writer is still typing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import Hit
from models.language.detector import DetectedLanguage
from models.text import clean_ticket
from models.text.unicode import truncate
from triage.pipeline.engine import Engine
from triage.pipeline.triage_service import ARTICLES

_SEARCHED = Filters(visibility=frozenset({"public"}), collections=ARTICLES)
_SHOWN = 3
_SESSIONS = 10_000
MOST_CHARS = 1_000
"""What is read of a draft: about as much as the encoder reads of a text, so that no draft takes long."""


@dataclass(frozen=True, slots=True)
class DraftResult:
    """Language of a draft, and the public articles found for it, best first."""

    language: DetectedLanguage
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Draft:
    """Beginning of a draft; `is_truncated` says that more was sent."""

    text: str
    is_truncated: bool


def read_draft(sent: str) -> Draft:
    """Return about the first 1,000 characters of a draft.

    A number at the cut, of which the rest may be missing, is left out too: redaction would not know it.

    >>> read_draft("the printer smokes")
    Draft(text='the printer smokes', is_truncated=False)
    """
    text = sent.strip()
    if len(text) <= MOST_CHARS:
        return Draft(text, is_truncated=False)
    beginning = truncate(text, MOST_CHARS)
    end = len(beginning)
    while end and not beginning[end - 1].isalpha():
        end -= 1
    return Draft(beginning[:end], is_truncated=True)


class DraftSearch:
    """Searches public articles for drafts, `at_once` at a time, and skips stale drafts.

    A draft is stale when a newer one of its session comes while it waits. No result is cached: the time of an
    answer would tell what others have typed.
    """

    def __init__(self, *, at_once: int) -> None:
        self._slots = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._count = 0

    def search(self, engine: Engine, session_id: str, text: str, language: str | None) -> DraftResult | None:
        """Return the result, or None where the session has sent a newer draft meanwhile.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: the current index cannot be used.
        """
        number = self._number(session_id)
        with self._slots:
            if self._is_stale(session_id, number):
                return None
            cleaned = clean_ticket("", text)
            return DraftResult(*engine.search_text(cleaned, language, _SEARCHED, k=_SHOWN))

    def _number(self, session_id: str) -> int:
        with self._lock:
            self._count += 1
            self._newest[session_id] = self._count
            self._newest.move_to_end(session_id)
            if len(self._newest) > _SESSIONS:
                self._newest.popitem(last=False)
            return self._count

    def _is_stale(self, session_id: str, number: int) -> bool:
        with self._lock:
            return self._newest.get(session_id, number) != number
