"""Article store: the knowledge base on disk, whose articles are put, removed and synced at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import cast

from kb_index.articles.article import Article
from kb_index.search.catalogue import require_unique_ids
from kb_index.search.index_data import IndexData, TextVectors, index_articles
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.scoring import DisplayThresholds
from kb_index.search.vector_index import FaissIndex, IndexType
from kb_index.storage.change_set import ChangeSet, SyncResult, with_sources
from kb_index.storage.live_index import LiveIndex
from kb_index.storage.snapshot_directory import SnapshotDirectory
from kb_index.storage.thresholds_file import ThresholdsFile
from kb_index.storage.usage_file import UsageFile
from kb_index.usage.events import Event, UsageCounts, visible_events
from models.encoder import Encoder
from models.errors import StorageError

Check = Callable[[str, Article | None], None]
"""Called with an id and the article stored under it; when it raises, nothing is changed."""

_log = logging.getLogger(__name__)


class ArticleStore:
    """Articles under one root folder, changed and searched by any number of threads and processes.

    `root` holds snapshots, one of them current, and the log of changes since. A batch is one transaction:
    once a method returns, the batch survives a crash, and every later search of every process sees all of it;
    before, none sees any. When the changes are many, a new snapshot is written, while searches and changes go
    on.
    """

    def __init__(
        self, root: Path, encoder: Encoder, *, auto_compact: bool = True, learn_from_use: bool = True
    ) -> None:
        """Open the store, which may be empty. Without `auto_compact`, call `compact` from time to time.

        With `learn_from_use`, recorded events move articles in the ranking as soon as they are enough.
        """
        self._snapshots = SnapshotDirectory(root, encoder)
        self.registry = self._snapshots.registry
        self._replica = self._snapshots.replica
        self._encoder = encoder
        self._auto_compact = auto_compact
        self._thresholds = ThresholdsFile(root, encoder.name)
        self._usage = UsageFile(root)
        self._learn_from_use = learn_from_use

    def knowledge_base(self) -> KnowledgeBase:
        """Return the present state, which is immutable.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: what is stored cannot be used.
        """
        with self._replica.lock:
            kb = self._replica.latest().kb
        return self._usage.with_boosts(kb, _today()) if self._learn_from_use else kb

    def get(self, article_id: str) -> Article | None:
        with self._replica.lock:
            live = self._replica.latest()
            row = live.row_of(article_id)
            return None if row is None else live.article(row)

    def articles(self, *, after: str = "", limit: int = 100) -> list[Article]:
        """Return up to `limit` articles in the order of their ids, beginning behind the id `after`."""
        with self._replica.lock:
            live = self._replica.latest()
            rows = map(live.row_of, islice(live.ids(after), limit))
            return [live.article(row) for row in rows if row is not None]

    def put(self, articles: Sequence[Article], *, source: str = "", check: Check | None = None) -> SyncResult:
        """Add articles, or replace those with the same id.

        Only new texts are encoded. Nobody can change anything between a `check` that returns and the change.

        Raises:
            InputError: two articles have the same id.
            StorageError: the disk is full or cannot be written; nothing was changed.
        """
        require_unique_ids(articles)

        def changes(live: LiveIndex) -> ChangeSet:
            _run(check, live, [article.id for article in articles])
            return ChangeSet.from_put(live, [(article, source) for article in articles])

        return self._write(changes)

    def remove(self, ids: Sequence[str], *, check: Check | None = None) -> SyncResult:
        """Remove articles; unknown ids are skipped. `check` and errors as in `put`."""

        def changes(live: LiveIndex) -> ChangeSet:
            _run(check, live, ids)
            return ChangeSet.from_remove(live, ids)

        return self._write(changes)

    def sync(self, sources: Mapping[str, Sequence[Article]], *, progress: bool = False) -> SyncResult:
        """Make the articles of each source equal to those given, in one batch.

        An article that left its source is removed; one that another source had before belongs to the
        source that gives it now. Raises as `put`.
        """
        require_unique_ids([article for article, _ in with_sources(sources)])
        return self._write(lambda live: ChangeSet.from_sync(live, sources), progress=progress)

    def rebuild(self, sources: Mapping[str, Sequence[Article]], *, progress: bool = False) -> SyncResult:
        """Build everything from scratch of these articles; all others are gone.

        Needs nothing of what is stored, which may be damaged or of another encoder. Changes that are
        committed meanwhile are kept. Raises as `put`.
        """
        given = with_sources(sources)
        require_unique_ids([article for article, _ in given])
        with self._snapshots.lock():
            sequence, generation = self._snapshots.reset()
            indexed = index_articles(given, self._encoder, progress=progress)
            data = IndexData.from_articles(indexed, self._encoder.dim)
            self._snapshots.promote(data, sequence, generation, truncate=sequence)
        return SyncResult(added=tuple(article.id for article, _ in given))

    def compact(self, *, only_when_due: bool = False) -> None:
        """Write the changes into a new snapshot, without encoding anything, and make it current.

        A crash leaves the old snapshot with the changes. Remains of earlier crashes are removed.

        Raises:
            StorageError: the disk is full or cannot be written; the old snapshot stays current.
        """
        if self.registry.current_id() is None:
            return
        with self._snapshots.lock():
            self._snapshots.load_current()
            with self._replica.lock:
                live = self._replica.latest()
                if only_when_due and not live.needs_compaction:
                    return
                state = live.state()
            snapshot = state.snapshot
            self._snapshots.promote(
                state.index_data(), state.sequence, snapshot.generation, truncate=snapshot.sequence
            )

    @property
    def index_type(self) -> IndexType:
        """The type of the passages' vector index in the current snapshot. Raises as above."""
        with self._replica.lock:
            return cast(FaissIndex, self._replica.latest().snapshot.kb.retriever.passages).index_type

    @property
    def thresholds(self) -> DisplayThresholds:
        """The thresholds for showing articles: those last set with this encoder, else the defaults."""
        return self._thresholds.read()

    def set_thresholds(self, thresholds: DisplayThresholds) -> None:
        """Store the thresholds for showing articles; they hold in every process at once.

        Raises:
            StorageError: the disk is full or cannot be written; the thresholds are as before.
        """
        with self._snapshots.lock():
            self._thresholds.write(thresholds)

    @property
    def usage(self) -> UsageCounts:
        """The usage counts of the articles."""
        return self._usage.read()

    @property
    def usage_was_lost(self) -> bool:
        """True where the usage counts were damaged: they begin at zero until all events are counted again."""
        return self._usage.was_lost

    def reset_usage(self) -> None:
        """Begin to count all events again, after the counts were lost.

        Raises:
            StorageError: the disk is full or cannot be written; the counts are as before.
        """
        self._usage.reset()

    def record(self, events: Sequence[Event]) -> int:
        """Count events, best many at a time, and return how many were counted.

        Events on articles that are not there are skipped, and those of a portal on internal articles, which
        no customer can have seen.

        Raises:
            InputError: an event lies in the future; none is counted.
            NotReadyError: nothing has been indexed yet.
            FolderError: what is stored cannot be read.
            StorageError: the disk is full or cannot be written; none is counted.
        """
        articles = {event.article_id: self.get(event.article_id) for event in events}
        seen = visible_events(events, articles, _today())
        if seen:
            self._usage.record(seen, _today())
        return sum(event.count for event in seen)

    def close(self) -> None:
        """Close files; the store may be used again."""
        self._replica.close()

    def _write(self, make_changes: Callable[[LiveIndex], ChangeSet], *, progress: bool = False) -> SyncResult:
        """Commit the changes to the newest state; work them out again when another writer was faster."""
        self._snapshots.ensure()
        encoded: TextVectors = {}
        while True:
            with self._replica.lock:
                live = self._replica.latest()
                changes = make_changes(live)
                known = dict(encoded)
                for article, _ in changes.put:
                    if (row := live.row_of(article.id)) is not None:
                        known |= live.vectors(row)
                applied = live.applied
            indexed = index_articles(changes.put, self._encoder, known=known, progress=progress)
            if not indexed and not changes.result.removed:
                return changes.result
            with self._snapshots.open_log() as log, log.writing() as last:
                if last <= applied:
                    log.advance_to(applied)
                    log.put(indexed)
                    log.remove(changes.result.removed)
                    break
            for new in indexed:
                encoded |= new.vectors()
        self._decay_usage(changes)
        if self._auto_compact:
            with self._replica.lock:
                needs_compaction = self._replica.latest().needs_compaction
            if needs_compaction:
                self.compact(only_when_due=True)
        return changes.result

    def _decay_usage(self, changes: ChangeSet) -> None:
        before = changes.before
        try:
            self._usage.decay({a.id: (before[a.id], a) for a, _ in changes.put if a.id in before})
        except StorageError as error:
            # The articles are committed; a boost is bounded, whatever it rests on.
            _log.warning("usage counts of the changed articles stay as they were: %s", error)


def _run(check: Check | None, live: LiveIndex, ids: Sequence[str]) -> None:
    if check is not None:
        for article_id in ids:
            row = live.row_of(article_id)
            check(article_id, None if row is None else live.article(row))


def _today() -> date:
    return datetime.now(UTC).date()
