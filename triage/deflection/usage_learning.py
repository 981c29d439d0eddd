"""What people do with articles reaches the ranking: from the store into the knowledge base's sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from kb_index.storage.article_store import ArticleStore
from kb_index.usage.events import Event
from triage.background import DebouncedTask
from triage.store import Store
from triage.store.article_events import ListedEvent

_BATCH = 500
_AFTER_S = 5.0
# A search is written within a second of its answer, and an event may be faster.
_SETTLED = timedelta(seconds=3)


def usage_events(placed: Sequence[ListedEvent]) -> list[Event]:
    """Return the events as the knowledge base counts them; those on what was not listed teach nothing."""
    return [
        Event(
            article_id=p.event.article_id,
            position=p.listed.ids.index(p.event.article_id) + 1,
            kind=p.event.kind,
            day=p.at.date(),
            audience="portal" if p.listed.is_portal else "agent",
        )
        for p in placed
        if p.listed is not None and p.event.article_id in p.listed.ids
    ]


class UsageLearner:
    """Takes up article events some seconds after they were stored; none is lost, whatever fails."""

    def __init__(self, store: Store, articles: Callable[[], ArticleStore]) -> None:
        """`articles` returns the knowledge base that answers now, or raises why there is none."""
        self._store = store
        self._articles = articles
        self._task = DebouncedTask(self._learn_settled, name="learn-from-use", after_s=_AFTER_S)

    def schedule(self) -> None:
        """Say that there may be events to learn from, such as those that a process left that died."""
        self._task.schedule()

    def close(self) -> None:
        """Learn what is left, and stop."""
        self._task.close()

    def learn(self, before: datetime) -> int:
        """Learn from all events before a moment, and return how many those were.

        Raises:
            TriageError: the store or the knowledge base cannot be used; what was not learnt waits.
        """
        articles, total = self._articles(), 0
        while count := self._store.article_events.process_pending(
            lambda placed: _teach(articles, placed), before=before, limit=_BATCH
        ):
            total += count
        return total

    def _learn_settled(self) -> None:
        if not self._store.article_events.count_pending():
            return  # nor is the knowledge base asked for, which may not be there yet
        self.learn(datetime.now(UTC) - _SETTLED)
        if self._store.article_events.count_pending():
            self._task.schedule()


def _teach(articles: ArticleStore, placed: Sequence[ListedEvent]) -> None:
    events = usage_events(placed)
    if events:
        articles.record(events)
