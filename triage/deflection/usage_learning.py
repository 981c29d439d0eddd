"""Usage learning: article events of the store are added to the knowledge base's usage counts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from kb_index.storage.article_store import ArticleStore
from kb_index.usage.events import Event
from models.wording import counted
from triage.background import DebouncedTask
from triage.store import Store
from triage.store.article_events import ListedEvent

_BATCH = 500
_log = logging.getLogger(__name__)
_AFTER_S = 5.0
# A search is written within a second of its answer, and an event may be faster.
_SETTLED = timedelta(seconds=3)


def usage_events(listed: Sequence[ListedEvent]) -> list[Event]:
    """Return the events as the knowledge base counts them, without those on articles that were not listed."""
    return [
        Event(
            article_id=p.event.article_id,
            position=p.listed.ids.index(p.event.article_id) + 1,
            kind=p.event.kind,
            day=p.at.date(),
            audience="portal" if p.listed.is_portal else "agent",
        )
        for p in listed
        if p.listed is not None and p.event.article_id in p.listed.ids
    ]


class UsageLearner:
    """Adds article events to the usage counts some seconds after they were stored; none is lost."""

    def __init__(self, store: Store, articles: Callable[[], ArticleStore]) -> None:
        """`articles` returns the knowledge base that answers now, or raises why there is none."""
        self._store = store
        self._articles = articles
        self._task = DebouncedTask(self._update_settled, name="learn-from-use", after_s=_AFTER_S)

    def schedule(self) -> None:
        """Process pending events soon, also those that a process left which died."""
        self._task.schedule()

    def close(self) -> None:
        """Process the pending events, and stop."""
        self._task.close()

    def update(self, before: datetime) -> int:
        """Add all events before a moment to the usage counts, and return how many those were.

        Raises:
            TriageError: the store or the knowledge base cannot be used; the other events stay pending.
        """
        articles, total = self._articles(), 0
        while count := self._store.article_events.process_pending(
            lambda listed: _update_usage(articles, listed), before=before, limit=_BATCH
        ):
            total += count
        return total

    def relearn_if_lost(self) -> bool:
        """Let all stored events be counted again where the counts were damaged; return whether they were.

        Raises:
            TriageError: the store or the knowledge base cannot be used; it is tried again.
        """
        articles = self._articles()
        if not articles.usage_was_lost:
            return False
        count = self._store.article_events.forget_learnt()
        articles.reset_usage()
        _log.warning("the usage counts are made again of %s", counted(count, "event"))
        self._task.schedule()
        return True

    def _update_settled(self) -> None:
        if not self._store.article_events.count_pending():
            return  # the knowledge base may not be there yet
        self.update(datetime.now(UTC) - _SETTLED)
        if self._store.article_events.count_pending():
            self._task.schedule()


def _update_usage(articles: ArticleStore, listed: Sequence[ListedEvent]) -> None:
    events = usage_events(listed)
    if events:
        articles.record(events)
