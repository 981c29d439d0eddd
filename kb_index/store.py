"""The stored knowledge base: articles are put in, taken out and kept equal to their source, at any time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import cast

from kb_index.article import Article
from kb_index.base import FORMAT_VERSION, KIND, Base
from kb_index.catalogue import check_ids
from kb_index.changes import ChangeLog, remove_log
from kb_index.dense import DenseIndex
from kb_index.follow import Follower
from kb_index.index import KnowledgeBase
from kb_index.layout import Layout
from kb_index.material import Material, Vectors, make_entries
from kb_index.overlay import Overlay
from kb_index.rank import Bars
from kb_index.usage import Event, Scope, Usage
from kb_index.usage_file import HALF_WRITTEN, UsageFile
from models.encoder import Encoder
from models.encoder.lock import exclusive
from models.errors import FolderError, InputError, TriageError
from models.folder import new_text_file, read_manifest
from models.registry import Registry

Check = Callable[[str, Article | None], None]
"""Called with an id and the article that is stored under it now; when it raises, nothing is changed."""
_CHANGES = "changes.sqlite3"
_LOCK = "folders.lock"
_BARS = "bars.json"
_OTHER_TIME_ZONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Synced:
    """The ids of the articles that a batch added, changed and removed, and how many it left as they were."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    put: Sequence[tuple[Article, str]]
    synced: Synced


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
        self.registry = Registry(root, "article index", "run `triage index --articles FILE_OR_FOLDER`")
        self._encoder = encoder
        self._compacts = compacts
        self._log_path = root / _CHANGES
        self._usage = UsageFile(root)
        self._learns_from_use = learns_from_use
        self._follower = Follower(self.registry, self._log_path, encoder.name, encoder.dim)

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

    def put(self, articles: Sequence[Article], *, source: str = "", check: Check | None = None) -> Synced:
        """Add articles, or replace those with the same id.

        Only texts that were not there before are encoded. Nobody can change anything between a `check` that
        agrees and the change.

        Raises:
            InputError: two articles have the same id.
            StorageError: the disk is full or cannot be written; nothing was changed.
        """
        check_ids(articles)

        def plan(overlay: Overlay) -> _Plan:
            _run(check, overlay, [article.id for article in articles])
            return _put_plan(overlay, [(article, source) for article in articles])

        return self._write(plan)

    def remove(self, ids: Sequence[str], *, check: Check | None = None) -> Synced:
        """Remove articles; ids that are not there are passed over. `check` and errors as in `put`."""

        def plan(overlay: Overlay) -> _Plan:
            _run(check, overlay, ids)
            removed = tuple(i for i in dict.fromkeys(ids) if overlay.row_of(i) is not None)
            return _Plan([], Synced(removed=removed))

        return self._write(plan)

    def sync(self, sources: Mapping[str, Sequence[Article]], *, progress: bool = False) -> Synced:
        """Make the articles of each source equal to those given, in one batch.

        An article that left its source is removed; one that another source had before belongs to the
        source that gives it now. Raises as `put`.
        """
        given = [(article, source) for source, articles in sources.items() for article in articles]
        check_ids([article for article, _ in given])
        ids = {article.id for article, _ in given}

        def plan(overlay: Overlay) -> _Plan:
            put = _put_plan(overlay, given)
            left = [i for source in sources for i in overlay.ids_of(source) if i not in ids]
            synced = put.synced
            return _Plan(put.put, Synced(synced.added, synced.changed, tuple(left), synced.unchanged))

        return self._write(plan, progress=progress)

    def rebuild(self, sources: Mapping[str, Sequence[Article]], *, progress: bool = False) -> Synced:
        """Build everything from scratch of these articles; all others are gone.

        Needs nothing of what is stored, which may be damaged or of another encoder. Changes that are
        committed meanwhile are kept. Raises as `put`.
        """
        given = [(article, source) for source, articles in sources.items() for article in articles]
        check_ids([article for article, _ in given])
        with exclusive(self.registry.root / _LOCK):
            sequence, generation = self._start_over()
            entries = make_entries(given, self._encoder, progress=progress)
            material = Material.of(entries, self._encoder.dim)
            self._promote(material, sequence, generation, forget=sequence)
        return Synced(added=tuple(article.id for article, _ in given))

    def compact(self, *, only_when_due: bool = False) -> None:
        """Write the changes into a new index folder, without encoding anything, and make it current.

        A crash leaves the old folder with the changes. Remains of earlier crashes are removed.

        Raises:
            StorageError: the disk is full or cannot be written; the old folder stays current.
        """
        if self.registry.current_id() is None:
            return
        with exclusive(self.registry.root / _LOCK):
            with self._follower.lock:
                overlay = self._follower.newest()
                current = self.registry.current()
                if overlay.base.folder != current:
                    self._follower.move_to(Base.load(current, encoder_name=self._encoder.name))
                    overlay = self._follower.newest()
                if only_when_due and not overlay.is_due:
                    return
                now = overlay.now()
            self._promote(now.material(), now.sequence, now.base.generation, forget=now.base.sequence)

    @property
    def layout(self) -> Layout:
        """How the passages' vectors are laid out in the current index folder, and why. Raises as above."""
        with self._follower.lock:
            return cast(DenseIndex, self._follower.newest().base.kb.retriever.chunks).layout

    @property
    def bars(self) -> Bars:
        """The confidences from which articles are shown: those last set with this encoder, else the usual.

        Raises:
            FolderError: what is stored cannot be read.
        """
        path = self.registry.root / _BARS
        try:
            stored = json.loads(path.read_text("utf-8"))
            return Bars(**stored["bars"]) if stored["encoder"] == self._encoder.name else Bars()
        except FileNotFoundError:
            return Bars()
        except (ValueError, KeyError, TypeError) as error:
            raise FolderError(
                f"{path} holds no bars ({error}): remove it, or run `triage index --judged FILE`"
            ) from error

    def set_bars(self, bars: Bars) -> None:
        """Store the confidences from which articles are shown; they hold in every process at once.

        Raises:
            StorageError: the disk is full or cannot be written; the bars are as before.
        """
        content = json.dumps({"encoder": self._encoder.name, "bars": asdict(bars)})
        # With the lock, since who writes a folder removes what others left half written.
        with exclusive(self.registry.root / _LOCK), new_text_file(self.registry.root / _BARS) as stream:
            stream.write(content)

    @property
    def usage(self) -> Usage:
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
        today = _today()
        latest = max((event.day for event in events), default=today)
        if latest > today + _OTHER_TIME_ZONE:
            raise InputError(f"an event of {latest} lies in the future", fields={"day": "in the future"})
        articles = {event.article_id: self.get(event.article_id) for event in events}
        seen = [event for event in events if _visible(articles[event.article_id], event.scope)]
        if seen:
            self._usage.record(seen, today)
        return sum(event.count for event in seen)

    def close(self) -> None:
        """Close files; the store may be used again."""
        self._follower.close()

    def _write(self, make_plan: Callable[[Overlay], _Plan], *, progress: bool = False) -> Synced:
        """Commit what `make_plan` says of the newest state; plan again when another writer was faster."""
        self._ensure_folder()
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
            entries = make_entries(plan.put, self._encoder, known=known, progress=progress)
            if not entries and not plan.synced.removed:
                return plan.synced
            with self._open_log() as log, log.writing() as last:
                if last <= applied:
                    log.skip_to(applied)
                    log.put(entries)
                    log.remove(plan.synced.removed)
                    break
            for entry in entries:
                encoded |= entry.vectors()
        if self._compacts:
            with self._follower.lock:
                is_due = self._follower.newest().is_due
            if is_due:
                self.compact(only_when_due=True)
        return plan.synced

    def _ensure_folder(self) -> None:
        if self.registry.current_id() is None:
            with exclusive(self.registry.root / _LOCK):
                if self.registry.current_id() is None:
                    self._promote(Material.of([], self._encoder.dim), 0, 0, forget=0)

    def _promote(self, material: Material, sequence: int, generation: int, *, forget: int) -> None:
        """Write a folder, check it, make it current, then drop changes that no folder needs any more.

        Changes up to `forget` are dropped. The folder before this one stays, for readers that are opening it.
        """
        previous = self.registry.current_id()
        self._clean({previous})
        folder_id = self.registry.new_id()
        folder = self.registry.path(folder_id)
        Base.write(folder, material, self._encoder, sequence=sequence, generation=generation)
        base = Base.load(folder, encoder_name=self._encoder.name)
        self.registry.make_current(folder_id)
        with self._open_log() as log, log.writing():
            log.skip_to(sequence)
            log.forget(forget, generation)
        with self._follower.lock:
            self._follower.move_to(base)
        self._clean({previous, folder_id})

    def _clean(self, keep: set[str | None]) -> None:
        """Remove index folders but these, and what crashed processes left half written."""
        for path in self.registry.root.iterdir():
            if path.is_dir() and path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.startswith(".") and not path.name.startswith(HALF_WRITTEN):
                path.unlink(missing_ok=True)

    def _start_over(self) -> tuple[int, int]:
        """Return the number of the last change and a new generation; a damaged file of changes is removed."""
        try:
            current = read_manifest(self.registry.current(), kind=KIND, format_version=FORMAT_VERSION)
            sequence, generation = current.metadata["sequence"], current.metadata["generation"]
        except TriageError:
            sequence, generation = 0, 0
        try:
            with self._open_log() as log:
                last, stored = log.place()
        except FolderError:
            self._follower.close()
            remove_log(self._log_path)
            last, stored = 0, 0
        return max(sequence, last), max(generation, stored) + 1

    def _open_log(self) -> ChangeLog:
        return ChangeLog(self._log_path, self._encoder.name, self._encoder.dim)


def _visible(article: Article | None, scope: Scope) -> bool:
    return article is not None and (scope == "agent" or article.visibility == "public")


def _run(check: Check | None, overlay: Overlay, ids: Sequence[str]) -> None:
    if check is not None:
        for article_id in ids:
            row = overlay.row_of(article_id)
            check(article_id, None if row is None else overlay.article(row))


def _today() -> date:
    return datetime.now(UTC).date()


def _put_plan(overlay: Overlay, given: Sequence[tuple[Article, str]]) -> _Plan:
    """Say which articles are new or changed; one that only changed its source counts as unchanged."""
    put, added, changed = [], [], []
    for article, source in given:
        row = overlay.row_of(article.id)
        if row is None:
            added.append(article.id)
        elif overlay.article(row) != article:
            changed.append(article.id)
        elif overlay.source(row) == source:
            continue
        put.append((article, source))
    unchanged = len(given) - len(added) - len(changed)
    return _Plan(put, Synced(tuple(added), tuple(changed), (), unchanged))
