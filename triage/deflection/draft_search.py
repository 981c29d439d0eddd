"""Draft search: public articles for a draft while its writer is still typing."""

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
    """Language of a draft, and the public articles found for it, best first."""

    language: DetectedLanguage
    hits: Sequence[Hit]


class DraftSearch:
    """Searches public articles for drafts, caches the results, and skips stale drafts.

    Two searches run at a time, since each encodes its text on one core. A draft is stale when a newer one of
    its session comes while it waits.
    """

    def __init__(self, cache_size: int, *, at_once: int = 2) -> None:
        self._cache_size = cache_size
        self._slots = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._kb: KnowledgeBase | None = None
        self._cache: OrderedDict[_Key, DraftResult] = OrderedDict()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._count = 0

    def search(self, engine: Engine, session_id: str, text: str, language: str | None) -> DraftResult | None:
        """Return the result, or None where the session has sent a newer draft meanwhile.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: the current index cannot be used.
        """
        number = self._number(session_id)
        kb, cleaned = engine.articles.get().knowledge_base(), clean_ticket("", text)
        key = hashlib.sha256(cleaned.encode("utf-8", "surrogatepass")).digest(), language or ""
        found = self._cached(kb, key)
        if found is not None:
            return found
        with self._slots:
            if self._is_stale(session_id, number):
                return None
            found = DraftResult(*engine.search_text(cleaned, language, _SEARCHED, k=_SHOWN))
        self._keep(kb, key, found)
        return found

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

    def _cached(self, kb: KnowledgeBase, key: _Key) -> DraftResult | None:
        with self._lock:
            if kb is not self._kb:  # an article or a usage boost has changed
                self._kb, self._cache = kb, OrderedDict()
            found = self._cache.get(key)
            if found is not None:
                self._cache.move_to_end(key)
            return found

    def _keep(self, kb: KnowledgeBase, key: _Key, found: DraftResult) -> None:
        with self._lock:
            if kb is self._kb and self._cache_size:
                self._cache[key] = found
                if len(self._cache) > self._cache_size:
                    self._cache.popitem(last=False)
