"""The stored knowledge base: articles are put in, taken out and kept equal to their source, at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import cast

from kb_index.articles.article import Article
from kb_index.search.catalogue import require_unique_ids
from kb_index.search.index_data import IndexData, Vectors, index_articles
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.scoring import DisplayThresholds
from kb_index.search.vector_index import FaissIndex, IndexType
from kb_index.storage.change_set import ChangeSet, SyncResult, with_source
from kb_index.storage.live_index import LiveIndex
from kb_index.storage.snapshot import Snapshot
from kb_index.storage.snapshot_directory import SnapshotDirectory
from kb_index.storage.thresholds_file import ThresholdsFile
from kb_index.storage.usage_file import UsageFile
from kb_index.usage.events import Event, UsageCounts, visible_events
from models.encoder import Encoder
from models.errors import FolderError, StorageError

Check = Callable[[str, Article | None], None]
"""Called with an id and the article that is stored under it now; when it raises, nothing is changed."""

_log = logging.getLogger(__name__)


class ArticleStore:
    """Articles under one root folder, changed and searched by any number of threads and processes.

    `root` holds index folders, one of them current, and the changes since that was written. A batch is one
    transaction: once a method returns, the batch survives a crash, and every later search of every process
    sees all of it; before, none sees any. When the changes are many, a new folder is written from what is
    stored, while searches and changes go on.
    """

    def __init__(
        self, root: Path, encoder: Encoder, *, compacts: bool = True, learns_from_use: bool = True
    ) -> None:
        """Open the store, which may be empty. Without `compacts`, call `compact` from time to time.

        With `learns_from_use`, recorded events move articles in the ranking as soon as they are enough.
        """
        self._folders = SnapshotDirectory(root, encoder)
        self.registry = self._folders.registry
        self._follower = self._folders.follower
        self._encoder = encoder
        self._compacts = compacts
        self._thresholds = ThresholdsFile(root, encoder.name)
        self._usage = UsageFile(root)
        self._learns_from_use = learns_from_use

    def knowledge_base(self) -> KnowledgeBase:
        """Return everything as it is now; what is returned never changes.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: what is stored cannot be used.
        """
        with self._follower.lock:
            kb = self._follower.newest().kb
        return self._usage.learning(kb, _today()) if self._learns_from_use else kb

    def get(self, article_id: str) -> Article | None:
        with self._follower.lock:
            overlay = self._follower.newest()
            row = overlay.row_of(article_id)
            return None if row is None else overlay.article(row)

    def articles(self, *, after: str = "", limit: int = 100) -> list[Article]:
        """Return up to `limit` articles in the order of their ids, beginning behind the id `after`."""
        with self._follower.lock:
            overlay = self._follower.newest()
            rows = map(overlay.row_of, islice(overlay.ids(after), limit))
            return [overlay.article(row) for row in rows if row is not None]

    def put(self, articles: Sequence[Article], *, source: str = "", check: Check | None = None) -> SyncResult:
        """Add articles, or replace those with the same id.

        Only texts that were not there before are encoded. Nobody can change anything between a `check` that
        agrees and the change.

        Raises:
            InputError: two articles have the same id.
            StorageError: the disk is full or cannot be written; nothing was changed.
        """
        require_unique_ids(articles)

        def plan(overlay: LiveIndex) -> ChangeSet:
            _run(check, overlay, [article.id for article in articles])
            return ChangeSet.of_put(overlay, [(article, source) for article in articles])

        return self._write(plan)

    def remove(self, ids: Sequence[str], *, check: Check | None = None) -> SyncResult:
        """Remove articles; ids that are not there are passed over. `check` and errors as in `put`."""

        def plan(overlay: LiveIndex) -> ChangeSet:
            _run(check, overlay, ids)
            return ChangeSet.of_remove(overlay, ids)

        return self._write(plan)

    def sync(self, sources: Mapping[str, Sequence[Article]], *, progress: bool = False) -> SyncResult:
        """Make the articles of each source equal to those given, in one batch.

        An article that left its source is removed; one that another source had before belongs to the
        source that gives it now. Raises as `put`.
        """
        require_unique_ids([article for article, _ in with_source(sources)])
        return self._write(lambda overlay: ChangeSet.of_sync(overlay, sources), progress=progress)

    def rebuild(self, sources: Mapping[str, Sequence[Article]], *, progress: bool = False) -> SyncResult:
        """Build everything from scratch of these articles; all others are gone.

        Needs nothing of what is stored, which may be damaged or of another encoder. Changes that are
        committed meanwhile are kept. Raises as `put`.
        """
        given = with_source(sources)
        require_unique_ids([article for article, _ in given])
        with self._folders.lock():
            sequence, generation = self._folders.reset()
            entries = index_articles(given, self._encoder, progress=progress)
            material = IndexData.of(entries, self._encoder.dim)
            self._folders.promote(material, sequence, generation, forget=sequence)
        return SyncResult(added=tuple(article.id for article, _ in given))

    def compact(self, *, only_when_due: bool = False) -> None:
        """Write the changes into a new index folder, without encoding anything, and make it current.

        A crash leaves the old folder with the changes. Remains of earlier crashes are removed.

        Raises:
            StorageError: the disk is full or cannot be written; the old folder stays current.
        """
        if self.registry.current_id() is None:
            return
        with self._folders.lock():
            self._folders.load_current()
            with self._follower.lock:
                overlay = self._follower.newest()
                if only_when_due and not overlay.needs_compaction:
                    return
                now = overlay.now()
            base: Snapshot = now.base
            self._folders.promote(now.material(), now.sequence, base.generation, forget=base.sequence)

    @property
    def layout(self) -> IndexType:
        """How the passages' vectors are laid out in the current index folder, and why. Raises as above."""
        with self._follower.lock:
            return cast(FaissIndex, self._follower.newest().base.kb.retriever.chunks).layout

    @property
    def thresholds(self) -> DisplayThresholds:
        """The confidences from which articles are shown: those last set with this encoder, else the usual.

        Raises:
            FolderError: what is stored cannot be read.
        """
        return self._thresholds.read()

    def set_thresholds(self, thresholds: DisplayThresholds) -> None:
        """Store the confidences from which articles are shown; they hold in every process at once.

        Raises:
            StorageError: the disk is full or cannot be written; the bars are as before.
        """
        with self._folders.lock():
            self._thresholds.write(thresholds)

    @property
    def usage(self) -> UsageCounts:
        """How the articles were used; raises a FolderError when what is stored cannot be read."""
        return self._usage.read()

    def record(self, events: Sequence[Event]) -> int:
        """Count events, best many at a time, and return how many were counted.

        Passed over are events on articles that are not there, and those of a portal on internal articles,
        which no customer can have seen.

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
        self._follower.close()

    def _write(self, make_plan: Callable[[LiveIndex], ChangeSet], *, progress: bool = False) -> SyncResult:
        """Commit what `make_plan` says of the newest state; plan again when another writer was faster."""
        self._folders.ensure()
        encoded: Vectors = {}
        while True:
            with self._follower.lock:
                overlay = self._follower.newest()
                plan = make_plan(overlay)
                known = dict(encoded)
                for article, _ in plan.put:
                    if (row := overlay.row_of(article.id)) is not None:
                        known |= overlay.vectors(row)
                applied = overlay.applied
            entries = index_articles(plan.put, self._encoder, known=known, progress=progress)
            if not entries and not plan.synced.removed:
                return plan.synced
            with self._folders.open_log() as log, log.writing() as last:
                if last <= applied:
                    log.advance_to(applied)
                    log.put(entries)
                    log.remove(plan.synced.removed)
                    break
            for entry in entries:
                encoded |= entry.vectors()
        self._fade_use(plan)
        if self._compacts:
            with self._follower.lock:
                needs_compaction = self._follower.newest().needs_compaction
            if needs_compaction:
                self.compact(only_when_due=True)
        return plan.synced

    def _fade_use(self, plan: ChangeSet) -> None:
        try:
            self._usage.fade({a.id: (plan.before[a.id], a) for a, _ in plan.put if a.id in plan.before})
        except (FolderError, StorageError) as error:
            # The articles are committed; what is learnt from use is bounded, whatever it rests on.
            _log.warning("what was learnt of the changed articles stays: %s", error)


def _run(check: Check | None, overlay: LiveIndex, ids: Sequence[str]) -> None:
    if check is not None:
        for article_id in ids:
            row = overlay.row_of(article_id)
            check(article_id, None if row is None else overlay.article(row))


def _today() -> date:
    return datetime.now(UTC).date()
