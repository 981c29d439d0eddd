"""Deflection service: answers customers' drafts in portal sessions, and logs every search."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from kb_index.search.knowledge_base import Hit, max_confidence
from models.errors import TriageError
from models.language.codes import UNKNOWN
from models.language.detector import DetectedLanguage
from models.redaction.redact import Redactor, redact_with_rules
from triage.background import DebouncedTask
from triage.deflection.draft_search import DraftSearch, read_draft
from triage.pipeline.engine import Engine
from triage.settings import Settings
from triage.store import Store
from triage.store.ids import age_s
from triage.store.portal_limits.origins import portal_origin
from triage.store.portal_sessions import Outcome, in_control_group, is_session_id, new_session_id
from triage.store.searches import SearchRecord, folded, is_search_id, new_search_id

_WITHIN_S = 0.5
_WRITTEN_WITHIN_S = 2.0  # a search, by the process that answered it
_LOOK_AGAIN_S = 0.1
_MOST_WAITING = 20_000
_MOST_CHARS = 20_000_000  # an agent may search with a whole ticket
_BATCH = 500
_NEWEST = 50
_NO_LANGUAGE = DetectedLanguage(UNKNOWN, 0.0, {})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeflectionResult:
    """The articles shown to a customer for a draft.

    `search_id` is None where nothing was searched; `is_stale` says that a newer draft of the session came,
    `is_truncated` that the end of the draft was not read.
    """

    session_id: str
    search_id: str | None
    is_stale: bool
    language: DetectedLanguage
    shown: Sequence[Hit]
    is_truncated: bool = False


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """Search that is still to be written; `portal_client` as in `DeflectionService.deflect`."""

    record: SearchRecord
    portal_client: str | None

    @property
    def chars(self) -> int:
        return len(self.record.text or "")


class SearchLogWriter:
    """Writes searches to the store within a second after they were answered, and when the process stops.

    While the store cannot be reached, up to 20,000 searches wait, or 20 million characters. Of more, the
    oldest are dropped, and the log says so.
    """

    def __init__(self, store: Store, *, keeps_text: bool, redact: Redactor = redact_with_rules) -> None:
        self._store = store
        self._keeps_text = keeps_text
        self._redact = redact
        self._waiting: deque[_Unwritten] = deque()
        self._chars = 0
        self._lock = threading.Lock()
        self._task = DebouncedTask(self._write, name="write-searches", after_s=_WITHIN_S)

    def put(self, record: SearchRecord, portal_client: str | None = None) -> None:
        """Queue a search, whose text is still as it was typed; returns at once."""
        search = _Unwritten(record, portal_client)
        with self._lock:
            self._waiting.append(search)
            self._chars += search.chars
            lost = 0
            while len(self._waiting) > _MOST_WAITING or self._chars > _MOST_CHARS:
                self._chars -= self._waiting.popleft().chars
                lost += 1
        if lost:
            _log.warning("%d searches were not recorded: the store could not be reached for too long", lost)
        self._task.schedule()

    def flush(self) -> None:
        """Write the queued searches now."""
        self._task.flush()

    def close(self) -> None:
        """Write the queued searches, and stop."""
        self._task.close()

    def _write(self) -> None:
        while True:
            with self._lock:
                batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
                self._chars -= sum(search.chars for search in batch)
            if not batch:
                return
            try:
                self._store.searches.record([self._as_kept(search) for search in batch])
            except TriageError:
                with self._lock:
                    self._waiting.extendleft(reversed(batch))
                    self._chars += sum(search.chars for search in batch)
                raise

    def _as_kept(self, search: _Unwritten) -> SearchRecord:
        """Return the search with its redacted text, and with its origin where it came from a portal.

        The origin is of the redacted text: otherwise drafts that differ in a mail address alone would count
        as many, and be listed as one.
        """
        record, client = search.record, search.portal_client
        typed, kept = record.text or "", None
        if self._keeps_text and record.text is not None:
            typed = kept = self._redact(record.text, record.language)
        origin = None
        if client is not None:
            origin = portal_origin(self._store.pseudonyms, record.token_id or "", client, folded(typed))
        return replace(record, text=kept, origin=origin)


class DeflectionService:
    """Answers drafts with articles; each process has one over the same store."""

    def __init__(self, store: Store, settings: Settings, redact: Redactor = redact_with_rules) -> None:
        self.writer = SearchLogWriter(store, keeps_text=settings.store.keep_text, redact=redact)
        self._store = store
        self._control_share = settings.deflect.control_share
        self._drafts = DraftSearch(at_once=settings.server.portal_threads)

    def deflect(
        self,
        engine: Engine,
        text: str,
        language: str | None,
        *,
        session_id: str | None = None,
        token_id: str | None = None,
        portal_client: str | None = None,
    ) -> DeflectionResult:
        """Return the articles to show for a draft; raises as `DraftSearch.search`.

        An unknown session is replaced by a new one. For the control group everything is done and recorded as
        for the other, but nothing is shown. Of a long draft the beginning is read.

        `portal_client` is the network that asks with a portal's token, "" where it is not known.
        """
        draft = read_draft(text)
        pseudonyms = self._store.pseudonyms
        if session_id is None or not self.is_session(session_id):
            session_id = new_session_id(pseudonyms)
        if not draft.text:
            return DeflectionResult(session_id, None, False, _NO_LANGUAGE, [], draft.is_truncated)
        found = self._drafts.search(engine, session_id, draft.text, language)
        if found is None:
            return DeflectionResult(session_id, None, True, _NO_LANGUAGE, [], draft.is_truncated)
        sure = [hit for hit in found.hits if hit.confidence >= engine.thresholds.portal]
        in_control = in_control_group(pseudonyms, session_id, self._control_share)
        # The shown list, so that an event tells the article's position; else the nearest articles.
        listed = sure or found.hits
        search_id = self.record_search(
            "deflect",
            draft.text,
            found.language,
            listed,
            bool(sure),
            session_id,
            in_control,
            token_id,
            portal_client,
        )
        shown = [] if in_control else sure
        return DeflectionResult(session_id, search_id, False, found.language, shown, draft.is_truncated)

    def record_search(
        self,
        kind: Literal["deflect", "suggest"],
        text: str,
        language: DetectedLanguage,
        hits: Sequence[Hit],
        is_answered: bool,
        session_id: str | None = None,
        in_control: bool = False,
        token_id: str | None = None,
        portal_client: str | None = None,
    ) -> str:
        """Record a search soon after this returns, and return its id."""
        record = SearchRecord(
            id=new_search_id(self._store.pseudonyms, session_id),
            at=datetime.now(UTC),
            kind=kind,
            language=language.code,
            text=text,
            best=round(max_confidence(hits), 4),
            found=[{"id": hit.article.id, "confidence": round(hit.confidence, 4)} for hit in hits],
            is_answered=is_answered,
            session_id=session_id,
            is_control=in_control,
            token_id=token_id,
        )
        self.writer.put(record, portal_client)
        return record.id

    def is_session(self, session_id: str) -> bool:
        """Tell whether a service with this secret opened the session."""
        return is_session_id(self._store.pseudonyms, session_id)

    def find_search(self, search_id: str, session_id: str | None) -> SearchRecord | None:
        """Return a search; None where there is none of that id, or it is of another session than is named.

        A search that was answered a moment ago, by whichever process, is waited for until it is written.

        Raises:
            StoreUnavailableError: it cannot be looked up.
        """
        found = self._store.searches.get(search_id)
        if found is None:
            self.writer.flush()
            found = self._store.searches.get(search_id)
        if found is None and is_search_id(self._store.pseudonyms, search_id, session_id):
            until = time.monotonic() + _WRITTEN_WITHIN_S  # a clock that was set back makes ids of the future
            while found is None and age_s(search_id) < _WRITTEN_WITHIN_S and time.monotonic() < until:
                time.sleep(_LOOK_AGAIN_S)
                found = self._store.searches.get(search_id)
        if found is None or (session_id is not None and found.session_id != session_id):
            return None
        return found

    def answered_searches(self, session_id: str) -> Sequence[SearchRecord]:
        """Return the newest answered searches of a session; raises StoreUnavailableError."""
        self.writer.flush()
        return self._store.searches.answered_in(session_id, _NEWEST)

    def shown_articles(self, search: SearchRecord) -> Sequence[str]:
        """Return the ids of the articles that the answer to a search listed, best first."""
        if search.kind == "deflect" and not (search.is_answered and self._is_treated(search.session_id)):
            return []
        return [str(article["id"]) for article in search.found]

    def end_session(
        self, session_id: str, outcome: Outcome, *, token_id: str | None = None, only_known: bool = False
    ) -> bool:
        """Record durably how a session ended; False where that was known, or as `PortalSessions.end` says.

        Raises:
            StoreUnavailableError: it could not be recorded.
        """
        self.writer.flush()
        return self._store.portal_sessions.end(
            session_id,
            outcome,
            is_control=not self._is_treated(session_id),
            token_id=token_id,
            only_known=only_known,
        )

    def _is_treated(self, session_id: str | None) -> bool:
        share = self._control_share
        return not in_control_group(self._store.pseudonyms, session_id or "", share)
