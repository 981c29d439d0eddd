"""What a batch of articles changes, found before anything is encoded or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb_index.articles.article import Article
from kb_index.storage.live_index import LiveIndex

Given = Sequence[tuple[Article, str]]
"""Articles, each with its source."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The ids of the articles that a batch added, changed and removed, and how many it left as they were."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The articles to write, what that means, and of those that change their state before, by id."""

    put: Given = ()
    synced: SyncResult = SyncResult()
    before: Mapping[str, Article] = field(default_factory=dict)

    @classmethod
    def of_put(cls, overlay: LiveIndex, given: Given) -> ChangeSet:
        """Find what is new or changed; an article that only changed its source counts as unchanged."""
        put, added, before = [], [], {}
        for article, source in given:
            row = overlay.row_of(article.id)
            if row is None:
                added.append(article.id)
            elif (old := overlay.article(row)) != article:
                before[article.id] = old
            elif overlay.source(row) == source:
                continue
            put.append((article, source))
        unchanged = len(given) - len(added) - len(before)
        return cls(put, SyncResult(tuple(added), tuple(before), (), unchanged), before)

    @classmethod
    def of_remove(cls, overlay: LiveIndex, ids: Sequence[str]) -> ChangeSet:
        """Find which of the articles are there."""
        removed = tuple(i for i in dict.fromkeys(ids) if overlay.row_of(i) is not None)
        return cls(synced=SyncResult(removed=removed))

    @classmethod
    def of_sync(cls, overlay: LiveIndex, sources: Mapping[str, Sequence[Article]]) -> ChangeSet:
        """Find what makes the articles of each source equal to those given."""
        plan = cls.of_put(overlay, with_source(sources))
        ids = {article.id for articles in sources.values() for article in articles}
        left = tuple(i for source in sources for i in overlay.ids_of(source) if i not in ids)
        return replace(plan, synced=replace(plan.synced, removed=left))


def with_source(sources: Mapping[str, Sequence[Article]]) -> Given:
    return [(article, source) for source, articles in sources.items() for article in articles]
