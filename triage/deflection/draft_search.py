"""What is found for a draft while its writer is still typing."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import Hit, KnowledgeBase
from models.language.detector import DetectedLanguage
from models.text import clean_ticket
from triage.pipeline.engine import Engine
from triage.pipeline.triage_service import ARTICLES

_SEARCHED = Filters(visibility=frozenset({"public"}), collections=ARTICLES)
_SHOWN = 3
_SESSIONS = 10_000
_Key = tuple[bytes, str]
"""A draft, which may be long, by its hash, and the language that was given."""


@dataclass(frozen=True, slots=True)
class DraftResult:
    """The language of a draft, and the public articles found for it, best first."""

    language: DetectedLanguage
    hits: Sequence[Hit]


class DraftSearch:
    """Finds public articles for drafts, remembers what it found, and drops what nobody waits for any more.

    Two searches run at a time, since each encodes its text on one core. A draft of a session that waits
    while a newer one of the same session comes is stale.
    """

    def __init__(self, remembered: int, *, at_once: int = 2) -> None:
        self._remembered = remembered
        self._turns = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._kb: KnowledgeBase | None = None
        self._found: OrderedDict[_Key, DraftResult] = OrderedDict()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._count = 0

    def find(self, engine: Engine, session_id: str, text: str, language: str | None) -> DraftResult | None:
        """Return what is found, or None where the session has sent a newer draft meanwhile.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: the current index cannot be used.
        """
        number = self._arrive(session_id)
        kb, cleaned = engine.articles.get().knowledge_base(), clean_ticket("", text)
        key = hashlib.sha256(cleaned.encode("utf-8", "surrogatepass")).digest(), language or ""
        found = self._recall(kb, key)
        if found is not None:
            return found
        with self._turns:
            if self._is_stale(session_id, number):
                return None
            found = DraftResult(*engine.search_text(cleaned, language, _SEARCHED, k=_SHOWN))
        self._remember(kb, key, found)
        return found

    def _arrive(self, session_id: str) -> int:
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

    def _recall(self, kb: KnowledgeBase, key: _Key) -> DraftResult | None:
        with self._lock:
            if kb is not self._kb:  # an article, or what was learnt from use, has changed
                self._kb, self._found = kb, OrderedDict()
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def _remember(self, kb: KnowledgeBase, key: _Key, found: DraftResult) -> None:
        with self._lock:
            if kb is self._kb and self._remembered:
                self._found[key] = found
                if len(self._found) > self._remembered:
                    self._found.popitem(last=False)
