"""Change set: the changes of a batch of articles, worked out before anything is encoded or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb_index.articles.article import Article
from kb_index.storage.live_index import LiveIndex

Given = Sequence[tuple[Article, str]]
"""Articles, each with its source."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The ids of the articles that a batch added, changed and removed, and the number it left unchanged.

    `taken` has the former source of each article that came from another one before.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    taken: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The articles to write, the result for the caller, and the former state of changed articles by id."""

    put: Given = ()
    result: SyncResult = SyncResult()
    before: Mapping[str, Article] = field(default_factory=dict)

    @classmethod
    def from_put(cls, live: LiveIndex, given: Given) -> ChangeSet:
        """Compare articles with the stored ones; one that only changes its source counts as unchanged."""
        put, added, before, taken = [], [], {}, {}
        for article, source in given:
            row = live.row_of(article.id)
            if row is None:
                added.append(article.id)
            elif (old := live.article(row)) != article:
                before[article.id] = old
            elif live.source(row) == source:
                continue
            if row is not None and source and (former := live.source(row)) not in ("", source):
                taken[article.id] = former
            put.append((article, source))
        unchanged = len(given) - len(added) - len(before)
        return cls(put, SyncResult(tuple(added), tuple(before), (), unchanged, taken), before)

    @classmethod
    def from_remove(cls, live: LiveIndex, ids: Sequence[str]) -> ChangeSet:
        """Keep the ids that are there."""
        removed = tuple(i for i in dict.fromkeys(ids) if live.row_of(i) is not None)
        return cls(result=SyncResult(removed=removed))

    @classmethod
    def from_sync(cls, live: LiveIndex, sources: Mapping[str, Sequence[Article]]) -> ChangeSet:
        """Find the changes that make the articles of each source equal to those given."""
        changes = cls.from_put(live, with_sources(sources))
        ids = {article.id for articles in sources.values() for article in articles}
        left = tuple(i for source in sources for i in live.ids_of(source) if i not in ids)
        return replace(changes, result=replace(changes.result, removed=left))


def with_sources(sources: Mapping[str, Sequence[Article]]) -> Given:
    return [(article, source) for source, articles in sources.items() for article in articles]
